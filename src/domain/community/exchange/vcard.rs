//! vCards, of version 3.0 (RFC 2426) and 4.0 (RFC 6350): read here, and written as 4.0.
//!
//! Read by hand: what is needed of the standards are a fold, an escape and a dozen properties. Version 2.1 folds and encodes otherwise:
//! it is refused by its name, and not read wrongly.

use serde_json::{Value, json};

use super::{
    CONTACTS_MAX, Draft,
    columns::{absolute, number},
};
use crate::domain::{
    content_line::{Lines, escaped},
    error::Code,
    learning::exchange::notes::{Notes, Place},
};

/// What is in cards and large, and not of a contact: pictures, sounds and keys. They are left out before anything is asked of them.
const LEFT_OUT: [&str; 4] = ["PHOTO", "LOGO", "SOUND", "KEY"];
/// How many octets a line of anything else has at most, unfolded.
const LINE_MAX: usize = 1024 * 1024;
/// Properties of our own, and the members that they hold.
const OURS: [(&str, &str); 4] = [
    ("X-CAIRN-RELATIONSHIP", "relationship"),
    ("X-CAIRN-HOW-MET", "howMet"),
    ("X-CAIRN-CADENCE-DAYS", "cadenceDays"),
    ("X-CAIRN-LAST-INTERACTION", "lastInteractionAt"),
];

/// A property of a card.
#[derive(Debug, PartialEq, Eq)]
struct Property {
    line: i64,
    /// In capitals, without its group.
    name: String,
    /// Each in capitals but for what it says after `=`.
    parameters: Vec<String>,
    value: String,
}

/// Reads cards; what is wrong with their form is noted.
#[must_use]
pub fn read(text: &str, notes: &mut Notes) -> Option<Vec<Draft>> {
    let mut cards: Vec<Draft> = Vec::new();
    let mut open: Option<(i64, Vec<Property>)> = None;
    for (line, content) in unfolded(text.strip_prefix('\u{feff}').unwrap_or(text)) {
        if content.trim().is_empty() {
            continue;
        }
        if LEFT_OUT.contains(&name_of(&content).as_str()) {
            continue;
        }
        let Some(property) = property(line, &content, notes) else { continue };
        match (property.name.as_str(), &mut open) {
            ("BEGIN", None) if is_card(&property) => open = Some((line, Vec::new())),
            ("END", Some(_)) if is_card(&property) => {
                let (line, properties) = open.take().unwrap_or_default();
                if cards.len() == CONTACTS_MAX {
                    let message = format!("A file holds at most {CONTACTS_MAX} cards.");
                    notes.error(Place::line(line), Code::TooLarge, &message);
                    return None;
                }
                cards.extend(card(line, &properties, notes));
            }
            ("BEGIN" | "END", _) | (_, None) => {
                notes.error(
                    Place::line(line),
                    Code::BadInput,
                    "A card begins with BEGIN:VCARD and ends with END:VCARD.",
                );
                return None;
            }
            (_, Some((_, properties))) => properties.push(property),
        }
    }
    if let Some((line, _)) = open {
        notes.error(Place::line(line), Code::BadInput, "The card does not end.");
    } else if cards.is_empty() && notes.fine() && notes.warnings.is_empty() {
        notes.error(Place::default(), Code::BadInput, "There is no card.");
    }
    Some(cards)
}

fn is_card(property: &Property) -> bool {
    property.value.trim().eq_ignore_ascii_case("VCARD")
}

/// The lines as they were before they were folded, with where each begins.
fn unfolded(text: &str) -> Vec<(i64, String)> {
    let mut out: Vec<(i64, String)> = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), out.last_mut()) {
            (Some(rest), Some((_, whole))) => whole.push_str(rest),
            _ => out.push((number, line.to_owned())),
        }
    }
    out
}

fn property(line: i64, content: &str, notes: &mut Notes) -> Option<Property> {
    let at = Place::line(line);
    if content.len() > LINE_MAX {
        notes.error(at, Code::TooLarge, &format!("A line has at most {LINE_MAX} octets."));
        return None;
    }
    let (mut quoted, mut colon) = (false, None);
    for (place, letter) in content.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ':' if !quoted => {
                colon = Some(place);
                break;
            }
            _ => {}
        }
    }
    let Some(colon) = colon else {
        let why = if quoted { "A quotation mark is not closed." } else { "A line is a property, a colon and a value." };
        notes.error(at, Code::BadInput, why);
        return None;
    };
    let mut parts = split(&content[..colon], ';', true).into_iter();
    // One that no standard knows, however it is spelled, is of no member, and left out with the others.
    let name = name_of(&parts.next().unwrap_or_default());
    let parameters = parts.map(|part| part.replace('"', "").to_ascii_uppercase()).collect();
    Some(Property { line, name, parameters, value: content[colon + 1..].to_owned() })
}

