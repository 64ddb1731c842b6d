//! The distribution's own tool, if it is the one that the sessions were recorded from.
use std::path::PathBuf;
use std::process::Command;

use xtask::vm::packages;

use crate::outcome::Absent;

/// The version in whose words the sessions are: Debian 12's.
const RECORDED: &str = "1.02.185";

/// Finds it.
///
/// # Errors
///
/// It is not installed, or another version, which answers otherwise in places.
pub(crate) fn find() -> Result<PathBuf, Absent> {
    let skip = |reason: String| Absent::Skipped(reason);
    let tool = packages::find_program("dmsetup");
    let tool = tool.ok_or_else(|| skip("the original dmsetup is not installed".to_owned()))?;
    let failed = |error: std::io::Error| Absent::Failed(error.to_string());
    // Even to tell its version it would make a control node; that is to be anywhere but in /dev.
    let elsewhere = tempfile::tempdir().map_err(failed)?;
    let version = Command::new(&tool).arg("--version").env("DM_DEV_DIR", elsewhere.path()).output();
    let said = String::from_utf8_lossy(&version.map_err(failed)?.stdout).into_owned();
    if said.lines().next().is_some_and(|line| line.contains(RECORDED)) {
        Ok(tool)
    } else {
        Err(skip(format!("the sessions are of {RECORDED}; here is: {}", said.trim())))
    }
}
