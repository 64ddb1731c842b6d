//! A volume, or a family, is deleted.

use alloc::vec::Vec;

use super::create::{families, write};
use super::draft::Draft;
use super::mpb::{Mpb, Volume};
use super::sets::{RAID0, RAID1, family_name};
use crate::raid::manage::{Answer, Candidate, Plan, no};
use crate::raid::member::{self};

/// Deletes the volume whose set is called `name`, or all of the family whose group is. With a family's last volume, its
/// metadata go.
pub(super) fn delete(disks: &[Candidate<'_>], name: &[u8]) -> Answer<Plan> {
    let mut plan = Plan::new();
    for (nth, mpb) in families(disks) {
        if let Some(left) = left(&mpb, name) {
            match left {
                Left::Nothing => {
                    let found = disks.get(nth).and_then(|disk| disk.found);
                    plan.push((nth, found.map(member::erase_all).unwrap_or_default()));
                }
                Left::Volumes(kept) => plan.extend(write(&keep(&mpb, &kept)?, disks, [nth])?),
            }
        }
    }
    if plan.is_empty() {
        return Err(no(&[b"isw: no RAID set \"", name, b"\""]));
    }
    Ok(plan)
}

/// What is left of a family.
enum Left {
    Nothing,
    /// The volumes of these numbers.
    Volumes(Vec<usize>),
}

/// What is left of the family; none where it has nothing of that name.
fn left(mpb: &Mpb, name: &[u8]) -> Option<Left> {
    let family = family_name(&mpb.fields());
    if name == family {
        return Some(Left::Nothing);
    }
    let volume = name.strip_prefix(&family[..])?.strip_prefix(b"_")?;
    let kept: Vec<usize> = mpb
        .volumes()
        .enumerate()
        .filter(|(_, other)| other.name() != volume)
        .map(|(nth, _)| nth)
        .collect();
    match (kept.len(), mpb.volumes().count()) {
        (0, _) => Some(Left::Nothing),
        (left, before) if left == before => None,
        _ => Some(Left::Volumes(kept)),
    }
}

/// The family with these volumes only.
fn keep(mpb: &Mpb, kept: &[usize]) -> Answer<Draft> {
    let mut draft = Draft::of(mpb)?;
    let volumes: Vec<Volume<'_>> = kept.iter().filter_map(|nth| mpb.volumes().nth(*nth)).collect();
    draft.volumes = volumes.iter().map(|volume| volume.bytes.to_vec()).collect();
    if let [only] = &volumes[..] {
        match (only.map().level(), only.map().members()) {
            (RAID1, 2) => draft.set_version(*b"1.1.00"),
            (RAID0, 2) => draft.set_version(*b"1.0.00"),
            _ => {}
        }
    }
    Ok(draft)
}
