//! The table of options: the parser, completions and the manual read it.
//!
//! # Source
//!
//! Names, letters and arguments: `dmsetup --help` and `dmsetup(8)` of 1.02.185. The order of those that begin
//! alike is the order in which the original lists them where an abbreviation is ambiguous.

use dm_cli::argv::Opt;

macro_rules! options {
    ($($id:ident $short:literal $long:literal $(<$value:literal>)? $($exact:ident)? $help:literal,)*) => {
        /// An option.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the rows below say what each is for")]
        pub enum Id {
            $($id,)*
        }

        /// Every option, in the order in which abbreviations are resolved.
        pub static OPTIONS: &[Opt<Id>] = &[
            // quirk: the long form takes an argument, and ignores it; the letter does not.
            Opt::switch(Id::Verbose, "", "verbose", "Say more.").takes("ignored"),
            $(Opt::switch(Id::$id, $short, $long, $help)$(.takes($value))?$(.$exact())?,)*
        ];
    };
}

options! {
    Alias "" "alias" <"name"> "Name for a group of statistics regions.",
    AllDevices "" "alldevices" "All devices.",
    AllPrograms "" "allprograms" "Statistics regions of any program.",
    AllRegions "" "allregions" "All statistics regions.",
    Area "" "area" "Report each area of a statistics region.",
    Areas "" "areas" <"number"> "Number of areas in a statistics region.",
    AreaSize "" "areasize" <"size"> "Size of the areas in a statistics region.",
    AddNodeOnResume "" "addnodeonresume" "Make the node when the device is resumed.",
    AddNodeOnCreate "" "addnodeoncreate" "Make the node when the device is created.",
    Bounds "" "bounds" <"boundaries"> "Boundaries of a latency histogram.",
    Checks "" "checks" "Check more before acting.",
    Clear "" "clear" "Clear the counters after printing.",
    Columns "cC" "columns" "Report in columns.",
    Concise "" "concise" "Whole devices in one line.",
    Count "" "count" <"number"> "Repeat so often.",
    Deferred "" "deferred" "Remove the device when its last user closes it.",
    Exec "" "exec" <"command"> "Run a command for each device.",
    Filemap "" "filemap" "Make statistics regions of a file's extents.",
    Follow "" "follow" <"mode"> "Follow a mapped file by inode or path.",
    Force "f" "force" "Replace the table by one that fails all I/O first.",
    Foreground "" "foreground" "Keep the file map daemon in the foreground.",
    Gid "G" "gid" <"gid"> "Group of the node.",
    Group "" "group" "Report groups of statistics regions.",
    GroupId "" "groupid" <"id"> "A group of statistics regions.",
    Help "h" "help" "Show how to use it.",
    Histogram "" "histogram" "Report latency histograms.",
    Inactive "" "inactive" "Look at the inactive table.",
    Interval "" "interval" <"seconds"> "Wait so long between two reports.",
    Length "" "length" <"length"> "Length of a statistics region.",
    MangleName "" "manglename" <"mode"> "How names are encoded: none, hex or auto.",
    Major "j" "major" <"major"> "The device's major number.",
    Minor "m" "minor" <"minor"> "The device's minor number.",
    Mode "M" "mode" <"mode"> "Permissions of the node, octal.",
    NamePrefixes "" "nameprefixes" "Put DM_ and the field's name before each value.",
    NoGroup "" "nogroup" "Leave regions ungrouped.",
    NoFlush "" "noflush" "Suspend without flushing queued requests.",
    NoHeadings "" "noheadings" "Leave headings out.",
    NoLockFs "" "nolockfs" "Suspend without freezing the filesystem.",
    NoOpenCount "" "noopencount" "Do not count who has the device open.",
    NoSuffix "" "nosuffix" "Leave the units of sizes out.",
    NoTable "n" "notable" "Create the device without a table.",
    NoTimeSuffix "" "notimesuffix" "Leave the units of times out.",
    NoMonitor "" "nomonitor" "Do not follow the file.",
    NoUdevRules "" "noudevrules" "udev's rules are to leave the device alone.",
    NoUdevSync "" "noudevsync" "Do not wait for udev.",
    Options "o" "options" <"fields"> "Which fields, or how to show a device.",
    Precise "" "precise" "Count in nanoseconds.",
    ProgramId "" "programid" <"id"> "Program that statistics regions belong to.",
    ReadOnly "r" "readonly" "Load the table read-only.",
    Raw "" "raw" "Report counters as they are.",
    ReadAhead "" "readahead" <"sectors"> "How far to read ahead: [+]sectors, auto or none.",
    Region "" "region" "Report each statistics region.",
    Regions "" "regions" <"regions"> "Statistics regions of a group.",
    RegionId "" "regionid" <"id"> "A statistics region.",
    Relative "" "relative" "Report histograms in percent.",
    Retry "" "retry" "Try again while the device is busy, for 5 s.",
    Rows "" "rows" "Report fields as rows.",
    Select "S" "select" <"selection"> "Only what matches.",
    Segments "" "segments" "A statistics region for each target.",
    Separator "" "separator" <"separator"> "What stands between fields.",
    SetUuid "" "setuuid" "Give the device its uuid instead of a name.",
    ShowKeys "" "showkeys" "Show keys in tables.",
    Sort "O" "sort" <"fields"> "Sort by these fields.",
    Start "" "start" <"start"> "Start of a statistics region.",
    Table "" "table" <"table"> "The table.",
    Target "" "target" <"type"> "Only targets of this type.",
    Tree "" "tree" "Show what stands on what.",
    UdevCookie "" "udevcookie" <"cookie"> "Cookie of a udev transaction.",
    Uid "U" "uid" <"uid"> "Owner of the node.",
    Units "" "units" <"units"> "Units of sizes.",
    Uuid "u" "uuid" <"uuid"> "The device's uuid.",
    Unbuffered "" "unbuffered" "Print each row at once.",
    Unquoted "" "unquoted" "Leave quotes out.",
    UserData "" "userdata" <"data"> "Data kept with a statistics region.",
    Verbose "v" "" "Say more.",
    VerifyUdev "" "verifyudev" "See to nodes where udev has not.",
    Version "" "version" "Show the versions of the library and the driver.",
    Yes "y" "yes" "Ask nothing.",
    Engine "" "engine" <"engine"> exact "Who is to answer: kernel, ublk, fuse or file.",
}
