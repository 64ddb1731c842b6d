//! The usage texts, as the original prints them: the options, a line for each command, notes.
//!
//! # Source
//!
//! `dmsetup --help` and `dmstats --help` of 1.02.185.

use dm_cli::usage::Usage;

use crate::commands;

const OPTIONS: &str = "        [--version] [-h|--help [-c|-C|--columns]]
        [-v|--verbose [-v|--verbose ...]] [-f|--force]
        [--checks] [--manglename {none|hex|auto}]
        [-r|--readonly] [--noopencount] [--noflush] [--nolockfs] [--inactive]
        [--udevcookie <cookie>] [--noudevrules] [--noudevsync] [--verifyudev]
        [-y|--yes] [--readahead {[+]<sectors>|auto|none}] [--retry]
        [-c|-C|--columns] [-o <fields>] [-O|--sort <sort_fields>]
        [-S|--select <selection>] [--nameprefixes] [--noheadings]
        [--separator <separator>]
";

const NOTES: &str =
    "<device> may be device name or (if only one) -u <uuid> or -j <major> -m <minor>
<mangling_mode> is one of 'none', 'auto' and 'hex'.
<fields> are comma-separated.  Use 'help -c' for list.
<concise_device_specification> has single-device entries separated by semi-colons:
    <name>,<uuid>,<minor>,<flags>,<table>
        where <flags> is 'ro' or 'rw' (the default) and any of <uuid>, <minor>
        and <flags> may be empty. Separate extra table lines with commas.
    E.g.: dev1,,,,0 100 linear 253:1 0,100 100 error;dev2,,,ro,0 1 error
Table_file contents may be supplied on stdin.
Options are: devno, devname, blkdevname.
Tree specific options are: ascii, utf, vt100; compact, inverted, notrunc;
                           blkdevname, [no]device, active, open, rw and uuid.
";

const STATS_OPTIONS: &str = "        [-h|--help]
        [-v|--verbose [-v|--verbose ...]]
        [--areas <nr_areas>] [--areasize <size>]
        [--userdata <data>] [--clear]
        [--count <count>] [--interval <seconds>]
        [-o <fields>] [-O|--sort <sort_fields>]
\t      [--programid <id>]
        [--start <start>] [--length <length>]
        [--segments] [--units <units>]
";

const STATS_NOTES: &str =
    "<device> may be device name or (if only one) -u <uuid> or -j <major> -m <minor>
<fields> are comma-separated.  Use 'help -c' for list.
";

/// The usage text of `dmsetup`.
pub fn dmsetup() -> String {
    let rows = commands::COMMANDS
        .iter()
        .flat_map(|command| command.usage.iter().map(|usage| (command.name, *usage)));
    let commands = rows.collect();
    Usage { program: "dmsetup", options: OPTIONS, commands, notes: NOTES }.to_string()
}

/// The tool, for completions and the manual.
#[cfg(feature = "clap")]
pub fn tool() -> dm_cli::clap::Tool<crate::options::Id> {
    let rows = commands::COMMANDS
        .iter()
        .flat_map(|command| command.usage.iter().map(|usage| (command.name, *usage)));
    dm_cli::clap::Tool {
        name: "dmsetup",
        about: "Makes, shows and removes mapped devices",
        options: crate::options::OPTIONS,
        commands: rows.collect(),
    }
}

/// The usage text of `dmstats`, which may be called `dmsetup stats`.
pub fn dmstats(program: &str) -> String {
    let commands = commands::stats::USAGE.to_vec();
    Usage { program, options: STATS_OPTIONS, commands, notes: STATS_NOTES }.to_string()
}

#[cfg(all(test, feature = "clap"))]
mod tests {
    #[test]
    fn completions_can_be_made_of_the_tables() {
        super::tool().command().debug_assert();
    }
}
