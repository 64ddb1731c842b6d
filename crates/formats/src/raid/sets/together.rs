//! What disks are together, for tests: read, by the newest metadata, grouped and checked.

use alloc::string::String;
use alloc::vec::Vec;

use dm_testkit::raid::Disk as Fixture;

use super::{Looked, OnDisk, RaidSet, by_newest, check, group};
use crate::raid::{self, Disk, FormatType, Level, Log, Reading};

/// See the module's page.
pub(in crate::raid) struct Together {
    pub(in crate::raid) readings: Vec<Reading>,
    pub(in crate::raid) sets: Vec<RaidSet>,
    /// What is said at error level: of disks that are passed over, then of the sets.
    pub(in crate::raid) passed_over: Vec<String>,
    pub(in crate::raid) of_sets: Vec<String>,
}

impl Together {
    /// Of disks with their paths.
    pub(in crate::raid) fn of<'d>(
        disks: impl IntoIterator<Item = (&'d str, &'d Fixture)>,
        format: &'static FormatType,
    ) -> Self {
        let disks = disks.into_iter().map(|(path, disk)| {
            let serial = disk.serial.as_deref().map(str::as_bytes);
            Disk { path: path.as_bytes(), serial, source: &disk.image }
        });
        let disks: Vec<Disk<'_>> = disks.collect();
        let mut readings: Vec<Reading> =
            disks.iter().map(|disk| raid::read(disk, &[format])).collect();
        let looked = disks.iter().zip(&mut readings).map(|(disk, reading)| Looked {
            path: disk.path,
            serial: disk.serial,
            len: disk.sectors(),
            reading,
        });
        let passed_over = errors(&by_newest(&mut looked.collect::<Vec<_>>()));
        let all = disks.iter().zip(&readings).enumerate();
        let found = all.filter_map(|(nth, (disk, reading))| {
            Some(OnDisk { disk: nth, path: disk.path, found: reading.found.as_ref()? })
        });
        let mut log = Log::default();
        let mut sets = group(found, &mut log);
        check(&mut sets, &mut log);
        Self { readings, sets, passed_over, of_sets: errors(&log) }
    }
}

fn errors(log: &Log) -> Vec<String> {
    let errors = log.messages().iter().filter(|one| one.level == Level::Error);
    errors.map(|one| String::from_utf8_lossy(&one.text).into_owned()).collect()
}
