//! The flag word of `struct dm_ioctl`.

bitflags::bitflags! {
    /// What a command asks for, and what its reply reports.
    ///
    /// # Source
    ///
    /// `DM_*_FLAG` in the kernel's `include/uapi/linux/dm-ioctl.h`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Flags: u32 {
        /// Load the table read-only; the device is read-only.
        const READONLY = 1 << 0;
        /// Suspend rather than resume; the device is suspended.
        const SUSPEND = 1 << 1;
        /// Ignored by the kernel; libdevmapper sets it in every request.
        const EXISTS = 1 << 2;
        /// Create: the minor number is given in `dev`.
        const PERSISTENT_DEV = 1 << 3;
        /// Status: a target's table arguments rather than its state.
        const STATUS_TABLE = 1 << 4;
        /// There is a live table.
        const ACTIVE_PRESENT = 1 << 5;
        /// There is an inactive table.
        const INACTIVE_PRESENT = 1 << 6;
        /// The reply did not fit: ask again with a larger buffer.
        const BUFFER_FULL = 1 << 8;
        /// Do not count the openers (obsolete, ignored by the kernel).
        const SKIP_BDGET = 1 << 9;
        /// Suspend without freezing the filesystem.
        const SKIP_LOCKFS = 1 << 10;
        /// Suspend without flushing queued requests.
        const NOFLUSH = 1 << 11;
        /// Ask about the inactive table.
        const QUERY_INACTIVE_TABLE = 1 << 12;
        /// A uevent was sent.
        const UEVENT_GENERATED = 1 << 13;
        /// Rename: the uuid; list: uuids too.
        const UUID = 1 << 14;
        /// Wipe the buffers after use.
        const SECURE_DATA = 1 << 15;
        /// A message was answered with text.
        const DATA_OUT = 1 << 16;
        /// Remove when the last opener closes; that is pending.
        const DEFERRED_REMOVE = 1 << 17;
        /// Suspended by the kernel itself.
        const INTERNAL_SUSPEND = 1 << 18;
        /// Status: measurement text.
        const IMA_MEASUREMENT = 1 << 19;
        const _ = !0;
    }
}

bitflags::bitflags! {
    /// The flag word of an entry in the list of devices.
    ///
    /// # Source
    ///
    /// `DM_NAME_LIST_FLAG_*` in the kernel's `include/uapi/linux/dm-ioctl.h`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct ListFlags: u32 {
        /// A uuid follows.
        const HAS_UUID = 1;
        /// The device has no uuid.
        const DOESNT_HAVE_UUID = 2;
        const _ = !0;
    }
}
