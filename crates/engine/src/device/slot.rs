//! A table in a slot, and which devices the engine's own tables hold.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use dm_core::errno::Errno;
use dm_core::name::TargetName;
use dm_core::table::{Line, Table};

use super::lock;
use crate::build::LiveTable;
use crate::state::{Marks, SavedTable};
use crate::target::StatusKind;

/// A table in a slot.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) table: Arc<LiveTable>,
    /// What it prints instead of its own lines: those of a saved table that could not be built again, in
    /// whose place is one that answers every request with an error.
    pub(crate) lost: Option<Table>,
    /// Whether nothing of it is lost: neither the table nor a leg.
    pub(crate) is_whole: bool,
    /// The engine's own devices under it.
    pub(crate) holds: Vec<Hold>,
    /// What tells the host's devices under it from others.
    pub(crate) marks: Marks,
}

impl Slot {
    /// Its lines; `args` is what each target says.
    pub(crate) fn line(&self, index: usize, kind: StatusKind) -> Option<Line> {
        if let Some(lost) = &self.lost {
            let mut line = lost.get(index)?.clone();
            if kind == StatusKind::Info {
                line.args.clear();
            }
            return Some(line);
        }
        let placed = self.table.placed().get(index)?;
        let mut text = String::new();
        // A `String` takes whatever is written.
        let _ = write!(text, "{}", Says(&*placed.target, kind));
        let target = TargetName::new(placed.kind.name.as_bytes()).ok()?;
        Some(Line { start: placed.start, len: placed.len, target, args: text.into_bytes() })
    }

    /// How many lines it has.
    pub(crate) fn len(&self) -> usize {
        self.lost.as_ref().map_or(self.table.placed().len(), Table::len)
    }

    /// As it is saved.
    pub(crate) fn to_saved(&self) -> SavedTable {
        let lines: Table =
            (0..self.len()).filter_map(|index| self.line(index, StatusKind::Table)).collect();
        let uses = self.holds.iter().map(|hold| hold.lower).collect();
        let read_only = self.table.is_read_only();
        let mut saved = SavedTable::new(&lines, read_only, uses);
        saved.marks.clone_from(&self.marks);
        if self.lost.is_none() {
            for (line, placed) in saved.lines.iter_mut().zip(self.table.placed()) {
                line.memory = placed.target.memory();
            }
        }
        saved
    }

    /// Gives the targets of a table that was built anew what those of `saved` remembered.
    pub(crate) fn recall(&self, saved: &SavedTable) {
        if self.lost.is_some() {
            return;
        }
        for (line, placed) in saved.lines.iter().zip(self.table.placed()) {
            if let Some(Err(errno)) =
                line.memory.as_ref().map(|memory| placed.target.recall(memory))
            {
                tracing::warn!(start = line.start, target_type = line.target, %errno, "a target forgets");
            }
        }
    }

    /// The table is live no more: its targets end.
    pub(crate) fn end(&self) {
        self.table.end();
    }
}

/// What a target says of itself.
struct Says<'a>(&'a dyn crate::target::Target, StatusKind);

impl std::fmt::Display for Says<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        self.0.status(self.1, &mut text)?;
        f.write_str(&text)
    }
}

/// The most mapped devices that may stand on one another: a request passes all of them on one stack.
pub(crate) const DEPTH_MAX: usize = 64;

/// Which of the engine's devices stand on which: an entry for every table, live or inactive, that uses one.
#[derive(Debug, Default)]
pub(crate) struct Stack {
    /// How many tables of `.0` use `.1`.
    uses: Mutex<Uses>,
}

type Uses = BTreeMap<(u32, u32), u32>;

/// A table's use of a device; dropped, it is over.
#[derive(Debug)]
pub(crate) struct Hold {
    stack: Arc<Stack>,
    upper: u32,
    pub(crate) lower: u32,
}

