//! Writing: data, and the parity that goes with it.
//!
//! A request within a row is cut into bands, in each of which the same sectors of some chunks change. The new
//! parity of a band is made in one of two ways, of which the one that reads less is tried first:
//!
//! - *modify*: from the old parity and the old data of those chunks;
//! - *reconstruct*: from the data of the others. With all chunks of the row, nothing is read.
//!
//! With a member lost only one of them can be had: the first if it has data of the others, the second if it has
//! data of those. If it has the parity, data is all there is to write.
//!
//! Data and parity are written at a time. A crash between the two leaves a row that was being written with a wrong
//! parity (the write hole). What was answered is on its members all the same, and is read from there; but what is
//! made of that parity, for a member that was lost before or is later, or cannot read a sector, is wrong, be it
//! in chunks of the row that nobody wrote to.

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use super::health::Lost;
use super::layout::Band;
use super::parity;
use super::set::{Set, Work, together};
use crate::io::range_lock::Hold;
use crate::io::request::{Buf, BufMut, Cx, IoFlags, IoFuture, Op};
use crate::mapped::cut::bytes;

/// A band, with what is to be written to it.
struct Change<'a> {
    band: &'a Band,
    /// A buffer for each chunk of the band.
    data: Vec<Buf>,
    flags: IoFlags,
}

impl Set {
    /// Writes what is within a row of the target.
    ///
    /// # Errors
    ///
    /// `EIO` where redundancy does not make up for what failed.
    pub(super) async fn write(
        &self,
        at: Sectors,
        data: &Buf,
        flags: IoFlags,
        cx: &dyn Cx,
    ) -> Result<(), Errno> {
        self.health.writes().await?;
        let bands = self.geometry.bands(at, data.sectors());
        let start = bands.iter().map(|band| band.inside.start).min().unwrap_or_default();
        let end = bands.iter().map(|band| band.inside.end).max().unwrap_or_default();
        let row = bands.first().map_or(0, |band| band.row);
        let range = self.geometry.on_member(row, start)..self.geometry.on_member(row, end);
        let held = self.rows.hold(range, Hold::Exclusive).await;
        let parts = bands.iter().map(|band| {
            let change = Change { band, data: self.cut(band, at, data), flags };
            Box::pin(self.write_band(change, cx)) as Work<'_, _>
        });
        let results = together(parts.collect()).await;
        drop(held);
        results.into_iter().collect::<Result<(), Errno>>()?;
        // A member may have missed this: that is to be remembered before anybody counts on it.
        self.health.writes().await
    }

    /// The buffers of a band, of a request that begins at `at`.
    fn cut(&self, band: &Band, at: Sectors, data: &Buf) -> Vec<Buf> {
        let row_start = at.get() / self.geometry.row_len().get() * self.geometry.row_len().get();
        let cut = |chunk: usize| {
            let in_row = (chunk as u64).saturating_mul(self.geometry.chunk.get());
            let start = Sectors::new(row_start.saturating_add(in_row));
            let start = start.saturating_add(band.inside.start).saturating_sub(at);
            data.slice(bytes(start)..bytes(start.saturating_add(band.len())))
        };
        band.chunks.clone().map(cut).collect()
    }

    async fn write_band(&self, change: Change<'_>, cx: &dyn Cx) -> Result<(), Errno> {
        let row = change.band.row;
        let lost = match self.health.lost() {
            Lost::Nothing => None,
            Lost::One(member) => Some(member),
            Lost::More => return Err(Errno::EIO),
        };
        let parity = self.geometry.parity(row);
        let mut writes = Vec::with_capacity(change.data.len() + 1);
        if lost != Some(parity) {
            writes.push((parity, self.new_parity(&change, lost, cx).await?));
        }
        for (chunk, data) in change.band.chunks.clone().zip(&change.data) {
            let member = self.geometry.member(row, chunk);
            if lost != Some(member) {
                writes.push((member, data.clone()));
            }
        }
        let at = self.geometry.on_member(row, change.band.inside.start);
        let sent: Vec<IoFuture<'_>> = writes
            .iter()
            .map(|(member, buf)| self.send(*member, (at, Op::Write(buf.clone())), change.flags, cx))
            .collect();
        for ((member, _), answer) in writes.iter().zip(together(sent).await) {
            if let Err(errno) = answer.result {
                self.fail(*member, errno);
            }
        }
        if self.health.lost() == Lost::More { Err(Errno::EIO) } else { Ok(()) }
    }

    /// The parity of a band once it is changed.
    async fn new_parity(
        &self,
        change: &Change<'_>,
        lost: Option<usize>,
        cx: &dyn Cx,
    ) -> Result<Buf, Errno> {
        let (band, row) = (change.band, change.band.row);
        let member = |chunk: usize| self.geometry.member(row, chunk);
        let written = band.chunks.clone().map(member);
        let modify: Vec<usize> = written.chain([self.geometry.parity(row)]).collect();
        let others = (0..self.geometry.data()).filter(|chunk| !band.chunks.contains(chunk));
        let reconstruct: Vec<usize> = others.map(member).collect();
        let mut ways = [&reconstruct, &modify];
        ways.sort_by_key(|members| members.len());
        let at = self.geometry.on_member(row, band.inside.start);
        let can_be_read = |members: &&Vec<usize>| lost.is_none_or(|lost| !members.contains(&lost));
        let mut failed = Errno::EIO;
        for members in ways.into_iter().filter(can_be_read) {
            match self.read_all(members, (at, band.len()), None, cx).await {
                Ok(old) => return Ok(sum(old, &change.data)),
                Err((errno, _)) => failed = errno,
            }
        }
        Err(failed)
    }
}

/// The sum of what was read and of what is to be written, of which there is something.
fn sum(old: Vec<BufMut>, new: &[Buf]) -> Buf {
    let (mut old, mut new) = (old.into_iter(), new.iter());
    let first = old.next().or_else(|| new.next().map(|buf| BufMut::copy_of(buf)));
    let mut sum = first.unwrap_or_else(|| BufMut::zeroed(0));
    old.for_each(|buf| parity::add(&mut sum, &buf));
    new.for_each(|buf| parity::add(&mut sum, buf));
    sum.freeze()
}
