//! The `dmraid` command: RAID sets of vendors' BIOSes, from disks or from images of disks.
//!
//! ```text
//! main ─► dispatch ─► options, combine             what was typed
//!             │
//!             ├─► machine ─► Host                  the disks, the lock: a test has others
//!             ├─► survey ─► dm_formats::raid       what is on the disks, and the sets that they make
//!             └─► actions/                         listed, shown, activated, erased, ...
//!                   ├─► layout                     a set's table: pure
//!                   ├─► json                       the same for programs
//!                   └─► overlay                    what is written goes elsewhere
//! ```
//!
//! A library beside the program, so that completions and the manual are made of the same tables.

pub mod actions;
pub mod columns;
pub mod combine;
pub mod dispatch;
pub mod host;
pub mod json;
pub mod layout;
pub mod machine;
pub mod mapper;
pub mod options;
pub mod overlay;
mod readers;
pub mod serials;
pub mod survey;
pub mod voice;
