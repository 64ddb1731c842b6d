//! What `-n` shows.

use alloc::format;

use byteorder::LE;

use super::mpb::{self, DiskEntry, Map, Mpb, Volume};
use crate::bytes::Fields;
use crate::raid::member::Found;
use crate::raid::native::{Native, until_nul};

/// Every field of the MPB.
pub(super) fn native(found: &Found, out: &mut Native) {
    let Some(area) = found.areas.first() else { return };
    let mpb = Mpb::parse(mpb::from_disk(&area.bytes));
    head(&mpb, out);
    for disk in mpb.disks() {
        of_disk(&disk, out);
    }
    for (nth, volume) in mpb.volumes().enumerate() {
        of_volume(nth, &volume, out);
    }
}

/// A text, blanks before it up to `width`.
fn right(out: &mut Native, at: usize, name: &str, width: usize, text: &[u8]) {
    let text = until_nul(text);
    let blanks = width.saturating_sub(text.len());
    let padded = [&b" ".repeat(blanks)[..], text].concat();
    out.quoted(at, name, &padded);
}

/// Words that are shown if they are not zero.
fn fillers(fields: &Fields<'_, LE>, base: usize, name: &str, count: usize, out: &mut Native) {
    for nth in 0..count {
        let at = base.saturating_add(nth.saturating_mul(4));
        let word = fields.u32(nth.saturating_mul(4));
        if word != 0 {
            out.field(at, &format!("{name}filler[{nth}]"), word);
        }
    }
}

fn head(mpb: &Mpb, out: &mut Native) {
    let fields = mpb.fields();
    right(out, 0, "sig", 32, mpb.bytes().get(..0x20).unwrap_or_default());
    let words = [
        (0x20, "check_sum"),
        (0x24, "mpb_size"),
        (0x28, "family_num"),
        (0x2c, "generation_num"),
        (0x30, "error_log_size"),
        (0x34, "attributes"),
    ];
    for (at, name) in words {
        out.field(at, name, fields.u32(at));
    }
    for (at, name) in [(0x38, "num_disks"), (0x39, "num_raid_devs"), (0x3a, "error_log_pos")] {
        out.field(at, name, fields.u8(at));
    }
    let words = [
        (0x3c, "cache_size"),
        (0x40, "orig_family_num"),
        (0x44, "power_cycle_count"),
        (0x48, "bbm_log_size"),
    ];
    for (at, name) in words {
        out.field(at, name, fields.u32(at));
    }
    fillers(&fields.from(0x4c), 0x4c, "", 35, out);
}

fn of_disk(disk: &DiskEntry<'_>, out: &mut Native) {
    let (nth, fields) = (disk.nth, disk.fields());
    let at = |offset: usize| disk.at.saturating_add(offset);
    right(out, at(0), &format!("disk[{nth}].serial"), 16, disk.serial());
    out.field(at(0x10), &format!("disk[{nth}].totalBlocks"), fields.u32(0x10));
    for (offset, name) in [(0x14, "scsiId"), (0x18, "status"), (0x1c, "owner_cfg_num")] {
        let value = format_args!("{:#x}", fields.u32(offset));
        out.field(at(offset), &format!("disk[{nth}].{name}"), value);
    }
    fillers(&fields.from(0x20), at(0x20), &format!("disk[{nth}]."), 4, out);
}

fn of_volume(nth: usize, volume: &Volume<'_>, out: &mut Native) {
    let fields = volume.fields();
    let at = |offset: usize| volume.at.saturating_add(offset);
    let dev = format!("isw_dev[{nth}].");
    right(out, at(0), &format!("{dev}volume"), 16, volume.name());
    out.field(at(0x14), &format!("{dev}SizeHigh"), fields.u32(0x14));
    out.field(at(0x10), &format!("{dev}SizeLow"), fields.u32(0x10));
    out.field(at(0x18), &format!("{dev}status"), format_args!("{:#x}", fields.u32(0x18)));
    out.field(at(0x1c), &format!("{dev}reserved_blocks"), fields.u32(0x1c));
    let bytes =
        [(0x20, "migr_priority"), (0x21, "num_sub_vol"), (0x22, "tid"), (0x23, "cng_master_disk")];
    for (offset, name) in bytes {
        out.field(at(offset), &format!("{dev}{name}"), fields.u8(offset));
    }
    out.field(at(0x24), &format!("{dev}cache_policy"), fields.u16(0x24));
    for (offset, name) in [(0x26, "cng_state"), (0x27, "cng_sub_state")] {
        out.field(at(offset), &format!("{dev}{name}"), fields.u8(offset));
    }
    fillers(&fields.from(0x28), at(0x28), &dev, 10, out);
    let vol = format!("{dev}vol.");
    for (offset, name) in [(0x50, "curr_migr_unit"), (0x54, "check_point_id")] {
        out.field(at(offset), &format!("{vol}{name}"), fields.u32(offset));
    }
    let bytes = [(0x58, "migr_state"), (0x59, "migr_type"), (0x5a, "dirty"), (0x5b, "fs_state")];
    for (offset, name) in bytes {
        out.field(at(offset), &format!("{vol}{name}"), fields.u8(offset));
    }
    for (offset, name) in [(0x5c, "verify_errors"), (0x5e, "verify_bad_blocks")] {
        out.field(at(offset), &format!("{vol}{name}"), fields.u16(offset));
    }
    fillers(&fields.from(0x60), at(0x60), &vol, 4, out);
    for (nth, (offset, map)) in volume.maps().enumerate() {
        of_map(at(offset), &format!("{vol}map[{nth}]."), &map, out);
    }
}

fn of_map(base: usize, prefix: &str, map: &Map<'_>, out: &mut Native) {
    let fields = &map.fields;
    let at = |offset: usize| base.saturating_add(offset);
    for (offset, name) in
        [(0x00, "pba_of_lba0"), (0x04, "blocks_per_member"), (0x08, "num_data_stripes")]
    {
        out.field(at(offset), &format!("{prefix}{name}"), fields.u32(offset));
    }
    out.field(at(0x0c), &format!("{prefix}blocks_per_strip"), fields.u16(0x0c));
    let bytes = [
        (0x0e, "map_state"),
        (0x0f, "raid_level"),
        (0x10, "num_members"),
        (0x11, "num_domains"),
        (0x12, "failed_disk_num"),
        (0x13, "ddf"),
    ];
    for (offset, name) in bytes {
        out.field(at(offset), &format!("{prefix}{name}"), fields.u8(offset));
    }
    fillers(&fields.from(0x14), at(0x14), prefix, 7, out);
    for (nth, (offset, place)) in map.places().enumerate() {
        let value = format_args!("{place:#x}");
        out.field(at(offset), &format!("{prefix}disk_ord_tbl[{nth}]"), value);
    }
}
