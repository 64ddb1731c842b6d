//! A clock, chance and an executor without a ring.

use std::future::{Future, poll_fn};
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_engine::io::request::{BufMut, Cx, Io, IoFuture, Now, Op};
use dm_engine::ring::FileIo;

/// How long a future may wait for another thread before the test is given up.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a queue lends its requests, without a queue: the clock moves only when every future waits, and
/// then to the moment when the first goes on.
#[derive(Debug)]
pub struct SimCx {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    now: Duration,
    sleepers: Vec<(Duration, Waker)>,
    random: u64,
}

impl SimCx {
    /// A clock at zero, and chance that is the same for the same `seed`.
    pub fn new(seed: u64) -> Self {
        let state = State { now: Duration::ZERO, sleepers: Vec::new(), random: seed };
        Self { state: Mutex::new(state) }
    }

    /// Runs `future` to its end.
    ///
    /// # Panics
    ///
    /// When it waits for something that does not come: no sleep is under way, and no other thread wakes it
    /// within ten seconds.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let signal = Arc::new(Signal { woken: AtomicBool::new(false), thread: thread::current() });
        let waker = Waker::from(Arc::clone(&signal));
        let mut future = std::pin::pin!(future);
        loop {
            signal.woken.store(false, Ordering::Release);
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return value;
            }
            if !signal.woken.load(Ordering::Acquire) && !self.advance() {
                signal.wait();
            }
        }
    }

    /// Runs all of `futures` to their ends, side by side in an order of chance; the answers are in the order
    /// of the futures.
    pub fn run_all<'a, T: 'a>(
        &self,
        futures: Vec<Pin<Box<dyn Future<Output = T> + 'a>>>,
    ) -> Vec<T> {
        let mut answers: Vec<Option<T>> = futures.iter().map(|_| None).collect();
        let mut waiting: Vec<_> = futures.into_iter().enumerate().collect();
        self.block_on(poll_fn(|cx| {
            self.shuffle(&mut waiting);
            waiting.retain_mut(|(number, future)| match future.as_mut().poll(cx) {
                Poll::Ready(value) => {
                    answers[*number] = Some(value);
                    false
                }
                Poll::Pending => true,
            });
            if waiting.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        }));
        answers.into_iter().flatten().collect()
    }

    fn shuffle<T>(&self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.random() % (last as u64 + 1);
            items.swap(last, usize::try_from(other).unwrap_or(last));
        }
    }

    /// Moves the clock to the end of the shortest sleep, and wakes who slept so long; false when nobody does.
    fn advance(&self) -> bool {
        let mut state = self.state();
        let Some(now) = state.sleepers.iter().map(|(until, _)| *until).min() else { return false };
        state.now = state.now.max(now);
        let now = state.now;
        let awake: Vec<_> = state.sleepers.extract_if(.., |(until, _)| *until <= now).collect();
        drop(state);
        for (_, waker) in awake {
            waker.wake();
        }
        true
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a future that sleeps for nothing and needs no [`Cx`].
///
/// # Panics
///
/// As [`SimCx::block_on`] does.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    SimCx::new(0).block_on(future)
}

impl Cx for SimCx {
    fn now(&self) -> Now {
        self.state().now
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        let until = self.now().saturating_add(time);
        Box::pin(poll_fn(move |cx| {
            let mut state = self.state();
            if state.now >= until {
                return Poll::Ready(());
            }
            state.sleepers.push((until, cx.waker().clone()));
            Poll::Pending
        }))
    }

    /// The next number of a sequence that depends on the seed alone.
    ///
    /// # Source
    ///
    /// `SplitMix64`: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
    fn random(&self) -> u64 {
        let mut state = self.state();
        state.random = state.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let n = state.random;
        let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        n ^ (n >> 31)
    }

    fn file_io<'a>(&'a self, io: FileIo<'a>) -> IoFuture<'a> {
        Box::pin(async move {
            let FileIo { file, mut io } = io;
            let result = file_io(file, &mut io);
            io.done(result.map_err(|error| Errno::new(error.raw_os_error().unwrap_or(5))))
        })
    }
}

/// By plain system calls. A discard leaves zeros.
fn file_io(file: &std::fs::File, io: &mut Io) -> std::io::Result<()> {
    let at = io.sector.to_bytes().ok_or(std::io::ErrorKind::InvalidInput)?.get();
    match &mut io.op {
        Op::Read(buf) => file.read_exact_at(buf, at),
        Op::Write(buf) => file.write_all_at(buf, at),
        Op::Flush => file.sync_data(),
        Op::Discard(len) | Op::WriteZeroes(len) => {
            let zeros = BufMut::zeroed(512);
            (0..len.get()).try_for_each(|n| file.write_all_at(&zeros, at + n * 512))
        }
    }
}

/// Whether a future wants to be polled again.
#[derive(Debug)]
struct Signal {
    woken: AtomicBool,
    thread: Thread,
}

impl Signal {
    fn wait(&self) {
        let end = Instant::now() + PATIENCE;
        while !self.woken.load(Ordering::Acquire) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "a future waits for something that does not come");
            thread::park_timeout(left);
        }
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_to_the_end_of_the_shortest_sleep() {
        let cx = SimCx::new(1);
        let (mut order, ms) = (Mutex::new(Vec::new()), Duration::from_millis);
        let sleeper = |time| {
            let (cx, order) = (&cx, &order);
            Box::pin(async move {
                cx.sleep(ms(time)).await;
                order.lock().unwrap().push((time, cx.now()));
            }) as Pin<Box<dyn Future<Output = ()>>>
        };
        cx.run_all(vec![sleeper(30), sleeper(10), sleeper(20)]);
        assert_eq!(*order.get_mut().unwrap(), [(10, ms(10)), (20, ms(20)), (30, ms(30))]);
    }

    #[test]
    fn chance_repeats() {
        let numbers = |seed| (0..4).map(|_| SimCx::new(seed).random()).collect::<Vec<_>>();
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
    }

    #[test]
    fn another_thread_may_wake_a_future() {
        let (sender, receiver) = std::sync::mpsc::channel::<Waker>();
        let done = Arc::new(AtomicBool::new(false));
        let other = {
            let done = Arc::clone(&done);
            thread::spawn(move || {
                let waker = receiver.recv().unwrap();
                done.store(true, Ordering::Release);
                waker.wake();
            })
        };
        block_on(poll_fn(|cx| {
            if done.load(Ordering::Acquire) {
                return Poll::Ready(());
            }
            sender.send(cx.waker().clone()).ok();
            Poll::Pending
        }));
        other.join().unwrap();
    }
}
