//! What the original prints about metadata.

use alloc::vec::Vec;

/// How much has to be asked for before a message is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// On standard output, always, without a prefix.
    Plain,
    /// With `-v`.
    Info,
    /// With `-v -v`.
    Notice,
    /// With `-v -v -v`.
    Warn,
    /// With `-d`.
    Debug,
    /// On standard error, always.
    Error,
}

/// A message of the original's, without its prefix and its end of line. Bytes, for it has names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When it is shown.
    pub level: Level,
    /// What it says.
    pub text: Vec<u8>,
}

/// Messages in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log(Vec<Message>);

impl Log {
    /// Adds what the pieces make together.
    pub fn say(&mut self, level: Level, pieces: &[&[u8]]) {
        self.0.push(Message { level, text: pieces.concat() });
    }

    /// [`Self::say`] at [`Level::Error`].
    pub fn error(&mut self, pieces: &[&[u8]]) {
        self.say(Level::Error, pieces);
    }

    /// All of it.
    pub fn messages(&self) -> &[Message] {
        &self.0
    }

    /// Adds another's messages after its own.
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }
}
