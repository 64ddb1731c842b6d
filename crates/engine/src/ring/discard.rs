//! Discards of block devices by `ioctl(2)`, on a thread of their own: it may block as long as the device
//! likes, and kernels before 6.12 have no other way that does.

use std::fs::File;
use std::future::Future;
use std::io;
use std::os::fd::AsRawFd as _;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;

use dm_core::errno::Errno;
use dm_core::units::Sectors;

/// `_IO(0x12, 119)`: discards a range, two 64-bit words of bytes: start and length.
///
/// # Source
///
/// `include/uapi/linux/fs.h`.
const BLKDISCARD: libc::Ioctl = 0x1277;

/// The thread, started when it is first needed. It ends when this is dropped and its work is done.
#[derive(Debug, Default)]
pub(super) struct Discards {
    thread: Mutex<Option<Sender<Job>>>,
}

#[derive(Debug)]
struct Job {
    file: Arc<File>,
    range: [u64; 2],
    answer: Arc<Mutex<Answer>>,
}

#[derive(Debug)]
enum Answer {
    Awaited(Option<Waker>),
    Given(Result<(), Errno>),
}

/// A discard under way. It goes on when this is dropped.
#[derive(Debug)]
struct Discard(Arc<Mutex<Answer>>);

impl Discards {
    /// Discards `len` from `start` on.
    pub(super) fn discard(
        &self,
        file: &Arc<File>,
        start: Sectors,
        len: Sectors,
    ) -> impl Future<Output = Result<(), Errno>> + use<> {
        let answer = Arc::new(Mutex::new(Answer::Awaited(None)));
        match (start.to_bytes(), len.to_bytes()) {
            (Some(start), Some(len)) => {
                let range = [start.get(), len.get()];
                self.send(Job { file: Arc::clone(file), range, answer: Arc::clone(&answer) });
            }
            _ => give(&answer, Err(Errno::EINVAL)),
        }
        Discard(answer)
    }

    fn send(&self, job: Job) {
        let mut thread = lock(&self.thread);
        let job = match &*thread {
            Some(jobs) => match jobs.send(job) {
                Ok(()) => return,
                Err(lost) => lost.0,
            },
            None => job,
        };
        let (jobs, inbox) = channel();
        match thread::Builder::new().name("discard".into()).spawn(move || carry(&inbox)) {
            Ok(_) => {
                let _ = jobs.send(job);
                *thread = Some(jobs);
            }
            Err(error) => give(&job.answer, Err(errno(&error))),
        }
    }
}

fn carry(jobs: &Receiver<Job>) {
    while let Ok(job) = jobs.recv() {
        // SAFETY: BLKDISCARD reads two 64-bit words from the pointer, and keeps nothing of it.
        let result = unsafe { libc::ioctl(job.file.as_raw_fd(), BLKDISCARD, &raw const job.range) };
        let result = if result == 0 { Ok(()) } else { Err(errno(&io::Error::last_os_error())) };
        give(&job.answer, result);
    }
}

fn give(answer: &Mutex<Answer>, result: Result<(), Errno>) {
    let before = std::mem::replace(&mut *lock(answer), Answer::Given(result));
    if let Answer::Awaited(Some(waker)) = before {
        waker.wake();
    }
}

impl Future for Discard {
    type Output = Result<(), Errno>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut answer = lock(&self.0);
        match &*answer {
            Answer::Given(result) => Poll::Ready(*result),
            Answer::Awaited(_) => {
                *answer = Answer::Awaited(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}

fn errno(error: &io::Error) -> Errno {
    Errno::new(error.raw_os_error().unwrap_or(libc::EIO))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    struct Told(mpsc::Sender<()>);

    impl std::task::Wake for Told {
        fn wake(self: Arc<Self>) {
            let _ = self.0.send(());
        }
    }

    #[test]
    fn a_file_that_takes_no_discards_says_so_from_the_other_thread() {
        let discards = Discards::default();
        let file = Arc::new(File::open("/dev/null").unwrap());
        let mut discard = Box::pin(discards.discard(&file, Sectors::ZERO, Sectors::new(8)));
        let (told, hears) = mpsc::channel();
        let waker = Waker::from(Arc::new(Told(told)));
        let mut context = Context::from_waker(&waker);
        let result = loop {
            match discard.as_mut().poll(&mut context) {
                Poll::Ready(result) => break result,
                Poll::Pending => hears.recv().unwrap(),
            }
        };
        assert_eq!(result, Err(Errno::ENOTTY));
    }

    #[test]
    fn a_range_beyond_bytes_is_refused() {
        let discards = Discards::default();
        let file = Arc::new(File::open("/dev/null").unwrap());
        let mut discard = Box::pin(discards.discard(&file, Sectors::new(u64::MAX), Sectors::ZERO));
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(discard.as_mut().poll(&mut context), Poll::Ready(Err(Errno::EINVAL)));
    }
}
