//! What a table's words for devices mean: another device of this engine, or one of the host's.
//!
//! # Source
//!
//! `dm_get_device` in the kernel's `drivers/md/dm-table.c`, 6.12.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Arc;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::mangle;
use dm_core::name::DmName;
use dm_core::table::Line;
use tracing::warn;

use super::Engine;
use super::gone::Gone;
use super::host::Found;
use crate::build::{self, LiveTable, Mode};
use crate::device::{DmDevice, Hold, Slot};
use crate::io::claims::Claims;
use crate::io::request::Device;
use crate::state::Marks;
use crate::target::{Opener, Runner};

/// Where device-mapper's names lie, for whoever writes a table.
const MAPPER: &[u8] = b"/dev/mapper/";

/// Opens what the words of one table name.
#[derive(Debug)]
pub(super) struct TableOpener<'a> {
    engine: &'a Engine,
    upper: u32,
    mode: Mode,
    /// By the lower device's minor number.
    holds: BTreeMap<u32, Hold>,
    /// By word, and what they were opened for.
    opened: HashMap<(Vec<u8>, Mode), Arc<dyn Device>>,
    /// The marks of the host's devices, by their names.
    marks: Marks,
    /// What the marks were when the table was saved; for a table that comes back.
    expected: Option<&'a Marks>,
    is_back: bool,
    replaces_lost: bool,
    is_whole: bool,
}

impl<'a> TableOpener<'a> {
    /// For a table of the device with minor number `upper`.
    pub(super) fn new(engine: &'a Engine, upper: u32, mode: Mode) -> Self {
        let (holds, opened, marks) = (BTreeMap::new(), HashMap::new(), Marks::new());
        Self {
            engine,
            upper,
            mode,
            holds,
            opened,
            marks,
            expected: None,
            is_back: false,
            replaces_lost: false,
            is_whole: true,
        }
    }

    /// One for a table that comes back: a device that is not the one which had that name when the table was
    /// saved cannot be opened.
    pub(super) fn expecting(mut self, marks: &'a Marks) -> Self {
        self.expected = Some(marks);
        self
    }

    /// One for a table that was live in an earlier process.
    pub(super) fn bringing_back(mut self) -> Self {
        self.is_back = true;
        self
    }

    /// One that puts a device which answers with errors in the place of each that cannot be opened.
    pub(super) fn replacing_lost(mut self) -> Self {
        self.replaces_lost = true;
        self
    }

    /// Builds the table of `lines`; what the kernel would say of a mistake goes into the log.
    ///
    /// # Errors
    ///
    /// What the first line that cannot be built says.
    pub(super) fn build(mut self, lines: &[Line]) -> Result<Slot, Errno> {
        match build::build(lines, self.mode, &mut self) {
            Ok(table) => Ok(self.into_slot(table)),
            Err(error) => {
                let minor = self.upper;
                warn!(minor, line = error.line, why = error.why.text, "a table is refused");
                Err(error.why.errno)
            }
        }
    }

    /// `table`, built with this, for a slot.
    fn into_slot(self, table: LiveTable) -> Slot {
        let holds = self.holds.into_values().collect();
        let (table, marks) = (Arc::new(table), self.marks);
        Slot { table, lost: None, is_whole: self.is_whole, holds, marks }
    }

    fn open_own(&mut self, lower: &DmDevice) -> Result<Arc<dyn Device>, Errno> {
        let minor = lower.dev().minor;
        if !self.holds.contains_key(&minor) {
            self.holds.insert(minor, self.engine.hold(self.upper, lower)?);
        }
        Ok(Arc::clone(lower.mapped()) as Arc<dyn Device>)
    }

    /// A leg that is lost keeps its mark: it may yet come back.
    fn keep_mark(&mut self, word: &[u8]) {
        let name = String::from_utf8_lossy(word).into_owned();
        let mark = self.expected.and_then(|marks| marks.get(&name)).cloned();
        self.marks.extend(mark.map(|mark| (name, mark)));
    }

