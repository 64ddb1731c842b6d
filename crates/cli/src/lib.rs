//! What the three tools share on the command line.
//!
//! | module | what |
//! |---|---|
//! | [`argv`] | `getopt_long` over a table of options, with glibc's texts |
//! | [`usage`] | the originals' usage text from a tool's rows |
//! | [`exit`] | exit codes; [`exit::Failure`], the original's text and a code |
//! | [`number`] | numbers as the C library reads them |
//! | [`output`] | standard output, buffered as the C library does |
//! | [`report`] | fields of objects, selected, sorted and laid out |
//! | [`machine`] | who answers, and what of the environment counts |
//! | [`session`] | what libdevmapper does around every ioctl: messages, names, cookies, nodes |
//!
//! Nothing but [`machine`] reads the environment or opens anything: a tool hands it in.

pub mod argv;
#[cfg(feature = "clap")]
pub mod clap;
pub mod exit;
pub mod machine;
pub mod number;
pub mod output;
pub mod report;
pub mod session;
pub mod usage;
