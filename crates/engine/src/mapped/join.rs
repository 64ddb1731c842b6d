//! The parts of a request run at a time, and their answers put together.

use std::future::poll_fn;
use std::task::{Context, Poll};

use dm_core::errno::Errno;

use crate::io::request::{BufMut, Done, IoFuture};

/// How many parts of one request run at a time; what is beyond them begins as they end.
const PARTS_AT_ONCE: usize = 128;

/// The pieces of a buffer, in their order, as one again; none when one is missing.
pub(crate) fn join(pieces: impl Iterator<Item = Option<BufMut>>) -> Option<BufMut> {
    let mut whole: Option<BufMut> = None;
    for piece in pieces {
        let piece = piece?;
        whole = Some(match whole.take() {
            Some(head) => head.join(piece).ok()?,
            None => piece,
        });
    }
    whole
}

/// Runs all parts, the first of them first, and whatever fails, to their end: the first error that comes,
/// and the buffers in the order of the parts.
pub(super) async fn all<'a>(
    parts: impl Iterator<Item = IoFuture<'a>>,
) -> (Result<(), Errno>, Vec<Option<BufMut>>) {
    let mut parts = parts.fuse();
    let mut running: Vec<(usize, IoFuture<'a>)> = Vec::new();
    let mut result = Ok(());
    let mut bufs = Vec::new();
    poll_fn(|context| {
        let mut polled = false;
        loop {
            let before = running.len();
            while running.len() < PARTS_AT_ONCE
                && let Some(part) = parts.next()
            {
                running.push((bufs.len(), part));
                bufs.push(None);
            }
            if running.is_empty() {
                return Poll::Ready(());
            }
            if polled && running.len() == before {
                return Poll::Pending;
            }
            polled = true;
            poll_each(&mut running, context, |number, done| {
                result = result.and(done.result);
                if let Some(place) = bufs.get_mut(number) {
                    *place = done.buf;
                }
            });
        }
    })
    .await;
    (result, bufs)
}

/// Polls each, front to back, and takes out those that end.
fn poll_each(
    running: &mut Vec<(usize, IoFuture<'_>)>,
    context: &mut Context<'_>,
    mut ended: impl FnMut(usize, Done),
) {
    running.retain_mut(|(number, part)| match part.as_mut().poll(context) {
        Poll::Ready(done) => {
            ended(*number, done);
            false
        }
        Poll::Pending => true,
    });
}
