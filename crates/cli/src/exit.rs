//! How a command ends: exit codes, and the failure that carries the original's text.

use std::error::Error;
use std::fmt;

/// What was asked for was done.
pub const SUCCESS: u8 = 0;

/// What was asked for was not done. The originals know no other code.
pub const FAILURE: u8 = 1;

/// What a shell reports for a program that a closed pipe ended: 128 and the number of `SIGPIPE`.
///
/// # Source
///
/// `dmsetup` 1.02.185 writing into `true`, seen in bash's `PIPESTATUS`.
pub const BROKEN_PIPE: u8 = 141;

/// A command that could not be carried out.
///
/// The text is what the original prints on standard error, to the letter; it may be several lines or none,
/// where all has been said before. Names of devices are bytes, and so is the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure {
    /// Whole lines.
    pub text: Vec<u8>,
    /// The exit code.
    pub code: u8,
}

impl Failure {
    /// A failure of which nothing more is to be said.
    pub const fn silent() -> Self {
        Self { text: Vec::new(), code: FAILURE }
    }

    /// A failure with one line of text; the newline is added.
    pub fn line(text: impl AsRef<[u8]>) -> Self {
        Self::silent().and(text)
    }

    /// A failure with text that is whole lines already.
    pub fn lines(text: impl Into<Vec<u8>>) -> Self {
        Self { text: text.into(), ..Self::silent() }
    }

    /// A failure with what `error` says and what led to it.
    pub fn of(error: &dyn Error) -> Self {
        Self::line(chain(error))
    }

    /// The same with another line after it.
    #[must_use]
    pub fn and(mut self, text: impl AsRef<[u8]>) -> Self {
        self.text.extend_from_slice(text.as_ref());
        self.text.push(b'\n');
        self
    }

    /// The same with `before` said first.
    #[must_use]
    pub fn after(mut self, before: Self) -> Self {
        let text = std::mem::replace(&mut self.text, before.text);
        self.text.extend(text);
        self
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failure {} \"{}\"", self.code, self.text.escape_ascii())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(String::from_utf8_lossy(&self.text).trim_end())
    }
}

impl Error for Failure {}

/// An error and what led to it, in one line.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text = format!("{text}: {error}");
        next = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_in_the_order_said() {
        let failure = Failure::line("b").and("c").after(Failure::line("a"));
        assert_eq!(failure.text, b"a\nb\nc\n");
        assert_eq!(Failure::silent().text, b"");
    }
}
