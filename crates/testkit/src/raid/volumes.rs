//! Sets with known contents: where each sector of a volume lies on its members, in a few lines that know nothing of the
//! engine, the kernel or the tables.

use dm_core::read_at::ReadAt;
use dm_core::units::Bytes;

use super::{Disk, named};

/// Where a volume's sectors lie.
#[derive(Clone, Debug)]
pub enum Node {
    /// From a sector on, on the disk of this number.
    Disk(usize, u64),
    /// One after the other, each with so many sectors.
    Linear(Vec<(u64, Node)>),
    /// Chunks of so many sectors, dealt in turn.
    Stripe(u64, Vec<Node>),
    /// The same on each.
    Mirror(Vec<Node>),
    /// Chunks of so many sectors, and parity.
    Parity(Turn, u64, Vec<Node>),
}

/// How the parity of a row of chunks, and its data, go round.
///
/// # Source
///
/// The kernel's `drivers/md/raid5.c`, `raid5_compute_sector`; the names are those of `Documentation/admin-guide/
/// device-mapper/dm-raid.rst`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// RAID 4: always on the last member.
    Never,
    /// Parity goes to the left, data begin after it.
    LeftSymmetric,
    /// Parity goes to the right, data begin after it.
    RightSymmetric,
    /// Parity goes to the left, data pass it over.
    LeftAsymmetric,
    /// Parity goes to the right, data pass it over.
    RightAsymmetric,
}

/// A set of disks, and what its device must show.
#[derive(Clone, Debug)]
pub struct Volume {
    /// The case that has the disks.
    pub case: &'static str,
    /// The set that is mapped.
    pub set: &'static str,
    /// How many sectors its device has.
    pub sectors: u64,
    /// Where they lie.
    pub node: Node,
    /// A disk that it can do without.
    pub spare: Option<usize>,
}

/// What the sector `nth` of a volume holds: every eighth byte on, its number.
pub fn content(nth: u64) -> [u8; 512] {
    let word = nth.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1).to_le_bytes();
    let mut sector = [0; 512];
    sector.chunks_exact_mut(8).for_each(|part| part.copy_from_slice(&word));
    sector
}

/// Whether the sector `nth` holds anything: enough of them to have every chunk, and both sides of its edges.
pub fn is_filled(nth: u64) -> bool {
    nth < 300
        || nth.is_multiple_of(61)
        || matches!(nth % 128, 0 | 127)
        || matches!(nth % 64, 0 | 63)
}

impl Volume {
    /// The disks, with the volume's contents.
    ///
    /// # Panics
    ///
    /// When there is no such case.
    pub fn disks(&self) -> Vec<Disk> {
        let mut disks = named(self.case).expect("the case of a volume is there").disks.clone();
        for nth in (0..self.sectors).filter(|nth| is_filled(*nth)) {
            put(&mut disks, &self.node, nth, &content(nth));
        }
        disks
    }
}

fn put(disks: &mut [Disk], node: &Node, at: u64, bytes: &[u8; 512]) {
    match node {
        Node::Disk(nth, start) => disks[*nth].image.put((start + at) * 512, bytes),
        Node::Linear(parts) => {
            let mut at = at;
            for (len, part) in parts {
                if at < *len {
                    return put(disks, part, at, bytes);
                }
                at -= len;
            }
        }
        Node::Stripe(chunk, legs) => {
            let (nth, within) = (at / chunk, at % chunk);
            let count = legs.len() as u64;
            put(disks, &legs[index(nth % count)], nth / count * chunk + within, bytes);
        }
        Node::Mirror(legs) => legs.iter().for_each(|leg| put(disks, leg, at, bytes)),
        Node::Parity(turn, chunk, legs) => {
            let (nth, within, count) = (at / chunk, at % chunk, legs.len() as u64);
            let (row, data) = (nth / (count - 1), nth % (count - 1));
            let parity = match turn {
                Turn::Never => count - 1,
                Turn::LeftSymmetric | Turn::LeftAsymmetric => count - 1 - row % count,
                Turn::RightSymmetric | Turn::RightAsymmetric => row % count,
            };
            let data = match turn {
                Turn::LeftSymmetric | Turn::RightSymmetric => (parity + 1 + data) % count,
                _ if data < parity => data,
                _ => data + 1,
            };
            let at = row * chunk + within;
            put(disks, &legs[index(data)], at, bytes);
            let mut sum = get(disks, &legs[index(parity)], at);
            sum.iter_mut().zip(bytes).for_each(|(sum, byte)| *sum ^= byte);
            put(disks, &legs[index(parity)], at, &sum);
        }
    }
}

/// A sector of a disk that is parity, so far.
fn get(disks: &[Disk], node: &Node, at: u64) -> [u8; 512] {
    let mut sector = [0; 512];
    if let Node::Disk(nth, start) = node {
        let at = Bytes::new((start + at) * 512);
        disks[*nth].image.read_at(at, &mut sector).expect("parity lies on the disk");
    }
    sector
}

fn index(nth: u64) -> usize {
    usize::try_from(nth).unwrap_or(usize::MAX)
}

fn disks(count: usize) -> Vec<Node> {
    (0..count).map(|nth| Node::Disk(nth, 0)).collect()
}

/// Every set whose contents are known.
pub fn all() -> Vec<Volume> {
    let (stripe, mirror) = (|nodes| Node::Stripe(128, nodes), Node::Mirror);
    let halves = || vec![Node::Disk(0, 0), Node::Disk(1, 0)];
    let others = || vec![Node::Disk(2, 0), Node::Disk(3, 0)];
    let sil = "sil_caagbhajaiah";
    let volume = |case, set, sectors, node| Volume { case, set, sectors, node, spare: None };
    vec![
        volume("sil-stripe", sil, 119_808, stripe(disks(2))),
        volume(
            "sil-stripe-3-out-of-order",
            sil,
            179_712,
            stripe(vec![Node::Disk(1, 0), Node::Disk(2, 0), Node::Disk(0, 0)]),
        ),
        Volume { spare: Some(0), ..volume("sil-mirror", sil, 60_001, mirror(disks(2))) },
        volume("sil-ten", sil, 119_808, mirror(vec![stripe(halves()), stripe(others())])),
        volume(
            "sil-jbod",
            sil,
            127_996,
            Node::Linear(vec![(63_998, Node::Disk(0, 0)), (63_998, Node::Disk(1, 0))]),
        ),
        Volume {
            spare: Some(1),
            ..volume("sil-five", sil, 127_744, Node::Parity(Turn::LeftSymmetric, 128, disks(3)))
        },
    ]
}
