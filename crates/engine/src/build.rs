//! Tables, from lines to live targets: the checks that the kernel makes when a table is loaded, in its order
//! and with its words.
//!
//! What depends on the devices' sizes and blocks is not checked here but by [`LiveTable::checked_limits`],
//! when the table becomes live.

mod ends;

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::table::Line;
use dm_core::units::Sectors;
use dm_core::words;

use self::ends::Ends;
use crate::io::claims::Claims;
use crate::io::request::{Device, Now};
use crate::limits::{self, Limits};
use crate::target::{Build, BuildError, Features, Opener, Runner, Target, TargetType};
use crate::targets;

/// Whether a table takes writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// It does.
    ReadWrite,
    /// It does not: its devices are opened for reading only.
    ReadOnly,
}

/// A live target, and the range of the mapped device that it serves.
#[derive(Debug)]
pub struct Placed {
    /// Where the range begins on the mapped device.
    pub start: Sectors,
    /// How long it is.
    pub len: Sectors,
    /// What the target is.
    pub kind: &'static TargetType,
    /// The target.
    pub target: Box<dyn Target>,
}

/// A table that cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct TableError {
    /// Which of its lines, from 0.
    pub line: usize,
    /// What is wrong with it.
    pub why: BuildError,
}

/// The largest mapped device.
///
/// # Source
///
/// `dm_table_add_target` in the kernel's `drivers/md/dm-table.c`, 6.12: `LLONG_MAX >> SECTOR_SHIFT`.
const SIZE_MAX: Sectors = Sectors::new((1 << 54) - 1);

/// A table as a mapped device runs it.
#[derive(Debug)]
pub struct LiveTable {
    placed: Vec<Placed>,
    /// Where each of them ends: what a request's target is looked up in.
    ends: Ends,
    mode: Mode,
    devices: Vec<Arc<dyn Device>>,
    /// As they were last checked.
    limits: Mutex<Option<Limits>>,
}

/// Builds a table: each line is checked, and its target built, before the next is looked at. A table of no
/// lines is empty; whoever loads it refuses it.
///
/// # Errors
///
/// [`TableError`] for the first line that cannot be built. Nothing stays open then.
///
/// # Source
///
/// `dm_table_add_target` in the kernel's `drivers/md/dm-table.c`, 6.12.
pub fn build(lines: &[Line], mode: Mode, opener: &mut dyn Opener) -> Result<LiveTable, TableError> {
    let mut opener = Remembering { inner: opener, known: HashSet::new(), devices: Vec::new() };
    let mut placed: Vec<Placed> = Vec::with_capacity(lines.len());
    for (number, line) in lines.iter().enumerate() {
        let built =
            check(line, &placed, mode).and_then(|kind| build_line(line, kind, mode, &mut opener));
        placed.push(built.map_err(|why| TableError { line: number, why })?);
    }
    let devices = opener.devices;
    let ends = Ends::new(placed.iter().map(Placed::end).collect());
    Ok(LiveTable { placed, ends, mode, devices, limits: Mutex::new(None) })
}

/// Builds the target of one line, whatever stands before it.
///
/// # Errors
///
/// What the target's own constructor says.
pub fn build_line(
    line: &Line,
    kind: &'static TargetType,
    mode: Mode,
    opener: &mut dyn Opener,
) -> Result<Placed, BuildError> {
    let words = words::split(&line.args);
    let mut build = Build { start: line.start, len: line.len, words: &words, mode, opener };
    let target = (kind.build)(&mut build)?;
    Ok(Placed { start: line.start, len: line.len, kind, target })
}

/// Whether `line` may follow the lines in `before`; which target type it is of.
fn check(line: &Line, before: &[Placed], mode: Mode) -> Result<&'static TargetType, BuildError> {
    // A singleton is alone, so it is the first.
    if before.first().is_some_and(|first| first.kind.features.contains(Features::SINGLETON)) {
        return Err(BuildError::new("singleton target type must appear alone in table"));
    }
    if line.len.is_zero() {
        return Err(BuildError::new("zero-length target"));
    }
    if line.start.checked_add(line.len).is_none_or(|end| end > SIZE_MAX) {
        return Err(BuildError::new("too large device"));
    }
    let kind =
        targets::find(line.target.as_bytes()).ok_or(BuildError::new("unknown target type"))?;
    check_features(kind, before, mode)?;
    if line.start != end_of(before) {
        return Err(BuildError::new("Gap in table"));
    }
    Ok(kind)
}

