//! `Adaptec HostRAID`.

use super::{Case, Image, Kind, OF_DISKS, OF_SETS, Random};

pub(super) const KIND: Kind = Kind { name: "asr", fixed, odd };

/// Sectors of the disks here.
const SECTORS: u64 = 65536;

/// Where the table lies, where nothing else is said.
const TABLE: u64 = SECTORS - 17;

/// The magic of the first disk; the others count on.
const DISK: u32 = 0x1000;

/// The levels a line can have.
const ARRAY: u8 = 1;
const ARRAYS: u8 = 3;

/// The types a line can have.
const STRIPE: u8 = 0;
const MIRROR: u8 = 1;
const SPARE: u8 = 0xfe;

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Members of an array.
    pub members: u16,
    /// Magic of the disk or the array.
    pub magic: u32,
    /// 0 disk, 1 array, 3 array of arrays.
    pub level: u8,
    /// 0 RAID 0, 1 RAID 1, 0xfe spare.
    pub kind: u8,
    /// 3 for a disk that failed.
    pub state: u8,
    /// Host adapter, channel, unit.
    pub place: [u8; 3],
    /// SCSI id.
    pub id: u32,
    /// Size.
    pub sectors: u32,
    /// Chunk.
    pub stride: u16,
    /// Name.
    pub name: [u8; 16],
}

impl Default for Line {
    fn default() -> Self {
        Self {
            members: 0,
            magic: DISK,
            level: 0,
            kind: MIRROR,
            state: 0,
            place: [0; 3],
            id: 0,
            sectors: 30_000,
            stride: 128,
            name: [0; 16],
        }
    }
}

impl Line {
    fn bytes(&self) -> [u8; 64] {
        let mut out = [0; 64];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x00, &self.members.to_be_bytes());
        put(0x02, &[0, 1]);
        put(0x04, &self.magic.to_be_bytes());
        put(0x08, &[self.level, self.kind, self.state, 0x10, 1]);
        put(0x0d, &self.place);
        put(0x10, &self.id.to_be_bytes());
        put(0x18, &self.sectors.to_be_bytes());
        put(0x1c, &self.stride.to_be_bytes());
        put(0x30, &self.name);
        out
    }
}

/// What the metadata of one disk say.
#[derive(Clone, Debug)]
pub struct Asr {
    /// The disk's magic.
    pub disk: u32,
    /// Marks of the reserved block.
    pub marks: (u32, u32),
    /// Version of the reserved block.
    pub version: u8,
    /// The table's sector.
    pub table: u32,
    /// The table's magic.
    pub magic: u32,
    /// The table's version.
    pub table_version: u32,
    /// How many lines there may be, and how long they are.
    pub lines_max: u16,
    /// How long a line is said to be.
    pub line_len: u16,
    /// How much the checksum is more than it should be.
    pub off_by: u16,
    /// The table's flags.
    pub flags: u8,
    /// The lines.
    pub lines: Vec<Line>,
}

impl Asr {
    /// The metadata of the disk of this magic, with these lines.
    pub fn new(disk: u32, lines: &[Line]) -> Self {
        Self {
            disk,
            marks: (0x37fc_4d1e, 0x4450_544d),
            version: 8,
            table: u32::try_from(TABLE).unwrap_or(u32::MAX),
            magic: 0x9007_65c4,
            table_version: 1,
            lines_max: 127,
            line_len: 64,
            off_by: 0,
            flags: 0,
            lines: lines.to_vec(),
        }
    }

    fn block(&self) -> [u8; 512] {
        let mut out = [0; 512];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x000, &self.marks.0.to_be_bytes());
        put(0x03f, &[self.version]);
        put(0x040, &self.disk.to_be_bytes());
        put(0x100, &self.marks.1.to_be_bytes());
        put(0x104, &self.table.to_be_bytes());
        out
    }

    fn table(&self) -> Vec<u8> {
        let lines = self.lines.iter().flat_map(Line::bytes).collect::<Vec<u8>>();
        let count = u16::try_from(self.lines.len()).unwrap_or(u16::MAX);
        let sum = lines.iter().fold(self.off_by, |sum, byte| sum.wrapping_add((*byte).into()));
        let mut out = [0; 64];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x00, &self.magic.to_be_bytes());
        put(0x04, &self.table_version.to_be_bytes());
        put(0x08, &self.lines_max.to_be_bytes());
        put(0x0a, &count.to_be_bytes());
        put(0x0c, &self.line_len.to_be_bytes());
        put(0x0e, &sum.to_be_bytes());
        put(0x1c, &[0x12, 0x34, 0x56, 0x78, self.flags]);
        [&out[..], &lines].concat()
    }

    /// A disk of the usual size.
    pub fn disk(&self) -> Image {
        Image::new("asr", SECTORS * 512)
            .with(u64::from(self.table) * 512, &self.table())
            .with((SECTORS - 1) * 512, &self.block())
    }
}

