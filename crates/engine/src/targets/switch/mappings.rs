//! `set_region_mappings <mapping>...`: which path each region is on. All numbers are hexadecimal.
//!
//! | mapping | what |
//! |---|---|
//! | `<region>:<path>` | that region is on that path |
//! | `:<path>` | the region after the last one set |
//! | `R<cycle>,<count>` | the `count` regions after it, each as the one `cycle` regions before |
//!
//! A message begins as if region 0 were the last one set. The first wrong mapping ends it with `EINVAL`; those
//! before it hold.
//!
//! # Source
//!
//! `process_set_region_mappings` in the kernel's `drivers/md/dm-switch.c`, 6.12.

use dm_core::errno::Errno;

use super::regions::Regions;

/// One word of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mapping {
    Set { region: Option<u64>, path: u64 },
    Repeat { cycle: u64, count: u64 },
}

/// Carries out the message whose mappings are `words`. One at a time.
///
/// # Errors
///
/// `EINVAL` for a mapping that is none, or leaves the regions or paths.
pub(super) fn set(regions: &Regions, words: &[&[u8]]) -> Result<(), Errno> {
    let mut last = 0;
    for word in words {
        let mapping = Mapping::parse(word).ok_or(Errno::EINVAL)?;
        last = mapping.apply(regions, last).ok_or(Errno::EINVAL)?;
    }
    Ok(())
}

impl Mapping {
    fn parse(word: &[u8]) -> Option<Self> {
        if let [b'R' | b'r', rest @ ..] = word {
            let (cycle, rest) = hex(rest);
            let (count, []) = hex(rest.strip_prefix(b",")?) else { return None };
            let is_whole = rest.len() > 1 && word.get(1) != Some(&b',');
            return is_whole.then_some(Self::Repeat { cycle, count });
        }
        let (region, rest) = hex(word);
        let region = (rest.len() < word.len()).then_some(region);
        let path = rest.strip_prefix(b":").filter(|path| !path.is_empty())?;
        let (path, []) = hex(path) else { return None };
        Some(Self::Set { region, path })
    }

    /// Answers with the region that is the last one set then; none when it cannot be done.
    fn apply(self, regions: &Regions, last: u64) -> Option<u64> {
        match self {
            Self::Set { region, path } => {
                let region = region.unwrap_or(last + 1);
                let path = u32::try_from(path).ok().filter(|&path| path < regions.paths())?;
                (region < regions.count()).then(|| regions.set(region, path))?;
                Some(region)
            }
            Self::Repeat { cycle, count } => {
                if cycle == 0 || cycle - 1 > last {
                    return None;
                }
                let end = last.checked_add(count).filter(|&end| end < regions.count())?;
                for region in last + 1..=end {
                    regions.set(region, regions.get(region - cycle));
                }
                Some(end)
            }
        }
    }
}

/// The number that `word` begins with, zero when there is none, and what follows it.
fn hex(word: &[u8]) -> (u64, &[u8]) {
    let digits = word.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (digits, rest) = word.split_at_checked(digits).unwrap_or((word, &[]));
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map_or(0, u64::from);
    // quirk: the bits above 64 are lost.
    (digits.iter().fold(0, |number, byte| number << 4 | digit(byte)), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_has_one_of_three_forms() {
        let set = |region, path| Some(Mapping::Set { region, path });
        let repeat = |cycle, count| Some(Mapping::Repeat { cycle, count });
        for (word, mapping) in [
            (&b"0:1"[..], set(Some(0), 1)),
            (b"3F:aB", set(Some(0x3f), 0xab)),
            (b":2", set(None, 2)),
            (b"R2,10", repeat(2, 0x10)),
            (b"r0,0", repeat(0, 0)),
            (b"10000000000000003:0", set(Some(3), 0)),
        ] {
            assert_eq!(Mapping::parse(word), mapping, "{}", word.escape_ascii());
        }
        for word in [
            "", "0", "x", ":", "0:", "0:x", "0:1x", "0x0:1", "0:1:1", "-1:0", "R", "R,", "R,1",
            "R1", "R1,", "Rx,1", "R1,x", "R1,1,", "R1x,1", " 0:1",
        ] {
            assert_eq!(Mapping::parse(word.as_bytes()), None, "{word}");
        }
    }
}
