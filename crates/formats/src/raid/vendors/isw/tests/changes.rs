//! What is written where sets are made and changed. The numbers were recorded from dmraid 1.0.0.rc16-12.

use alloc::string::String;
use alloc::vec::Vec;

use dm_core::read_at::ReadAt as _;
use dm_core::units::{Bytes, Sectors};
use dm_testkit::raid::Image;
use dm_testkit::raid::isw::{Isw as Family, Volume};

use super::*;
use crate::raid::manage::{self, Answer, Candidate, Created, Manage as _, NewSet, Plan};
use crate::raid::{Found, Log, sets};

const SECTORS: u64 = 1_048_576;
const MOMENT: u32 = 1_795_835_183;

/// Disks that plans are carried out on.
struct Lab(Vec<(String, Image)>);

impl Lab {
    fn of(sizes: impl IntoIterator<Item = u64>) -> Self {
        let disk = |(nth, sectors): (u32, u64)| {
            (alloc::format!("SERIALDISK{nth:04}"), Image::new("disk", sectors * 512))
        };
        Self((1..).zip(sizes).map(disk).collect())
    }

    fn found(&self) -> Vec<Option<Found>> {
        let read = |(serial, image): &(String, Image)| {
            let serial = Some(serial.as_bytes());
            raid::read(&Disk { path: b"/dev/x", serial, source: image }, &[&TYPE]).found
        };
        self.0.iter().map(read).collect()
    }

