//! `cairn user` and `cairn client`: letting people and machines in, from where nobody has to log in.

use std::{io::Read as _, sync::Arc};

use entity::{kind::Declared, vocabulary::Vocabulary};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{ClientArgs, Outcome, UserArgs, open, say, token};
use crate::{
    auth::{login, password::MAX_PASSWORD_BYTES},
    config::Config,
    domain::{
        check,
        platform::{
            client::{self, NewClient},
            user::{
                NewUser,
                welcome::{self, Welcomed},
            },
        },
    },
    house::House,
};

/// `cairn user add`.
pub(super) async fn add_user(config: Config, args: UserArgs) -> Outcome {
    let password = if args.password_stdin { Some(typed()?) } else { None };
    let name = args.name.unwrap_or_else(|| args.email.split('@').next().unwrap_or_default().to_owned());
    let mut input =
        json!({ "name": name, "email": args.email.trim(), "timeZone": args.time_zone, "roles": words(&args.roles) });
    if let Some(password) = &password {
        input["password"] = password.expose_secret().into();
    }
    let new: NewUser = checked(input)?;
    open::with(config, async |house| {
        let organization = open::organization(house, &args.org).await?;
        let welcomed = welcome::welcome(open::operator(house, &organization), new).await;
        if welcomed.map_err(|error| open::told(&error))? == Welcomed::Known && password.is_some() {
            say("They are known here, and keep their password; `cairn user reset-password` sets another.");
        }
        let home = token::home(house, &args.email, Some(&organization.name)).await?;
        let roles: Vec<_> = home.membership.roles.iter().collect();
        say(&format!("organization  {}  {}", organization.id, organization.name));
        say(&format!("user          {}  {}  {}", home.membership.user_id, args.email.trim(), words(&roles).join(",")));
        if password.is_none() { without_password(house, &args.email).await } else { Ok(()) }
    })
    .await
}

/// Who cannot log in yet gets a one-time token.
async fn without_password(house: &Arc<House>, email: &str) -> Outcome {
    let user = login::by_email(&house.database.write, email).await.map_err(|error| open::told(&error))?;
    match user {
        Some(user) if user.password_hash.is_none() => link(house, email).await,
        _ => Ok(()),
    }
}

/// `cairn user reset-password`.
pub(super) async fn reset_password(config: Config, email: &str) -> Outcome {
    open::with(config, async |house| link(house, email).await).await
}

async fn link(house: &Arc<House>, email: &str) -> Outcome {
    let told = |error| open::told(&error);
    let user = login::by_email(&house.database.write, email).await.map_err(told)?;
    let user = user.ok_or_else(|| format!("nobody here has the address {email}"))?;
    let homes = login::homes(&house.database.write, user.id).await.map_err(told)?;
    let home = homes.first().ok_or_else(|| format!("{email} belongs to no organization"))?;
    let token = welcome::reset_link(open::operator(house, &home.organization), &user).await.map_err(told)?;
    say(&format!("reset token   {}", token.expose_secret()));
    say(&format!(
        "              works once, for 24 hours: POST {}/auth/reset-password {{\"token\", \"password\"}}",
        house.config.public_url
    ));
    Ok(())
}

/// `cairn client add`.
pub(super) async fn add_client(config: Config, args: ClientArgs) -> Outcome {
    let new: NewClient = checked(json!({ "name": args.name, "scopes": words(&args.scopes) }))?;
    let (organization, done) = open::with(config, async |house| {
        let organization = open::organization(house, &args.org).await?;
        let done = client::add(open::operator(house, &organization), new).await.map_err(|error| open::told(&error))?;
        Ok((organization, done))
    })
    .await?;
    let id = done.ids.first().map(|id| entity::id::ClientId(*id)).ok_or("the client was not made")?;
    say(&format!("organization  {}  {}", organization.id, organization.name));
    say(&format!("client id     {id}"));
    say(&format!("secret        {}", done.revealed.unwrap_or_default()));
    say(&format!("scopes        {}", words(&args.scopes).join(" ")));
    say("The secret is shown this once.");
    Ok(())
}

/// An input as the two faces would take it: checked by its declaration.
fn checked<I: Declared + DeserializeOwned>(input: Value) -> Outcome<I> {
    check::object(I::object(), &input).map_err(|error| open::told(&error))?;
    serde_json::from_value(input).map_err(|why| why.to_string())
}

fn words<E: Vocabulary>(values: &[E]) -> Vec<&'static str> {
    values.iter().map(|value| value.word()).collect()
}

/// A password from standard input, without the end of its line.
fn typed() -> Outcome<SecretString> {
    let mut text = String::new();
    let most = u64::try_from(MAX_PASSWORD_BYTES + 2).unwrap_or(u64::MAX);
    std::io::stdin()
        .lock()
        .take(most)
        .read_to_string(&mut text)
        .map_err(|why| format!("the password cannot be read: {why}"))?;
    let password = text.strip_suffix('\n').unwrap_or(&text);
    Ok(SecretString::from(password.strip_suffix('\r').unwrap_or(password)))
}
