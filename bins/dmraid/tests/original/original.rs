//! The original, run where it sees the disks of a case and no others: in a mount namespace of its own, with a `/dev`
//! and a `/sys/block` that are made up. It looks at `dm-0` and so on, which are loop devices here.

use std::path::{Path, PathBuf};
use std::process::Command;

use dm_sys::loopdev::Attach;
use dm_testkit::loop_disk::LoopDisk;
use dm_testkit::raid::{Case, Disk, Image};

use crate::answer::Answer;

/// Makes the disks up, as benchmarks do too.
const NAMESPACE: &str = include_str!("../../../../crates/testkit/src/raid/namespace.sh");

/// Runs every command; `$1` is the case's folder, the rest are the commands. `in.0` and so on answer their questions,
/// where there are such; then `@1` is the first set, and so on, and the end of every disk is kept after each command.
const COMMANDS: &str = r#"
shift
mkdir "$folder/work"
cd "$folder/work"
nth=0
for command; do
    code=0
    input=/dev/null
    [ ! -e "$folder/in.$nth" ] || input="$folder/in.$nth"
    case $command in *@*)
        number=${command##*@}
        set=$("$DMRAID" -s -c 2>/dev/null | sed -n "${number%% *}p")
        command=$(echo "$command" | sed "s,@[0-9]*,$set,");;
    esac
    PATH="${DMRAID%/*}:$PATH" timeout 20 dmraid $command >"$folder/out.$nth" 2>"$folder/err.$nth" <"$input" || code=$?
    echo "$code" >"$folder/code.$nth"
    if [ -e "$folder/in.$nth" ]; then
        for disk in "$folder"/sys/block/*; do
            tail -c 8192 "/dev/${disk##*/}" >"$folder/end.$nth.${disk##*/dm-}"
        done
    fi
    nth=$((nth + 1))
done
"#;

/// The original dmraid.
#[derive(Debug)]
pub(crate) struct Original {
    path: PathBuf,
}

impl Original {
    /// Finds it, or says what is missing.
    pub(crate) fn find() -> Result<Self, String> {
        let path = ["/usr/sbin/dmraid", "/sbin/dmraid"].into_iter().map(PathBuf::from);
        let path = path.into_iter().find(|path| path.exists());
        let path = path.ok_or("needs the original dmraid")?;
        let original = Self { path };
        let probe = Case::new("probe", [Image::new("probe", 65536)]);
        let disks: Result<Vec<LoopDisk>, _> =
            probe.disks.iter().map(|disk| attach(disk, true)).collect();
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
        self.run(case, commands, folder.path(), true);
        (0..commands.len()).map(|nth| answer(folder.path(), nth)).collect()
    }

    /// What it answers to commands one after another, each of which may write, where its questions are answered so;
    /// and what is at the end of every disk then.
    pub(crate) fn session(
        &self,
        case: &Case,
        steps: &[(&str, &str)],
    ) -> Vec<(Answer, Vec<Vec<u8>>)> {
        let folder = tempfile::tempdir().unwrap();
        for (nth, (input, _)) in steps.iter().enumerate() {
            std::fs::write(folder.path().join(format!("in.{nth}")), input).unwrap();
        }
        let commands: Vec<&str> = steps.iter().map(|(_, command)| *command).collect();
        self.run(case, &commands, folder.path(), false);
        let end =
            |nth, disk| std::fs::read(folder.path().join(format!("end.{nth}.{disk}"))).unwrap();
        let step = |nth| {
            let ends = (0..case.disks.len()).map(|disk| end(nth, disk)).collect();
            (answer(folder.path(), nth), ends)
        };
        (0..steps.len()).map(step).collect()
    }

    fn run(&self, case: &Case, commands: &[&str], folder: &Path, read_only: bool) {
        let attach = |disk| attach(disk, read_only).unwrap();
        let devices: Vec<LoopDisk> = case.disks.iter().map(attach).collect();
        let line = |(disk, device): (&Disk, &LoopDisk)| {
            let sectors = disk.image.size / 512;
            let serial = disk.serial.as_deref().unwrap_or_default();
            format!("{} {sectors} {serial}\n", device.path().display())
        };
        let lines: Vec<String> = case.disks.iter().zip(&devices).map(line).collect();
        std::fs::write(folder.join("disks"), lines.concat()).unwrap();
        let mut command = Command::new("unshare");
        let script = [NAMESPACE, COMMANDS].concat();
        command
            .args(["-m", "--propagation", "private", "sh", "-ec", &script, "sh"])
            .arg(folder)
            .args(commands)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("DMRAID", &self.path);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}: {output:?}", case.name);
    }
}

/// What was answered to the command of this number.
fn answer(folder: &Path, nth: usize) -> Answer {
    let read = |what: &str| std::fs::read(folder.join(format!("{what}.{nth}"))).unwrap();
    let code = String::from_utf8(read("code")).unwrap();
    Answer::new(&read("out"), &read("err"), &code)
}

fn attach(disk: &Disk, read_only: bool) -> std::io::Result<LoopDisk> {
    let how = Attach { read_only, ..Attach::default() };
    LoopDisk::new(how, |file| disk.image.write_to(file))
}
