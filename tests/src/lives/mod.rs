//! The life of a disk under a kpartx: listed, mapped, mapped again, given another table, updated, unmapped.
//!
//! A life is a [`Transcript`] whose commands are made up from the image's place among all: which delimiter, whether
//! read-only, whether a stranger has a name that is wanted. After each command that may change something, what is
//! mapped then is part of it. Two kpartx are alike where their lives are; what the disk and device-mapper are
//! called on a machine does not show.

mod words;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dm_core::units::Bytes;
use dm_formats::partitions::{Disk, LogicalBlock, Options, Outcome, read};
use dm_sys::loopdev::Attach;
use dm_testkit::loop_disk::LoopDisk;
use dm_testkit::partitions::{self, Image};
use dm_testkit::transcript::{Item, Output, Step, Transcript};

use words::Words;

/// How long a command may take, in seconds.
const LIMIT: &str = "20";

/// What a command ends with that took longer. Its output is not kept: there may be no end of it.
pub const KILLED: i32 = 137;

/// A table of hundreds of slices is not mapped otherwise than one of dozens, but takes minutes.
const SLICES_MAX: usize = 24;

/// What is run.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The kpartx that is looked at.
    pub kpartx: PathBuf,
    /// Who says what is mapped.
    pub dmsetup: PathBuf,
    /// Added to the environment of both.
    pub env: BTreeMap<String, String>,
    /// What the kpartx is loaded with.
    pub preload: Option<PathBuf>,
}

/// Which images live.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// How many odd ones there are beside those that are always the same.
    pub odd: u64,
    /// Where others are, packed.
    pub packed: Option<PathBuf>,
}

impl Choice {
    /// The images, in the order in which they live.
    ///
    /// # Errors
    ///
    /// A packed one cannot be read.
    pub fn images(&self) -> io::Result<Vec<Image>> {
        let mut images = partitions::fixed().to_vec();
        let mut packed: Vec<PathBuf> = Vec::new();
        for entry in self.packed.iter().map(fs::read_dir).collect::<io::Result<Vec<_>>>()? {
            for file in entry {
                packed.push(file?.path());
            }
        }
        packed.sort();
        for path in packed {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let image = Image::unpack(&name, &fs::read(&path)?);
            images.push(image.ok_or_else(|| io::Error::other(path.display().to_string()))?);
        }
        images.extend((0..self.odd).map(partitions::odd));
        images.retain(|image| slices(image) <= SLICES_MAX);
        Ok(images)
    }
}

/// So many lives of each thirteen: a number that has nothing in common with those that make a life's commands up, so
/// that each of these is met in any share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(pub usize);

impl Share {
    /// Every life.
    pub const ALL: Self = Self(13);

    /// These, each with its place among all. A smaller share is part of a larger one; either is spread.
    pub fn of(self, images: &[Image]) -> impl Iterator<Item = (usize, &Image)> {
        let all = images.iter().enumerate();
        all.filter(move |(nth, _)| nth * 5 % Self::ALL.0 < self.0)
    }
}

/// How many slices our reader finds.
fn slices(image: &Image) -> usize {
    outcome(image).table.map_or(0, |table| table.slices.len())
}

/// What our reader finds. That it finds what the original does is another test's matter.
fn outcome(image: &Image) -> Outcome {
    let block = LogicalBlock::new(Bytes::new(image.block.into())).unwrap_or(LogicalBlock::B512);
    read(&mut Disk::new(image, block), &Options::default())
}

/// Why the life of the `nth` image is not compared, if it is not: the kpartx differ in the image itself.
pub fn listed(images: &[Image], nth: usize) -> Option<&'static str> {
    images[nth].differs.or_else(|| heir(images, nth).and_then(|next| next.differs))
}

/// Whose table the disk gets in the middle of its life: the next one's that has the same blocks.
pub fn heir(images: &[Image], nth: usize) -> Option<&Image> {
    let others = images[nth + 1..].iter().chain(&images[..nth]);
    others.filter(|other| other.differs.is_none()).find(|other| other.block == images[nth].block)
}

/// Plays these lives, and writes them to `<out>/<name>.txt`.
///
/// # Errors
///
/// A disk cannot be made, a tool not run, or a file not written.
pub fn play(tools: &Tools, images: &[Image], share: Share, out: &Path) -> io::Result<()> {
    fs::create_dir_all(out)?;
    for (nth, image) in share.of(images) {
        let life = Life::begin(tools, nth, image)?.live(heir(images, nth))?;
        fs::write(out.join(format!("{}.txt", image.name)), life.print())?;
    }
    Ok(())
}

struct Life<'a> {
    tools: &'a Tools,
    nth: usize,
    image: &'a Image,
    disk: LoopDisk,
    words: Words,
    story: Transcript,
}

impl<'a> Life<'a> {
    fn begin(tools: &'a Tools, nth: usize, image: &'a Image) -> io::Result<Self> {
        let how = Attach { block_size: image.block, ..Attach::default() };
        let disk = LoopDisk::new(how, |file| image.write_to(file))?;
        let words = Words::new(disk.number());
        Ok(Self { tools, nth, image, disk, words, story: Transcript::default() })
    }

