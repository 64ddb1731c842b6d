//! Commands to an engine in this process, over disks in memory: what arrives on a connection of the daemon's.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::{Cmd, Packet};
use dm_core::units::Sectors;
use dm_engine::build::Mode;
use dm_engine::engine::host::{Found, HostOpener};
use dm_engine::engine::{Client, Engine, EngineOptions};
use dm_engine::frontend::memory::Memory;
use dm_engine::io::request::Device;
use dm_engine::target::Opener as _;
use dm_sys::socket::read_request;
use dm_testkit::sim::SimOpener;

/// Disks `/dev/ram0` to `/dev/ram3`, 1:0 to 1:3.
#[derive(Debug)]
struct Disks(SimOpener);

impl HostOpener for Disks {
    fn find(&self, path: &[u8]) -> Result<Found, Errno> {
        Ok(Found::Block(self.0.clone().open(path)?.dev()))
    }

    fn open(&self, word: &[u8], _: Mode) -> Result<Arc<dyn Device>, Errno> {
        self.0.clone().open(word)
    }
}

/// Reads `data` as the stream of a connection, and carries out what it asks for.
pub(super) fn target(data: &[u8]) {
    let engine = Engine::new(EngineOptions {
        major: 254,
        frontend: Arc::new(Memory),
        opener: Box::new(Disks(SimOpener::new(4, Sectors::new(4096)))),
        runner: None,
        state: None,
    });
    let armed = AtomicU64::new(0);
    // Nobody stays to wait for an event.
    let client = Client { interrupted: &|| true, armed: &armed };
    let (mut stream, mut created) = (data, 0);
    while let Ok(Some((number, sent))) = read_request(&mut stream) {
        let mut packet = sent.clone();
        let answer = engine.exchange_from(number, &mut packet, &client);
        check(number, &sent, &packet, answer);
        created += usize::from(number == Cmd::DevCreate.number() && answer.is_ok());
        assert!(engine.device_count() <= created);
        engine.tick();
    }
}

/// What comes back is never longer than what was sent, and after an error it is what was sent, but for the
/// version and for what was to be wiped.
fn check(number: u32, sent: &Packet, packet: &Packet, answer: Result<(), Errno>) {
    const VERSION: usize = 12;
    assert_eq!(packet.size(), sent.size(), "command {number}");
    let wiped = sent.header().flags().contains(Flags::SECURE_DATA);
    match answer {
        Ok(()) => assert!(packet.header().data_size.get() <= sent.header().data_size.get()),
        Err(errno) => {
            assert!(errno.get() > 0, "command {number}");
            assert!(wiped || packet.to_bytes()[VERSION..] == sent.to_bytes()[VERSION..]);
        }
    }
}
