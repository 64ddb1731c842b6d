//! `-ay` and `-an`: sets become mapped devices, and are so no more; with `-t`, what would be.
//!
//! Subsets come before the set that stands on them, as do overlays, and partitions after all sets; taking away goes the
//! other way.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it with libdevmapper's calls recorded.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{self, Path, PathBuf};

use dm_cli::exit::{self, Failure};
use dm_core::table::{Line, Table};
use dm_core::words;
use dm_formats::raid::Level;
use dm_formats::raid::sets::RaidSet;

use super::{chosen_sets, overlays, partitions};
use crate::dispatch::Ctx;
use crate::host::{Access, Disk};
use crate::layout::{self, Layout, Manner, Parity, Words};
use crate::mapper::{Making, Mapper};
use crate::options::Id;
use crate::overlay::Overlay;
use crate::survey::Survey;

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let folder = overlays::folder(ctx)?;
    let mut survey = Survey::take(ctx)?;
    let sets = chosen_sets(ctx, &survey)?;
    let activate = ctx.options.activate == Some(true);
    if !activate {
        survey.close();
    }
    let code = Mapper::with(ctx, |ctx, mapper| {
        let (is_taken, parity) = (mapper.open().is_ok(), mapper.parity());
        let active = mapper.names();
        let overlaid = if activate && folder.is_none() { Vec::new() } else { mapper.overlays() };
        let (survey, made) = (&survey, Vec::new());
        let mut work = Work { survey, mapper, is_taken, parity, active, folder, overlaid, made };
        if activate {
            work.activate(ctx, &sets);
        } else {
            work.deactivate(ctx, &sets);
        }
        exit::SUCCESS
    })?;
    Ok(code)
}

/// All that the work needs.
#[derive(Debug)]
pub(super) struct Work<'w, 's, 'a> {
    pub(super) survey: &'w Survey,
    pub(super) mapper: &'w Mapper<'s, 'a>,
    /// Whether somebody is there to take tables, and which target makes RAID 4 and 5.
    is_taken: bool,
    parity: Parity,
    /// The names of all mapped devices.
    pub(super) active: Vec<Vec<u8>>,
    /// Where overlays' files are, with `--overlay`.
    pub(super) folder: Option<PathBuf>,
    /// The overlays that were mapped before, and the sets that they are of.
    pub(super) overlaid: Vec<(Vec<u8>, Vec<u8>)>,
    /// What was made, in its order.
    pub(super) made: Vec<Made>,
}

/// What is taken back where what it was made for cannot be.
#[derive(Debug)]
pub(super) enum Made {
    /// A mapped device of this name.
    Device(Vec<u8>),
    /// An overlay's file.
    File(PathBuf),
}

/// What tables call disks and devices.
#[derive(Debug)]
struct Called<'c, 's, 'a> {
    /// For each disk that is not called by its path.
    disks: Vec<Option<Vec<u8>>>,
    mapper: &'c Mapper<'s, 'a>,
}

impl Words for Called<'_, '_, '_> {
    fn disk(&self, nth: usize, path: &[u8]) -> Vec<u8> {
        let own = self.disks.get(nth).and_then(Option::as_deref);
        words::one_word(own.unwrap_or(path))
    }

    fn set(&self, name: &[u8]) -> Vec<u8> {
        words::one_word(self.mapper.node(name).as_os_str().as_bytes())
    }
}

/// Whether a set stands by itself or under another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    Top,
    Under,
}