impl Stack {
    /// Lets a table of device `upper` use device `lower`.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a device on itself, as the kernel has it; `ELOOP` for one that would stand on itself
    /// through others (a request would go round for ever; the kernel does not look), or on more than
    /// [`DEPTH_MAX`].
    pub(crate) fn hold(self: &Arc<Self>, upper: u32, lower: u32) -> Result<Hold, Errno> {
        if upper == lower {
            return Err(Errno::EINVAL);
        }
        let mut uses = lock(&self.uses);
        let below = height(&uses, lower, Way::Down, upper).ok_or(Errno::ELOOP)?;
        let above = height(&uses, upper, Way::Up, lower).ok_or(Errno::ELOOP)?;
        if below.saturating_add(above) > DEPTH_MAX {
            return Err(Errno::ELOOP);
        }
        *uses.entry((upper, lower)).or_default() += 1;
        Ok(Hold { stack: Arc::clone(self), upper, lower })
    }

    /// How many tables use device `lower`.
    pub(crate) fn count(&self, lower: u32) -> u32 {
        lock(&self.uses).iter().filter(|((_, used), _)| *used == lower).map(|(_, n)| n).sum()
    }
}

/// Which way to look from a device.
#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

impl Way {
    fn next(self, uses: &Uses, from: u32) -> Vec<u32> {
        match self {
            Self::Down => {
                uses.range((from, 0)..=(from, u32::MAX)).map(|(edge, _)| edge.1).collect()
            }
            Self::Up => uses.keys().filter(|edge| edge.1 == from).map(|edge| edge.0).collect(),
        }
    }
}

/// How many devices the longest way from `from` passes, `from` among them; none when `avoided` is on one.
fn height(uses: &Uses, from: u32, way: Way, avoided: u32) -> Option<usize> {
    let mut depth_of: BTreeMap<u32, usize> = BTreeMap::new();
    let mut level = vec![from];
    let mut depth = 0;
    // No way is longer than this: `hold` never lets one become so, nor a circle.
    while !level.is_empty() && depth <= DEPTH_MAX {
        depth += 1;
        let mut next = Vec::new();
        for device in level {
            if device == avoided {
                return None;
            }
            if depth_of.insert(device, depth) != Some(depth) {
                next.extend(way.next(uses, device));
            }
        }
        next.sort_unstable();
        next.dedup();
        level = next;
    }
    Some(depth)
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut uses = lock(&self.stack.uses);
        if let Some(count) = uses.get_mut(&(self.upper, self.lower)) {
            *count -= 1;
            if *count == 0 {
                uses.remove(&(self.upper, self.lower));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_never_stands_on_itself() {
        let stack = Arc::new(Stack::default());
        assert_eq!(stack.hold(1, 1).unwrap_err(), Errno::EINVAL);
        let one_on_two = stack.hold(1, 2).unwrap();
        let _two_on_three = stack.hold(2, 3).unwrap();
        assert_eq!(stack.hold(3, 1).unwrap_err(), Errno::ELOOP);
        assert_eq!(stack.count(2), 1);
        drop(one_on_two);
        assert_eq!(stack.count(2), 0);
        assert!(stack.hold(3, 1).is_ok());
    }

    #[test]
    fn a_stack_has_a_height_whether_it_grows_up_or_down() {
        for way in [|n: u32| (n + 1, n), |n: u32| (1000 - n - 1, 1000 - n)] {
            let stack = Arc::new(Stack::default());
            let grow = |n| {
                let (upper, lower) = way(n);
                stack.hold(upper, lower)
            };
            let holds: Vec<_> = (0..63).map(|n| grow(n).unwrap()).collect();
            assert_eq!(grow(63).unwrap_err(), Errno::ELOOP);
            drop(holds);
        }
    }

    #[test]
    fn a_wide_stack_is_looked_through_once_a_level() {
        let stack = Arc::new(Stack::default());
        let mut holds = Vec::new();
        for level in 0..20 {
            for (upper, lower) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                holds.push(stack.hold(level * 2 + 2 + upper, level * 2 + lower).unwrap());
            }
        }
        assert_eq!(holds.len(), 80);
    }
}