    fn open_host(&mut self, word: &[u8], mode: Mode) -> Result<Arc<dyn Device>, Errno> {
        let mark = self.engine.opener.mark(word);
        let text = String::from_utf8_lossy(word);
        let expected = self.expected.and_then(|marks| marks.get(&*text));
        if expected.is_some() && expected != mark.as_ref() {
            return Err(Errno::ENXIO);
        }
        let device = self.engine.opener.open(word, mode)?;
        self.marks.extend(mark.map(|mark| (device.name(), mark)));
        Ok(device)
    }

    fn open_new(&mut self, word: &[u8], mode: Mode) -> Result<Arc<dyn Device>, Errno> {
        let place = match number(word)? {
            Some(dev) => self.engine.place_of(dev)?,
            None => self.engine.place_at(word)?,
        };
        match place {
            Place::Own(lower) => self.open_own(&lower),
            Place::Host(word) => self.open_host(&word, mode),
        }
    }

    fn open_for(&mut self, word: &[u8], mode: Mode) -> Result<Arc<dyn Device>, Errno> {
        let key = (word.to_vec(), mode);
        if let Some(device) = self.opened.get(&key) {
            return Ok(Arc::clone(device));
        }
        let device = match self.open_new(word, mode) {
            Err(errno) if self.replaces_lost => {
                let minor = self.upper;
                self.is_whole = false;
                self.keep_mark(word);
                warn!(minor, leg = %word.escape_ascii(), %errno, "a leg is lost");
                Arc::new(Gone::new(word))
            }
            opened => opened?,
        };
        self.opened.insert(key, Arc::clone(&device));
        Ok(device)
    }
}

impl Opener for TableOpener<'_> {
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        self.open_for(word, self.mode)
    }

    /// A device of this engine is shared as it is: whoever opens it so writes nothing to it.
    fn open_to_read(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        self.open_for(word, Mode::ReadOnly)
    }

    fn runner(&self) -> Option<Arc<dyn Runner>> {
        self.engine.runner.clone()
    }

    fn claims(&self) -> Arc<Claims> {
        Arc::clone(&self.engine.claims)
    }

    fn is_back(&self) -> bool {
        self.is_back
    }

    fn remembers(&self) -> bool {
        self.engine.state.is_some()
    }
}

/// The device number that `word` is, if it has the form of one.
///
/// # Errors
///
/// `EOVERFLOW` for numbers that no device can have.
fn number(word: &[u8]) -> Result<Option<DevNo>, Errno> {
    let Ok(text) = str::from_utf8(word) else { return Ok(None) };
    if let Ok(dev) = text.parse() {
        return Ok(Some(dev));
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once(':') {
        Some((major, minor)) if digits(major) && digits(minor) => Err(Errno::EOVERFLOW),
        _ => Ok(None),
    }
}

/// Whose a device is.
enum Place {
    /// This engine's.
    Own(Arc<DmDevice>),
    /// The host's, which opens it by this word.
    Host(Vec<u8>),
}

impl Engine {
    fn place_of(&self, dev: DevNo) -> Result<Place, Errno> {
        match self.numbered(dev) {
            Some(own) => Ok(Place::Own(own)),
            None if dev.major == self.major => Err(Errno::ENXIO),
            None => Ok(Place::Host(dev.to_string().into_bytes())),
        }
    }

    fn place_at(&self, path: &[u8]) -> Result<Place, Errno> {
        let at = |node: &Path| self.served(|served| served.node.as_deref() == Some(node));
        if let Some(own) = at(Path::new(OsStr::from_bytes(path))) {
            return Ok(Place::Own(own));
        }
        match self.opener.find(path) {
            Ok(Found::Block(dev)) => self.place_of(dev),
            Ok(Found::File(file)) => Ok(match at(&file) {
                Some(own) => Place::Own(own),
                None => Place::Host(file.as_os_str().as_bytes().to_vec()),
            }),
            // No node, or not yet: the name still says which device is meant.
            Err(errno) => {
                let name = path.strip_prefix(MAPPER).map(mangle::decode);
                let name = name.and_then(|name| DmName::new(&name).ok());
                name.and_then(|name| self.named(&name)).map(Place::Own).ok_or(errno)
            }
        }
    }
}
