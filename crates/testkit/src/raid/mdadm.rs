//! Members of containers that Linux made: what `mdadm` wrote to them, and no data.
//!
//! `mdadm/<case>.od` has the disks of a case one after the other, each as `od -A x -t x1` shows it: the last line of
//! each is its size. `tests/scripts/mdadm.sh` writes them:
//!
//! ```text
//! cargo xtask vm --timeout 900 --program tests/scripts/lib.sh --program tests/scripts/mdadm.sh -- \
//!     'KEEP=/lab/out dash /lab/bin/mdadm.sh'
//! ```
//!
//! # Source
//!
//! mdadm 4.2-5 on Linux 6.1, in the virtual machine.

use super::{Case, Disk, Image};

/// A stripe and a RAID 5 of IMSM, the latter over the disks in another order.
pub fn imsm_two() -> Case {
    let serials = ["/dev/loop0", "/dev/loop1", "/dev/loop2"];
    case("mdadm-imsm-two", include_str!("mdadm/imsm-two.od"), &serials)
}

/// A RAID 10 of DDF.
pub fn ddf_ten() -> Case {
    case("mdadm-ddf-ten", include_str!("mdadm/ddf-ten.od"), &[])
}

/// A RAID 4 of DDF.
pub fn ddf_four() -> Case {
    case("mdadm-ddf-four", include_str!("mdadm/ddf-four.od"), &[])
}

/// A mirror of IMSM whose second disk failed, was taken away, and is there again.
pub fn imsm_stale() -> Case {
    let serials = ["/dev/loop0", "/dev/loop1"];
    case("mdadm-imsm-stale", include_str!("mdadm/imsm-stale.od"), &serials)
}

/// A mirror of DDF whose first disk failed, was taken away, and is there again.
pub fn ddf_stale() -> Case {
    case("mdadm-ddf-stale", include_str!("mdadm/ddf-stale.od"), &[])
}

/// The disks of a case; of those that are known by serial numbers, these are they.
fn case(name: &str, text: &str, serials: &[&str]) -> Case {
    let mut serials = serials.iter();
    let disk = |image| Disk { image, serial: serials.next().map(|serial| (*serial).to_owned()) };
    Case {
        name: name.to_owned(),
        disks: images(text).into_iter().map(disk).collect(),
        differs: Vec::new(),
    }
}

/// What `od` showed of disks.
fn images(text: &str) -> Vec<Image> {
    let mut images = Vec::new();
    let mut lines: Vec<(u64, Vec<u8>)> = Vec::new();
    for line in text.lines().filter(|line| *line != "*") {
        let number = |word| u64::from_str_radix(word, 16).unwrap_or(u64::MAX);
        let mut words = line.split(' ');
        let at = number(words.next().unwrap_or_default());
        let bytes = words.map(|word| u8::try_from(number(word)).unwrap_or(0)).collect();
        lines.push((at, bytes));
        if lines.last().is_some_and(|(_, bytes)| bytes.is_empty()) {
            images.push(image(at, &std::mem::take(&mut lines)));
        }
    }
    images
}

/// A disk of this size. What a line has goes on to the next one.
fn image(size: u64, lines: &[(u64, Vec<u8>)]) -> Image {
    let mut image = Image::new("mdadm", size);
    for pair in lines.windows(2) {
        let [(start, bytes), (end, _)] = pair else { continue };
        if bytes.iter().all(|byte| *byte == 0) {
            continue;
        }
        for at in (*start..*end).step_by(16) {
            image.put(at, bytes);
        }
    }
    image
}
