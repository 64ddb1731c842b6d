//! Names and uuids on their way to device-mapper and back, with libdevmapper's words for what is wrong.
//!
//! # Source
//!
//! `dm_task_set_name`, `dm_task_set_uuid`, `dm_task_set_newname` in lvm2's `libdm/libdm-common.c`;
//! `_dm_task_unmangle` and friends in `libdm/ioctl/libdm-iface.c`.

use dm_core::mangle::{MangleError, Mangling};
use dm_core::name::{NAME_MAX, UUID_MAX};

use crate::exit::Failure;

/// What a string is, as the messages have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A device's name.
    Name,
    /// A device's uuid.
    Uuid,
    /// The name it is to have.
    NewName,
    /// The uuid it is to have.
    NewUuid,
}

impl Kind {
    const fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Uuid => "UUID",
            Self::NewName => "new name",
            Self::NewUuid => "new UUID",
        }
    }

    const fn longest(self) -> usize {
        match self {
            Self::Name | Self::NewName => NAME_MAX,
            Self::Uuid | Self::NewUuid => UUID_MAX,
        }
    }

    fn cannot_mangle(self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Name => quoted("Failed to mangle device name ", text, "."),
            Self::Uuid => quoted("Failed to mangle device uuid ", text, "."),
            Self::NewName => quoted("Failed to mangle new device name ", text, ""),
            Self::NewUuid => quoted("Failed to mangle new device UUID ", text, ""),
        }
    }
}

/// `before"text"after`, whatever bytes the text has.
pub fn quoted(before: &str, text: &[u8], after: &str) -> Vec<u8> {
    [before.as_bytes(), b"\"", text, b"\"", after.as_bytes()].concat()
}

fn complaint(kind: Kind, text: &[u8], error: MangleError) -> Vec<u8> {
    let after = match error {
        MangleError::Twice => format!(" {error}. This is not allowed in auto mode."),
        _ => format!(" {error}."),
    };
    quoted(&format!("The {} ", kind.label()), text, &after)
}

/// What is sent for the user's `text`.
///
/// # Errors
///
/// It cannot be encoded, or does not fit the packet.
pub fn outbound(mode: Mangling, kind: Kind, text: &[u8]) -> Result<Vec<u8>, Failure> {
    let sent = mode.mangle(text).map_err(|error| {
        let failure = Failure::line(complaint(kind, text, error));
        if error == MangleError::Twice { failure } else { failure.and(kind.cannot_mangle(text)) }
    })?;
    if mode != Mangling::None && sent.len() > kind.longest() {
        let long = format!("Mangled form of the {} too long for ", kind.label());
        return Err(Failure::line(quoted(&long, text, ".")).and(kind.cannot_mangle(text)));
    }
    Ok(sent)
}

/// What the user is shown for device-mapper's `text`.
///
/// # Errors
///
/// It is not as this mode would have encoded it.
pub fn inbound(mode: Mangling, kind: Kind, text: &[u8]) -> Result<Vec<u8>, Failure> {
    mode.unmangle(text).map_err(|error| Failure::line(complaint(kind, text, error)))
}

/// The name of a device to be made, as it is sent.
///
/// # Errors
///
/// It contains a slash, is too long, or cannot be encoded.
pub fn to_create(mode: Mangling, text: &[u8]) -> Result<Vec<u8>, Failure> {
    if text.contains(&b'/') {
        return Err(Failure::line(quoted("Name ", text, " invalid. It contains \"/\".")));
    }
    plain(mode, text)
}

/// A name without a slash, as it is sent.
///
/// # Errors
///
/// It is too long, or cannot be encoded.
pub fn plain(mode: Mangling, text: &[u8]) -> Result<Vec<u8>, Failure> {
    if text.len() > NAME_MAX {
        return Err(Failure::line(quoted("Name ", text, " too long.")));
    }
    outbound(mode, Kind::Name, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(failure: &Failure) -> String {
        String::from_utf8(failure.text.clone()).unwrap()
    }

    #[test]
    fn a_mixture_is_told_of_twice_and_a_double_encoding_once() {
        let mixed = outbound(Mangling::Auto, Kind::NewName, br"a b\x20c").unwrap_err();
        assert_eq!(
            text(&mixed),
            "The new name \"a b\\x20c\" contains mixed mangled and unmangled characters or it's \
             already mangled improperly.\nFailed to mangle new device name \"a b\\x20c\"\n"
        );
        let twice = outbound(Mangling::Auto, Kind::Uuid, br"u\x5cx20").unwrap_err();
        assert_eq!(
            text(&twice),
            "The UUID \"u\\x5cx20\" seems to be mangled more than once. \
             This is not allowed in auto mode.\n"
        );
    }

    #[test]
    fn a_name_may_grow_too_long_by_encoding() {
        let name = [&[b'7'; 124][..], b"  "].concat();
        let long = outbound(Mangling::Auto, Kind::Name, &name).unwrap_err();
        assert!(text(&long).starts_with("Mangled form of the name too long for \"777"));
        assert!(outbound(Mangling::None, Kind::Name, &name).is_ok());
    }

    #[test]
    fn a_new_device_has_no_slash_in_its_name() {
        let slash = to_create(Mangling::None, b"a/b").unwrap_err();
        assert_eq!(text(&slash), "Name \"a/b\" invalid. It contains \"/\".\n");
    }
}
