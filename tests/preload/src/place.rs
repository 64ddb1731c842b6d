//! Which of the paths that libdevmapper uses a path is.

use dm_core::devno::DevNo;

/// What a path stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// The control node.
    Control,
    /// `<devdir>/mapper/<name>`.
    Node(&'a [u8]),
    /// `/proc/devices`.
    ProcDevices,
    /// `/sys/dev/block/<number>` and what is below it, without a slash in front.
    Sysfs(DevNo, &'a [u8]),
    /// Nothing of ours.
    Elsewhere,
}

/// What `path` stands for where nodes are below `devdir`. Both have been through [`tidy`].
pub(crate) fn place<'a>(path: &'a [u8], devdir: &[u8]) -> Place<'a> {
    if path == b"/proc/devices" {
        return Place::ProcDevices;
    }
    if let Some(rest) = path.strip_prefix(b"/sys/dev/block/") {
        return sysfs(rest);
    }
    let name = path.strip_prefix(devdir).and_then(|rest| rest.strip_prefix(b"/mapper/"));
    match name {
        Some(b"control") => Place::Control,
        Some(name) if !name.is_empty() && !name.contains(&b'/') => Place::Node(name),
        _ => Place::Elsewhere,
    }
}

fn sysfs(rest: &[u8]) -> Place<'_> {
    let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
    let (number, below) = rest.split_at(end);
    let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
    number.map_or(Place::Elsewhere, |dev| {
        Place::Sysfs(dev, below.strip_prefix(b"/").unwrap_or(below))
    })
}

/// `path` without doubled slashes and without a slash at its end.
pub(crate) fn tidy(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    for &byte in path {
        if byte != b'/' || out.last() != Some(&b'/') {
            out.push(byte);
        }
    }
    if out.len() > 1 && out.last() == Some(&b'/') {
        out.pop();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'a>(path: &'a str, devdir: &str) -> Place<'a> {
        place(path.as_bytes(), devdir.as_bytes())
    }

    #[test]
    fn nodes_are_looked_for_in_the_folder_of_this_run_alone() {
        assert_eq!(at("/dev/mapper/control", "/dev"), Place::Control);
        assert_eq!(at("/dev/mapper/a", "/dev"), Place::Node(b"a"));
        assert_eq!(at("/dev/mapper/a", "/tmp/x"), Place::Elsewhere);
        assert_eq!(at("/tmp/x/mapper/a", "/tmp/x"), Place::Node(b"a"));
        for other in
            ["/dev/mapper", "/dev/mapper/", "/dev/mapper/a/b", "/dev/mapperx", "/devmapper/a"]
        {
            assert_eq!(at(other, "/dev"), Place::Elsewhere, "{other}");
        }
    }

    #[test]
    fn sysfs_is_split_into_number_and_file() {
        let dev = DevNo::new(254, 3);
        assert_eq!(at("/sys/dev/block/254:3/dm/name", "/dev"), Place::Sysfs(dev, b"dm/name"));
        assert_eq!(at("/sys/dev/block/254:3", "/dev"), Place::Sysfs(dev, b""));
        assert_eq!(at("/sys/dev/block/sda", "/dev"), Place::Elsewhere);
    }

    #[test]
    fn doubled_slashes_do_not_count() {
        assert_eq!(tidy(b"/dev//mapper///control"), b"/dev/mapper/control");
        assert_eq!(tidy(b"/dev/"), b"/dev");
        assert_eq!(tidy(b"//"), b"/");
    }
}
