//! The rows: a field each.
//!
//! # Source
//!
//! Names and help texts: `dmsetup info -c -o help` of 1.02.185; headings and widths: what it prints.

use dm_cli::report::{Field, Kind};

use super::fields::{DEPS, Get, INFO, NAME, NAME_PARTS, REGION, STATS, TREE};

macro_rules! fields {
    ($($section:ident $kind:ident $width:literal $id:literal $heading:literal $get:ident $help:literal,)*) => {
        /// Every field, in the order listed.
        pub static TABLE: &[Field<Get>] = &[
            $(Field {
                id: $id,
                heading: $heading,
                width: $width,
                kind: Kind::$kind,
                section: &$section,
                help: $help,
                get: |object| object.$get(),
            },)*
        ];
    };
}

fields! {
    NAME Text 16 "name" "Name" name "Name of mapped device.",
    NAME Text 16 "mangled_name" "MangledName" mangled_name "Mangled name of mapped device.",
    NAME Text 16 "unmangled_name" "UnmangledName" unmangled_name "Unmangled name of mapped device.",
    NAME Text 32 "uuid" "UUID" uuid "Unique (optional) identifier for mapped device.",
    NAME Text 32 "mangled_uuid" "MangledUUID" mangled_uuid "Mangled unique (optional) identifier for mapped device.",
    NAME Text 32 "unmangled_uuid" "UnmangledUUID" unmangled_uuid "Unmangled unique (optional) identifier for mapped device.",
    NAME Number 6 "read_ahead" "RAhead" read_ahead "Read ahead value.",

    INFO Text 16 "blkdevname" "BlkDevName" kernel_name "Name of block device.",
    INFO Text 4 "attr" "Stat" attributes "(L)ive, (I)nactive, (s)uspended, (r)ead-only, read-(w)rite.",
    INFO Text 6 "tables_loaded" "Tables" tables "Which of the live and inactive table slots are filled.",
    INFO Text 9 "suspended" "Suspended" suspended "Whether the device is suspended.",
    INFO Text 9 "readonly" "Read-only" read_only "Whether the device is read-only or writeable.",
    INFO Text 5 "devno" "DevNo" number "Device major and minor numbers",
    INFO Number 3 "major" "Maj" major "Block device major number.",
    INFO Number 3 "minor" "Min" minor "Block device minor number.",
    INFO Number 4 "open" "Open" open_count "Number of references to open device, if requested.",
    INFO Number 4 "segments" "Targ" targets "Number of segments in live table, if present.",
    INFO Number 6 "events" "Event" events "Number of most recent event.",

    DEPS Number 5 "device_count" "#Devs" deps_count "Number of devices used by this one.",
    TREE Text 16 "devs_used" "DevNamesUsed" used_names "List of names of mapped devices used by this one.",
    DEPS Text 16 "devnos_used" "DevNosUsed" deps_numbers "List of device numbers of devices used by this one.",
    DEPS Text 16 "blkdevs_used" "BlkDevNamesUsed" deps_kernel_names "List of names of block devices used by this one.",
    TREE Number 5 "device_ref_count" "#Refs" users_count "Number of mapped devices referencing this one.",
    TREE Text 8 "names_using_dev" "RefNames" users_names "List of names of mapped devices using this one.",
    TREE Text 9 "devnos_using_dev" "RefDevNos" users_numbers "List of device numbers of mapped devices using this one.",

    NAME_PARTS Text 6 "subsystem" "Subsys" subsystem "Userspace subsystem responsible for this device.",
    NAME_PARTS Text 4 "vg_name" "VG" group "LVM Volume Group name.",
    NAME_PARTS Text 4 "lv_name" "LV" volume "LVM Logical Volume name.",
    NAME_PARTS Text 7 "lv_layer" "LVLayer" layer "LVM device layer.",

    STATS Number 6 "read_count" "#Reads" statistics "Count of reads completed.",
    STATS Number 7 "reads_merged_count" "#RdMrgs" statistics "Count of read requests merged.",
    STATS Number 10 "read_sector_count" "#RdSectors" statistics "Count of sectors read.",
    STATS Number 11 "read_time" "AccRdTime" statistics "Accumulated duration of all read requests (ns).",
    STATS Number 7 "write_count" "#Writes" statistics "Count of writes completed.",
    STATS Number 7 "writes_merged_count" "#WrMrgs" statistics "Count of write requests merged.",
    STATS Number 10 "write_sector_count" "#WrSectors" statistics "Count of sectors written.",
    STATS Number 11 "write_time" "AccWrTime" statistics "Accumulated duration of all writes (ns).",
    STATS Number 7 "in_progress_count" "#InProg" statistics "Count of requests currently in progress.",
    STATS Number 7 "io_ticks" "IoTicks" statistics "Nanoseconds spent servicing requests.",
    STATS Number 10 "queue_ticks" "QueueTicks" statistics "Total nanoseconds spent in queue.",
    STATS Number 7 "read_ticks" "RdTicks" statistics "Nanoseconds spent servicing reads.",
    STATS Number 7 "write_ticks" "WrTicks" statistics "Nanoseconds spent servicing writes.",
    STATS Number 6 "reads_merged_per_sec" "RMrg/s" statistics "Read requests merged per second.",
    STATS Number 6 "writes_merged_per_sec" "WMrg/s" statistics "Write requests merged per second.",
    STATS Number 3 "reads_per_sec" "R/s" statistics "Reads per second.",
    STATS Number 3 "writes_per_sec" "W/s" statistics "Writes per second.",
    STATS Number 5 "read_size_per_sec" "RSz/s" statistics "Size of data read per second.",
    STATS Number 5 "write_size_per_sec" "WSz/s" statistics "Size of data written per second.",
    STATS Number 7 "avg_request_size" "AvgRqSz" statistics "Average request size.",
    STATS Number 5 "queue_size" "QSize" statistics "Average queue size.",
    STATS Number 5 "await" "AWait" statistics "Averate wait time.",
    STATS Number 7 "read_await" "RdAWait" statistics "Averate read wait time.",
    STATS Number 7 "write_await" "WrAWait" statistics "Averate write wait time.",
    STATS Number 10 "throughput" "Throughput" statistics "Throughput.",
    STATS Number 5 "service_time" "SvcTm" statistics "Service time.",
    STATS Number 5 "util" "Util%" statistics "Utilization.",
    STATS Text 16 "hist_count" "Histogram Counts" statistics "Latency histogram counts.",
    STATS Text 16 "hist_count_bounds" "Histogram Counts" statistics "Latency histogram counts with bin boundaries.",
    STATS Text 16 "hist_count_ranges" "Histogram Counts" statistics "Latency histogram counts with bin ranges.",
    STATS Text 10 "hist_percent" "Histogram%" statistics "Relative latency histogram.",
    STATS Text 10 "hist_percent_bounds" "Histogram%" statistics "Relative latency histogram with bin boundaries.",
    STATS Text 10 "hist_percent_ranges" "Histogram%" statistics "Relative latency histogram with bin ranges.",
    STATS Number 10 "interval_ns" "IntervalNs" statistics "Sampling interval in nanoseconds.",
    STATS Number 8 "interval" "Interval" statistics "Sampling interval.",

    REGION Number 4 "region_id" "RgID" statistics "Region ID.",
    REGION Size 7 "region_start" "RgStart" statistics "Region start.",
    REGION Size 6 "region_len" "RgSize" statistics "Region length.",
    REGION Number 4 "area_id" "ArID" statistics "Area ID.",
    REGION Size 7 "area_start" "ArStart" statistics "Area offset from start of device.",
    REGION Size 6 "area_len" "ArSize" statistics "Area length.",
    REGION Size 5 "area_offset" "ArOff" statistics "Area offset from start of region.",
    REGION Number 6 "area_count" "#Areas" statistics "Area count.",
    REGION Number 5 "group_id" "GrpID" statistics "Group ID.",
    REGION Text 6 "program_id" "ProgID" statistics "Program ID.",
    REGION Text 8 "user_data" "UserData" statistics "Auxiliary data.",
    REGION Text 7 "precise" "Precise" statistics "Set if nanosecond precision counters are enabled.",
    REGION Text 9 "hist_bins" "#Bins" statistics "The number of histogram bins configured.",
    REGION Text 16 "hist_bounds" "Histogram Bounds" statistics "Latency histogram bin boundaries.",
    REGION Text 16 "hist_ranges" "Histogram Ranges" statistics "Latency histogram bin ranges.",
    REGION Text 16 "stats_name" "Name" statistics "Stats name of current object.",
    REGION Text 7 "obj_type" "ObjType" statistics "Type of stats object being reported.",
}
