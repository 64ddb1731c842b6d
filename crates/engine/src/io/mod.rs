//! Requests, and who carries them out.

pub mod request;
