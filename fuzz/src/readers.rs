//! One reader of partition tables alone: `DMKIT_FUZZ_TABLE=gpt cargo xtask fuzz partitions`.

use std::borrow::Cow;
use std::sync::LazyLock;

use dm_formats::partitions::TABLES;

/// Which of the readers is wanted, counted from 1 as an input of the target counts them.
///
/// # Panics
///
/// When the environment names none of them.
static WANTED: LazyLock<Option<u8>> = LazyLock::new(|| {
    let name = std::env::var("DMKIT_FUZZ_TABLE").ok()?;
    let nth = TABLES.iter().position(|row| row.name == name).expect("a row of TABLES");
    u8::try_from(nth + 1).ok()
});

/// `input`, looked at for the wanted table only; as it is where none is.
pub fn for_wanted(input: &[u8]) -> Cow<'_, [u8]> {
    let (Some(wanted), Some(first)) = (*WANTED, input.first()) else { return Cow::from(input) };
    let mut input = input.to_vec();
    input[0] = (first & 15) | (wanted << 4);
    Cow::from(input)
}
