//! Developer commands, and the virtual machine that tests use too.
pub mod record;
pub mod vm;
