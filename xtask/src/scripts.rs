//! `cargo xtask scripts`: the shell sessions of `tests/scripts`, in three places:
//!
//! | place | our tools | flag |
//! |---|---|---|
//! | `engine` | on this machine, on the engine over FUSE | `--host` |
//! | `kernel` | in the virtual machine, on the kernel | `--vm` |
//! | `ublk` | in the virtual machine, on the engine over ublk | `--vm`, or `--ublk` for it alone |
//!
//! What a script must print is in its `.out` file, for all places. `--record` writes those of the scripts that a
//! kernel can run, from the original tool in the virtual machine.
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::tally::Tally;
use crate::vm::{Lab, Payload, target_folder};

mod host;

/// Where the scripts are.
const FOLDER: &str = "tests/scripts";

/// The exit code by which a script says that it cannot run here.
const SKIPPED: i32 = 77;

/// The virtual machine's time for all scripts.
const GUEST_LIMIT: Duration = Duration::from_secs(2700);

/// What scripts may be told, and what they are in the guest if nobody says so: it is 20 to 40 times slower.
const TOLD: &[(&str, &str)] = &[
    ("SECONDS_EACH", "8"),
    ("RELOADS", "20"),
    ("KILLS", "5"),
    ("EVERY_NTH", "4"),
    ("LIVES", "1"),
    ("MD_FAILURES", ""),
];

/// What the scripts are told in the guest; the variables of this process go first.
fn guest_environment() -> String {
    let value = |name: &str, default: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()))
            .unwrap_or_else(|| default.to_owned())
    };
    let numbers =
        TOLD.iter().map(|(name, default)| format!("export {name}={}\n", value(name, default)));
    numbers.chain(["export PATH=/lab/bin:/usr/sbin:/usr/bin:/sbin:/bin\n".to_owned()]).collect()
}

/// Which device-mapper a script is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The engine as root, and the kernel.
    Everywhere,
    /// The engine as root.
    Engine,
    /// The engine of an ordinary user.
    Rootless,
}

/// What answers a script in the virtual machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guest {
    /// The kernel.
    Kernel,
    /// The engine, over ublk.
    Ublk,
}

/// Both.
pub const GUESTS: &[Guest] = &[Guest::Kernel, Guest::Ublk];

impl Guest {
    fn word(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::Ublk => "ublk",
        }
    }

    fn environment(self) -> &'static str {
        match self {
            Self::Kernel => "",
            Self::Ublk => "DMKIT_ENGINE=ublk DMKIT_IDLE=1 DMKIT_SOCKET=/run/dmkit/engine.sock",
        }
    }

    /// Whether a script can run there.
    fn takes(self, script: &Script) -> bool {
        match self {
            Self::Kernel => script.place == Place::Everywhere,
            Self::Ublk => script.place != Place::Rootless,
        }
    }
}

/// A script, and what is known of it before it runs.
#[derive(Debug)]
struct Script {
    path: PathBuf,
    name: String,
    place: Place,
    /// Why it cannot run on ublk, if it cannot.
    not_on_ublk: Option<String>,
}

impl Script {
    fn expected(&self) -> PathBuf {
        self.path.with_extension("out")
    }
}

/// How a script ended.
#[derive(Debug)]
struct Outcome {
    code: Option<i32>,
    output: String,
}

/// Runs or records the scripts, as the arguments say: `[--record] [--host | --vm | --ublk] [part of a name]`.
pub fn command(args: &[OsString]) -> Result<ExitCode> {
    let args: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let has = |flag: &str| args.iter().any(|arg| arg == flag);
    let only = args.iter().find(|arg| !arg.starts_with("--")).map_or("", String::as_str);
    if has("--record") {
        record(only)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut tally = Tally::default();
    if !has("--vm") && !has("--ublk") {
        tally.add(on_host(only)?);
    }
    if !has("--host") {
        let guests = if has("--ublk") { &[Guest::Ublk] } else { GUESTS };
        tally.add(in_vm(only, guests)?);
    }
    writeln!(io::stdout(), "{tally}")?;
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs the scripts with our tools on the engine, on this machine.
pub fn on_host(only: &str) -> Result<Tally> {
    let mut tally = Tally::default();
    for script in scripts(only)? {
        let outcome = host::run(&script)?;
        tally.add(judge("engine", &script, &outcome)?);
    }
    Ok(tally)
}

/// Runs the scripts with our tools in the virtual machine, all in one boot.
pub fn in_vm(only: &str, guests: &[Guest]) -> Result<Tally> {
    let scripts = scripts(only)?;
    let (runs, mut tally) = planned(&scripts, guests)?;
    let lab = match Lab::open() {
        Ok(lab) => lab,
        Err(error) => {
            writeln!(io::stdout(), "SKIP scripts in the virtual machine: {error:#}")?;
            return Ok(Tally { skipped: runs.len(), ..tally });
        }
    };
    if runs.is_empty() {
        return Ok(tally);
    }
    let results = in_guest(&lab, &runs, crate::vm::ours())?;
    for (guest, script) in &runs {
        let outcome = outcome_of(&results, *guest, script);
        tally.add(judge(guest.word(), script, &outcome)?);
    }
    Ok(tally)
}

/// What is to run where. What cannot is skipped aloud.
fn planned<'s>(scripts: &'s [Script], guests: &[Guest]) -> Result<(Vec<Run<'s>>, Tally)> {
    let (mut runs, mut tally) = (Vec::new(), Tally::default());
    for &guest in guests {
        for script in scripts.iter().filter(|script| guest.takes(script)) {
            match &script.not_on_ublk {
                Some(why) if guest == Guest::Ublk => {
                    writeln!(io::stdout(), "SKIP ublk {}: {why}", script.name)?;
                    tally.add(Tally::skip());
                }
                _ => runs.push((guest, script)),
            }
        }
    }
    Ok((runs, tally))
}

/// A script, and where it runs.
type Run<'s> = (Guest, &'s Script);

