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
/// The kernel's `drivers/md/raid5.c`, `raid5_compute_sector`; the names are those of
/// `Documentation/admin-guide/device-mapper/dm-raid.rst`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// RAID 4: always on the first member.
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
    /// Whether the sector `nth` of the volume is one that has the metadata of a disk: `hpt37x` has them
    /// in sector 9 of each, which on the first of a set is one of the volume's.
    pub fn has_metadata(&self, nth: u64) -> bool {
        self.case.starts_with("hpt37x") && matches!(nth, 9 | 137)
    }

    /// The disks, with the volume's contents.
    ///
    /// # Panics
    ///
    /// When there is no such case.
    pub fn disks(&self) -> Vec<Disk> {
        let case = named(self.case);
        assert!(case.is_some(), "there is no case {}", self.case);
        let mut disks = case.map(|case| case.disks.clone()).unwrap_or_default();
        for nth in (0..self.sectors).filter(|nth| is_filled(*nth) && !self.has_metadata(*nth)) {
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
                Turn::Never => 0,
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
        let read = disks[*nth].image.read_at(at, &mut sector);
        assert!(read.is_ok(), "parity lies past the end of disk {nth}");
    }
    sector
}

fn index(nth: u64) -> usize {
    usize::try_from(nth).unwrap_or(usize::MAX)
}

/// The first of so many disks, from their first sectors on.
fn disks(count: usize) -> Vec<Node> {
    (0..count).map(|nth| Node::Disk(nth, 0)).collect()
}

/// Disks of these numbers, in this order.
fn turned(order: &[usize]) -> Vec<Node> {
    order.iter().map(|nth| Node::Disk(*nth, 0)).collect()
}

/// Two disks from this number on.
fn pair(from: usize) -> Vec<Node> {
    vec![Node::Disk(from, 0), Node::Disk(from + 1, 0)]
}

/// The same where the second begins ten sectors later, as `hpt37x` has it.
fn pair_at_10(from: usize) -> Vec<Node> {
    vec![Node::Disk(from, 0), Node::Disk(from + 1, 10)]
}

/// Disks of one length, one after the other.
fn span(len: u64, order: &[usize]) -> Node {
    Node::Linear(order.iter().map(|nth| (len, Node::Disk(*nth, 0))).collect())
}

/// A mirror of two stripes.
fn mirrored(chunk: u64, halves: [Vec<Node>; 2]) -> Node {
    Node::Mirror(halves.map(|half| Node::Stripe(chunk, half)).into())
}

/// A stripe of two mirrors.
fn striped(chunk: u64, halves: [Vec<Node>; 2]) -> Node {
    Node::Stripe(chunk, halves.map(Node::Mirror).into())
}

/// A row: the case, its set, its length, where it lies, and a disk that it can do without.
type Row = (&'static str, &'static str, u64, Node, Option<usize>);

