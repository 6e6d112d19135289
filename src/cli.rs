//! The command line: what the operator does with an installation.

mod demo;
mod demo_data;
mod demo_portfolio;
mod demo_projects;
mod demo_search;
mod doctor;
mod exchange;
mod keys;
mod logging;
mod open;
mod people;
mod schemas;
mod serve;
mod token;

use std::{io::Write as _, process::ExitCode, time::Duration};

use clap::{Args, Parser, Subcommand};
use entity::{
    platform::{client::Scope, membership::Role},
    vocabulary::{Vocabulary, Word},
};

use crate::config::{Config, value};

/// What a command answers: nothing, or why it failed, for the operator.
type Outcome<T = ()> = Result<T, String>;

const SETTINGS: &str = "\
Settings, from the environment:
  DATABASE_URL            sqlite://cairn.db; postgres://user:password@host/database for more than one machine
  CAIRN_BIND              host and port to listen on: 127.0.0.1:8080
  CAIRN_PUBLIC_URL        the address that clients use, and the `iss` of tokens: http:// and the bind address
  CAIRN_AUDIENCE          the `aud` of tokens: cairn
  CAIRN_SECRET_KEY        what seals keys and secrets at rest: 32 random bytes in base64. SQLite makes cairn.key
                          beside the database; PostgreSQL needs it (`openssl rand -base64 32`)
  CAIRN_SECRET_KEY_FILE   a file that holds it instead
  CAIRN_RATE_LIMIT        points per minute and principal, per instance; 0 for no limit: 120000
  CAIRN_TRUSTED_PROXIES   addresses and networks whose Forwarded and X-Forwarded-For are believed: none
  CAIRN_CORS_ORIGINS      origins of web pages that may call, or *: none
  CAIRN_LOG               error, warn, info, debug, trace, or directives such as cairn=debug,warn: warn,cairn=info
  CAIRN_LOG_FORMAT        text or json: text
  CAIRN_WORKERS           threads that serve: one for each processor
  CAIRN_DB_POOL           connections to the database, for reads and as many for writes: 8";

/// A self-hosted, headless backend for building a career in AI.
#[derive(Debug, Parser)]
#[command(name = "cairn", version, after_help = SETTINGS, disable_help_subcommand = true)]
struct Cairn {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the database up to date, then serve.
    Serve,
    /// Serve a sample organization with people, tokens and content, on cairn-demo.db unless `DATABASE_URL` says otherwise.
    Demo(DemoArgs),
    /// Bring the database up to date, or tell what is pending.
    Migrate {
        /// Only tell which migrations were applied and which are pending.
        #[arg(long)]
        status: bool,
    },
    /// Manage people.
    #[command(subcommand)]
    User(UserCommand),
    /// Manage machine integrations.
    #[command(subcommand)]
    Client(ClientCommand),
    /// Print a bearer token for a person or a machine.
    Token(TokenArgs),
    /// Manage the keys that sign tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Write the contracts: openapi/openapi.json and openapi/schema.graphql.
    Schemas {
        /// Write nothing; fail when the files differ from the contracts.
        #[arg(long)]
        check: bool,
    },
    /// Take a document in, as a whole or not at all.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Write a document on standard output.
    #[command(subcommand)]
    Export(ExportCommand),
    /// Check settings, database, migrations, keys and clock; fail when something is wrong.
    Doctor,
}

#[derive(Debug, Args)]
struct DemoArgs {
    /// Print one line of JSON with addresses, log-ins and tokens instead of text.
    #[arg(long)]
    json: bool,
    /// Start over: everything that was done in the demo is lost.
    #[arg(long)]
    reset: bool,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make somebody a member of an organization; both are made when they are not there.
    Add(UserArgs),
    /// Print a one-time token that sets a new password (POST /auth/reset-password).
    ResetPassword {
        /// Whose.
        #[arg(long)]
        email: String,
    },
}

