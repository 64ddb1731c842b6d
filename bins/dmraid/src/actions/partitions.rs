//! The partitions of sets: mapped after the sets, and taken away before them.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it with libdevmapper's calls recorded.

use dm_core::name::TargetName;
use dm_core::table::{Line, Table};
use dm_core::units::Sectors;
use dm_core::words;
use dm_formats::partitions::{self, Disk, Id as PartitionId, LogicalBlock, Options, Slice};
use dm_formats::raid::Level;
use dm_formats::raid::sets::RaidSet;

use super::activate::{Work, access, show_table};
use crate::dispatch::Ctx;
use crate::mapper::Making;
use crate::options::Id;

/// The types of entries that are not partitions but lists of them.
const EXTENDED: [u32; 3] = [0x05, 0x0f, 0x85];

/// Maps the partitions of all active sets.
pub(super) fn map(work: &mut Work<'_, '_, '_>, ctx: &mut Ctx<'_, '_>, sets: &[RaidSet]) {
    for set in active(work, sets) {
        for slice in slices(work, ctx, set) {
            map_one(work, ctx, set, &slice);
        }
    }
}

/// Takes the partitions of all active sets away.
pub(super) fn unmap(work: &mut Work<'_, '_, '_>, ctx: &mut Ctx<'_, '_>, sets: &[RaidSet]) {
    for set in active(work, sets) {
        for slice in slices(work, ctx, set) {
            let name = name(ctx, set, slice.number);
            work.unmap_itself(ctx, &name);
        }
    }
}

/// The sets that have a device: those of the highest level, and those of groups.
fn active<'s>(work: &Work<'_, '_, '_>, sets: &'s [RaidSet]) -> Vec<&'s RaidSet> {
    let of_group = |set: &'s RaidSet| {
        if set.is_group() { &set.subsets[..] } else { std::slice::from_ref(set) }
    };
    let all = sets.iter().flat_map(of_group);
    all.filter(|set| work.active.contains(&set.name)).collect()
}

/// The name of a partition.
fn name(ctx: &Ctx<'_, '_>, set: &RaidSet, number: u16) -> Vec<u8> {
    let ends_in_digit = set.name.last().is_some_and(u8::is_ascii_digit);
    let separator = ctx.options.part_char.as_deref().unwrap_or(b"p");
    let separator = if ends_in_digit { separator } else { b"" };
    [&set.name, separator, number.to_string().as_bytes()].concat()
}

/// The partitions of a set's device.
fn slices(work: &Work<'_, '_, '_>, ctx: &mut Ctx<'_, '_>, set: &RaidSet) -> Vec<Slice> {
    use std::os::unix::ffi::OsStrExt as _;
    ctx.voice.say(Level::Notice, &[b"discovering partitions on \"", &set.name, b"\""]);
    let node = work.mapper.node(&set.name);
    let Ok(source) = ctx.host.open(&node) else {
        ctx.voice.say(Level::Error, &[b"opening \"", node.as_os_str().as_bytes(), b"\""]);
        return Vec::new();
    };
    let size = source.size().whole_sectors();
    let options = Options { only: Some("dos"), ..Options::default() };
    let outcome = partitions::read(&mut Disk::new(&*source, LogicalBlock::B512), &options);
    let all = outcome.table.map(|table| table.slices).unwrap_or_default();
    let mut kept = Vec::new();
    for slice in all {
        if matches!(slice.kind, Some(PartitionId::Number(kind)) if kind == 0 || EXTENDED.contains(&kind))
        {
            continue;
        }
        if slice.start.is_zero() || slice.end().is_none_or(|end| end > size) {
            let text = b"dos: partition address past end of RAID device";
            ctx.voice.say(Level::Error, &[text]);
            continue;
        }
        kept.push(slice);
    }
    kept
}

fn table(work: &Work<'_, '_, '_>, set: &RaidSet, slice: &Slice) -> Option<Table> {
    use std::os::unix::ffi::OsStrExt as _;
    let node = words::one_word(work.mapper.node(&set.name).as_os_str().as_bytes());
    let start = format!(" {}", slice.start);
    let args = [&node, start.as_bytes()].concat();
    let target = TargetName::new(b"linear").ok()?;
    Some(vec![Line { start: Sectors::ZERO, len: slice.len, target, args }])
}

fn map_one(work: &mut Work<'_, '_, '_>, ctx: &mut Ctx<'_, '_>, set: &RaidSet, slice: &Slice) {
    let name = name(ctx, set, slice.number);
    let Some(table) = table(work, set, slice) else { return };
    if ctx.options.has(Id::Test) {
        show_table(ctx, &name, &table);
        return;
    }
    if work.active.contains(&name) {
        ctx.voice.say(Level::Plain, &[b"RAID set \"", &name, b"\" already active"]);
        return;
    }
    let uuid = format!("part{}-DMRAID-", slice.number);
    let uuid = [uuid.as_bytes(), &set.name[..]].concat();
    let access = access(ctx);
    let made = work.mapper.create(&Making { name: &name, uuid, table: &table, access });
    let how: &[u8] = if made.is_ok() { b"\" was activated" } else { b"\" was not activated" };
    match made {
        Ok(()) => work.active.push(name.clone()),
        Err(failure) => ctx.voice.report(&failure),
    }
    ctx.voice.say(Level::Plain, &[b"RAID set \"", &name, how]);
}
