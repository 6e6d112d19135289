//! A private PostgreSQL: started once per run of the tests by whichever test needs it first, stopped by the run's watch.

use std::{
    env, fs, io,
    os::unix::{
        fs::{MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use super::run;

const NONE: &str = "no PostgreSQL server programs (postgres and initdb) were found on PATH or below /usr/lib/postgresql. \
    Install them (Debian: apt-get install postgresql), or run tests/run, which does, or set CAIRN_TEST_POSTGRES to the URL \
    of a server where databases may be created.";

/// Where servers are when they are not on PATH.
const PLACES: [&str; 4] = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr/local"];

/// A PostgreSQL of our own, reached through a socket in its folder, so that it takes no port.
pub struct Cluster {
    folder: PathBuf,
    durable: bool,
}

/// The address of the server that the tests of this run share.
pub fn shared() -> String {
    if let Ok(url) = env::var("CAIRN_TEST_POSTGRES") {
        return url;
    }
    let _turn = run::turn("postgres");
    let cluster = Cluster { folder: run::folder().join("pg"), durable: false };
    if !cluster.folder.join("started").exists() {
        cluster.make().and_then(|()| cluster.start()).unwrap_or_else(|why| panic!("{why}"));
        fs::write(cluster.folder.join("started"), "").expect("a mark");
    }
    cluster.url("postgres")
}

impl Cluster {
    /// One for a single test, which syncs what it commits.
    pub fn own(name: &str) -> Self {
        let cluster = Self { folder: run::folder().join(name), durable: true };
        cluster.make().and_then(|()| cluster.start()).unwrap_or_else(|why| panic!("{why}"));
        cluster
    }

    /// Where its files lie; what lies there belongs to whoever runs the server.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }

    /// What the server has written down since it was started.
    pub fn log(&self) -> String {
        fs::read(self.folder.join("log")).map(|text| String::from_utf8_lossy(&text).into_owned()).expect("the log")
    }

    fn make(&self) -> Result<(), String> {
        let folder = &self.folder;
        let owner = fs::create_dir(folder)
            .and_then(|()| owner(folder))
            .map_err(|why| format!("{}: {why}", folder.display()))?;
        let mut initdb = owner.command("initdb")?;
        initdb.arg("-D").arg(folder.join("data")).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        ]);
        let made = initdb.output().map_err(|why| format!("initdb: {why}"))?;
        if made.status.success() {
            Ok(())
        } else {
            Err(format!("initdb failed: {}", String::from_utf8_lossy(&made.stderr)))
        }
    }

    /// Starts the server, and waits until it answers.
    pub fn start(&self) -> Result<(), String> {
        self.start_with(&[])
    }

    /// The same with further settings.
    pub fn start_with(&self, further: &[String]) -> Result<(), String> {
        let data = self.folder.join("data");
        let mut postgres = owner(&self.folder).map_err(|why| why.to_string())?.command("postgres")?;
        postgres.arg("-D").arg(&data).arg("-k").arg(&self.folder);
        let mut settings =
            vec!["listen_addresses=", "max_connections=200", "shared_buffers=64MB", "log_min_messages=fatal"];
        if !self.durable {
            // Nothing is kept, and nobody sweeps what goes with the run.
            settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]);
        }
        for setting in settings.into_iter().chain(further.iter().map(String::as_str)) {
            postgres.arg("-c").arg(setting);
        }
        let log = fs::File::create(self.folder.join("log")).map_err(|why| why.to_string())?;
        postgres.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).process_group(0);
        postgres.spawn().map_err(|why| format!("postgres: {why}"))?;
        let since = Instant::now();
        while !fs::read_to_string(data.join("postmaster.pid")).is_ok_and(|text| text.contains("ready")) {
            if since.elapsed() > Duration::from_secs(30) {
                let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                return Err(format!("PostgreSQL did not start within 30 s: {log}"));
            }
            sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Stops the server, cutting every connection.
    pub fn stop(&self) {
        let file = self.folder.join("data/postmaster.pid");
        let Ok(text) = fs::read_to_string(&file) else { return };
        let pid = text.lines().next().unwrap_or_default().to_owned();
        let stopped = Command::new("kill").args(["-INT", &pid]).status().is_ok_and(|status| status.success());
        assert!(stopped, "PostgreSQL {pid} could not be told to stop");
        let since = Instant::now();
        while file.exists() && since.elapsed() < Duration::from_secs(20) {
            sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.durable {
            self.stop();
        }
    }
}

/// As whom the server runs: it refuses to run as root.
struct Owner(Option<(u32, u32)>);

impl Owner {
    fn command(&self, program: &str) -> Result<Command, String> {
        let mut command = Command::new(programs()?.join(program));
        command.env_clear().env("PATH", env::var_os("PATH").unwrap_or_default()).env("LC_ALL", "C").current_dir("/");
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        Ok(command)
    }
}

/// Gives the folder to somebody else when we are root, and says to whom.
fn owner(folder: &Path) -> io::Result<Owner> {
    let made_by = fs::metadata(folder.parent().unwrap_or(folder))?;
    if made_by.uid() != 0 {
        return Ok(Owner(None));
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let id = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let found: Option<(u32, u32)> = id("postgres").or_else(|| id("nobody"));
    let (user, group) = found.ok_or_else(|| {
        io::Error::other("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
    })?;
    chown(folder, Some(user), Some(group))?;
    Ok(Owner(Some((user, group))))
}

/// The folder of the newest server's programs.
fn programs() -> Result<PathBuf, String> {
    let has_both = |folder: &PathBuf| folder.join("postgres").is_file() && folder.join("initdb").is_file();
    let path = env::var_os("PATH").unwrap_or_default();
    if let Some(folder) = env::split_paths(&path).find(has_both) {
        // A link leads to the folder where the server finds its other files.
        let real = fs::canonicalize(folder.join("postgres")).ok().and_then(|file| file.parent().map(Path::to_owned));
        return Ok(real.filter(has_both).unwrap_or(folder));
    }
    let below = PLACES
        .iter()
        .filter_map(|place| fs::read_dir(place).ok())
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"));
    let mut found: Vec<PathBuf> = below.filter(has_both).collect();
    found.sort();
    found.pop().ok_or_else(|| NONE.to_owned())
}
