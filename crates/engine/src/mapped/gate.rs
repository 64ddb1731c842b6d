//! Who may pass to a mapped device's table: all while the gate is open, none while it is shut; those who
//! come then are held, and go on in their order when it opens.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use crate::build::LiveTable;
use crate::io::request::{Device, IoFlags};
use crate::limits::Limits;
use crate::target::Parallel;

/// How long a suspend waits before it asks again whether it is wanted.
const PATIENCE: Duration = Duration::from_millis(20);

/// A live table, and what every request asks of it.
pub(super) struct Live {
    pub(super) table: Arc<LiveTable>,
    pub(super) size: Sectors,
    pub(super) limits: Limits,
    /// Requests to one of its targets share state.
    pub(super) one_queue: bool,
    /// The mapped devices that it stands on.
    pub(super) lower: Vec<Arc<dyn Device>>,
}

impl Live {
    fn new(table: Arc<LiveTable>) -> Self {
        let shares = |parallel| parallel == Parallel::OneQueue;
        let mapped = |device: &&Arc<dyn Device>| device.as_mapped().is_some();
        Self {
            size: table.size(),
            limits: table.limits(),
            one_queue: table.placed().iter().any(|placed| shares(placed.kind.parallel)),
            lower: table.devices().iter().filter(mapped).cloned().collect(),
            table,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Open,
    Shut,
    /// Never to open again: whoever comes is turned away.
    Condemned,
}

struct State {
    door: Door,
    live: Option<Arc<Live>>,
    /// Passes given out.
    inside: usize,
    held: VecDeque<Arc<Hold>>,
}

/// See the module's page. Its lock is taken before a [`Hold`]'s.
pub(super) struct Gate {
    state: Mutex<State>,
    empty: Condvar,
}

/// A request that waits.
struct Hold(Mutex<Held>);

enum Held {
    Waiting(Option<Waker>),
    /// It may pass, and is counted already; or is turned away.
    Called(Result<Arc<Live>, Errno>),
    /// Its answer is taken, or it waits no more.
    Gone,
}

/// The right to be inside. Its table goes before it ends: when a suspend has waited for it, the device's own
/// handle on the table is the last, and whoever drops that closes the legs.
pub(super) struct Pass<'a> {
    pub(super) live: Arc<Live>,
    _inside: Inside<'a>,
}

struct Inside<'a>(&'a Gate);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("Gate")
            .field("door", &state.door)
            .field("inside", &state.inside)
            .field("held", &state.held.len())
            .finish_non_exhaustive()
    }
}

impl Gate {
    pub(super) fn new() -> Self {
        let state = State { door: Door::Open, live: None, inside: 0, held: VecDeque::new() };
        Self { state: Mutex::new(state), empty: Condvar::new() }
    }

    pub(super) fn live(&self) -> Option<Arc<Live>> {
        self.lock().live.clone()
    }

    pub(super) fn is_shut(&self) -> bool {
        self.lock().door == Door::Shut
    }

    /// Passes if it is open and there is a table; whoever does [leaves](Self::leave) later.
    pub(super) fn try_pass(&self) -> Option<Arc<Live>> {
        let mut state = self.lock();
        if state.door != Door::Open {
            return None;
        }
        let live = state.live.clone()?;
        state.inside += 1;
        Some(live)
    }

