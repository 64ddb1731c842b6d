//! Waiting for udev: the cookies by which device-mapper's events are answered.
//!
//! ```text
//! cookie:  flags, 16 bits | base, 16 bits         semaphore's key:  0x0D4D | base
//! ```
//!
//! The semaphore begins at 1, the transaction's own share. Each command that sends a uevent adds one; udev's
//! rules take it away when they are done. The transaction gives up its own and waits for zero.
//!
//! # Source
//!
//! `dm_udev_create_cookie`, `_udev_wait` and kin in lvm2's `libdm/libdm-common.c`.

use std::fs;
use std::io;
use std::os::fd::AsRawFd as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use dm_core::errno::Errno;
use nix::errno::Errno as NixErrno;
use nix::sys::socket::{
    AddressFamily, SockFlag, SockType, UnixAddr, connect, getsockopt, socket, sockopt,
};

use crate::paths::Env;
use crate::raw::{self, SemId};

/// The upper half of every key.
///
/// # Source
///
/// `DM_COOKIE_MAGIC` in lvm2's `libdm/libdevmapper.h`.
pub const MAGIC: u32 = 0x0D4D;

/// How long udev may take. Its own limit for one event is 180 s, but an event of a mapped device takes
/// milliseconds, and whoever waits here with no udev at the other end (a container with semaphores of its own)
/// should be told while a person would still wait.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// udev's control socket.
///
/// # Source
///
/// `_check_udev_is_running` in lvm2's `libdm/libdm-common.c` looks for it.
const CONTROL: &str = "/run/udev/control";

/// The most that a semaphore's value can be.
///
/// # Source
///
/// `SEMVMX` in the kernel's `include/uapi/linux/sem.h`.
const VALUE_MAX: i32 = 32767;

/// What went wrong with a cookie.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CookieError {
    /// The upper half of a cookie that the user gave is not [`MAGIC`].
    #[error(
        "Could not continue to access notification semaphore identified by cookie value {0} (0x{0:x}). Incorrect cookie prefix."
    )]
    Prefix(u32),
    /// There is no such semaphore.
    #[error("Could not find notification semaphore identified by cookie value {0} (0x{0:x})")]
    Missing(u32),
    /// It belongs to somebody else.
    #[error(
        "No permission to access notificaton semaphore identified by cookie value {0} (0x{0:x})"
    )]
    Permission(u32),
    /// The system has no room for one more.
    #[error(
        "Limit for the maximum number of semaphores reached. You can check and set the limits in /proc/sys/kernel/sem."
    )]
    Limit,
    /// Nobody completed it in time. The semaphore is gone.
    #[error("udev did not complete cookie 0x{cookie:08x} within {} s", age.as_secs())]
    Expired {
        /// The semaphore's key.
        cookie: u32,
        /// How long the transaction had been open.
        age: Duration,
    },
    /// The system refused.
    #[error("cookie 0x{cookie:08x}: {call} failed")]
    System {
        /// The semaphore's key.
        cookie: u32,
        /// The call that failed.
        call: &'static str,
        /// What it said.
        #[source]
        errno: Errno,
    },
}

/// Whether udev can be waited for: it runs, semaphores work, and nobody has forbidden it.
pub fn answers(env: &Env) -> bool {
    !env.udev_disabled && raw::sem_available() && is_running() && shares_semaphores()
}

/// Whether udev has the semaphores that this process has. In a container it may have others, and would never
/// complete a cookie; where that cannot be told, it is taken to share them, for no wait is without a deadline.
fn shares_semaphores() -> bool {
    let namespace = |process: &str| fs::read_link(format!("/proc/{process}/ns/ipc")).ok();
    match control_peer() {
        Ok(pid) => match (namespace(&pid.to_string()), namespace("self")) {
            (Some(theirs), Some(ours)) => theirs == ours,
            _ => true,
        },
        // A socket that udev has left behind.
        Err(errno) => errno != NixErrno::ECONNREFUSED,
    }
}

/// The process that listens on udev's control socket: udev, or the service manager that starts it.
fn control_peer() -> nix::Result<i32> {
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let stream = socket(AddressFamily::Unix, SockType::SeqPacket, flags, None)?;
    connect(stream.as_raw_fd(), &UnixAddr::new(CONTROL)?)?;
    Ok(getsockopt(&stream, sockopt::PeerCredentials)?.pid())
}

