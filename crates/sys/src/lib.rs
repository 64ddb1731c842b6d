//! Every system call that is not engine I/O.
pub mod block;
pub mod control;
pub mod loopdev;
pub mod nodes;
pub mod os;
pub mod paths;
mod raw;
pub mod socket;
pub mod sysfs;
pub mod udev;

/// Whether this test may run, which needs root; says so when it may not.
#[cfg(test)]
pub(crate) fn requires_root() -> bool {
    let root = nix::unistd::geteuid().is_root();
    if !root {
        eprintln!("skipped: needs root");
    }
    root
}
