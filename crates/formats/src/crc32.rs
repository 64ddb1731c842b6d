//! The checksum of GPT and of DDF: CRC-32 with the reflected polynomial `0xEDB88320`, begun and ended with all ones.

/// A checksum under way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crc32(u32);

impl Crc32 {
    pub(crate) const fn new() -> Self {
        Self(u32::MAX)
    }

    /// One that begins with zero; it is to end as it is, so [`Self::finish`] has all its bits turned.
    pub(crate) const fn from_zero() -> Self {
        Self(0)
    }

    /// Takes in `bytes`.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            let [low, ..] = self.0.to_le_bytes();
            let row = TABLE.get(usize::from(low ^ byte)).copied().unwrap_or_default();
            self.0 = row ^ (self.0 >> 8);
        }
    }

    pub(crate) const fn finish(self) -> u32 {
        !self.0
    }
}

static TABLE: [u32; 256] = table();

#[expect(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "evaluated when compiled: a mistake here does not build"
)]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut row = 0;
    while row < table.len() {
        let (mut value, mut bit) = (row as u32, 0);
        while bit < 8 {
            value = if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[row] = value;
        row += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_catalogues() {
        let mut crc = Crc32::new();
        crc.update(b"1234");
        crc.update(b"56789");
        assert_eq!(crc.finish(), 0xCBF4_3926);
    }
}
