//! The files that overlays write to: the kernel's persistent copy-on-write stores, [`dm_core::snapshot`].
//!
//! A file is as long as all of it when every chunk of its disk has been written: the header, the chunks, and an area for
//! as many of them as it has entries, and one more, since an area that is full has an empty one after it at once. Until
//! then it has holes.
//!
//! # Source
//!
//! `persistent_commit_exception` in the kernel's `drivers/md/dm-snap-persistent.c`.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

use dm_core::snapshot::{Chunk, Header};
use dm_core::units::{Bytes, Sectors};

/// How much is copied at the first write: 4096 bytes, which is what filesystems write at once.
pub const CHUNK: Sectors = Sectors::new(8);

/// How much of a file tells whether it can be used.
const HEAD: usize = 16;

/// Whether a file was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was not: it has just been made.
    New,
    /// It was, with all that was written to it.
    Again,
}

/// The length of the file for a disk of so many sectors.
pub fn len_for(disk: Sectors) -> Option<Bytes> {
    let chunk = Chunk::new(CHUNK)?;
    let chunks = disk.get().div_ceil(CHUNK.get());
    let areas = chunks.checked_div(chunk.entries())?.checked_add(1)?;
    chunk.start(chunks.checked_add(areas)?.checked_add(1)?)?.to_bytes()
}

/// Makes the file at `path` for a disk of so many sectors, or takes the one that is there.
///
/// # Errors
///
/// What the system says, or why what is there is not for this disk.
pub fn take(path: &Path, disk: Sectors) -> io::Result<Taken> {
    let len = len_for(disk).ok_or(io::ErrorKind::FileTooLarge)?.get();
    let make = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match make {
        Ok(file) => {
            file.set_len(len).inspect_err(|_| drop(fs::remove_file(path)))?;
            Ok(Taken::New)
        }
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => again(path, len),
        Err(why) => Err(why),
    }
}

/// Looks at what is there before anything stands on it.
fn again(path: &Path, len: u64) -> io::Result<Taken> {
    let wrong = |why: String| io::Error::new(io::ErrorKind::InvalidData, why);
    let meta = fs::metadata(path)?;
    if !meta.is_file() {
        return Err(wrong("not a regular file".to_owned()));
    }
    let file = File::options().read(true).write(true).open(path)?;
    // Whoever made it was ended before it had its length.
    if meta.len() == 0 {
        return file.set_len(len).map(|()| Taken::New);
    }
    if meta.len() != len {
        return Err(wrong("not the overlay of a disk of this length".to_owned()));
    }
    let mut head = [0; HEAD];
    file.read_exact_at(&mut head, 0)?;
    is_sound(&head).map_err(wrong)?;
    Ok(Taken::Again)
}

/// Whether a store that begins so can be used: it is an empty one, or one with the chunks that it is to have.
fn is_sound(head: &[u8]) -> Result<(), String> {
    match Header::parse(head) {
        Ok(Some(Header { is_valid: false, .. })) => {
            Err("it is no longer valid: it could not be written, for want of space or otherwise"
                .into())
        }
        Ok(Some(Header { chunk, .. })) if chunk.sectors() != CHUNK => {
            Err(format!("its chunks have {} sectors, not {CHUNK}", chunk.sectors()))
        }
        Ok(_) => Ok(()),
        Err(damage) => Err(damage.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(disk: u64) -> u64 {
        len_for(Sectors::new(disk)).unwrap().get() / 4096
    }

    #[test]
    fn all_of_a_disk_fits_with_its_areas() {
        // Header, area, chunk.
        assert_eq!(chunks(1), 3);
        assert_eq!(chunks(8), 3);
        assert_eq!(chunks(9), 4);
        assert_eq!(chunks(255 * 8), 257);
        // The first area is full: there is one after it.
        assert_eq!(chunks(256 * 8), 259);
        assert_eq!(chunks(257 * 8), 260);
        assert_eq!(chunks(512 * 8), 516);
        assert_eq!(len_for(Sectors::new(u64::MAX)), None);
    }

    #[test]
    fn a_file_is_made_once_and_has_holes() {
        use std::os::unix::fs::MetadataExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cow");
        let disk = Sectors::new(1 << 20);
        assert_eq!(take(&path, disk).unwrap(), Taken::New);
        let meta = fs::metadata(&path).unwrap();
        assert_eq!((meta.len(), meta.mode() & 0o777), (len_for(disk).unwrap().get(), 0o600));
        assert!(meta.blocks() < 64, "{}", meta.blocks());
        fs::write(folder.path().join("b.cow"), b"").unwrap();
        assert_eq!(take(&folder.path().join("b.cow"), disk).unwrap(), Taken::New);
        assert_eq!(take(&path, disk).unwrap(), Taken::Again);
    }

    #[test]
    fn what_is_not_for_the_disk_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.cow");
        let disk = Sectors::new(64);
        let why = || take(&path, disk).unwrap_err().to_string();
        assert_eq!(take(&path, Sectors::new(128)).unwrap(), Taken::New);
        assert_eq!(why(), "not the overlay of a disk of this length");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(why(), "not a regular file");
    }

    #[test]
    fn the_head_tells_whether_a_store_can_be_used() {
        let head = |is_valid, chunk| {
            let chunk = Chunk::new(Sectors::new(chunk)).unwrap();
            is_sound(&Header { is_valid, chunk }.to_block(HEAD))
        };
        assert_eq!(is_sound(&[0; HEAD]), Ok(()));
        assert_eq!(head(true, 8), Ok(()));
        assert!(head(false, 8).unwrap_err().starts_with("it is no longer valid"));
        assert_eq!(head(true, 16), Err("its chunks have 16 sectors, not 8".to_owned()));
        assert!(is_sound(b"a picture of a cat").unwrap_err().starts_with("magic, at byte 0"));
    }
}
