//! `dm-engined doctor`: which device-mapper would answer here, and why.
//!
//! Looks, and changes nothing: a control node that is missing is reported, not made.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use comfy_table::Table;
use dm_engine::ring::queue::Queues;
use dm_engine::ring::ublk::Features;
use dm_engine::ring::ublk::control::{self, Control as UblkControl};
use dm_sys::control::Control;
use dm_sys::daemon;
use dm_sys::paths::{Env, Places};
use serde::Serialize;

use crate::Failure;

/// Something that a device-mapper needs.
#[derive(Clone, Debug, Serialize)]
struct Check {
    what: &'static str,
    ok: bool,
    /// What was seen.
    found: String,
}

/// What is to be said.
#[derive(Debug, Serialize)]
struct Diagnosis {
    schema: u32,
    /// `kernel`, `ublk`, `fuse`, `file`, or none.
    chosen: Option<&'static str>,
    why: String,
    socket: String,
    checks: Vec<Check>,
}

/// Prints the diagnosis; exit code 1 when nothing would answer.
///
/// # Errors
///
/// [`Failure`] when it cannot be printed.
pub fn run(json: bool) -> Result<ExitCode, Failure> {
    let diagnosis = examine();
    let text = if json {
        serde_json::to_string(&diagnosis).map_err(|error| Failure::of(&error))?
    } else {
        shown(&diagnosis)
    };
    writeln!(io::stdout(), "{text}").map_err(|error| Failure::of(&error))?;
    Ok(if diagnosis.chosen.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn examine() -> Diagnosis {
    let env = Env::read();
    let places = Places::new(&env);
    let mut checks = vec![kernel(&places)];
    checks.extend(ublk());
    checks.extend([
        node("fuse", "/dev/fuse"),
        node("loop", "/dev/loop-control"),
        Check { what: "root", ok: env.is_root(), found: format!("user {}", env.uid) },
        fusermount(),
        ring(),
        udev(),
        running(&places),
    ]);
    let (chosen, why) = choose(&env, &checks);
    Diagnosis { schema: 1, chosen, why, socket: places.socket.display().to_string(), checks }
}

fn kernel(places: &Places) -> Check {
    let control = places.dev.join("mapper/control");
    let answer = if control.exists() {
        Control::open(&places.dev).map_err(|error| error.line())
    } else {
        Err(format!("{} is missing", control.display()))
    };
    let found = answer.as_ref().err().cloned().unwrap_or_else(|| "answers".to_owned());
    Check { what: "kernel", ok: answer.is_ok(), found }
}

fn node(what: &'static str, path: &str) -> Check {
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(_) => Check { what, ok: true, found: format!("{path} opens") },
        Err(error) => Check { what, ok: false, found: format!("{path}: {error}") },
    }
}

/// What is done with a feature of ublk, and what is done without it.
struct Feature {
    what: &'static str,
    bit: Features,
    with: &'static str,
    without: &'static str,
}

static FEATURES: &[Feature] = &[
    Feature {
        what: "ublk recovery",
        bit: Features::USER_RECOVERY.union(Features::USER_RECOVERY_REISSUE),
        with: "devices outlive the daemon, and requests wait for the next",
        without: "missing: devices end with the daemon",
    },
    Feature {
        what: "ublk resize",
        bit: Features::UPDATE_SIZE,
        with: "a device in use can change its size",
        without: "missing: a device changes its size only while nobody has it open",
    },
    Feature {
        what: "ublk safe stop",
        bit: Features::SAFE_STOP_DEV,
        with: "the driver refuses to stop a device in use",
        without: "missing: the daemon looks for openers before it stops a device",
    },
    Feature {
        what: "ublk no partitions",
        bit: Features::NO_AUTO_PART_SCAN,
        with: "partition tables are left alone, as on a mapped device",
        without: "missing: a queue without the right to administer the system has the same effect",
    },
    Feature {
        what: "ublk unprivileged",
        bit: Features::UNPRIVILEGED_DEV,
        with: "who may open the control node may have devices, without recovery",
        without: "missing: devices are for root",
    },
    Feature {
        what: "ublk zero copy",
        bit: Features::AUTO_BUF_REG,
        with: "the driver has it; data is copied once all the same",
        without: "missing: data is copied once",
    },
    Feature {
        what: "ublk quiesce",
        bit: Features::QUIESCE,
        with: "the driver has it; a daemon that is replaced just ends",
        without: "missing: a daemon that is replaced just ends",
    },
];

/// The driver, and a line for each of its features.
fn ublk() -> Vec<Check> {
    let answered = match UblkControl::open() {
        Ok(control) => control.features().map_err(|error| format!("{}: {error}", control::NODE)),
        Err(error) => Err(format!("{}: {error}", control::NODE)),
    };
    let features = match answered {
        Ok(features) => features,
        Err(found) => return vec![Check { what: "ublk", ok: false, found }],
    };
    let driver = Check { what: "ublk", ok: true, found: format!("{} answers", control::NODE) };
    let lines = FEATURES.iter().map(|feature| {
        let ok = features.contains(feature.bit);
        let found = if ok { feature.with } else { feature.without };
        Check { what: feature.what, ok, found: found.to_owned() }
    });
    [driver].into_iter().chain(lines).collect()
}

fn fusermount() -> Check {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path)
        .map(|folder| folder.join("fusermount3"))
        .find(|program| program.is_file());
    let ok = found.is_some();
    let found = found.map_or("not on PATH (package fuse3)".to_owned(), |p| p.display().to_string());
    Check { what: "fusermount3", ok, found }
}

