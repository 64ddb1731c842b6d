//! The daemon as a process: its socket, its life, and what it leaves.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test's own steps may fail it")]

mod adopt;
mod bench;
mod data;
mod dying;
mod life;
mod memory;
mod snapshot;
mod socket;
mod state;
mod supervise;