/// What a target type may be combined with.
fn check_features(kind: &TargetType, before: &[Placed], mode: Mode) -> Result<(), BuildError> {
    let features = kind.features;
    if features.contains(Features::SINGLETON) && !before.is_empty() {
        return Err(BuildError::new("singleton target type must appear alone in table"));
    }
    if features.contains(Features::ALWAYS_WRITEABLE) && mode == Mode::ReadOnly {
        return Err(BuildError::new("target type may not be included in a read-only table"));
    }
    // No other may stand beside an immutable type, so the first says what all are.
    let mixed = match before.first() {
        Some(first) if first.kind.features.contains(Features::IMMUTABLE) => {
            first.kind.name != kind.name
        }
        Some(_) => features.contains(Features::IMMUTABLE),
        None => false,
    };
    if mixed {
        return Err(BuildError::new(
            "immutable target type cannot be mixed with other target types",
        ));
    }
    Ok(())
}

fn end_of(placed: &[Placed]) -> Sectors {
    placed.last().map_or(Sectors::ZERO, Placed::end)
}

impl Placed {
    /// The first sector that it does not serve.
    pub fn end(&self) -> Sectors {
        self.start.saturating_add(self.len)
    }
}

impl LiveTable {
    /// Its targets, in the order of their ranges, without gaps.
    pub fn placed(&self) -> &[Placed] {
        &self.placed
    }

    /// The target that serves `sector`; none beyond the end.
    pub fn find(&self, sector: Sectors) -> Option<&Placed> {
        self.placed.get(self.index_at(sector))
    }

    /// Which of [`Self::placed`] serves `sector`; their number beyond the end.
    pub(crate) fn index_at(&self, sector: Sectors) -> usize {
        self.ends.before(sector)
    }

    /// It was live, and is so no more: its targets end.
    pub fn end(&self) {
        for placed in &self.placed {
            placed.target.end();
        }
    }

    /// How large a device it makes.
    pub fn size(&self) -> Sectors {
        end_of(&self.placed)
    }

    /// Whether it refuses writes.
    pub fn is_read_only(&self) -> bool {
        self.mode == Mode::ReadOnly
    }

    /// The devices that its targets opened, each once, in the order of their opening.
    pub fn devices(&self) -> &[Arc<dyn Device>] {
        &self.devices
    }

    /// The numbers of [`Self::devices`] as `dmsetup deps` lists them: the latest first.
    ///
    /// # Source
    ///
    /// `dm_get_device` in the kernel's `drivers/md/dm-table.c` adds to the list's head.
    pub fn deps(&self) -> Vec<DevNo> {
        self.devices.iter().rev().map(|device| device.dev()).collect()
    }

    /// Computes the limits, and checks every area against its device as it is now: before the table becomes
    /// live.
    ///
    /// # Errors
    ///
    /// `EINVAL`, as [`limits::of_table`] has it.
    pub fn checked_limits(&self) -> Result<Limits, Errno> {
        self.limits_after(None)
    }

    /// As [`Self::checked_limits`], for a table that takes the place of `before`: when none of its targets
    /// uses a device just now, the old limits stay, and nothing is checked against them.
    ///
    /// # Errors
    ///
    /// `EINVAL`, as [`limits::of_table`] has it.
    ///
    /// # Source
    ///
    /// `dm_swap_table` in the kernel's `drivers/md/dm.c`.
    pub fn limits_after(&self, before: Option<&Self>) -> Result<Limits, Errno> {
        let limits = match before {
            Some(before) if self.uses_no_device_now() => {
                limits::kept(before.limits(), &self.placed)
            }
            _ => limits::of_table(&self.placed)?,
        };
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner) = Some(limits.clone());
        Ok(limits)
    }

    /// The limits as last checked; a plain device's when they never were.
    pub fn limits(&self) -> Limits {
        let limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        limits.clone().unwrap_or_default()
    }

    /// # Source
    ///
    /// `dm_table_has_no_data_devices` in the kernel's `drivers/md/dm-table.c`.
    fn uses_no_device_now(&self) -> bool {
        let idle = |placed: &Placed| placed.target.legs().is_empty();
        self.placed
            .iter()
            .all(|placed| !placed.kind.features.contains(Features::DEVICELESS) && idle(placed))
    }
}

