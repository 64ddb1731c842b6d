//! The `kpartx` command: mapped devices for the partitions of a disk or an image.
//!
//! ```text
//! main ─► dispatch ─► options                what was typed
//!             │
//!            work
//!             │
//!             ├─────► operand, loops         which disk that is, and what table lines call it
//!             ├─────► reading ─► dm_formats  what its partition table says
//!             ├─────► maps                   what is mapped already
//!             ├─────► plan                   the steps from the one to the other: pure
//!             └─────► apply | list | json    carried out, or shown
//! ```
//!
//! A library beside the program, so that completions and the manual are made of the same tables.

pub mod apply;
pub mod dispatch;
pub mod json;
pub mod list;
pub mod loops;
pub mod maps;
pub mod operand;
pub mod options;
pub mod plan;
pub mod reading;
pub mod work;
