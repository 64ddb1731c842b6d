//! `cargo xtask check`: style, lints, documents, sizes, dependencies.
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::tally::Tally;

/// A check: what it is called, and the cargo command; `tool` is what must be installed for it.
struct Check {
    name: &'static str,
    tool: Option<&'static str>,
    args: &'static [&'static str],
    env: Option<(&'static str, &'static str)>,
}

static CHECKS: &[Check] = &[
    Check { name: "format", tool: Some("fmt"), args: &["fmt", "--all", "--check"], env: None },
    Check {
        name: "lints",
        tool: Some("clippy"),
        args: &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"],
        env: None,
    },
    Check {
        name: "documents",
        tool: None,
        args: &["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"],
        env: Some(("RUSTDOCFLAGS", "-D warnings -A rustdoc::private_intra_doc_links")),
    },
    Check {
        name: "sizes",
        tool: None,
        args: &["run", "--quiet", "--package", "xtask", "--", "sizes"],
        env: None,
    },
    Check {
        name: "generated",
        tool: None,
        args: &["run", "--quiet", "--package", "xtask", "--", "gen", "--check"],
        env: None,
    },
    Check {
        name: "dependencies",
        tool: Some("deny"),
        args: &["deny", "--log-level", "error", "check", "licenses", "bans", "sources"],
        env: None,
    },
];

/// Runs every check, whatever fails.
pub fn command(_args: &[OsString]) -> Result<ExitCode> {
    let tally = run()?;
    writeln!(io::stdout(), "{tally}")?;
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs every check and counts; one whose tool is missing is skipped.
pub fn run() -> Result<Tally> {
    let mut tally = Tally::default();
    for check in CHECKS {
        let mut out = io::stdout().lock();
        if let Some(tool) = check.tool.filter(|tool| !has_tool(tool)) {
            writeln!(out, "SKIP check {}: no cargo {tool} here", check.name)?;
            tally.add(Tally::skip());
            continue;
        }
        let passed = cargo().args(check.args).envs(check.env).status()?.success();
        writeln!(out, "{} check {}", if passed { "ok  " } else { "FAIL" }, check.name)?;
        tally.add(Tally::of(passed));
    }
    Ok(tally)
}

/// Cargo, the one that runs this.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn has_tool(tool: &str) -> bool {
    cargo().args([tool, "--version"]).output().is_ok_and(|output| output.status.success())
}
