//! What tests of the whole suite share.
pub mod loop_disk;
pub mod partitions;
pub mod purpose;
pub mod raid;
pub mod sim;
pub mod transcript;