/// What a line is called, in capitals, without its group.
fn name_of(content: &str) -> String {
    let name = content.split([':', ';']).next().unwrap_or_default();
    name.rsplit('.').next().unwrap_or_default().trim().to_ascii_uppercase()
}

/// The parts of a text between separators, but for those in quotation marks, or after a backslash.
fn split(text: &str, by: char, quotes: bool) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for letter in text.chars() {
        if letter == by && !quoted && !escaped {
            parts.push(String::new());
            continue;
        }
        quoted ^= quotes && letter == '"';
        escaped = !quotes && letter == '\\' && !escaped;
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

/// A text without what escapes it, and without what cannot be seen in it.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            letter if letter.is_control() && letter != '\t' => out.push(' '),
            letter => out.push(letter),
        }
    }
    out.trim().to_owned()
}

/// A card as a draft; none of what is no person.
fn card(line: i64, properties: &[Property], notes: &mut Notes) -> Option<Draft> {
    let at = Place::line(line);
    let version = first(properties, "VERSION").map(|one| one.value.trim().to_owned());
    match version.as_deref() {
        Some("3.0" | "4.0") => {}
        Some("2.1") => {
            notes.error(at, Code::BadInput, "vCard 2.1 is not read: export as 3.0 or 4.0.");
            return None;
        }
        _ => {
            notes.error(at.member("VERSION"), Code::BadInput, "The version must be 3.0 or 4.0.");
            return None;
        }
    }
    if let Some(encoded) = properties.iter().find(|one| is_encoded(one)) {
        let message = "Quoted-printable is of vCard 2.1: export as 3.0 or 4.0.";
        notes.error(Place::line(encoded.line).member(&encoded.name), Code::BadInput, message);
        return None;
    }
    let kinds = ["KIND", "X-ADDRESSBOOKSERVER-KIND"].into_iter().filter_map(|name| first(properties, name));
    if kinds.map(|one| one.value.trim()).any(|kind| !kind.eq_ignore_ascii_case("individual")) {
        notes.warn(at, "NO_PERSON", "The card is of a group, an organization or a place: it is left out.");
        return None;
    }
    let Some(name) = words(properties, "FN").or_else(|| of_parts(properties)) else {
        notes.warn(at, "NO_PERSON", "The card does not say what the person is called: it is left out.");
        return None;
    };
    Some(draft(line, name, properties, notes))
}

fn is_encoded(property: &Property) -> bool {
    property.parameters.iter().any(|one| one == "QUOTED-PRINTABLE" || one == "ENCODING=QUOTED-PRINTABLE")
}

fn draft(line: i64, name: String, properties: &[Property], notes: &mut Notes) -> Draft {
    let mut out = Draft { line, ..Draft::default() };
    out.members.insert("name".to_owned(), json!(name));
    let mut put = |member: &'static str, found: Option<&Property>, value: &dyn Fn(String) -> Value| {
        let Some(found) = found else { return };
        let text = plain(&found.value);
        if !text.is_empty() {
            out.members.insert(member.to_owned(), value(text));
            out.lines.insert(member, found.line);
        }
    };
    put("email", preferred(properties, "EMAIL", notes), &|email| json!(without(&email, "mailto:")));
    put("phone", preferred(properties, "TEL", notes), &|phone| json!(without(&phone, "tel:")));
    put("url", preferred(properties, "URL", notes), &|url| absolute(&url));
    put("role", first(properties, "TITLE").or_else(|| first(properties, "ROLE")), &Value::from);
    put("note", first(properties, "NOTE"), &Value::from);
    for (property, member) in OURS {
        put(member, first(properties, property), &|text| {
            if member == "cadenceDays" { number(&text) } else { json!(text) }
        });
    }
    let organization = first(properties, "ORG").map(|one| split(&one.value, ';', false).remove(0));
    out.company = organization.map(|name| plain(&name)).filter(|name| !name.is_empty());
    if let Some(uid) = words(properties, "UID") {
        // What we wrote ourselves names one of ours; what was taken in elsewhere may name another.
        out.id = Some(uid.clone());
        out.known_as = Some((None, uid));
    }
    out
}

