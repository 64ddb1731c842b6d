//! A disk's parts in virtual drives, and what these are called.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use dm_core::units::Sectors;

use super::container::{Container, Which, size_of};
use super::numbers::Numbers;
use super::{GROUP, Maker, PREFIX};
use crate::raid::disk::Probe;
use crate::raid::kind::{Kind, Status};
use crate::raid::member::{Listed, Member, Record, Superset};
use crate::raid::native::until_nul;

/// The primary levels that have targets, and RAID 5, whose qualifier says where parity lies.
const RAID0: u8 = 0x00;
const RAID1: u8 = 0x01;
const RAID4: u8 = 0x04;
const RAID5: u8 = 0x05;
const JBOD: u8 = 0x0f;
const CONCAT: u8 = 0x1f;

/// The qualifier of RAID 4 whose parity is on the first disk, not on the last.
const PARITY_FIRST: u8 = 0;

/// What virtual drives of several config records make of these.
const STRIPED: u8 = 0;
const MIRRORED: u8 = 1;
const CONCATENATED: u8 = 2;
const SPANNED: u8 = 3;

/// Why sets on this disk may not be activated.
const STRIPE_OF_STRIPES: &str = "stripes of striped sets are not supported";
const UNKNOWN_LEVEL: &str = "a secondary level that is not known";

/// What the physical drive records say of the disk.
pub(super) fn record(container: &Container<'_>) -> Option<Record> {
    let entry = container.drive(container.reference())?;
    let status = match entry.u16(0x1e) {
        state if state & 0x72 != 0 => Status::Broken,
        state if state & 0x04 != 0 => Status::Nosync,
        state if state & 0x08 != 0 => Status::Setup,
        state if state & 0x01 != 0 => Status::Ok,
        _ => Status::Unknown,
    };
    let (name, len) = (GROUP.to_vec(), Sectors::new(size_of(&entry)));
    Some(Record { name, kind: Kind::Group, status, start: Sectors::ZERO, len })
}

/// A config record that names a disk.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) config: Numbers<'a>,
    /// The disk's place among the members.
    order: u64,
    /// Where its part begins.
    start: u64,
}

impl<'a> Part<'a> {
    /// The part that a config record of this container has for the disk of this reference.
    pub(super) fn of(
        container: &Container<'a>,
        config: Numbers<'a>,
        reference: u32,
    ) -> Option<Self> {
        let mut members = (0..).zip(container.members_of(config));
        let (order, (_, start)) = members.find(|(_, (of, _))| *of == reference)?;
        Some(Self { config, order, start })
    }
}

/// The config records that name the disk, each once.
pub(super) fn parts<'a>(container: &Container<'a>) -> impl Iterator<Item = Part<'a>> + use<'a> {
    parts_of(container, container.reference())
}

/// Likewise those that name another.
pub(super) fn parts_of<'a>(
    container: &Container<'a>,
    reference: u32,
) -> impl Iterator<Item = Part<'a>> + use<'a> {
    let container = *container;
    let configs = container.configs();
    configs.filter_map(move |config| Part::of(&container, config, reference))
}

/// The disk itself in the group, then its parts in virtual drives.
pub(super) fn members(
    probe: &mut Probe<'_>,
    container: &Container<'_>,
    maker: Maker,
    record: &Record,
) -> Vec<Member> {
    let parts = parts(container).filter_map(|part| {
        let Some(name) = name(container, &part.config) else {
            probe.error_on(&[b"cannot find virtual drive record on "]);
            return None;
        };
        Some(member(&part, name, maker, record))
    });
    [itself(record)].into_iter().chain(parts).collect()
}

/// The disk in the group.
pub(super) fn itself(record: &Record) -> Member {
    Member { listed: Listed::ByName, ..Member::of(record) }
}

/// The disk's part in the set of this name.
pub(super) fn member(part: &Part<'_>, name: Vec<u8>, maker: Maker, record: &Record) -> Member {
    let Part { config, order, start } = part;
    let kind = kind(config, maker);
    let stride = 1_u64.checked_shl(config.u8(0x42).into()).unwrap_or(0);
    let len = match config.u64(0x48) {
        0 => record.len.get(),
        len => len,
    };
    let rest = len.checked_rem(stride).filter(|_| kind == Kind::Raid0).unwrap_or(0);
    let (stride, len) = (Sectors::new(stride), Sectors::new(len.saturating_sub(rest)));
    let above = Above::of(config);
    let set = match &above {
        Some(above) => [&name[..], format!("-{}", above.nth).as_bytes()].concat(),
        None => name.clone(),
    };
    Member {
        set,
        kind,
        status: Status::Ok,
        start: Sectors::new(*start),
        len,
        stride,
        order: turned(*order, kind, config),
        wanted: config.u16(0x40).into(),
        when_complete: Some(Status::Ok),
        subsets_wanted: above.as_ref().map(|above| above.count),
        superset: above.map(|above| Superset { name, kind: above.kind, stride, order: above.nth }),
        group: Some(GROUP.to_vec()),
        listed: Listed::ByName,
        ..Member::of(record)
    }
}

