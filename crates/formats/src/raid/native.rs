//! Metadata in their own terms, a field a line: `0x112 raid0_stride: 128`.

use alloc::vec::Vec;
use core::fmt::{self, Display, Write};

/// The text that `-n` shows of a disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Native {
    heading: Vec<u8>,
    text: Vec<u8>,
}

impl Native {
    /// Text under this line, which names the disk.
    pub fn headed(heading: &[u8]) -> Self {
        let heading = [heading, b"\n"].concat();
        Self { text: heading.clone(), heading }
    }

    /// The line that names the disk once more: what follows is another structure's.
    pub fn again(&mut self) {
        self.text.extend_from_slice(&self.heading);
    }

    /// A field at byte `at` of the structure.
    pub fn field(&mut self, at: usize, name: &str, value: impl Display) {
        // Nothing here fails to take text.
        writeln!(self, "{at:#05x} {name}: {value}").ok();
    }

    /// A field of text, in quotes. It ends where its bytes do, or at the first zero.
    pub fn quoted(&mut self, at: usize, name: &str, value: &[u8]) {
        write!(self, "{at:#05x} {name}: \"").ok();
        self.bytes(&[until_nul(value), b"\"\n"].concat());
    }

    /// The same, with blanks before it where it is shorter than `width`.
    pub fn right(&mut self, at: usize, name: &str, value: &[u8], width: usize) {
        let text = until_nul(value);
        let blanks = alloc::vec![b' '; width.saturating_sub(text.len())];
        self.quoted(at, name, &[&blanks, text].concat());
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.text.extend_from_slice(bytes);
    }

    /// All of it.
    pub fn text(&self) -> &[u8] {
        &self.text
    }
}

impl Write for Native {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes(text.as_bytes());
        Ok(())
    }
}

/// The bytes before the first zero.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_a_line() {
        let mut native = Native::default();
        native.field(8, "stride", 128);
        native.field(0x1f0, "magic", format_args!("{:#x}", 0x5a78));
        native.quoted(0, "name", b"one\0two");
        assert_eq!(native.text(), b"0x008 stride: 128\n0x1f0 magic: 0x5a78\n0x000 name: \"one\"\n");
    }

    #[test]
    fn each_structure_has_the_heading() {
        let mut native = Native::headed(b"/dev/sda (pdc):");
        native.field(8, "stride", 128);
        native.again();
        assert_eq!(native.text(), b"/dev/sda (pdc):\n0x008 stride: 128\n/dev/sda (pdc):\n");
    }
}