impl Work<'_, '_, '_> {
    fn activate(&mut self, ctx: &mut Ctx<'_, '_>, sets: &[RaidSet]) {
        for set in sets {
            if self.map(ctx, set, Rank::Top) && !ctx.options.has(Id::Test) {
                let kind = set.kind_name().as_bytes();
                let pieces: [&[u8]; 5] = [b"Activating ", kind, b" raid set \"", &set.name, b"\""];
                ctx.voice.say(Level::Info, &pieces);
            }
        }
        if !ctx.options.has(Id::NoPartitions) {
            partitions::map(self, ctx, sets);
        }
        if ctx.options.has(Id::RmPartitions) {
            self.forget_partitions(ctx, sets);
        }
    }

    /// Maps a set and what it stands on; whether that worked.
    fn map(&mut self, ctx: &mut Ctx<'_, '_>, set: &RaidSet, rank: Rank) -> bool {
        let before = self.made.len();
        let done = self.map_all(ctx, set, rank);
        // The original leaves a set's subsets where it cannot map the set.
        if !done && self.folder.is_some() && !set.is_group() && self.made.len() > before {
            self.take_back(before);
            let text: [&[u8]; 3] =
                [b"what RAID set \"", &set.name, b"\" stands on was deactivated"];
            ctx.voice.say(Level::Plain, &text);
        }
        done
    }

    fn map_all(&mut self, ctx: &mut Ctx<'_, '_>, set: &RaidSet, rank: Rank) -> bool {
        let is_test = ctx.options.has(Id::Test);
        let name = &set.name;
        if !is_test && self.active.contains(name) {
            if !overlays::are_there(self, ctx, set) {
                return false;
            }
            ctx.voice.say(Level::Plain, &[b"RAID set \"", name, b"\" already active"]);
            return true;
        }
        if let Some(guard) = set.guard.filter(|_| rank == Rank::Top) {
            ctx.voice.say(Level::Error, &[guard.as_bytes()]);
            ctx.voice.say(Level::Error, &[b"RAID set \"", name, b"\" can't be activated"]);
            return false;
        }
        let below = if set.is_group() { Rank::Top } else { Rank::Under };
        for subset in &set.subsets {
            let done = self.map(ctx, subset, below);
            let may_go_on = set.is_group() || is_test || has_no_use(subset);
            if !done && !may_go_on {
                return false;
            }
        }
        set.is_group() || self.map_itself(ctx, set, rank)
    }

    fn map_itself(&mut self, ctx: &mut Ctx<'_, '_>, set: &RaidSet, rank: Rank) -> bool {
        let Some(overlays) = overlays::plan(self, ctx, set) else { return false };
        let Some(layout) = self.layout(ctx, set, &overlays) else { return false };
        if ctx.options.has(Id::Test) {
            overlays::show(self, ctx, &overlays);
            Self::show(ctx, set, &layout);
            return true;
        }
        let before = self.made.len();
        let made = overlays::make(self, ctx, set, &overlays)
            .and_then(|()| self.make(ctx, set, &layout, rank));
        if let Err(failure) = &made {
            // What the set would have stood on is of no use alone.
            self.take_back(before);
            ctx.voice.report(failure);
        }
        let how: &[u8] = if made.is_ok() { b"\" was activated" } else { b"\" was not activated" };
        ctx.voice.say(Level::Plain, &[b"RAID set \"", &set.name, how]);
        made.is_ok()
    }

    fn layout(&self, ctx: &mut Ctx<'_, '_>, set: &RaidSet, overlays: &[Overlay]) -> Option<Layout> {
        let laid = self.all_called(ctx, set, overlays).and_then(|disks| {
            let called = Called { disks, mapper: self.mapper };
            let degraded = ctx.options.has(Id::Degraded);
            let Self { is_taken, parity, .. } = *self;
            let manner = Manner { disk: &called, parity, is_taken, degraded };
            layout::layout(set, &manner).map_err(|refused| refused.text)
        });
        match laid {
            Ok(layout) => {
                if let Some(remark) = &layout.remark {
                    ctx.voice.say(Level::Error, &[remark]);
                }
                Some(layout)
            }
            Err(text) => {
                ctx.voice.say(Level::Error, &[&text]);
                ctx.voice.say(Level::Error, &[b"no mapping possible for RAID set ", &set.name]);
                None
            }
        }
    }

    /// What the table calls the set's disks, where that is not their path.
    fn all_called(
        &self,
        ctx: &Ctx<'_, '_>,
        set: &RaidSet,
        overlays: &[Overlay],
    ) -> Result<Vec<Option<Vec<u8>>>, Vec<u8>> {
        let mut all = vec![None; self.survey.disks.len()];
        for one in overlays {
            if let Some(called) = all.get_mut(one.disk) {
                *called = Some(self.mapper.node(&one.name).into_os_string().into_encoded_bytes());
            }
        }
        if !overlays.is_empty() || ctx.options.has(Id::Test) {
            return Ok(all);
        }
        for member in &set.members {
            if let Some(disk) = self.survey.disks.get(member.disk)
                && let Some(called) = all.get_mut(member.disk)
            {
                *called = Some(self.called(ctx, disk, access(ctx))?);
            }
        }
        Ok(all)
    }

    /// What a table calls a disk: an image is a file with its whole path to the engine, and a loop device to the kernel.
    pub(super) fn called(
        &self,
        ctx: &Ctx<'_, '_>,
        disk: &Disk,
        access: Access,
    ) -> Result<Vec<u8>, Vec<u8>> {
        if disk.dev.is_some() {
            return Ok(disk.path.clone());
        }
        let path = if self.mapper.is_engine() {
            path::absolute(Path::new(OsStr::from_bytes(&disk.path)))
        } else {
            ctx.host.attach(disk, access)
        };
        let path = path.map_err(|why| {
            [b"opening \"", &disk.path[..], b"\": ", why.to_string().as_bytes()].concat()
        })?;
        Ok(path.into_os_string().into_encoded_bytes())
    }

    fn show(ctx: &mut Ctx<'_, '_>, set: &RaidSet, layout: &Layout) {
        for (nth, table) in &layout.below {
            show_table(ctx, &layout::below_name(&set.name, *nth), table);
        }
        show_table(ctx, &set.name, &layout.table);
    }

    fn make(
        &mut self,
        ctx: &mut Ctx<'_, '_>,
        set: &RaidSet,
        layout: &Layout,
        rank: Rank,
    ) -> Result<(), Failure> {
        let mut access = access(ctx);
        if layout.resync && self.mapper.is_engine() && access == Access::ReadWrite {
            access = Access::ReadOnly;
            let why = b"\" is activated read-only: its members may differ";
            ctx.voice.say(Level::Error, &[b"RAID set \"", &set.name, why]);
        }
        let below = layout
            .below
            .iter()
            .map(|(nth, table)| (layout::below_name(&set.name, *nth), table, Rank::Under));
        let all = below.chain([(set.name.clone(), &layout.table, rank)]);
        for (name, table, rank) in all {
            let prefix: &[u8] = if rank == Rank::Top { b"DMRAID-" } else { b"DMRAIDI-" };
            let uuid = [prefix, &name[..]].concat();
            let created = self.mapper.create(&Making { name: &name, uuid, table, access });
            created.map_err(|failure| self.explained(table, failure))?;
            self.has_made(&name);
        }
        Ok(())
    }

    /// A device has been made.
    pub(super) fn has_made(&mut self, name: &[u8]) {
        self.active.push(name.to_vec());
        self.made.push(Made::Device(name.to_vec()));
    }

    /// Takes back all but the first of what was made, the last of it first.
    fn take_back(&mut self, kept: usize) {
        for made in self.made.split_off(kept).into_iter().rev() {
            match made {
                Made::Device(name) => {
                    self.mapper.remove(&name).ok();
                    self.active.retain(|active| *active != name);
                }
                Made::File(path) => {
                    fs::remove_file(path).ok();
                }
            }
        }
    }

    /// The failure, after what the original says of a target that is not there.
    pub(super) fn explained(&self, table: &Table, failure: Failure) -> Failure {
        let missing = table.iter().find(|line| !self.mapper.has_target(line.target.as_bytes()));
        match missing {
            Some(line) => {
                let target = line.target.as_bytes();
                let text =
                    [b"ERROR: device-mapper target type \"", target, b"\" is not in the kernel"];
                failure.and(text.concat())
            }
            None => failure,
        }
    }

    fn forget_partitions(&self, ctx: &mut Ctx<'_, '_>, sets: &[RaidSet]) {
        for set in sets {
            self.forget_partitions(ctx, &set.subsets);
            for member in &set.members {
                let Some(disk) = self.survey.disks.get(member.disk) else { continue };
                if disk.dev.is_some()
                    && let Err(failure) = ctx.host.forget_partitions(disk)
                {
                    ctx.voice.report(&failure);
                    break;
                }
            }
        }
    }

    fn deactivate(&mut self, ctx: &mut Ctx<'_, '_>, sets: &[RaidSet]) {
        partitions::unmap(self, ctx, sets);
        for set in sets {
            self.unmap(ctx, set);
        }
        if !ctx.options.has(Id::Test) {
            ctx.host.detach_unused(&self.survey.disks);
        }
    }

    /// Takes a set's device away, then those that it stands on.
    fn unmap(&mut self, ctx: &mut Ctx<'_, '_>, set: &RaidSet) {
        if !set.is_group() && !self.unmap_itself(ctx, &set.name) {
            return;
        }
        let below = (0..u64::from(u8::MAX)).map(|nth| layout::below_name(&set.name, nth));
        let below = below.take_while(|name| self.active.contains(name));
        let overlays = overlays::of(self, set);
        for name in below.collect::<Vec<_>>().into_iter().chain(overlays) {
            self.unmap_itself(ctx, &name);
        }
        for subset in &set.subsets {
            self.unmap(ctx, subset);
        }
    }

    /// Whether it is gone, or was not there.
    pub(super) fn unmap_itself(&mut self, ctx: &mut Ctx<'_, '_>, name: &[u8]) -> bool {
        let is_active = self.active.iter().any(|active| active == name);
        if ctx.options.has(Id::Test) {
            let how: &[u8] = if is_active { b" [active]" } else { b" [inactive]" };
            ctx.voice.out.line(&[name, how]);
            return true;
        }
        if !is_active {
            ctx.voice.say(Level::Plain, &[b"RAID set \"", name, b"\" is not active"]);
            return true;
        }
        self.remove(ctx, name)
    }

    /// Takes one device away; whether that worked.
    fn remove(&mut self, ctx: &mut Ctx<'_, '_>, name: &[u8]) -> bool {
        match self.mapper.remove(name) {
            Ok(()) => {
                self.active.retain(|active| active != name);
                true
            }
            Err(failure) => {
                ctx.voice.report(&failure);
                false
            }
        }
    }
}

/// A subset that has no data is not waited for: what stands on it does without.
fn has_no_use(subset: &RaidSet) -> bool {
    !subset.status.is_of_use()
}

pub(super) fn access(ctx: &Ctx<'_, '_>) -> Access {
    if ctx.options.has(Id::ReadOnly) { Access::ReadOnly } else { Access::ReadWrite }
}

pub(super) fn show_table(ctx: &mut Ctx<'_, '_>, name: &[u8], table: &Table) {
    for Line { start, len, target, args } in table {
        let range = format!(": {start} {len} ");
        ctx.voice.out.line(&[name, range.as_bytes(), target.as_bytes(), b" ", args]);
    }
}
