//! The claims: their presence, types, addressee and times.

use super::*;

#[test]
fn each_required_claim_must_be_there_and_of_its_type() {
    let forge = Forge::new();
    for claim in ["iss", "sub", "jti", "org", "client_id", "aud", "exp", "iat"] {
        assert_eq!(forge.with_claim(claim, None), Err(TokenFault::Missing(claim)));
        for wrong in [json!(null), json!(true), json!({}), json!([]), json!([1]), json!(""), json!(-1), json!(1.5)] {
            assert_eq!(forge.with_claim(claim, Some(wrong.clone())), Err(TokenFault::Malformed(claim)), "{wrong}");
        }
    }
    for claim in ["iss", "sub", "jti", "org", "client_id", "aud"] {
        assert_eq!(forge.with_claim(claim, Some(json!(7))), Err(TokenFault::Malformed(claim)));
    }
    for claim in ["exp", "iat", "nbf"] {
        for wrong in [json!("1800000000"), json!(u64::MAX), json!(i64::MAX), json!([1_800_000_000])] {
            assert_eq!(forge.with_claim(claim, Some(wrong.clone())), Err(TokenFault::Malformed(claim)), "{wrong}");
        }
    }
}

#[test]
fn optional_claims_may_be_absent_but_not_malformed() {
    let forge = Forge::new();
    assert_eq!(forge.with_claim("scope", None).unwrap().scope, "");
    assert_eq!(forge.with_claim("scope", Some(json!(""))).unwrap().scope, "");
    assert_eq!(forge.with_claim("sid", None).unwrap().sid, None);
    for claim in ["scope", "sid", "nbf"] {
        for wrong in [json!(null), json!(["x"]), json!({})] {
            assert_eq!(forge.with_claim(claim, Some(wrong)), Err(TokenFault::Malformed(claim)));
        }
    }
}

#[test]
fn a_token_for_somebody_else_is_refused() {
    let forge = Forge::new();
    for issuer in ["https://cairn.test/", "https://Cairn.test", "https://cairn.test.evil"] {
        assert_eq!(forge.with_claim("iss", Some(json!(issuer))), Err(TokenFault::Issuer));
    }
    assert_eq!(forge.with_claim("iss", Some(json!(["https://cairn.test"]))), Err(TokenFault::Malformed("iss")));
    for audience in [json!("other"), json!("Cairn"), json!(["other", "cairn2"])] {
        assert_eq!(forge.with_claim("aud", Some(audience)), Err(TokenFault::Audience));
    }
    assert_eq!(forge.with_claim("aud", Some(json!(["cairn", 1]))), Err(TokenFault::Malformed("aud")));
}

#[test]
fn time_is_checked_to_the_second() {
    let forge = Forge::new();
    let token = issue(&forge.keys, &claims()).unwrap();
    let at = |seconds| verify(&forge.keys, &token, &EXPECTED, now() + TimeDelta::seconds(seconds)).map(|_| ());
    assert_eq!(at(599), Ok(()));
    assert_eq!(at(600), Err(TokenFault::Expired));
    assert_eq!(at(-30), Ok(()));
    assert_eq!(at(-31), Err(TokenFault::IssuedInFuture));
    let starts = |seconds| forge.with_claim("nbf", Some(json!(now().timestamp() + seconds))).map(|_| ());
    assert_eq!(starts(30), Ok(()));
    assert_eq!(starts(31), Err(TokenFault::NotYetValid));
}

#[test]
fn a_lifetime_must_be_possible() {
    let forge = Forge::new();
    let lives = |seconds| forge.with_claim("exp", Some(json!(now().timestamp() + seconds))).map(|_| ());
    assert_eq!(lives(31 * 86_400), Ok(()));
    assert_eq!(lives(31 * 86_400 + 1), Err(TokenFault::Lifetime));
    assert_eq!(lives(0), Err(TokenFault::Lifetime));
    assert_eq!(forge.with_claim("exp", Some(json!(0))), Err(TokenFault::Lifetime));
    assert_eq!(forge.with_claim("iat", Some(json!(0))), Err(TokenFault::Lifetime));
    // The last second that chrono knows: no overflow, only a refusal.
    let last = DateTime::<Utc>::MAX_UTC.timestamp();
    assert_eq!(forge.with_claim("exp", Some(json!(last))), Err(TokenFault::Lifetime));
    assert_eq!(forge.with_claim("nbf", Some(json!(last))), Err(TokenFault::NotYetValid));
}
