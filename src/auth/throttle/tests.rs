//! How an attacker is slowed down, and how the owner is not.

use std::sync::Arc;
use std::thread;

use super::*;

const OWNER: &str = "ada@example.org";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn wait(throttle: &Throttle, account: &str, from: &str, seconds: i64) -> u64 {
    throttle.check(account, address(from), at(seconds)).map_or_else(|retry| retry.seconds(), |()| 0)
}

/// One attempt with a wrong password; gives what it had to wait if it was refused.
fn fail(throttle: &Throttle, account: &str, from: &str, seconds: i64) -> u64 {
    let refused = wait(throttle, account, from, seconds);
    if refused == 0 {
        throttle.failed(account, address(from), at(seconds));
    }
    refused
}

/// An attacker with patience: fails as often as it may from one address until `until`; gives how often, and
/// the time of the last.
fn attack(throttle: &Throttle, from: &str, start: i64, until: i64) -> (u32, i64) {
    let (mut failures, mut last, mut time) = (0, start, start);
    while time < until {
        let refused = fail(throttle, OWNER, from, time);
        if refused == 0 {
            (failures, last) = (failures + 1, time);
        }
        time += i64::try_from(refused).unwrap();
    }
    (failures, last)
}

#[test]
fn waits_double_after_five_failures_up_to_a_minute() {
    let throttle = Throttle::new();
    let mut time = 0;
    let mut waits = Vec::new();
    for _ in 0..15 {
        assert_eq!(fail(&throttle, OWNER, "192.0.2.1", time), 0);
        let refused = wait(&throttle, OWNER, "192.0.2.1", time);
        waits.push(refused);
        if refused == 0 {
            throttle.released(OWNER, address("192.0.2.1"), at(time));
        }
        time += i64::try_from(refused).unwrap();
    }
    assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
}

#[test]
fn being_refused_does_not_lengthen_the_wait() {
    let throttle = Throttle::new();
    (0..6).for_each(|_| assert_eq!(fail(&throttle, OWNER, "192.0.2.1", 0), 0));
    (0..10).for_each(|_| assert_eq!(fail(&throttle, OWNER, "192.0.2.1", 0), 1));
    assert_eq!(wait(&throttle, OWNER, "192.0.2.1", 1), 0);
}

#[test]
fn success_starts_the_account_afresh() {
    let throttle = Throttle::new();
    (0..6).for_each(|_| assert_eq!(fail(&throttle, OWNER, "192.0.2.1", 0), 0));
    assert_eq!(wait(&throttle, OWNER, "192.0.2.1", 1), 0);
    throttle.succeeded(OWNER, address("192.0.2.1"), at(1));
    (0..6).for_each(|_| assert_eq!(fail(&throttle, OWNER, "192.0.2.1", 1), 0));
}

#[test]
fn a_quarter_of_an_hour_of_quiet_starts_the_account_afresh() {
    let throttle = Throttle::new();
    let (_, last) = attack(&throttle, "192.0.2.1", 0, 300);
    (0..5).for_each(|_| assert_eq!(fail(&throttle, OWNER, "192.0.2.1", last + 900), 0));
    assert_eq!(wait(&throttle, OWNER, "192.0.2.1", last + 900), 0);
}

#[test]
fn the_owner_elsewhere_hardly_notices_an_attacker() {
    let throttle = Throttle::new();
    let (failures, last) = attack(&throttle, "192.0.2.1", 0, 600);
    assert!(failures < 25, "{failures}");
    assert_eq!(wait(&throttle, OWNER, "198.51.100.7", last), 0);
    throttle.succeeded(OWNER, address("198.51.100.7"), at(last));
    let (_, last) = attack(&throttle, "192.0.2.1", last, last + 6 * 3600);
    let refused = wait(&throttle, OWNER, "198.51.100.7", last);
    assert!((1..=15).contains(&refused), "{refused}");
    assert_eq!(wait(&throttle, OWNER, "198.51.100.7", last + 15), 0);
}

#[test]
fn the_owner_gets_a_turn_even_among_many_attackers() {
    let throttle = Throttle::new();
    let mut next: u32 = 0;
    let mut swarm = |time| {
        // Each second, four networks that have never been seen before.
        (0..4).for_each(|_| {
            next += 1;
            fail(&throttle, OWNER, &Ipv4Addr::from_bits(0x0a00_0001 + (next << 8)).to_string(), time);
        });
    };
    (0..60).for_each(&mut swarm);
    let refused = i64::try_from(wait(&throttle, OWNER, "198.51.100.7", 60)).unwrap();
    assert!((1..=15).contains(&refused), "{refused}");
    (60..=60 + refused).for_each(&mut swarm);
    assert_eq!(wait(&throttle, OWNER, "198.51.100.7", 60 + refused), 0);
}

