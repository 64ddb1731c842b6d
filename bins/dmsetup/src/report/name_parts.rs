//! What the name of a logical volume is made of: `<group>-<volume>-<layer>`, each with `-` doubled.
//!
//! # Source
//!
//! `dm_split_lvm_name` in lvm2's `libdm/libdm-string.c`, by running `dmsetup splitname` of 1.02.185.

/// The parts of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// Whose the device is.
    pub subsystem: Vec<u8>,
    /// The volume group.
    pub group: Vec<u8>,
    /// The logical volume.
    pub volume: Vec<u8>,
    /// The device under the volume's.
    pub layer: Vec<u8>,
}

impl NameParts {
    /// The parts of `name`, which has any only if it is LVM's.
    pub fn new(subsystem: &[u8], name: &[u8]) -> Self {
        let subsystem = subsystem.to_vec();
        if subsystem != b"LVM" {
            return Self { subsystem, ..Self::default() };
        }
        let (group, rest) = component(name);
        let (volume, rest) = component(rest);
        let (layer, _) = component(rest);
        Self { subsystem, group, volume, layer }
    }

    /// The parts of the name of a device whose uuid begins with whose it is, and a `-`.
    pub fn of_device(uuid: &[u8], name: &[u8]) -> Self {
        let end = uuid.iter().position(|&byte| byte == b'-').unwrap_or(0);
        Self::new(&uuid[..end], name)
    }
}

/// The first component of `text`, and what follows it. A `-` that ends the text is part of it.
fn component(text: &[u8]) -> (Vec<u8>, &[u8]) {
    let (mut found, mut rest) = (Vec::new(), text);
    while let [first, tail @ ..] = rest {
        rest = match rest {
            [b'-', b'-', after @ ..] => after,
            [b'-', _, ..] => return (found, tail),
            _ => tail,
        };
        found.push(*first);
    }
    (found, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &str) -> String {
        let NameParts { group, volume, layer, .. } = NameParts::new(b"LVM", name.as_bytes());
        String::from_utf8([group, volume, layer].join(&b':')).unwrap()
    }

    #[test]
    fn a_single_hyphen_parts_and_a_double_one_is_one() {
        for (name, split) in [
            ("vg-lv", "vg:lv:"),
            ("vg--a-lv--b-layer", "vg-a:lv-b:layer"),
            ("vg", "vg::"),
            ("", "::"),
            ("a---b", "a-:b:"),
            ("a----b", "a--b::"),
            ("-a-b", ":a:b"),
            ("--a-b", "-a:b:"),
        ] {
            assert_eq!(parts(name), split, "{name}");
        }
    }

    #[test]
    fn a_hyphen_at_the_end_is_one_and_a_fourth_part_is_dropped() {
        for (name, split) in [
            ("a-", "a-::"),
            ("a--", "a-::"),
            ("vg-lv--", "vg:lv-:"),
            ("vg-lv-x-", "vg:lv:x-"),
            ("vg-lv-x--y-z", "vg:lv:x-y"),
        ] {
            assert_eq!(parts(name), split, "{name}");
        }
    }

    #[test]
    fn only_lvms_names_have_parts() {
        let crypt = NameParts::of_device(b"CRYPT-LUKS2-x", b"a-b");
        let subsystem = b"CRYPT".to_vec();
        assert_eq!(crypt, NameParts { subsystem, ..NameParts::default() });
        assert_eq!(NameParts::of_device(b"LVM", b"a-b"), NameParts::default());
        assert_eq!(NameParts::of_device(b"LVM-x", b"a-b").volume, b"b");
    }
}