#[derive(Debug, Args)]
struct UserArgs {
    /// The organization, by its name or its id.
    #[arg(long)]
    org: String,
    /// The e-mail address.
    #[arg(long)]
    email: String,
    /// LEARNER, COACH, `ORG_ANALYST` or ADMIN; may be repeated.
    #[arg(long = "role", value_parser = word::<Role>, value_delimiter = ',', default_value = "LEARNER")]
    roles: Vec<Role>,
    /// What the person is called; without it, what stands before the @.
    #[arg(long)]
    name: Option<String>,
    /// An IANA time zone: Europe/Vienna.
    #[arg(long, default_value = "UTC")]
    time_zone: String,
    /// Read the password from standard input. Without it, a one-time token for setting one is printed.
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Subcommand)]
enum ClientCommand {
    /// Let a machine in; prints its id and, this once, its secret.
    Add(ClientArgs),
}

#[derive(Debug, Args)]
struct ClientArgs {
    /// The organization, by its name or its id; it is made when it is not there.
    #[arg(long)]
    org: String,
    /// What the integration is called.
    #[arg(long)]
    name: String,
    /// What it may do at most, such as learning:write; may be repeated.
    #[arg(long = "scope", value_parser = word::<Scope>, value_delimiter = ',', required = true)]
    scopes: Vec<Scope>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("whose").required(true).args(["email", "client"]))]
struct TokenArgs {
    /// For a person.
    #[arg(long)]
    email: Option<String>,
    /// For a machine, by its id or its name.
    #[arg(long)]
    client: Option<String>,
    /// The organization, by its name or its id; only for a person who belongs to several.
    #[arg(long, requires = "email")]
    org: Option<String>,
    /// How long it works: 90s, 15m, 12h, 7d; at most 31d.
    #[arg(long, default_value = "1h", value_parser = value::duration)]
    ttl: Duration,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum KeysCommand {
    /// List the keys, and which of them signs.
    List,
    /// Make a new key that signs from now on; tokens of the old one work until they expire.
    Rotate,
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// A competency framework as a 1EdTech CASE 1.0 package.
    Case {
        /// The file; - is standard input.
        file: String,
        #[command(flatten)]
        framework: FrameworkArgs,
    },
    /// The competencies of a framework as a table.
    FrameworkCsv {
        /// The file; - is standard input.
        file: String,
        #[command(flatten)]
        framework: FrameworkArgs,
        /// The full name of a new framework.
        #[arg(long)]
        title: Option<String>,
    },
    /// A learning plan, as it was exported.
    Plan {
        /// The file; - is standard input.
        file: String,
        /// The organization, by its name or its id.
        #[arg(long)]
        org: String,
        /// Who learns.
        #[arg(long)]
        email: String,
    },
    /// A project with everything in it, as it was exported.
    Project {
        /// The file; - is standard input.
        file: String,
        /// The organization, by its name or its id.
        #[arg(long)]
        org: String,
        /// Whose project it is.
        #[arg(long)]
        email: String,
    },
}

#[derive(Debug, Args)]
struct FrameworkArgs {
    /// The organization, by its name or its id.
    #[arg(long)]
    org: String,
    /// The short name; a package without one gets one made of its title.
    #[arg(long)]
    short_name: Option<String>,
}

#[derive(Debug, Subcommand)]
enum ExportCommand {
    /// A competency framework.
    Framework {
        /// Its short name or its id.
        framework: String,
        /// The organization, by its name or its id.
        #[arg(long)]
        org: String,
        /// As a CASE package or as a table.
        #[arg(long, value_enum, default_value = "case")]
        format: ExportFormat,
    },
    /// A learning plan.
    Plan {
        /// Its id.
        plan: String,
        /// The organization, by its name or its id.
        #[arg(long)]
        org: String,
    },
    /// A project with everything in it.
    Project {
        /// Its id.
        project: String,
        /// The organization, by its name or its id.
        #[arg(long)]
        org: String,
        /// As a document to take in, or as a brief to read.
        #[arg(long, value_enum, default_value = "json")]
        format: ProjectFormat,
    },
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ProjectFormat {
    /// One document with everything.
    Json,
    /// A brief for people, in Markdown.
    Markdown,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ExportFormat {
    /// A 1EdTech CASE 1.0 `CFPackage`.
    Case,
    /// A table.
    Csv,
}

/// Runs the program with the settings that `get` knows.
#[must_use]
pub fn main(get: impl Fn(&str) -> Option<String>) -> ExitCode {
    let command = Cairn::parse().command;
    let demo = matches!(command, Command::Demo(_));
    let settings =
        |name: &str| get(name).or_else(|| (demo && name == "DATABASE_URL").then(|| demo::DATABASE_URL.to_owned()));
    // The contracts are the same whatever is set.
    if let Command::Schemas { check } = command {
        return ended(schemas::run(check));
    }
    let config = match Config::from(settings) {
        Ok(config) => config,
        Err(wrong) => {
            complain(&wrong);
            return ExitCode::from(2);
        }
    };
    logging::start(&config);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(why) => return ended(Err(format!("no runtime could be started: {why}"))),
    };
    ended(runtime.block_on(run(command, config)))
}

async fn run(command: Command, config: Config) -> Outcome {
    match command {
        Command::Serve => serve::run(config).await,
        Command::Demo(args) => demo::run(config, args.json, args.reset).await,
        Command::Migrate { status } => open::migrate(&config, status).await,
        Command::User(UserCommand::Add(args)) => people::add_user(config, args).await,
        Command::User(UserCommand::ResetPassword { email }) => people::reset_password(config, &email).await,
        Command::Client(ClientCommand::Add(args)) => people::add_client(config, args).await,
        Command::Token(args) => token::run(config, args).await,
        Command::Keys(command) => keys::run(config, command).await,
        Command::Schemas { check } => schemas::run(check),
        Command::Import(command) => exchange::import(config, command).await,
        Command::Export(command) => exchange::export(config, command).await,
        Command::Doctor => doctor::run(&config).await,
    }
}

fn ended(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            complain(&why);
            ExitCode::FAILURE
        }
    }
}

