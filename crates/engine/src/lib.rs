//! Device-mapper in user space.
//!
//! A packet goes in at [`engine`], which knows the devices; a device's tables are built by [`build`] of
//! targets out of [`targets`]; a request enters at [`mapped`], the one place that calls a target, and
//! leaves through a leg: a file on a queue's ring, or another mapped device. What serves a mapped device to
//! the system is a [`frontend`].
//!
//! | module | what |
//! |---|---|
//! | [`engine`], [`device`], [`state`] | the control interface; what survives a crash |
//! | [`build`], [`target`], [`targets`], [`limits`] | tables: from lines to live targets |
//! | [`mapped`] | the chokepoint: suspend, splitting, counting |
//! | [`io`] | requests, buffers, who carries them out |
//! | [`ring`] | `io_uring`, the queues' executors, aligned memory: the only unsafe |
//! | [`frontend`] | how a mapped device becomes a block device or a file |

pub mod build;
pub mod device;
pub mod engine;
pub mod frontend;
pub mod io;
pub mod limits;
pub mod mapped;
pub mod ring;
pub mod state;
pub mod target;
pub mod targets;
