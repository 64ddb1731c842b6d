//! Developer commands, and the virtual machine that tests use too.
pub mod bench;
pub mod check;
pub mod demo;
pub mod fuzz;
pub mod generate;
pub mod record;
pub mod scripts;
pub mod sizes;
pub mod tally;
pub mod test;
pub mod vm;
