//! `struct dm_name_list`: the devices, in the reply to a list request.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 8 | `dev`, packed |
//! | 8 | 4 | `next`: from this entry to the next; 0 in the last |
//! | 12 | .. | `name`, ends in NUL, then zeros up to a multiple of 8 from the entry's start |
//! | .. | 4 | `event_nr` |
//! | .. | 4 | flags: 1 a uuid follows, 2 there is none, 0 it was not asked for |
//! | .. | .. | the uuid, ends in NUL |
//!
//! Entries begin at multiples of 8.
//!
//! # Source
//!
//! `list_devices` in the kernel's `drivers/md/dm-ioctl.c`.

use alloc::vec::Vec;

use super::wire;
use crate::devno::DevNo;
use crate::errno::Errno;
use crate::flags::ListFlags;

/// One device of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub dev: DevNo,
    /// Its name, as the kernel has it.
    pub name: Vec<u8>,
    /// Its event number, where the implementation tells.
    pub event_nr: u32,
    /// Its uuid: `None` when it was not asked for, empty when there is none.
    pub uuid: Option<Vec<u8>>,
}

/// Where an entry's `next` and `name` are.
const NEXT_AT: usize = 8;
const NAME_AT: usize = 12;

/// The payload that lists `entries`.
pub fn encode(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last = None;
    for entry in entries {
        wire::pad8(&mut out);
        let at = out.len();
        if let Some(last) = last {
            let next = wire::to_u32(at.saturating_sub(last));
            wire::patch_u32(&mut out, last.saturating_add(NEXT_AT), next);
        }
        push_entry(&mut out, entry);
        last = Some(at);
    }
    wire::pad8(&mut out);
    out
}

fn push_entry(out: &mut Vec<u8>, entry: &Entry) {
    out.extend(entry.dev.to_packed().to_ne_bytes());
    out.extend([0; 4]);
    out.extend_from_slice(&entry.name);
    out.push(0);
    wire::pad8(out);
    out.extend(entry.event_nr.to_ne_bytes());
    let flags = match entry.uuid.as_deref() {
        None => ListFlags::empty(),
        Some([]) => ListFlags::DOESNT_HAVE_UUID,
        Some(_) => ListFlags::HAS_UUID,
    };
    out.extend(flags.bits().to_ne_bytes());
    if let Some(uuid @ [_, ..]) = entry.uuid.as_deref() {
        out.extend_from_slice(uuid);
        out.push(0);
    }
}

/// The devices that `payload` lists. A first entry with number 0:0, or no payload, is an empty list.
///
/// # Errors
///
/// `EINVAL` for a reply that is not well formed.
pub fn decode(payload: &[u8]) -> Result<Vec<Entry>, Errno> {
    let mut entries = Vec::new();
    let mut rest = payload;
    while wire::get_u64(rest, 0).is_some_and(|dev| dev != 0) {
        entries.push(decode_entry(rest).ok_or(Errno::EINVAL)?);
        let next = wire::to_usize(wire::get_u32(rest, NEXT_AT).ok_or(Errno::EINVAL)?);
        if next == 0 {
            break;
        }
        rest = rest.get(next..).ok_or(Errno::EINVAL)?;
    }
    Ok(entries)
}

fn decode_entry(bytes: &[u8]) -> Option<Entry> {
    let dev = DevNo::from_packed(wire::get_u64(bytes, 0)?);
    let name = wire::text(bytes.get(NAME_AT..)?)?;
    let after = NAME_AT.checked_add(name.len())?.checked_add(1)?.next_multiple_of(8);
    let event_nr = wire::get_u32(bytes, after).unwrap_or(0);
    let flags = wire::get_u32(bytes, after.checked_add(4)?).unwrap_or(0);
    let flags = ListFlags::from_bits_retain(flags);
    let uuid = if flags.contains(ListFlags::HAS_UUID) {
        Some(wire::text(bytes.get(after.checked_add(8)?..)?)?.to_vec())
    } else {
        flags.contains(ListFlags::DOESNT_HAVE_UUID).then(Vec::new)
    };
    Some(Entry { dev, name: name.to_vec(), event_nr, uuid })
}
