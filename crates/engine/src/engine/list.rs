//! Lists: the devices, the target types.
//!
//! # Source
//!
//! `list_devices`, `list_versions` and `get_target_version` in the kernel's `drivers/md/dm-ioctl.c`, 6.12.

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::names::{self, Entry};
use dm_core::packet::versions::{self as payload, TypeVersion};

use super::Engine;
use super::call::Call;
use crate::device::{DmDevice, Life};
use crate::target::TargetType;
use crate::targets::{self, TARGETS};

/// The least room for a list of devices: that of a number, by which an empty list is known.
const LEAST: usize = 8;

impl Engine {
    /// `DM_LIST_DEVICES`: by name; the name and uuid that are sent select those which begin with them.
    pub(super) fn list_devices(&self, call: &mut Call<'_>) {
        let header = call.header();
        let (name, uuid) = (header.name().to_vec(), header.uuid().to_vec());
        let uuids = call.flags().contains(Flags::UUID);
        let mut entries: Vec<Entry> = self
            .devices()
            .iter()
            .filter(|device| {
                let state = device.state();
                // One whose removal has begun is gone for others, as it is once the kernel has unhashed it.
                if state.life != Life::There {
                    return false;
                }
                let known = state.uuid.as_ref().map_or(&[][..], |uuid| uuid.as_bytes());
                state.name.as_bytes().starts_with(&name) && known.starts_with(&uuid)
            })
            .map(|device| self.entry(device, uuids))
            .collect();
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        if call.room() < LEAST {
            call.reply_full();
        } else {
            call.reply_with(&names::encode(&entries));
        }
    }

    fn entry(&self, device: &DmDevice, uuids: bool) -> Entry {
        let event_nr = self.remember_events(device);
        let state = device.state();
        let uuid = state.uuid.as_ref().map_or(&[][..], |uuid| uuid.as_bytes());
        Entry {
            dev: device.dev(),
            name: state.name.as_bytes().to_vec(),
            event_nr,
            uuid: uuids.then(|| uuid.to_vec()),
        }
    }
}

/// `DM_LIST_VERSIONS`.
pub(super) fn versions(call: &mut Call<'_>) {
    let types: Vec<TypeVersion> = TARGETS.iter().copied().map(version).collect();
    call.reply_with(&payload::encode(&types));
}

/// `DM_GET_TARGET_VERSION`: the name that is sent is the type's.
pub(super) fn target_version(call: &mut Call<'_>) -> Result<(), Errno> {
    let kind = targets::find(call.header().name()).ok_or(Errno::EINVAL)?;
    call.reply_with(&payload::encode(&[version(kind)]));
    Ok(())
}

fn version(kind: &TargetType) -> TypeVersion {
    TypeVersion { name: kind.name.as_bytes().to_vec(), version: kind.version }
}
