//! The least that can be started as dm-engined: it answers every request with the request's own packet, its
//! process number as the event number. The tests of starting a daemon start it.
//!
//! `echo_daemon serve --frontend <word>`: `file` serves until the last client has gone; `slow` does so, but
//! only half a second after it has the lock; `broken` says that it cannot; `mute` ends without a word.

use std::error::Error;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dm_sys::daemon::{ListenError, Lock, Report, report};
use dm_sys::paths::Places;
use dm_sys::socket::{read_request, write_reply};

/// How long it stays without a client.
const IDLE: Duration = Duration::from_millis(300);

/// How many clients are connected.
static CLIENTS: AtomicUsize = AtomicUsize::new(0);

fn main() -> Result<(), Box<dyn Error>> {
    let front_end = std::env::args().next_back().unwrap_or_default();
    if front_end == "mute" {
        return Ok(());
    }
    if front_end == "broken" {
        return Ok(report(Report::Failed("the front end is broken"))?);
    }
    let lock = match Lock::take(&Places::here()) {
        Ok(lock) => lock,
        Err(ListenError::Running) => return Ok(report(Report::Running)?),
        Err(error) => return Ok(report(Report::Failed(&error.to_string()))?),
    };
    if front_end == "slow" {
        thread::sleep(Duration::from_millis(500));
    }
    let listener = lock.listen()?;
    report(Report::Ready)?;
    serve(&listener)?;
    Ok(())
}

fn serve(listener: &UnixListener) -> Result<(), Box<dyn Error>> {
    listener.set_nonblocking(true)?;
    let mut idle_since = Instant::now();
    while idle_since.elapsed() < IDLE {
        if let Ok((stream, _)) = listener.accept() {
            stream.set_nonblocking(false)?;
            CLIENTS.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || answer(stream));
        }
        if CLIENTS.load(Ordering::SeqCst) > 0 {
            idle_since = Instant::now();
        }
        thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

fn answer(mut stream: UnixStream) {
    while let Ok(Some((_, mut packet))) = read_request(&mut stream) {
        packet.header_mut().event_nr.set(std::process::id());
        if write_reply(&mut stream, None, &packet).is_err() {
            break;
        }
    }
    CLIENTS.fetch_sub(1, Ordering::SeqCst);
}
