//! `-f FORMAT -C SET --type LEVEL [--size SIZE] [--strip SIZE] --disk DISK,...`: a set is made, when asked and
//! answered y.
//!
//! All that follows the set's name has a grammar of its own. The first of each option counts. Disks are separated by
//! commas or blanks; those that are not among the machine's may be images.
//!
//! Other than the original: what is not done ends in 1, not in 0; a size has no sign and no exponent, where the
//! original takes a negative one for all there is; the old metadata of a disk that has some are saved first.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

use dm_cli::argv::{Argv, ArgvError, Opt, Order};
use dm_cli::exit::{self, Failure};
use dm_core::units::Sectors;
use dm_formats::raid::FormatType;
use dm_formats::raid::manage::{self, Created, NewSet};

use super::carry_out::{candidates, carry_out, failed, format, place, refused};
use super::{erase, spare};
use crate::dispatch::Ctx;
use crate::survey::Survey;

/// What follows the set's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Size,
    Level,
    Stride,
    Disks,
}

/// The original has each beginning of `strid` from `str` on in its table, and `disk`.
static WORDS: &[Opt<Word>] = &[
    Opt::switch(Word::Size, "", "size", "How large it is to be.").takes("size"),
    Opt::switch(Word::Level, "", "type", "Its level.").takes("level"),
    Opt::switch(Word::Stride, "", "strip", "How much of a member is a stripe.").takes("size"),
    Opt::switch(Word::Stride, "", "strid", "The same.").takes("size").exact(),
    Opt::switch(Word::Disks, "", "disks", "Its members.").takes("disk,..."),
];

/// The fewest words, the set's name among them.
const WORDS_MIN: usize = 4;

/// The set that is asked for.
#[derive(Debug, Default)]
struct Asked<'a> {
    level: Option<&'a [u8]>,
    size: Option<Sectors>,
    stride: Option<Sectors>,
    disks: Option<&'a [u8]>,
}

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let options = ctx.options;
    let Some((name, words)) = &options.create else { return Ok(exit::FAILURE) };
    let asked = Asked::parse(words).map_err(|text| failed(ctx, &[text]))?;
    let format = format(ctx)?;
    let level = asked.level.unwrap_or_default();
    manage::check_words(name, level).map_err(|message| refused(ctx, &message))?;
    let paths = paths(asked.disks.unwrap_or_default());
    let survey = Survey::of(ctx, &paths)?;
    let mut members = Vec::new();
    for path in &paths {
        let member = place(&survey, path);
        members.push(member.ok_or_else(|| failed(ctx, &[b"failed to find disk ", path]))?);
    }
    let (size, stride, now) = (asked.size, asked.stride, ctx.host.now());
    let new = NewSet { name, level, size, stride, members: &members, now };
    let created = manage::create(format, &candidates(&survey), &new);
    let created = created.map_err(|message| refused(ctx, &message))?;
    let is_meant = if created.level == manage::SPARE {
        spare::ask(ctx, format, &paths.concat(), Some(name))
    } else {
        let settings = settings(format, name, &created, &paths);
        ctx.voice.out.print(settings);
        erase::ask(ctx, QUESTION)
    };
    if is_meant {
        carry_out(ctx, &survey, &created.plan)?;
    }
    Ok(exit::SUCCESS)
}

