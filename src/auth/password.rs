//! Argon2id password hashes, made and checked on a few blocking threads, so that log-ins starve nobody.

use std::fmt;
use std::sync::Arc;
use std::thread;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::task;

/// A longer password is refused unread: nobody types one, and hashing it only costs time.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// How many may wait for a thread. Each costs little, but a flood of log-ins must not grow without end.
const MAX_WAITING: usize = 64;

/// What OWASP recommends for Argon2id, as one hash costs an attacker: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Why a password could not be hashed or checked; a wrong password is no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Longer than [`MAX_PASSWORD_BYTES`].
    TooLong,
    /// Too many are waiting already; try again in a second.
    Busy,
    /// The hash could not be computed (no memory, no randomness, shutting down).
    Failed,
}

impl fmt::Display for PasswordFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(out, "a password has at most {MAX_PASSWORD_BYTES} bytes"),
            Self::Busy => out.write_str("too many log-ins at once; try again in a second"),
            Self::Failed => out.write_str("the password could not be processed"),
        }
    }
}

impl std::error::Error for PasswordFault {}

/// Hashes and checks passwords, a few at a time. Share one per process behind an `Arc`.
#[derive(Debug)]
pub struct Passwords {
    /// Running and waiting.
    places: Arc<Semaphore>,
    /// Running alone.
    threads: Arc<Semaphore>,
    hasher: Argon2<'static>,
    decoy: PasswordHash,
}

impl Passwords {
    /// Ready to hash on as many threads as there are processors, two at least and eight at most.
    /// Computes one hash (tens of milliseconds), so call it once, at start.
    ///
    /// # Errors
    /// [`PasswordFault::Failed`] when even that hash cannot be computed.
    pub fn new() -> Result<Self, PasswordFault> {
        // Each running hash takes 19 MiB: many processors must not mean gigabytes.
        let threads = thread::available_parallelism().map_or(2, |count| count.get().clamp(2, 8));
        Self::with_limits(threads, MAX_WAITING)
    }

    fn with_limits(threads: usize, waiting: usize) -> Result<Self, PasswordFault> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| PasswordFault::Failed)?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let unknown = super::secret::random_bytes::<32>();
        let decoy = hasher.hash_password(&unknown).map_err(|_| PasswordFault::Failed)?;
        Ok(Self {
            places: Arc::new(Semaphore::new(threads + waiting)),
            threads: Arc::new(Semaphore::new(threads)),
            hasher,
            decoy,
        })
    }

    /// The hash to store, as a PHC string (`$argon2id$v=19$…`) with a new random salt.
    ///
    /// # Errors
    /// Any [`PasswordFault`].
    pub async fn hash(&self, password: &SecretString) -> Result<String, PasswordFault> {
        if is_too_long(password) {
            return Err(PasswordFault::TooLong);
        }
        let (hasher, password) = (self.hasher.clone(), password.clone());
        let made = self.run(move || hasher.hash_password(password.expose_secret().as_bytes())).await?;
        made.map(|hash| hash.to_string()).map_err(|_| PasswordFault::Failed)
    }

    /// Whether the password is the one of the stored hash. `None` (nobody of that name, or no password set)
    /// takes as long as a wrong password, so that the time does not tell who is known here.
    ///
    /// # Errors
    /// [`PasswordFault::Busy`] or [`PasswordFault::Failed`]; a password that is too long is merely wrong.
    pub async fn verify(&self, password: &SecretString, hash: Option<&str>) -> Result<bool, PasswordFault> {
        if is_too_long(password) {
            return Ok(false);
        }
        let stored = hash.and_then(|text| PasswordHash::new(text).ok());
        if hash.is_some() && stored.is_none() {
            tracing::error!("a stored password hash is not a PHC string; nobody can log in with it");
        }
        let (known, reference) = (stored.is_some(), stored.unwrap_or_else(|| self.decoy.clone()));
        let (hasher, password) = (self.hasher.clone(), password.clone());
        let matches = move || hasher.verify_password(password.expose_secret().as_bytes(), &reference).is_ok();
        Ok(self.run(matches).await? && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordFault> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| PasswordFault::Busy)?;
        let thread = Arc::clone(&self.threads).acquire_owned().await.map_err(|_| PasswordFault::Failed)?;
        let guarded = move || {
            // The thread holds the permits: a caller that hangs up must not let one more hash start beside
            // this one.
            let _held = (place, thread);
            work()
        };
        task::spawn_blocking(guarded).await.map_err(|_| PasswordFault::Failed)
    }
}

