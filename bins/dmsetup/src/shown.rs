//! How devices are shown: the block of `info`, and a number, a name or the kernel's name in lists.

use dm_cli::exit::Failure;
use dm_cli::session::Session;
use dm_core::devno::DevNo;
use dm_core::dm::{DeviceInfo, Reply};
use dm_core::flags::Flags;

use crate::ctx::Ctx;

/// How a device is shown in a list, by `-o`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceForm {
    /// By its number.
    #[default]
    Number,
    /// By its mapped device's name, or else the kernel's.
    Name,
    /// By the kernel's name.
    KernelName,
}

impl DeviceForm {
    /// The words of `-o`, in the order in which they are tried.
    const WORDS: [(&'static str, Self); 3] =
        [("devno", Self::Number), ("blkdevname", Self::KernelName), ("devname", Self::Name)];

    /// What `-o` asks for: a list of words, each of which may be cut short; the last counts.
    ///
    /// # Errors
    ///
    /// The first word that is none, and what follows it.
    pub fn parse(text: &[u8]) -> Result<Self, Failure> {
        let mut rest = text;
        loop {
            let end = rest.iter().position(|&byte| byte == b',').unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let found = Self::WORDS.iter().find(|(name, _)| name.as_bytes().starts_with(word));
            let Some((_, form)) = found else {
                let text = [b"Option not recognised: ", rest, b"."].concat();
                return Err(Failure::line(text));
            };
            match after.split_first() {
                Some((_, after)) => rest = after,
                None => return Ok(*form),
            }
        }
    }

    /// The device, with `between` between the halves of its number where it has no name.
    pub fn show(self, session: &Session<'_>, dev: DevNo, between: &str) -> Vec<u8> {
        let name = match self {
            Self::Number => None,
            Self::Name => session.mapped_name(dev).or_else(|| session.kernel_name(dev)),
            Self::KernelName => session.kernel_name(dev),
        };
        name.unwrap_or_else(|| format!("{}{between}{}", dev.major, dev.minor).into_bytes())
    }
}

/// A kind of table that a device has, for `Tables present`.
fn tables(flags: Flags) -> &'static str {
    let live = flags.contains(Flags::ACTIVE_PRESENT);
    match (live, flags.contains(Flags::INACTIVE_PRESENT)) {
        (true, true) => "LIVE & INACTIVE",
        (true, false) => "LIVE",
        (false, true) => "INACTIVE",
        (false, false) => "None",
    }
}

fn state(flags: Flags) -> String {
    let mut state =
        String::from(if flags.contains(Flags::SUSPEND) { "SUSPENDED" } else { "ACTIVE" });
    if flags.contains(Flags::READONLY) {
        state.push_str(" (READ-ONLY)");
    }
    if flags.contains(Flags::DEFERRED_REMOVE) {
        state.push_str(" (DEFERRED REMOVE)");
    }
    state
}

/// The lines about a device whose read-ahead is known or not.
fn block(device: &DeviceInfo, read_ahead: Option<u64>) -> Vec<u8> {
    let mut text = [b"Name:              ", &device.name[..], b"\n"].concat();
    let mut row = |label: &str, value: &dyn std::fmt::Display| {
        text.extend(format!("{label:<19}{value}\n").into_bytes());
    };
    row("State:", &state(device.flags));
    if let Some(sectors) = read_ahead {
        row("Read Ahead:", &sectors);
    }
    row("Tables present:", &tables(device.flags));
    if device.open_count >= 0 {
        row("Open count:", &device.open_count);
    }
    row("Event number:", &device.event_nr);
    row("Major, minor:", &format!("{}, {}", device.dev.major, device.dev.minor));
    row("Number of targets:", &device.target_count);
    if !device.uuid.is_empty() {
        text.extend([b"UUID: ", &device.uuid[..], b"\n"].concat());
    }
    text.push(b'\n');
    text
}

impl Ctx<'_, '_> {
    /// Prints what a reply says of its device, as `info` does.
    ///
    /// # Errors
    ///
    /// Its name or uuid cannot be shown.
    pub fn print_info(&mut self, reply: &Reply) -> Result<(), Failure> {
        let device = self.session.shown(reply)?;
        let read_ahead = self.session.read_ahead(device.dev, &reply.device().name);
        self.out.print(block(&device, read_ahead));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_be_cut_short_and_the_last_counts() {
        let parse = |text: &str| DeviceForm::parse(text.as_bytes());
        assert_eq!(parse("d"), Ok(DeviceForm::Number));
        assert_eq!(parse(""), Ok(DeviceForm::Number));
        assert_eq!(parse("blk"), Ok(DeviceForm::KernelName));
        assert_eq!(parse("devno,devna"), Ok(DeviceForm::Name));
        let bad = parse("devname,foo,devno").unwrap_err();
        assert_eq!(bad.text, b"Option not recognised: foo,devno.\n");
    }

    #[test]
    fn a_block_leaves_out_what_is_not_known() {
        let device = DeviceInfo {
            dev: DevNo::new(254, 0),
            name: b"a".to_vec(),
            uuid: Vec::new(),
            flags: Flags::ACTIVE_PRESENT | Flags::SUSPEND | Flags::READONLY,
            open_count: -1,
            event_nr: 2,
            target_count: 1,
        };
        let text = String::from_utf8(block(&device, None)).unwrap();
        assert_eq!(
            text,
            "Name:              a\nState:             SUSPENDED (READ-ONLY)\n\
             Tables present:    LIVE\nEvent number:      2\nMajor, minor:      254, 0\n\
             Number of targets: 1\n\n"
        );
    }
}