/// Whether udev runs here.
pub fn is_running() -> bool {
    Path::new(CONTROL).exists()
}

/// A transaction: some commands whose events are waited for together.
///
/// One that was made here takes its semaphore with it when it is dropped, whatever failed in between.
#[derive(Debug)]
pub struct Transaction {
    key: u32,
    id: SemId,
    ownership: Ownership,
    begun: Instant,
}

/// Whose a semaphore is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ownership {
    /// Ours: removed on drop.
    Ours,
    /// The caller's, who waits.
    Callers,
}

impl Transaction {
    /// Begins one under a cookie that nobody has.
    ///
    /// # Errors
    ///
    /// [`CookieError`].
    pub fn create() -> Result<Self, CookieError> {
        loop {
            let key = MAGIC << 16 | u32::from(random_base());
            let flags = libc::IPC_CREAT | libc::IPC_EXCL | 0o600;
            match raw::semget(key, flags) {
                Err(Errno::EEXIST) => {}
                Err(errno) => return Err(semget_error(key, errno)),
                Ok(id) => {
                    let begun = Instant::now();
                    let transaction = Self { key, id, ownership: Ownership::Ours, begun };
                    raw::sem_set(id, 1).map_err(|errno| transaction.fail("semctl", errno))?;
                    return Ok(transaction);
                }
            }
        }
    }

    /// Joins the transaction of a cookie that the caller holds; it is not waited for, and stays.
    ///
    /// # Errors
    ///
    /// [`CookieError::Prefix`], [`CookieError::Missing`] and the rest.
    pub fn join(cookie: u32) -> Result<Self, CookieError> {
        if cookie >> 16 != MAGIC {
            return Err(CookieError::Prefix(cookie));
        }
        let id = raw::semget(cookie, 0).map_err(|errno| semget_error(cookie, errno))?;
        Ok(Self { key: cookie, id, ownership: Ownership::Callers, begun: Instant::now() })
    }

    /// The semaphore's key, which is the cookie as the user sees it.
    pub fn cookie(&self) -> u32 {
        self.key
    }

    /// The cookie's low half, which goes into a request's `event_nr` below the flags.
    pub fn base(&self) -> u32 {
        self.key & 0xffff
    }

    /// The semaphore's value: how many shares are open.
    ///
    /// # Errors
    ///
    /// [`CookieError`].
    pub fn value(&self) -> Result<i32, CookieError> {
        raw::sem_value(self.id).map_err(|errno| self.fail("semctl", errno))
    }

    /// Opens a share, before a command that may send a uevent.
    ///
    /// # Errors
    ///
    /// [`CookieError`].
    pub fn inc(&self) -> Result<(), CookieError> {
        if self.value()? >= VALUE_MAX {
            return Err(self.fail("semop", Errno::ERANGE));
        }
        raw::semop(self.id, 1).map_err(|errno| self.fail("semop", errno))
    }

    /// Closes a share in udev's place, after a command that sent none.
    ///
    /// # Errors
    ///
    /// [`CookieError`].
    pub fn dec(&self) -> Result<(), CookieError> {
        raw::semop(self.id, -1).map_err(|errno| self.fail("semop", errno))
    }

    /// Closes the transaction's own share and waits until udev has closed the others; the semaphore is
    /// removed. A transaction that was joined is left to its owner.
    ///
    /// # Errors
    ///
    /// [`CookieError::Expired`] after `limit`.
    pub fn wait(self, limit: Duration) -> Result<(), CookieError> {
        if self.ownership == Ownership::Callers {
            return Ok(());
        }
        self.wait_for_zero(limit)
    }

    /// The same for a cookie that was made by another process and is released here.
    ///
    /// # Errors
    ///
    /// As [`Transaction::wait`].
    pub fn release(mut self, limit: Duration) -> Result<(), CookieError> {
        self.ownership = Ownership::Ours;
        self.wait_for_zero(limit)
    }

    /// Leaves the semaphore to whoever is told the cookie.
    pub fn leave(mut self) -> u32 {
        self.ownership = Ownership::Callers;
        self.key
    }