/// Passes calls on, and keeps each device that was opened once.
struct Remembering<'a> {
    inner: &'a mut dyn Opener,
    known: HashSet<(DevNo, String)>,
    devices: Vec<Arc<dyn Device>>,
}

impl Remembering<'_> {
    fn remember(&mut self, device: Arc<dyn Device>) -> Arc<dyn Device> {
        if self.known.insert((device.dev(), device.name())) {
            self.devices.push(Arc::clone(&device));
        }
        device
    }
}

impl Opener for Remembering<'_> {
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        let device = self.inner.open(word)?;
        Ok(self.remember(device))
    }

    fn open_to_read(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        let device = self.inner.open_to_read(word)?;
        Ok(self.remember(device))
    }

    fn now(&self) -> Now {
        self.inner.now()
    }

    fn runner(&self) -> Option<Arc<dyn Runner>> {
        self.inner.runner()
    }

    fn claims(&self) -> Arc<Claims> {
        self.inner.claims()
    }

    fn is_back(&self) -> bool {
        self.inner.is_back()
    }

    fn remembers(&self) -> bool {
        self.inner.remembers()
    }
}

impl fmt::Debug for Remembering<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remembering").field("devices", &self.devices).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Knobs, Leg, Map, Parallel, Shape, StatusKind};

    #[derive(Debug)]
    struct Idle;

    impl Target for Idle {
        fn knobs(&self) -> Knobs {
            Knobs::default()
        }

        fn map(&self, _shape: &Shape, _now: Now) -> Map {
            Map::Zero
        }

        fn status(&self, _kind: StatusKind, _out: &mut String) -> fmt::Result {
            Ok(())
        }

        fn legs(&self) -> &[Leg] {
            &[]
        }
    }

    const fn kind(name: &'static str, features: Features) -> TargetType {
        let (version, parallel) = ([1, 0, 0], Parallel::ManyQueues);
        let build =
            |_: &mut Build<'_>| -> Result<Box<dyn Target>, BuildError> { Ok(Box::new(Idle)) };
        TargetType { name, version, parallel, features, examples: &[], build }
    }

    static PLAIN: TargetType = kind("plain", Features::empty());
    static ALONE: TargetType = kind("alone", Features::SINGLETON);
    static WRITING: TargetType = kind("writing", Features::ALWAYS_WRITEABLE);
    static FIXED: TargetType = kind("fixed", Features::IMMUTABLE);
    static OTHER: TargetType = kind("other", Features::IMMUTABLE);

    /// Whether the last of `kinds` may follow the others; if not, the first words of why.
    fn may_follow(kinds: &[&'static TargetType], mode: Mode) -> Result<(), &'static str> {
        let (last, before) = kinds.split_last().unwrap();
        let len = Sectors::new(1);
        let place = |kind| Placed { start: Sectors::ZERO, len, kind, target: Box::new(Idle) };
        let before: Vec<_> = before.iter().map(|kind| place(*kind)).collect();
        check_features(last, &before, mode).map_err(|why| why.text.split(' ').next().unwrap())
    }

    #[test]
    fn a_singleton_is_alone() {
        assert_eq!(may_follow(&[&ALONE], Mode::ReadWrite), Ok(()));
        assert_eq!(may_follow(&[&PLAIN, &ALONE], Mode::ReadWrite), Err("singleton"));
    }

    #[test]
    fn a_target_that_always_writes_is_in_no_read_only_table() {
        assert_eq!(may_follow(&[&WRITING], Mode::ReadWrite), Ok(()));
        assert_eq!(may_follow(&[&WRITING], Mode::ReadOnly), Err("target"));
    }

    #[test]
    fn an_immutable_type_stands_only_beside_itself() {
        assert_eq!(may_follow(&[&FIXED, &FIXED], Mode::ReadWrite), Ok(()));
        for mixed in [&[&FIXED, &OTHER], &[&FIXED, &PLAIN], &[&PLAIN, &FIXED]] {
            assert_eq!(may_follow(mixed, Mode::ReadWrite), Err("immutable"));
        }
    }
}
