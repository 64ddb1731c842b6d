//! How much memory an input may cost.
//!
//! libFuzzer's own limits count its corpus and tables too, and see single allocations only under a sanitizer.
//! This counts what is live, to the byte, and holds each input to [`LIMIT`].

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The most that may be live at once on behalf of one input, in bytes.
pub const LIMIT: usize = 64 << 20;

static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counted.
#[derive(Debug)]
pub struct Counted;

#[global_allocator]
static COUNTED: Counted = Counted;

fn grown(by: usize) {
    let live = LIVE.fetch_add(by, Relaxed) + by;
    PEAK.fetch_max(live, Relaxed);
}

// SAFETY: every call is the system allocator's own.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grown(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        grown(size);
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(at, layout, size) }
    }
}

/// Runs `target` on `input`.
///
/// # Panics
///
/// When it takes more memory than [`LIMIT`], or whatever the target panics for.
pub fn limited(target: fn(&[u8]), input: &[u8]) {
    let before = LIVE.load(Relaxed);
    PEAK.store(before, Relaxed);
    target(input);
    let peak = PEAK.load(Relaxed) - before;
    assert!(peak <= LIMIT, "{peak} bytes for an input of {}", input.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(bytes: usize) {
        drop(std::hint::black_box(vec![1_u8; bytes]));
    }

    // One test: what another allocates at the same time would be counted too.
    #[test]
    fn an_input_may_take_the_limit_and_no_more() {
        limited(|_| takes(LIMIT - (1 << 20)), &[]);
        limited(|_| (0..4).for_each(|_| takes(LIMIT / 2)), &[]);
        let more = std::panic::catch_unwind(|| limited(|_| takes(LIMIT + 1), &[]));
        assert!(more.is_err());
    }
}