fn ring() -> Check {
    match Queues::start(1, None) {
        Ok(_) => Check { what: "io_uring", ok: true, found: "works".to_owned() },
        Err(error) => Check { what: "io_uring", ok: false, found: error.to_string() },
    }
}

fn udev() -> Check {
    let ok = Path::new("/run/udev/control").exists();
    let found = if ok { "runs" } else { "does not run: the tools make the nodes" };
    Check { what: "udev", ok, found: found.to_owned() }
}

fn running(places: &Places) -> Check {
    let ok = daemon::connect(&places.socket).is_ok();
    let found = if ok {
        format!("serves {}", places.socket.display())
    } else if fs::symlink_metadata(&places.socket).is_ok() {
        format!("{} is there, and nobody answers", places.socket.display())
    } else {
        "does not run: started when it is needed".to_owned()
    };
    Check { what: "dm-engined", ok, found }
}

/// Who would answer, by the order that the tools have.
fn choose(env: &Env, checks: &[Check]) -> (Option<&'static str>, String) {
    let has = |what: &str| checks.iter().any(|check| check.what == what && check.ok);
    let ublk = env.is_root() && has("ublk") && has("io_uring");
    let fuse = env.is_root() && has("fuse") && has("loop") && has("io_uring");
    let file = has("fuse") && has("io_uring") && (env.is_root() || has("fusermount3"));
    let engine = |why: &str| match (ublk, fuse, file) {
        (true, _, _) => (Some("ublk"), format!("{why}; root and the ublk driver are here")),
        (_, true, _) => (Some("fuse"), format!("{why}; root, FUSE and loop devices are here")),
        (_, _, true) => {
            (Some("file"), format!("{why}; FUSE is here, root or loop devices are not"))
        }
        _ => (None, format!("{why}; what the engine needs is missing")),
    };
    let forced = env.engine.as_ref().map(|word| word.to_string_lossy().into_owned());
    let can =
        |word: &'static str, ok: bool| (ok.then_some(word), "DMKIT_ENGINE says so".to_owned());
    match forced.as_deref() {
        Some("kernel") => can("kernel", has("kernel")),
        Some("ublk") => can("ublk", ublk),
        Some("fuse") => can("fuse", fuse),
        Some("file") => can("file", file),
        Some(word) => (None, format!("DMKIT_ENGINE says {word}, which this build has not")),
        None if env.socket.is_some() => engine("DMKIT_SOCKET names an engine"),
        None if has("kernel") => (Some("kernel"), "the kernel has device-mapper".to_owned()),
        None => engine("the kernel has no device-mapper for this user"),
    }
}

fn shown(diagnosis: &Diagnosis) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    for check in &diagnosis.checks {
        table.add_row([check.what, if check.ok { "yes" } else { "no" }, &check.found]);
    }
    let chosen = diagnosis.chosen.unwrap_or("nothing");
    format!("{table}\n{chosen} answers: {}", diagnosis.why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(what: &'static str) -> Check {
        Check { what, ok: true, found: String::new() }
    }

    #[test]
    fn the_kernel_comes_first_unless_it_is_passed_over() {
        let all = ["kernel", "fuse", "loop", "io_uring", "fusermount3"].map(check);
        let root = Env::default();
        let chosen = |env: &Env, checks: &[Check]| choose(env, checks).0;
        assert_eq!(chosen(&root, &all), Some("kernel"));
        assert_eq!(chosen(&Env { socket: Some("/x".into()), ..root.clone() }, &all), Some("fuse"));
        assert_eq!(
            chosen(&Env { engine: Some("file".into()), ..root.clone() }, &all),
            Some("file")
        );
        let ublk = [&all[1..], &[check("ublk")]].concat();
        assert_eq!(chosen(&root, &ublk), Some("ublk"));
        assert_eq!(chosen(&Env { uid: 7, ..root.clone() }, &ublk), Some("file"));
        assert_eq!(chosen(&Env { engine: Some("ublk".into()), ..root.clone() }, &all), None);
        assert_eq!(chosen(&Env { uid: 7, ..root.clone() }, &all[1..]), Some("file"));
        assert_eq!(chosen(&root, &all[2..]), None);
    }
}