/// Every set whose contents are known.
#[expect(clippy::too_many_lines, reason = "a table of rows")]
pub fn all() -> Vec<Volume> {
    use Node::{Linear, Mirror, Parity, Stripe};
    let (sil, via, nvidia, jmicron) =
        ("sil_caagbhajaiah", "via_bcdfda", "nvidia_aaaaaaaa", "jmicron_MYRAID");
    let rows: Vec<Row> = vec![
        ("sil-stripe", sil, 119_808, Stripe(128, disks(2)), None),
        ("sil-stripe-3-out-of-order", sil, 179_712, Stripe(128, turned(&[1, 2, 0])), None),
        ("sil-mirror", sil, 60_001, Mirror(disks(2)), Some(0)),
        ("sil-ten", sil, 119_808, mirrored(128, [pair(0), pair(2)]), Some(2)),
        ("sil-jbod", sil, 127_996, span(63_998, &[0, 1]), None),
        ("sil-five", sil, 127_744, Parity(Turn::LeftSymmetric, 128, disks(3)), Some(1)),
        ("via-stripe", via, 130_944, Stripe(64, disks(2)), None),
        ("via-mirror", "via_bcdeic", 65_535, Mirror(disks(2)), Some(1)),
        ("via-span", "via_bcdeic", 131_070, span(65_535, &[1, 0]), None),
        ("via-halves", via, 130_944, mirrored(64, [pair(0), pair(2)]), Some(0)),
        ("nvidia-stripe", nvidia, 130_816, Stripe(128, disks(2)), None),
        ("nvidia-mirror", nvidia, 65_534, Mirror(disks(2)), Some(0)),
        ("nvidia-halves", nvidia, 130_816, mirrored(128, [pair(0), pair(2)]), Some(3)),
        ("nvidia-five", nvidia, 130_816, Parity(Turn::LeftSymmetric, 128, disks(3)), None),
        ("nvidia-jbod", nvidia, 196_602, span(65_534, &[1, 2, 0]), None),
        ("lsi-stripe", "lsi_dafebjijga", 130_816, Stripe(128, disks(2)), None),
        ("lsi-mirror", "lsi_dafebjijga", 65_535, Mirror(disks(2)), Some(1)),
        ("lsi-ten", "lsi_dafebjijga", 130_816, mirrored(128, [pair(0), pair(2)]), Some(1)),
        ("jmicron-stripe", jmicron, 119_936, Stripe(64, disks(2)), None),
        ("jmicron-mirror", jmicron, 60_001, Mirror(disks(2)), Some(0)),
        (
            "jmicron-mirror-base",
            jmicron,
            30_001,
            Mirror(vec![Node::Disk(0, 100), Node::Disk(1, 100)]),
            Some(1),
        ),
        ("jmicron-jbod", jmicron, 120_002, span(60_001, &[1, 0]), None),
        ("jmicron-mirrors", jmicron, 119_936, striped(64, [pair(0), pair(2)]), Some(3)),
        ("hpt37x-stripe", "hpt37x_egga", 119_808, Stripe(128, pair_at_10(0)), None),
        ("hpt37x-mirror", "hpt37x_egga", 59_990, Mirror(pair_at_10(0)), Some(0)),
        (
            "hpt37x-span",
            "hpt37x_egga",
            131_062,
            Linear(vec![(65_536, Node::Disk(0, 0)), (65_526, Node::Disk(1, 10))]),
            None,
        ),
        (
            "hpt37x-stripes-mirrored",
            "hpt37x_bjbb",
            119_808,
            mirrored(128, [pair_at_10(0), pair_at_10(2)]),
            Some(0),
        ),
        (
            "hpt37x-mirrors-striped",
            "hpt37x_bjbb",
            119_808,
            striped(128, [pair_at_10(0), pair_at_10(2)]),
            Some(1),
        ),
        ("hpt45x-stripe", "hpt45x_egga", 119_808, Stripe(128, disks(2)), None),
        ("hpt45x-mirror", "hpt45x_egga", 60_001, Mirror(disks(2)), Some(1)),
        ("hpt45x-span", "hpt45x_egga", 131_050, span(65_525, &[0, 1]), None),
        ("hpt45x-ten", "hpt45x_chibcdjeaa", 119_808, mirrored(128, [pair(0), pair(2)]), Some(2)),
        ("pdc-stripe", "pdc_bbefdcegbc", 119_808, Stripe(128, disks(2)), None),
        ("pdc-mirror", "pdc_bbefdcegbc", 60_001, Mirror(disks(2)), Some(0)),
        ("pdc-span", "pdc_bbefdcegbc", 130_946, span(65_473, &[0, 1]), None),
        ("pdc-ten", "pdc_bbefdcegbc", 119_808, mirrored(128, [pair(0), pair(2)]), Some(3)),
        (
            "pdc-2-arrays",
            "pdc_ibjc",
            20_000,
            Mirror(vec![Node::Disk(0, 30_000), Node::Disk(1, 30_000)]),
            Some(0),
        ),
        ("asr-stripe", "asr_ARRAY1", 59_904, Stripe(128, disks(2)), None),
        ("asr-mirror", "asr_ARRAY1", 30_000, Mirror(disks(2)), Some(1)),
        ("asr-stripes-mirrored", "asr_TEN", 59_904, mirrored(128, [pair(0), pair(2)]), Some(0)),
        ("asr-mirrors-striped", "asr_TEN", 59_904, striped(128, [pair(0), pair(2)]), Some(2)),
        ("isw-stripe", "isw_dafebjijg_Vol0", 199_680, Stripe(256, disks(2)), None),
        ("isw-mirror", "isw_dafebjijg_Vol0", 100_000, Mirror(disks(2)), Some(0)),
        // The other disk is stale, and has nothing.
        ("isw-stale-mirror", "isw_dafebjijg_Vol0", 100_000, Node::Disk(0, 0), Some(1)),
        ("ddf1-stale-mirror", "ddf1_m", 50_000, Node::Disk(0, 0), Some(1)),
        ("pdc-stale-mirror", "pdc_bbefdcegbc", 60_001, Node::Disk(0, 0), Some(1)),
        (
            "isw-five",
            "isw_dafebjijg_Vol5",
            199_936,
            Parity(Turn::LeftAsymmetric, 128, disks(3)),
            Some(2),
        ),
        ("isw-ten", "isw_dafebjijg_Ten", 199_936, striped(128, [pair(0), pair(2)]), Some(1)),
        (
            "isw-two-volumes",
            "isw_dafebjijg_Vol1",
            50_000,
            Mirror(vec![Node::Disk(0, 104_096), Node::Disk(1, 104_096)]),
            Some(1),
        ),
        ("isw-stripe-places", "isw_dafebjijg_Vol0", 199_680, Stripe(256, turned(&[1, 0])), None),
        ("ddf1-stripe", "ddf1_myvd", 99_840, Stripe(128, disks(2)), None),
        ("ddf1-stripe-3-out-of-order", "ddf1_myvd", 149_760, Stripe(128, turned(&[2, 0, 1])), None),
        ("ddf1-stripe-of-1", "ddf1_myvd", 49_920, Node::Disk(0, 0), None),
        ("ddf1-mirror", "ddf1_myvd", 50_001, Mirror(disks(2)), Some(0)),
        ("ddf1-mirror-big", "ddf1_myvd", 50_000, Mirror(disks(2)), Some(1)),
        ("ddf1-mirror-3", "ddf1_myvd", 50_000, Mirror(disks(3)), Some(1)),
        ("ddf1-four", "ddf1_r4", 99_840, Parity(Turn::Never, 128, disks(3)), Some(0)),
        ("ddf1-four-n", "ddf1_r4", 99_840, Parity(Turn::Never, 128, turned(&[2, 0, 1])), Some(1)),
        ("ddf1-five", "ddf1_r5", 99_840, Parity(Turn::LeftSymmetric, 128, disks(3)), Some(0)),
        ("ddf1-five-big", "ddf1_r5", 99_840, Parity(Turn::LeftSymmetric, 128, disks(3)), Some(2)),
        ("ddf1-five-0", "ddf1_r5", 99_840, Parity(Turn::RightAsymmetric, 128, disks(3)), Some(1)),
        ("ddf1-five-1", "ddf1_r5", 99_840, Parity(Turn::RightSymmetric, 128, disks(3)), Some(0)),
        ("ddf1-five-2", "ddf1_r5", 99_840, Parity(Turn::LeftAsymmetric, 128, disks(3)), Some(2)),
        (
            "ddf1-five-adaptec",
            "ddf1_r5",
            99_840,
            Parity(Turn::LeftAsymmetric, 128, disks(3)),
            Some(0),
        ),
        ("ddf1-linux-five", "ddf1_r5", 99_840, Parity(Turn::LeftSymmetric, 128, disks(3)), Some(1)),
        ("ddf1-concat", "ddf1_cat", 100_000, span(50_000, &[0, 1]), None),
        ("ddf1-jbod", "ddf1_single", 50_000, Node::Disk(0, 0), None),
        ("ddf1-ten", "ddf1_ten", 99_840, striped(128, [pair(0), pair(2)]), Some(1)),
        (
            "ddf1-ten-of-6",
            "ddf1_ten",
            149_760,
            Stripe(128, [0, 2, 4].map(|from| Mirror(pair(from))).into()),
            Some(5),
        ),
        ("ddf1-mirror-of-stripes", "ddf1_ten", 99_840, mirrored(128, [pair(0), pair(2)]), Some(2)),
        (
            "ddf1-mirrors-in-a-row",
            "ddf1_ten",
            100_000,
            Linear([0, 2].map(|from| (50_000, Mirror(pair(from)))).into()),
            Some(3),
        ),
        ("ddf1-two-out-of-order", "ddf1_B", 39_936, Stripe(128, disks(2)), None),
        (
            "ddf1-two-on-two",
            "ddf1_B",
            30_000,
            Mirror(vec![Node::Disk(0, 20_000), Node::Disk(1, 20_000)]),
            Some(0),
        ),
        ("ddf1-two-on-four", "ddf1_B", 30_000, Mirror(pair(2)), Some(2)),
        (
            "ddf1-two-on-three",
            "ddf1_B",
            30_000,
            Mirror(vec![Node::Disk(2, 20_000), Node::Disk(0, 20_000)]),
            Some(0),
        ),
    ];
    let volume =
        |(case, set, sectors, node, spare): Row| Volume { case, set, sectors, node, spare };
    rows.into_iter().map(volume).collect()
}
