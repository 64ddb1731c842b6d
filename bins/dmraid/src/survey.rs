//! What is on the disks: all of them read at the same time, and the sets that they make.

use dm_cli::exit::Failure;
use dm_core::read_at::{ReadAt, ReadError};
use dm_core::units::Bytes;
use dm_formats::raid::sets::{self, Looked, OnDisk, RaidSet};
use dm_formats::raid::{self, FormatType, Found, Level, Log, Reading};

use crate::dispatch::Ctx;
use crate::host::Disk;
use crate::options::error;
use crate::readers::at_once;
use crate::serials::{self, Inferred, Known};
use crate::voice::Voice;

/// The disks, and what is on them.
#[derive(Debug)]
pub struct Survey {
    /// The disks, in the order of listings.
    pub disks: Vec<Disk>,
    /// For each disk, what each element of `-f` has found there; without `-f` there is one.
    pub readings: Vec<Vec<Reading>>,
    /// Whether disks were named, rather than all of the machine's looked at.
    pub named: bool,
    /// What there is to say of disks that newer metadata keep out of sets.
    out: Log,
}

/// A find, and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Find<'s> {
    /// Which of [`Survey::disks`].
    pub nth: usize,
    /// The disk.
    pub disk: &'s Disk,
    /// What is there.
    pub found: &'s Found,
}

impl Survey {
    /// Looks at the disks that `operands` name as paths of images or of disks that are not looked at otherwise; else at
    /// all of the machine's. Says what there is to say of it.
    ///
    /// # Errors
    ///
    /// There are no disks at all.
    pub fn take(ctx: &mut Ctx<'_, '_>) -> Result<Self, Failure> {
        let options = ctx.options;
        Self::of(ctx, &options.operands)
    }

    /// Likewise with `operands` in the place of the command line's.
    ///
    /// # Errors
    ///
    /// There are no disks at all.
    pub fn of(ctx: &mut Ctx<'_, '_>, operands: &[Vec<u8>]) -> Result<Self, Failure> {
        let (mut disks, named) = disks(ctx, operands)?;
        number(ctx, &mut disks)?;
        let wanted = ctx.options.formats_wanted()?;
        let mut readings = read_all(&disks, &wanted);
        for reading in readings.iter().flatten() {
            ctx.voice.tell(&reading.log);
        }
        let out = sets::by_newest(&mut looked(&disks, &mut readings));
        Ok(Self { disks, readings, named, out })
    }

    /// All that was found, disk by disk.
    pub fn finds(&self) -> impl Iterator<Item = Find<'_>> {
        let disks = self.disks.iter().zip(&self.readings).enumerate();
        disks.flat_map(|(nth, (disk, readings))| {
            let found = readings.iter().filter_map(|reading| reading.found.as_ref());
            found.map(move |found| Find { nth, disk, found })
        })
    }

    /// Whether `path` is that of a disk that was named.
    pub fn has_disk(&self, path: &[u8]) -> bool {
        self.named && self.disks.iter().any(|disk| disk.path == path)
    }

    /// Closes the disks, of which nothing more is to be read: among those that are looked at are mapped devices, which
    /// cannot be taken away while anybody has them open.
    pub fn close(&mut self) {
        for disk in &mut self.disks {
            disk.source = Box::new(Closed);
        }
    }

    /// The sets that the disks make, checked.
    pub fn sets(&self, voice: &mut Voice<'_>) -> Vec<RaidSet> {
        let mut log = self.out.clone();
        let mut sets = self.grouped(&mut log);
        sets::check(&mut sets, &mut log);
        voice.tell(&log);
        sets
    }

    /// The sets of which that check says that they are of no use.
    pub fn dropped(&self) -> Vec<RaidSet> {
        let mut log = Log::default();
        sets::check(&mut self.grouped(&mut log), &mut log)
    }

    /// All sets, without a check, and without a word.
    pub fn all_sets(&self) -> Vec<RaidSet> {
        self.grouped(&mut Log::default())
    }

    fn grouped(&self, log: &mut Log) -> Vec<RaidSet> {
        let all = self.finds().map(|find| {
            let Find { nth, disk, found } = find;
            OnDisk { disk: nth, path: &disk.path, found }
        });
        sets::group(all, log)
    }
}

/// A disk that has been closed: nothing can be read of it.
#[derive(Debug)]
struct Closed;

impl ReadAt for Closed {
    fn size(&self) -> Bytes {
        Bytes::ZERO
    }

