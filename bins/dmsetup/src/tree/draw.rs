//! A graph as lines of text.
//!
//! ```text
//! top2 (254:2)                        top2 (254:2)-+- (7:1)
//!  |- (7:1)                                        `-base (254:0)--- (7:0)
//!  `-base (254:0)
//!     `- (7:0)                        compact
//! ```

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
    /// The symbols hold bytes that no terminal shows, so that lines cannot be measured.
    unmeasured: bool,
}

/// For any terminal.
pub static ASCII: Symbols = Symbols {
    vertical: "| ",
    branch: "|-",
    last: "`-",
    single: "---",
    first: "-+-",
    unmeasured: false,
};

/// For terminals that know Unicode.
pub static UTF: Symbols = Symbols {
    vertical: "\u{2502} ",
    branch: "\u{251c}\u{2500}",
    last: "\u{2514}\u{2500}",
    single: "\u{2500}\u{2500}\u{2500}",
    first: "\u{2500}\u{252c}\u{2500}",
    unmeasured: false,
};

/// For terminals with the line set of a VT100.
pub static VT100: Symbols = Symbols {
    vertical: "\x1b(0\x0fx\x1b(B ",
    branch: "\x1b(0\x0ftq\x1b(B",
    last: "\x1b(0\x0fmq\x1b(B",
    single: "\x1b(0\x0fqqq\x1b(B",
    first: "\x1b(0\x0fqwq\x1b(B",
    unmeasured: true,
};

/// The symbols that the locale's encoding has.
pub fn by_locale() -> &'static Symbols {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default();
    let locale = locale.to_string_lossy();
    let encoding = locale.split_once('.').map(|(_, encoding)| encoding.replace('-', ""));
    if encoding.is_some_and(|name| name.eq_ignore_ascii_case("utf8")) { &UTF } else { &ASCII }
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
    for &index in graph.first(shape.inverted) {
        drawing.draw(index, Place::OwnLine);
        drawing.end_line();
    }
    let lines = drawing.out;
    if !shape.truncated || symbols.unmeasured {
        return lines;
    }
    lines.split_inclusive(|&byte| byte == b'\n').flat_map(cut).collect()
}

/// Where a device is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    OwnLine,
    ParentsLine,
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
    fn draw(&mut self, index: usize, place: Place) {
        let Some(node) = self.graph.node(index) else { return };
        let Some(label) = (self.label)(node.dev, &node.found) else { return };
        match place {
            Place::OwnLine => {
                self.end_line();
                self.indent();
            }
            Place::ParentsLine => {
                let more = self.levels.last().is_some_and(|level| level.more);
                let joint = if more { self.symbols.first } else { self.symbols.single };
                self.out.extend(joint.as_bytes());
            }
        }
        let compact = self.shape.is_compact();
        let width = if compact { cells(&label) } else { 0 };
        self.out.extend(label);
        if !compact {
            self.out.push(b'\n');
        }
        let below = self.graph.below(index, self.shape.inverted);
        for (at, &child) in below.iter().enumerate() {
            self.levels.push(Level { width, more: at + 1 < below.len() });
            let beside = compact && at == 0;
            self.draw(child, if beside { Place::ParentsLine } else { Place::OwnLine });
            self.levels.pop();
        }
    }

    /// What stands before a device on a line of its own.
    fn indent(&mut self) {
        let Some((last, above)) = self.levels.split_last() else { return };
        for level in above {
            self.out.extend(vec![b' '; level.width + 1]);
            let symbol = if level.more { self.symbols.vertical } else { "  " };
            self.out.extend(symbol.as_bytes());
        }
        self.out.extend(vec![b' '; last.width + 1]);
        let symbol = if last.more { self.symbols.branch } else { self.symbols.last };
        self.out.extend(symbol.as_bytes());
    }

    fn end_line(&mut self) {
        if self.out.last().is_some_and(|&byte| byte != b'\n') {
            self.out.push(b'\n');
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
