//! `-x [SET]`: the metadata of sets are deleted, when asked and answered y.
//!
//! All that is left of a family is deleted with its last set. The first answer that is no ends it. Nothing is deleted
//! of a set that is mapped.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

use dm_cli::exit::{self, Failure};
use dm_formats::raid::sets::RaidSet;
use dm_formats::raid::{Kind, manage};

use super::carry_out::{candidates, carry_out, failed, refused};
use super::{chosen_sets, erase};
use crate::dispatch::Ctx;
use crate::mapper::Mapper;
use crate::survey::Survey;

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let survey = Survey::take(ctx)?;
    let sets = chosen_sets(ctx, &survey)?;
    let active = Mapper::with(ctx, |_, mapper| mapper.names())?;
    let whole = survey.all_sets();
    for set in &sets {
        if is_named_in_part(set, &whole) {
            let text = b"\" are named: name one of them, or none";
            return Err(failed(ctx, &[b"only some of the sets of \"", &set.name, text]));
        }
        if let Some(name) = mapped(set, &active) {
            return Err(failed(ctx, &[name, b" is active and cannot be deleted"]));
        }
        let (name, question) = question(set);
        if !erase::ask(ctx, &question) {
            break;
        }
        let plan = manage::delete(set.format, &candidates(&survey), name);
        let plan = plan.map_err(|message| refused(ctx, &message))?;
        carry_out(ctx, &survey, &plan)?;
    }
    Ok(exit::SUCCESS)
}

/// The set, or one under it, that is mapped.
fn mapped<'s>(set: &'s RaidSet, active: &[Vec<u8>]) -> Option<&'s [u8]> {
    if active.contains(&set.name) {
        return Some(&set.name);
    }
    set.subsets.iter().find_map(|subset| mapped(subset, active))
}

/// Whether this is what names have left of a group, and more than one set: with those, all of it would go.
fn is_named_in_part(set: &RaidSet, whole: &[RaidSet]) -> bool {
    let whole = whole.iter().find(|other| other.name == set.name);
    set.is_group()
        && set.subsets.len() > 1
        && whole.is_some_and(|whole| whole.subsets.len() != set.subsets.len())
}

/// What is to be deleted, by its name, and whether it is meant.
fn question(set: &RaidSet) -> (&[u8], Vec<u8>) {
    let (name, mut text) = match &set.subsets[..] {
        [only] if set.is_group() && only.kind != Kind::Spare => {
            (&only.name, [b"\nAbout to delete RAID set ", &only.name[..], b"\n"].concat())
        }
        subsets if set.is_group() => {
            let before = b"\nAbout to delete the raid super-set \"";
            let after = b"\" with the following RAID sets\n";
            let names = subsets.iter().flat_map(|subset| [&subset.name[..], b"\n"].concat());
            let names: Vec<u8> = names.collect();
            (&set.name, [&before[..], &set.name, after, &names].concat())
        }
        _ => (&set.name, [b"\nAbout to delete RAID set ", &set.name[..], b"\n"].concat()),
    };
    text.extend(
        b"\nWARNING: The metadata stored on the raidset(s) will not be accessible after deletion\n",
    );
    text.extend(b"Do you want to continue ? [y/n] :");
    (name, text)
}