/// Tells the operator something on standard output. Who closed it does not want to know.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Tells the operator what is wrong, a line for each thing.
fn complain(text: &str) {
    let mut out = std::io::stderr().lock();
    for line in text.lines() {
        let _ = writeln!(out, "cairn: {line}");
    }
}

/// A word of a vocabulary, in whatever case.
fn word<E: Vocabulary>(text: &str) -> Result<E, String> {
    let words = E::WORDS.words;
    let place = words.iter().position(|word: &Word| word.name.eq_ignore_ascii_case(text));
    let known = || words.iter().map(|word| word.name).collect::<Vec<_>>().join(", ");
    place.map(|place| E::ALL[place]).ok_or_else(|| format!("must be one of {}", known()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_commands_of_the_contract_are_understood() {
        Cairn::command().debug_assert();
        for line in [
            "serve",
            "demo --json --reset",
            "migrate --status",
            "user add --org ACME --email a@b.c --role LEARNER --role admin --password-stdin",
            "client add --org ACME --name Moodle --scope learning:write --scope learning:read,events:read",
            "token --email a@b.c --ttl 12h",
            "token --client cli_1",
            "keys list",
            "keys rotate",
            "schemas --check",
            "import case package.json --org ACME --short-name math",
            "import framework-csv - --org ACME --short-name own --title Own",
            "import plan plan.json --org ACME --email a@b.c",
            "export framework math --org ACME --format csv",
            "export plan pln_1 --org ACME",
            "doctor",
        ] {
            let words = ["cairn"].into_iter().chain(line.split(' '));
            Cairn::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
        for line in [
            "token",
            "token --email a --client b",
            "client add --org A --name B",
            "user add --org A --email b --role BOSS",
        ] {
            assert!(Cairn::try_parse_from(["cairn"].into_iter().chain(line.split(' '))).is_err(), "{line}");
        }
    }
}
