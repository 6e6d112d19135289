//! The names by which statements know people.

use super::{
    super::completion::named::Name,
    meaning::{Actor, SOURCE},
};
use crate::domain::external::ExternalRef;

/// The names under which somebody may be known here, the surest first.
pub(super) fn names(actor: &Actor) -> Vec<Name> {
    let by_ref = |source: &str, external_id: String| Name::Ref(ExternalRef { source: source.to_owned(), external_id });
    match actor {
        Actor::Mail(address) => vec![Name::Email(address.clone())],
        Actor::Sha1(sum) => vec![Name::MailSha1(sum.clone())],
        Actor::Account(home, name) => {
            let mut names = vec![by_ref(SOURCE, format!("{home}|{name}"))];
            names.extend(name.contains('@').then(|| Name::Email(name.clone())));
            names.extend(host(home).map(|host| by_ref(&host, name.clone())));
            names
        }
        Actor::OpenId => Vec::new(),
    }
}

/// What is said of somebody who is not found.
pub(super) const fn stranger(actor: &Actor) -> &'static str {
    match actor {
        Actor::OpenId => "Nobody is found by openid: name people by mbox, mbox_sha1sum or account.",
        _ => "There is no such person in this organization.",
    }
}

/// The host of an address, without the port: the source of the names that an installation has.
fn host(home: &str) -> Option<String> {
    let (_, rest) = home.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_looked_for_by_three_names() {
        let shown = |home: &str, name: &str| {
            let names = names(&Actor::Account(home.to_owned(), name.to_owned()));
            let one = |name: Name| match name {
                Name::Ref(one) => format!("{} {}", one.source, one.external_id),
                Name::Email(address) => address,
                other => format!("{other:?}"),
            };
            names.into_iter().map(one).collect::<Vec<_>>()
        };
        assert_eq!(
            shown("https://Moodle.example:8443/x", "42"),
            ["xapi https://Moodle.example:8443/x|42", "moodle.example 42"]
        );
        assert_eq!(
            shown("http://m.example", "ada@example.org"),
            ["xapi http://m.example|ada@example.org", "ada@example.org", "m.example ada@example.org"]
        );
        assert_eq!(shown("urn:x", "1"), ["xapi urn:x|1"]);
    }
}
