//! The command line as typed.
//!
//! The original knows letters alone; our own options have long names, which are never abbreviated, and what
//! else begins with `--` is to us what it is to the original's getopt: the letter `-`, which is none.
//!
//! # Source
//!
//! kpartx 0.9.4, by running it.

use dm_cli::argv::{Argv, ArgvError, Opt, Order};
use dm_cli::exit::{self, Failure};
use dm_core::units::Bytes;
use dm_formats::partitions::LogicalBlock;

macro_rules! options {
    ($($id:ident $short:literal $long:literal $(<$value:literal>)? $help:literal,)*) => {
        /// An option.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the rows below say what each is for")]
        pub enum Id {
            $($id,)*
        }

        /// Every option: the parser, completions and the manual read it.
        pub static OPTIONS: &[Opt<Id>] = &[
            $(Opt::switch(Id::$id, $short, $long, $help)$(.takes($value))?.exact(),)*
        ];
    };
}

options! {
    Add "a" "" "Map the partitions.",
    Delete "d" "" "Remove the maps of the partitions.",
    Update "u" "" "Map the partitions, and remove the maps of those that are no more.",
    List "l" "" "List the partitions that -a would map; this is what is done by default.",
    ReadOnly "r" "" "Maps are read-only.",
    Delimiter "p" "" <"delimiter"> "What stands between the disk's name and the partition's number.",
    AnyGpt "g" "" "Take a GPT for one though its protective MBR is missing.",
    Force "f" "" "With -d: remove every linear map of the disk, whoever made it.",
    Sync "s" "" "Return when the maps can be opened; this is what is done by default.",
    NoSync "n" "" "Return before udev has seen the maps.",
    Verbose "v" "" "Say what is done.",
    Table "t" "" <"type"> "Look for this type of partition table alone: gpt, dos, bsd, solaris, unixware, dasd, mac, sun or ps3.",
    Json "" "json" "Print what was found and done as JSON.",
    DryRun "" "dry-run" "Say what would be done, and change nothing.",
    SectorSize "" "sector-size" <"bytes"> "The disk's logical block, 512 to 65536 bytes, whatever it says itself.",
    Engine "" "engine" <"name"> "Which device-mapper is to answer: kernel, ublk, fuse or file.",
}

/// The usage text.
///
/// # Source
///
/// Debian's kpartx 0.9.4-3.
pub const USAGE: &str = "multipath-tools v0.9.4 (12/19, 2022)
Usage:
  kpartx [-a|-d|-u|-l] [-r] [-p] [-f] [-g] [-s|-n] [-v] wholedisk
\t-a add partition devmappings
\t-r devmappings will be readonly
\t-d del partition devmappings
\t-u update partition devmappings
\t-l list partitions devmappings that would be added by -a
\t-p set device name-partition number delimiter
\t-g force GUID partition table (GPT)
\t-f force devmap create
\t-v verbose
\t-n nosync mode. Return before the partitions are created
\t-s sync mode (Default). Don't return until the partitions are created
";

/// What is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// `-l`.
    #[default]
    List,
    /// `-a`.
    Add,
    /// `-d`.
    Delete,
    /// `-u`.
    Update,
}

/// What the options say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Options {
    /// The last of `-a -d -u -l`.
    pub action: Action,
    /// `-r`.
    pub read_only: bool,
    /// `-p`, which may be empty.
    pub delimiter: Option<Vec<u8>>,
    /// `-g`.
    pub any_gpt: bool,
    /// `-f`.
    pub force: bool,
    /// `-n`, unless `-s` came after it.
    pub no_sync: bool,
    /// `-v`.
    pub verbose: bool,
    /// `-t`.
    pub table: Option<String>,
    /// `--json`.
    pub json: bool,
    /// `--dry-run`.
    pub dry_run: bool,
    /// `--sector-size`.
    pub sector_size: Option<LogicalBlock>,
    /// `--engine`.
    pub engine: Option<String>,
}

/// The usage text as the end of it all, after what is to be told on standard error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    /// What goes to standard error first.
    pub err: Vec<u8>,
    /// Whether the usage text follows, on standard output.
    pub usage: bool,
}

impl From<Misuse> for Failure {
    fn from(misuse: Misuse) -> Self {
        Self { text: misuse.err, code: exit::FAILURE }
    }
}

