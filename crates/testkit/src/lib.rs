//! What tests of the whole suite share.
pub mod partitions;
pub mod purpose;
pub mod raid;
pub mod sim;
pub mod transcript;
