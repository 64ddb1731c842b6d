//! The ublk driver: its control node, and the queues of its devices.
//!
//! | module | what |
//! |---|---|
//! | [`control`] | commands, from control threads |
//! | `wire` | structures and numbers |

pub mod control;
pub(crate) mod wire;

pub use wire::Features;