fn first<'p>(properties: &'p [Property], name: &str) -> Option<&'p Property> {
    properties.iter().find(|one| one.name == name)
}

/// An address without what says of which kind it is.
fn without<'t>(address: &'t str, scheme: &str) -> &'t str {
    let head = address.get(..scheme.len()).filter(|head| head.eq_ignore_ascii_case(scheme));
    head.map_or(address, |head| &address[head.len()..])
}

fn words(properties: &[Property], name: &str) -> Option<String> {
    first(properties, name).map(|one| plain(&one.value)).filter(|value| !value.is_empty())
}

/// A name put together from its parts: family, given, additional, before and after.
fn of_parts(properties: &[Property]) -> Option<String> {
    let parts = split(&first(properties, "N")?.value, ';', false);
    let part = |place: usize| parts.get(place).map(|part| plain(part)).filter(|part| !part.is_empty());
    let all: Vec<_> = [3, 1, 2, 0, 4].into_iter().filter_map(part).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// The one that is preferred most, or the first: a contact has one, and the others are left out.
fn preferred<'p>(properties: &'p [Property], name: &str, notes: &mut Notes) -> Option<&'p Property> {
    let said = |one: &&Property| one.name == name && !plain(&one.value).is_empty();
    let chosen = properties.iter().filter(said).min_by_key(|one| rank(one))?;
    for other in properties.iter().filter(said).filter(|one| one.line != chosen.line) {
        let message = "A contact has one: the preferred one, or the first.";
        notes.warn(Place::line(other.line).member(name), "VALUE_LEFT_OUT", message);
    }
    Some(chosen)
}

/// How much one of several is preferred: the least most of all (RFC 6350, 5.3; RFC 2426 says only that it is).
fn rank(property: &Property) -> u8 {
    let said = property.parameters.iter().filter_map(|word| {
        let is =
            word == "PREF" || word.strip_prefix("TYPE=").is_some_and(|types| types.split(',').any(|one| one == "PREF"));
        word.strip_prefix("PREF=").and_then(|number| number.parse().ok()).or(is.then_some(1))
    });
    said.min().unwrap_or(u8::MAX)
}

