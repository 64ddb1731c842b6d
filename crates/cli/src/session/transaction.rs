//! udev's part in a command that makes, changes or removes a device: the cookie, and who sees to the node.
//!
//! | option or variable | cookie | who makes the node |
//! |---|---|---|
//! | none, udev runs | made, waited for | udev |
//! | none, udev does not run | none | we |
//! | `--noudevsync` | none | udev if it runs, else we |
//! | `--udevcookie`, `DM_UDEV_COOKIE` | joined, not waited for | udev |
//! | `--verifyudev` | made, waited for | we, where udev has not |
//! | `DM_DISABLE_UDEV`, a `DM_DEV_DIR` of one's own | none; made | we |
//!
//! The original leaves the node to udev even where none runs; a device without a node is of use to nobody.
//! Its waits have no end; ours do, and then we make the node.
//!
//! # Source
//!
//! `dm_task_set_cookie` and `_udev_wait` in lvm2's `libdm/libdm-common.c`.

use dm_core::dm::{Reply, Request};
use dm_core::flags::Flags;
use dm_sys::udev::{CookieError, DEADLINE, Transaction as Cookie};

use super::link::Who;
use super::subject::Subject;
use super::{Refusal, Session};
use crate::exit::{Failure, chain};

/// What a uevent tells udev's rules, in the upper half of its cookie.
///
/// # Source
///
/// `DM_UDEV_*_FLAG` in lvm2's `libdm/libdevmapper.h`.
const NO_DM_RULES: u32 = 0x01;
const NO_SUBSYSTEM_RULES: u32 = 0x02;
const NO_LIBRARY_FALLBACK: u32 = 0x20;
const PRIMARY_SOURCE: u32 = 0x40;

/// Who makes, renames and removes nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKeeper {
    /// udev, or the engine.
    Others,
    /// We do.
    Us,
    /// We do where udev has not, and tell of it.
    UsAfterUdev,
}

/// A command that udev hears of.
#[derive(Debug)]
pub struct Transaction<'s, 'a> {
    session: &'s Session<'a>,
    cookie: Option<Cookie>,
    flags: u32,
    keeper: NodeKeeper,
}

impl<'a> Session<'a> {
    /// Begins a command that udev hears of. Somebody must answer by then.
    ///
    /// # Errors
    ///
    /// The cookie cannot be made, or is none.
    pub fn begin(&self) -> Result<Transaction<'_, 'a>, Failure> {
        let udev = self.settings().udev;
        let by_kernel = self.who() == Who::Kernel;
        let cookie = match udev.cookie {
            _ if !by_kernel || !udev.answers || udev.no_sync => None,
            Some(cookie) => Some(Cookie::join(cookie)),
            None => Some(Cookie::create()),
        };
        let cookie = cookie.transpose().map_err(|error| Failure::of(&error))?;
        Ok(Transaction { session: self, cookie, flags: self.rule_flags(), keeper: self.keeper() })
    }

    fn rule_flags(&self) -> u32 {
        let udev = self.settings().udev;
        let no_rules = NO_DM_RULES | NO_SUBSYSTEM_RULES;
        let rules = if udev.no_rules || udev.disabled { no_rules } else { 0 };
        let fallback = if self.is_udevs_alone() { NO_LIBRARY_FALLBACK } else { 0 };
        rules | fallback
    }

    /// Whether the original would leave the nodes to udev, be there one or not.
    fn is_udevs_alone(&self) -> bool {
        let udev = self.settings().udev;
        let usual = self.settings().places.is_usual();
        usual && !udev.disabled && (udev.cookie.is_some() || !udev.verify)
    }

    /// Who sees to nodes.
    pub fn keeper(&self) -> NodeKeeper {
        let udev = self.settings().udev;
        match self.who() {
            Who::Engine if self.settings().places.is_usual() => NodeKeeper::Others,
            Who::Kernel if self.is_udevs_alone() && udev.runs => NodeKeeper::Others,
            Who::Kernel if udev.verify && udev.answers && !udev.no_sync && !udev.no_rules => {
                NodeKeeper::UsAfterUdev
            }
            Who::Engine | Who::Kernel => NodeKeeper::Us,
        }
    }
}

impl Transaction<'_, '_> {
    /// The same, with more that udev's rules are told: `DM_UDEV_*_FLAG`.
    #[must_use]
    pub fn telling(mut self, flags: u32) -> Self {
        self.flags |= flags;
        self
    }

    /// Carries out `request`, whose uevent udev will answer.
    ///
    /// # Errors
    ///
    /// As [`Session::call`].
    pub fn call(&self, mut request: Request, subject: &Subject) -> Result<Reply, Refusal> {
        if self.session.who() == Who::Kernel {
            let base = self.cookie.as_ref().map_or(0, Cookie::base);
            request.event_nr = (self.flags | PRIMARY_SOURCE) << 16 | base;
        }
        let Some(cookie) = &self.cookie else { return self.session.call(&request, subject) };
        cookie.inc().map_err(|error| Failure::of(&error))?;
        let answer = self.session.call(&request, subject);
        let sent = answer
            .as_ref()
            .is_ok_and(|reply| reply.device().flags.contains(Flags::UEVENT_GENERATED));
        if !sent && let Err(error) = cookie.dec() {
            self.session.say(chain(&error));
        }
        answer
    }

    /// Waits until udev is done, and says who is to see to the nodes now.
    ///
    /// # Errors
    ///
    /// The wait failed, other than by its deadline.
    pub fn finish(self) -> Result<NodeKeeper, Failure> {
        let Some(cookie) = self.cookie else { return Ok(self.keeper) };
        match cookie.wait(DEADLINE) {
            Ok(()) => Ok(self.keeper),
            Err(error @ CookieError::Expired { .. }) => {
                self.session.say(format!("{error}. Making nodes without it."));
                Ok(NodeKeeper::Us)
            }
            Err(error) => Err(Failure::of(&error)),
        }
    }
}
