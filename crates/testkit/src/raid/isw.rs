//! Intel Matrix Storage (IMSM).

use super::{Case, Disk, Image, Kind, Random};

pub(super) const KIND: Kind = Kind { name: "isw", fixed, odd };

/// Sectors of the disks here, where nothing else is said.
const SECTORS: u64 = 262_144;

/// The commands that tell of sets, and all that look at metadata.
const SETS: [&str; 6] = ["-s", "-s -s", "-s -c", "-s -c -c -c", "-s -g -c -c", "-tay"];
const EVERY: [&str; 10] =
    ["-r", "-r -c", "-r -c -c", "-s", "-s -s", "-s -c", "-s -c -c -c", "-s -g -c -c", "-n", "-tay"];

/// An entry of the disk table.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Serial number, as it is stored.
    pub serial: String,
    /// 1 spare, 2 configured, 4 failed, 8 usable, and more.
    pub status: u32,
    /// SCSI address.
    pub scsi: u32,
    /// Sectors.
    pub sectors: u32,
}

impl Entry {
    fn bytes(&self) -> [u8; 48] {
        let mut out = [0; 48];
        let serial = &self.serial.as_bytes()[..self.serial.len().min(16)];
        out[..serial.len()].copy_from_slice(serial);
        out[0x10..0x14].copy_from_slice(&self.sectors.to_le_bytes());
        out[0x14..0x18].copy_from_slice(&self.scsi.to_le_bytes());
        out[0x18..0x1c].copy_from_slice(&self.status.to_le_bytes());
        out
    }
}

/// A volume.
#[derive(Clone, Debug)]
pub struct Volume {
    /// Its name, at most 16 bytes.
    pub name: Vec<u8>,
    /// 0, 1, 2 (RAID 10), 5; 8 spare.
    pub level: u8,
    /// How many members it has.
    pub members: u8,
    /// How many copies.
    pub domains: u8,
    /// Chunk, in sectors.
    pub stride: u16,
    /// How much of each disk it has.
    pub per_member: u32,
    /// Where it begins on each disk.
    pub start: u32,
    /// 0 normal, 1 uninitialised, 2 degraded, 3 failed.
    pub state: u8,
    /// Whether it changes, and how: 1 is rebuilt.
    pub migration: (u8, u8),
    /// Its size as the firmware has it.
    pub size: u64,
    /// The disks at its places; none: 0, 1, 2 and so on.
    pub places: Option<Vec<u32>>,
}

impl Default for Volume {
    fn default() -> Self {
        Self {
            name: b"Vol0".to_vec(),
            level: 1,
            members: 2,
            domains: 1,
            stride: 128,
            per_member: 100_000,
            start: 0,
            state: 0,
            migration: (0, 0),
            size: 200_000,
            places: None,
        }
    }
}

impl Volume {
    fn bytes(&self) -> Vec<u8> {
        let mut out = vec![0; 0x70];
        out[..self.name.len()].copy_from_slice(&self.name);
        out[0x10..0x18].copy_from_slice(&self.size.to_le_bytes());
        out[0x18] = 0xc;
        (out[0x58], out[0x59]) = self.migration;
        out.extend(self.map());
        if self.migration.0 != 0 {
            out.extend(self.map());
        }
        out
    }

    fn map(&self) -> Vec<u8> {
        let mut out = vec![0; 0x30];
        out[0x00..0x04].copy_from_slice(&self.start.to_le_bytes());
        out[0x04..0x08].copy_from_slice(&self.per_member.to_le_bytes());
        out[0x0c..0x0e].copy_from_slice(&self.stride.to_le_bytes());
        out[0x0e..0x14].copy_from_slice(&[
            self.state,
            self.level,
            self.members,
            self.domains,
            255,
            1,
        ]);
        let usual = (0..self.members).map(u32::from).collect();
        let places = self.places.clone().unwrap_or(usual);
        out.extend(places.iter().flat_map(|place| place.to_le_bytes()));
        out
    }
}

