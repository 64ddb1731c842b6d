//! Messages to a device or its targets, and the geometry.
//!
//! # Source
//!
//! `target_message`, `message_for_md` and `dev_set_geometry` in the kernel's `drivers/md/dm-ioctl.c`, 6.12;
//! `dm_set_geometry` in `drivers/md/dm.c`.

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::message;
use dm_core::units::Sectors;
use dm_core::words;

use super::Engine;
use super::call::Call;
use crate::device::{DmDevice, Life};
use crate::state::Geometry;

/// Who answered a message, and what.
enum Answer {
    /// Done; nothing to tell.
    Done,
    /// Text for whoever sent it.
    Text(String),
    /// There was no live table.
    NoTable,
}

impl Engine {
    /// `DM_TARGET_MSG`.
    pub(super) fn message(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        let data = call.data()?;
        let (sector, text) = message::decode(&data)?;
        let words = words::split(text);
        let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
        let first = *words.first().ok_or(Errno::EINVAL)?;
        let answer = if first.starts_with(b"@") {
            self.message_to_core(&device, &words, call)?
        } else {
            self.message_to_target(&device, sector, &words, call)?
        };
        match answer {
            // quirk: ioctl(2) answers 2, which callers take for success, and nothing is copied back.
            Answer::NoTable => call.reply_nothing(),
            Answer::Done => self.report(&device, call),
            Answer::Text(text) => {
                self.report(&device, call);
                reply_text(&text, call);
            }
        }
        Ok(())
    }

    fn message_to_core(
        &self,
        device: &DmDevice,
        words: &[&[u8]],
        call: &Call<'_>,
    ) -> Result<Answer, Errno> {
        match words {
            [word] if word.eq_ignore_ascii_case(b"@cancel_deferred_remove") => {
                let _pass = device.enter(call.client.interrupted)?;
                self.set_deferred(device, false)?;
                Ok(Answer::Done)
            }
            _ => Err(Errno::EINVAL),
        }
    }

    fn message_to_target(
        &self,
        device: &DmDevice,
        sector: Sectors,
        words: &[&[u8]],
        call: &Call<'_>,
    ) -> Result<Answer, Errno> {
        let Some(table) = device.mapped().live() else { return Ok(Answer::NoTable) };
        if device.state().life != Life::There {
            return Err(Errno::ENXIO);
        }
        let placed = table.find(sector).ok_or(Errno::EINVAL)?;
        let answer = placed.target.message(words);
        // One that failed may have done a part of what it said. What cannot be remembered now is done all the same: the
        // target says that it has learnt it, and it is remembered as soon as that works.
        let is_news = answer.is_ok() || placed.target.has_learnt();
        if is_news && placed.target.memory().is_some() {
            let _pass = device.enter(call.client.interrupted)?;
            self.stage(device, device.to_record())?.commit()?;
        }
        Ok(answer?.map_or(Answer::Done, Answer::Text))
    }

    /// `DM_DEV_SET_GEOMETRY`.
    pub(super) fn set_geometry(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        let data = call.data()?;
        let geometry = parse_geometry(message::decode_text(&data)?).ok_or(Errno::EINVAL)?;
        let _pass = device.enter(call.client.interrupted)?;
        let mut record = device.to_record();
        record.geometry = Some(geometry);
        self.stage(&device, record)?.commit()?;
        device.state().geometry = Some(geometry);
        call.reply_nothing();
        Ok(())
    }
}

fn reply_text(text: &str, call: &mut Call<'_>) {
    call.set_flags(Flags::DATA_OUT, true);
    let text = message::encode_text(text.as_bytes());
    // quirk: a text that fills the buffer to the last byte is taken for one that was cut.
    if text.len() < call.room() {
        call.reply_with(&text);
    } else {
        call.reply_full();
    }
}

/// Four numbers, parted by white space: cylinders, heads, sectors, start.
fn parse_geometry(text: &[u8]) -> Option<Geometry> {
    let trailing = text.last().is_some_and(|&byte| words::is_space(byte));
    let words: Vec<u64> = text
        .split(|&byte| words::is_space(byte))
        .filter(|word| !word.is_empty())
        .map(|word| {
            let digits = word.iter().all(u8::is_ascii_digit);
            str::from_utf8(word).ok().filter(|_| digits)?.parse().ok()
        })
        .collect::<Option<_>>()?;
    let &[cylinders, heads, sectors, start] = words.as_slice() else { return None };
    let at_most = |n: u64, max: u32| u32::try_from(n).ok().filter(|n| *n <= max);
    let geometry = Geometry {
        cylinders: at_most(cylinders, 65535)?,
        heads: at_most(heads, 255)?,
        sectors: at_most(sectors, 255)?,
        start,
    };
    let size = cylinders.checked_mul(heads)?.checked_mul(sectors)?;
    (start <= size && !trailing).then_some(geometry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_geometry_is_four_numbers_within_their_bounds() {
        let geometry = Geometry { cylinders: 16, heads: 32, sectors: 63, start: 32_256 };
        assert_eq!(parse_geometry(b" 16 32\t63 32256"), Some(geometry));
        for bad in [
            &b""[..],
            b"16 32 63",
            b"16 32 63 0 0",
            b"16 32 63 0 ",
            b"16 32 63 0x",
            b"-1 1 1 0",
            b"+1 1 1 0",
            b"65536 255 255 0",
            b"16 256 63 0",
            b"16 32 256 0",
            b"1 1 1 2",
            b"99999999999999999999 1 1 0",
        ] {
            assert_eq!(parse_geometry(bad), None, "{}", bad.escape_ascii());
        }
    }
}
