//! Writes the archive that Linux unpacks as its first root: cpio, "newc" form.
//!
//! # Source
//!
//! The kernel's `Documentation/driver-api/early-userspace/buffer-format.rst`.
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

const DIRECTORY: u32 = 0o040_755;
const LINK: u32 = 0o120_777;
const FILE: u32 = 0o100_000;

/// An archive being written. Several of them one after another are one archive to the kernel.
#[derive(Debug)]
pub(super) struct Archive<W> {
    out: W,
    folders: BTreeSet<String>,
    inode: u32,
}

impl<W: Write> Archive<W> {
    /// An empty archive.
    pub(super) fn new(out: W) -> Self {
        Self { out, folders: BTreeSet::new(), inode: 0 }
    }

    /// Adds a file at the absolute path `path`, its folders first.
    pub(super) fn file(&mut self, path: &str, mode: u32, data: &[u8]) -> io::Result<()> {
        self.parents(path)?;
        self.entry(path, FILE | mode, data)
    }

    /// Adds a symbolic link at `path`.
    pub(super) fn link(&mut self, path: &str, target: &str) -> io::Result<()> {
        self.parents(path)?;
        self.entry(path, LINK, target.as_bytes())
    }

    /// Adds a folder, and those above it.
    pub(super) fn folder(&mut self, path: &str) -> io::Result<()> {
        self.parents(&format!("{path}/-"))
    }

    /// Ends the archive.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.entry("/TRAILER!!!", 0, &[])?;
        Ok(self.out)
    }

    fn parents(&mut self, path: &str) -> io::Result<()> {
        let mut above: Vec<&Path> = Path::new(path).ancestors().skip(1).collect();
        above.pop();
        for folder in above.into_iter().rev() {
            let folder = folder.to_string_lossy().into_owned();
            if self.folders.insert(folder.clone()) {
                self.entry(&folder, DIRECTORY, &[])?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, path: &str, mode: u32, data: &[u8]) -> io::Result<()> {
        let name = path.trim_start_matches('/');
        let size = u32::try_from(data.len()).map_err(io::Error::other)?;
        let name_size = u32::try_from(name.len() + 1).map_err(io::Error::other)?;
        self.inode += 1;
        let fields = [self.inode, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name_size, 0];
        write!(self.out, "070701")?;
        for field in fields {
            write!(self.out, "{field:08x}")?;
        }
        // The header has 110 bytes; name and data each end on a multiple of four.
        self.padded(name.as_bytes(), 1 + padding(110 + name.len() + 1))?;
        self.padded(data, padding(data.len()))
    }

    fn padded(&mut self, data: &[u8], zeros: usize) -> io::Result<()> {
        self.out.write_all(data)?;
        self.out.write_all(&[0; 4][..zeros])
    }
}

fn padding(len: usize) -> usize {
    len.next_multiple_of(4) - len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_after_its_folders_and_everything_is_aligned() {
        let mut archive = Archive::new(Vec::new());
        archive.file("/etc/hosts", 0o644, b"hello").unwrap();
        let bytes = archive.finish().unwrap();
        assert_eq!(bytes.len() % 4, 0);
        let text = String::from_utf8_lossy(&bytes);
        let at = |needle: &str| text.find(needle).unwrap();
        assert!(at("etc\0") < at("etc/hosts\0") && at("etc/hosts\0") < at("TRAILER!!!\0"));
        assert!(at("hello").is_multiple_of(4));
    }
}
