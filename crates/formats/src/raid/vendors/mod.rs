//! The vendors' formats, one file each, and the order in which they are looked for.

use super::FormatType;

mod nvidia;
mod sil;
mod via;

/// Every format, in the order of their names: the first that is found on a disk counts.
pub static FORMATS: &[&FormatType] = &[&nvidia::TYPE, &sil::TYPE, &via::TYPE];
