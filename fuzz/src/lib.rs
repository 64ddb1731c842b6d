//! The suite's fuzz targets, and the limit that each input is held to.
//!
//! [`targets`] has what the targets do, without libFuzzer: the ordinary tests include that file and replay
//! the corpora with it. Here is what only the fuzzer adds: memory that is counted, and one reader alone.

pub mod memory;
pub mod readers;
pub mod targets;
