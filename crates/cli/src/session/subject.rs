//! Which device a command is about, and the line that says why it failed.

use dm_core::devno::DevNo;
use dm_core::dm::Request;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;

/// A device as it is asked for: by name, by uuid or by number, as they are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Its name, encoded; or empty.
    pub name: Vec<u8>,
    /// Its uuid, encoded; or empty.
    pub uuid: Vec<u8>,
    /// Its number.
    pub dev: Option<DevNo>,
}

impl Subject {
    /// The device of this name, which is encoded already.
    pub fn named(name: &[u8]) -> Self {
        Self { name: name.to_vec(), ..Self::default() }
    }

    /// The device of this number.
    pub fn numbered(dev: DevNo) -> Self {
        Self { dev: Some(dev), ..Self::default() }
    }

    /// A request about this device. The kernel takes one key: the first there is.
    pub fn request(&self, cmd: Cmd) -> Request {
        let mut request = Request::new(cmd);
        request.uuid.clone_from(&self.uuid);
        match self.dev {
            Some(dev) => request.numbered(dev),
            None => request.named(&self.name),
        }
    }
}

/// libdevmapper's word for what `request` asks, which tells apart what one ioctl does.
///
/// # Source
///
/// `_cmd_data_v4` in lvm2's `libdm/ioctl/libdm-iface.c`.
pub fn word(request: &Request) -> &'static str {
    match request.cmd {
        Cmd::DevSuspend if request.flags.contains(Flags::SUSPEND) => "suspend",
        Cmd::TableStatus if request.flags.contains(Flags::STATUS_TABLE) => "table",
        cmd => cmd.word(),
    }
}

/// The line that scripts look for: with a name alone there are two blanks before `failed`.
///
/// # Source
///
/// `_do_dm_ioctl` in lvm2's `libdm/ioctl/libdm-iface.c`.
pub fn failure_line(request: &Request, subject: &Subject, errno: Errno) -> Vec<u8> {
    let dev = match subject.dev {
        Some(dev) if dev.major > 0 => format!("({dev})"),
        _ => String::new(),
    };
    let text = |text: &str| text.as_bytes().to_vec();
    [
        text(&format!("device-mapper: {} ioctl on ", word(request))),
        subject.name.clone(),
        text(" "),
        subject.uuid.clone(),
        text(&format!("{dev} failed: {errno}")),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cmd: Cmd, subject: &Subject, errno: Errno) -> String {
        let line = failure_line(&subject.request(cmd), subject, errno);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn each_key_has_its_place_in_the_line() {
        let mut d = Subject::named(b"d");
        assert_eq!(
            line(Cmd::DevRemove, &d, Errno::ENXIO),
            "device-mapper: remove ioctl on d  failed: No such device or address"
        );
        d.uuid = b"U".to_vec();
        assert_eq!(
            line(Cmd::DevCreate, &d, Errno::EBUSY),
            "device-mapper: create ioctl on d U failed: Device or resource busy"
        );
        assert_eq!(
            line(Cmd::TargetMsg, &Subject::numbered(DevNo::new(254, 0)), Errno::ENXIO),
            "device-mapper: message ioctl on  (254:0) failed: No such device or address"
        );
    }

    #[test]
    fn one_ioctl_may_have_two_words() {
        let d = Subject::named(b"d");
        let status = d.request(Cmd::TableStatus);
        assert_eq!(word(&status), "status");
        assert_eq!(word(&status.with_flags(Flags::STATUS_TABLE)), "table");
        assert_eq!(word(&d.request(Cmd::DevSuspend)), "resume");
        assert_eq!(word(&d.request(Cmd::DevSuspend).with_flags(Flags::SUSPEND)), "suspend");
    }
}
