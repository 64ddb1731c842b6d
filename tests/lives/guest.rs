//! The cells in the virtual machine, all in one boot.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use dmkit_tests::lives::Share;
use xtask::vm::{Lab, Payload, built};

use crate::{Absent, Lives, Played, Stage, original};

/// The machine may be busy, and the guest is slow.
const LIMIT: Duration = Duration::from_secs(3600);

/// Each map is a device of ublk's: so many lives are enough.
const ON_UBLK: Share = Share(1);

/// A life takes seconds here, twice: so many are enough, unless more are asked for.
const ON_KERNEL: Share = Share(4);

fn share(cell: &str) -> Share {
    match cell {
        "ublk" => ON_UBLK,
        _ if std::env::var_os("DMKIT_ODD").is_some() => Share::ALL,
        _ => ON_KERNEL,
    }
}

pub(crate) fn play(stage: &Stage, cells: &[&str]) -> Vec<Played> {
    let booted = boot(stage, cells);
    let lives = |cell: &&str| {
        let results = booted.clone()?;
        let (theirs, ours) = (results.join("original"), results.join(cell));
        Ok(Lives { theirs, ours, share: share(cell) })
    };
    cells.iter().map(lives).collect()
}

fn boot(stage: &Stage, cells: &[&str]) -> Result<PathBuf, Absent> {
    let theirs = original()?;
    let lab = Lab::open();
    let lab = lab.map_err(|error| Absent::Skipped(format!("no virtual machine: {error:#}")))?;
    let packed = stage.choice.packed.clone().unwrap_or_default();
    let lives = |out: &str, Share(share): Share, tools: &str| {
        let odd = stage.choice.odd;
        format!(
            "lives {tools} --out /lab/out/{out} --odd {odd} --share {share} --packed /lab/packed || exit 1\n"
        )
    };
    let ours = "--kpartx /lab/bin/kpartx --dmsetup /lab/bin/dmsetup";
    let on_ublk = format!("{ours} --env DMKIT_ENGINE=ublk --env DMKIT_IDLE=1000");
    let theirs = format!("--kpartx {} --dmsetup /usr/sbin/dmsetup", theirs.display());
    // What is compared with fewer lives needs no others.
    let most = cells.iter().map(|cell| share(cell)).max().unwrap_or(ON_UBLK);
    let mut job = lives("original", most, &theirs);
    for cell in cells {
        job += &lives(cell, share(cell), if *cell == "ublk" { &on_ublk } else { ours });
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