/// Writes the `.out` files from what the original tool prints on the kernel.
fn record(only: &str) -> Result<()> {
    let scripts = scripts(only)?;
    let (runs, _) = planned(&scripts, &[Guest::Kernel])?;
    let lab = Lab::open().context("there is no virtual machine here")?;
    // What only ours can do is no part of what is recorded: it reads what the kernel has written.
    let programs = crate::vm::ours().into_iter().filter(|path| path.ends_with("dm-engined"));
    let results = in_guest(&lab, &runs, programs.collect())?;
    for (guest, script) in runs {
        let outcome = outcome_of(&results, guest, script);
        if outcome.code == Some(SKIPPED) {
            writeln!(io::stdout(), "not recorded: {}: {}", script.name, outcome.output.trim())?;
            continue;
        }
        if outcome.code != Some(0) {
            bail!("{} did not end well:\n{}", script.name, outcome.output);
        }
        fs::write(script.expected(), outcome.output)?;
    }
    Ok(())
}

fn scripts(only: &str) -> Result<Vec<Script>> {
    let mut scripts = Vec::new();
    for entry in fs::read_dir(FOLDER).context(FOLDER)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_script = path.extension().is_some_and(|ext| ext == "sh") && !name.starts_with("lib");
        if is_script && name.contains(only) {
            let text = fs::read_to_string(&path)?;
            let place = match text.lines().find_map(|line| line.strip_prefix("# engine: ")) {
                Some("file") => Place::Rootless,
                Some(_) => Place::Engine,
                None => Place::Everywhere,
            };
            let not_on_ublk = text.lines().find_map(|line| line.strip_prefix("# not on ublk: "));
            let not_on_ublk = not_on_ublk.map(str::to_owned);
            scripts.push(Script { path, name, place, not_on_ublk });
        }
    }
    scripts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scripts)
}

fn in_guest(lab: &Lab, runs: &[Run<'_>], programs: Vec<PathBuf>) -> Result<PathBuf> {
    let results = target_folder().join("lab/scripts");
    fs::remove_dir_all(&results).ok();
    let parts = runs.iter().map(|(guest, script)| shell_lines(*guest, &script.name));
    let folders = GUESTS.iter().map(|guest| format!("mkdir -p /lab/out/{}\n", guest.word()));
    let job: String = [guest_environment()].into_iter().chain(folders).chain(parts).collect();
    let folders = vec![(PathBuf::from(FOLDER), "/lab/scripts".to_owned())];
    let payload = Payload { job, programs, folders };
    lab.run(&payload, GUEST_LIMIT, &results, &mut io::stdout().lock())?;
    Ok(results)
}

/// What the guest does for one script. Whatever it leaves behind fails it.
fn shell_lines(guest: Guest, name: &str) -> String {
    let (word, environment) = (guest.word(), guest.environment());
    format!(
        "env {environment} dash /lab/scripts/{name}.sh >/lab/out/{word}/{name}.out 2>&1 </dev/null
echo $? >/lab/out/{word}/{name}.code
for left in /dev/ublkb* /dev/mapper/*; do
    case $left in
        */control | *'*') ;;
        *) echo \"left behind: $left\" >>/lab/out/{word}/{name}.out ;;
    esac
done
"
    )
}

fn outcome_of(results: &Path, guest: Guest, script: &Script) -> Outcome {
    let file = results.join(guest.word()).join(&script.name);
    let read = |ext| fs::read(file.with_extension(ext)).unwrap_or_default();
    let code = String::from_utf8_lossy(&read("code")).trim().parse().ok();
    Outcome { code, output: String::from_utf8_lossy(&read("out")).into_owned() }
}

/// Compares a script's output with what it must print; prints one line, and the difference.
fn judge(place: &str, script: &Script, outcome: &Outcome) -> Result<Tally> {
    let mut out = io::stdout().lock();
    if outcome.code == Some(SKIPPED) {
        let why = outcome.output.lines().last().unwrap_or_default();
        writeln!(out, "SKIP {place} {}: {why}", script.name)?;
        return Ok(Tally::skip());
    }
    let expected = fs::read_to_string(script.expected()).unwrap_or_default();
    let same = same_output(&expected, &outcome.output);
    let passed = outcome.code == Some(0) && same && !expected.is_empty();
    writeln!(out, "{} {place} {}", if passed { "ok  " } else { "FAIL" }, script.name)?;
    if !passed {
        let code = outcome.code.map_or("none".to_owned(), |code| code.to_string());
        let output = &outcome.output;
        writeln!(out, "--- exit code {code}; expected:\n{expected}--- printed:\n{output}---")?;
    }
    Ok(Tally::of(passed))
}

/// How often a script reloads, or kills, differs by machine (`GUEST_ENVIRONMENT`); all else must be the same.
fn same_output(expected: &str, printed: &str) -> bool {
    let without_count = |text: &str| -> Vec<String> {
        let line = |line: &str| {
            let counted = [" reloads, ", " kills, "].iter().find_map(|word| line.split_once(word));
            counted.map_or(line, |(_, rest)| rest).to_owned()
        };
        text.lines().map(line).collect()
    };
    without_count(expected) == without_count(printed)
}