    fn with<T>(&self, act: impl FnOnce(&[Candidate<'_>]) -> T) -> T {
        let found = self.found();
        let candidate = |((serial, image), found): (&'_ (String, Image), _)| -> (_, _, _) {
            (serial.clone(), image.size().whole_sectors(), found)
        };
        let known: Vec<(String, Sectors, Option<Found>)> =
            self.0.iter().zip(found).map(candidate).collect();
        let disks: Vec<Candidate<'_>> = (known.iter())
            .map(|(serial, len, found)| Candidate {
                path: b"/dev/x",
                serial: Some(serial.as_bytes()),
                len: *len,
                scsi: None,
                found: found.as_ref(),
            })
            .collect();
        act(&disks)
    }

    fn write(&mut self, plan: &Plan) {
        for (disk, patches) in plan {
            for patch in patches {
                self.0[*disk].1.put(patch.at.get(), &patch.bytes);
            }
        }
    }

    fn create(&mut self, name: &str, level: &str, members: &[usize]) -> Answer<Created> {
        self.create_of(name, level, members, (None, None))
    }

    fn create_of(
        &mut self,
        name: &str,
        level: &str,
        members: &[usize],
        (size, stride): (Option<u64>, Option<u64>),
    ) -> Answer<Created> {
        let new = NewSet {
            name: name.as_bytes(),
            level: level.as_bytes(),
            size: size.map(Sectors::new),
            stride: stride.map(Sectors::new),
            members,
            now: MOMENT,
        };
        let created = self.with(|disks| manage::create(&TYPE, disks, &new))?;
        self.write(&created.plan);
        Ok(created)
    }

    /// What is refused, as the original says it.
    fn refuses(&mut self, name: &str, level: &str, members: &[usize]) -> String {
        let refused = self.create(name, level, members).unwrap_err();
        String::from_utf8(refused.text).unwrap()
    }

    /// The MPB of a disk.
    fn mpb(&self, disk: usize) -> Option<mpb::Mpb> {
        self.with(|disks| create::parsed(&disks[disk]))
    }

    /// Its family number, checksum, size, generation and version.
    fn facts(&self, disk: usize) -> (u32, u32, u32, u32, String) {
        let mpb = self.mpb(disk).unwrap();
        let fields = mpb.fields();
        let version = mpb.bytes()[0x18..0x1e].to_vec();
        let numbers = [0x28, 0x20, 0x24, 0x2c].map(|at| fields.u32(at));
        let [family, sum, size, generation] = numbers;
        (family, sum, size, generation, String::from_utf8(version).unwrap())
    }

    /// The sets as they are checked: their names, kinds and status.
    fn sets(&self) -> Vec<String> {
        let found = self.found();
        let on_disk = |(disk, found): (usize, &'_ Option<Found>)| found.clone().map(|f| (disk, f));
        let all: Vec<(usize, Found)> = found.iter().enumerate().filter_map(on_disk).collect();
        let (mut log, path) = (Log::default(), &b"/dev/x"[..]);
        let mut sets = sets::group(
            all.iter().map(|(disk, found)| sets::OnDisk { disk: *disk, path, found }),
            &mut log,
        );
        sets::check(&mut sets, &mut log);
        let shown = |set: &sets::RaidSet| {
            let name = String::from_utf8_lossy(&set.name).into_owned();
            alloc::format!("{name} {} {} {}", set.kind_name(), set.size(), set.status)
        };
        sets.iter().flat_map(|group| group.subsets.iter().map(shown)).collect()
    }
}

#[test]
fn a_mirror_is_made() {
    let mut lab = Lab::of([SECTORS; 2]);
    let created = lab.create("Mirror", "1", &[0, 1]).unwrap();
    assert_eq!((created.level, created.size.get(), created.stride), ("RAID1", 1_039_022, None));
    assert_eq!(lab.facts(1), (0xdad1_822e, 0x256a_415b, 480, 0, "1.1.00".into()));
    assert_eq!(lab.sets(), ["isw_dghbbgdedi_Mirror mirror 1039360 ok"]);
}

#[test]
fn a_second_volume_goes_behind_the_first_and_a_third_nowhere() {
    let mut lab = Lab::of([SECTORS; 2]);
    lab.create_of("Raid0", "0", &[0, 1], (Some(204_800), Some(16))).unwrap();
    let second = lab.create("Second", "1", &[0, 1]).unwrap();
    assert_eq!(second.size.get(), 936_358);
    assert_eq!(lab.facts(0), (0xcbac_09fb, 0x6a7c_eabb, 648, 1, "1.2.00".into()));
    assert_eq!(lab.refuses("Third", "1", &[0, 1]), "isw: only two volumes allowed per array");
}

#[test]
fn a_deleted_volume_leaves_the_other() {
    let mut lab = Lab::of([SECTORS; 2]);
    lab.create_of("Raid0", "0", &[0, 1], (Some(204_800), Some(16))).unwrap();
    lab.create("Second", "1", &[0, 1]).unwrap();
    let name = [&lab.found()[0].as_ref().unwrap().record.name[..], b"_Raid0"].concat();
    let plan = lab.with(|disks| manage::delete(&TYPE, disks, &name)).unwrap();
    lab.write(&plan);
    assert_eq!(lab.facts(0), (0xcbac_09fb, 0x040e_bc6a, 480, 1, "1.1.00".into()));
    lab.create("Again", "0", &[0, 1]).unwrap();
    assert_eq!(lab.facts(0), (0xcbac_09fb, 0x6f74_da69, 648, 2, "1.2.00".into()));
    let group = lab.found()[0].as_ref().unwrap().record.name.clone();
    let plan = lab.with(|disks| manage::delete(&TYPE, disks, &group)).unwrap();
    lab.write(&plan);
    for (_, image) in &lab.0 {
        assert!(image.written().all(|(_, bytes)| bytes.iter().all(|byte| *byte == 0)));
    }
}

#[test]
fn five_members_are_initialised_one_after_the_other() {
    let mut lab = Lab::of([SECTORS; 5]);
    let created = lab.create("Five", "5", &[0, 1, 2, 3, 4]).unwrap();
    assert_eq!((created.size.get(), created.stride), (4_156_088, Some(Sectors::new(128))));
    let (family, sum, size, _, version) = lab.facts(4);
    // This one was recorded a second later.
    assert_eq!((family, sum), (0x219a_f3cb - 1, 0xf9c6_9631_u32.wrapping_sub(2)));
    assert_eq!((size, &*version), (704, "1.2.04"));
}

#[test]
fn a_set_that_cannot_be_is_refused() {
    let mut lab = Lab::of([SECTORS; 4]);
    assert_eq!(lab.refuses("A", "7", &[0, 1]), "isw: unsupported raid level");
    assert_eq!(lab.refuses("A", "x", &[0, 1]), "failed to provide a valid RAID type");
    assert_eq!(
        lab.refuses("A", "1", &[0, 1, 2]),
        "isw: the RAID set cannot have more than 2 hard drives"
    );
    assert_eq!(
        lab.refuses("A", "5", &[0, 1]),
        "isw: the RAID set cannot have less than 3 hard drives"
    );
    assert_eq!(lab.refuses("A", "1", &[0, 0]), "disk /dev/x is duplicated on the disk list");
    assert_eq!(lab.refuses("1bad!", "1", &[0]), "name 1bad! has non-alphanumeric characters");
    assert_eq!(
        lab.create_of("A", "0", &[0, 1], (Some(1 << 31), None)).unwrap_err().text,
        b"isw: the size exceeds the max 0G (2078044 blocks)"
    );
    lab.create("Mirror", "1", &[0, 1]).unwrap();
    assert_eq!(
        lab.refuses("Second", "1", &[2, 0]),
        "isw: second volume must use all drives on the existing array"
    );
    assert_eq!(
        lab.refuses("Mirror", "1", &[2, 3]),
        "isw: the name Mirror is already in use, please try another name"
    );
}

#[test]
fn a_spare_takes_the_place_of_a_lost_member() {
    let mut lab = Lab::of([SECTORS; 3]);
    lab.create("Mirror", "1", &[0, 1]).unwrap();
    let plan = lab.with(|disks| Isw.spare(disks, 2, MOMENT)).unwrap();
    lab.write(&plan);
    let set = [&lab.found()[0].as_ref().unwrap().record.name[..], b"_Mirror"].concat();
    let healthy = lab.with(|disks| Isw.rebuild(disks, &set, None)).unwrap_err();
    assert!(healthy.text.ends_with(b"cannot rebuild from current state!\n"));

    lab.0[1].1 = Image::new("lost", SECTORS * 512);
    let rebuilt = lab.with(|disks| Isw.rebuild(disks, &set, None)).unwrap();
    assert_eq!((rebuilt.disk, rebuilt.order), (2, 1));
    let part = |from: &[usize], len| manage::Part {
        from: from.to_vec(),
        start: Sectors::ZERO,
        len: Sectors::new(len),
    };
    assert_eq!(rebuilt.parts, [part(&[0], 1_039_368)]);
    lab.write(&rebuilt.plan);
    assert_eq!(lab.sets(), ["isw_dghbbgdedi_Mirror mirror 1039360 nosync"]);
    assert_eq!(lab.facts(0), lab.facts(2));

    let again = lab.with(|disks| Isw.rebuild(disks, &set, None)).unwrap();
    assert_eq!((again.disk, again.order, again.plan.len()), (2, 1, 0));
    assert_eq!(again.parts, rebuilt.parts);
    let plan = lab.with(|disks| Isw.settle(disks, &set)).unwrap();
    lab.write(&plan);
    assert_eq!(lab.sets(), ["isw_dghbbgdedi_Mirror mirror 1039360 ok"]);
    let (.., generation, _) = lab.facts(2);
    assert_eq!(generation, 2);
}

#[test]
fn a_new_member_gets_what_the_others_have_of_each_volume() {
    for (level, members, lost, sources) in
        [("1", 2, 0, &[1][..]), ("01", 4, 2, &[3]), ("01", 4, 1, &[0]), ("5", 4, 1, &[0, 2, 3])]
    {
        let mut lab = Lab::of(core::iter::repeat_n(SECTORS, members + 1));
        let all: Vec<usize> = (0..members).collect();
        lab.create_of("First", level, &all, (Some(204_800), None)).unwrap();
        lab.create("Second", level, &all).unwrap();
        lab.0[lost].1 = Image::new("lost", SECTORS * 512);
        let set =
            [&lab.found()[members - 1].as_ref().unwrap().record.name[..], b"_Second"].concat();
        let rebuilt = lab.with(|disks| Isw.rebuild(disks, &set, Some(members))).unwrap();
        assert_eq!(rebuilt.parts.len(), 2, "{level}");
        assert!(rebuilt.parts.iter().all(|part| part.from == sources), "{level}: {rebuilt:?}");
        lab.write(&rebuilt.plan);
        let again = lab.with(|disks| Isw.rebuild(disks, &set, None)).unwrap();
        assert_eq!((again.disk, again.parts), (members, rebuilt.parts), "{level}");
        let plan = lab.with(|disks| Isw.settle(disks, &set)).unwrap();
        lab.write(&plan);
        assert!(lab.sets().iter().all(|set| set.ends_with(" ok")), "{level}: {:?}", lab.sets());
    }
}

#[test]
fn a_spare_of_the_family_leaves_its_entry_to_the_lost_disk() {
    let mut family = Family::of(3, [Volume { domains: 2, ..Volume::default() }]);
    family.disks[2].status = 0x139;
    let disk = |number| (family.disk(number).serial.unwrap(), family.disk(number).image);
    let mut lab = Lab(Vec::from([disk(1), disk(3)]));
    let rebuilt = lab.with(|disks| Isw.rebuild(disks, b"isw_dafebjijg_Vol0", None)).unwrap();
    assert_eq!((rebuilt.disk, rebuilt.order), (1, 1));
    lab.write(&rebuilt.plan);
    assert_eq!(lab.sets(), ["isw_dafebjijg_Vol0 mirror 99968 nosync"]);
    let mpb = lab.mpb(0).unwrap();
    let serials: Vec<&[u8]> = mpb.disks().map(|disk| disk.serial()).collect();
    assert_eq!(serials, [b"SERIALDISK0001", b"SERIALDISK0003", b"SERIALDISK0002"]);
    assert!(!mpb.disks().nth(2).unwrap().is_usable());
    let again = lab.with(|disks| Isw.rebuild(disks, b"isw_dafebjijg_Vol0", None)).unwrap();
    assert!(again.plan.is_empty());
}

#[test]
fn a_member_that_is_too_small_or_taken_is_refused() {
    let mut lab = Lab::of([SECTORS, SECTORS, SECTORS / 2]);
    lab.create("Mirror", "1", &[0, 1]).unwrap();
    lab.0[1].1 = Image::new("lost", SECTORS * 512);
    let set = [&lab.found()[0].as_ref().unwrap().record.name[..], b"_Mirror"].concat();
    for disk in [0, 2] {
        let refused = lab.with(|disks| Isw.rebuild(disks, &set, Some(disk))).unwrap_err();
        assert_eq!(refused.text, b"disk /dev/x cannot be used to rebuilding");
    }
    let refused = lab.with(|disks| Isw.rebuild(disks, &set, None)).unwrap_err();
    assert!(refused.text.starts_with(b"Rebuild: a hot-spare drive not found"));
}

#[test]
fn an_area_is_written_where_it_ends() {
    let mut lab = Lab::of([SECTORS; 2]);
    lab.create("Mirror", "1", &[0, 1]).unwrap();
    let mut first = [0; 24];
    lab.0[0].1.read_at(Bytes::new((SECTORS - 2) * 512), &mut first).unwrap();
    assert_eq!(&first, mpb::SIGNATURE);
}
