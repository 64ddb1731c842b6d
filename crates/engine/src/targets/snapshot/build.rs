//! A target of its arguments, and of what its store is found to be.

use std::sync::Arc;
use std::sync::mpsc;

use dm_core::errno::Errno;
use dm_core::snapshot::Chunk;
use dm_core::units::Sectors;

use super::args::{self, Args, Kind};
use super::keeper::Keeper;
use super::room::Room;
use super::state::{Stage, State};
use super::store::{Probed, Store, Trouble};
use super::{PATIENCE, Snapshot};
use crate::io::range_lock::RangeLock;
use crate::target::{Build, BuildError, Runner, Target};

/// The chunk of a new store, where the table leaves it open.
///
/// # Source
///
/// `DM_CHUNK_SIZE_DEFAULT_SECTORS` in the kernel's `drivers/md/dm-snap-persistent.c`.
const CHUNK_DEFAULT: Sectors = Sectors::new(32);

pub(super) fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let Args { origin, cow, kind, chunk, features } = Args::read(build)?;
    let blocks = args::blocks(&origin, &cow);
    let chunk = match chunk {
        Some(chunk) => chunk,
        None => {
            Chunk::new(CHUNK_DEFAULT.max(blocks)).ok_or(BuildError::new("Chunk size not set"))?
        }
    };
    let mut store = Store {
        device: Arc::clone(&cow.device),
        chunk,
        size: cow.len,
        origin: origin.device.size(),
        blocks,
    };
    let runner = build.opener.runner();
    let is_back = build.opener.is_back();
    // A table that comes back must not wait for devices that may never answer.
    let found = match &runner {
        Some(runner) if kind.is_persistent() && !is_back => probe(&store, &**runner)?,
        _ => Probed::New,
    };
    if let Probed::Invalid(chunk) | Probed::Valid(chunk, _) = &found {
        if *chunk != store.chunk {
            let (theirs, ours) = (chunk.sectors(), store.chunk.sectors());
            tracing::warn!(%theirs, %ours, "the chunk size of a snapshot's store overrides its table's");
        }
        store.chunk = *chunk;
    }
    let chunk = store.chunk;
    let mut room = Room::new(kind, chunk, store.size);
    if let Probed::Valid(_, contents) = &found {
        room.go_on_from(contents);
    }
    let mut state = State::new(room, chunk, cow.device.limits().logical_block);
    state.stage = match (&found, kind) {
        (Probed::Invalid(_), _) => Stage::Lost,
        (_, Kind::Transient) if is_back => Stage::Lost,
        _ => Stage::Unread,
    };
    Ok(Box::new(Snapshot {
        legs: [origin, cow],
        kind,
        chunk,
        asked: features,
        start: build.start,
        keeper: Arc::new(Keeper::new(store, kind, state, build.opener.claims())),
        copying: RangeLock::new(),
        runner,
    }))
}

/// Looks at a store, on the queue of `runner`.
fn probe(store: &Store, runner: &dyn Runner) -> Result<Probed, BuildError> {
    let (answer, answered) = mpsc::channel();
    let (store, device) = (store.clone(), store.device.name());
    runner.spawn(Box::new(move |cx| {
        Box::pin(async move {
            // Nobody may wait any more.
            let _ = answer.send(store.probe(cx).await);
        })
    }));
    let late = |_| Err(Trouble::Device(Errno::ETIMEDOUT));
    answered.recv_timeout(PATIENCE).unwrap_or_else(late).map_err(|why| {
        tracing::error!(device, %why, "the store of a snapshot cannot be used");
        BuildError::with("Failed to read snapshot metadata", why.errno())
    })
}