/// What a family's disks have in common.
#[derive(Clone, Debug)]
pub struct Isw {
    /// The disk table.
    pub disks: Vec<Entry>,
    /// The volumes.
    pub volumes: Vec<Volume>,
    /// Version, at most 8 bytes.
    pub version: &'static [u8],
    /// Names the group.
    pub family: u32,
    /// What named it at first, where that is another.
    pub original: Option<u32>,
    /// Rises with every write.
    pub generation: u32,
    /// Bytes of the log of bad blocks.
    pub bad_blocks: u32,
    /// What it says of its own size, its disks and its volumes, where that is wrong.
    pub claims: (Option<u32>, Option<u8>, Option<u8>),
    /// What is added to the checksum.
    pub wrong_by: u32,
}

impl Isw {
    /// A family of so many disks.
    pub fn of(disks: u32, volumes: impl IntoIterator<Item = Volume>) -> Self {
        Self {
            disks: (1..=disks).map(entry).collect(),
            volumes: volumes.into_iter().collect(),
            version: b"1.1.00",
            family: 0x1234_5678,
            original: None,
            generation: 1,
            bad_blocks: 0,
            claims: (None, None, None),
            wrong_by: 0,
        }
    }

    /// Its bytes, to the end of a sector.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = vec![0; 0xd8];
        out.extend(self.disks.iter().flat_map(Entry::bytes));
        out.extend(self.volumes.iter().flat_map(Volume::bytes));
        let len = u32::try_from(out.len()).unwrap_or(u32::MAX);
        let size = self.claims.0.unwrap_or(len);
        let count = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        out[..0x18].copy_from_slice(b"Intel Raid ISM Cfg Sig. ");
        out[0x18..0x18 + self.version.len()].copy_from_slice(self.version);
        for (at, word) in [
            (0x24, size),
            (0x28, self.family),
            (0x2c, self.generation),
            (0x34, 0x8000_0000),
            (0x40, self.original.unwrap_or(self.family)),
            (0x48, self.bad_blocks),
        ] {
            out[at..at + 4].copy_from_slice(&word.to_le_bytes());
        }
        out[0x38] = self.claims.1.unwrap_or(count(self.disks.len()));
        out[0x39] = self.claims.2.unwrap_or(count(self.volumes.len()));
        out.resize(out.len().next_multiple_of(512), 0);
        let summed = usize::try_from(size).unwrap_or(usize::MAX).min(out.len());
        let words =
            out[..summed].chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]));
        let sum = words.fold(self.wrong_by, u32::wrapping_add);
        out[0x20..0x24].copy_from_slice(&sum.to_le_bytes());
        out
    }

    /// An image of so many sectors with it, its first sector that many before the end.
    pub fn image(&self, sectors: u64, back: u64) -> Image {
        put(Image::new("isw", sectors * 512), &self.bytes(), (sectors - back) * 512)
    }

    /// The same, written again after the disk of this number, from 1, has failed: that is noted in the disk table and at
    /// its places.
    #[must_use]
    pub fn after_failure_of(&self, number: u32) -> Self {
        let mut newer = Self { generation: self.generation + 4, ..self.clone() };
        let nth = number - 1;
        for entry in newer.disks.iter_mut().filter(|entry| entry.serial == serial(number)) {
            entry.status |= 4;
        }
        for volume in &mut newer.volumes {
            let usual = (0..volume.members).map(u32::from).collect();
            let places = volume.places.get_or_insert(usual);
            places
                .iter_mut()
                .filter(|place| **place == nth)
                .for_each(|place| *place |= 0x0100_0000);
            volume.state = 2;
        }
        newer
    }

    /// The disk of this number, from 1.
    pub fn disk(&self, number: u32) -> Disk {
        self.known_as(Some(&serial(number)))
    }

    /// A disk with this serial number.
    pub fn known_as(&self, serial: Option<&str>) -> Disk {
        Disk { image: self.image(SECTORS, 2), serial: serial.map(str::to_owned) }
    }

    /// All its disks.
    pub fn all(&self) -> Vec<Disk> {
        (1..).take(self.disks.len()).map(|number| self.disk(number)).collect()
    }
}

