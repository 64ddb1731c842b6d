//! Serial numbers for images: metadata that know disks by their serial numbers are of no use without.
//!
//! They are given (`--serial DISK=SERIAL`), lie in a file beside the image (`DISK.serial`), or are inferred: where the
//! metadata name disks of such lengths that only one assignment fits. Pure.

use dm_cli::exit::Failure;
use dm_core::units::Sectors;

use crate::options::error;

/// What is known of a disk.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its path.
    pub path: Vec<u8>,
    /// Its serial number.
    pub serial: Option<Vec<u8>>,
    /// Its length.
    pub len: Sectors,
    /// The disks that its metadata name: serial number and length.
    pub named: Vec<(Vec<u8>, Sectors)>,
}

/// What is made of a disk that has no serial number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inferred {
    /// Only this one fits.
    Is(Vec<u8>),
    /// These fit, and nothing tells which.
    OneOf(Vec<Vec<u8>>),
    /// The metadata name no disk that it could be.
    None,
}

/// `DISK=SERIAL`, the last `=` counts.
///
/// # Errors
///
/// There is none.
pub fn given(text: &[u8]) -> Result<(&[u8], &[u8]), Failure> {
    let at = text.iter().rposition(|byte| *byte == b'=');
    at.map(|at| (&text[..at], &text[at + 1..]))
        .ok_or_else(|| error(&[b"--serial takes DISK=SERIAL, not \"", text, b"\""].concat()))
}

/// What becomes of each disk without a serial number whose metadata name disks; by its place in `disks`.
pub fn infer(disks: &[Known]) -> Vec<(usize, Inferred)> {
    let mut taken: Vec<Vec<u8>> = disks.iter().filter_map(|disk| disk.serial.clone()).collect();
    let wanting = |disk: &Known| disk.serial.is_none() && !disk.named.is_empty();
    let mut open: Vec<usize> = (0..disks.len()).filter(|nth| wanting(&disks[*nth])).collect();
    let mut found = Vec::new();
    // Whatever is forced is taken, until nothing more is.
    while let Some((nth, serial)) = forced(disks, &open, &taken) {
        open.retain(|other| *other != nth);
        taken.push(serial.clone());
        found.push((nth, Inferred::Is(serial)));
    }
    for nth in open {
        let fits = fitting(&disks[nth], &taken);
        found.push((nth, if fits.is_empty() { Inferred::None } else { Inferred::OneOf(fits) }));
    }
    found.sort_by_key(|(nth, _)| *nth);
    found
}

/// The serial numbers that a disk may have.
fn fitting(disk: &Known, taken: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let is_free = |serial: &Vec<u8>| !taken.iter().any(|other| is_same(other, serial));
    let fits = disk.named.iter().filter(|(serial, len)| *len == disk.len && is_free(serial));
    fits.map(|(serial, _)| serial.clone()).collect()
}

/// Metadata keep the end of a serial number that is too long for them.
fn is_same(whole: &[u8], stored: &[u8]) -> bool {
    whole == stored || whole.ends_with(stored)
}

/// A disk that only one serial number fits, or the only disk that fits one of as many as there are disks.
fn forced(disks: &[Known], open: &[usize], taken: &[Vec<u8>]) -> Option<(usize, Vec<u8>)> {
    for nth in open {
        if let [serial] = fitting(&disks[*nth], taken).as_slice() {
            // Another disk of the same metadata that only this one fits too makes it a guess.
            let rivals = open
                .iter()
                .filter(|other| *other != nth && disks[**other].named == disks[*nth].named);
            let is_rival = |other: &&usize| fitting(&disks[**other], taken) == [serial.clone()];
            if rivals.filter(|other| is_rival(other)).count() == 0 {
                return Some((*nth, serial.clone()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disk(path: &str, serial: Option<&str>, len: u64, named: &[(&str, u64)]) -> Known {
        Known {
            path: path.into(),
            serial: serial.map(Into::into),
            len: Sectors::new(len),
            named: named
                .iter()
                .map(|(serial, len)| ((*serial).into(), Sectors::new(*len)))
                .collect(),
        }
    }

    const TWO: &[(&str, u64)] = &[("A", 10), ("B", 20)];
    const ALIKE: &[(&str, u64)] = &[("A", 10), ("B", 10)];

    #[test]
    fn lengths_tell_disks_apart() {
        let found = infer(&[disk("x", None, 20, TWO), disk("y", None, 10, TWO)]);
        assert_eq!(found, [(0, Inferred::Is(b"B".into())), (1, Inferred::Is(b"A".into()))]);
    }

    #[test]
    fn one_that_is_known_tells_the_other() {
        let found = infer(&[disk("x", Some("A"), 10, ALIKE), disk("y", None, 10, ALIKE)]);
        assert_eq!(found, [(1, Inferred::Is(b"B".into()))]);
    }

    #[test]
    fn what_is_alike_is_not_guessed() {
        let found = infer(&[disk("x", None, 10, ALIKE), disk("y", None, 10, ALIKE)]);
        let either = Inferred::OneOf(vec![b"A".into(), b"B".into()]);
        assert_eq!(found, [(0, either.clone()), (1, either)]);
    }

    #[test]
    fn two_disks_that_fit_one_number_are_not_told_apart() {
        let named = &[("A", 10), ("B", 20)];
        let found = infer(&[disk("x", None, 10, named), disk("y", None, 10, named)]);
        let only = Inferred::OneOf(vec![b"A".into()]);
        assert_eq!(found, [(0, only.clone()), (1, only)]);
    }

    #[test]
    fn a_disk_that_is_named_nowhere_is_none_of_them() {
        assert_eq!(infer(&[disk("x", None, 30, TWO)]), [(0, Inferred::None)]);
    }

    #[test]
    fn what_is_given_has_an_equals_sign() {
        assert_eq!(given(b"a=b.img=S").unwrap(), (&b"a=b.img"[..], &b"S"[..]));
        assert!(given(b"S").is_err());
    }
}
