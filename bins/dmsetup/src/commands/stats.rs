//! `stats <command>`, also called `dmstats`: statistics of regions of mapped devices.

use dm_cli::exit::Failure;

use super::{ANY, Command, Operands, Repeat, not_built};
use crate::ctx::Ctx;

pub(super) static COMMAND: Command = Command {
    name: "stats",
    usage: &["<command> [<options>] [<device>...]"],
    operands: 1..=ANY,
    repeat: Repeat::Once,
    run,
};

/// The commands of `dmstats`, and what follows each in its usage text.
pub static USAGE: &[(&str, &str)] = &[
    ("help", ""),
    ("clear", "[--allregions|--regionid id] [--alldevices|<device>...] "),
    (
        "create",
        "[--start <start> [--length <len>]
\t    [--areas <nr_areas>] [--areasize <size>] 
\t    [--programid <id>] [--userdata <data> ] 
\t    [--bounds histogram_boundaries] [--precise] 
\t    [--segments] [--alldevices|<device>...] ",
    ),
    (
        "create",
        "--filemap [--nogroup] [--nomonitor] [--follow mode]
\t    [--programid <id>] [--userdata <data> ] 
\t    [--bounds histogram_boundaries] [--precise] <file_path>",
    ),
    (
        "delete",
        "[--allprograms|--programid id] 
\t    [--allregions|--regionid id] 
\t    [--alldevices|<device>...] ",
    ),
    (
        "group",
        "[--alias NAME] --regions <regions>
\t    [--allprograms|--programid id] [--alldevices|<device>...] ",
    ),
    ("list", "[--allprograms|--programid id] [--allregions|--regionid id] "),
    (
        "print",
        "[--clear] [--allprograms|--programid id] 
\t    [--allregions|--regionid id] 
\t    [--alldevices|<device>...] ",
    ),
    (
        "report",
        "[--interval <seconds>] [--count <cnt>]
\t    [--units <u>] [--programid <id>] [--regionid <id>] 
\t    [-o <fields>] [-O|--sort <sort_fields>]
\t    [-S|--select <selection>] [--nameprefixes]
\t    [--noheadings] [--separator <separator>]
\t    [--allprograms|--programid id] [<device>...]",
    ),
    (
        "ungroup",
        "--groupid <id> [--allprograms|--programid id] 
\t    [--alldevices|<device>...] ",
    ),
    (
        "update_filemap",
        "--groupid <id> 
\t    [--nomonitor] [--follow mode] <file_path>",
    ),
    ("version", ""),
];

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    match operands {
        // One version for each argument after it, and at least one.
        [first, rest @ ..] if first == b"version" => {
            (0..rest.len().max(1)).try_for_each(|_| super::version::run(ctx, &[]))
        }
        _ => Err(not_built("dmstats")),
    }
}