/// Its first sector at byte `at`, the others right before.
fn put(image: Image, bytes: &[u8], at: u64) -> Image {
    let (first, rest) = bytes.split_at(512);
    let len = u64::try_from(rest.len()).unwrap_or(0);
    image.with(at, first).with(at - len, rest)
}

fn serial(number: u32) -> String {
    format!("SERIALDISK{number:04}")
}

fn entry(number: u32) -> Entry {
    let sectors = u32::try_from(SECTORS).unwrap_or(u32::MAX);
    Entry { serial: serial(number), status: 0x13a, scsi: u32::MAX, sectors }
}

fn mirror() -> Volume {
    Volume { domains: 2, ..Volume::default() }
}

fn stripe(members: u8) -> Volume {
    Volume { level: 0, members, stride: 256, ..Volume::default() }
}

fn ten() -> Volume {
    Volume { name: b"Ten".to_vec(), members: 4, domains: 2, ..Volume::default() }
}

fn five(members: u8) -> Volume {
    Volume { name: b"Vol5".to_vec(), level: 5, members, ..Volume::default() }
}

/// Named, and behind the first.
fn second(name: &str, volume: Volume) -> Volume {
    Volume { name: name.into(), start: 104_096, per_member: 50_000, ..volume }
}

fn case(name: &str, disks: impl IntoIterator<Item = Disk>) -> Case {
    Case { name: name.to_owned(), disks: disks.into_iter().collect(), differs: Vec::new() }
}

/// Of two disks, with this one volume.
fn pair(name: &str, volume: Volume) -> Case {
    case(name, Isw::of(2, [volume]).all())
}

/// The same, of which only these disks are there.
fn only(family: &Isw, numbers: &[u32]) -> Vec<Disk> {
    numbers.iter().map(|number| family.disk(*number)).collect()
}

fn with_status(mut family: Isw, nth: usize, status: u32) -> Isw {
    family.disks[nth].status = status;
    family
}

fn fixed() -> Vec<Case> {
    let mut all = healthy();
    all.extend(incomplete());
    all.extend(states());
    all.extend(spares());
    all.extend(stale());
    all.extend(positions());
    all.extend(texts());
    all.extend(refused());
    all
}

fn healthy() -> Vec<Case> {
    let mixed = Isw::of(4, [ten(), second("Str", stripe(4))]);
    let two = Isw::of(2, [stripe(2), second("Vol1", mirror())]);
    let reversed = Volume { places: Some(vec![1, 0]), ..stripe(2) };
    vec![
        pair("isw-stripe", stripe(2)),
        pair("isw-stripe-places", reversed)
            .that_differs(&["-s -c -c -c", "-tay"], "dmraid-isw-places"),
        pair("isw-mirror", mirror()),
        case("isw-mirror-out-of-order", only(&Isw::of(2, [mirror()]), &[2, 1])),
        case("isw-five", Isw { version: b"1.2.02", ..Isw::of(3, [five(3)]) }.all()),
        case("isw-ten", Isw::of(4, [ten()]).all()),
        case("isw-ten-level-2", Isw::of(4, [Volume { level: 2, ..ten() }]).all()),
        case("isw-ten-and-stripe", only(&mixed, &[4, 3, 2, 1])),
        case("isw-stripe-6", Isw::of(6, [stripe(6)]).all()),
        case("isw-two-volumes", Isw { version: b"1.2.00", ..two }.all()),
        case(
            "isw-two-families",
            [
                Isw::of(2, [mirror()]).disk(1),
                Isw { family: 5, ..Isw::of(2, [stripe(2)]) }.disk(1),
                Isw::of(2, [mirror()]).disk(2),
                Isw { family: 5, ..Isw::of(2, [stripe(2)]) }.disk(2),
            ],
        ),
        case("isw-no-volumes", Isw::of(2, []).all()),
    ]
}

