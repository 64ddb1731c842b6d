//! Which command a packet is for.

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $word:literal;)*) => {
        /// A device-mapper command; its number is the low byte of the ioctl's request code.
        ///
        /// # Source
        ///
        /// The `DM_*_CMD` enumeration in the kernel's `include/uapi/linux/dm-ioctl.h`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum Cmd {
            $($(#[$doc])* $name = $number,)*
        }

        impl Cmd {
            /// Every command, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The command's number.
            pub const fn number(self) -> u32 {
                match self {
                    $(Self::$name => $number,)*
                }
            }

            /// The command's word in libdevmapper's messages.
            ///
            /// # Source
            ///
            /// `_cmd_data_v4` in lvm2's `libdm/ioctl/libdm-iface.c`; a request to suspend or to show a
            /// table has a word of its own, which the caller knows.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

commands! {
    /// Reports the interface's version.
    Version = 0, "version";
    /// Removes every device that is not open.
    RemoveAll = 1, "remove_all";
    /// Lists the devices.
    ListDevices = 2, "names";
    /// Makes a device without a table.
    DevCreate = 3, "create";
    /// Removes a device.
    DevRemove = 4, "remove";
    /// Gives a device a name, or its uuid.
    DevRename = 5, "rename";
    /// Suspends or resumes a device.
    DevSuspend = 6, "resume";
    /// Reports a device's state.
    DevStatus = 7, "info";
    /// Waits for a device's next event.
    DevWait = 8, "waitevent";
    /// Loads the inactive table.
    TableLoad = 9, "reload";
    /// Drops the inactive table.
    TableClear = 10, "clear";
    /// Lists the devices that a table uses.
    TableDeps = 11, "deps";
    /// Reports the targets' state or arguments.
    TableStatus = 12, "status";
    /// Lists the target types.
    ListVersions = 13, "versions";
    /// Sends a message to a target.
    TargetMsg = 14, "message";
    /// Sets the geometry that `HDIO_GETGEO` reports.
    DevSetGeometry = 15, "setgeometry";
    /// Arms `poll(2)` for the next event of any device.
    DevArmPoll = 16, "armpoll";
    /// Reports one target type's version.
    GetTargetVersion = 17, "target-version";
    /// Ours alone, never the kernel's: reports the engine and its devices as JSON text, the payload of the
    /// reply; a buffer too small is reported by [`crate::flags::Flags::BUFFER_FULL`].
    EngineStatus = 256, "engine-status";
}

/// The number of [`Cmd::EngineStatus`], outside the kernel's range of 0 to 255.
pub const ENGINE_STATUS: u32 = Cmd::EngineStatus.number();

impl Cmd {
    /// The command of this number.
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.iter().copied().find(|cmd| cmd.number() == number)
    }

    /// Whether the kernel reads and answers nothing but the header.
    ///
    /// # Source
    ///
    /// `IOCTL_FLAGS_NO_PARAMS` in the kernel's `drivers/md/dm-ioctl.c`.
    pub const fn is_header_only(self) -> bool {
        matches!(
            self,
            Self::RemoveAll
                | Self::DevCreate
                | Self::DevRemove
                | Self::DevSuspend
                | Self::DevStatus
                | Self::TableClear
                | Self::DevArmPoll
        )
    }
}
