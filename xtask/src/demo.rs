//! `cargo xtask demo`: builds the tools and shows the main job on whatever this machine offers.
//!
//! Three of device-mapper's classic examples, each command and its result in sight: the bad disk, the fake
//! disk of 8 TB, and two disks striped to one. Everything is removed again. A result that is not what it
//! should be ends the show with an error.
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::check::cargo;
use crate::vm::target_folder;

/// What the show needs to know of this machine.
struct Stage {
    scratch: PathBuf,
    /// Where mapped devices appear.
    mapper: PathBuf,
    is_root: bool,
    path: String,
}

/// One command and what it must do.
struct Step<'a> {
    command: &'a str,
    expect: Expect<'a>,
}

enum Expect<'a> {
    Success,
    /// This text, somewhere in the output.
    Output(&'a str),
    /// Failure, with this text.
    Failure(&'a str),
}

/// Builds, shows, cleans up.
pub fn command(_args: &[OsString]) -> Result<ExitCode> {
    let build = ["build", "--package", "dmsetup", "--package", "dm-engined"];
    anyhow::ensure!(cargo().args(build).status()?.success(), "the tools do not build");
    let stage = Stage::new()?;
    let shown = stage.show();
    let cleaned = stage.clean_up();
    shown?;
    cleaned?;
    say("\nNothing is left behind. All of it worked as it should.")?;
    Ok(ExitCode::SUCCESS)
}

impl Stage {
    fn new() -> Result<Self> {
        let scratch = std::env::temp_dir().join(format!("dmkit-demo-{}", std::process::id()));
        fs::create_dir(&scratch).with_context(|| scratch.display().to_string())?;
        let is_root = std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self")?) == 0;
        let mapper = match std::env::var_os("XDG_RUNTIME_DIR") {
            _ if is_root => PathBuf::from("/dev/mapper"),
            Some(folder) => PathBuf::from(folder).join("dmkit/mapper"),
            None => bail!("an ordinary user needs XDG_RUNTIME_DIR set, for a folder of their own"),
        };
        let tools = target_folder().join("debug");
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}:/usr/sbin:/sbin", tools.display());
        Ok(Self { scratch, mapper, is_root, path })
    }

    fn show(&self) -> Result<()> {
        say("== What this machine offers")?;
        self.step(&Step { command: "dm-engined doctor", expect: Expect::Success })?;
        self.bad_disk()?;
        self.fake_disk()?;
        self.striped_disk()
    }

    fn bad_disk(&self) -> Result<()> {
        say("\n== A disk whose sector 8 cannot be read")?;
        let leg = self.disk("bad", 100 << 20)?;
        let device = self.mapper.join("bad_disk");
        let device = device.display();
        let size = self.size(&device.to_string(), 204_800 * 512);
        self.steps(&[
            Step {
                command: &format!(
                    "printf '0 8 linear {leg} 0\\n8 1 error\\n9 204791 linear {leg} 9\\n' | dmsetup create bad_disk"
                ),
                expect: Expect::Success,
            },
            size.as_step(),
            Step {
                command: &format!("dd if={device} of=/dev/null bs=1k count=4"),
                expect: Expect::Output("4+0 records in"),
            },
            Step {
                command: &format!("dd if={device} of=/dev/null bs=1k count=5"),
                expect: Expect::Failure("Input/output error"),
            },
            Step { command: "dmsetup table bad_disk", expect: Expect::Output("8 1 error") },
            Step { command: "dmsetup info bad_disk", expect: Expect::Output("Number of targets: 3") },
            Step { command: "dmsetup remove bad_disk", expect: Expect::Success },
        ])
    }

    fn fake_disk(&self) -> Result<()> {
        say("\n== A disk of 8 TB that has 32 KiB")?;
        let leg = self.disk("small", 1 << 20)?;
        let device = self.mapper.join("fake_disk");
        let device = device.display();
        let size = self.size(&device.to_string(), 8_796_093_022_208);
        self.steps(&[
            Step {
                command: &format!(
                    "printf '0 64 linear {leg} 0\\n64 17179869120 zero\\n' | dmsetup create fake_disk"
                ),
                expect: Expect::Success,
            },
            size.as_step(),
            Step {
                command: &format!(
                    "echo 'written to the first 32 KiB' | dd of={device} bs=4k conv=sync,notrunc,fsync status=none"
                ),
                expect: Expect::Success,
            },
            Step {
                command: &format!("head -c 27 {leg}"),
                expect: Expect::Output("written to the first 32 KiB"),
            },
            Step {
                command: &format!(
                    "dd if={device} bs=1M skip=4000000 count=1 status=none | tr -d '\\0' | wc -c"
                ),
                expect: Expect::Output("0"),
            },
            Step { command: "dmsetup remove fake_disk", expect: Expect::Success },
        ])
    }

    fn striped_disk(&self) -> Result<()> {
        say("\n== Two disks as one, striped in chunks of 64 KiB")?;
        let (one, two) = (self.disk("one", 16 << 20)?, self.disk("two", 16 << 20)?);
        let device = self.mapper.join("striped");
        let device = device.display();
        let text = self.scratch.join("text");
        let text = text.display();
        self.steps(&[
            Step {
                command: &format!(
                    "dmsetup create striped --table '0 65536 striped 2 128 {one} 0 {two} 0'"
                ),
                expect: Expect::Success,
            },
            Step {
                command: &format!("seq 1 200000 | head -c 1048576 >{text}"),
                expect: Expect::Success,
            },
            Step {
                command: &format!("dd if={text} of={device} bs=64k conv=notrunc,fsync status=none"),
                expect: Expect::Success,
            },
            Step {
                command: &format!("head -c 1048576 {device} | cmp - {text} && echo the same"),
                expect: Expect::Output("the same"),
            },
            Step {
                command: &format!(
                    "tail -c +65537 {text} | head -c 20; echo; head -c 20 {two}; echo"
                ),
                expect: Expect::Success,
            },
            Step { command: "dmsetup status striped", expect: Expect::Output("AA") },
            Step { command: "dmsetup remove striped", expect: Expect::Success },
            Step { command: "dmsetup ls", expect: Expect::Success },
        ])
    }

    /// A disk to build on: a loop device for root, else an image file.
    fn disk(&self, name: &str, size: u64) -> Result<String> {
        let image = self.scratch.join(name);
        fs::File::create(&image)?.set_len(size)?;
        if !self.is_root {
            return Ok(image.display().to_string());
        }
        let output = Command::new("losetup").args(["-f", "--show"]).arg(&image).output();
        let output = output.context("running losetup")?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn size(&self, device: &str, bytes: u64) -> Owned {
        let command = if self.is_root {
            format!("blockdev --getsize64 {device}")
        } else {
            format!("stat -c %s {device}")
        };
        Owned { command, output: bytes.to_string() }
    }

    fn steps(&self, steps: &[Step<'_>]) -> Result<()> {
        steps.iter().try_for_each(|step| self.step(step))
    }

    fn step(&self, step: &Step<'_>) -> Result<()> {
        say(&format!("$ {}", step.command))?;
        let output = Command::new("/bin/sh")
            .args(["-c", &format!("{{ {}\n}} 2>&1", step.command)])
            .env("PATH", &self.path)
            .env("DMKIT_IDLE", "1")
            .stdin(Stdio::null())
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        io::stdout().write_all(text.as_bytes())?;
        let ok = output.status.success();
        let right = match step.expect {
            Expect::Success => ok,
            Expect::Output(want) => ok && text.contains(want),
            Expect::Failure(want) => !ok && text.contains(want),
        };
        anyhow::ensure!(right, "that is not what should have happened");
        Ok(())
    }

    /// Removes whatever the show did not get to remove itself.
    fn clean_up(&self) -> Result<()> {
        for name in ["bad_disk", "fake_disk", "striped"] {
            if self.mapper.join(name).exists() {
                let path = ("PATH", &self.path);
                Command::new("dmsetup").args(["remove", name]).envs([path]).status().ok();
            }
        }
        if self.is_root {
            detach_below(&self.scratch)?;
        }
        fs::remove_dir_all(&self.scratch).with_context(|| self.scratch.display().to_string())
    }
}

/// A size and the command that shows it.
struct Owned {
    command: String,
    output: String,
}

impl Owned {
    fn as_step(&self) -> Step<'_> {
        Step { command: &self.command, expect: Expect::Output(&self.output) }
    }
}

/// Detaches the loop devices whose files lie in `folder`.
fn detach_below(folder: &Path) -> Result<()> {
    for entry in fs::read_dir("/sys/block")? {
        let name = entry?.file_name();
        let backing = Path::new("/sys/block").join(&name).join("loop/backing_file");
        let file = fs::read_to_string(backing).unwrap_or_default();
        if Path::new(file.trim()).starts_with(folder) {
            let device = Path::new("/dev").join(&name);
            let status = Command::new("losetup").arg("-d").arg(device).status()?;
            anyhow::ensure!(status.success(), "{} stays attached", name.display());
        }
    }
    Ok(())
}

fn say(text: &str) -> Result<()> {
    writeln!(io::stdout(), "{text}").context("writing")
}
