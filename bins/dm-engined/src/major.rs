//! The major number of the engine's devices.
//!
//! The devices' numbers are the engine's own: no node has them. They must not be those of real devices all
//! the same, for a table may name either by number. So they are taken from the range that the kernel gives
//! drivers without a number of their own, and from its top down, as the kernel does.

use std::fs;
use std::path::Path;

use tracing::warn;

/// The numbers that the kernel gives out, in its order.
///
/// # Source
///
/// `find_dynamic_major` for character devices, and `BLKDEV_MAJOR_MAX` 512, in the kernel's `fs/char_dev.c`
/// and `block/genhd.c`; 234 to 254 and 384 to 511 in `Documentation/admin-guide/devices.txt`.
fn candidates() -> impl Iterator<Item = u32> {
    (234..=254).rev().chain((384..=511).rev())
}

/// The name of the file in the state folder that keeps the number.
const FILE: &str = "major";

/// The number that an earlier daemon took, while its devices are still to come back, else one that no driver
/// has; it is kept in `state`.
pub fn choose(state: &Path) -> u32 {
    let devices = fs::read_to_string("/proc/devices").unwrap_or_default();
    let taken = taken(&devices);
    let path = state.join(FILE);
    let kept = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok());
    if let Some(kept) = kept.filter(|kept| !taken.contains(kept)) {
        return kept;
    }
    let major = candidates().find(|major| !taken.contains(major)).unwrap_or(254);
    if let Some(kept) = kept {
        warn!(kept, major, "a driver has taken the devices' major number: theirs change");
    }
    if let Err(error) = fs::write(&path, format!("{major}\n")) {
        warn!(%error, path = %path.display(), "the major number is not kept");
    }
    major
}

/// Forgets the number: there are no devices any more.
pub fn forget(state: &Path) {
    // Where it stays, the next daemon uses it again.
    let _ = fs::remove_file(state.join(FILE));
}

/// The block majors in the text of `/proc/devices`.
fn taken(devices: &str) -> Vec<u32> {
    let block = devices.lines().skip_while(|line| !line.starts_with("Block devices:")).skip(1);
    block.filter_map(|line| line.split_whitespace().next()?.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICES: &str = "Character devices:\n254 rtc\n\nBlock devices:\n  7 loop\n254 mdp\n";

    #[test]
    fn only_block_devices_count() {
        assert_eq!(taken(DEVICES), [7, 254]);
        assert!(taken("").is_empty());
    }

    #[test]
    fn a_number_that_was_taken_stays_until_it_is_forgotten() {
        let state = tempfile::tempdir().unwrap();
        let path = state.path().join(FILE);
        let major = choose(state.path());
        assert!(candidates().any(|candidate| candidate == major));
        fs::write(&path, "240").unwrap();
        assert_eq!(choose(state.path()), 240);
        fs::write(&path, "junk").unwrap();
        assert_eq!(choose(state.path()), major);
        forget(state.path());
        assert!(!path.exists());
    }
}