/// A name of 16 bytes, with zeros where there are less.
fn name(text: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    out.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
    out
}

/// A set of so many disks: the array's line, and theirs, which have no names.
fn set(kind: u8, disks: u32) -> Vec<Line> {
    let members = u16::try_from(disks).unwrap_or(u16::MAX);
    let array = Line {
        members,
        magic: 0xa0a0_a0a0,
        level: ARRAY,
        kind,
        sectors: 60_000,
        name: *b"ARRAY1          ",
        ..Line::default()
    };
    let disk = |nth| Line { magic: DISK + nth, kind, id: nth, ..Line::default() };
    [array].into_iter().chain((0..disks).map(disk)).collect()
}

/// A set of two sets of two.
fn two_level(above: u8, below: u8) -> Vec<Line> {
    let named = Line { name: name(b"TEN"), members: 2, ..Line::default() };
    let top = Line { magic: 0xaaaa_0000, level: ARRAYS, kind: above, sectors: 60_000, ..named };
    let half = |half: u32| {
        let array = Line { magic: 0xbbbb_0001 + half, level: ARRAY, kind: below, ..named };
        let disk = |nth: u32| Line {
            members: 0,
            magic: DISK + 2 * half + nth,
            kind: below,
            id: 2 * half + nth,
            ..named
        };
        [array, disk(0), disk(1)]
    };
    [top].into_iter().chain(half(0)).chain(half(1)).collect()
}

/// The disks of these numbers, with the same lines.
fn disks(numbers: impl IntoIterator<Item = u32>, lines: &[Line]) -> Vec<Image> {
    disks_with(numbers, lines, |asr| asr)
}

/// The same, with something changed.
fn disks_with(
    numbers: impl IntoIterator<Item = u32>,
    lines: &[Line],
    with: fn(Asr) -> Asr,
) -> Vec<Image> {
    numbers.into_iter().map(|nth| with(Asr::new(DISK + nth, lines)).disk()).collect()
}

/// The set of two, its array's line changed.
fn array_with(kind: u8, with: fn(Line) -> Line) -> Vec<Line> {
    let mut lines = set(kind, 2);
    lines[0] = with(lines[0]);
    lines
}

/// Two members whose lines are changed.
fn members_with(kind: u8, with: fn(u16, Line) -> Line) -> Vec<Line> {
    let changed = |(nth, line): (u16, Line)| if nth == 0 { line } else { with(nth - 1, line) };
    (0..).zip(set(kind, 2)).map(changed).collect()
}

fn spare_lines(members: u16) -> Vec<Line> {
    let array = Line { members, magic: u32::MAX, level: ARRAY, kind: SPARE, ..Line::default() };
    let size = u32::try_from(SECTORS).unwrap_or(u32::MAX);
    [array, Line { magic: 0x2222, kind: SPARE, ..Line::default() }]
        .map(|line| Line { sectors: size, ..line })
        .to_vec()
}

fn fixed() -> Vec<Case> {
    [levels(), two_levels(), spares(), names(), lines(), headers()].concat()
}

fn levels() -> Vec<Case> {
    vec![
        Case::new("asr-stripe", disks(0..2, &set(STRIPE, 2))),
        Case::new("asr-stripe-out-of-order", disks([2, 0, 1], &set(STRIPE, 3))),
        Case::new("asr-stripe-1-of-2", disks([0], &set(STRIPE, 2))),
        Case::new("asr-mirror", disks(0..2, &set(MIRROR, 2))),
        Case::new("asr-mirror-out-of-order", disks([1, 0], &set(MIRROR, 2))),
        Case::new("asr-mirror-1-of-2", disks([0], &set(MIRROR, 2))),
        Case::new("asr-mirror-3", disks(0..3, &set(MIRROR, 3))),
        Case::new(
            "asr-mirror-failed",
            disks(
                0..2,
                &members_with(MIRROR, |nth, line| Line {
                    state: if nth == 1 { 3 } else { 0 },
                    ..line
                }),
            ),
        ),
        Case::new(
            "asr-mirror-rebuilding",
            disks(0..2, &members_with(MIRROR, |_, line| Line { state: 0x23, ..line })),
        ),
        Case::new("asr-five", disks(0..3, &set(5, 3))),
        Case::new("asr-redirect", disks(0..2, &set(0xff, 2))),
    ]
}