impl<'a> Asked<'a> {
    /// What the words say, or what the original says of them.
    fn parse(words: &'a [Vec<u8>]) -> Result<Self, &'static [u8]> {
        match words.first() {
            None => return Err(b"either the required RAID set not found or more options required"),
            Some(word) if !word.starts_with(b"-") => {
                return Err(b"only one argument allowed for this option");
            }
            Some(_) if words.len().saturating_add(1) < WORDS_MIN => {
                return Err(b"too few arguments");
            }
            Some(_) => {}
        }
        let mut asked = Self::default();
        for found in Argv::new(WORDS, Order::Permute, words) {
            let found = match found {
                Ok(found) => found,
                // What has no value was not said.
                Err(ArgvError::LongNeedsValue(_)) => continue,
                Err(_) => return Err(b"unknown option"),
            };
            let text = found.value.unwrap_or_default();
            match found.id {
                Word::Level => asked.level = asked.level.or(Some(text)),
                Word::Disks => asked.disks = asked.disks.or(Some(text)),
                Word::Size => {
                    let size = sectors(text).ok_or(&b"failed to config size"[..])?;
                    asked.size = asked.size.or(Some(size));
                }
                Word::Stride => {
                    let stride = sectors(text).ok_or(&b"failed to config stripe"[..])?;
                    asked.stride = asked.stride.or(Some(stride));
                }
            }
        }
        Ok(asked)
    }
}

/// A decimal number, then `k`, `m` or `g`, then `b` for bytes, which may be left out, or `B` for sectors; rounded up.
/// No digits are 0.
fn sectors(text: &[u8]) -> Option<Sectors> {
    let text = std::str::from_utf8(text).ok()?;
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = [whole, part].concat();
    let number: u128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    let parts = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let (factor, unit) = match unit.as_bytes() {
        [b'k' | b'K', rest @ ..] => (1 << 10, rest),
        [b'm' | b'M', rest @ ..] => (1 << 20, rest),
        [b'g' | b'G', rest @ ..] => (1 << 30, rest),
        rest => (1, rest),
    };
    let bytes = match unit {
        b"" | b"b" => 1,
        b"B" => 512,
        _ => return None,
    };
    let bytes = number.checked_mul(factor)?.checked_mul(bytes)?;
    let sectors = bytes.div_ceil(parts.checked_mul(512)?);
    u64::try_from(sectors).ok().map(Sectors::new)
}

fn paths(list: &[u8]) -> Vec<Vec<u8>> {
    let all = list.split(|byte| matches!(byte, b',' | b' '));
    all.filter(|path| !path.is_empty()).map(<[u8]>::to_vec).collect()
}

/// Whether all that was shown is to be.
const QUESTION: &[u8] = b"About to create a RAID set with the above settings. Continue ? [y/n] :";

/// All that will be.
fn settings(format: &FormatType, name: &[u8], set: &Created, paths: &[Vec<u8>]) -> Vec<u8> {
    let head = format!(
        "\n\n     Create a RAID set with {} metadata format     \n\nRAID name:      ",
        format.name.to_ascii_uppercase()
    );
    let size = set.size.get();
    let stride = set.stride.map(Sectors::get).map_or_else(String::new, |stride| {
        format!("RAID strip:     {}k ({stride} blocks)\n", stride / 2)
    });
    let middle = format!(
        "\nRAID type:      {}\nRAID size:      {}G ({size} blocks)\n{stride}",
        set.level,
        size >> 21
    );
    let disks: Vec<u8> = paths.iter().flat_map(|path| [&path[..], b", "].concat()).collect();
    [head.as_bytes(), name, middle.as_bytes(), b"DISKS:     ", &disks, b"\n\n\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up_to_sectors() {
        let of = |text: &str| sectors(text.as_bytes()).map(Sectors::get);
        assert_eq!(of("1"), Some(1));
        assert_eq!(of("513"), Some(2));
        assert_eq!(of("150.3m"), Some(307_815));
        assert_eq!(of(".5k"), Some(1));
        assert_eq!(of("300kB"), Some(307_200));
        assert_eq!(of("2gb"), Some(4_194_304));
        assert_eq!(of(""), Some(0));
        assert_eq!(of("m"), Some(0));
        for wrong in ["x", "-5", "1.2.3m", "200m0", "200 m", "1bb", "99999999999999999999999999g"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_first_of_each_option_counts() {
        let words = ["--ty", "1", "--st=8k", "--strid", "9", "--disk", "a,b", "--disks", "c"];
        let words: Vec<Vec<u8>> = words.map(|word| word.as_bytes().to_vec()).into();
        let asked = Asked::parse(&words).unwrap();
        assert_eq!(asked.level, Some(&b"1"[..]));
        assert_eq!(asked.stride, Some(Sectors::new(16)));
        assert_eq!(asked.disks, Some(&b"a,b"[..]));
        assert_eq!(asked.size, None);
    }
}