    fn wait_for_zero(&self, limit: Duration) -> Result<(), CookieError> {
        match raw::semop(self.id, -1) {
            // It is at zero already: somebody closed one share too many.
            Ok(()) | Err(Errno::EAGAIN) => {}
            Err(errno) => return Err(self.fail("semop", errno)),
        }
        let deadline = Instant::now() + limit;
        let mut pause = Duration::from_micros(100);
        loop {
            match raw::semop(self.id, 0) {
                // Or removed by somebody else: there is nothing left to wait for.
                Ok(()) | Err(Errno::EIDRM | Errno::EINVAL) => return Ok(()),
                Err(Errno::EAGAIN | Errno::EINTR) => {}
                Err(errno) => return Err(self.fail("semop", errno)),
            }
            if Instant::now() >= deadline {
                return Err(CookieError::Expired { cookie: self.key, age: self.begun.elapsed() });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(5));
        }
    }

    fn fail(&self, call: &'static str, errno: Errno) -> CookieError {
        CookieError::System { cookie: self.key, call, errno }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.ownership == Ownership::Ours {
            // One that is gone already is as good.
            let _ = raw::sem_remove(self.id);
        }
    }
}

/// Closes one share of `cookie`, as udev's rules do: its upper half may hold flags instead of the key's.
///
/// # Errors
///
/// [`CookieError`]; a share too many is `EAGAIN`.
pub fn complete(cookie: u32) -> Result<(), CookieError> {
    let transaction = Transaction::join(MAGIC << 16 | (cookie & 0xffff))?;
    transaction.dec()
}

/// A cookie's semaphore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieInfo {
    /// Its key.
    pub cookie: u32,
    /// Its identifier.
    pub semid: i32,
    /// Its value.
    pub value: i32,
    /// When a share was last opened or closed, in seconds since 1970; 0 for never.
    pub changed: u64,
    /// When it was made or set, in seconds since 1970.
    pub made: u64,
}

/// The cookies of the system, those of other users too; by identifier.
///
/// # Errors
///
/// What reading `/proc/sysvipc/sem` says.
pub fn cookies() -> io::Result<Vec<CookieInfo>> {
    let text = fs::read_to_string("/proc/sysvipc/sem")?;
    Ok(text.lines().filter_map(parse_cookie).collect())
}

/// Reads a line of `/proc/sysvipc/sem`: key, semid, perms, nsems, uid, gid, cuid, cgid, otime, ctime.
///
/// # Source
///
/// `sysvipc_sem_proc_show` in the kernel's `ipc/sem.c`.
fn parse_cookie(line: &str) -> Option<CookieInfo> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let key: i32 = words.first()?.parse().ok()?;
    let cookie = key.cast_unsigned();
    if cookie >> 16 != MAGIC {
        return None;
    }
    let semid = words.get(1)?.parse().ok()?;
    let time = |at: usize| words.get(at).and_then(|word| word.parse().ok());
    let value = raw::sem_value(SemId(semid)).unwrap_or(-1);
    Some(CookieInfo { cookie, semid, value, changed: time(8)?, made: time(9)? })
}

/// Removes a cookie's semaphore.
///
/// # Errors
///
/// [`CookieError`].
pub fn destroy(info: &CookieInfo) -> Result<(), CookieError> {
    let fail = |errno| CookieError::System { cookie: info.cookie, call: "semctl", errno };
    raw::sem_remove(SemId(info.semid)).map_err(fail)
}

fn semget_error(cookie: u32, errno: Errno) -> CookieError {
    match errno {
        Errno::ENOENT => CookieError::Missing(cookie),
        Errno::EACCES => CookieError::Permission(cookie),
        Errno::ENOSPC => CookieError::Limit,
        errno => CookieError::System { cookie, call: "semget", errno },
    }
}

