//! `dm-engined status`: the daemon and its devices.

use std::io::{self, Write as _};
use std::process::ExitCode;

use comfy_table::Table;
use dm_core::dm::{Dm, Request};
use dm_core::packet::Cmd;
use dm_sys::daemon;
use dm_sys::paths::Places;
use dm_sys::socket::Socket;
use serde::Deserialize;

use crate::Failure;

/// What the engine says of itself, as far as it is shown.
#[derive(Debug, Deserialize)]
struct Status {
    version: String,
    frontend: String,
    pid: u32,
    devices: Vec<Device>,
}

#[derive(Debug, Deserialize)]
struct Device {
    name: String,
    major: u32,
    minor: u32,
    node: Option<String>,
    suspended: bool,
    read_only: bool,
    open_count: i32,
    size_sectors: u64,
}

/// Prints the status; exit code 1 when no daemon runs.
///
/// # Errors
///
/// [`Failure`] when the daemon cannot be asked.
pub fn run(json: bool) -> Result<ExitCode, Failure> {
    let places = Places::here();
    let Some(socket) = connect(&places)? else {
        let path = places.socket.display();
        let text = if json {
            "{\"schema\":1,\"running\":false}".to_owned()
        } else {
            format!("no daemon serves {path}")
        };
        print(&text)?;
        return Ok(ExitCode::FAILURE);
    };
    let text = ask(&socket)?;
    if json {
        print(&text)?;
    } else {
        let status = serde_json::from_str(&text).map_err(|error| Failure::of(&error))?;
        print(&shown(&status, &places))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A connection to the daemon; none where none runs.
pub(crate) fn connect(places: &Places) -> Result<Option<Socket>, Failure> {
    match daemon::connect(&places.socket) {
        Ok(socket) => Ok(Some(socket)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(Failure::new(format!("{}: {error}", places.socket.display()))),
    }
}

/// What the engine says of itself, as JSON.
pub(crate) fn ask(socket: &Socket) -> Result<String, Failure> {
    let reply = Dm::new(socket)
        .call(&Request::new(Cmd::EngineStatus))
        .map_err(|error| Failure::of(&error))?;
    let text = reply.payload().split(|&byte| byte == 0).next().unwrap_or_default();
    str::from_utf8(text).map(str::to_owned).map_err(|error| Failure::of(&error))
}

/// The process that serves, by what the engine says of itself.
pub(crate) fn pid(text: &str) -> Result<u32, Failure> {
    let status: Status = serde_json::from_str(text).map_err(|error| Failure::of(&error))?;
    Ok(status.pid)
}

fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(error.kind(), Kind::NotFound | Kind::ConnectionRefused | Kind::ConnectionReset)
}

fn print(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{text}").map_err(|error| Failure::of(&error))
}

fn shown(status: &Status, places: &Places) -> String {
    let Status { version, frontend, pid, devices } = status;
    let socket = places.socket.display();
    let head = format!("dm-engined {version}, process {pid}, front end {frontend}, at {socket}");
    if devices.is_empty() {
        return format!("{head}\nno devices");
    }
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["name", "number", "node", "sectors", "open", "state"]);
    for device in devices {
        let state = match (device.suspended, device.read_only) {
            (true, _) => "suspended",
            (false, true) => "read-only",
            (false, false) => "active",
        };
        table.add_row([
            device.name.clone(),
            format!("{}:{}", device.major, device.minor),
            device.node.clone().unwrap_or_else(|| "-".to_owned()),
            device.size_sectors.to_string(),
            device.open_count.to_string(),
            state.to_owned(),
        ]);
    }
    format!("{head}\n{table}")
}
