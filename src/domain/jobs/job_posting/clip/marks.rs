//! Texts of pages without their marks: whatever is written in the names of letters is written out, and nothing of it is a mark again.

/// What is not to be read, though it stands between marks.
const UNREAD: [&str; 2] = ["script", "style"];
/// Marks behind which a new line begins.
const BREAKS: [&str; 11] = ["p", "br", "li", "div", "h1", "h2", "h3", "h4", "ul", "ol", "tr"];
/// How long a mark is at most whose quoted words may hold anything.
const MARK: usize = 4000;
/// How long a name of a letter is at most, with its marks.
const NAME: usize = 12;
/// How often a text may be written in the names of letters of names of letters.
const ROUNDS: usize = 6;

/// The text without the marks of a page; what they name is written out, as often as it is named.
pub(super) fn unmarked(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        let plain = written(&stripped(&text));
        if plain == text {
            return plain;
        }
        text = plain;
    }
    // Nobody writes so: what is left of it holds no marks.
    text.replace(['<', '>'], " ")
}

/// The text without its marks.
fn stripped(text: &str) -> String {
    // Of the same length, so that what is found in the one stands there in the other.
    let lower = text.to_ascii_lowercase();
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    while let Some(start) = text[from..].find('<').map(|at| from + at) {
        out.push_str(&text[from..start]);
        if let Some(comment) = text[start..].strip_prefix("<!--") {
            from = comment.find("-->").map_or(text.len(), |at| start + 4 + at + 3);
            continue;
        }
        let begins = text[start + 1..].trim_start_matches('/').starts_with(|letter: char| letter.is_ascii_alphabetic());
        if !begins && !text[start + 1..].starts_with(['!', '?']) {
            // Less than something: no mark.
            out.push('<');
            from = start + 1;
            continue;
        }
        let Some(end) = end_of(text, start) else {
            // A lonely mark is text.
            from = start;
            break;
        };
        let name: String =
            lower[start + 1..end].trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        from = end + 1;
        if BREAKS.contains(&name.as_str()) {
            out.push('\n');
        }
        if UNREAD.contains(&name.as_str()) && !lower[start + 1..].starts_with('/') {
            from = lower[from..].find(&format!("</{name}")).map_or(text.len(), |at| from + at);
        }
    }
    out.push_str(&text[from..]);
    out
}

/// Where a mark ends: behind its quoted words, which may hold anything.
fn end_of(text: &str, start: usize) -> Option<usize> {
    let mut quoted = None;
    for (place, byte) in text.bytes().enumerate().skip(start + 1).take(MARK) {
        match (byte, quoted) {
            (b'>', None) => return Some(place),
            (b'"' | b'\'', None) => quoted = Some(byte),
            (_, Some(mark)) if byte == mark => quoted = None,
            _ => {}
        }
    }
    text[start..].find('>').map(|at| start + at)
}

/// The names of letters that pages write in their texts.
const NAMES: [(&str, &str); 41] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ensp", " "),
    ("emsp", " "),
    ("thinsp", " "),
    ("shy", ""),
    ("ndash", "–"),
    ("mdash", "—"),
    ("hellip", "…"),
    ("bull", "•"),
    ("middot", "·"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("euro", "€"),
    ("pound", "£"),
    ("yen", "¥"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("deg", "°"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("szlig", "ß"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("agrave", "à"),
    ("ccedil", "ç"),
];

/// The text with the names of letters written out, each once.
fn written(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(NAME).position(|byte| byte == b';');
        let name = end.and_then(|end| rest.get(1..end));
        if let Some((name, letters)) = name.and_then(|name| Some((name, letters(name)?))) {
            out.push_str(&letters);
            rest = &rest[name.len() + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn letters(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']).map(|hex| u32::from_str_radix(hex, 16));
        return char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?).map(String::from);
    }
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, letters)| (*letters).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_mark_stays_and_what_is_one_goes_however_it_is_written() {
        for (text, wanted) in [
            ("a <b>bold</b> word", "a bold word"),
            ("<SCRIPT>x</SCRIPT >after", "after"),
            ("<script>never closed", ""),
            ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
            ("1 &lt; 2 and 3 &gt; 2", "1 < 2 and 3 > 2"),
            ("&lt;p&gt;Hello&lt;/p&gt;", "\nHello\n"),
            ("&lt;script&gt;x&lt;/script&gt;y", "y"),
            ("&amp;lt;b&amp;gt;bold", "bold"),
            ("<<b>script>x</script>y", ""),
            ("a<!-- <b> not this --> b", "a b"),
            ("a<!-- never closed", "a"),
            ("<a title=\"x > y\" href='>'>link</a>", "link"),
            ("<a title=\"x>odd", "odd"),
            ("&#60;b&#62;caf&eacute; &#x2013; 5&nbsp;&euro; &amp; more; &nothing; &", "café – 5 € & more; &nothing; &"),
            ("&#xFFFFFFFF; &#-1;", "&#xFFFFFFFF; &#-1;"),
        ] {
            assert_eq!(unmarked(text), wanted, "{text:?}");
        }
        let many = (0..20).fold("<b>".to_owned(), |text, _| text.replace('&', "&amp;").replace('<', "&lt;"));
        assert!(!unmarked(&many).contains('<'));
    }

    #[test]
    fn many_marks_take_no_longer_than_they_are() {
        for text in ["<script>", "<script></script>", "<p", "<a \"", "&lt;", "<!--", "&"] {
            unmarked(&text.repeat(20_000));
        }
    }
}