fn incomplete() -> Vec<Case> {
    let (ten, five) = (Isw::of(4, [ten()]), Isw::of(3, [five(3)]));
    let missing = "dmraid-isw-error-device";
    let newest = "dmraid-isw-newest";
    let newer = Isw { generation: 2, ..Isw::of(2, [Volume { stride: 64, ..stripe(2) }]) };
    vec![
        case("isw-mirror-1-of-2", only(&Isw::of(2, [mirror()]), &[1])),
        case("isw-stripe-1-of-2", only(&Isw::of(2, [stripe(2)]), &[2])),
        case("isw-five-2-of-3", only(&five, &[1, 3])).that_differs(&["-tay"], missing),
        case("isw-five-1-of-3", only(&five, &[2])).that_differs(&["-tay"], missing),
        case("isw-ten-3-of-4", only(&ten, &[1, 3, 4])),
        case("isw-ten-one-each", only(&ten, &[2, 3])),
        case("isw-ten-one-mirror", only(&ten, &[1, 2])),
        case("isw-generations", [Isw::of(2, [mirror()]).disk(1), newer.disk(2)])
            .that_differs(&["-s", "-s -s", "-s -c -c -c", "-s -g -c -c", "-tay"], newest),
        case("isw-generations-reversed", [newer.disk(1), Isw::of(2, [mirror()]).disk(2)])
            .that_differs(&["-s -c -c -c"], newest),
        case(
            "isw-renamed",
            [
                Isw::of(2, [mirror()]).disk(1),
                Isw::of(2, [Volume { name: b"New".to_vec(), ..mirror() }]).disk(2),
            ],
        ),
    ]
}

fn states() -> Vec<Case> {
    let rebuilt = Volume { migration: (1, 1), ..mirror() };
    let bad_blocks = Isw { bad_blocks: 8, ..Isw::of(2, [mirror()]) };
    vec![
        pair("isw-degraded", Volume { state: 2, ..mirror() }),
        pair("isw-rebuilt", rebuilt.clone()),
        pair("isw-rebuilt-degraded", Volume { state: 2, ..rebuilt.clone() }),
        pair("isw-initialised", Volume { migration: (1, 0), state: 1, ..mirror() }),
        pair("isw-failed", Volume { state: 3, ..stripe(2) }),
        case("isw-five-rebuilt", Isw::of(3, [Volume { migration: (1, 1), ..five(3) }]).all()),
        case("isw-names-in-names", Isw::of(2, [rebuilt, second("Vol01", mirror())]).all()),
        case("isw-bad-blocks", bad_blocks.all()),
    ]
}

fn spares() -> Vec<Case> {
    let spare = "dmraid-isw-spare";
    let alone = |family, number| {
        let base = Isw { family, version: b"1.0.00", ..Isw::of(1, []) };
        let mut family = with_status(base, 0, 0x139);
        family.disks[0].serial = serial(number);
        family.disk(number)
    };
    let pair = Isw::of(2, [mirror()]).all();
    vec![
        case("isw-spare", [alone(0x1234_5678, 1)]),
        case("isw-spare-and-mirror", pair.into_iter().chain([alone(0, 3)])),
        case("isw-two-spares", [alone(0, 1), alone(0, 2)]),
        case("isw-spare-in-family", with_status(Isw::of(3, [mirror()]), 2, 0x139).all())
            .that_differs(&SETS, spare),
        case("isw-spare-first", spare_first().all()).that_differs(&SETS, spare),
        case("isw-disk-of-no-volume", Isw::of(3, [mirror()]).all()).that_differs(&SETS, spare),
        case("isw-ten-of-5-disks", Isw::of(5, [ten()]).all()).that_differs(&SETS, spare),
    ]
}

