//! The blocks that are bad, for any number of queues: where none is, none takes a lock.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use dm_core::errno::Errno;

/// How many there may be: some 30 MiB of them.
const COUNT_MAX: usize = 1 << 20;

/// Block numbers, each with how many writes to it are still to fail.
type Bad = BTreeMap<u64, u8>;

/// A set of bad blocks.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    bad: RwLock<Bad>,
    /// How many there are: changed under the lock, read without.
    count: AtomicUsize,
}

/// What a write to a block came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worn {
    /// The block is not bad.
    Fine,
    /// It was, and is no more.
    Mended,
    /// The write fails.
    Fails,
}

impl Blocks {
    fn read(&self) -> RwLockReadGuard<'_, Bad> {
        self.bad.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the set, and counts it anew.
    fn change<T>(&self, change: impl FnOnce(&mut RwLockWriteGuard<'_, Bad>) -> T) -> T {
        let mut bad = self.bad.write().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut bad);
        self.count.store(bad.len(), Ordering::Release);
        result
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Whether `block` is one of them.
    pub(super) fn has(&self, block: u64) -> bool {
        self.count() > 0 && self.read().contains_key(&block)
    }

    /// A write to `block`.
    pub(super) fn wear(&self, block: u64) -> Worn {
        self.change(|bad| match bad.get_mut(&block) {
            None => Worn::Fine,
            Some(0) => {
                bad.remove(&block);
                Worn::Mended
            }
            Some(writes) => {
                *writes -= 1;
                Worn::Fails
            }
        })
    }

    /// Adds `block`, which fails `writes` writes.
    ///
    /// # Errors
    ///
    /// `EINVAL` when it is there; `ENOMEM` when there are too many.
    pub(super) fn add(&self, block: u64, writes: u8) -> Result<(), Errno> {
        self.change(|bad| {
            if bad.contains_key(&block) {
                return Err(Errno::EINVAL);
            }
            if bad.len() >= COUNT_MAX {
                return Err(Errno::ENOMEM);
            }
            bad.insert(block, writes);
            Ok(())
        })
    }

    /// Takes `block` away.
    ///
    /// # Errors
    ///
    /// `EINVAL` when it is not there.
    pub(super) fn remove(&self, block: u64) -> Result<(), Errno> {
        self.change(|bad| bad.remove(&block)).map(drop).ok_or(Errno::EINVAL)
    }

    /// Takes all away; whether there were any.
    pub(super) fn clear(&self) -> bool {
        !self.change(|bad| std::mem::take(&mut **bad)).is_empty()
    }

    /// One to a line, or that there is none.
    pub(super) fn list(&self) -> String {
        let bad = self.read();
        if bad.is_empty() {
            return "No blocks in badblocklist".to_owned();
        }
        bad.keys().fold(String::new(), |mut text, block| {
            // A `String` takes whatever is written.
            let _ = writeln!(text, "{block}");
            text
        })
    }

    /// Blocks in a row of the same count as one word, with a blank before each word.
    pub(super) fn to_text(&self) -> String {
        let bad = self.read();
        let mut blocks = bad.iter().map(|(&block, &writes)| (block, writes)).peekable();
        let mut text = String::new();
        while let Some((first, writes)) = blocks.next() {
            let mut last = first;
            while blocks
                .next_if(|next| Some(next.0) == last.checked_add(1) && next.1 == writes)
                .is_some()
            {
                last += 1;
            }
            // A `String` takes whatever is written.
            let _ = write!(text, " {first}");
            if last > first {
                let _ = write!(text, "-{last}");
            }
            if writes > 0 {
                let _ = write!(text, ":{writes}");
            }
        }
        text
    }

    /// Takes the blocks of `words`, as [`Self::to_text`] has written them, in place of those that there are.
    ///
    /// # Errors
    ///
    /// `EINVAL` for words that it has not written; nothing is changed then.
    pub(super) fn recall<'a>(&self, words: impl Iterator<Item = &'a str>) -> Result<(), Errno> {
        let mut blocks = Bad::new();
        for word in words {
            let (first, last, writes) = run(word).ok_or(Errno::EINVAL)?;
            let is_after = blocks.last_key_value().is_none_or(|(&before, _)| before < first);
            let room = u64::try_from(COUNT_MAX - blocks.len()).unwrap_or_default();
            if !is_after || last < first || last - first >= room {
                return Err(Errno::EINVAL);
            }
            blocks.extend((first..=last).map(|block| (block, writes)));
        }
        self.change(|bad| **bad = blocks);
        Ok(())
    }
}

/// `<first>[-<last>][:<writes>]`
fn run(word: &str) -> Option<(u64, u64, u8)> {
    let (blocks, writes) = match word.split_once(':') {
        Some((blocks, writes)) => (blocks, number(writes)?.try_into().ok()?),
        None => (word, 0),
    };
    let (first, last) = blocks.split_once('-').unwrap_or((blocks, blocks));
    Some((number(first)?, number(last)?, writes))
}

fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Blocks, Errno> {
        let blocks = Blocks::default();
        blocks.recall(text.split(' ').filter(|word| !word.is_empty()))?;
        Ok(blocks)
    }

    #[test]
    fn blocks_in_a_row_are_one_word() {
        let blocks = Blocks::default();
        for (block, writes) in [(7, 0), (5, 0), (6, 0), (8, 3), (9, 3), (11, 3), (u64::MAX, 255)] {
            blocks.add(block, writes).unwrap();
        }
        let text = " 5-7 8-9:3 11:3 18446744073709551615:255";
        assert_eq!(blocks.to_text(), text);
        assert_eq!(of(text).unwrap().to_text(), text);
        assert_eq!(of(text).unwrap().count(), 7);
    }

    #[test]
    fn what_was_not_written_is_not_read() {
        for bad in [
            "x",
            "5-",
            "-5",
            "5-4",
            "5 5",
            "6 5",
            "5-7 7",
            "5:256",
            "5:",
            "+5",
            "5:-1",
            "0-18446744073709551615",
            "0-1048576",
            "0-1048575 1048576",
            "18446744073709551616",
        ] {
            assert_eq!(of(bad).map(drop).unwrap_err(), Errno::EINVAL, "{bad}");
        }
        assert_eq!(of("0-1048575").unwrap().count(), COUNT_MAX);
    }

    #[test]
    fn there_are_not_too_many() {
        let blocks = of("0-1048575").unwrap();
        assert_eq!(blocks.add(1 << 20, 0), Err(Errno::ENOMEM));
        assert_eq!(blocks.add(0, 0), Err(Errno::EINVAL));
        blocks.remove(5).unwrap();
        blocks.add(1 << 20, 0).unwrap();
    }

    #[test]
    fn writes_fail_as_often_as_said_and_then_mend() {
        let blocks = of("3:2").unwrap();
        assert_eq!(
            [(); 4].map(|()| blocks.wear(3)),
            [Worn::Fails, Worn::Fails, Worn::Mended, Worn::Fine]
        );
        assert!(!blocks.has(3));
    }
}
