//! The first look at a document: one pass over its bytes, without recursion and without memory.
//!
//! It may count more than the parser would, never less: a string that does not end is refused here, because
//! the parser would try to read its quotes in another way, and meet brackets that were not counted.

use super::Refusal;

/// The longest document; long values travel as variables.
pub(super) const BYTES: usize = 256 * 1024;
/// Names, signs, values and comments.
pub(super) const TOKENS: usize = 10_000;
/// Brackets inside brackets, of all kinds.
pub(super) const NESTING: usize = 64;
/// The longest name or number.
pub(super) const WORD: usize = 128;
/// Directives in the whole document.
pub(super) const DIRECTIVES: usize = 50;

/// Refuses what is too long, too nested or too much to be parsed.
pub(super) fn scan(text: &str) -> Result<(), Refusal> {
    if text.len() > BYTES {
        return Err(Refusal::TooLong);
    }
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, tokens: 0, nesting: 0, directives: 0 };
    while let Some(&byte) = scanner.bytes.get(scanner.at) {
        scanner.token(byte)?;
    }
    Ok(())
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    tokens: usize,
    nesting: usize,
    directives: usize,
}

impl Scanner<'_> {
    fn token(&mut self, first: u8) -> Result<(), Refusal> {
        if matches!(first, b' ' | b'\t' | b'\n' | b'\r' | b',') {
            self.at += 1;
            return Ok(());
        }
        self.tokens += 1;
        match first {
            b'#' => self.at += self.run(|byte| byte != b'\n' && byte != b'\r'),
            b'"' if self.rest().starts_with(br#"""""#) => self.block_string()?,
            b'"' => self.string()?,
            byte if is_word(byte) => {
                let length = self.run(is_word);
                if length > WORD {
                    return Err(Refusal::WordTooLong);
                }
                self.at += length;
            }
            _ if self.rest().starts_with(b"...") => self.at += 3,
            _ => self.sign(first),
        }
        if self.tokens > TOKENS {
            return Err(Refusal::TooManyTokens);
        }
        if self.nesting > NESTING {
            return Err(Refusal::NestedTooDeep);
        }
        if self.directives > DIRECTIVES {
            return Err(Refusal::TooManyDirectives);
        }
        Ok(())
    }

    fn sign(&mut self, sign: u8) {
        match sign {
            b'{' | b'[' | b'(' => self.nesting += 1,
            b'}' | b']' | b')' => self.nesting = self.nesting.saturating_sub(1),
            b'@' => self.directives += 1,
            _ => {}
        }
        self.at += 1;
    }

    fn string(&mut self) -> Result<(), Refusal> {
        let mut end = self.at + 1;
        loop {
            match self.bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                None | Some(b'\n' | b'\r') => return Err(self.syntax()),
                Some(_) => end += 1,
            }
        }
        self.at = end + 1;
        Ok(())
    }

    fn block_string(&mut self) -> Result<(), Refusal> {
        let mut end = self.at + 3;
        while end < self.bytes.len() {
            let rest = &self.bytes[end..];
            if rest.starts_with(br#"""""#) {
                self.at = end + 3;
                return Ok(());
            }
            end += if rest.starts_with(br#"\""""#) { 4 } else { 1 };
        }
        Err(self.syntax())
    }

    fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    fn run(&self, belongs: impl Fn(u8) -> bool) -> usize {
        self.rest().iter().take_while(|&&byte| belongs(byte)).count()
    }

    fn syntax(&self) -> Refusal {
        let before = &self.bytes[..self.at];
        let line = before.split(|&byte| byte == b'\n').count();
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        // Bytes that continue a character are not columns of their own.
        let column = before[start..].iter().filter(|&&byte| byte & 0xC0 != 0x80).count() + 1;
        Refusal::Syntax { line, column }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
