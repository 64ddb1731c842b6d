//! The cells in the virtual machine, all in one boot.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use xtask::vm::{Lab, Payload};

use crate::{Absent, Lives, Played, Stage, built, original};

/// The machine may be busy, and the guest is slow.
const LIMIT: Duration = Duration::from_secs(3600);

/// Each map is a device of ublk's: so many images are enough.
const EVERY: usize = 12;

pub(crate) fn play(stage: &Stage, cells: &[&str]) -> Vec<Played> {
    let booted = boot(stage, cells);
    let lives = |cell: &&str| {
        let results = booted.clone()?;
        let every = if *cell == "ublk" { EVERY } else { 1 };
        let (theirs, ours) = (results.join("original"), results.join(cell));
        Ok(Lives { theirs, ours, every })
    };
    cells.iter().map(lives).collect()
}

fn boot(stage: &Stage, cells: &[&str]) -> Result<PathBuf, Absent> {
    let theirs = original()?;
    let lab = Lab::open();
    let lab = lab.map_err(|error| Absent::Skipped(format!("no virtual machine: {error:#}")))?;
    let packed = stage.choice.packed.clone().unwrap_or_default();
    let lives = |out: &str, tools: &str, more: &str| {
        let odd = stage.choice.odd;
        format!(
            "lives {tools} --out /lab/out/{out} --odd {odd} --packed /lab/packed {more} || exit 1\n"
        )
    };
    let ours = "--kpartx /lab/bin/kpartx --dmsetup /lab/bin/dmsetup";
    let ublk = format!("--every {EVERY} --env DMKIT_ENGINE=ublk --env DMKIT_IDLE=1000");
    let theirs = format!("--kpartx {} --dmsetup /usr/sbin/dmsetup", theirs.display());
    // What is compared with only each so many-th life needs no others.
    let few = if cells == ["ublk"] { format!("--every {EVERY}") } else { String::new() };
    let mut job = lives("original", &theirs, &few);
    for cell in cells {
        job += &lives(cell, ours, if *cell == "ublk" { &ublk } else { "" });
    }
    let programs = ["kpartx", "dmsetup", "dm-engined"].map(built).into_iter();
    let payload = Payload {
        job,
        programs: programs.chain([PathBuf::from(env!("CARGO_BIN_EXE_lives"))]).collect(),
        folders: vec![(packed, "/lab/packed".to_owned())],
    };
    let results = stage.folder.path().join("guest");
    let outcome = lab.run(&payload, LIMIT, &results, &mut io::stdout().lock());
    match outcome {
        Ok(outcome) if outcome.code == 0 => Ok(results),
        Ok(outcome) => Err(Absent::Failed(format!("the guest's job ended with {}", outcome.code))),
        Err(error) => Err(Absent::Failed(format!("{error:#}"))),
    }
}