fn two_levels() -> Vec<Case> {
    let shape = "dmraid-asr-stripe-of-mirrors";
    let zeros = "dmraid-missing-as-zeros";
    let line = "dmraid-half-a-mirror";
    let one_half: Vec<Line> = two_level(MIRROR, STRIPE).into_iter().take(4).collect();
    let no_array: Vec<Line> =
        two_level(MIRROR, STRIPE).into_iter().filter(|line| line.level != ARRAY).collect();
    vec![
        Case::new("asr-mirrors-striped", disks(0..4, &two_level(STRIPE, MIRROR)))
            .that_differs(&["-s", "-s -s", "-s -c -c -c", "-s -g -c -c", "-tay"], shape),
        Case::new("asr-mirrors-striped-3-of-4", disks(0..3, &two_level(STRIPE, MIRROR)))
            .that_differs(&["-s", "-s -s", "-s -c -c -c", "-s -g -c -c", "-tay"], shape),
        Case::new("asr-stripes-mirrored", disks(0..4, &two_level(MIRROR, STRIPE))),
        Case::new(
            "asr-stripes-mirrored-out-of-order",
            disks([3, 1, 2, 0], &two_level(MIRROR, STRIPE)),
        )
        .that_differs(&["-s -s", "-s -c -c -c", "-tay"], "dmraid-asr-order"),
        Case::new("asr-stripes-mirrored-3-of-4", disks(0..3, &two_level(MIRROR, STRIPE)))
            .that_differs(&["-tay"], zeros),
        Case::new("asr-mirrors-mirrored", disks(0..4, &two_level(MIRROR, MIRROR))),
        Case::new("asr-stripes-mirrored-1-of-2", disks(0..2, &one_half))
            .that_differs(&["-tay"], line),
        Case::new("asr-two-levels-without-arrays", disks(0..2, &no_array)),
    ]
}

fn spares() -> Vec<Case> {
    let spare = |members| Asr::new(0x2222, &spare_lines(members)).disk();
    let [first, second] = [0, 1].map(|nth| Asr::new(DISK + nth, &set(MIRROR, 2)).disk());
    vec![
        Case::new("asr-spare", [spare(1)]),
        Case::new("asr-spare-beside-mirror", [first, spare(1), second]),
        Case::new("asr-spare-that-counts-none", [spare(0)]),
        Case::new("asr-spares", [spare(1), spare(1)]),
    ]
}

fn names() -> Vec<Case> {
    let pair = |text: &[u8]| {
        let mut lines = set(MIRROR, 2);
        lines[0].name = name(text);
        disks(0..2, &lines)
    };
    let own = members_with(STRIPE, |nth, line| Line {
        name: name(if nth == 0 { b"ONE" } else { b"TWO" }),
        ..line
    });
    let second: Vec<Line> = set(STRIPE, 2)
        .into_iter()
        .map(|line| Line { magic: line.magic.wrapping_add(0x100), name: name(b"A"), ..line })
        .collect();
    let [one, two] = [0, 1].map(|nth| Asr::new(DISK + nth, &set(MIRROR, 2)).disk());
    let [three, four] = [0x100, 0x101].map(|nth| Asr::new(DISK + nth, &second).disk());
    vec![
        Case::new("asr-name-16", pair(b"ABCDEFGHIJKLMNOP")),
        Case::new("asr-name-none", pair(b"")),
        Case::new("asr-name-blank", pair(b"                ")),
        Case::new("asr-name-with-blanks", pair(b"My Array        ")),
        Case::new("asr-name-blanks-before-zeros", pair(b"AB  ")),
        Case::new("asr-name-zero-within", pair(b"A\0B")),
        Case::new("asr-name-not-ascii", pair("r\u{e4}id/1".as_bytes())),
        Case::new("asr-names-of-their-own", disks(0..2, &own)),
        Case::new("asr-two-sets-by-name", [one, three, two, four]),
    ]
}

