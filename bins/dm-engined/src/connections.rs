//! The socket's clients: a thread each, so that one who waits holds nobody else up.

use std::io::{self, Read as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use dm_core::errno::Errno;
use dm_core::packet::{Cmd, HEADER_SIZE, Packet};
use dm_engine::engine::{Client, Engine};
use dm_sys::socket;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tracing::{debug, warn};

use crate::turnstile::Turnstile;

/// The most connections at a time; more are closed at once.
const CONNECTIONS_MAX: usize = 1024;

/// How long to wait when no connection can be taken, for want of descriptors say.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How long a stranger has for the head of a request.
const REFUSAL_LIMIT: Duration = Duration::from_secs(1);

/// What all connections share.
#[derive(Debug)]
pub struct Connections {
    engine: Arc<Engine>,
    uid: u32,
    open: AtomicUsize,
    /// How many there have ever been.
    seen: AtomicU64,
    closed: AtomicBool,
    /// Where commands pass.
    pub turnstile: Turnstile,
}

/// A connection that counts; dropped when it is closed.
struct Counted<'a>(&'a Connections);

impl Connections {
    /// None yet; they will talk to `engine`, for the user `uid`.
    pub fn new(engine: Arc<Engine>, uid: u32) -> Arc<Self> {
        Arc::new(Self {
            engine,
            uid,
            open: AtomicUsize::new(0),
            seen: AtomicU64::new(0),
            closed: AtomicBool::new(false),
            turnstile: Turnstile::default(),
        })
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// How many there have ever been.
    pub fn seen(&self) -> u64 {
        self.seen.load(Ordering::Acquire)
    }

    /// Takes no more: who comes now is to start another daemon.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Takes connections from `listener`, on a thread of its own.
    ///
    /// # Errors
    ///
    /// What starting the thread says.
    pub fn listen(self: &Arc<Self>, listener: UnixListener) -> io::Result<()> {
        let this = Arc::clone(self);
        thread::Builder::new().name("accept".into()).spawn(move || this.accept(&listener))?;
        Ok(())
    }

    fn accept(self: &Arc<Self>, listener: &UnixListener) {
        for stream in listener.incoming() {
            if self.closed.load(Ordering::Acquire) {
                return;
            }
            match stream {
                Ok(stream) => self.take(stream),
                Err(error) => {
                    warn!(%error, "no connection taken");
                    thread::sleep(ACCEPT_PAUSE);
                }
            }
        }
    }

    fn take(self: &Arc<Self>, stream: UnixStream) {
        self.seen.fetch_add(1, Ordering::AcqRel);
        if self.open.fetch_add(1, Ordering::AcqRel) >= CONNECTIONS_MAX {
            self.open.fetch_sub(1, Ordering::AcqRel);
            warn!("more than {CONNECTIONS_MAX} connections");
            return;
        }
        let this = Arc::clone(self);
        let spawned = thread::Builder::new().name("connection".into()).spawn(move || {
            let _counted = Counted(&this);
            if let Err(error) = this.serve(&stream) {
                debug!(%error, "a connection ended");
            }
        });
        if let Err(error) = spawned {
            self.open.fetch_sub(1, Ordering::AcqRel);
            warn!(%error, "a connection has no thread");
        }
    }

    fn serve(&self, stream: &UnixStream) -> io::Result<()> {
        let peer = socket::peer_uid(stream)?;
        if peer != 0 && peer != self.uid {
            warn!(uid = peer, "another user's connection refused");
            return refuse(stream);
        }
        let armed = AtomicU64::new(0);
        while let Some((number, packet)) = socket::read_request(&mut &*stream)? {
            self.answer(stream, number, packet, &armed)?;
        }
        Ok(())
    }

    fn answer(
        &self,
        stream: &UnixStream,
        number: u32,
        mut packet: Packet,
        armed: &AtomicU64,
    ) -> io::Result<()> {
        let client = Client { interrupted: &|| has_gone(stream), armed };
        // Who waits for an event may wait for ever, and changes nothing.
        let waits = number == Cmd::DevWait.number();
        let inside = (!waits).then(|| self.turnstile.enter());
        let result = self.engine.exchange_from(number, &mut packet, &client);
        drop(inside);
        socket::write_reply(&mut &*stream, result.err(), &packet)
    }
}

/// Answers a stranger's first request as the kernel answers who may not ask: no more of it is read than its
/// head, and not for long.
fn refuse(mut stream: &UnixStream) -> io::Result<()> {
    stream.set_read_timeout(Some(REFUSAL_LIMIT))?;
    let mut head = [0; socket::HEAD];
    stream.read_exact(&mut head)?;
    socket::write_reply(&mut stream, Some(Errno::EACCES), &Packet::new(HEADER_SIZE))
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
        self.0.engine.call_for_upkeep();
    }
}

/// Whether the client has hung up: that is always told, whatever is asked for.
fn has_gone(stream: &UnixStream) -> bool {
    let mut fds = [PollFd::new(stream.as_fd(), PollFlags::empty())];
    let gone = PollFlags::POLLHUP | PollFlags::POLLERR;
    poll(&mut fds, PollTimeout::ZERO).is_ok_and(|count| count > 0)
        && fds.iter().any(|fd| fd.revents().is_some_and(|events| events.intersects(gone)))
}
