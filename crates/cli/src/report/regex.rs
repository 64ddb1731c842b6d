//! Regular expressions in libdevmapper's dialect, matched in time linear in text and pattern.
//!
//! ```text
//! . any byte but NUL, CR, LF    [set] [^set] with ranges    \n \r \t, \c for c    ^ $
//! * + ?    |    ( )
//! ```
//!
//! A pattern may match anywhere in a text. `^` and `$` are characters of their own, before the text and after
//! it: `.` and `[^a]` match them too, and they may stand anywhere.
//!
//! As in the original a pattern is read with others around it, which gives patterns with a `)` too many, or an
//! empty part, their strange meaning.
//!
//! # Source
//!
//! lvm2's `libdm/regex/parse_rx.c` and `matcher.c`, by running `dmsetup` 1.02.185.

use crate::exit::Failure;

/// What stands for `^`.
const BEGIN: u8 = 2;

/// What stands for `$`.
const END: u8 = 3;

/// What a match ends with.
const ACCEPT: u8 = 0;

/// How deep parentheses may stand in each other; deeper is as if one were missing.
const DEPTH_MAX: usize = 200;

/// Some of the 256 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bytes([u64; 4]);

impl Bytes {
    const NONE: Self = Self([0; 4]);
    const ALL: Self = Self([u64::MAX; 4]);

    fn one(byte: u8) -> Self {
        let mut bytes = Self::NONE;
        bytes.put(byte, true);
        bytes
    }

    fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
    }

    fn put(&mut self, byte: u8, is_in: bool) {
        let (word, bit) = (&mut self.0[usize::from(byte / 64)], 1 << (byte % 64));
        if is_in { *word |= bit } else { *word &= !bit }
    }
}

/// A part of a pattern.
#[derive(Debug)]
enum Part {
    One(Bytes),
    Row(Vec<Part>),
    Either(Vec<Part>),
    /// Not at all, if it may be none; more than once, if it may be many.
    Repeated {
        part: Box<Part>,
        none: bool,
        many: bool,
    },
}

/// What may come next in a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    One(Bytes),
    Sign(u8),
    /// Nothing, or a set without an end.
    End,
}

struct Parser<'p> {
    rest: &'p [u8],
    token: Token,
    depth: usize,
    said: Failure,
}

impl Parser<'_> {
    fn say(&mut self, line: &str) {
        self.said = std::mem::replace(&mut self.said, Failure::silent()).and(line);
    }

    fn advance(&mut self) {
        let Some((&first, rest)) = self.rest.split_first() else {
            self.token = Token::End;
            return;
        };
        self.rest = rest;
        self.token = match first {
            b'[' => self.set(),
            b'(' | b')' | b'*' | b'+' | b'?' | b'|' => Token::Sign(first),
            b'^' => Token::One(Bytes::one(BEGIN)),
            b'$' => Token::One(Bytes::one(END)),
            b'.' => {
                let mut bytes = Bytes::ALL;
                for byte in [b'\n', b'\r', ACCEPT] {
                    bytes.put(byte, false);
                }
                Token::One(bytes)
            }
            b'\\' => match self.literal() {
                Some(byte) => Token::One(Bytes::one(byte)),
                None => Token::End,
            },
            byte => Token::One(Bytes::one(byte)),
        };
    }

    /// The byte after a backslash.
    fn literal(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            byte => byte,
        })
    }

    /// The set after a `[`.
    fn set(&mut self) -> Token {
        let negated = self.rest.first() == Some(&b'^');
        let mut bytes = if negated { Bytes::ALL } else { Bytes::NONE };
        if negated {
            bytes.put(ACCEPT, false);
            self.rest = &self.rest[1..];
        }
        let mut last = None;
        while let Some((&first, rest)) = self.rest.split_first() {
            self.rest = rest;
            let (from, to) = match (first, last) {
                (b']', _) => return Token::One(bytes),
                (b'-', Some(last)) => match self.rest.split_first() {
                    Some((&byte, rest)) => {
                        self.rest = rest;
                        (last, byte)
                    }
                    None => break,
                },
                (b'\\', _) => match self.literal() {
                    Some(byte) => (byte, byte),
                    None => break,
                },
                (byte, _) => (byte, byte),
            };
            (from.min(to)..=from.max(to)).for_each(|byte| bytes.put(byte, !negated));
            // quirk: after a range from high to low, the next one begins at its higher end.
            last = Some(from.max(to));
        }
        Token::End
    }

    fn either(&mut self) -> Option<Part> {
        let mut parts = vec![self.row()?];
        while self.token == Token::Sign(b'|') {
            self.advance();
            if let Some(part) = self.row() {
                parts.push(part);
            } else {
                // Once for each that waited for it.
                for _ in &parts {
                    self.say("Badly formed 'or' expression");
                }
                return None;
            }
        }
        Some(Part::Either(parts))
    }

    fn row(&mut self) -> Option<Part> {
        let mut parts = vec![self.repeated()?];
        while self.token != Token::Sign(b'|')
            && let Some(part) = self.repeated()
        {
            parts.push(part);
        }
        Some(Part::Row(parts))
    }

    fn repeated(&mut self) -> Option<Part> {
        let part = self.term()?;
        let (mut none, mut many) = (false, false);
        while let Token::Sign(sign @ (b'*' | b'+' | b'?')) = self.token {
            none |= sign != b'+';
            many |= sign != b'?';
            self.advance();
        }
        Some(if none || many { Part::Repeated { part: Box::new(part), none, many } } else { part })
    }

    fn term(&mut self) -> Option<Part> {
        match self.token {
            Token::One(bytes) => {
                self.advance();
                Some(Part::One(bytes))
            }
            Token::Sign(b'(') if self.depth < DEPTH_MAX => {
                self.advance();
                self.depth += 1;
                let part = self.either();
                self.depth -= 1;
                if self.token != Token::Sign(b')') {
                    self.say("missing ')' in regular expression");
                    return None;
                }
                self.advance();
                part
            }
            Token::Sign(_) | Token::End => None,
        }
    }
}

