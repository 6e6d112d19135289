//! The secret key that seals what must not be read from a copy of the database: from the settings, or on SQLite from a
//! file beside the database that is made on the first start.

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use entity::platform::signing_key;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    refusal,
    seal::{self, Sealer},
    secret,
};
use crate::{
    config::Config,
    database::Database,
    domain::error::{Error, Result},
};

/// What the file is called.
const NAME: &str = "cairn.key";

/// The sealer of an installation.
///
/// # Errors
/// When the key is missing and must not be made anew, or is none.
pub async fn sealer(config: &Config, database: &Database) -> Result<Sealer> {
    if let Some(sealer) = of_settings(config)? {
        return Ok(sealer);
    }
    let file = path(config).ok_or_else(required)?;
    let key = match read(&file) {
        Err(error) if error.kind() == ErrorKind::NotFound => first(&file, database).await?,
        other => other.map_err(|why| unreadable(&file, &why))?,
    };
    of_file(&file, &key)
}

/// The sealer of an installation that has its key already.
///
/// # Errors
/// When the key is missing, or is none.
pub fn existing(config: &Config) -> Result<Sealer> {
    if let Some(sealer) = of_settings(config)? {
        return Ok(sealer);
    }
    let file = path(config).ok_or_else(required)?;
    let key = read(&file).map_err(|why| unreadable(&file, &why))?;
    of_file(&file, &key)
}

/// Whether the settings hold what they must, before anything is opened.
///
/// # Errors
/// With PostgreSQL, when there is no secret key: names the setting.
pub fn is_settled(config: &Config) -> Result<()> {
    if config.secret_key.is_none() && config.is_postgres() { Err(required()) } else { Ok(()) }
}

fn of_settings(config: &Config) -> Result<Option<Sealer>> {
    let sealer = config.secret_key.as_ref().map(|key| Sealer::from_text(key.expose_secret())).transpose();
    sealer.map_err(|why| refusal(format!("CAIRN_SECRET_KEY is wrong: {why}.")))
}

fn of_file(file: &Path, key: &SecretString) -> Result<Sealer> {
    Sealer::from_text(key.expose_secret()).map_err(|why| refusal(format!("{}: {why}.", file.display())))
}

fn required() -> Error {
    refusal(
        "CAIRN_SECRET_KEY is required with PostgreSQL: 32 random bytes in base64, the same for every instance \
             (`openssl rand -base64 32` makes one). CAIRN_SECRET_KEY_FILE may name a file that holds it instead.",
    )
}

/// Where the key file of a SQLite database is.
#[must_use]
pub fn path(config: &Config) -> Option<PathBuf> {
    config.database_file().map(|file| file.with_file_name(NAME))
}

/// Makes the key, unless the database was sealed with one that is missing: a new one would open nothing.
async fn first(file: &Path, database: &Database) -> Result<SecretString> {
    let sealed = signing_key::Entity::find().count(&database.write).await? > 0;
    // An instance that starts at the same time makes the file before it uses the key.
    if sealed && !file.exists() {
        return Err(refusal(format!(
            "{} is missing, and the database was sealed with it: restore it from the backup, or set CAIRN_SECRET_KEY to its content.",
            file.display()
        )));
    }
    create(file).and_then(|()| read(file)).map_err(|why| unreadable(file, &why))
}

fn unreadable(file: &Path, why: &io::Error) -> Error {
    refusal(format!(
        "the secret key cannot be kept in {}: {why}. Make it readable and writable, or set CAIRN_SECRET_KEY.",
        file.display()
    ))
}

fn read(file: &Path) -> io::Result<SecretString> {
    let text = fs::read_to_string(file)?;
    warn_if_shared(file);
    Ok(SecretString::from(text))
}

/// Writes a new key, all of it or nothing: instances that start together agree on the first one's.
fn create(file: &Path) -> io::Result<()> {
    let random = u64::from_le_bytes(secret::random_bytes());
    let draft = file.with_file_name(format!(".{NAME}.{random:x}"));
    let written = write(&draft, &seal::generate_key());
    // A link, not a rename: a rename would replace the key of whoever was faster.
    let linked = written.and_then(|()| fs::hard_link(&draft, file));
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn write(file: &Path, key: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(format!("{key}\n").as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn warn_if_shared(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    if fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0) {
        tracing::warn!(file = %file.display(), "other users can read the secret key; chmod 600 it");
    }
}

#[cfg(not(unix))]
fn warn_if_shared(_: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_who_start_together_read_one_key() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join(NAME);
        let keys: Vec<String> = std::thread::scope(|scope| {
            let tries: Vec<_> =
                (0..10).map(|_| scope.spawn(|| create(&file).and_then(|()| read(&file)).unwrap())).collect();
            tries.into_iter().map(|thread| thread.join().unwrap().expose_secret().to_owned()).collect()
        });
        assert!(keys.iter().all(|key| key == &keys[0] && Sealer::from_text(key).is_ok()));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
