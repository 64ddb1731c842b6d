//! Requests, and who carries them out.

pub mod file;
pub mod request;
