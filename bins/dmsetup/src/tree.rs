//! `ls --tree`: which device stands on which, drawn.

pub mod draw;
pub mod graph;

use dm_cli::exit::Failure;
use dm_cli::session::subject::Subject;
use dm_cli::session::{Session, malformed};
use dm_core::devno::DevNo;
use dm_core::packet::Cmd;
use dm_core::packet::names::Entry;

use crate::ctx::Ctx;
use crate::options::Id;
use draw::Symbols;
use graph::{Found, Graph};

/// What `-o` asks of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of its own")]
pub struct Shape {
    device: bool,
    kernel_name: bool,
    active: bool,
    open: bool,
    uuid: bool,
    rw: bool,
    symbols: Option<&'static Symbols>,
    inverted: bool,
    compact: bool,
    /// `status` and `table` do no more than prevent `compact`.
    roomy: bool,
    truncated: bool,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            device: true,
            kernel_name: false,
            active: false,
            open: false,
            uuid: false,
            rw: false,
            symbols: None,
            inverted: false,
            compact: false,
            roomy: false,
            truncated: true,
        }
    }
}

/// Takes a word in.
type Take = fn(&mut Shape);

impl Shape {
    /// The words, in the order in which they are tried.
    const WORDS: [(&'static str, Take); 15] = [
        ("device", |shape| shape.device = true),
        ("blkdevname", |shape| shape.kernel_name = true),
        ("nodevice", |shape| shape.device = false),
        ("status", |shape| shape.roomy = true),
        ("table", |shape| shape.roomy = true),
        ("active", |shape| shape.active = true),
        ("open", |shape| shape.open = true),
        ("uuid", |shape| shape.uuid = true),
        ("rw", |shape| shape.rw = true),
        ("utf", |shape| shape.symbols = Some(&draw::UTF)),
        ("vt100", |shape| shape.symbols = Some(&draw::VT100)),
        ("ascii", |shape| shape.symbols = Some(&draw::ASCII)),
        ("inverted", |shape| shape.inverted = true),
        ("compact", |shape| shape.compact = true),
        ("notrunc", |shape| shape.truncated = false),
    ];

    /// What `text`, a list of words each of which may be cut short, asks for.
    ///
    /// # Errors
    ///
    /// The first word that is none, and what follows it.
    pub fn parse(text: &[u8]) -> Result<Self, Failure> {
        let mut shape = Self::default();
        let mut rest = text;
        loop {
            let end = rest.iter().position(|&byte| byte == b',').unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let found = Self::WORDS.iter().find(|(name, _)| name.as_bytes().starts_with(word));
            let Some((_, take)) = found else {
                let text = [b"Tree options not recognised: ", rest, b"."].concat();
                return Err(Failure::line(text));
            };
            take(&mut shape);
            match after.split_first() {
                Some((_, after)) => rest = after,
                None => return Ok(shape),
            }
        }
    }

    /// Whether a node has words in brackets.
    const fn has_attributes(&self) -> bool {
        self.active || self.open || self.uuid || self.rw
    }

    /// Whether children go on on their parent's line.
    const fn is_compact(&self) -> bool {
        self.compact && !self.roomy && !self.has_attributes()
    }
}

/// Draws the devices.
///
/// # Errors
///
/// They cannot be listed. A device that cannot be looked at is told of, and the rest drawn.
pub fn print(ctx: &mut Ctx<'_, '_>) -> Result<(), Failure> {
    let entries = ctx.devices()?;
    if entries.is_empty() {
        return Ok(());
    }
    let shape = ctx.options.value(Id::Options).map(Shape::parse).transpose()?.unwrap_or_default();
    let (graph, failed) = graph_of(ctx.session, &entries);
    let symbols = shape.symbols.unwrap_or_else(draw::by_locale);
    let label = |dev: DevNo, found: &Found| label(ctx, &shape, dev, found);
    let text = draw::text(&graph, &shape, symbols, label);
    ctx.out.print(text);
    failed
}

/// The devices with all they stand on. One that cannot be looked at is told of, and the rest found.
pub fn graph_of(session: &Session<'_>, entries: &[Entry]) -> (Graph, Result<(), Failure>) {
    let mut failed = Ok(());
    let mut graph = Graph::default();
    let mapped = entries.iter().map(|entry| entry.dev).collect::<Vec<_>>();
    for entry in entries {
        let mut look = |dev| match look(session, &mapped, dev) {
            Ok(found) => found,
            Err(failure) => {
                session.report(&failure);
                failed = Err(Failure::silent());
                Found::default()
            }
        };
        graph.add(entry.dev, &mut look);
    }
    (graph, failed)
}

/// What is known of a device; nothing of one that is not mapped.
fn look(session: &Session<'_>, mapped: &[DevNo], dev: DevNo) -> Result<Found, Failure> {
    if !mapped.contains(&dev) {
        return Ok(Found::default());
    }
    let subject = Subject::numbered(dev);
    let reply = session.call(&subject.request(Cmd::TableDeps), &subject)?;
    let device = session.shown(&reply)?;
    Ok(Found { device: Some(device), deps: reply.deps().map_err(malformed)? })
}

/// A node's text; `None` for one that is not to be seen.
fn label(ctx: &Ctx<'_, '_>, shape: &Shape, dev: DevNo, found: &Found) -> Option<Vec<u8>> {
    let name = found.device.as_ref().map(|device| device.name.as_slice()).unwrap_or_default();
    if name.is_empty() && !shape.device && !shape.kernel_name {
        return None;
    }
    let mut text = name.to_vec();
    if shape.kernel_name
        && let Some(kernel) = ctx.session.kernel_name(dev)
    {
        text.extend([b" <", &kernel[..], b">"].concat());
    }
    if shape.device {
        text.extend(format!(" ({dev})").into_bytes());
    }
    if let Some(device) = &found.device
        && shape.has_attributes()
    {
        text.extend([b" [", &attributes(shape, device).join(&b", "[..])[..], b"]"].concat());
    }
    Some(text)
}

fn attributes(shape: &Shape, device: &dm_core::dm::DeviceInfo) -> Vec<Vec<u8>> {
    use dm_core::flags::Flags;
    let word = |flag, yes: &str, no: &str| {
        (if device.flags.contains(flag) { yes } else { no }).as_bytes().to_vec()
    };
    [
        (shape.active, word(Flags::SUSPEND, "SUSPENDED", "ACTIVE")),
        (shape.rw, word(Flags::READONLY, "RO", "RW")),
        (shape.open, device.open_count.to_string().into_bytes()),
        (shape.uuid, device.uuid.clone()),
    ]
    .into_iter()
    .filter(|(wanted, _)| *wanted)
    .map(|(_, text)| text)
    .collect()
}