    /// Waits for leave to pass.
    ///
    /// # Errors
    ///
    /// `EIO` without a live table, for read-ahead while shut, and when condemned.
    pub(super) async fn pass(&self, flags: IoFlags) -> Result<Pass<'_>, Errno> {
        let hold = {
            let mut state = self.lock();
            let Some(live) = state.live.clone() else { return Err(Errno::EIO) };
            match state.door {
                Door::Open => {
                    state.inside += 1;
                    return Ok(Pass { live, _inside: Inside(self) });
                }
                Door::Condemned => return Err(Errno::EIO),
                Door::Shut if flags.contains(IoFlags::READAHEAD) => return Err(Errno::EIO),
                Door::Shut => {
                    let hold = Arc::new(Hold(Mutex::new(Held::Waiting(None))));
                    state.held.push_back(Arc::clone(&hold));
                    hold
                }
            }
        };
        let waiting = Waiting { gate: self, hold };
        let live = poll_fn(|context| waiting.poll(context)).await?;
        Ok(Pass { live, _inside: Inside(self) })
    }

    /// Shuts it: whoever comes from now on is held. Whether it was open.
    pub(super) fn shut(&self) -> bool {
        let mut state = self.lock();
        let was_open = state.door == Door::Open;
        if was_open {
            state.door = Door::Shut;
        }
        was_open
    }

    /// Waits until nobody is inside.
    ///
    /// # Errors
    ///
    /// `EINTR` when `interrupted` says so.
    pub(super) fn drain(&self, interrupted: &dyn Fn() -> bool) -> Result<(), Errno> {
        let mut state = self.lock();
        while state.inside != 0 {
            let waited = self.empty.wait_timeout(state, PATIENCE);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            if state.inside == 0 {
                break;
            }
            // Asked without the lock: it may look at a socket.
            drop(state);
            if interrupted() {
                return Err(Errno::EINTR);
            }
            state = self.lock();
        }
        Ok(())
    }

    pub(super) fn swap(&self, table: Option<Arc<LiveTable>>) -> Option<Arc<Live>> {
        let live = table.map(Live::new).map(Arc::new);
        std::mem::replace(&mut self.lock().live, live)
    }

    /// Opens it; those held go first.
    pub(super) fn open(&self) {
        let mut state = self.lock();
        if state.door == Door::Shut {
            state.door = Door::Open;
        }
        call(state);
    }

    pub(super) fn condemn(&self) {
        let mut state = self.lock();
        state.door = Door::Condemned;
        call(state);
    }

    pub(super) fn leave(&self) {
        let mut state = self.lock();
        state.inside = state.inside.saturating_sub(1);
        if state.inside == 0 && state.door != Door::Open {
            self.empty.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Calls those who are held, in their order.
fn call(mut state: MutexGuard<'_, State>) {
    let answer = match (state.door, &state.live) {
        (Door::Open, Some(live)) => Ok(Arc::clone(live)),
        _ => Err(Errno::EIO),
    };
    let held = std::mem::take(&mut state.held);
    let mut wakers = Vec::with_capacity(held.len());
    for hold in held {
        let mut held = hold.lock();
        if let Held::Waiting(waker) = &mut *held {
            wakers.extend(waker.take());
            state.inside += usize::from(answer.is_ok());
            *held = Held::Called(answer.clone());
        }
    }
    drop(state);
    for waker in wakers {
        waker.wake();
    }
}

impl Hold {
    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait at the gate; dropped, it is over.
struct Waiting<'a> {
    gate: &'a Gate,
    hold: Arc<Hold>,
}

impl Waiting<'_> {
    fn poll(&self, context: &Context<'_>) -> Poll<Result<Arc<Live>, Errno>> {
        let mut held = self.hold.lock();
        match std::mem::replace(&mut *held, Held::Gone) {
            Held::Waiting(_) => {
                *held = Held::Waiting(Some(context.waker().clone()));
                Poll::Pending
            }
            Held::Called(answer) => Poll::Ready(answer),
            Held::Gone => Poll::Ready(Err(Errno::EIO)),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let held = std::mem::replace(&mut *self.hold.lock(), Held::Gone);
        match held {
            Held::Waiting(_) => self.gate.lock().held.retain(|hold| !Arc::ptr_eq(hold, &self.hold)),
            Held::Called(Ok(live)) => {
                drop(live);
                self.gate.leave();
            }
            Held::Called(Err(_)) | Held::Gone => {}
        }
    }
}
