//! Parity: the exclusive or of what stands at the same place of every member but one.

/// A word that the compiler makes the widest registers of.
const WORD: usize = 32;

/// Puts `from` onto `onto`, which is as long.
pub(super) fn add(onto: &mut [u8], from: &[u8]) {
    let (words, rest) = onto.as_chunks_mut::<WORD>();
    let (from_words, from_rest) = from.as_chunks::<WORD>();
    for (word, from) in words.iter_mut().zip(from_words) {
        for (byte, from) in word.iter_mut().zip(from) {
            *byte ^= from;
        }
    }
    for (byte, from) in rest.iter_mut().zip(from_rest) {
        *byte ^= from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_on_twice_is_gone() {
        for len in [0, 1, 31, 32, 33, 512, 4096 + 7] {
            let bytes = |seed: usize| -> Vec<u8> {
                (0..len).map(|at: usize| (at * 31 + seed).to_le_bytes()[0]).collect()
            };
            let (mut onto, from) = (bytes(3), bytes(99));
            add(&mut onto, &from);
            assert!((0..len).all(|at| onto[at] == bytes(3)[at] ^ from[at]), "{len}");
            add(&mut onto, &from);
            assert_eq!(onto, bytes(3), "{len}");
        }
    }
}