/// A member's place in its set. RAID 4 has parity on its first member; of a virtual drive that has it on its last, that
/// one comes first.
fn turned(order: u64, kind: Kind, config: &Numbers<'_>) -> u64 {
    if kind != Kind::Raid4 || config.u8(0x44) == PARITY_FIRST {
        return order;
    }
    order.saturating_add(1).checked_rem(config.u16(0x40).into()).unwrap_or(order)
}

fn kind(config: &Numbers<'_>, maker: Maker) -> Kind {
    match (config.u8(0x43), config.u8(0x44)) {
        (RAID0, _) => Kind::Raid0,
        (RAID1, _) => Kind::Raid1,
        (RAID4, _) => Kind::Raid4,
        (RAID5, _) if maker == Maker::Adaptec => Kind::Raid5La,
        (RAID5, 0) => Kind::Raid5Ra,
        (RAID5, 1) => Kind::Raid5Rs,
        (RAID5, 2) => Kind::Raid5La,
        (RAID5, 3) => Kind::Raid5Ls,
        (JBOD | CONCAT, _) => Kind::Linear,
        _ => Kind::Unknown,
    }
}

/// What several config records make together.
struct Above {
    kind: Kind,
    /// How many of them there are, and which this is.
    count: u64,
    nth: u64,
}

impl Above {
    fn of(config: &Numbers<'_>) -> Option<Self> {
        let [count, nth, level] = [0x45, 0x46, 0x47].map(|at| config.u8(at));
        let kind = match level {
            STRIPED => Kind::Raid0,
            SPANNED if is_even(config) => Kind::Raid0,
            MIRRORED => Kind::Raid1,
            CONCATENATED => Kind::Linear,
            _ => Kind::Unknown,
        };
        let (count, nth) = (count.into(), nth.into());
        // Nothing but ones: not filled in.
        (count > 1 && count < 0xff).then_some(Self { kind, count, nth })
    }
}

/// Whether the sets of a spanned virtual drive, which are mirrors, are of one size: then it is striped over all of them
/// to its end.
fn is_even(config: &Numbers<'_>) -> bool {
    let all = config.u64(0x48).checked_mul(config.u8(0x45).into());
    config.u8(0x43) == RAID1 && all == Some(config.u64(0x50))
}

/// Why no set that a disk with these parts is part of may be activated.
pub(super) fn guard<'a>(
    mut parts: impl Iterator<Item = Part<'a>>,
    maker: Maker,
) -> Option<&'static str> {
    parts.find_map(|part| {
        let kind = kind(&part.config, maker);
        match Above::of(&part.config) {
            Some(Above { kind: Kind::Unknown, .. }) => Some(UNKNOWN_LEVEL),
            Some(Above { kind: Kind::Raid0, .. }) if kind != Kind::Raid1 => Some(STRIPE_OF_STRIPES),
            _ => None,
        }
    })
}

/// What the set of a config record is called: after its virtual drive's name, or else its GUID; none where no virtual
/// drive has its GUID.
pub(super) fn name(container: &Container<'_>, config: &Numbers<'_>) -> Option<Vec<u8>> {
    let guid = config.text(8, 24);
    let entry =
        container.entries(Which::Virtual).rfind(|entry| is_same(entry.text(0, 24), guid))?;
    let own = own_name(&entry);
    let mut others = container.entries(Which::Virtual);
    let is_shared = others
        .any(|other| own_name(&other) == own && !is_same(other.text(0, 24), entry.text(0, 24)));
    if own.is_empty() || is_shared {
        return Some([PREFIX, by_guid(entry.text(0, 24)).as_bytes()].concat());
    }
    // No device can have a slash in its name.
    let own = own.iter().map(|byte| if *byte == b'/' { b'_' } else { *byte });
    Some(PREFIX.iter().copied().chain(own).collect())
}

/// A virtual drive's name, without what fills it up.
fn own_name<'a>(entry: &Numbers<'a>) -> &'a [u8] {
    let name = until_nul(entry.text(0x30, 16));
    let end = name.iter().rposition(u8::is_ascii_graphic).map_or(0, |last| last.saturating_add(1));
    name.get(..end).unwrap_or_default()
}

/// Whether two GUIDs are of one virtual drive: the moment at the end need not be filled in.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let (Some((one, moment)), Some((other, other_moment))) =
        (one.split_at_checked(20), other.split_at_checked(20))
    else {
        return false;
    };
    let is_open = |moment: &[u8]| moment == [0xff; 4];
    one == other && (moment == other_moment || is_open(moment) || is_open(other_moment))
}

/// A GUID as a name. LSI's have a moment in them that is another after every start.
fn by_guid(guid: &[u8]) -> String {
    let mut name = String::new();
    for byte in guid {
        // A text takes all that is written to it.
        write!(name, "{byte:02x}").ok();
    }
    if guid.starts_with(b"LSI") {
        name.replace_range(32..40, "47114711");
    }
    name
}
