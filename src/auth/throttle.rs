//! Throttled log-in, per account and per address, in bounded memory, that never locks the owner out for long.
//!
//! Three gates, and each attempt is charged as a failure *before* the password is looked at, so that many at
//! once gain nothing:
//! - an address has a bucket of 30 attempts, refilled by one every 2 s;
//! - an account, from one network (/24 or /56), has 5 free failures, then waits 1 s, 2 s, 4 s … 60 s;
//! - an account, from anywhere, has 25 free failures, then waits 1 s, 2 s … 15 s. Whoever was told to wait here
//!   keeps its turn: others' attempts meanwhile do not push it back, so nobody waits longer than 15 s because of
//!   an attacker.

mod counter;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest;
use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::unsync::Cache;

use counter::{Counter, Curve};

/// How many of each are remembered: some 20 MB at most. To push failures out of memory takes tens of
/// thousands of attempts, hence a good thousand of addresses; and what is tried again stays longest.
const REMEMBERED: usize = 50_000;

/// What the bucket of an address holds, and what one attempt takes out of it, as time.
const BUCKET: TimeDelta = TimeDelta::seconds(60);
const ATTEMPT: TimeDelta = TimeDelta::seconds(2);

const ONE_NETWORK: Curve = Curve { free: 5, longest: 60 };
const ANYWHERE: Curve = Curve { free: 25, longest: 15 };

/// Come back after this time; never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter(pub Duration);

impl RetryAfter {
    /// Whole seconds, rounded up, as the `Retry-After` header takes them.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0)
    }
}

impl fmt::Display for RetryAfter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "too many attempts; try again in {} s", self.seconds())
    }
}

impl std::error::Error for RetryAfter {}

/// Counts attempts to log in. Share one per process; it forgets when the process ends.
#[derive(Debug)]
pub struct Throttle {
    memory: Mutex<Memory>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self::new()
    }
}

impl Throttle {
    /// A throttle that has seen nobody.
    #[must_use]
    pub fn new() -> Self {
        let memory = Memory {
            pairs: Cache::new(REMEMBERED),
            accounts: Cache::new(REMEMBERED),
            addresses: Cache::new(REMEMBERED),
        };
        Self { memory: Mutex::new(memory) }
    }

    /// Whether this attempt may go on to the password. It is charged as a failure at once;
    /// [`failed`](Self::failed), [`succeeded`](Self::succeeded) or [`released`](Self::released) must follow.
    ///
    /// `account` is what the caller typed, known or not: a throttle that told them apart would tell who
    /// exists.
    ///
    /// # Errors
    /// [`RetryAfter`]; nothing follows then.
    pub fn check(&self, account: &str, address: IpAddr, now: DateTime<Utc>) -> Result<(), RetryAfter> {
        let who = Who::new(account, address);
        let mut memory = self.memory();
        memory.take_from_bucket(who.address, now)?;
        let mut pair = memory.pair(&who, now);
        let mut anywhere = memory.account(&who, now);
        let turn = pair.turn.unwrap_or(anywhere.open_at);
        let wait = (pair.open_at - now).max(turn - now);
        let open = wait <= TimeDelta::zero();
        if open {
            pair.charge(now, &ONE_NETWORK);
            pair.turn = None;
            anywhere.charge(now, &ANYWHERE);
        } else {
            pair.seen = now;
            pair.turn = pair.turn.or((turn > now).then_some(turn));
        }
        memory.pairs.insert(who.pair(), pair);
        memory.accounts.insert(who.account, anywhere);
        if open { Ok(()) } else { Err(retry_after(wait)) }
    }

    /// The password was wrong. The wait counts from now: hashing may have taken a while.
    pub fn failed(&self, account: &str, address: IpAddr, now: DateTime<Utc>) {
        let who = Who::new(account, address);
        let mut memory = self.memory();
        let mut pair = memory.pair(&who, now);
        pair.hold(now, &ONE_NETWORK);
        memory.pairs.insert(who.pair(), pair);
    }

