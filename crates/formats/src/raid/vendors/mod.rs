//! The vendors' formats, one file each, and the order in which they are looked for.

use super::FormatType;

mod asr;
mod hpt37x;
mod hpt45x;
mod jmicron;
mod lsi;
mod nvidia;
mod pdc;
mod sil;
mod via;

/// Every format, in the order of their names: the first that is found on a disk counts.
pub static FORMATS: &[&FormatType] = &[
    &asr::TYPE,
    &hpt37x::TYPE,
    &hpt45x::TYPE,
    &jmicron::TYPE,
    &lsi::TYPE,
    &nvidia::TYPE,
    &pdc::TYPE,
    &sil::TYPE,
    &via::TYPE,
];
