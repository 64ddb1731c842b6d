//! A disk image in memory: only what was written takes space.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use dm_core::read_at::{ReadAt, ReadError};
use dm_core::units::Bytes;

use crate::purpose;

/// What is kept together: a sector.
const PAGE: u64 = 512;
type Page = [u8; 512];

/// A disk image, how to look at it, and what is known of the answer.
#[derive(Clone, Debug)]
pub struct Image {
    /// What it is called.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// The logical block of the disk it is of.
    pub block: u32,
    /// Whether it is looked at with `-g`.
    pub force_gpt: bool,
    /// The only kind to look for.
    pub only: Option<&'static str>,
    /// Why ours does not answer as the original, where it does not on purpose.
    pub differs: Option<&'static str>,
    pages: BTreeMap<u64, Page>,
}

impl Image {
    /// An image of zeros.
    pub fn new(name: &str, size: u64) -> Self {
        Self {
            name: name.to_owned(),
            size,
            block: 512,
            force_gpt: false,
            only: None,
            differs: None,
            pages: BTreeMap::new(),
        }
    }

    /// The same of a disk with blocks of this size.
    #[must_use]
    pub fn with_block(self, block: u32) -> Self {
        Self { block, ..self }
    }

    /// The same, to which ours has another answer than the original, on this purpose.
    #[must_use]
    pub fn that_differs(self, purpose: &str) -> Self {
        Self { differs: Some(purpose::why(purpose)), ..self }
    }

    /// The same with `bytes` at `at`, as far as they lie in it.
    #[must_use]
    pub fn with(mut self, at: u64, bytes: &[u8]) -> Self {
        self.put(at, bytes);
        self
    }

    /// The same with another size: what was past the end is not there any more.
    #[must_use]
    pub fn with_size(mut self, size: u64) -> Self {
        let whole = size / PAGE;
        self.pages.retain(|page, _| *page < whole);
        self.size = size;
        self
    }

    /// Writes `bytes` at `at`, as far as that lies in it.
    pub fn put(&mut self, at: u64, bytes: &[u8]) {
        let room = usize::try_from(self.size.saturating_sub(at)).unwrap_or(usize::MAX);
        let mut left = &bytes[..bytes.len().min(room)];
        let mut at = at;
        while !left.is_empty() {
            let from = within(at);
            let (now, later) = left.split_at(left.len().min(512 - from));
            let page = at / PAGE;
            if self.pages.contains_key(&page) || now.iter().any(|byte| *byte != 0) {
                let page = self.pages.entry(page).or_insert([0; 512]);
                page[from..from + now.len()].copy_from_slice(now);
            }
            at = at.saturating_add(u64::try_from(now.len()).unwrap_or(0));
            left = later;
        }
    }

    /// The bytes that were written: where each run of 512 lies, and what it is.
    pub fn written(&self) -> impl Iterator<Item = (u64, &[u8])> {
        self.pages.iter().map(|(page, bytes)| (page * PAGE, &bytes[..]))
    }

    /// It as bytes, to be taken elsewhere: without its name, and without the zeros between what was written.
    pub fn pack(&self) -> Vec<u8> {
        let mut packed = [&self.size.to_le_bytes()[..], &self.block.to_le_bytes()].concat();
        for (at, bytes) in self.written() {
            packed.extend(at.to_le_bytes());
            packed.extend(bytes);
        }
        packed
    }

    /// The image of these bytes, under a name; none where they are no image.
    pub fn unpack(name: &str, packed: &[u8]) -> Option<Self> {
        let (size, rest) = packed.split_first_chunk::<8>()?;
        let (block, mut rest) = rest.split_first_chunk::<4>()?;
        let image = Self::new(name, u64::from_le_bytes(*size));
        let mut image = image.with_block(u32::from_le_bytes(*block));
        while let Some((at, after)) = rest.split_first_chunk::<8>() {
            let (page, after) = after.split_first_chunk::<512>()?;
            image.put(u64::from_le_bytes(*at), page);
            rest = after;
        }
        rest.is_empty().then_some(image)
    }

    /// Writes the image to an empty file.
    ///
    /// # Errors
    ///
    /// What the file says.
    pub fn write_to(&self, file: &File) -> io::Result<()> {
        for (at, bytes) in self.written() {
            file.write_all_at(bytes, at)?;
        }
        file.set_len(self.size)
    }
}

fn within(at: u64) -> usize {
    usize::try_from(at % PAGE).unwrap_or(0)
}

impl ReadAt for Image {
    fn size(&self) -> Bytes {
        Bytes::new(self.size)
    }

    fn read_at(&self, at: Bytes, buf: &mut [u8]) -> Result<(), ReadError> {
        let len = Bytes::new(u64::try_from(buf.len()).unwrap_or(u64::MAX));
        if at.checked_add(len).is_none_or(|end| end > ReadAt::size(self)) {
            return Err(ReadError::PastEnd { at, len });
        }
        let (mut at, mut left) = (at.get(), buf);
        while !left.is_empty() {
            let from = within(at);
            let (now, later) = left.split_at_mut(left.len().min(512 - from));
            match self.pages.get(&(at / PAGE)) {
                Some(page) => now.copy_from_slice(&page[from..from + now.len()]),
                None => now.fill(0),
            }
            at = at.saturating_add(u64::try_from(now.len()).unwrap_or(0));
            left = later;
        }
        Ok(())
    }
}
