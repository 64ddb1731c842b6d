//! Where ours answers otherwise than the original on purpose, whatever the image: from what the original prints to
//! what ours is to print, with the reason. What an image alone makes differ, it says itself.

use dm_testkit::purpose;
use dm_testkit::transcript::{Output, Transcript};
use dmkit_tests::lives::KILLED;

/// A difference on purpose: its id, and what becomes of the original's output. It says whether it applies.
type Purpose = (&'static str, fn(u64, &mut Output) -> bool);

static PURPOSES: &[Purpose] = &[
    ("kpartx-contained-failure", contained_failure),
    ("kpartx-contained-resume", contained_resume),
    ("kpartx-tiny-disk", tiny),
];

/// Why a life is compared only so far.
pub(crate) const ENDLESS: &str = "kpartx-endless";

/// The command at which the original was killed because it tried for ever.
pub(crate) fn endless(theirs: &Transcript) -> Option<usize> {
    theirs.steps().position(|step| step.output.as_ref().is_some_and(|output| output.code == KILLED))
}

/// Makes `theirs` what ours is to print, of disks of which the smallest has so many bytes; the reasons that applied.
pub(crate) fn apply(smallest: u64, theirs: &mut Output) -> Vec<&'static str> {
    let applied = PURPOSES.iter().filter(|(_, change)| change(smallest, theirs));
    applied.map(|(id, _)| purpose::why(id)).collect()
}

fn lines(text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text).lines().map(str::to_owned).collect()
}

fn joined(lines: &[String]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect()
}

/// libdevmapper's line about a map that could not be made, which has its name as the kernel does.
fn is_about(line: &str, name: &str) -> bool {
    let name = name.replace('!', "\\x21");
    let on = line.strip_prefix("device-mapper: ").and_then(|line| line.split_once(" ioctl on "));
    on.is_some_and(|(_, rest)| {
        rest.strip_prefix(&*name).is_some_and(|rest| rest.starts_with(' '))
            && line.contains("failed")
    })
}

fn contained_failure(_: u64, theirs: &mut Output) -> bool {
    let (mut out, mut err) = (lines(&theirs.stdout), lines(&theirs.stderr));
    let before = out.len();
    let mut failed = Vec::new();
    out.retain(|line| {
        let name = line.strip_prefix("add map ").and_then(|line| line.split_once(" (0:0): "));
        failed.extend(name.map(|(name, _)| name.to_owned()));
        name.is_none()
    });
    for name in &failed {
        let Some(at) = err.iter().rposition(|line| is_about(line, name)) else { continue };
        err.insert(at + 1, format!("create/reload failed on {name}"));
        theirs.code += 1;
    }
    (theirs.stdout, theirs.stderr) = (joined(&out), joined(&err));
    before != out.len()
}

/// The same of a slice whose new table cannot come to life; the map keeps its old one.
fn contained_resume(_: u64, theirs: &mut Output) -> bool {
    let (mut out, mut err) = (lines(&theirs.stdout), lines(&theirs.stderr));
    let mut at = 0;
    let before = out.len();
    while let Some(line) = err.get(at) {
        at += 1;
        let name = line.strip_prefix("device-mapper: resume ioctl on ");
        let Some((name, _)) = name.and_then(|rest| rest.split_once("  failed: ")) else { continue };
        let name = name.replace("\\x21", "!");
        let said = format!("resume failed on {name}");
        if err.get(at) != Some(&said) {
            out.retain(|line| !line.starts_with(&format!("add map {name} (")));
            err.insert(at, said);
            theirs.code += 1;
        }
    }
    (theirs.stdout, theirs.stderr) = (joined(&out), joined(&err));
    before != out.len()
}

/// A disk smaller than this does not have each label's sector.
const TINY: u64 = 32 * 512;

fn tiny(smallest: u64, theirs: &mut Output) -> bool {
    let mut err = lines(&theirs.stderr);
    let before = err.len();
    let noise = ["read error, ", "llseek error", "read: Invalid argument"];
    if smallest < TINY {
        err.retain(|line| !noise.iter().any(|noise| line.starts_with(noise)));
        theirs.stderr = joined(&err);
    }
    before != err.len()
}
