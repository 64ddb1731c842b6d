//! What `kpartx -l` prints of a disk: lines on both streams, whatever the device is called.

use std::collections::BTreeMap;
use std::fmt;

use dm_core::units::Bytes;
use dm_formats::partitions::{self, Disk, LogicalBlock, Options, Pmbr, Slice};
use dm_testkit::partitions::Image;

/// What was printed. The disk is called `disk`, its slices `p1`, `p2` and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Lines of standard output.
    pub(crate) out: Vec<String>,
    /// Lines of standard error.
    pub(crate) err: Vec<String>,
}

/// A disk that is smaller than this does not have each label's sector; the original complains of it, and of block
/// sizes that its size is no multiple of.
const TINY: u64 = 32 * 512;

impl Answer {
    /// The same without complaints of labels that a tiny disk does not have room for.
    pub(crate) fn without_noise(&self, image: &Image) -> Self {
        let mut answer = self.clone();
        if image.size < TINY {
            let noise = ["read error, ", "llseek error", "read: Invalid argument"];
            answer.err.retain(|line| !noise.iter().any(|noise| line.starts_with(noise)));
        }
        answer
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.out.iter().try_for_each(|line| writeln!(f, "out|{line}"))?;
        self.err.iter().try_for_each(|line| writeln!(f, "err|{line}"))
    }
}

/// Answers by name, as they are recorded.
pub(crate) fn parse(text: &str) -> BTreeMap<String, Answer> {
    let mut answers = BTreeMap::new();
    let mut answer = &mut Answer::default();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            answer = answers.entry(name.trim_end_matches(']').to_owned()).or_default();
        } else if let Some(line) = line.strip_prefix("out|") {
            answer.out.push(line.to_owned());
        } else if let Some(line) = line.strip_prefix("err|") {
            answer.err.push(line.to_owned());
        }
    }
    answers
}

/// What would be printed of what we read.
pub(crate) fn ours(image: &Image) -> Answer {
    let block = LogicalBlock::new(Bytes::new(image.block.into())).unwrap();
    let mut disk = Disk::new(image, block);
    let pmbr = if image.force_gpt { Pmbr::Ignored } else { Pmbr::Needed };
    let options = Options { only: image.only, pmbr, ..Options::default() };
    let outcome = partitions::read(&mut disk, &options);
    let text = |message: &partitions::Message| message.to_string();
    let err: String = outcome.messages.iter().map(|message| text(message) + "\n").collect();
    // Of messages of several lines, too, the indentation of each stays.
    Answer {
        out: outcome.table.map(|table| lines(&table.slices)).unwrap_or_default(),
        err: err.lines().map(str::to_owned).collect(),
    }
}

/// A line for each slice: those of the disk first, then those in containers. Each line has the number of its place;
/// a container is called by that, or by 0 where its own line is still to come or there is none.
fn lines(slices: &[Slice]) -> Vec<String> {
    let live = || slices.iter().filter(|slice| !slice.len.is_zero());
    let mut lines = Vec::new();
    let mut places = BTreeMap::new();
    for slice in live().filter(|slice| slice.container.is_none()) {
        places.insert(slice.number, lines.len());
        lines.push(format!("p{} : 0 {} disk {}", slice.number, slice.len, slice.start));
    }
    for slice in live() {
        let Some(container) = slice.container else { continue };
        places.insert(slice.number, lines.len());
        let place = places.get(&container).copied().unwrap_or(0);
        let start = slices.iter().find(|slice| slice.number == container).unwrap().start;
        let within = slice.start.get().wrapping_sub(start.get());
        lines.push(format!("p{} : 0 {} /dev/dm-{place} {within}", slice.number, slice.len));
    }
    lines
}
