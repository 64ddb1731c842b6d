//! What tests of the whole suite share.
pub mod transcript;
