//! The header: which keys, algorithms and types count.

use super::*;

#[test]
fn the_type_must_be_an_access_token() {
    let forge = Forge::new();
    for good in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
        assert!(forge.with_header("typ", Some(json!(good))).is_ok(), "{good}");
    }
    for wrong in [json!("JWT"), json!("at+jwt "), json!("id+jwt"), json!(""), json!(null), json!(["at+jwt"])] {
        assert_eq!(forge.with_header("typ", Some(wrong)), Err(TokenFault::Type));
    }
    assert_eq!(forge.with_header("typ", None), Err(TokenFault::Type));
}

#[test]
fn no_other_algorithm_is_accepted() {
    let forge = Forge::new();
    for wrong in ["none", "None", "HS256", "ES384", "RS256", "EdDSA", "es256", ""] {
        assert_eq!(forge.with_header("alg", Some(json!(wrong))), Err(TokenFault::Algorithm), "{wrong}");
    }
    assert_eq!(forge.with_header("alg", None), Err(TokenFault::Algorithm));
    let payload = serde_json::to_value(claims()).unwrap();
    let unsigned = forge.sign(&changed(forge.header(), "alg", Some(json!("none"))), &payload);
    let (message, _) = unsigned.rsplit_once('.').unwrap();
    assert_eq!(forge.check(&format!("{message}.")), Err(TokenFault::Algorithm));
}

#[test]
fn the_public_key_is_no_hmac_secret() {
    let forge = Forge::new();
    let point = forge.keys.decoding_key(&forge.key.kid).unwrap().try_get_as_bytes().unwrap().to_vec();
    let jwk = forge.key.public().jwk().to_string().into_bytes();
    for secret in [point, jwk] {
        for alg in ["HS256", "ES256"] {
            let mut header = forge.header();
            header["alg"] = json!(alg);
            let signed = forge.sign(&header, &serde_json::to_value(claims()).unwrap());
            let (message, _) = signed.rsplit_once('.').unwrap();
            let key = EncodingKey::from_secret(&secret);
            let signature = crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
            let fault = if alg == "HS256" { TokenFault::Algorithm } else { TokenFault::Signature };
            assert_eq!(forge.check(&format!("{message}.{signature}")), Err(fault));
        }
    }
}

#[test]
fn only_known_keys_count_and_old_ones_until_removed() {
    let (old, new) = (Forge::new(), Forge::new());
    let token = issue(&old.keys, &claims()).unwrap();
    assert_eq!(new.check(&token), Err(TokenFault::UnknownKey));
    let both = KeySet::new(&new.key, [old.key.public().clone()]).unwrap();
    assert!(verify(&both, &token, &EXPECTED, now()).is_ok());
    assert_eq!(old.with_header("kid", None), Err(TokenFault::UnknownKey));
    assert_eq!(old.with_header("kid", Some(json!(1))), Err(TokenFault::UnknownKey));
    // Signed by the old key, but naming the new one.
    let crossed = old.sign(&new.header(), &serde_json::to_value(claims()).unwrap());
    assert_eq!(verify(&both, &crossed, &EXPECTED, now()), Err(TokenFault::Signature));
}

#[test]
fn a_token_cannot_bring_its_own_key() {
    let (forge, thief) = (Forge::new(), Forge::new());
    for field in ["jwk", "jku", "x5u", "x5c", "crit", "b64"] {
        for value in [json!(null), json!("https://evil.test/keys"), json!(["x"]), thief.key.public().jwk()] {
            assert_eq!(forge.with_header(field, Some(value)), Err(TokenFault::ForbiddenField(field)));
        }
    }
    let header = changed(thief.header(), "jwk", Some(thief.key.public().jwk()));
    let token = thief.sign(&header, &serde_json::to_value(claims()).unwrap());
    assert_eq!(forge.check(&token), Err(TokenFault::ForbiddenField("jwk")));
}
