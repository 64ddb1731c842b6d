//! Things with small numbers, which are used again.

/// A list whose entries keep their number while they are in it.
#[derive(Debug)]
pub(super) struct Slab<T> {
    entries: Vec<Option<T>>,
    free: Vec<usize>,
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), free: Vec::new() }
    }

    /// Takes `entry` in; answers with its number.
    pub(super) fn insert(&mut self, entry: T) -> usize {
        let number = self.free.pop().unwrap_or(self.entries.len());
        match self.entries.get_mut(number) {
            Some(place) => *place = Some(entry),
            None => self.entries.push(Some(entry)),
        }
        number
    }

    pub(super) fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.entries.get_mut(number)?.as_mut()
    }

    /// Takes the entry out; its number is free for another.
    pub(super) fn remove(&mut self, number: usize) -> Option<T> {
        let entry = self.entries.get_mut(number)?.take()?;
        self.free.push(number);
        Some(entry)
    }

    /// The numbers in use.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        self.entries.iter().enumerate().filter(|(_, entry)| entry.is_some()).map(|(n, _)| n)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_used_again_only_after_its_entry_is_gone() {
        let mut slab = Slab::new();
        let (a, b) = (slab.insert('a'), slab.insert('b'));
        assert_ne!(a, b);
        assert_eq!(slab.remove(a), Some('a'));
        assert_eq!(slab.remove(a), None);
        assert_eq!(slab.insert('c'), a);
        assert_eq!((slab.len(), slab.get_mut(b)), (2, Some(&mut 'b')));
        assert_eq!(slab.numbers().count(), 2);
    }
}
