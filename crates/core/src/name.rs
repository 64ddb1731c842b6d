//! Names and uuids of mapped devices, as device-mapper holds them: bytes, not text.

use alloc::boxed::Box;
use core::fmt;

/// The longest name, in bytes.
///
/// # Source
///
/// `DM_NAME_LEN` is 128 with its NUL, in the kernel's `include/uapi/linux/dm-ioctl.h`.
pub const NAME_MAX: usize = 127;

/// The longest uuid, in bytes.
///
/// # Source
///
/// `DM_UUID_LEN` is 129 with its NUL, in the kernel's `include/uapi/linux/dm-ioctl.h`.
pub const UUID_MAX: usize = 128;

/// The longest name of a target type, in bytes.
///
/// # Source
///
/// `DM_MAX_TYPE_NAME` is 16 with its NUL, in the kernel's `include/uapi/linux/dm-ioctl.h`.
pub const TYPE_MAX: usize = 15;

/// Why bytes cannot be a name, uuid or target type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There must be at least one byte.
    #[error("empty")]
    Empty,
    /// Longer than the packet has room for.
    #[error("too long")]
    TooLong,
    /// A NUL would end it early.
    #[error("contains a NUL byte")]
    Nul,
}

macro_rules! bytes_type {
    ($(#[$doc:meta])* $name:ident, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<[u8]>);

        impl $name {
            /// Checks and keeps `bytes`.
            ///
            /// # Errors
            ///
            /// [`NameError`], when they are none, too many, or contain a NUL.
            pub fn new(bytes: &[u8]) -> Result<Self, NameError> {
                match bytes {
                    [] => Err(NameError::Empty),
                    _ if bytes.len() > $max => Err(NameError::TooLong),
                    _ if bytes.contains(&0) => Err(NameError::Nul),
                    _ => Ok(Self(bytes.into())),
                }
            }

            /// The bytes, without a NUL.
            pub fn as_bytes(&self) -> &[u8] {
                &self.0
            }
        }

        /// The bytes with what is not UTF-8 replaced: for people, not for looking anything up.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&alloc::string::String::from_utf8_lossy(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "\"{}\"", self.0.escape_ascii())
            }
        }
    };
}

bytes_type!(
    /// The name of a mapped device: 1 to 127 bytes.
    DmName,
    NAME_MAX
);
bytes_type!(
    /// The uuid of a mapped device: 1 to 128 bytes, free of form.
    DmUuid,
    UUID_MAX
);
bytes_type!(
    /// The word in a table that names a target type: 1 to 15 bytes.
    TargetName,
    TYPE_MAX
);

impl DmName {
    /// Whether a new device may have this name: no `/`, and not one of the names that the node folder
    /// needs for itself.
    ///
    /// # Source
    ///
    /// `check_name` in the kernel's `drivers/md/dm-ioctl.c`, 6.12.
    pub fn may_be_created(&self) -> bool {
        !self.0.contains(&b'/') && !matches!(&*self.0, b"control" | b"." | b"..")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_127_bytes() {
        assert_eq!(DmName::new(b""), Err(NameError::Empty));
        assert!(DmName::new(&[b'a'; 127]).is_ok());
        assert_eq!(DmName::new(&[b'a'; 128]), Err(NameError::TooLong));
        assert_eq!(DmName::new(b"a\0b"), Err(NameError::Nul));
    }

    #[test]
    fn the_node_folders_own_names_are_not_for_devices() {
        for bad in [&b"control"[..], b".", b"..", b"a/b"] {
            assert!(!DmName::new(bad).unwrap().may_be_created(), "{bad:?}");
        }
        assert!(DmName::new(b"controls").unwrap().may_be_created());
    }
}