/// Disks that dropped out, and came back; others were only written to a moment later than these.
fn stale() -> Vec<Case> {
    let newest = "dmraid-stale-member";
    let two = Isw::of(2, [mirror()]);
    let failed = two.after_failure_of(2);
    let three = Isw::of(3, [five(3)]);
    let mut gone = failed.clone();
    // As Linux notes a disk that failed.
    gone.disks[1].serial = "ERIALDISK0002:0".into();
    let mut replaced = Isw { family: 7, original: Some(two.family), ..failed.clone() };
    replaced.disks[1] = entry(3);
    replaced.volumes = vec![mirror()];
    let later = Isw { generation: 2, ..two.clone() };
    let five_later = three.after_failure_of(3);
    let out = |name: &str, disks: Vec<Disk>| case(name, disks).that_differs(&SETS, newest);
    vec![
        out("isw-stale-mirror", vec![failed.disk(1), two.disk(2)]),
        out("isw-stale-mirror-first", vec![two.disk(2), failed.disk(1)]),
        out("isw-stale-not-listed", vec![gone.disk(1), two.disk(2)]),
        out("isw-stale-replaced", vec![replaced.disk(1), two.disk(2), replaced.disk(3)]),
        out("isw-stale-five", vec![five_later.disk(1), five_later.disk(2), three.disk(3)]),
        case("isw-older-healthy", [later.disk(1), two.disk(2)]),
    ]
}

/// A family whose first disk is a spare.
fn spare_first() -> Isw {
    let volume = Volume { places: Some(vec![1, 2]), ..mirror() };
    with_status(Isw::of(3, [volume]), 0, 0x139)
}

fn positions() -> Vec<Case> {
    let mirror = Isw::of(2, [mirror()]);
    let pointed = |number| {
        let mut image = mirror.image(SECTORS, 302);
        image.put((SECTORS - 1) * 512, b"$GAFR\x10\x2c\x01\0\0");
        Disk { image, serial: Some(serial(number)) }
    };
    let far = |number, near: Option<&Isw>| {
        let image =
            near.map_or_else(|| Image::new("isw", SECTORS * 512), |near| near.image(SECTORS, 2));
        let image = put(image, &mirror.bytes(), (SECTORS - 2115) * 512);
        Disk { image, serial: Some(serial(number)) }
    };
    let mut foreign = mirror.clone();
    foreign.disks[0].serial = serial(8);
    let wrong = Isw { wrong_by: 1, ..mirror.clone() };
    let failed = with_status(mirror.clone(), 0, 0x13e);
    vec![
        case("isw-hidden-end", [1, 2].map(pointed)),
        case("isw-2115", [1, 2].map(|number| far(number, None))),
        case("isw-2115-behind-foreign", [far(1, Some(&foreign)), far(2, None)]),
        case("isw-2115-behind-wrong", [far(1, Some(&wrong)), far(2, None)]),
        case("isw-2115-behind-failed", [far(1, Some(&failed)), far(2, None)]),
        case("isw-small", [Disk { image: mirror.image(2115, 2), serial: Some(serial(1)) }]),
    ]
}

fn texts() -> Vec<Case> {
    let cut = "dmraid-name-field";
    let full = Volume { name: b"ABCDEFGHIJKLMNOP".to_vec(), size: 0x0102_0304, ..mirror() };
    let mut serials = Isw::of(3, [stripe(3)]);
    for (entry, stored) in serials.disks.iter_mut().zip(["0123456789ABCDEF", "A;B", "AB C"]) {
        entry.serial = stored.into();
    }
    let known = ["xyz0123456789ABCDEF", "A:B", "ABC", "A"].map(|name| serials.known_as(Some(name)));
    let mut addresses = Isw::of(2, [mirror()]);
    addresses.disks[1].scsi = 0x1_0000;
    let version = |version| Isw { version, ..Isw::of(2, [mirror()]) };
    vec![
        pair("isw-name-odd", Volume { name: b"My Vol/1".to_vec(), ..mirror() }),
        pair("isw-name-bytes", Volume { name: b"V\xe4l\x1e".to_vec(), ..mirror() }),
        pair("isw-name-none", Volume { name: Vec::new(), ..mirror() }),
        pair("isw-name-full", full).that_differs(&[&SETS[..], &["-n"]].concat(), cut),
        case("isw-serials", known),
        case("isw-version-1.3.01", version(b"1.3.01").all()),
        case("isw-version-2", version(b"2").all()),
        case("isw-version-full", version(b"1.4.00XY").all())
            .that_differs(&EVERY, "dmraid-isw-version-field"),
        case("isw-addresses", addresses.all()).that_differs(&["-n"], "dmraid-isw-scsi-address"),
    ]
}

