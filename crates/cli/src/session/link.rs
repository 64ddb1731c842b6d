//! The way to device-mapper, gone as late and as seldom as can be.
//!
//! Nothing is opened before the first command; the engine is started only for a command that it alone can
//! answer. Until then [`Empty`] answers, as the engine would.

use std::cell::{OnceCell, RefCell};
use std::fmt;

use dm_core::backend::Backend;
use dm_core::errno::Errno;
use dm_core::packet::{Cmd, Packet};

use super::empty::{Empty, needs_engine};

/// Who answers device-mapper's commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The kernel: its devices are `dm-N` in sysfs.
    Kernel,
    /// Our engine: its devices are what it says they are.
    Engine,
}

/// Device-mapper, open.
pub struct Opened {
    /// Carries the commands.
    pub backend: Box<dyn Backend>,
    /// Who is behind it.
    pub who: Who,
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("who", &self.who).finish_non_exhaustive()
    }
}

/// Whether an engine that does not run is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It is: the command cannot be answered without.
    Yes,
    /// It is not, unless it has devices to bring back.
    No,
}

/// Why nobody answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NobodyAnswers {
    /// What is missing, in one line.
    pub line: Vec<u8>,
    /// Who was asked; of the kernel the original has more to say.
    pub who: Who,
    /// Whether this is root, to whom it has one line more to say.
    pub is_root: bool,
}

/// Finds whoever answers.
pub trait Opener {
    /// Opens device-mapper; `None` when it is the engine's to answer, which does not run and is not to be
    /// started.
    ///
    /// # Errors
    ///
    /// [`NobodyAnswers`].
    fn open(&self, start: Start) -> Result<Option<Opened>, NobodyAnswers>;
}

/// A way that is opened when it is first needed.
pub struct Link<'a> {
    opener: &'a dyn Opener,
    opened: OnceCell<Opened>,
    /// Set once it is known that the engine would answer, but does not run.
    idle: OnceCell<()>,
    /// Why the engine could not be started in the midst of a command.
    trouble: RefCell<Option<NobodyAnswers>>,
}

impl fmt::Debug for Link<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("opened", &self.opened).finish_non_exhaustive()
    }
}

impl<'a> Link<'a> {
    /// A way that `opener` will open.
    pub fn new(opener: &'a dyn Opener) -> Self {
        Self { opener, opened: OnceCell::new(), idle: OnceCell::new(), trouble: RefCell::new(None) }
    }

    /// Finds whoever answers, but starts nobody.
    ///
    /// # Errors
    ///
    /// [`NobodyAnswers`].
    pub fn open(&self) -> Result<(), NobodyAnswers> {
        if self.opened.get().is_some() || self.idle.get().is_some() {
            return Ok(());
        }
        match self.opener.open(Start::No)? {
            Some(opened) => drop(self.opened.set(opened)),
            None => drop(self.idle.set(())),
        }
        Ok(())
    }

    /// Who answers; the engine as long as nobody does.
    pub fn who(&self) -> Who {
        self.opened.get().map_or(Who::Engine, |opened| opened.who)
    }

    /// Whether somebody answers, rather than nobody being there to have devices.
    pub fn is_open(&self) -> bool {
        self.opened.get().is_some()
    }

    /// Why the last command could not be carried at all, told once.
    pub fn take_trouble(&self) -> Option<NobodyAnswers> {
        self.trouble.take()
    }

    fn start(&self) -> Result<(), NobodyAnswers> {
        if let Some(opened) = self.opener.open(Start::Yes)? {
            drop(self.opened.set(opened));
        }
        Ok(())
    }
}

impl Backend for Link<'_> {
    fn exchange(&self, cmd: Cmd, packet: &mut Packet) -> Result<(), Errno> {
        let mut way = self.open();
        if way.is_ok() && self.opened.get().is_none() && needs_engine(cmd) {
            way = self.start();
        }
        if let Err(nobody) = way {
            self.trouble.replace(Some(nobody));
            return Err(Errno::ENODEV);
        }
        match self.opened.get() {
            Some(opened) => opened.backend.exchange(cmd, packet),
            None => Empty.exchange(cmd, packet),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dm_core::dm::{Dm, Request};

    struct Asked(RefCell<Vec<Start>>);

    impl Opener for Asked {
        fn open(&self, start: Start) -> Result<Option<Opened>, NobodyAnswers> {
            self.0.borrow_mut().push(start);
            let backend: Box<dyn Backend> = Box::new(Empty);
            Ok((start == Start::Yes).then_some(Opened { backend, who: Who::Engine }))
        }
    }

    #[test]
    fn the_engine_is_started_by_the_command_that_needs_it() {
        let opener = Asked(RefCell::default());
        let link = Link::new(&opener);
        let dm = Dm::new(&link);
        assert_eq!(dm.list().unwrap(), []);
        assert_eq!(dm.version().unwrap(), [4, 48, 0]);
        assert!(!link.is_open());
        drop(dm.call(&Request::new(Cmd::DevCreate).named(b"a")));
        assert!(link.is_open());
        assert_eq!(*opener.0.borrow(), [Start::No, Start::Yes]);
    }
}
