//! What a reader of a partition table is lent: the disk, the options, and where to say what it saw.

use alloc::vec::Vec;

use dm_core::units::{Bytes, Sectors};

use super::Options;
use super::damage::{Damage, Part, Why};
use super::disk::{Disk, Trouble};
use super::message::Message;

/// One table's look at a disk.
#[derive(Debug)]
pub struct Probe<'p, 'd> {
    pub(super) disk: &'p mut Disk<'d>,
    pub(super) options: &'p Options<'p>,
    pub(super) table: &'static str,
    pub(super) messages: &'p mut Vec<Message>,
    pub(super) damage: &'p mut Vec<Damage>,
}

impl Probe<'_, '_> {
    /// Says what the original says.
    pub(super) fn say(&mut self, message: Message) {
        self.messages.push(message);
    }

    /// Notes what is wrong.
    pub(super) fn note(&mut self, part: Part, field: &'static str, at: Bytes, why: Why) {
        self.damage.push(Damage { table: self.table, part, field, at, why });
    }

    /// The sector `n`, where the table's label is expected. A disk that is too small for it has no such label;
    /// the original complains of a read error there.
    pub(super) fn label(&mut self, n: u64) -> Option<[u8; 512]> {
        match self.disk.sector(Sectors::new(n)) {
            Ok(sector) => Some(sector),
            Err(Trouble::Past | Trouble::Cut) => None,
            Err(trouble) => self.unreadable(n, Part::Label, trouble),
        }
    }

    /// The sector `n`, which something on the disk points to.
    pub(super) fn linked(&mut self, n: u64, part: Part) -> Option<[u8; 512]> {
        match self.disk.sector(Sectors::new(n)) {
            Ok(sector) => Some(sector),
            Err(trouble) => self.unreadable(n, part, trouble),
        }
    }

    fn unreadable(&mut self, n: u64, part: Part, trouble: Trouble) -> Option<[u8; 512]> {
        let sector = Sectors::new(n);
        match trouble {
            Trouble::Past => self.say(Message::Seek),
            Trouble::Cut | Trouble::Device(_) => {
                self.say(Message::Read { block: self.disk.block_of(sector) });
            }
            Trouble::Spent => {}
        }
        let at = sector.to_bytes().unwrap_or(Bytes::new(u64::MAX));
        self.note(part, "sector", at, Why::Unreadable(trouble));
        None
    }
}
