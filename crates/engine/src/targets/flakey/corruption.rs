//! Which bytes of a request's data become others.
//!
//! The flags of `corrupt_bio_byte` are bits of the kernel's `bi_opf`: the operation in the lowest eight, then
//! what is said of the request. Those of a request here:
//!
//! | bit | kernel | is set |
//! |---|---|---|
//! | 0 | `REQ_OP_WRITE` | in every write |
//! | 12 | `REQ_META` | where the front end is told so |
//! | 17 | `REQ_FUA` | likewise |
//! | 19 | `REQ_RAHEAD` | likewise |
//!
//! `REQ_PREFLUSH` (18) is never set, here or in the kernel: the flush before a write's data is a request of
//! its own, without data. Nor is `REQ_NOUNMAP` (28), which is for writes of zeroes. What no front end learns
//! is never set either: failfast (8 to 10), `REQ_SYNC` (11), `REQ_PRIO` (13), `REQ_NOMERGE` (14), `REQ_IDLE`
//! (15), `REQ_INTEGRITY` (16), `REQ_BACKGROUND` (20) and those above it. A table that asks for one of them
//! changes nothing, where the kernel changes what has it.
//!
//! # Source
//!
//! `enum req_op` and `enum req_flag_bits` in the kernel's `include/linux/blk_types.h`, 6.12.

use super::args::{Byte, CERTAIN, Direction, Features};
use crate::io::request::{Cx, IoFlags, Kind};

const REQ_OP_READ: u32 = 0;
const REQ_OP_WRITE: u32 = 1;

/// What is known of a request, as the kernel's bits.
const FLAGS: [(IoFlags, u32); 3] =
    [(IoFlags::META, 1 << 12), (IoFlags::FUA, 1 << 17), (IoFlags::READAHEAD, 1 << 19)];

/// A read's or write's operation and flags, as the kernel's bits.
pub(super) fn bits(direction: Direction, flags: IoFlags) -> u32 {
    let op = match direction {
        Direction::Read => REQ_OP_READ,
        Direction::Write => REQ_OP_WRITE,
    };
    let set = FLAGS.iter().filter(|(flag, _)| flags.contains(*flag));
    set.fold(op, |bits, (_, bit)| bits | bit)
}

/// Bytes that become others, in this order: position and value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes([Option<(usize, u8)>; 2]);

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    pub(super) fn apply(&self, data: &mut [u8]) {
        for (at, value) in self.0.iter().flatten() {
            if let Some(byte) = data.get_mut(*at) {
                *byte = *value;
            }
        }
    }
}

fn direction(kind: Kind) -> Option<Direction> {
    match kind {
        Kind::Read => Some(Direction::Read),
        Kind::Write => Some(Direction::Write),
        Kind::Flush | Kind::Discard | Kind::WriteZeroes => None,
    }
}

impl Byte {
    fn is_in(&self, way: Direction, flags: IoFlags, len: u64) -> bool {
        let has = bits(way, flags);
        self.direction == way && has & self.flags == self.flags && u64::from(self.number) <= len
    }
}

impl Features {
    /// Whether the data of such a request, of `len` bytes, may be changed while the target is down.
    pub(super) fn may_change(&self, kind: Kind, flags: IoFlags, len: u64) -> bool {
        let Some(way) = direction(kind) else { return false };
        self.chance(way) > 0 || self.byte.is_some_and(|byte| byte.is_in(way, flags, len))
    }

    /// What is changed in one such request.
    pub(super) fn changes(&self, kind: Kind, flags: IoFlags, len: usize, cx: &dyn Cx) -> Changes {
        let Some(way) = direction(kind) else { return Changes::default() };
        let fixed = self.byte.filter(|byte| byte.is_in(way, flags, len as u64));
        let fixed = fixed.and_then(|byte| {
            let at = usize::try_from(byte.number).ok()?.checked_sub(1)?;
            Some((at, byte.value))
        });
        Changes([fixed, self.by_chance(way, len, cx)])
    }

    fn chance(&self, way: Direction) -> u32 {
        match way {
            Direction::Read => self.read_chance,
            Direction::Write => self.write_chance,
        }
    }

    fn by_chance(&self, way: Direction, len: usize, cx: &dyn Cx) -> Option<(usize, u8)> {
        let chance = self.chance(way);
        if chance == 0 || cx.random() % u64::from(CERTAIN) >= u64::from(chance) {
            return None;
        }
        let at = cx.random().checked_rem(len as u64)?;
        let [value, ..] = cx.random().to_le_bytes();
        Some((usize::try_from(at).ok()?, value))
    }
}
