//! A graph as lines of text.
//!
//! ```text
//! top2 (254:2)                        top2 (254:2)-+- (7:1)
//!  |- (7:1)                                        `-base (254:0)--- (7:0)
//!  `-base (254:0)
//!     `- (7:0)                        compact
//! ```

use std::fs;
use std::path::Path;

use dm_core::devno::DevNo;

use super::Shape;
use super::graph::{Found, Graph};

/// What lines are drawn with; each is two cells wide, `single` and `first` three.
#[derive(Debug, PartialEq, Eq)]
pub struct Symbols {
    vertical: &'static str,
    branch: &'static str,
    last: &'static str,
    single: &'static str,
    first: &'static str,
}

/// For any terminal.
pub static ASCII: Symbols =
    Symbols { vertical: "| ", branch: "|-", last: "`-", single: "---", first: "-+-" };

/// For terminals that know Unicode.
pub static UTF: Symbols = Symbols {
    vertical: "\u{2502} ",
    branch: "\u{251c}\u{2500}",
    last: "\u{2514}\u{2500}",
    single: "\u{2500}\u{2500}\u{2500}",
    first: "\u{2500}\u{252c}\u{2500}",
};

/// For terminals with the line set of a VT100.
pub static VT100: Symbols = Symbols {
    vertical: "\x1b(0\x0fx\x1b(B ",
    branch: "\x1b(0\x0ftq\x1b(B",
    last: "\x1b(0\x0fmq\x1b(B",
    single: "\x1b(0\x0fqqq\x1b(B",
    first: "\x1b(0\x0fqwq\x1b(B",
};

/// The symbols that the locale's encoding has; a locale that is not installed counts for nothing.
pub fn by_locale() -> &'static Symbols {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
    match normal_locale(&locale.to_string_lossy()) {
        Some(name) if is_installed(&name) => &UTF,
        _ => &ASCII,
    }
}

/// The name under which a locale in UTF-8 is installed: `en_US.utf8` for `en_US.UTF-8`.
fn normal_locale(locale: &str) -> Option<String> {
    let (language, encoding) = locale.split_once('.')?;
    let encoding = encoding.split('@').next().unwrap_or_default().replace('-', "");
    encoding.eq_ignore_ascii_case("utf8").then(|| format!("{language}.utf8"))
}

/// Whether the C library has a locale: as a folder, or in its archive.
///
/// # Source
///
/// `localedef(1)` of glibc 2.36.
fn is_installed(name: &str) -> bool {
    let folder = Path::new("/usr/lib/locale");
    let archived = || {
        let archive = fs::read(folder.join("locale-archive")).unwrap_or_default();
        let name = [b"\0", name.as_bytes(), b"\0"].concat();
        archive.windows(name.len()).any(|window| window == name)
    };
    !name.contains('/') && (folder.join(name).is_dir() || archived())
}

/// How long a line may be in cells, where it is not known how wide the terminal is.
const WIDTH: usize = 80;

/// A level above the device being drawn.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// How many cells its device's text takes, where children go on on the same line.
    width: usize,
    /// Whether more of the same level follow.
    more: bool,
}

/// Draws `graph`; `label` gives a device's text, or none for one that is not to be seen.
pub fn text(
    graph: &Graph,
    shape: &Shape,
    symbols: &Symbols,
    label: impl Fn(DevNo, &Found) -> Option<Vec<u8>>,
) -> Vec<u8> {
    let mut drawing =
        Drawing { graph, shape, symbols, label: &label, levels: Vec::new(), out: Vec::new() };
    drawing.draw_all(graph.first(shape.inverted));
    let lines = drawing.out;
    if !shape.truncated {
        return lines;
    }
    lines.split_inclusive(|&byte| byte == b'\n').flat_map(cut).collect()
}

struct Drawing<'a> {
    graph: &'a Graph,
    shape: &'a Shape,
    symbols: &'a Symbols,
    label: &'a dyn Fn(DevNo, &Found) -> Option<Vec<u8>>,
    levels: Vec<Level>,
    out: Vec<u8>,
}

impl Drawing<'_> {
    /// Draws devices of one level, and what is below each.
    fn draw_all(&mut self, devices: &[usize]) {
        for (at, &index) in devices.iter().enumerate() {
            let more = at + 1 < devices.len();
            let below = self.graph.below(index, self.shape.inverted);
            let width = self.draw(index, more, below.is_empty());
            self.levels.push(Level { width, more });
            self.draw_all(below);
            self.levels.pop();
        }
    }

    /// Draws one device, and says how many cells what is below it is set off.
    ///
    /// quirk: on its parent's line, what joins it counts to its own width, so that what is below stands too
    /// far right; and a line that would have ended in a device that is not to be seen does not end.
    fn draw(&mut self, index: usize, more: bool, is_last_of_line: bool) -> usize {
        let node = self.graph.node(index);
        let Some(label) = node.and_then(|node| (self.label)(node.dev, &node.found)) else {
            return 0;
        };
        let mut width = cells(&label);
        if self.out.last().is_none_or(|&byte| byte == b'\n') {
            self.indent(more);
        } else {
            let joint = if more { self.symbols.first } else { self.symbols.single };
            width += cells(joint.as_bytes());
            self.out.extend(joint.as_bytes());
        }
        self.out.extend(label);
        let compact = self.shape.is_compact();
        if !compact || is_last_of_line {
            self.out.push(b'\n');
        }
        if compact { width } else { 0 }
    }

    /// What stands before a device on a line of its own.
    fn indent(&mut self, more: bool) {
        let mut rows = self.levels.iter().peekable();
        // What is at the top stands alone; the others show whether more follow at each level below it.
        while let Some(level) = rows.next() {
            self.out.extend(vec![b' '; level.width + 1]);
            let symbol = match rows.peek() {
                Some(next) if next.more => self.symbols.vertical,
                Some(_) => "  ",
                None if more => self.symbols.branch,
                None => self.symbols.last,
            };
            self.out.extend(symbol.as_bytes());
        }
    }
}

/// How many cells a text takes: bytes that go on a character do not count.
fn cells(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| begins_cell(byte)).count()
}

const fn begins_cell(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

/// A line that is too long, cut and marked.
fn cut(line: &[u8]) -> Vec<u8> {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    if cells(text) <= WIDTH {
        return line.to_vec();
    }
    let starts = text.iter().enumerate().filter(|(_, byte)| begins_cell(**byte));
    let end = starts.map(|(at, _)| at).nth(WIDTH - 1).unwrap_or(text.len());
    [&text[..end], b"...\n"].concat()
}

#[cfg(test)]
mod tests;
