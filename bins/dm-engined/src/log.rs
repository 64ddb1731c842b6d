//! What the daemon says to whoever looks after it: on standard error, or in a file of bounded size.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek as _, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

/// The longest log in bytes; then it begins anew.
const LONGEST: u64 = 1 << 20;

/// Where the log goes.
#[derive(Clone, Copy, Debug)]
pub enum To<'a> {
    /// Standard error.
    Stderr,
    /// A file.
    File(&'a Path),
}

/// Begins to log. `DMKIT_LOG` says what, as `tracing_subscriber` has it; `info` by default.
///
/// # Errors
///
/// What opening the file says.
pub fn begin(to: To<'_>) -> io::Result<()> {
    let filter = EnvFilter::try_from_env("DMKIT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    // A second daemon in one process, as in tests, logs where the first does.
    match to {
        To::Stderr => drop(builder.with_writer(io::stderr).try_init()),
        To::File(path) => {
            let log = Mutex::new(Bounded::open(path)?);
            drop(builder.with_writer(log).try_init());
        }
    }
    Ok(())
}

/// A file that begins anew before it is too long.
#[derive(Debug)]
struct Bounded {
    file: File,
    len: u64,
}

impl Bounded {
    fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).mode(0o600).open(path)?;
        let len = file.metadata()?.len();
        Ok(Self { file, len })
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.len.saturating_add(bytes.len() as u64) > LONGEST {
            self.file.set_len(0)?;
            self.file.rewind()?;
            self.len = 0;
        }
        let written = self.file.write(bytes)?;
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_begins_anew_before_it_is_too_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let mut log = Bounded::open(&path).unwrap();
        let line = [b'x'; 1000];
        for _ in 0..3000 {
            log.write_all(&line).unwrap();
        }
        let len = std::fs::metadata(&path).unwrap().len();
        assert!((1000..=LONGEST).contains(&len), "{len}");
        drop(log);
        assert_eq!(Bounded::open(&path).unwrap().len, len);
    }
}