    fn read_at(&self, at: Bytes, buf: &mut [u8]) -> Result<(), ReadError> {
        <[u8]>::read_at(&[], at, buf)
    }
}

/// The disks to be looked at, and whether they were named.
fn disks(ctx: &mut Ctx<'_, '_>, operands: &[Vec<u8>]) -> Result<(Vec<Disk>, bool), Failure> {
    let mut log = Log::default();
    let mut disks = ctx.host.disks(&mut log);
    ctx.voice.tell(&log);
    let is_listed = |path: &[u8]| disks.iter().any(|disk| disk.path == path);
    let others = operands.iter().filter(|path| !is_listed(path) && !is_set_name(path));
    let others: Vec<Disk> = others.filter_map(|path| ctx.host.disk_at(path)).collect();
    if !others.is_empty() {
        disks.retain(|disk| operands.contains(&disk.path));
        disks.extend(others);
        let place = |disk: &Disk| operands.iter().position(|path| *path == disk.path);
        disks.sort_by_key(place);
        return Ok((disks, true));
    }
    if disks.is_empty() {
        ctx.voice.say(Level::Plain, &[b"no block devices found"]);
        return Err(Failure::silent());
    }
    Ok((disks, false))
}

/// Gives disks the serial numbers that are said to be theirs, and images those that can only be theirs.
fn number(ctx: &mut Ctx<'_, '_>, disks: &mut [Disk]) -> Result<(), Failure> {
    for text in &ctx.options.serials {
        let (path, serial) = serials::given(text)?;
        let Some(disk) = disks.iter_mut().find(|disk| disk.path == path) else {
            let text = [b"--serial: no disk \"", path, b"\" is looked at"].concat();
            return Err(error(&text));
        };
        disk.serial = Some(serial.to_vec());
    }
    if disks.iter().all(|disk| disk.serial.is_some() || disk.dev.is_some()) {
        return Ok(());
    }
    for (nth, inferred) in serials::infer(&known(disks)) {
        let Some(disk) = disks.get_mut(nth) else { continue };
        match inferred {
            Inferred::Is(serial) => {
                let why = b": its serial number can only be ";
                ctx.voice.note(&[&disk.path, why, &serial]);
                disk.serial = Some(serial);
            }
            Inferred::OneOf(fits) => {
                let fits = fits.join(&b", "[..]);
                let how = [b"; --serial ", &disk.path[..], b"=SERIAL says which"].concat();
                ctx.voice.note(&[&disk.path, b": its serial number may be one of ", &fits, &how]);
            }
            Inferred::None => {
                let why = b": its metadata name no disk of its length";
                ctx.voice.note(&[&disk.path, why]);
            }
        }
    }
    Ok(())
}

/// What is known of disks, images without serial numbers among them.
fn known(disks: &[Disk]) -> Vec<Known> {
    at_once(disks, |disk| {
        let is_image = disk.dev.is_none();
        let named = if is_image { raid::named_on(&disk.as_format_disk()) } else { Vec::new() };
        let named = named.into_iter().map(|named| (named.serial, named.len)).collect();
        Known { path: disk.path.clone(), serial: disk.serial.clone(), len: disk.sectors(), named }
    })
}

/// Whether this is the name of a set, whatever file there is that is called so.
fn is_set_name(operand: &[u8]) -> bool {
    let begins = |format: &&FormatType| {
        let rest = operand.strip_prefix(format.name.as_bytes());
        rest.is_some_and(|rest| rest.starts_with(b"_"))
    };
    !operand.contains(&b'/') && (operand.starts_with(b".") || raid::FORMATS.iter().any(begins))
}

/// All that was read, and of which disk.
fn looked<'s>(disks: &'s [Disk], readings: &'s mut [Vec<Reading>]) -> Vec<Looked<'s>> {
    let all = disks.iter().zip(readings);
    let of_disk = |(disk, readings): (&'s Disk, &'s mut Vec<Reading>)| {
        let Disk { path, serial, .. } = disk;
        readings.iter_mut().map(move |reading| Looked {
            path,
            serial: serial.as_deref(),
            len: disk.sectors(),
            reading,
        })
    };
    all.flat_map(of_disk).collect()
}

/// What is on each disk.
fn read_all(disks: &[Disk], wanted: &[Vec<&'static FormatType>]) -> Vec<Vec<Reading>> {
    at_once(disks, |disk| {
        let disk = disk.as_format_disk();
        wanted.iter().map(|formats| raid::read(&disk, formats)).collect()
    })
}