fn refused() -> Vec<Case> {
    let claiming = |claims| Isw { claims, ..Isw::of(2, [mirror()]) };
    let overrun = "dmraid-isw-table-past-the-end";
    let statuses = [0x13a, 8, 2, 0x10, 0xc, 1];
    let mut family = Isw::of(6, [stripe(6)]);
    for (entry, status) in family.disks.iter_mut().zip(statuses) {
        entry.status = status;
    }
    vec![
        case("isw-checksum", [Isw { wrong_by: 1, ..Isw::of(2, [mirror()]) }.disk(1)]),
        case("isw-not-listed", [Isw::of(2, [mirror()]).disk(9)]),
        case("isw-no-serial", [Isw::of(2, [mirror()]).known_as(None)]),
        case("isw-statuses", family.all()),
        pair("isw-state-7", Volume { state: 7, ..mirror() }),
        pair("isw-level-7", Volume { level: 7, ..mirror() }),
        pair("isw-level-8", Volume { level: 8, ..mirror() }),
        pair("isw-zero", Volume { per_member: 0, ..mirror() }),
        pair("isw-zero-level-7", Volume { per_member: 0, level: 7, ..mirror() }),
        pair("isw-state-and-level-7", Volume { state: 7, level: 7, ..mirror() }),
        pair("isw-members-0", Volume { members: 0, ..mirror() }),
        pair("isw-domains-0", Volume { domains: 0, ..mirror() }),
        case("isw-size-small", claiming((Some(100), None, None)).all()),
        case("isw-size-0", claiming((Some(0), None, None)).all())
            .that_differs(&EVERY, "dmraid-isw-size-0"),
        case("isw-size-huge", claiming((Some(0x7fff_ffff), None, None)).all())
            .that_differs(&EVERY, "dmraid-isw-before-the-disk"),
        case("isw-disks-200", claiming((None, Some(200), None)).all())
            .that_differs(&EVERY, overrun),
        case("isw-volumes-5", claiming((None, None, Some(5))).all()).that_differs(&EVERY, overrun),
    ]
}

fn odd(random: &mut Random) -> Case {
    let count = random.u8(1..=5);
    let is_damaged = random.once_in(2);
    let names = [[&b"Vol0"[..], b"A-b"], [b"Vol01", b"FIFTEEN-BYTES-X"]];
    // A RAID 5 that lacks a member, or has no data, has another table than in the original.
    let levels = if is_damaged || count < 3 { &[0, 1, 1, 2, 7][..] } else { &[0, 1, 2, 5, 7, 8] };
    let volumes: Vec<Volume> = (0..random.u8(0..=2))
        .map(|nth| Volume {
            name: random.pick(&names[usize::from(nth)]).to_vec(),
            // Nor has one that does not begin with its disks.
            level: random.pick(if nth == 0 { levels } else { &[0, 1, 2, 7, 8] }),
            members: if is_damaged { random.u8(count..=count + 1) } else { count },
            domains: random.u8(1..=2),
            stride: random.pick(&[8, 128, 256]),
            per_member: random.u32(1000..=120_000),
            start: u32::from(nth) * 104_096,
            state: random.pick(&[0, 0, 0, 1, 2, 3, 4]),
            migration: random.pick(&[(0, 0), (0, 0), (1, 0), (1, 1), (2, 9)]),
            size: random.number(),
            places: None,
        })
        .collect();
    let mut family = Isw::of(u32::from(count), volumes);
    for entry in family.disks.iter_mut().filter(|_| is_damaged) {
        entry.status = random.pick(&[0x13a, 0x53a, 0x13e]);
    }
    let disks = (1..=u32::from(count)).map(|number| {
        let mut disk = family.disk(if is_damaged && random.once_in(8) { 9 } else { number });
        if is_damaged && random.once_in(4) {
            // Not its size: what lies elsewhere is not what the checksum is of.
            let at = random.of(0..=0x1fb);
            let at = if at < 0x24 { at } else { at + 4 };
            disk.image = super::flipped(disk.image, (SECTORS - 2) * 512 + at);
        }
        disk
    });
    case("", disks.collect::<Vec<_>>())
}
