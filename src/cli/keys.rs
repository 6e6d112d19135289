//! `cairn keys`.

use super::{KeysCommand, Outcome, open, say};
use crate::{
    auth::keys::{self, is_accepted},
    config::Config,
    domain::clock,
    house::House,
};

/// Lists the keys, or makes a new one.
pub(super) async fn run(config: Config, command: KeysCommand) -> Outcome {
    open::with(
        config,
        async |house| {
            if matches!(command, KeysCommand::Rotate) { rotate(house).await } else { list(house).await }
        },
    )
    .await
}

async fn rotate(house: &House) -> Outcome {
    let kid =
        keys::rotate(&house.database, &house.auth.sealer, clock::now()).await.map_err(|error| open::told(&error))?;
    say(&format!(
        "{kid} signs from now on. Running instances notice within 15 seconds; tokens of the old key work until they expire."
    ));
    Ok(())
}

async fn list(house: &House) -> Outcome {
    let now = clock::now();
    for key in keys::list(&house.database).await.map_err(|error| open::told(&error))? {
        let state = match key.retired_at {
            None => "signs".to_owned(),
            Some(at) if is_accepted(&key, now) => format!("accepted, retired {}", clock::rfc3339(at)),
            Some(at) => format!("expired, retired {}", clock::rfc3339(at)),
        };
        say(&format!("{}  made {}  {state}", key.kid, clock::rfc3339(key.created_at)));
    }
    Ok(())
}