fn lines() -> Vec<Case> {
    let beside: Vec<Line> =
        (0..10).map(|nth| Line { magic: 0x5000 + nth, ..Line::default() }).collect();
    let many = |count: usize| [&set(MIRROR, 2)[..], &beside.repeat(13)[..count]].concat();
    let wide = |mut asr: Asr| {
        (asr.lines_max, asr.table) = (300, 1000);
        asr
    };
    let overrun = "dmraid-asr-too-many-lines";
    let unknown = "dmraid-asr-stranger";
    let mut twice = set(STRIPE, 2);
    twice.extend(array_with(MIRROR, |line| Line { magic: 0xb0b0_b0b0, ..line }));
    let mut after = set(STRIPE, 2);
    after.rotate_left(1);
    let far =
        members_with(STRIPE, |nth, line| Line { place: [1 - u8::from(nth > 0), 0, 0], ..line });
    let high = members_with(STRIPE, |nth, line| Line {
        id: if nth == 0 { 0x8000_0000 } else { 5 },
        ..line
    });
    vec![
        Case::new("asr-7-lines", disks(0..2, &many(4))),
        Case::new("asr-8-lines", disks(0..2, &many(5))),
        Case::new("asr-126-lines", disks(0..2, &many(123))),
        Case::new("asr-127-lines", disks(0..2, &many(124))),
        Case::new("asr-128-lines", disks_with(0..2, &many(125), wide))
            .that_differs(OF_DISKS, overrun)
            .that_differs(OF_SETS, overrun),
        Case::new("asr-disk-unknown", disks([7], &set(MIRROR, 2)))
            .that_differs(OF_DISKS, unknown)
            .that_differs(OF_SETS, unknown),
        Case::new("asr-disk-in-two-arrays", disks(0..2, &twice)),
        Case::new("asr-array-after-disks", disks(0..2, &after)),
        Case::new("asr-no-array", disks([0], &set(MIRROR, 2)[1..])),
        Case::new("asr-order-by-adapter", disks(0..2, &far)),
        Case::new("asr-order-by-id", disks(0..2, &high)).that_differs(&["-n"], "dmraid-asr-signs"),
        Case::new(
            "asr-zero-sectors",
            disks(0..2, &members_with(MIRROR, |_, line| Line { sectors: 0, ..line })),
        ),
        Case::new(
            "asr-strides",
            disks(0..2, &members_with(STRIPE, |nth, line| Line { stride: 128 >> nth, ..line })),
        ),
        Case::new(
            "asr-stride-of-array",
            disks(0..2, &array_with(STRIPE, |line| Line { stride: 64, ..line })),
        ),
        Case::new(
            "asr-kind-of-array",
            disks(0..2, &array_with(STRIPE, |line| Line { kind: MIRROR, ..line })),
        ),
    ]
}

fn headers() -> Vec<Case> {
    let pair = |with: fn(Asr) -> Asr| disks_with(0..2, &set(MIRROR, 2), with);
    let past = "dmraid-asr-past-the-end";
    vec![
        Case::new("asr-checksum", pair(|asr| Asr { off_by: 1, ..asr })),
        Case::new(
            "asr-checksum-of-version-2",
            pair(|asr| Asr { off_by: 1, table_version: 2, ..asr }),
        ),
        Case::new("asr-version-7", pair(|asr| Asr { version: 7, ..asr })),
        Case::new("asr-mark", pair(|asr| Asr { marks: (asr.marks.0, 0), version: 7, ..asr })),
        Case::new("asr-table-magic", pair(|asr| Asr { magic: 0x1111_1111, ..asr })),
        Case::new("asr-line-60", pair(|asr| Asr { line_len: 60, ..asr })),
        Case::new("asr-no-lines", pair(|asr| Asr { lines: Vec::new(), ..asr })),
        Case::new(
            "asr-as-many-lines-as-may-be",
            pair(|asr| Asr { lines_max: 3, line_len: 60, ..asr }),
        ),
        Case::new("asr-flags", pair(|asr| Asr { flags: 0x81, ..asr })),
        Case::new("asr-table-elsewhere", pair(|asr| Asr { table: 1000, ..asr })),
        Case::new("asr-table-at-the-end", pair(|asr| Asr { table: 65533, ..asr })),
        Case::new("asr-table-past-the-end", pair(|asr| Asr { table: u32::MAX, ..asr }))
            .that_differs(OF_DISKS, past)
            .that_differs(OF_SETS, past),
    ]
}

fn odd(random: &mut Random) -> Case {
    // The original crashes on a disk without a line, and on arrays of arrays that are in disorder.
    let lines: Vec<Line> = (0..random.u32(4..=9))
        .map(|nth| Line {
            members: random.pick(&[0, 2, 2, 3]),
            magic: DISK + if nth < 4 { nth } else { random.u32(0..=3) },
            level: random.pick(&[0, ARRAY]),
            kind: random.pick(&[STRIPE, MIRROR, 5]),
            state: random.pick(&[0, 0, 0, 3]),
            place: [random.u8(0..=1), 0, 0],
            id: random.u32(0..=3),
            sectors: random.pick(&[30_000, 60_000, 0, u32::MAX >> 1]),
            stride: random.pick(&[128, 128, 64, 0]),
            name: name(random.pick(&[&b"A"[..], b"B ", b"", b"ABCDEFGHIJKLMNO"])),
        })
        .collect();
    let members = random.of(1..=4);
    let disks = (0..members).map(|_| {
        let mut asr = Asr::new(DISK + random.u32(0..=3), &lines);
        asr.table = random.pick(&[asr.table, asr.table, 1000, 65530]);
        asr.off_by = random.pick(&[0, 0, 1]);
        let image = asr.disk();
        let at = random.pick(&[TABLE, SECTORS - 1]) * 512 + random.of(8..=0x3f);
        if random.once_in(4) { super::flipped(image, at) } else { image }
    });
    Case::new("", disks.collect::<Vec<_>>())
}
