//! What was asked, and what was answered.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use dm_testkit::raid::Case;

/// What is asked about every case.
pub(crate) const COMMANDS: [&str; 11] = [
    "-b",
    "-r",
    "-r -c",
    "-r -c -c",
    "-s",
    "-s -s",
    "-s -c",
    "-s -c -c -c",
    "-s -g -c -c",
    "-n",
    "-tay",
];

/// What libdevmapper says where there is no device-mapper.
const NOISE: [&str; 6] = [
    "/dev/mapper/control: ",
    "Failure to communicate with kernel device-mapper driver.",
    "Check that device-mapper is available in the kernel.",
    "Incompatible libdevmapper ",
    "Failed to ",
    "  ",
];

/// An answer: lines, of which what is no printable ASCII is escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) out: Vec<String>,
    pub(crate) err: Vec<String>,
    pub(crate) code: String,
}

impl Answer {
    /// What a program printed, and its exit code.
    pub(crate) fn new(out: &[u8], err: &[u8], code: &str) -> Self {
        let mut err = lines(err);
        err.retain(|line| !NOISE.iter().any(|noise| line.starts_with(noise)));
        Self { out: lines(out).into_iter().map(plain).collect(), err, code: code.trim().to_owned() }
    }

    /// Whether they are alike: what the original takes for an address is not looked at.
    pub(crate) fn is_like(&self, theirs: &Self) -> bool {
        let alike = |ours: &String, theirs: &String| match theirs.strip_prefix("0xPTR ") {
            Some(rest) => ours.split_once(' ').is_some_and(|(_, ours)| ours == rest),
            None => ours == theirs,
        };
        // Ours says why there is no table, where the original may be silent.
        let is_reason = |line: &&String| {
            line.starts_with("ERROR: RAID set \"") && line.ends_with("\" lacks members")
        };
        let is_said = |line: &&String| !is_reason(line) || theirs.err.contains(line);
        self.err.iter().filter(is_said).eq(&theirs.err)
            && self.code == theirs.code
            && self.out.len() == theirs.out.len()
            && self.out.iter().zip(&theirs.out).all(|(ours, theirs)| alike(ours, theirs))
    }
}

impl Answer {
    /// Whether a set is not mapped that would be another if its disks were found in another order; the original maps it.
    pub(crate) fn is_refused_as_ambiguous(&self) -> bool {
        self.err.iter().any(|line| line.starts_with("ERROR: its members disagree on "))
    }

    /// Whether it is a table that has something in the place of data that is not there, or that is none, has an empty
    /// line or maps nothing. Ours has no table then.
    pub(crate) fn is_unsound(&self) -> bool {
        let is_unsound = |line: &String| {
            ["/dev/zero", ": 0 0 "].iter().any(|part| line.contains(part))
                || [": (null)", ": "].iter().any(|end| line.ends_with(end))
        };
        self.out.iter().any(is_unsound)
    }
}

fn lines(text: &[u8]) -> Vec<String> {
    let line =
        |line: &[u8]| line.escape_ascii().to_string().replace("\\\"", "\"").replace("\\'", "'");
    let mut lines: Vec<String> = text.split(|byte| *byte == b'\n').map(line).collect();
    // What follows the last end of a line is no line.
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// The original prints addresses of its own where an offset should be.
fn plain(line: String) -> String {
    let is_address = |word: &str| {
        word.strip_prefix("0x").is_some_and(|digits| {
            digits.len() > 5 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    match line.split_once(' ') {
        Some((first, rest)) if is_address(first) => format!("0xPTR {rest}"),
        _ => match line.split_once(" at 0x") {
            Some((before, _)) => format!("{before} at PTR"),
            None => line,
        },
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.out.iter().try_for_each(|line| writeln!(f, "> {line}"))?;
        self.err.iter().try_for_each(|line| writeln!(f, "! {line}"))?;
        writeln!(f, "? {}", self.code)
    }
}

/// All answers about a case, as they are recorded.
pub(crate) fn text(case: &Case, commands: &[&str], answers: &[Answer]) -> String {
    let mut text = format!("[{}]\n", case.name);
    for (command, answer) in commands.iter().zip(answers) {
        writeln!(text, "$ dmraid {command}").unwrap();
        write!(text, "{answer}").unwrap();
    }
    text
}

/// What was recorded.
pub(crate) fn parse(text: &str) -> BTreeMap<String, Vec<Answer>> {
    let mut all = BTreeMap::new();
    let mut answers: &mut Vec<Answer> = &mut Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            answers = all.entry(name.to_owned()).or_default();
            continue;
        }
        if line.starts_with("$ ") {
            answers.push(Answer::default());
            continue;
        }
        let Some(answer) = answers.last_mut() else { continue };
        match (line.get(..2), line.get(2..)) {
            (Some("> "), Some(rest)) => answer.out.push(rest.to_owned()),
            (Some("! "), Some(rest)) => answer.err.push(rest.to_owned()),
            (Some("? "), Some(rest)) => rest.clone_into(&mut answer.code),
            _ => {}
        }
    }
    all
}
