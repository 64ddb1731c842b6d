//! What the ublk driver and its server say to each other: commands, structures, flags.
//!
//! | structure | bytes | where |
//! |---|---|---|
//! | [`ControlCommand`] | 32 | in a control entry of 128 bytes |
//! | [`DeviceInfo`] | 64 | what a control command points to |
//! | [`Parameters`] | 80 of the kernel's 112 and more | likewise |
//! | [`IoDescriptor`] | 24 | in the memory that the driver shares, one a tag |
//! | [`IoCommand`] | 16 | in a queue's entry of 64 bytes |
//!
//! # Source
//!
//! The kernel's `include/uapi/linux/ublk_cmd.h`.

use std::mem::offset_of;

use zerocopy::{FromBytes, Immutable, IntoBytes};

/// `_IOR('u', number, struct ublksrv_ctrl_cmd)`.
const fn reading(number: u32) -> u32 {
    0x8020_7500 | number
}

/// `_IOWR('u', number, struct ublksrv_ctrl_cmd)`.
const fn changing(number: u32) -> u32 {
    0xc020_7500 | number
}

/// A control command's code. Only the encoded ones: a kernel may be built without the old numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(pub(super) u32);

impl Code {
    pub(super) const GET_DEV_INFO: Self = Self(reading(0x02));
    pub(super) const ADD_DEV: Self = Self(changing(0x04));
    pub(super) const DEL_DEV: Self = Self(changing(0x05));
    pub(super) const START_DEV: Self = Self(changing(0x06));
    pub(super) const STOP_DEV: Self = Self(changing(0x07));
    pub(super) const SET_PARAMS: Self = Self(changing(0x08));
    pub(super) const GET_PARAMS: Self = Self(reading(0x09));
    pub(super) const START_USER_RECOVERY: Self = Self(changing(0x10));
    pub(super) const END_USER_RECOVERY: Self = Self(changing(0x11));
    pub(super) const GET_DEV_INFO2: Self = Self(reading(0x12));
    pub(super) const GET_FEATURES: Self = Self(reading(0x13));
    pub(super) const DEL_DEV_ASYNC: Self = Self(reading(0x14));
    pub(super) const UPDATE_SIZE: Self = Self(changing(0x15));
    pub(super) const TRY_STOP_DEV: Self = Self(changing(0x17));
}

/// `UBLK_U_IO_FETCH_REQ`: a tag is ready for its first request.
pub(super) const FETCH: u32 = 0xc010_7520;
/// `UBLK_U_IO_COMMIT_AND_FETCH_REQ`: a request's result, and the tag is ready for the next.
pub(super) const COMMIT_AND_FETCH: u32 = 0xc010_7521;

/// A tag's entry completed with a request: `UBLK_IO_RES_OK`.
pub(super) const REQUEST: i32 = 0;

bitflags::bitflags! {
    /// What a driver, or one device of it, can do: `UBLK_F_*`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Features: u64 {
        /// Buffers of requests can be lent to a ring.
        const ZERO_COPY = 1;
        /// The data of a write is fetched on demand.
        const NEED_GET_DATA = 1 << 2;
        /// A device outlives its server.
        const USER_RECOVERY = 1 << 3;
        /// What the dead server had in hand is given to the next.
        const USER_RECOVERY_REISSUE = 1 << 4;
        /// Users without rights may have devices.
        const UNPRIVILEGED_DEV = 1 << 5;
        /// Commands are encoded as those of ioctl(2).
        const CMD_IOCTL_ENCODE = 1 << 6;
        /// The server copies data itself.
        const USER_COPY = 1 << 7;
        /// Zoned devices.
        const ZONED = 1 << 8;
        /// Requests without a server fail.
        const USER_RECOVERY_FAIL_IO = 1 << 9;
        /// A live device changes its size.
        const UPDATE_SIZE = 1 << 10;
        /// Buffers of requests are lent to the ring by themselves.
        const AUTO_BUF_REG = 1 << 11;
        /// A device can be quiesced on demand.
        const QUIESCE = 1 << 12;
        /// Each tag may have a thread of its own.
        const PER_IO_DAEMON = 1 << 13;
        /// A device is stopped only if nobody has it open.
        const SAFE_STOP_DEV = 1 << 17;
        /// Nobody looks for partitions by itself.
        const NO_AUTO_PART_SCAN = 1 << 18;

        const _ = !0;
    }
}

