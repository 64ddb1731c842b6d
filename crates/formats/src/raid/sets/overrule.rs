//! The newest metadata say what disks with older ones are, before sets are made of them.

use alloc::vec::Vec;

use dm_core::units::Sectors;

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
            let paths = |nth: usize| places.get(nth).and_then(|place| Some(all.get(*place)?.path));
            for out in &one.out {
                say(&mut log, format, [paths(one.nth), paths(out.by)], out);
            }
            if let Some(looked) = places.get(one.nth).and_then(|place| all.get_mut(*place)) {
                apply(looked.reading, one);
            }
        }
    }
    log
}

/// Says that a disk is passed over, of which set if not of all, and by whose metadata.
fn say(log: &mut Log, format: &FormatType, [path, by]: [Option<&[u8]>; 2], out: &Out) {
    let of = match &out.set {
        Some(set) => [b" is passed over for RAID set \"", &set[..], b"\""].concat(),
        None => b" is passed over".to_vec(),
    };
    let (path, by) = (path.unwrap_or_default(), by.unwrap_or_default());
    let words = out.reason.words().as_bytes();
    let before: &[u8] = b": newer metadata on ";
    log.error(&[format.name.as_bytes(), b": ", path, &of, before, by, b" ", words]);
}

fn apply(reading: &mut Reading, overruled: Overruled) {
    let Some(found) = &mut reading.found else { return };
    let whole = overruled.out.iter().find(|out| out.set.is_none());
    if let Some(out) = whole {
        let of_format = |seen: &&mut Sighting| seen.format == found.format.name;
        let used = reading.sightings.iter_mut().filter(of_format);
        for seen in used.filter(|seen| seen.fate == Fate::Used) {
            seen.fate = Fate::Passed(out.reason.fate());
        }
    }
    found.members = overruled.members;
    found.guard = overruled.guard;
}
