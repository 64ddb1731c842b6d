//! One reader alone: `DMKIT_FUZZ_TABLE=gpt cargo xtask fuzz partitions`, `DMKIT_FUZZ_FORMAT=isw cargo xtask fuzz raid`.

use std::borrow::Cow;
use std::sync::LazyLock;

use dm_formats::partitions::TABLES;
use dm_formats::raid::FORMATS;

/// Which partition table is wanted.
static TABLE: LazyLock<Option<u8>> =
    LazyLock::new(|| nth("DMKIT_FUZZ_TABLE", TABLES.iter().map(|row| row.name)));

/// Which RAID format is wanted.
static FORMAT: LazyLock<Option<u8>> =
    LazyLock::new(|| nth("DMKIT_FUZZ_FORMAT", FORMATS.iter().map(|format| format.name)));

/// The place of what the environment's `variable` names, counted from 1 as an input counts.
///
/// # Panics
///
/// When it names none of them.
fn nth<'a>(variable: &str, mut names: impl Iterator<Item = &'a str>) -> Option<u8> {
    let wanted = std::env::var(variable).ok()?;
    let nth = names.position(|name| name == wanted).expect("a name of the list");
    u8::try_from(nth + 1).ok()
}

/// `input` of the target `partitions`, looked at for the wanted table only; as it is where none is.
pub fn of_wanted_table(input: &[u8]) -> Cow<'_, [u8]> {
    let (Some(wanted), Some(first)) = (*TABLE, input.first()) else { return Cow::from(input) };
    beginning_with((first & 15) | (wanted << 4), input)
}

/// The same of the target `raid`.
pub fn of_wanted_format(input: &[u8]) -> Cow<'_, [u8]> {
    let (Some(wanted), Some(_)) = (*FORMAT, input.first()) else { return Cow::from(input) };
    beginning_with(wanted, input)
}

fn beginning_with(first: u8, input: &[u8]) -> Cow<'static, [u8]> {
    let mut input = input.to_vec();
    input[0] = first;
    Cow::from(input)
}