/// A state of a matcher.
#[derive(Clone, Copy, Debug)]
enum State {
    /// Goes on with one of the bytes.
    One(Bytes, usize),
    /// Goes on at both.
    Both(usize, usize),
    /// Nowhere.
    Dead,
}

/// A pattern, ready to be matched.
#[derive(Debug)]
pub(super) struct Regex {
    states: Vec<State>,
    begin: usize,
}

impl Regex {
    /// Reads a pattern; with what is to be said of parts of it, though the rest can be matched.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(super) fn new(pattern: &[u8]) -> Result<(Self, Vec<u8>), Failure> {
        let whole = [b"(.*(", pattern, b")\0)"].concat();
        let mut parser =
            Parser { rest: &whole, token: Token::End, depth: 0, said: Failure::silent() };
        parser.advance();
        let Some(part) = parser.either() else {
            return Err(parser.said.and("Parse error in regex"));
        };
        let mut regex = Self { states: vec![State::Dead], begin: 0 };
        regex.begin = regex.compile(&part, 0);
        Ok((regex, parser.said.text))
    }

    fn push(&mut self, state: State) -> usize {
        self.states.push(state);
        self.states.len() - 1
    }

    /// Where `part` begins, if what follows it begins at `next`.
    fn compile(&mut self, part: &Part, next: usize) -> usize {
        match part {
            Part::One(bytes) => self.push(State::One(*bytes, next)),
            Part::Row(parts) => {
                parts.iter().rev().fold(next, |next, part| self.compile(part, next))
            }
            Part::Either(parts) => {
                let begins: Vec<usize> =
                    parts.iter().map(|part| self.compile(part, next)).collect();
                let mut begins = begins.into_iter();
                let first = begins.next().unwrap_or(0);
                begins.fold(first, |before, begin| self.push(State::Both(before, begin)))
            }
            Part::Repeated { part, none, many } => {
                let fork = self.push(State::Both(next, next));
                let begin = self.compile(part, if *many { fork } else { next });
                self.states[fork] = State::Both(begin, next);
                if *none { fork } else { begin }
            }
        }
    }

    /// Whether the pattern is somewhere in `text`.
    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let mut now = Active::new(self.states.len());
        let mut then = Active::new(self.states.len());
        now.enter(&self.states, self.begin);
        for byte in [BEGIN].iter().chain(text).chain(&[END]) {
            for &at in &now.list {
                if let State::One(bytes, next) = self.states[at]
                    && bytes.has(*byte)
                {
                    then.enter(&self.states, next);
                }
            }
            if then.list.iter().any(|&at| self.accepts(at)) {
                return true;
            }
            now.clear();
            std::mem::swap(&mut now, &mut then);
        }
        false
    }

    fn accepts(&self, at: usize) -> bool {
        matches!(self.states[at], State::One(bytes, _) if bytes.has(ACCEPT))
    }
}

