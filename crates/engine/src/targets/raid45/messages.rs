//! Messages. `allow_writes` counts; the others tune what the original had and this does not need: they are
//! checked as there, answered as there, and change nothing else.
//!
//! | message | what |
//! |---|---|
//! | `allow_writes` | writes go on after a member failed; `EPERM` when they were not prohibited |
//! | `bandwidth set`, `grow` or `shrink <percent>` | of the time, for resynchronisation |
//! | `stripe_cache set`, `grow` or `shrink <stripes>` | that are kept in memory |
//! | `overwrite on`, `off` or `reset`; `statistics` likewise | switches; `EPERM` where it changes nothing |
//! | `xor <algorithm> <chunks>` | how parity is computed |
//!
//! A first word may be cut short to three letters, a second one to two.
//!
//! # Source
//!
//! `raid_message` of `dm-raid45.c`, 0.2597k. Of the algorithms for `xor`, any name will do.

use std::sync::{Mutex, PoisonError};

use dm_core::errno::Errno;

use super::Raid45;
use super::args::Args;

/// What messages tune, to no effect.
#[derive(Debug)]
pub(super) struct Tuning(Mutex<Values>);

#[derive(Debug)]
struct Values {
    bandwidth: u64,
    stripes: u64,
    overwrite: bool,
    statistics: bool,
}

/// The most members at a time that the original's `xor` takes.
const XOR_MOST: u64 = 64;

impl Tuning {
    pub(super) fn new(args: &Args) -> Self {
        let (bandwidth, stripes) = (args.bandwidth(), args.stripes());
        Self(Mutex::new(Values { bandwidth, stripes, overwrite: true, statistics: false }))
    }
}

/// Takes a message.
///
/// # Errors
///
/// See the module's page; `EINVAL` for any other message, and for numbers out of bounds.
pub(super) fn take(set: &Raid45, words: &[&[u8]]) -> Result<(), Errno> {
    let Some((&name, rest)) = words.split_first() else { return Err(Errno::EINVAL) };
    let names = ["xor", "stripe_cache", "statistics", "overwrite", "bandwidth", "allow_writes"];
    let name = names.into_iter().find(|whole| is_cut(whole, name, 3)).ok_or(Errno::EINVAL)?;
    let mut values = set.tuning.0.lock().unwrap_or_else(PoisonError::into_inner);
    match (name, rest) {
        ("allow_writes", _) => set.health().allow_writes(),
        ("bandwidth", [how, by]) => {
            let by = number(by).filter(|by| (1..=100).contains(by)).ok_or(Errno::EINVAL)?;
            let value =
                changed(values.bandwidth, how, by).filter(|value| (1..=100).contains(value));
            values.bandwidth = value.ok_or(Errno::EINVAL)?;
            Ok(())
        }
        ("stripe_cache", [how, by]) => {
            let by = number(by).filter(|&by| by > 0).ok_or(Errno::EINVAL)?;
            let value = changed(values.stripes, how, by);
            let value = value.filter(|&n| (8..=16_384).contains(&n) && n != values.stripes);
            values.stripes = value.ok_or(Errno::EINVAL)?;
            Ok(())
        }
        ("overwrite", [how]) => switch(&mut values.overwrite, how, true),
        ("statistics", [how]) => switch(&mut values.statistics, how, false),
        ("xor", [_, chunks]) => {
            let most = XOR_MOST.min(set.members() as u64);
            let chunks = number(chunks).filter(|chunks| (2..=most).contains(chunks));
            chunks.map(|_| ()).ok_or(Errno::EINVAL)
        }
        _ => Err(Errno::EINVAL),
    }
}

/// Whether `word` is the beginning of `whole`, of at least so many letters.
fn is_cut(whole: &str, word: &[u8], least: usize) -> bool {
    word.len() >= least && whole.as_bytes().starts_with(word)
}

fn number(word: &[u8]) -> Option<u64> {
    str::from_utf8(word).ok()?.parse::<u32>().ok().map(u64::from)
}

fn changed(value: u64, how: &[u8], by: u64) -> Option<u64> {
    if is_cut("set", how, 2) {
        Some(by)
    } else if is_cut("grow", how, 2) {
        value.checked_add(by)
    } else if is_cut("shrink", how, 2) {
        value.checked_sub(by)
    } else {
        None
    }
}

/// Turns a switch; a reset leaves it on, where it can be reset when it is off.
fn switch(value: &mut bool, how: &[u8], is_reset_off: bool) -> Result<(), Errno> {
    let wanted = if is_cut("on", how, 2) {
        true
    } else if is_cut("off", how, 2) {
        false
    } else if is_cut("reset", how, 2) {
        if !*value && !is_reset_off {
            return Err(Errno::EPERM);
        }
        *value = true;
        return Ok(());
    } else {
        return Err(Errno::EINVAL);
    };
    if *value == wanted {
        return Err(Errno::EPERM);
    }
    *value = wanted;
    Ok(())
}
