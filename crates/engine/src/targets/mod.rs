//! The target types.

use crate::target::TargetType;

/// Every target type, in the order in which `dmsetup targets` lists them.
pub static TARGETS: &[&TargetType] = &[];
