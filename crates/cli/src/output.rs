//! Standard output, buffered as the C library does: by lines on a terminal, else by whole buffers.
//!
//! It matters where children write to the same file, and it is what makes long listings quick.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, LineWriter, Write};

use crate::exit;

/// The C library's buffer for a file or pipe, in bytes.
///
/// # Source
///
/// `st_blksize` of a pipe, which glibc's stdio takes for its buffer.
const BUFFER_SIZE: usize = 4096;

/// Standard output, to be flushed by whoever ends the process.
pub fn stdout() -> Box<dyn Write> {
    let stdout = io::stdout();
    if stdout.is_terminal() {
        Box::new(LineWriter::new(stdout))
    } else {
        // `Stdout` flushes at each newline by itself; its lock is no faster. A file made of the same
        // descriptor has no such buffer.
        match raw_stdout() {
            Ok(file) => Box::new(BufWriter::with_capacity(BUFFER_SIZE, file)),
            Err(_) => Box::new(BufWriter::with_capacity(BUFFER_SIZE, stdout)),
        }
    }
}

fn raw_stdout() -> io::Result<std::fs::File> {
    use std::os::fd::AsFd;
    Ok(std::fs::File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// Standard output: the first failure is kept, and told of at the end.
pub struct Printer<'a> {
    out: &'a mut dyn Write,
    written: io::Result<()>,
}

impl std::fmt::Debug for Printer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Printer").field("written", &self.written).finish_non_exhaustive()
    }
}

impl<'a> Printer<'a> {
    /// Prints to `out`.
    pub fn new(out: &'a mut dyn Write) -> Self {
        Self { out, written: Ok(()) }
    }

    /// Prints `text`.
    pub fn print(&mut self, text: impl AsRef<[u8]>) {
        if self.written.is_ok() {
            self.written = self.out.write_all(text.as_ref());
        }
    }

    /// Prints the parts of a line, and a newline.
    pub fn line(&mut self, parts: &[&[u8]]) {
        self.print([parts.concat(), b"\n".to_vec()].concat());
    }

    /// Whether nobody reads any more.
    pub fn is_broken(&self) -> bool {
        self.written.is_err()
    }

    /// Passes on what is still kept back.
    pub fn flush(&mut self) {
        if self.written.is_ok() {
            self.written = self.out.flush();
        }
    }

    /// Passes on what is still kept back, and says how it all went.
    pub fn finish(self) -> io::Result<()> {
        self.written.and_then(|()| self.out.flush())
    }
}

/// The exit code after the last write ended so: a reader that went away is nobody's fault, and silent; any
/// other failure would lose output, so it is told of.
pub fn code_after(written: io::Result<()>, code: u8, program: &[u8], err: &mut dyn Write) -> u8 {
    match written {
        Ok(()) => code,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => exit::BROKEN_PIPE,
        Err(error) => {
            let text = format!(": write error: {}\n", plain(&error));
            // Nobody is left to tell when stderr is gone too.
            err.write_all(&[program, text.as_bytes()].concat()).ok();
            exit::FAILURE
        }
    }
}

/// The error's text as the C library has it, without Rust's `(os error 28)`.
fn plain(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(n) => dm_core::errno::Errno::new(n).to_string(),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_silent_and_a_full_disk_is_not() {
        let mut err = Vec::new();
        let broken = Err(io::Error::from(ErrorKind::BrokenPipe));
        assert_eq!(code_after(broken, 0, b"dmsetup", &mut err), exit::BROKEN_PIPE);
        assert_eq!(err, b"");
        let full = Err(io::Error::from_raw_os_error(28));
        assert_eq!(code_after(full, 0, b"dmsetup", &mut err), exit::FAILURE);
        assert_eq!(err, b"dmsetup: write error: No space left on device\n");
    }
}
