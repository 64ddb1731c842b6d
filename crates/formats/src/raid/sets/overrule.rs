//! The newest metadata say what disks with older ones are, before sets are made of them.

use alloc::vec::Vec;

use dm_core::units::Sectors;

use crate::raid::kind::Kind;
use crate::raid::member::{Found, Member};
use crate::raid::message::Log;
use crate::raid::newest::{Dated, Out, Overruled};
use crate::raid::sighting::{Fate, Sighting};
use crate::raid::{FORMATS, FormatType, Reading};

/// A disk, and what was read of it.
#[derive(Debug)]
pub struct Looked<'a> {
    /// Its path.
    pub path: &'a [u8],
    /// Its serial number.
    pub serial: Option<&'a [u8]>,
    /// How large it is.
    pub len: Sectors,
    /// What was read.
    pub reading: &'a mut Reading,
}

/// Gives each disk the parts in sets that it has by the newest metadata of its family; what is to be said of those that
/// are passed over.
///
/// What `-r` shows of a disk stays what its own metadata say.
pub fn by_newest(all: &mut [Looked<'_>]) -> Log {
    let mut log = Log::default();
    for format in FORMATS {
        let Some(newest) = format.newest else { continue };
        let (places, overruled) = {
            let of_format = all.iter().enumerate().filter_map(|(place, looked)| {
                let found = looked.reading.found.as_ref();
                let found = found.filter(|found| found.format.name == format.name)?;
                let Looked { path, serial, len, .. } = *looked;
                Some((place, Dated { path, serial, len, found }))
            });
            let (places, dated): (Vec<usize>, Vec<Dated<'_>>) = of_format.unzip();
            (places, newest(&dated))
        };
        for one in overruled {
            let path_of = |nth: usize| {
                let looked = places.get(nth).and_then(|place| all.get(*place));
                looked.map_or(&b""[..], |looked| looked.path)
            };
            let by = one.out.iter().map(|out| path_of(out.by)).collect();
            let paths = Paths { disk: path_of(one.nth), by };
            if let Some(looked) = places.get(one.nth).and_then(|place| all.get_mut(*place)) {
                apply(looked.reading, format, one, &paths, &mut log);
            }
        }
    }
    log
}

/// The paths of a disk, and of those that have the metadata by which it is out.
struct Paths<'a> {
    disk: &'a [u8],
    by: Vec<&'a [u8]>,
}

fn apply(
    reading: &mut Reading,
    format: &FormatType,
    one: Overruled,
    paths: &Paths<'_>,
    log: &mut Log,
) {
    let Some(found) = &mut reading.found else { return };
    let kept = kept(found, &one);
    for (out, by) in one.out.iter().zip(&paths.by) {
        let outs = if kept.is_empty() { Vec::from([out.clone()]) } else { by_set(out, found) };
        for out in &outs {
            say(log, format, [paths.disk, by], out, &kept);
        }
    }
    if kept.is_empty() {
        pass_over(&mut reading.sightings, format, &one);
    }
    found.guard = one.guard.or_else(|| found.guard.filter(|_| !kept.is_empty()));
    found.members = one.members;
    found.members.extend(kept);
}

/// The parts that the disk keeps although it failed: of sets that have no other copy of what is on it. Without it nothing
/// of them can be read, and nothing was written to them since it failed.
fn kept(found: &Found, one: &Overruled) -> Vec<Member> {
    let failed = |member: &Member| one.out.iter().any(|out| out.has_failed(&member.set));
    let of_sets = found.members.iter().filter(|member| !member.has_copies() && failed(member));
    let mut kept: Vec<Member> = of_sets.cloned().collect();
    // In its group as well.
    let is_in = |members: &[Member]| members.iter().any(|member| member.kind == Kind::Group);
    if !kept.is_empty() && !is_in(&one.members) {
        let group = found.members.iter().filter(|member| member.kind == Kind::Group);
        kept.splice(0..0, group.cloned());
    }
    kept
}

/// What is to be said of a disk that is kept for some of its sets, set by set.
fn by_set(out: &Out, found: &Found) -> Vec<Out> {
    if out.set.is_some() {
        return Vec::from([out.clone()]);
    }
    let sets = found.members.iter().filter(|member| member.kind != Kind::Group);
    sets.map(|member| Out { set: Some(member.set.clone()), ..*out }).collect()
}

/// Says that a disk is passed over, for which set if not for all, and by whose metadata; or that it is kept.
fn say(log: &mut Log, format: &FormatType, paths: [&[u8]; 2], out: &Out, kept: &[Member]) {
    let [path, by] = paths;
    let (format, words) = (format.name.as_bytes(), out.reason.words().as_bytes());
    let newest: &[u8] = b": the newest metadata, on ";
    match &out.set {
        Some(set) if kept.iter().any(|member| member.set == *set) => {
            let but = [b", but RAID set \"", &set[..], b"\" has no other copy: it stays"].concat();
            log.error(&[format, b": ", path, newest, by, b", ", words, &but]);
        }
        Some(set) => {
            let of = [b" is passed over for RAID set \"", &set[..], b"\""].concat();
            log.error(&[format, b": ", path, &of, newest, by, b", ", words]);
        }
        None => log.error(&[format, b": ", path, b" is passed over", newest, by, b", ", words]),
    }
}

/// Notes that the disk's metadata are not used, where it is out of all sets.
fn pass_over(sightings: &mut [Sighting], format: &FormatType, one: &Overruled) {
    let Some(out) = one.out.iter().find(|out| out.set.is_none()) else { return };
    let of_format = sightings.iter_mut().filter(|seen| seen.format == format.name);
    for seen in of_format.filter(|seen| seen.fate == Fate::Used) {
        seen.fate = Fate::Passed(out.reason.fate());
    }
}
