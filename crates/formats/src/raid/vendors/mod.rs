//! The vendors' formats, one file each, and the order in which they are looked for.

use alloc::vec::Vec;

use super::disk::Probe;
use super::manage::Manage;
use super::{FormatType, Named};

mod asr;
mod ddf1;
mod highpoint;
mod hpt37x;
mod hpt45x;
mod isw;
mod jmicron;
mod lsi;
mod nvidia;
mod pdc;
mod sil;
mod via;

/// Every format, in the order of their names: the first that is found on a disk counts.
pub static FORMATS: &[&FormatType] = &[
    &asr::TYPE,
    &ddf1::TYPE,
    &hpt37x::TYPE,
    &hpt45x::TYPE,
    &isw::TYPE,
    &jmicron::TYPE,
    &lsi::TYPE,
    &nvidia::TYPE,
    &pdc::TYPE,
    &sil::TYPE,
    &via::TYPE,
];

/// Finds the disks that a disk's metadata name.
type Look = fn(&mut Probe<'_>) -> Option<Vec<Named>>;

/// The formats that know disks by their serial numbers.
pub(super) static BY_SERIAL: &[(&FormatType, Look)] = &[(&isw::TYPE, isw::named)];

/// The formats whose sets can be made and changed.
pub(super) static MANAGED: &[(&FormatType, &dyn Manage)] = &[(&isw::TYPE, &isw::Isw)];
