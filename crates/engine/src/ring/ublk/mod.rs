//! The ublk driver: its control node, and the queues of its devices.
//!
//! | module | what |
//! |---|---|
//! | [`control`] | commands, from control threads |
//! | `buffers` | where the requests of a queue have their data |
//! | `queue` | the port that serves a queue |
//! | `rights` | what a queue's thread may do |
//! | `wire` | structures and numbers |

mod buffers;
pub mod control;
pub(crate) mod queue;
mod rights;
pub(crate) mod wire;

pub use wire::Features;
