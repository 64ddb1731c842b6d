//! The original, run on a loop device over an image.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use dm_sys::loopdev::Attach;
use dm_testkit::loop_disk::LoopDisk;
use dm_testkit::partitions::Image;

use crate::listing::Answer;

/// What libdevmapper says where there is no device-mapper.
const NOISE: [&str; 4] = [
    "/dev/mapper/control: ",
    "Failure to communicate with kernel device-mapper driver.",
    "Check that device-mapper is available in the kernel.",
    "Incompatible libdevmapper ",
];

/// The original kpartx.
#[derive(Debug)]
pub(crate) struct Original {
    path: PathBuf,
}

impl Original {
    /// Finds it, or says what is missing.
    pub(crate) fn find() -> Result<Self, String> {
        let path = ["/usr/sbin/kpartx", "/sbin/kpartx"].into_iter().map(PathBuf::from);
        let path = path.into_iter().find(|path| path.exists());
        let path = path.ok_or("needs the original kpartx")?;
        let banner = Command::new(&path).output().map_err(|error| error.to_string())?;
        if !banner.stdout.starts_with(b"multipath-tools") {
            return Err(format!("{} is not the original", path.display()));
        }
        attach(&Image::new("probe", 4096))
            .map_err(|error| format!("needs loop devices: {error}"))?;
        Ok(Self { path })
    }

    /// What it lists of an image.
    pub(crate) fn list(&self, image: &Image) -> Answer {
        let device = attach(image).unwrap();
        let mut command = Command::new("timeout");
        command.arg("10").arg(&self.path).arg("-l").args(["-p", "p"]);
        if image.force_gpt {
            command.arg("-g");
        }
        if let Some(only) = image.only {
            command.args(["-t", only]);
        }
        let path = device.path();
        let output = command.arg(path).output().unwrap();
        assert!(output.status.success(), "{}: {:?}", image.name, output);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let disk = format!(" {} ", path.display());
        let lines = |bytes: &[u8]| -> Vec<String> {
            String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect()
        };
        let plain = |line: &String| line.replacen(&name, "", 1).replacen(&disk, " disk ", 1);
        let noise = |line: &String| NOISE.iter().any(|noise| line.starts_with(noise));
        Answer {
            out: lines(&output.stdout).iter().map(plain).collect(),
            err: lines(&output.stderr).into_iter().filter(|line| !noise(line)).collect(),
        }
    }
}

fn attach(image: &Image) -> io::Result<LoopDisk> {
    let how = Attach { block_size: image.block, read_only: true, ..Attach::default() };
    LoopDisk::new(how, |file| image.write_to(file))
}