    /// The password was right: the account starts afresh, and the address gets its attempt back, so that
    /// a whole office behind one address can log in.
    pub fn succeeded(&self, account: &str, address: IpAddr, now: DateTime<Utc>) {
        let who = Who::new(account, address);
        let mut memory = self.memory();
        memory.pairs.remove(&who.pair());
        memory.accounts.remove(&who.account);
        memory.refund(who.address, now);
    }

    /// The password was never looked at (busy, database away): the attempt does not count.
    pub fn released(&self, account: &str, address: IpAddr, now: DateTime<Utc>) {
        let who = Who::new(account, address);
        let mut memory = self.memory();
        let mut pair = memory.pair(&who, now);
        pair.failures = pair.failures.saturating_sub(1);
        pair.open_at = now;
        memory.pairs.insert(who.pair(), pair);
        let mut anywhere = memory.account(&who, now);
        anywhere.failures = anywhere.failures.saturating_sub(1);
        memory.accounts.insert(who.account, anywhere);
        memory.refund(who.address, now);
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // Every change is whole in itself, so what a panicking thread left is still good.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type AccountKey = [u8; 32];

/// One lock around all three: an attempt is charged everywhere or nowhere. It is held for well under a
/// microsecond.
struct Memory {
    pairs: Cache<(AccountKey, IpAddr), Counter>,
    accounts: Cache<AccountKey, Counter>,
    /// When the bucket of an address will be full again.
    addresses: Cache<IpAddr, DateTime<Utc>>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Memory {
    fn pair(&self, who: &Who, now: DateTime<Utc>) -> Counter {
        Counter::remembered(self.pairs.get(&who.pair()), now)
    }

    fn account(&self, who: &Who, now: DateTime<Utc>) -> Counter {
        Counter::remembered(self.accounts.get(&who.account), now)
    }

    /// How much time's worth of attempts is out of the bucket.
    fn taken(&self, address: IpAddr, now: DateTime<Utc>) -> TimeDelta {
        let taken = self.addresses.get(&address).map_or(TimeDelta::zero(), |full_at| *full_at - now);
        // More than there ever was in the bucket: the clock was set back. It must not lock the address out
        // until it has caught up; but a `now` that another thread read a little earlier is no reason to fill
        // the bucket.
        if taken > BUCKET * 2 { TimeDelta::zero() } else { taken.clamp(TimeDelta::zero(), BUCKET) }
    }

    fn take_from_bucket(&mut self, address: IpAddr, now: DateTime<Utc>) -> Result<(), RetryAfter> {
        let taken = self.taken(address, now) + ATTEMPT;
        if taken > BUCKET {
            return Err(retry_after(taken - BUCKET));
        }
        self.addresses.insert(address, now + taken);
        Ok(())
    }

    fn refund(&mut self, address: IpAddr, now: DateTime<Utc>) {
        let taken = self.taken(address, now);
        self.addresses.insert(address, now + taken - ATTEMPT);
    }
}

fn retry_after(wait: TimeDelta) -> RetryAfter {
    RetryAfter(wait.to_std().unwrap_or_default().max(Duration::from_millis(1)))
}

struct Who {
    /// A hash, so that long names take no more memory than short ones.
    account: AccountKey,
    network: IpAddr,
    address: IpAddr,
}

impl Who {
    fn new(account: &str, address: IpAddr) -> Self {
        let name = account.trim().to_lowercase();
        let mut key = AccountKey::default();
        key.copy_from_slice(digest::digest(&digest::SHA256, name.as_bytes()).as_ref());
        // One home has a whole IPv6 /56 to pick addresses from, so there the network stands for the address.
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let network = Ipv4Addr::from_bits(v4.to_bits() & (!0 << 8)).into();
                Self { account: key, network, address: v4.into() }
            }
            IpAddr::V6(v6) => {
                let network = Ipv6Addr::from_bits(v6.to_bits() & (!0 << 72)).into();
                Self { account: key, network, address: network }
            }
        }
    }

    fn pair(&self) -> (AccountKey, IpAddr) {
        (self.account, self.network)
    }
}