/// A number other than 0 that other processes will hardly pick: a collision only costs another try.
fn random_base() -> u16 {
    let mut bytes = [0; 2];
    let filled = fs::File::open("/dev/urandom")
        .and_then(|mut file| io::Read::read_exact(&mut file, &mut bytes));
    if filled.is_err() {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let [a, b, ..] = (now.subsec_nanos() ^ std::process::id()).to_le_bytes();
        bytes = [a, b];
    }
    u16::from_le_bytes(bytes).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exists(key: u32) -> bool {
        cookies().unwrap().iter().any(|info| info.cookie == key)
    }

    #[test]
    fn a_transaction_that_is_completed_ends_and_leaves_nothing() {
        let transaction = Transaction::create().unwrap();
        let key = transaction.cookie();
        transaction.inc().unwrap();
        assert_eq!(transaction.value().unwrap(), 2);
        assert!(exists(key));
        // As udev's rule does it: with flags where the key has its magic number.
        complete(0x0060 << 16 | transaction.base()).unwrap();
        transaction.wait(DEADLINE).unwrap();
        assert!(!exists(key));
    }

    #[test]
    fn the_wait_ends_when_another_completes_the_cookie() {
        let transaction = Transaction::create().unwrap();
        transaction.inc().unwrap();
        let cookie = transaction.cookie();
        let udev = thread::spawn(move || {
            thread::sleep(Duration::from_millis(30));
            complete(cookie).unwrap();
        });
        let begun = Instant::now();
        transaction.wait(DEADLINE).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5));
        udev.join().unwrap();
    }

    #[test]
    fn a_command_that_fails_leaves_no_semaphore() {
        let failing = || -> Result<u32, (u32, CookieError)> {
            let transaction = Transaction::create().unwrap();
            let key = transaction.cookie();
            transaction.inc().map_err(|error| (key, error))?;
            Err((key, CookieError::Limit))
        };
        let (key, _) = failing().unwrap_err();
        assert!(!exists(key));
    }

    #[test]
    fn a_cookie_that_nobody_completes_is_reported_with_its_age_and_removed() {
        let transaction = Transaction::create().unwrap();
        transaction.inc().unwrap();
        let key = transaction.cookie();
        let error = transaction.wait(Duration::from_millis(40)).unwrap_err();
        let CookieError::Expired { cookie, age } = error else { panic!("{error}") };
        assert_eq!(cookie, key);
        assert!(age >= Duration::from_millis(40));
        assert!(!exists(key));
    }

    #[test]
    fn a_command_that_sent_no_uevent_closes_its_share_itself() {
        let transaction = Transaction::create().unwrap();
        transaction.inc().unwrap();
        transaction.dec().unwrap();
        transaction.wait(Duration::ZERO).unwrap();
    }

    #[test]
    fn a_semaphore_that_somebody_else_removed_is_no_reason_to_wait() {
        let transaction = Transaction::create().unwrap();
        transaction.inc().unwrap();
        let key = transaction.cookie();
        let info = *cookies().unwrap().iter().find(|info| info.cookie == key).unwrap();
        let rescuer = thread::spawn(move || {
            thread::sleep(Duration::from_millis(20));
            destroy(&info).unwrap();
        });
        let begun = Instant::now();
        transaction.wait(DEADLINE).unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5));
        rescuer.join().unwrap();
    }

    #[test]
    fn a_cookie_of_the_callers_is_joined_and_left_to_the_caller() {
        let key = Transaction::create().unwrap().leave();
        assert!(exists(key));
        let joined = Transaction::join(key).unwrap();
        joined.inc().unwrap();
        joined.wait(Duration::ZERO).unwrap();
        assert!(exists(key));
        complete(key).unwrap();
        Transaction::join(key).unwrap().release(Duration::ZERO).unwrap();
        assert!(!exists(key));
    }

    #[test]
    fn cookies_that_are_none_are_refused_in_the_originals_words() {
        let error = Transaction::join(0x1234_5678).unwrap_err();
        assert_eq!(error, CookieError::Prefix(0x1234_5678));
        let transaction = Transaction::create().unwrap();
        let key = transaction.cookie();
        drop(transaction);
        let error = Transaction::join(key).unwrap_err();
        let text = format!(
            "Could not find notification semaphore identified by cookie value {key} (0x{key:x})"
        );
        assert_eq!(error.to_string(), text);
    }

    #[test]
    fn the_systems_list_has_the_cookie_as_it_is() {
        let transaction = Transaction::create().unwrap();
        let all = cookies().unwrap();
        let info = all.iter().find(|info| info.cookie == transaction.cookie()).unwrap();
        assert_eq!((info.value, info.changed), (1, 0));
        assert!(info.made > 1_600_000_000);
    }

    #[test]
    fn semaphores_of_others_are_no_cookies() {
        assert_eq!(parse_cookie("       key      semid perms      nsems   uid"), None);
        assert_eq!(parse_cookie(" 1234 5 600 1 0 0 0 0 0 0"), None);
        assert_eq!(parse_cookie(""), None);
    }

    #[test]
    fn udev_is_not_waited_for_where_it_is_forbidden() {
        assert!(!answers(&Env { udev_disabled: true, ..Env::default() }));
    }

    #[test]
    fn udev_answers_only_where_it_runs() {
        assert!(is_running() || !answers(&Env::default()));
    }
}