#[test]
fn many_networks_together_are_slowed_down() {
    let throttle = Throttle::new();
    let tried = (0..200_u8).filter(|host| fail(&throttle, OWNER, &format!("10.{host}.0.1"), 0) == 0).count();
    assert_eq!(tried, 26);
}

#[test]
fn neighbours_share_a_counter() {
    for (first, second, elsewhere) in [
        ("192.0.2.1", "192.0.2.200", "192.0.3.1"),
        ("192.0.2.1", "::ffff:192.0.2.9", "::ffff:192.0.3.9"),
        ("2001:db8:0:100::1", "2001:db8:0:1ff:ffff::2", "2001:db8:0:200::1"),
    ] {
        let throttle = Throttle::new();
        (0..6).for_each(|_| assert_eq!(fail(&throttle, OWNER, first, 0), 0));
        assert_eq!(wait(&throttle, OWNER, second, 0), 1);
        assert_eq!(wait(&throttle, OWNER, elsewhere, 0), 0);
        assert_eq!(wait(&throttle, "bob@example.org", first, 0), 0);
    }
}

#[test]
fn one_account_is_one_however_it_is_typed() {
    let throttle = Throttle::new();
    for name in [OWNER, "ADA@example.org", " ada@example.org ", "Ada@Example.Org", OWNER, OWNER] {
        assert_eq!(fail(&throttle, name, "192.0.2.1", 0), 0);
    }
    assert_eq!(wait(&throttle, "aDa@example.org", "192.0.2.1", 0), 1);
}

#[test]
fn an_address_has_thirty_attempts_and_one_more_every_two_seconds() {
    for from in ["192.0.2.1", "2001:db8::1"] {
        let throttle = Throttle::new();
        (0..30).for_each(|n| assert_eq!(fail(&throttle, &format!("user{n}"), from, 0), 0));
        assert_eq!(fail(&throttle, "another", from, 0), 2);
        assert_eq!(fail(&throttle, "another", from, 1), 1);
        assert_eq!(fail(&throttle, "another", from, 2), 0);
        assert_eq!(fail(&throttle, "yet another", from, 2), 2);
        assert_eq!(fail(&throttle, "yet another", "198.51.100.7", 2), 0);
    }
}

#[test]
fn an_office_behind_one_address_can_log_in() {
    let throttle = Throttle::new();
    for n in 0..200 {
        let name = format!("user{n}");
        assert_eq!(wait(&throttle, &name, "192.0.2.1", 0), 0);
        throttle.succeeded(&name, address("192.0.2.1"), at(0));
    }
}

#[test]
fn what_was_released_does_not_count() {
    let throttle = Throttle::new();
    for _ in 0..100 {
        assert_eq!(wait(&throttle, OWNER, "192.0.2.1", 0), 0);
        throttle.released(OWNER, address("192.0.2.1"), at(0));
    }
    (0..6).for_each(|_| assert_eq!(fail(&throttle, OWNER, "192.0.2.1", 0), 0));
    assert_eq!(wait(&throttle, OWNER, "192.0.2.1", 0), 1);
}

#[test]
fn many_at_once_gain_nothing() {
    let throttle = Arc::new(Throttle::new());
    let attempts: Vec<_> = (0..25)
        .map(|_| {
            let throttle = Arc::clone(&throttle);
            thread::spawn(move || throttle.check(OWNER, address("192.0.2.1"), at(0)).is_ok())
        })
        .collect();
    let passed = attempts.into_iter().filter(|_| true).map(|attempt| attempt.join().unwrap());
    assert_eq!(passed.filter(|passed| *passed).count(), 6);
}

#[test]
fn a_clock_that_is_set_back_locks_nobody_out() {
    let throttle = Throttle::new();
    (0..30).for_each(|n| {
        fail(&throttle, &format!("user{n}"), "192.0.2.1", 0);
    });
    let (_, last) = attack(&throttle, "198.51.100.7", 0, 1800);
    let back = last - 86_400;
    assert_eq!(wait(&throttle, OWNER, "198.51.100.7", back), 60);
    assert_eq!(wait(&throttle, OWNER, "198.51.100.7", back + 60), 0);
    assert_eq!(wait(&throttle, "user30", "192.0.2.1", back), 0);
}

#[test]
fn retry_after_is_never_zero() {
    assert_eq!(RetryAfter(Duration::from_millis(1)).seconds(), 1);
    assert_eq!(RetryAfter(Duration::from_millis(1001)).seconds(), 2);
    assert_eq!(RetryAfter(Duration::from_secs(2)).to_string(), "too many attempts; try again in 2 s");
}
