//! `-s`: the sets that the disks make.

use dm_cli::exit::{self, Failure};
use dm_formats::raid::Status;
use dm_formats::raid::sets::{RaidSet, SetMember};
use serde_json::Value;

use super::raid_devices;
use crate::columns::{self, Column};
use crate::dispatch::Ctx;
use crate::json::{self, State};
use crate::layout::{self, Manner, Parity, Words};
use crate::mapper::Mapper;
use crate::options::{Id, Shown};
use crate::survey::Survey;

/// The columns of a set.
static COLUMNS: &[Column<RaidSet>] = &[
    Column { name: "devices", least: 1, value: |set| set.devices().to_string().into() },
    Column { name: "format", least: 1, value: |set| set.format.name.into() },
    Column { name: "raidname", least: 1, value: |set| set.name.clone() },
    Column { name: "sectors", least: 2, value: |set| set.size().to_string().into() },
    Column { name: "size", least: 2, value: |set| set.size().to_string().into() },
    Column { name: "spares", least: 2, value: |set| set.spares().to_string().into() },
    Column { name: "status", least: 3, value: |set| set.status.name().into() },
    Column { name: "stride", least: 3, value: |set| set.stride.to_string().into() },
    Column { name: "subsets", least: 2, value: |set| set.subsets.len().to_string().into() },
    Column { name: "type", least: 1, value: |set| set.kind_name().into() },
];

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let survey = Survey::take(ctx)?;
    let sets = super::chosen_sets(ctx, &survey);
    let active = Mapper::with(ctx, |_, mapper| mapper.names())?;
    if ctx.options.has(Id::Json) {
        let values = values(ctx, &survey, sets.as_deref().unwrap_or_default(), &active);
        super::print_json(ctx, "sets", "sets", &values);
        return sets.map(|_| exit::SUCCESS);
    }
    for set in &sets? {
        if is_shown(ctx, set, &active) {
            show(ctx, set, &active, Depth::Top);
        }
    }
    Ok(exit::SUCCESS)
}

/// Whether it is one of those that `-s` was restricted to.
fn is_shown(ctx: &Ctx<'_, '_>, set: &RaidSet, active: &[Vec<u8>]) -> bool {
    let is_active = is_active(set, active);
    ctx.options.shown.iter().all(|shown| (*shown == Shown::Active) == is_active)
}

/// The sets for programs, with those that are not listed otherwise.
fn values(
    ctx: &Ctx<'_, '_>,
    survey: &Survey,
    listed: &[RaidSet],
    active: &[Vec<u8>],
) -> Vec<Value> {
    let mut dropped = survey.dropped();
    super::keep_named(&mut dropped, ctx, survey);
    let manner = Manner {
        disk: &Plainly,
        parity: Parity::Raid45,
        is_taken: true,
        degraded: ctx.options.has(Id::Degraded),
    };
    let value = |set: &RaidSet, listed: bool| {
        let state = |set: &RaidSet| State {
            active: is_active(set, active),
            listed,
            refused: layout::refusal(set, &manner),
        };
        is_shown(ctx, set, active).then(|| json::set(set, &state))
    };
    let listed = listed.iter().filter_map(|set| value(set, true));
    listed.chain(dropped.iter().filter_map(|set| value(set, false))).collect()
}

/// Tables that nobody sees.
#[derive(Debug)]
struct Plainly;

impl Words for Plainly {
    fn disk(&self, _: usize, path: &[u8]) -> Vec<u8> {
        path.to_vec()
    }

    fn set(&self, name: &[u8]) -> Vec<u8> {
        name.to_vec()
    }
}

/// Whether a set has a device; a group has one when any of its sets has.
fn is_active(set: &RaidSet, active: &[Vec<u8>]) -> bool {
    let has = |set: &RaidSet| active.contains(&set.name);
    if set.is_group() { set.subsets.iter().any(has) } else { has(set) }
}

/// Where a set is in the tree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Top,
    Below,
}

fn show(ctx: &mut Ctx<'_, '_>, set: &RaidSet, active: &[Vec<u8>], depth: Depth) {
    let counted = ctx.options.count(Id::Columns);
    let is_hidden = set.is_group() && !ctx.options.has(Id::Group);
    if let Some(fields) = ctx.options.field_list() {
        if !is_hidden {
            let line = columns::line(COLUMNS, &fields, ctx.options.separator(), set);
            ctx.voice.out.line(&[&line]);
        }
    } else if counted > 0 {
        if !is_hidden {
            ctx.voice.out.line(&[&line(set, counted)]);
        }
    } else if is_hidden && depth == Depth::Top {
        ctx.voice.out.line(&[b"*** Group superset ", &set.name]);
    } else {
        ctx.voice.out.print(block(set, active, depth));
    }
    if counted > 2 && !is_hidden {
        for member in &set.members {
            ctx.voice.out.line(&[&member_line(set, member)]);
        }
    }
    if set.is_group() || ctx.options.count(Id::Sets) > 1 || counted > 2 {
        for subset in &set.subsets {
            show(ctx, subset, active, Depth::Below);
        }
    }
}

/// A line of names, or of all columns.
fn line(set: &RaidSet, counted: usize) -> Vec<u8> {
    if counted == 1 {
        return set.name.clone();
    }
    let order = ["raidname", "size", "stride", "type", "status", "subsets", "devices", "spares"];
    let fields = order.map(str::as_bytes);
    columns::line(COLUMNS, &fields, b':', set)
}

fn member_line(set: &RaidSet, member: &SetMember) -> Vec<u8> {
    let SetMember { path, member, .. } = member;
    let of_set = (&member.set, member.kind);
    let (name, kind) = member.shown.as_ref().map_or(of_set, |(name, kind)| (name, *kind));
    let (kind, status) = (kind.name(), member.status.name());
    let part = raid_devices::Part { kind, status, len: member.len, start: member.start };
    raid_devices::colons(path, set.format.name, name, &part)
}

/// A set in full.
fn block(set: &RaidSet, active: &[Vec<u8>], depth: Depth) -> Vec<u8> {
    let arrow = if depth == Depth::Top { "*** " } else { "--> " };
    let inconsistent = if set.status == Status::Inconsistent { "*Inconsistent* " } else { "" };
    let is_active = if is_active(set, active) { "Active " } else { "" };
    let what = match (set.subsets.is_empty(), depth) {
        (false, _) => "Superset",
        (true, Depth::Top) => "Set",
        (true, Depth::Below) => "Subset",
    };
    let head = format!("{arrow}{inconsistent}{is_active}{what}\nname   : ");
    let rest = format!(
        "\nsize   : {}\nstride : {}\ntype   : {}\nstatus : {}\nsubsets: {}\ndevs   : {}\nspares : {}\n",
        set.size(),
        set.stride,
        set.kind_name(),
        set.status,
        set.subsets.len(),
        set.devices(),
        set.spares(),
    );
    [head.as_bytes(), &set.name, rest.as_bytes()].concat()
}