/// `struct ublksrv_ctrl_cmd`.
#[derive(Clone, Copy, Debug, IntoBytes, Immutable)]
#[repr(C)]
pub(super) struct ControlCommand {
    pub(super) dev_id: u32,
    pub(super) queue_id: u16,
    pub(super) len: u16,
    pub(super) addr: u64,
    pub(super) data: u64,
    pub(super) dev_path_len: u16,
    pub(super) pad: u16,
    pub(super) reserved: u32,
}

/// `struct ublksrv_ctrl_dev_info`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub(crate) struct DeviceInfo {
    pub(crate) nr_hw_queues: u16,
    pub(crate) queue_depth: u16,
    pub(crate) state: u16,
    pad0: u16,
    pub(crate) max_io_buf_bytes: u32,
    pub(crate) dev_id: u32,
    pub(crate) ublksrv_pid: i32,
    pad1: u32,
    flags: u64,
    /// The server's own: the driver keeps it.
    pub(crate) ublksrv_flags: u64,
    owner_uid: u32,
    owner_gid: u32,
    reserved: [u64; 2],
}

impl DeviceInfo {
    /// What a new device is to be.
    pub(crate) fn asking(flags: Features) -> Self {
        Self { flags: flags.bits(), ..Self::default() }
    }

    /// What it can do.
    pub(crate) fn features(&self) -> Features {
        Features::from_bits_retain(self.flags)
    }
}

/// The states of a device, `UBLK_S_DEV_*`, but for 1: its server serves.
pub(crate) mod state {
    /// Not started, or stopped.
    pub(crate) const DEAD: u16 = 0;
    /// Its server has gone, requests wait.
    pub(crate) const QUIESCED: u16 = 2;
    /// Its server has gone, requests fail.
    pub(crate) const FAIL_IO: u16 = 3;
}

/// The kinds of parameters: `UBLK_PARAM_TYPE_*`.
pub(crate) mod kinds {
    /// Sizes and attributes.
    pub(crate) const BASIC: u32 = 1;
    /// Discards and writes of zeroes.
    pub(crate) const DISCARD: u32 = 2;
}

/// `UBLK_ATTR_VOLATILE_CACHE`.
pub(crate) const ATTR_VOLATILE_CACHE: u32 = 1 << 2;
/// `UBLK_ATTR_FUA`.
pub(crate) const ATTR_FUA: u32 = 1 << 3;

/// `struct ublk_params`, as far as it is used; the kernel takes and fills as much as `len` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub(crate) struct Parameters {
    pub(crate) len: u32,
    pub(crate) types: u32,
    pub(crate) attrs: u32,
    pub(crate) logical_bs_shift: u8,
    pub(crate) physical_bs_shift: u8,
    pub(crate) io_opt_shift: u8,
    pub(crate) io_min_shift: u8,
    pub(crate) max_sectors: u32,
    pub(crate) chunk_sectors: u32,
    pub(crate) dev_sectors: u64,
    pub(crate) virt_boundary_mask: u64,
    pub(crate) discard_alignment: u32,
    pub(crate) discard_granularity: u32,
    pub(crate) max_discard_sectors: u32,
    pub(crate) max_write_zeroes_sectors: u32,
    pub(crate) max_discard_segments: u16,
    pub(crate) reserved: u16,
    pub(crate) char_major: u32,
    pub(crate) char_minor: u32,
    pub(crate) disk_major: u32,
    pub(crate) disk_minor: u32,
    /// The first of what is not used.
    pub(crate) rest: u32,
}

impl Parameters {
    /// How many bytes of it a server sets.
    pub(crate) const SET_LEN: u32 = 60;
    /// How many bytes there are.
    pub(crate) const LEN: u32 = 80;
}

/// `struct ublksrv_io_desc`: what a request is.
#[derive(Clone, Copy, Debug, FromBytes, Immutable)]
#[repr(C)]
pub(super) struct IoDescriptor {
    pub(super) op_flags: u32,
    pub(super) nr_sectors: u32,
    pub(super) start_sector: u64,
    pub(super) addr: u64,
}

