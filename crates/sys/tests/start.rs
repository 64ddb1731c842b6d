//! A daemon is started when it is needed, whatever state an earlier one has left behind.
#![allow(clippy::unwrap_used, reason = "a test's own steps may fail it")]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use dm_core::backend::Backend as _;
use dm_core::packet::{Cmd, HEADER_SIZE, Packet};
use dm_sys::daemon::{self, ListenError, Lock, StartError};
use dm_sys::paths::{Env, Places};
use dm_sys::socket::Socket;
use tempfile::TempDir;

/// The example that stands in for dm-engined; cargo builds it with the tests.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().nth(2).unwrap().join("examples/echo_daemon")
}

fn private() -> (TempDir, Places) {
    let private = fs::Permissions::from_mode(0o700);
    let top = tempfile::Builder::new().permissions(private).tempdir().unwrap();
    let env = Env {
        uid: nix::unistd::geteuid().as_raw(),
        socket: Some(top.path().join("engine.sock").into()),
        ..Env::default()
    };
    (top, Places::new(&env))
}

fn start(places: &Places, front_end: &str) -> Result<Socket, StartError> {
    daemon::start_program(&program(), places, front_end)
}

fn pid(socket: &Socket) -> i32 {
    let mut packet = Packet::new(HEADER_SIZE);
    socket.exchange(Cmd::Version, &mut packet).unwrap();
    packet.header().event_nr.get().cast_signed()
}

/// Waits until no daemon holds the lock: what a test starts is gone when it ends.
fn await_end(places: &Places) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while let Err(error) = Lock::take(places) {
        assert!(matches!(error, ListenError::Running), "{error}");
        assert!(Instant::now() < deadline, "the daemon does not end");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_daemon_is_started_and_is_nobodys_child() {
    let (_top, places) = private();
    let socket = start(&places, "file").unwrap();
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid(&socket))).unwrap();
    let after_name: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let (parent, session): (u32, i32) =
        (after_name[1].parse().unwrap(), after_name[3].parse().unwrap());
    assert_ne!(parent, std::process::id());
    assert_ne!(session, nix::unistd::getsid(None).unwrap().as_raw());
    assert_eq!(fs::read_link(format!("/proc/{}/cwd", pid(&socket))).unwrap().as_os_str(), "/");
    for fd in 0..3 {
        let link = fs::read_link(format!("/proc/{}/fd/{fd}", pid(&socket))).unwrap();
        assert_eq!(link.as_os_str(), "/dev/null", "descriptor {fd}");
    }
    drop(socket);
    await_end(&places);
    assert!(!places.socket.exists());
}

#[test]
fn the_socket_is_for_its_user_alone() {
    let (_top, places) = private();
    let socket = start(&places, "file").unwrap();
    assert_eq!(fs::metadata(&places.socket).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&places.lock).unwrap().mode() & 0o777, 0o600);
    drop(socket);
    await_end(&places);
}

#[test]
fn two_tools_that_start_at_once_reach_one_daemon() {
    for front_end in ["file", "slow"] {
        let (_top, places) = private();
        let sockets: Vec<Socket> = thread::scope(|scope| {
            let tools: Vec<_> =
                (0..4).map(|_| scope.spawn(|| start(&places, front_end).unwrap())).collect();
            tools.into_iter().map(|tool| tool.join().unwrap()).collect()
        });
        let mut pids: Vec<i32> = sockets.iter().map(pid).collect();
        pids.dedup();
        assert_eq!(pids.len(), 1, "{front_end}");
        drop(sockets);
        await_end(&places);
    }
}

#[test]
fn a_stale_socket_is_replaced() {
    let (_top, places) = private();
    drop(UnixListener::bind(&places.socket).unwrap());
    assert!(places.socket.exists());
    let error = daemon::connect(&places.socket).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
    let socket = start(&places, "file").unwrap();
    assert_ne!(pid(&socket), 0);
    drop(socket);
    await_end(&places);
}

#[test]
fn a_killed_daemon_is_followed_by_another() {
    let (_top, places) = private();
    let first = start(&places, "file").unwrap();
    let killed = pid(&first);
    let target = nix::unistd::Pid::from_raw(killed);
    nix::sys::signal::kill(target, nix::sys::signal::Signal::SIGKILL).unwrap();
    let second = start(&places, "file").unwrap();
    assert_ne!(pid(&second), killed);
    drop((first, second));
    await_end(&places);
}

#[test]
fn what_the_daemon_says_is_handed_on() {
    let (_top, places) = private();
    let error = start(&places, "broken").unwrap_err();
    assert_eq!(error.to_string(), "dm-engined: the front end is broken");
    let error = start(&places, "mute").unwrap_err();
    assert_eq!(error.to_string(), "dm-engined: ended before it served");
}

#[test]
fn a_program_that_cannot_run_is_named() {
    let (top, places) = private();
    let missing = top.path().join("none");
    let error = daemon::start_program(&missing, &places, "file").unwrap_err();
    let StartError::Run { path, error } = error else { panic!("{error}") };
    assert_eq!(path, missing);
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn a_silent_socket_is_not_waited_for_for_ever() {
    let (_top, places) = private();
    let _listener = UnixListener::bind(&places.socket).unwrap();
    let socket = Socket::connect(&places.socket).unwrap();
    let error = socket.greet(Duration::from_millis(30)).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_folder_that_others_may_enter_holds_no_daemon() {
    let (top, places) = private();
    fs::set_permissions(top.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(matches!(Lock::take(&places), Err(ListenError::Folder(_))));
    let error = start(&places, "file").unwrap_err();
    let text = format!("{}: mode 0755 lets others in, 0700 is needed", top.path().display());
    assert_eq!(error.to_string(), format!("dm-engined: {text}"));
}
