//! Whether what a target remembers is saved as it is now.

use std::sync::atomic::{AtomicBool, Ordering};

/// Nothing to save at first.
#[derive(Debug, Default)]
pub(super) struct Unsaved(AtomicBool);

impl Unsaved {
    /// What is to be remembered has changed. To be called after it has.
    pub(super) fn note(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it has since it was last saved.
    pub(super) fn is_some(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// `memory` is saved; `now` is asked for what is to be.
    pub(super) fn saved(&self, memory: &str, now: impl FnOnce() -> String) {
        // In this order: whoever changes it after it was compared says so again.
        if self.0.swap(false, Ordering::AcqRel) && now() != memory {
            self.note();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_saved_only_as_it_is_now() {
        let unsaved = Unsaved::default();
        assert!(!unsaved.is_some());
        unsaved.note();
        unsaved.saved("before", || "now".to_owned());
        assert!(unsaved.is_some());
        unsaved.saved("now", || "now".to_owned());
        assert!(!unsaved.is_some());
        unsaved.saved("now", || panic!("nothing to compare"));
    }
}