    fn live(mut self, heir: Option<&Image>) -> io::Result<Transcript> {
        let delimiter = ["", "-p p", "-p -part", "-p _", "-p /"][self.nth % 5];
        let other = ["-p x", "", "", "-p -", ""][self.nth % 5];
        let read_only = if self.nth % 7 == 3 { "-r" } else { "" };
        let wait = ["-s", "", "-n"][self.nth % 3];
        let listed = self.kpartx(&["-l", delimiter], self.image)?;
        let stranger = self.stranger(&listed)?;
        self.kpartx(&["-a -v", wait, delimiter, read_only], self.image)?;
        self.mapped()?;
        self.kpartx(&["-a -v", other], self.image)?;
        self.mapped()?;
        if let Some(heir) = heir {
            self.disk.rewrite(|file| heir.write_to(file))?;
            self.kpartx(&["-u -v", wait, delimiter], heir)?;
            self.mapped()?;
            self.kpartx(&["-u -v", other, read_only], heir)?;
        }
        self.kpartx(&[if self.nth % 11 == 4 { "-d -f -v" } else { "-d -v" }], self.image)?;
        self.mapped()?;
        if let Some(name) = stranger {
            self.dmsetup(&["remove", &name])?;
        }
        self.kpartx(&["-d -v"], self.image)?;
        self.clear()?;
        Ok(self.story)
    }

    /// In some lives another map has the name that the first slice is to get.
    fn stranger(&mut self, listed: &[u8]) -> io::Result<Option<String>> {
        let uuid = match self.nth % 12 {
            5 => "LVM-stranger",
            11 => "part1-devnode_9:9_Wh5pYvM",
            _ => return Ok(None),
        };
        let name =
            String::from_utf8_lossy(listed).split(' ').next().unwrap_or_default().replace('/', "!");
        if name.is_empty() {
            return Ok(None);
        }
        self.dmsetup(&["create", &name, "-u", uuid, "--table", "0 8 zero"])?;
        Ok(Some(name))
    }

    /// Runs the kpartx on the disk; what it printed.
    fn kpartx(&mut self, options: &[&str], image: &Image) -> io::Result<Vec<u8>> {
        let mut args: Vec<&str> = options.iter().flat_map(|words| words.split(' ')).collect();
        args.retain(|word| !word.is_empty());
        args.extend(image.force_gpt.then_some("-g"));
        args.extend(image.only.iter().flat_map(|only| ["-t", only]));
        let path = self.disk.path().display().to_string();
        args.push(&path);
        let mut command = self.command(&self.tools.kpartx);
        command.envs(self.tools.preload.iter().map(|library| ("LD_PRELOAD", library)));
        command.args(&args);
        self.run(command, &format!("kpartx {}", args.join(" ")))
    }

    fn dmsetup(&mut self, args: &[&str]) -> io::Result<Vec<u8>> {
        let mut command = self.command(&self.tools.dmsetup);
        command.args(args);
        self.run(command, &format!("dmsetup {}", args.join(" ")))
    }

    /// All that is mapped: names, uuids, tables, and what cannot be written to.
    fn mapped(&mut self) -> io::Result<()> {
        self.dmsetup(&["table", "--concise"]).map(drop)
    }

    /// What a kpartx has left is not to be met by the next life.
    fn clear(&mut self) -> io::Result<()> {
        let left = self.mapped().map(|()| self.story.steps().last().cloned())?;
        let nothing = left.and_then(|step| step.output).map(|output| output.stdout);
        if nothing.as_deref() != Some(b"No devices found\n") {
            self.dmsetup(&["remove_all", "--force"])?;
        }
        Ok(())
    }

    fn command(&self, tool: &Path) -> Command {
        let mut command = Command::new("timeout");
        command.args(["-s", "KILL", LIMIT]).arg(tool).env_clear();
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LC_ALL", "C");
        command.env("DM_DISABLE_UDEV", "1").envs(&self.tools.env).stdin(Stdio::null());
        command
    }

    fn run(&mut self, mut command: Command, shown: &str) -> io::Result<Vec<u8>> {
        let output = command.output()?;
        let code = output.status.code().unwrap_or(KILLED);
        let kept = |text: &[u8]| if code == KILLED { Vec::new() } else { self.words.plain(text) };
        let told = Output { stdout: kept(&output.stdout), stderr: kept(&output.stderr), code };
        let command = String::from_utf8_lossy(&self.words.plain(shown.as_bytes())).into_owned();
        self.story.items.push(Item::Step(Step { command, output: Some(told) }));
        Ok(output.stdout)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn kinds<'a>(images: impl Iterator<Item = (usize, &'a Image)>) -> BTreeSet<&'static str> {
        images.filter_map(|(_, image)| outcome(image).table.map(|table| table.kind)).collect()
    }

    #[test]
    fn a_small_share_has_every_kind_of_table_and_every_way_to_begin() {
        let images = Choice { odd: 250, packed: None }.images().unwrap();
        let share = Share(4);
        assert_eq!(kinds(share.of(&images)), kinds(Share::ALL.of(&images)));
        for ways in [3, 5, 7, 11, 12] {
            let met: BTreeSet<usize> = share.of(&images).map(|(nth, _)| nth % ways).collect();
            assert_eq!(met.len(), ways);
        }
    }
}
