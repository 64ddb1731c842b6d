//! `raid-images`: disks of vendors' RAID sets as images, for scripts.
//!
//! ```text
//! raid-images list                  CASE SET SECTORS DISKS SPARE, a line a volume; SPARE is a disk that it can do without
//! raid-images make CASE FOLDER      FOLDER/disk0.img and so on, with the volume's contents; FOLDER/disk0.img.serial
//! raid-images check CASE DEVICE     whether DEVICE shows the volume's contents, all of it; EVERY_NTH in the environment
//!                                   says that only every n-th 64 sectors are looked at
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for scripts")]

use std::fs::{self, File};
use std::io::{self, Seek as _, SeekFrom};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::ExitCode;

use dm_testkit::raid::volumes::{self, Volume, content, is_filled};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        ["list"] => list(),
        ["make", case, folder] => with(case, |volume| make(volume, Path::new(folder))),
        ["check", case, device] => with(case, |volume| check(volume, Path::new(device))),
        _ => Err("raid-images list | make CASE FOLDER | check CASE DEVICE".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("raid-images: {why}");
            ExitCode::FAILURE
        }
    }
}

fn with(case: &str, work: impl FnOnce(&Volume) -> Result<(), String>) -> Result<(), String> {
    let all = volumes::all();
    let volume = all.iter().find(|volume| volume.case == case);
    work(volume.ok_or_else(|| format!("no volume {case}"))?)
}

#[expect(clippy::unnecessary_wraps, reason = "as every command")]
fn list() -> Result<(), String> {
    for volume in volumes::all() {
        let spare = volume.spare.map_or("-".to_owned(), |nth| nth.to_string());
        let Volume { case, set, sectors, .. } = &volume;
        println!("{case} {set} {sectors} {} {spare}", volume.disks().len());
    }
    Ok(())
}

fn make(volume: &Volume, folder: &Path) -> Result<(), String> {
    let text = |error: io::Error| error.to_string();
    for (nth, disk) in volume.disks().iter().enumerate() {
        let path = folder.join(format!("disk{nth}.img"));
        disk.image.write_to(&File::create(&path).map_err(text)?).map_err(text)?;
        if let Some(serial) = &disk.serial {
            fs::write(path.with_extension("img.serial"), format!("{serial}\n")).map_err(text)?;
        }
    }
    Ok(())
}

fn check(volume: &Volume, device: &Path) -> Result<(), String> {
    let text = |error: io::Error| error.to_string();
    let mut file = File::open(device).map_err(text)?;
    let end = file.seek(SeekFrom::End(0)).map_err(text)?;
    if end != volume.sectors * 512 {
        return Err(format!("{} has {end} bytes, not {}", volume.case, volume.sectors * 512));
    }
    let every = std::env::var("EVERY_NTH").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    for block in (0..volume.sectors).step_by(64).step_by(every) {
        let count = (volume.sectors - block).min(64);
        let mut bytes = vec![0; usize::try_from(count * 512).unwrap_or(0)];
        file.read_exact_at(&mut bytes, block * 512)
            .map_err(|error| format!("sector {block}: {error}"))?;
        for (nth, sector) in (block..).zip(bytes.chunks(512)) {
            let wanted = if is_filled(nth) { content(nth) } else { [0; 512] };
            if sector != wanted && !volume.has_metadata(nth) {
                return Err(format!("sector {nth} of {} is not what it should be", volume.case));
            }
        }
    }
    Ok(())
}