/// The operations: `UBLK_IO_OP_*`, in the low byte of [`IoDescriptor::op_flags`].
pub(super) mod op {
    pub(crate) const READ: u32 = 0;
    pub(crate) const WRITE: u32 = 1;
    pub(crate) const FLUSH: u32 = 2;
    pub(crate) const DISCARD: u32 = 3;
    pub(crate) const WRITE_ZEROES: u32 = 5;
    /// What of the word is the operation.
    pub(crate) const MASK: u32 = 0xff;
}

/// The flags of a request: `UBLK_IO_F_*`.
pub(super) mod io_flags {
    pub(crate) const META: u32 = 1 << 11;
    pub(crate) const FUA: u32 = 1 << 13;
    pub(crate) const NOUNMAP: u32 = 1 << 15;
}

/// `struct ublksrv_io_cmd`.
#[derive(Clone, Copy, Debug, IntoBytes, Immutable)]
#[repr(C)]
pub(super) struct IoCommand {
    pub(super) q_id: u16,
    pub(super) tag: u16,
    pub(super) result: i32,
    pub(super) addr: u64,
}

/// The most tags a queue can have: `UBLK_MAX_QUEUE_DEPTH`.
const DEPTH_MAX: u64 = 4096;

/// The shared memory's unit. The driver counts in pages, and ublk's users have pages of this size.
pub(super) const PAGE: u64 = 4096;

/// Where the descriptors of a queue lie in its device's file, in bytes.
pub(super) const fn descriptors_at(queue: u16) -> u64 {
    queue as u64 * descriptors_len(DEPTH_MAX)
}

/// How many bytes the descriptors of so many tags are.
pub(super) const fn descriptors_len(depth: u64) -> u64 {
    (depth * size_of::<IoDescriptor>() as u64).next_multiple_of(PAGE)
}

const _: () = assert!(size_of::<ControlCommand>() == 32);
const _: () = assert!(offset_of!(ControlCommand, addr) == 8);
const _: () = assert!(offset_of!(ControlCommand, data) == 16);
const _: () = assert!(offset_of!(ControlCommand, dev_path_len) == 24);

const _: () = assert!(size_of::<DeviceInfo>() == 64);
const _: () = assert!(offset_of!(DeviceInfo, max_io_buf_bytes) == 8);
const _: () = assert!(offset_of!(DeviceInfo, ublksrv_pid) == 16);
const _: () = assert!(offset_of!(DeviceInfo, flags) == 24);
const _: () = assert!(offset_of!(DeviceInfo, ublksrv_flags) == 32);
const _: () = assert!(offset_of!(DeviceInfo, owner_uid) == 40);

const _: () = assert!(size_of::<Parameters>() == Parameters::LEN as usize);
const _: () = assert!(offset_of!(Parameters, attrs) == 8);
const _: () = assert!(offset_of!(Parameters, logical_bs_shift) == 12);
const _: () = assert!(offset_of!(Parameters, max_sectors) == 16);
const _: () = assert!(offset_of!(Parameters, dev_sectors) == 24);
const _: () = assert!(offset_of!(Parameters, discard_alignment) == 40);
const _: () = assert!(offset_of!(Parameters, max_discard_segments) == 56);
const _: () = assert!(offset_of!(Parameters, char_major) == Parameters::SET_LEN as usize);
const _: () = assert!(offset_of!(Parameters, disk_minor) == 72);

const _: () = assert!(size_of::<IoDescriptor>() == 24);
const _: () = assert!(offset_of!(IoDescriptor, start_sector) == 8);
const _: () = assert!(size_of::<IoCommand>() == 16);
const _: () = assert!(offset_of!(IoCommand, addr) == 8);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_header() {
        assert_eq!(Code::ADD_DEV.0, 0xc020_7504);
        assert_eq!(Code::GET_FEATURES.0, 0x8020_7513);
        assert_eq!(Code::DEL_DEV_ASYNC.0, 0x8020_7514);
        assert_eq!(Code::UPDATE_SIZE.0, 0xc020_7515);
    }

    #[test]
    fn descriptors_of_a_queue_lie_behind_room_for_the_deepest_queue() {
        assert_eq!(descriptors_at(0), 0);
        assert_eq!(descriptors_at(3), 3 * 98_304);
        assert_eq!(descriptors_len(128), 4096);
        assert_eq!(descriptors_len(256), 8192);
    }
}