impl Options {
    /// `program`'s arguments as options and operands.
    ///
    /// # Errors
    ///
    /// [`Misuse`], with getopt's text.
    pub fn parse(
        program: &[u8],
        args: &[Vec<u8>],
        order: Order,
    ) -> Result<(Self, Vec<Vec<u8>>), Misuse> {
        let mut options = Self::default();
        let mut found = Argv::new(OPTIONS, order, args);
        for option in found.by_ref() {
            let option = option.map_err(|error| misuse(program, &error))?;
            options.take(program, option.id, option.value.unwrap_or_default())?;
        }
        let operands = found.operands().into_iter().map(<[u8]>::to_vec).collect();
        Ok((options, operands))
    }

    fn take(&mut self, program: &[u8], id: Id, value: &[u8]) -> Result<(), Misuse> {
        let text = || String::from_utf8_lossy(value).into_owned();
        match id {
            Id::Add => self.action = Action::Add,
            Id::Delete => self.action = Action::Delete,
            Id::Update => self.action = Action::Update,
            Id::List => self.action = Action::List,
            Id::ReadOnly => self.read_only = true,
            Id::Delimiter => self.delimiter = Some(value.to_vec()),
            Id::AnyGpt => self.any_gpt = true,
            Id::Force => self.force = true,
            Id::Sync => self.no_sync = false,
            Id::NoSync => self.no_sync = true,
            Id::Verbose => self.verbose = true,
            Id::Table => self.table = Some(text()),
            Id::Json => self.json = true,
            Id::DryRun => self.dry_run = true,
            Id::SectorSize => self.sector_size = Some(sector_size(program, value)?),
            Id::Engine => self.engine = Some(text()),
        }
        Ok(())
    }
}

fn misuse(program: &[u8], error: &ArgvError) -> Misuse {
    // The original's getopt has no long options: it stops at the second dash.
    let text = match error {
        ArgvError::UnknownLong(_) => ArgvError::UnknownShort(b'-').text(program),
        other => other.text(program),
    };
    Misuse { err: [text, b"\n".to_vec()].concat(), usage: true }
}

fn sector_size(program: &[u8], value: &[u8]) -> Result<LogicalBlock, Misuse> {
    let size = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
    size.and_then(|size| LogicalBlock::new(Bytes::new(size))).ok_or_else(|| {
        let why: &[u8] = b"': not a power of two from 512 to 65536\n";
        Misuse { err: [program, b": --sector-size '", value, why].concat(), usage: false }
    })
}

/// The tool, for completions and the manual.
#[cfg(feature = "clap")]
pub fn tool() -> dm_cli::clap::Tool<Id> {
    dm_cli::clap::Tool {
        name: "kpartx",
        about: "Maps the partitions of a disk or an image",
        options: OPTIONS,
        commands: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<(Options, Vec<Vec<u8>>), Misuse> {
        let args: Vec<Vec<u8>> = line.split(' ').map(|word| word.as_bytes().to_vec()).collect();
        Options::parse(b"kpartx", &args, Order::Permute)
    }

    #[test]
    fn the_last_action_counts() {
        assert_eq!(parsed("-ad x").unwrap().0.action, Action::Delete);
        assert_eq!(parsed("-d -l x").unwrap().0.action, Action::List);
        assert_eq!(parsed("x").unwrap().0.action, Action::List);
    }

    #[test]
    fn a_bundle_may_end_in_an_argument() {
        let (options, operands) = parsed("-avspp disk").unwrap();
        assert_eq!(
            (options.delimiter.as_deref(), operands),
            (Some(&b"p"[..]), vec![b"disk".to_vec()])
        );
        assert!(options.verbose && !options.no_sync);
    }

    #[test]
    fn a_long_option_of_nobodys_is_the_letter_dash() {
        for line in ["--help", "--jso", "--sector", "-a --version x"] {
            let misuse = parsed(line).unwrap_err();
            assert_eq!(misuse.err, b"kpartx: invalid option -- '-'\n", "{line}");
            assert!(misuse.usage);
        }
    }

    #[test]
    fn a_sector_is_a_power_of_two() {
        let size = |line| parsed(line).unwrap().0.sector_size.unwrap().bytes().get();
        assert_eq!(size("--sector-size 4096 x"), 4096);
        assert_eq!(size("--sector-size=512 x"), 512);
        for bad in ["0", "513", "131072", "4k", ""] {
            assert!(!parsed(&format!("--sector-size={bad} x")).unwrap_err().usage, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_words_are_options_or_misuse(
            args in proptest::collection::vec(proptest::collection::vec(0_u8..=255, 0..6), 0..6),
        ) {
            let count = args.len();
            match Options::parse(b"kpartx", &args, Order::Permute) {
                Ok((_, operands)) => proptest::prop_assert!(operands.len() <= count),
                Err(misuse) => proptest::prop_assert!(misuse.err.starts_with(b"kpartx: ")),
            }
        }
    }
}
