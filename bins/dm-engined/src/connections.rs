//! The socket's clients: a thread each, so that one who waits holds nobody else up.
//!
//! A client that was killed may have asked for something just before. Whoever connects after that finds it done: a
//! connection's first command waits for those before it that nobody is left of.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

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

/// How long what the dead have asked for may hold up who comes next.
const DEAD_LIMIT: Duration = Duration::from_secs(5);

/// What all connections share.
#[derive(Debug)]
pub struct Connections {
    engine: Arc<Engine>,
    uid: u32,
    open: AtomicUsize,
    /// How many there have ever been.
    seen: AtomicU64,
    /// Those that are served, by the order in which they came.
    served: Mutex<BTreeMap<u64, Arc<UnixStream>>>,
    /// One of them has ended.
    ended: Condvar,
    closed: AtomicBool,
    /// Where commands pass.
    pub turnstile: Turnstile,
}

/// A connection that counts, and its place in the order; dropped when it is closed.
struct Counted<'a>(&'a Connections, u64);

impl Connections {
    /// None yet; they will talk to `engine`, for the user `uid`.
    pub fn new(engine: Arc<Engine>, uid: u32) -> Arc<Self> {
        Arc::new(Self {
            engine,
            uid,
            open: AtomicUsize::new(0),
            seen: AtomicU64::new(0),
            served: Mutex::default(),
            ended: Condvar::new(),
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
        let nth = self.seen.fetch_add(1, Ordering::AcqRel);
        if self.open.fetch_add(1, Ordering::AcqRel) >= CONNECTIONS_MAX {
            self.open.fetch_sub(1, Ordering::AcqRel);
            warn!("more than {CONNECTIONS_MAX} connections");
            return;
        }
        let this = Arc::clone(self);
        let stream = Arc::new(stream);
        self.served().insert(nth, Arc::clone(&stream));
        let spawned = thread::Builder::new().name("connection".into()).spawn(move || {
            let _counted = Counted(&this, nth);
            if let Err(error) = this.serve(&stream, nth) {
                debug!(%error, "a connection ended");
            }
        });
        if let Err(error) = spawned {
            drop(Counted(self, nth));
            warn!(%error, "a connection has no thread");
        }
    }

    fn served(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<UnixStream>>> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until all is done that was asked for before the `nth` connection by who is gone now.
    fn bury_the_dead(&self, nth: u64) {
        let deadline = Instant::now() + DEAD_LIMIT;
        let mut served = self.served();
        let gone = |(nth, stream): (&u64, &Arc<UnixStream>)| has_gone(stream).then_some(*nth);
        let dead: Vec<u64> = served.range(..nth).filter_map(gone).collect();
        while dead.iter().any(|nth| served.contains_key(nth)) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let waited = self.ended.wait_timeout(served, left);
            served = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn serve(&self, stream: &UnixStream, nth: u64) -> io::Result<()> {
        let peer = socket::peer_uid(stream)?;
        if peer != 0 && peer != self.uid {
            warn!(uid = peer, "another user's connection refused");
            return refuse(stream);
        }
        self.bury_the_dead(nth);
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
        // Who has waited for a daemon that left meanwhile is not answered: the answer would say that it is there.
        if self.closed.load(Ordering::Acquire) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
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
        self.0.served().remove(&self.1);
        self.0.ended.notify_all();
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
