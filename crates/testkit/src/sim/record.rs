//! What was done to a disk in memory, and what is left of it when the power goes.

use std::collections::BTreeMap;

use dm_core::units::Sectors;
use dm_engine::io::request::{Buf, Io, IoFlags, Op};

/// Something that changed a disk, or made changes lasting.
#[derive(Clone, Debug)]
pub enum Event {
    /// A write.
    Write {
        /// Where it began.
        at: Sectors,
        /// What was written.
        data: Buf,
        /// How.
        flags: IoFlags,
    },
    /// A discard or a write of zeroes.
    Zeroes {
        /// Where it began.
        at: Sectors,
        /// How long it was.
        len: Sectors,
        /// How.
        flags: IoFlags,
    },
    /// Whatever was written before is on stable storage.
    Flush,
}

impl Event {
    /// What `io` is as an event; a read is none.
    pub(super) fn of(io: &Io) -> Option<Self> {
        let (at, flags) = (io.sector, io.flags);
        match &io.op {
            Op::Read(_) => None,
            Op::Write(data) => Some(Self::Write { at, data: data.clone(), flags }),
            Op::Discard(len) | Op::WriteZeroes(len) => Some(Self::Zeroes { at, len: *len, flags }),
            Op::Flush => Some(Self::Flush),
        }
    }

    fn flags(&self) -> IoFlags {
        match self {
            Self::Write { flags, .. } | Self::Zeroes { flags, .. } => *flags,
            Self::Flush => IoFlags::PREFLUSH,
        }
    }

    /// Whether what was done before it is lasting once it is done.
    pub(super) fn flushes(&self) -> bool {
        self.flags().contains(IoFlags::PREFLUSH)
    }

    /// Whether it is lasting itself.
    pub(super) fn is_lasting(&self) -> bool {
        self.flags().contains(IoFlags::FUA)
    }

    /// How many sectors it changes.
    fn len(&self) -> u64 {
        match self {
            Self::Write { data, .. } => data.sectors().get(),
            Self::Zeroes { len, .. } => len.get(),
            Self::Flush => 0,
        }
    }
}

/// The sectors that are not zero.
#[derive(Clone, Debug, Default)]
pub(super) struct Content(BTreeMap<u64, Box<[u8]>>);

impl Content {
    pub(super) fn read(&self, at: Sectors, buf: &mut [u8]) {
        for (sector, bytes) in (at.get()..).zip(buf.chunks_mut(512)) {
            match self.0.get(&sector) {
                Some(content) => bytes.copy_from_slice(&content[..bytes.len()]),
                None => bytes.fill(0),
            }
        }
    }

    pub(super) fn write(&mut self, at: Sectors, data: &[u8]) {
        for (sector, bytes) in (at.get()..).zip(data.chunks(512)) {
            self.set(sector, bytes);
        }
    }

    fn set(&mut self, sector: u64, bytes: &[u8]) {
        if bytes.iter().all(|&byte| byte == 0) {
            self.0.remove(&sector);
        } else {
            self.0.insert(sector, bytes.into());
        }
    }

    /// Does what `event` did, to those of its sectors that `keep` names, counted from its first.
    pub(super) fn apply(&mut self, event: &Event, mut keep: impl FnMut(u64) -> bool) {
        match event {
            Event::Write { at, data, .. } => {
                for (sector, bytes) in (0..).zip(data.chunks(512)) {
                    if keep(sector) {
                        self.set(at.get() + sector, bytes);
                    }
                }
            }
            Event::Zeroes { at, .. } => {
                let range = at.get()..at.get().saturating_add(event.len());
                let kept: Vec<_> = self.0.range(range).map(|(&sector, _)| sector).collect();
                for sector in kept {
                    if keep(sector - at.get()) {
                        self.0.remove(&sector);
                    }
                }
            }
            Event::Flush => {}
        }
    }
}