fn is_too_long(password: &SecretString) -> bool {
    password.expose_secret().len() > MAX_PASSWORD_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    fn secret(text: &str) -> SecretString {
        SecretString::from(text)
    }

    #[tokio::test]
    async fn only_the_right_password_matches_its_hash() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash(&secret("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash(&secret("correct horse")).await.unwrap());
        assert_eq!(passwords.verify(&secret("correct horse"), Some(&hash)).await, Ok(true));
        assert_eq!(passwords.verify(&secret("Correct horse"), Some(&hash)).await, Ok(false));
        assert_eq!(passwords.verify(&secret(""), Some(&hash)).await, Ok(false));
    }

    #[tokio::test]
    async fn unknown_people_and_broken_hashes_take_the_same_time() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash(&secret("x")).await.unwrap();
        let mut times = Vec::new();
        for stored in [Some(hash.as_str()), Some(hash.as_str()), None, Some("not a hash"), Some("")] {
            let start = Instant::now();
            assert_eq!(passwords.verify(&secret("wrong"), stored).await, Ok(false));
            times.push(start.elapsed());
        }
        // Far from exact, for noisy machines: without the hash it would be a thousand times faster.
        let known = times[0].min(times[1]);
        assert!(times.iter().all(|time| *time * 20 > known), "{times:?}");
    }

    #[tokio::test]
    async fn a_hash_without_salt_or_digest_never_matches() {
        let passwords = Passwords::new().unwrap();
        for stored in ["$argon2id$v=19$m=19456,t=2,p=1", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ", "$scrypt$ln=1"] {
            assert_eq!(passwords.verify(&secret(""), Some(stored)).await, Ok(false), "{stored}");
        }
    }

    #[tokio::test]
    async fn a_long_password_is_refused_before_hashing() {
        let passwords = Passwords::with_limits(1, 0).unwrap();
        let _taken = Arc::clone(&passwords.places).try_acquire_owned().unwrap();
        let long = secret(&"x".repeat(MAX_PASSWORD_BYTES + 1));
        assert_eq!(passwords.hash(&long).await, Err(PasswordFault::TooLong));
        assert_eq!(passwords.verify(&long, None).await, Ok(false));
        let longest = secret(&"x".repeat(MAX_PASSWORD_BYTES));
        assert_eq!(passwords.hash(&longest).await, Err(PasswordFault::Busy));
    }

    #[tokio::test]
    async fn a_flood_is_told_to_come_back() {
        let passwords = Arc::new(Passwords::with_limits(1, 2).unwrap());
        let tries: Vec<_> = (0..10)
            .map(|_| {
                let passwords = Arc::clone(&passwords);
                task::spawn(async move { passwords.verify(&secret("x"), None).await })
            })
            .collect();
        let mut busy = 0;
        for attempt in tries {
            busy += usize::from(attempt.await.unwrap() == Err(PasswordFault::Busy));
        }
        assert_eq!(busy, 7);
        assert_eq!(passwords.verify(&secret("x"), None).await, Ok(false));
    }

    #[tokio::test]
    async fn a_caller_that_hangs_up_frees_its_place_only_when_the_work_ends() {
        let passwords = Passwords::with_limits(1, 0).unwrap();
        let (go_on, wait) = mpsc::channel::<()>();
        let slow = passwords.run(move || wait.recv().is_ok());
        assert!(tokio::time::timeout(Duration::from_millis(20), slow).await.is_err());
        assert_eq!(passwords.verify(&secret("x"), None).await, Err(PasswordFault::Busy));
        go_on.send(()).unwrap();
        drop(passwords.places.acquire().await.unwrap());
        assert_eq!(passwords.verify(&secret("x"), None).await, Ok(false));
    }
}
