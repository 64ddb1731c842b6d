//! What the program is called decides what its arguments mean.
//!
//! | called | arguments |
//! |---|---|
//! | `dmstats` | of `dmsetup stats` |
//! | `devmap_name` | `<major> <minor>` or `<major>:<minor>`; prints a name |
//! | `dmlosetup`, `losetup` | of `losetup`, for a target that no kernel has |
//! | anything else | of `dmsetup` |

mod losetup;

use dm_cli::argv::Order;
use dm_cli::exit::Failure;
use dm_cli::number;
use dm_core::devno::DevNo;

use crate::options::Options;

/// What the program is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Personality {
    /// `dmsetup`, or by no name that means anything.
    Setup,
    /// `dmstats`.
    Stats,
    /// `devmap_name`.
    DevmapName,
    /// `dmlosetup` or `losetup`.
    Losetup,
}

impl Personality {
    /// What `program`, the first word of the command line, is.
    pub fn of(program: &[u8]) -> Self {
        match base_name(program) {
            b"dmstats" => Self::Stats,
            b"devmap_name" => Self::DevmapName,
            b"dmlosetup" | b"losetup" => Self::Losetup,
            _ => Self::Setup,
        }
    }
}

/// What follows the last slash.
pub fn base_name(program: &[u8]) -> &[u8] {
    program.rsplit(|&byte| byte == b'/').next().unwrap_or(program)
}

/// Options, and the command with its arguments.
#[derive(Debug)]
pub struct Invocation {
    /// The options.
    pub options: Options,
    /// The command, if any, and its arguments.
    pub operands: Vec<Vec<u8>>,
}

/// The arguments as `dmsetup` would have had them. What is to be said though nothing failed goes to `remarks`.
///
/// # Errors
///
/// They are none; the text is the original's.
pub fn parse(
    personality: Personality,
    program: &[u8],
    args: &[Vec<u8>],
    order: Order,
    remarks: &mut Vec<String>,
) -> Result<Invocation, Failure> {
    match personality {
        Personality::Setup | Personality::Stats => {
            let (options, operands) = Options::parse(program, args, order, remarks)?;
            Ok(Invocation { options, operands })
        }
        Personality::DevmapName => {
            let dev = devmap_number(args)
                .ok_or_else(|| Failure::line("Usage: devmap_name <major> <minor>").and(""))?;
            Ok(Invocation { options: Options::of_number(dev), operands: Vec::new() })
        }
        Personality::Losetup => losetup::parse(program, args, order, remarks),
    }
}

/// `<major> <minor>`, or `<major>:<minor>` in C's notation.
fn devmap_number(args: &[Vec<u8>]) -> Option<DevNo> {
    match args {
        [major, minor] => {
            let number = |text: &[u8]| u32::try_from(number::atoi(text)).ok();
            Some(DevNo::new(number(major)?, number(minor)?))
        }
        [both] => {
            let major = number::scan(both, 0)?;
            let minor = number::scan(major.rest.strip_prefix(b":")?, 0)?;
            let number = |n: u64| u32::try_from(n).ok();
            Some(DevNo::new(number(major.magnitude)?, number(minor.magnitude)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_part_of_the_program_counts() {
        assert_eq!(Personality::of(b"/sbin/dmstats"), Personality::Stats);
        assert_eq!(Personality::of(b"losetup"), Personality::Losetup);
        assert_eq!(Personality::of(b"dmstats2"), Personality::Setup);
        assert_eq!(Personality::of(b""), Personality::Setup);
    }

    #[test]
    fn devmap_name_takes_two_numbers_or_one_pair() {
        let parse = |args: &[&str]| {
            let args: Vec<_> = args.iter().map(|arg| arg.as_bytes().to_vec()).collect();
            devmap_number(&args)
        };
        assert_eq!(parse(&["254", "3"]), Some(DevNo::new(254, 3)));
        assert_eq!(parse(&["0xfe:0"]), Some(DevNo::new(254, 0)));
        for bad in [&[][..], &["254"], &["a:b"], &["1", "2", "3"], &["-h"]] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }
}
