//! The original, run where it sees the disks of a case and no others: in a mount namespace of its own, with a `/dev`
//! and a `/sys/block` that are made up. It looks at `dm-0` and so on, which are loop devices here.

use std::fs::File;
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_sys::loopdev::{Attach, LoopDevice};
use dm_testkit::raid::{Case, Disk, Image};

use crate::answer::Answer;

/// Makes the folders up, and runs every command; `$1` is the case's folder, the rest are the commands.
const SCRIPT: &str = r#"
set -e
folder=$1; shift
mkdir "$folder/dev" "$folder/sys" "$folder/work"
mount -t tmpfs none "$folder/dev"
mount -t tmpfs none "$folder/sys"
mkdir "$folder/dev/mapper" "$folder/sys/block"
nth=0
while read -r device sectors serial; do
    mkdir "$folder/sys/block/dm-$nth"
    echo "$sectors" >"$folder/sys/block/dm-$nth/size"
    echo 0 >"$folder/sys/block/dm-$nth/removable"
    cp -a "$device" "$folder/dev/dm-$nth"
    [ -z "$serial" ] || echo "$serial" >"$folder/dev/dm-$nth.serial"
    nth=$((nth + 1))
done <"$folder/disks"
for node in null zero urandom; do cp -a "/dev/$node" "$folder/dev/"; done
mkdir "$folder/lock"
mount --bind "$folder/lock" /var/lock
mount --bind "$folder/sys/block" /sys/block
mount --bind "$folder/dev" /dev
cd "$folder/work"
nth=0
for command; do
    code=0
    PATH="${DMRAID%/*}:$PATH" timeout 20 dmraid $command >"$folder/out.$nth" 2>"$folder/err.$nth" </dev/null || code=$?
    echo "$code" >"$folder/code.$nth"
    nth=$((nth + 1))
done
"#;

/// The original dmraid.
#[derive(Debug)]
pub(crate) struct Original {
    path: PathBuf,
}

/// A loop device, detached at the end.
struct Attached(LoopDevice);

impl Drop for Attached {
    fn drop(&mut self) {
        // Another process that looks for a free device may have it open for a moment.
        let deadline = Instant::now() + Duration::from_secs(5);
        while self.0.detach_if_unused() == Err(Errno::EBUSY) && Instant::now() < deadline {}
    }
}

impl Original {
    /// Finds it, or says what is missing.
    pub(crate) fn find() -> Result<Self, String> {
        let path = ["/usr/sbin/dmraid", "/sbin/dmraid"].into_iter().map(PathBuf::from);
        let path = path.into_iter().find(|path| path.exists());
        let path = path.ok_or("needs the original dmraid")?;
        let original = Self { path };
        let probe = Case::new("probe", [Image::new("probe", 65536)]);
        let disks: Result<Vec<Attached>, _> = probe.disks.iter().map(attach).collect();
        disks.map_err(|error| format!("needs loop devices: {error}"))?;
        let unshare = Command::new("unshare").args(["-m", "true"]).status();
        if !unshare.is_ok_and(|status| status.success()) {
            return Err("needs a mount namespace of its own".to_owned());
        }
        Ok(original)
    }

    /// What it answers to commands about the disks of a case.
    pub(crate) fn answers(&self, case: &Case, commands: &[&str]) -> Vec<Answer> {
        let folder = tempfile::tempdir().unwrap();
        let devices: Vec<Attached> = case.disks.iter().map(|disk| attach(disk).unwrap()).collect();
        let line = |(disk, device): (&Disk, &Attached)| {
            let sectors = disk.image.size / 512;
            let serial = disk.serial.as_deref().unwrap_or_default();
            format!("{} {sectors} {serial}\n", device.0.path().display())
        };
        let lines: Vec<String> = case.disks.iter().zip(&devices).map(line).collect();
        std::fs::write(folder.path().join("disks"), lines.concat()).unwrap();
        let mut command = Command::new("unshare");
        command.args(["-m", "--propagation", "private", "sh", "-c", SCRIPT, "sh"]);
        command
            .arg(folder.path())
            .args(commands)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("DMRAID", &self.path);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}: {output:?}", case.name);
        let read = |what: &str, nth: usize| {
            std::fs::read(folder.path().join(format!("{what}.{nth}"))).unwrap()
        };
        let answer = |nth| {
            let code = String::from_utf8(read("code", nth)).unwrap();
            Answer::new(&read("out", nth), &read("err", nth), &code)
        };
        (0..commands.len()).map(answer).collect()
    }
}

fn attach(disk: &Disk) -> std::io::Result<Attached> {
    let file: File = tempfile::tempfile()?;
    disk.image.write_to(&file)?;
    let how = Attach { read_only: true, ..Attach::default() };
    LoopDevice::attach(file.as_fd(), how).map(Attached)
}
