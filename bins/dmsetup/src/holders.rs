//! Who keeps a device busy, for a person at a terminal.

use dm_cli::session::Session;
use dm_cli::session::link::Who;
use dm_cli::session::subject::Subject;
use dm_core::devno::DevNo;
use dm_core::packet::Cmd;
use dm_sys::{openers, sysfs};

/// Lines that say who has `subject` open; none where that cannot be found out.
pub fn of(session: &Session<'_>, subject: &Subject) -> Vec<String> {
    let Ok(reply) = session.call(&subject.request(Cmd::DevStatus), subject) else {
        return Vec::new();
    };
    let dev = reply.device().dev;
    let mut lines: Vec<String> = session
        .list()
        .unwrap_or_default()
        .into_iter()
        .filter(|entry| stands_on(session, entry.dev, dev))
        .map(|entry| format!("The device {} stands on it.", entry.name.escape_ascii()))
        .collect();
    let real = match session.who() {
        Who::Kernel => Some(dev),
        Who::Engine => session.engine_node(dev).and_then(|node| sysfs::device_of(&node)),
    };
    let open = real.map_or(0, openers::count);
    if lines.is_empty() && open > 0 {
        lines.push(format!("It is open or mounted {open} time(s); see lsof(8) and findmnt(8)."));
    }
    lines
}

fn stands_on(session: &Session<'_>, upper: DevNo, lower: DevNo) -> bool {
    let upper = Subject::numbered(upper);
    let deps = session.call(&upper.request(Cmd::TableDeps), &upper);
    deps.is_ok_and(|reply| reply.deps().is_ok_and(|deps| deps.contains(&lower)))
}
