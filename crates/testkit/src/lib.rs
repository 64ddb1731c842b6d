//! What tests of the whole suite share.
pub mod sim;
pub mod transcript;
