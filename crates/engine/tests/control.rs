//! The control interface, from the packet to the device: what the kernel answers, in the kernel's bytes.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

#[path = "control/bench.rs"]
mod bench;
#[path = "control/crash.rs"]
mod crash;
#[path = "control/devices.rs"]
mod devices;
#[path = "control/frame.rs"]
mod frame;
#[path = "control/hostile.rs"]
mod hostile;
#[path = "control/memory.rs"]
mod memory;
#[path = "control/model.rs"]
mod model;
#[path = "control/stack.rs"]
mod stack;
#[path = "control/tables.rs"]
mod tables;
#[path = "control/wait.rs"]
mod wait;
