//! What the engine says of its devices: what for the kernel's stands in sysfs.
//!
//! ```json
//! {"schema":1,"major":254,"devices":[{"name":"a","major":254,"minor":0,"node":"/dev/loop3","read_ahead":256}]}
//! ```

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use dm_core::devno::DevNo;
use serde_json::Value;

/// One of the engine's devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineDevice {
    /// Its name, as the engine has it.
    pub name: Vec<u8>,
    /// Its number.
    pub dev: DevNo,
    /// Where it can be opened, if it can.
    pub node: Option<PathBuf>,
    /// Its read-ahead in sectors, if it has one.
    pub read_ahead: Option<u64>,
}

impl EngineDevice {
    /// The kernel's name for its node: `loop3` for `/dev/loop3`. A plain file has none.
    pub fn kernel_name(&self) -> Option<Vec<u8>> {
        let node = self.node.as_deref()?;
        let name = node.strip_prefix("/dev").ok().and_then(Path::file_name)?;
        Some(name.as_bytes().to_vec())
    }
}

/// The engine's major number.
pub fn major(answer: &[u8]) -> Option<u32> {
    let value = serde_json::from_slice::<Value>(answer).ok()?;
    value.get("major").and_then(Value::as_u64).and_then(|major| u32::try_from(major).ok())
}

/// The devices in the engine's answer; what is not as above is left out.
pub fn devices(answer: &[u8]) -> Vec<EngineDevice> {
    let Ok(value) = serde_json::from_slice::<Value>(answer) else { return Vec::new() };
    let rows = value.get("devices").and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(device).collect()
}

fn device(row: &Value) -> Option<EngineDevice> {
    let number = |key| row.get(key).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    let text = |key| row.get(key).and_then(Value::as_str).map(str::as_bytes);
    Some(EngineDevice {
        // JSON holds no bytes beyond UTF-8, so the engine encodes what is not plain.
        name: dm_core::mangle::decode(text("name")?),
        dev: DevNo::new(number("major")?, number("minor")?),
        node: text("node").map(|node| PathBuf::from(OsStr::from_bytes(node))),
        read_ahead: row.get("read_ahead").and_then(Value::as_u64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_read_and_what_is_none_is_left_out() {
        let answer = br#"{"schema":1,"devices":[
            {"name":"a\\x20b","major":254,"minor":0,"node":"/dev/loop3","read_ahead":256},
            {"name":"c","major":254,"minor":1,"node":null},
            {"name":"d"}]}"#;
        let devices = devices(answer);
        assert_eq!(devices.len(), 2);
        assert_eq!(devices[0].name, b"a b");
        assert_eq!(devices[0].dev, DevNo::new(254, 0));
        assert_eq!(devices[0].kernel_name(), Some(b"loop3".to_vec()));
        assert_eq!(devices[0].read_ahead, Some(256));
        assert_eq!(devices[1].node, None);
        assert_eq!(super::devices(b"no json"), []);
    }

    #[test]
    fn a_file_has_no_kernel_name() {
        let node = Some(PathBuf::from("/run/user/7/dmkit/mapper/a"));
        let device = EngineDevice { name: vec![], dev: DevNo::default(), node, read_ahead: None };
        assert_eq!(device.kernel_name(), None);
    }
}
