//! The tags of Solaris's slices, which Sun labels have too.

/// What a slice with this tag is for.
///
/// # Source
///
/// Solaris's `sys/vtoc.h`.
pub(super) fn tag_name(tag: u16) -> Option<&'static str> {
    Some(match tag {
        1 => "boot",
        2 => "root",
        3 => "swap",
        4 => "usr",
        5 => "whole disk",
        6 => "stand",
        7 => "var",
        8 => "home",
        9 => "alternate sectors",
        10 => "cache",
        11 => "reserved",
        _ => return None,
    })
}
