//! Requests, and who carries them out.

pub mod claims;
pub mod clock;
pub mod file;
pub mod range_lock;
pub mod request;
pub mod turns;
