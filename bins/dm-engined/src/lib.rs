//! dm-engined: the process that owns all userspace devices of a user.
//!
//! ```text
//! dmsetup ──socket──► connections ──► Engine ──► FuseLoops or FuseFiles ──► /dev/loop<N>, files
//!                          ▲             ▲
//!                       worker: starts, ticks, leaves
//!                          ▲
//!                       supervise: starts it, and another when it dies
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`options`] | the command line |
//! | [`serve`] | a daemon of two processes |
//! | `supervise` | the process that looks after the one that serves |
//! | `worker` | the process that serves, to the last device's end |
//! | `holdings` | the open files that the two have together |
//! | `canary` | how the one hears that the other is dying |
//! | `guard` | a killed predecessor's last requests |
//! | `places` | where the daemon has its things |
//! | [`connections`] | the socket's clients |
//! | [`turnstile`] | commands pass, or the daemon leaves: never both |
//! | [`major`] | the major number of the devices |
//! | [`log`] | what is said to whoever looks after it |
//! | [`status`], [`doctor`], [`restart`] | for people |
//! | [`replay`] | the log of a log-writes target |

mod agenda;
mod canary;
pub mod connections;
pub mod doctor;
mod guard;
mod holdings;
pub mod log;
pub mod major;
pub mod options;
mod places;
pub mod replay;
pub mod restart;
pub mod serve;
pub mod status;
mod supervise;
pub mod turnstile;
mod worker;

use std::fmt;

/// Why a command of the daemon's own failed: a line for people, with its causes.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// `text`, as it stands.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What `error` says, and what caused it.
    pub fn of(error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        Self(text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One line: it may travel through a pipe whose reader takes no more.
        f.write_str(&self.0.trim().replace('\n', " "))
    }
}
