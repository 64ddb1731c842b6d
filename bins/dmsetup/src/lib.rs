//! The `dmsetup` command: tables, and everything else that is done to mapped devices by hand or by script.
//!
//! ```text
//! main ─► dispatch ─► personality, options      what was typed
//!             │
//!             └─────► commands/<name>           what it does, over dm_cli::session
//!                        ├─► making, erasing, node_upkeep, per_device, shown, tree, table_text
//!                        └─► report                    of -c, -S and splitname
//! ```
//!
//! A library beside the program, so that completions and the manual are made of the same tables.

pub mod commands;
pub mod ctx;
pub mod dispatch;
pub mod erasing;
pub mod holders;
pub mod making;
pub mod node_upkeep;
pub mod options;
pub mod per_device;
pub mod personality;
pub mod report;
pub mod shown;
pub mod table_text;
pub mod tree;
pub mod usage;
