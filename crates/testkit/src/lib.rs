//! What tests of the whole suite share.
pub mod partitions;
pub mod sim;
pub mod transcript;
