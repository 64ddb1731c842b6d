//! What comes over the socket: rubbish, crowds, and clients that hang up.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use dm_core::dm::Request;
use dm_core::errno::Errno;
use dm_core::packet::{Cmd, Packet};

use crate::bench::{Bench, LIMIT, lacks};

#[test]
fn rubbish_ends_its_own_connection_only() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let daemon = bench.start(&["--frontend", "file"]);
    let client = bench.client();
    let header = |number: u32, size: u32| {
        let mut bytes = number.to_le_bytes().to_vec();
        bytes.extend(Packet::new(312).to_bytes());
        bytes[16..20].copy_from_slice(&size.to_ne_bytes());
        bytes
    };
    let cases = [
        vec![0; 400],
        vec![0xff; 400],
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        header(2, 0),
        header(2, 311),
        header(2, u32::MAX),
        header(2, 1 << 30),
        Vec::new(),
    ];
    for bytes in cases {
        let mut stream = bench.raw();
        // The daemon may have hung up before all is sent.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert_eq!(answer, [], "{bytes:?}");
    }
    let unknown = header(9999, 312);
    let mut stream = bench.raw();
    // A version that it takes, for it is looked at first.
    let mut bytes = unknown;
    bytes[4..8].copy_from_slice(&4_u32.to_ne_bytes());
    stream.write_all(&bytes).unwrap();
    let mut errno = [0; 4];
    stream.read_exact(&mut errno).unwrap();
    assert_eq!(Errno::new(i32::from_le_bytes(errno)), Errno::ENOTTY);
    client.status();
    drop(daemon);
}

#[test]
fn a_thousand_connections_come_and_go() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let mut daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    for _ in 0..1000 {
        drop(UnixStream::connect(&bench.socket).unwrap());
    }
    let many: Vec<_> = (0..200).map(|_| bench.raw()).collect();
    bench.client().status();
    drop(many);
    let deadline = Instant::now() + LIMIT;
    let worker = daemon.worker().unwrap();
    let threads = || std::fs::read_dir(format!("/proc/{worker}/task")).unwrap().count();
    while threads() > 20 && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
    assert!(threads() <= 20, "{}", threads());
    assert!(daemon.has_left(LIMIT));
}

#[test]
fn who_waits_holds_nobody_up_and_may_hang_up() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let mut daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    let client = bench.client();
    client.create("quiet", "0 8 zero");
    let event = client.info("quiet").event_nr;
    let mut request = Cmd::DevWait.number().to_le_bytes().to_vec();
    let mut packet = Packet::new(4096);
    packet.header_mut().version[0].set(4);
    packet.header_mut().set_name(b"quiet");
    packet.header_mut().event_nr.set(event);
    request.extend(packet.to_bytes());
    let mut waiting = bench.raw();
    waiting.write_all(&request).unwrap();
    thread::sleep(Duration::from_millis(100));
    client.status();
    drop(waiting);
    client.remove("quiet").unwrap();
    drop(client);
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn an_event_ends_a_wait() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let _daemon = bench.start(&["--frontend", "file"]);
    let client = bench.client();
    client.create("loud", "0 8 zero");
    let mut request = Request::new(Cmd::DevWait).named(b"loud");
    request.event_nr = client.info("loud").event_nr;
    let waiting = bench.client();
    let waiter = thread::spawn(move || waiting.call(&request).map(|reply| reply.device().event_nr));
    thread::sleep(Duration::from_millis(50));
    let rename = Request::new(Cmd::DevRename).named(b"loud").with_payload(b"louder\0".to_vec());
    client.call(&rename).unwrap();
    waiter.join().unwrap().unwrap();
    client.remove("louder").unwrap();
}