/// Writes a card: its values by the members of a contact, with the company's name.
pub fn write(out: &mut Lines, id: &str, changed_at: &str, value: impl Fn(&str) -> Option<String>) {
    out.say("BEGIN", "VCARD");
    out.say("VERSION", "4.0");
    out.say("PRODID", concat!("-//Cairn//Cairn ", env!("CARGO_PKG_VERSION"), "//EN"));
    out.say("UID;VALUE=text", id);
    let name = value("name").unwrap_or_default();
    out.say("FN", &escaped(&name));
    out.say("N", &format!("{};;;;", escaped(&name)));
    let members = [("EMAIL", "email"), ("TEL", "phone"), ("ORG", "company"), ("TITLE", "role"), ("NOTE", "note")];
    for (property, member) in members.into_iter().chain(OURS) {
        if let Some(value) = value(member) {
            out.say(property, &escaped(&value));
        }
    }
    // An address is no text: nothing in it is escaped, and nothing in it needs to be.
    if let Some(url) = value("url") {
        out.say("URL", &url);
    }
    out.say("REV", changed_at);
    out.say("END", "VCARD");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Vec<Draft>, Vec<String>) {
        let mut notes = Notes::default();
        let mut drafts = read(text, &mut notes).unwrap_or_default();
        for draft in &mut drafts {
            draft.check(&mut notes);
        }
        let line = |note: &entity::learning::import_job::ImportNote| {
            format!("{} {} {}", note.line.unwrap_or_default(), note.pointer, note.code)
        };
        (drafts, notes.errors.iter().chain(&notes.warnings).map(line).collect())
    }

    fn card(version: &str, lines: &str) -> String {
        format!("BEGIN:VCARD\r\nVERSION:{version}\r\n{lines}\r\nEND:VCARD\r\n")
    }

    fn members(lines: &str) -> Value {
        let (drafts, notes) = told(&card("4.0", lines));
        assert_eq!(notes, [""; 0], "{lines}");
        Value::Object(drafts[0].members.clone())
    }

    #[test]
    fn lines_are_folded_and_values_escaped() {
        for (lines, expected) in [
            ("FN:Noor Haddad", json!({ "name": "Noor Haddad" })),
            ("fn:Noor", json!({ "name": "Noor" })),
            ("item1.FN:Noor", json!({ "name": "Noor" })),
            ("FN:No\r\n or", json!({ "name": "Noor" })),
            ("FN:Noor\r\n  Haddad", json!({ "name": "Noor Haddad" })),
            ("FN:Gr\r\n\t\u{f6}\u{df}e \u{1F600}", json!({ "name": "Gr\u{f6}\u{df}e \u{1F600}" })),
            ("FN:Haddad\\, Noor\\; \\\\", json!({ "name": "Haddad, Noor; \\" })),
            ("FN:N\r\nNOTE:one\\ntwo\\Nthree", json!({ "name": "N", "note": "one\ntwo\nthree" })),
            ("N:Haddad;Noor;;Dr.;", json!({ "name": "Dr. Noor Haddad" })),
            ("FN:N\r\nTEL;VALUE=uri;TYPE=\"cell,voice\":tel:+43-1-2345", json!({ "name": "N", "phone": "+43-1-2345" })),
            ("FN:N\r\nTEL;X=\"a:b;c\":1", json!({ "name": "N", "phone": "1" })),
            ("FN:N\r\nEMAIL;VALUE=uri:mailto:n@b.example", json!({ "name": "N", "email": "n@b.example" })),
            ("FN:N\r\nURL:noor.example", json!({ "name": "N", "url": "https://noor.example" })),
            ("FN:N\r\nNOTE:one\u{b}two\u{7f}", json!({ "name": "N", "note": "one two" })),
            ("FN:N\r\nROLE:Dispatcher\r\nPHOTO;ENCODING=b:AAAA", json!({ "name": "N", "role": "Dispatcher" })),
            ("FN:N\r\nX-CAIRN-CADENCE-DAYS:30", json!({ "name": "N", "cadenceDays": 30 })),
        ] {
            assert_eq!(members(lines), expected, "{lines}");
        }
    }

    #[test]
    fn a_card_has_a_company_and_a_name_elsewhere() {
        let (drafts, _) = told(&card("3.0", "FN:Noor\nORG:Windy\\; Grid;Dispatch\nUID:urn:uuid:1"));
        assert_eq!(drafts[0].company.as_deref(), Some("Windy; Grid"));
        assert_eq!(drafts[0].known_as, Some((None, "urn:uuid:1".to_owned())));
    }

    #[test]
    fn the_preferred_of_several_is_taken() {
        let two = |first: &str, second: &str| {
            card("3.0", &format!("FN:N\nEMAIL{first}:a@b.example\nEMAIL{second}:c@d.example"))
        };
        for (first, second, email) in [
            ("", "", "a@b.example"),
            ("", ";TYPE=INTERNET,pref", "c@d.example"),
            ("", ";PREF=1", "c@d.example"),
            (";PREF=1", ";PREF=2", "a@b.example"),
            (";PREF=3", ";PREF=2", "c@d.example"),
            (";PREF=100", "", "a@b.example"),
            ("", ";PREF=100", "c@d.example"),
        ] {
            let (drafts, notes) = told(&two(first, second));
            assert_eq!(drafts[0].members["email"], json!(email), "{first} {second}");
            let left_out = if email == "a@b.example" { 5 } else { 4 };
            assert_eq!(notes, [format!("{left_out} /EMAIL VALUE_LEFT_OUT")]);
        }
    }

    #[test]
    fn several_cards_in_a_file_and_marks_before_it() {
        let cards =
            ["KIND:group\nFN:All", "X-ADDRESSBOOKSERVER-KIND:group\nFN:All", "ORG:Windy Grid", "EMAIL:a@b.example"];
        let text = format!("\u{feff}{}\n{}", card("3.0", "FN:Noor"), cards.map(|lines| card("4.0", lines)).concat());
        let (drafts, notes) = told(&text);
        assert_eq!(drafts.iter().map(|one| one.line).collect::<Vec<_>>(), [1]);
        assert_eq!(notes, ["6  NO_PERSON", "11  NO_PERSON", "16  NO_PERSON", "20  NO_PERSON"]);
    }

    #[test]
    fn what_is_no_card_is_refused_by_its_place() {
        for (text, expected) in [
            (String::new(), "0  BAD_INPUT"),
            ("hello".to_owned(), "1  BAD_INPUT"),
            ("FN:Noor".to_owned(), "1  BAD_INPUT"),
            ("BEGIN:VCARD\nVERSION:4.0\nFN:N".to_owned(), "1  BAD_INPUT"),
            (format!("BEGIN:VCARD\n{}", card("4.0", "FN:N")), "2  BAD_INPUT"),
            ("BEGIN:VCARD\nFN:N\nEND:VCARD".to_owned(), "1 /VERSION BAD_INPUT"),
            (card("2.1", "FN:N"), "1  BAD_INPUT"),
            (card("3.0", "FN;ENCODING=QUOTED-PRINTABLE:N=C3"), "3 /FN BAD_INPUT"),
            (card("3.0", "FN;QUOTED-PRINTABLE:N=C3"), "3 /FN BAD_INPUT"),
            (card("4.0", "FN:N\nTEL;TYPE=\"cell:1"), "4  BAD_INPUT"),
            (card("4.0", "FN:N\nnonsense"), "4  BAD_INPUT"),
            (card("4.0", &format!("FN:N\nNOTE:{}", "A".repeat(LINE_MAX))), "4  TOO_LARGE"),
            (card("4.0", &format!("FN:{}", "N".repeat(201))), "1 /name VALIDATION_FAILED"),
            (card("4.0", "FN:one\\ntwo"), "1 /name VALIDATION_FAILED"),
        ] {
            let notes = told(&text).1;
            assert_eq!(notes.first().map(String::as_str), Some(expected), "{:?}", &text[..text.len().min(80)]);
        }
        let many = card("4.0", "FN:N").repeat(CONTACTS_MAX + 1);
        assert_eq!(told(&many).1, [format!("{}  TOO_LARGE", CONTACTS_MAX * 4 + 1)]);
    }

    #[test]
    fn one_odd_value_is_left_out_by_itself() {
        let photo = format!("PHOTO:{}", "A".repeat(LINE_MAX));
        for (line, warning) in [
            ("T\u{e9}l:1", None),
            ("X_FOO:1", None),
            (photo.as_str(), None),
            ("item1.LOGO;X=\"a", None),
            ("URL:javascript://x", Some("4 /url VALUE_LEFT_OUT")),
            ("URL:ftp://a.example", Some("4 /url VALUE_LEFT_OUT")),
            ("EMAIL:nowhere", Some("4 /email VALUE_LEFT_OUT")),
            ("TEL:123456789012345678901234567890123456789012345678901234567890", Some("4 /phone VALUE_LEFT_OUT")),
            ("X-CAIRN-CADENCE-DAYS:often", Some("4 /cadenceDays VALUE_LEFT_OUT")),
        ] {
            let (mut drafts, notes) = told(&card("4.0", &format!("FN:N\n{line}")));
            assert_eq!(
                notes,
                warning.map(str::to_owned).into_iter().collect::<Vec<_>>(),
                "{:?}",
                &line[..20.min(line.len())]
            );
            assert_eq!(Value::Object(drafts.remove(0).members), json!({ "name": "N" }));
        }
        let (drafts, notes) = told(&card("4.0", &format!("FN:N\nORG:{}\nUID:{}", "O".repeat(201), "u".repeat(5000))));
        assert_eq!((drafts[0].company.as_deref(), &drafts[0].known_as), (None, &None));
        assert_eq!(notes, ["1 /company VALUE_LEFT_OUT", "1 /externalId VALUE_LEFT_OUT"]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let long = "Gr\u{f6}\u{df}e; a, b\\ ".repeat(20);
        let value = |member: &str| match member {
            "name" => Some("Haddad, Noor; \u{1F600}".to_owned()),
            "note" => Some(format!("{}\nEND:VCARD", long.trim())),
            "company" => Some("Windy; Grid".to_owned()),
            "url" => Some("https://noor.example/a;b,c".to_owned()),
            "cadenceDays" => Some("30".to_owned()),
            _ => None,
        };
        let mut out = Lines::default();
        write(&mut out, "ctc_01h455vb4pex5vsknk084sn02q", "20260301T093000Z", value);
        let text = out.done();
        assert!(text.split("\r\n").all(|line| line.len() <= 75));
        let (drafts, notes) = told(&text);
        assert_eq!(notes, [""; 0]);
        assert_eq!(drafts[0].company, value("company"));
        assert_eq!(drafts[0].id.as_deref(), Some("ctc_01h455vb4pex5vsknk084sn02q"));
        for member in ["name", "note", "url"] {
            assert_eq!(drafts[0].members[member].as_str().map(str::to_owned), value(member), "{member}");
        }
        assert_eq!(drafts[0].members["cadenceDays"], json!(30));
    }
}