/// The states that a matcher is in.
struct Active {
    list: Vec<usize>,
    is_in: Vec<bool>,
}

impl Active {
    fn new(states: usize) -> Self {
        Self { list: Vec::new(), is_in: vec![false; states] }
    }

    /// Adds a state, and those that it leads to without a byte.
    fn enter(&mut self, states: &[State], at: usize) {
        let mut waiting = vec![at];
        while let Some(at) = waiting.pop() {
            if std::mem::replace(&mut self.is_in[at], true) {
                continue;
            }
            self.list.push(at);
            if let State::Both(a, b) = states[at] {
                waiting.extend([a, b]);
            }
        }
    }

    fn clear(&mut self) {
        self.list.drain(..).for_each(|at| self.is_in[at] = false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Regex::new(pattern.as_bytes()).unwrap().0.matches(text.as_bytes())
    }

    fn error(pattern: &str) -> String {
        let failure = Regex::new(pattern.as_bytes()).unwrap_err();
        String::from_utf8(failure.text).unwrap()
    }

    #[test]
    fn a_pattern_is_looked_for_anywhere() {
        for (pattern, text) in [
            ("lv", "vg-lv--x-real"),
            ("^vg.*real$", "vg-lv--x-real"),
            ("vg-+lv", "vg-lv"),
            ("^(a|b)$", "b"),
            ("^a?$", ""),
            ("(a|b)*c", "c"),
            ("[a-c-n]$", "n"),
            ("^[z-a]", "q"),
            (r"\-\-", "lv--x"),
            ("a**", "x"),
        ] {
            assert!(matches(pattern, text), "{pattern} in {text}");
        }
        for (pattern, text) in
            [("^lv", "vg-lv"), ("^(a|b)$", "ab"), ("[]", "a"), ("[]a]", "a"), ("b^", "b")]
        {
            assert!(!matches(pattern, text), "{pattern} in {text}");
        }
    }

    #[test]
    fn the_ends_are_characters_too() {
        assert!(matches("a.", "a"));
        assert!(matches(".a", "a"));
        assert!(matches("[^a]", "a"));
        assert!(!matches("^.a", "a"));
    }

    #[test]
    fn bytes_beyond_ascii_are_bytes() {
        assert!(matches("[é]", "é"));
        assert!(!matches("^é$", "e"));
    }

    #[test]
    fn a_parenthesis_too_many_ends_what_comes_before() {
        assert!(matches("a)", "xa"));
        assert!(matches("a)b", "ab"));
        assert!(!matches("a)b", "a"));
        assert!(matches("a|)", "x"));
    }

    #[test]
    fn what_is_wrong_is_said_in_the_originals_words() {
        let missing = "missing ')' in regular expression\n";
        let badly = "Badly formed 'or' expression\n";
        let end = "Parse error in regex\n";
        assert_eq!(error(""), format!("{missing}{end}"));
        assert_eq!(error("()"), format!("{missing}{end}"));
        assert_eq!(error("^(a"), format!("{missing}{end}"));
        assert_eq!(error("a\\"), format!("{missing}{end}"));
        assert_eq!(error("*"), format!("{missing}{missing}{end}"));
        assert_eq!(error("[a-]"), format!("{missing}{missing}{end}"));
        assert_eq!(error("|"), format!("{missing}{badly}{end}"));
        assert_eq!(error("a|"), format!("{badly}{missing}{end}"));
        assert_eq!(Regex::new(b"|a").unwrap().1, missing.as_bytes(), "and the rest matches");
    }

    #[test]
    fn neither_depth_nor_length_is_a_danger() {
        assert!(Regex::new("(".repeat(100_000).as_bytes()).is_err());
        assert!(matches(&format!("a{}", "*?+".repeat(30_000)), "b"));
        assert!(!matches(&"a".repeat(100_000), "a"));
    }
}
