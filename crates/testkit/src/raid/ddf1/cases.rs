//! The disks of DDF that are always the same, and odd ones.

use super::{
    Config, Ddf, Drive, GUID, LINUX, Order, PRIMARY, Record, SECONDARY, SECTORS, TINY, Virtual,
    linux_crc32, padded,
};
use crate::raid::{Case, Image, Kind, OF_SETS, Random, flipped};

pub(in crate::raid) const KIND: Kind = Kind { name: "ddf1", fixed, odd };

/// Primary levels, with their qualifiers.
const STRIPE: (u8, u8) = (0, 0);
const MIRROR: (u8, u8) = (1, 0);
const FIVE: (u8, u8) = (5, 3);
const JBOD: (u8, u8) = (0xf, 0);

/// The reference of the disk of this number.
fn reference(nth: u32) -> u32 {
    0x1000 + nth
}

/// A virtual drive over all of these disks, from their sector 0 on.
fn over(disks: &[u32], level: (u8, u8)) -> Config {
    Config {
        guid: GUID,
        count: u16::try_from(disks.len()).unwrap_or(0),
        exponent: 7,
        level,
        secondary: (1, 0, 0),
        sectors: 50_000,
        members: disks.iter().map(|nth| (reference(*nth), 0)).collect(),
        sequence: 1,
    }
}

/// What every disk of a container of `count` says of `configs`; the virtual drives have these names.
fn container(count: u32, configs: &[Config], names: &[&[u8]]) -> Vec<Ddf> {
    let drives = (0..count).map(|nth| Drive { reference: reference(nth), state: 1, size: 100_000 });
    let drives: Vec<Drive> = drives.collect();
    let guids = configs.iter().map(|config| config.guid);
    let virtuals = guids.zip(names).map(|(guid, name)| Virtual { guid, name: padded(name) });
    let virtuals: Vec<Virtual> = virtuals.collect();
    let records: Vec<Record> = configs.iter().cloned().map(Record::Config).collect();
    let of = |drive: &Drive| Ddf {
        reference: drive.reference,
        drives: drives.clone(),
        virtuals: virtuals.clone(),
        records: records.clone(),
        ..Ddf::default()
    };
    drives.iter().map(of).collect()
}

/// A container of one virtual drive over all its disks.
fn one(count: u32, level: (u8, u8), name: &[u8]) -> Vec<Ddf> {
    let disks: Vec<u32> = (0..count).collect();
    container(count, &[over(&disks, level)], &[name])
}

/// The same, each disk changed.
fn each(mut disks: Vec<Ddf>, change: impl Fn(&mut Ddf)) -> Vec<Ddf> {
    disks.iter_mut().for_each(change);
    disks
}

/// The same, each config record changed.
fn each_config(disks: Vec<Ddf>, change: impl Fn(&mut Config)) -> Vec<Ddf> {
    each(disks, |disk| {
        for record in &mut disk.records {
            if let Record::Config(config) = record {
                change(config);
            }
        }
    })
}

fn images(disks: &[Ddf]) -> Vec<Image> {
    disks.iter().map(Ddf::disk).collect()
}

/// The disks with a byte changed, so many sectors before their end.
fn broken(disks: &[Ddf], back: u64) -> Vec<Image> {
    disks.iter().map(|disk| flipped(disk.disk(), (SECTORS - back) * 512)).collect()
}

fn fixed() -> Vec<Case> {
    let cases = [
        levels(),
        names(),
        missing(),
        stale(),
        virtuals(),
        drives(),
        headers(),
        tables(),
        secondary(),
    ];
    cases.concat().into_iter().map(differing).collect()
}

/// All commands that look at metadata.
const ALL: &[&str] = &[
    "-r",
    "-r -c",
    "-r -c -c",
    "-s",
    "-s -s",
    "-s -c",
    "-s -c -c -c",
    "-s -g -c -c",
    "-n",
    "-tay",
];

/// The commands that show more of sets than their names.
const BUT_NAMES: &[&str] = &["-s", "-s -s", "-s -c -c -c", "-s -g -c -c", "-tay"];

/// Cases that ours answers otherwise than the original, with the commands and the reason.
const DIFFERENCES: &[(&[&str], &[&str], &str)] = &[
    (
        &["ddf1-two-on-four", "ddf1-two-on-three", "ddf1-records-unused", "ddf1-records-strange"],
        OF_SETS,
        "dmraid-ddf1-record",
    ),
    (&["ddf1-five-0", "ddf1-five-1"], BUT_NAMES, "dmraid-ddf1-raid5-qualifiers"),
    (&["ddf1-four-n"], &["-s -c -c -c", "-tay"], "dmraid-ddf1-raid4-parity"),
    (
        &[
            "ddf1-ten",
            "ddf1-ten-all-records",
            "ddf1-ten-of-6",
            "ddf1-ten-3-of-4",
            "ddf1-mirror-of-stripes",
            "ddf1-fifty",
            "ddf1-mirrors-in-a-row",
        ],
        OF_SETS,
        "dmraid-ddf1-set-of-sets",
    ),
    (&["ddf1-ten-half"], BUT_NAMES, "dmraid-ddf1-half-a-ten"),
    (&["ddf1-name-with-blank-and-slash"], OF_SETS, "dmraid-ddf1-slash"),
    (
        &["ddf1-name-of-blanks", "ddf1-name-of-ones", "ddf1-two-of-one-name"],
        OF_SETS,
        "dmraid-ddf1-no-name",
    ),
    (
        &["ddf1-guid-unknown", "ddf1-guid-of-another-moment"],
        &["-r", "-r -c", "-r -c -c", "-n"],
        "dmraid-ddf1-when-said",
    ),
    (
        &["ddf1-few-members"],
        &["-s", "-s -s", "-s -c", "-s -c -c -c", "-s -g -c -c", "-n", "-tay"],
        "dmraid-ddf1-room",
    ),
    (&["ddf1-config-nowhere", "ddf1-disk-data-nowhere"], ALL, "dmraid-ddf1-past-the-end"),
    (&["ddf1-spare-first"], &["-s -g -c -c"], "dmraid-ddf1-container-order"),
    (
        &[
            "ddf1-stale-mirror",
            "ddf1-stale-mirror-first",
            "ddf1-stale-replaced",
            "ddf1-stale-not-listed",
            "ddf1-linux-stale",
            "ddf1-member-failed",
            "ddf1-member-rebuilding",
        ],
        OF_SETS,
        "dmraid-stale-member",
    ),
    (&["ddf1-crc-adaptec-big"], ALL, "dmraid-ddf1-checksums"),
    (&["ddf1-primary-bad"], ALL, "dmraid-ddf1-primary-header"),
    (&["ddf1-physical-bad-secondary"], ALL, "dmraid-ddf1-secondary-tables"),
];

fn differing(case: Case) -> Case {
    let of_case = DIFFERENCES.iter().filter(|(names, ..)| names.contains(&case.name.as_str()));
    let of_case: Vec<_> = of_case.collect();
    of_case.into_iter().fold(case, |case, (_, commands, why)| case.that_differs(commands, why))
}

fn levels() -> Vec<Case> {
    let five = |qualifier| images(&one(3, (5, qualifier), b"r5"));
    let adaptec = |disks: Vec<Ddf>| images(&each(disks, |disk| disk.vendor = 0x9005));
    let big = |disks: Vec<Ddf>| images(&each(disks, |disk| disk.order = Order::Big));
    let odd_len = |disks| images(&each_config(disks, |config| config.sectors = 50_001));
    let mut out_of_order = images(&one(3, STRIPE, b"myvd"));
    out_of_order.rotate_left(1);
    vec![
        Case::new("ddf1-stripe", images(&one(2, STRIPE, b"myvd"))),
        Case::new("ddf1-stripe-big", big(one(2, STRIPE, b"myvd"))),
        Case::new("ddf1-stripe-3-out-of-order", out_of_order),
        Case::new("ddf1-stripe-of-1", images(&one(1, STRIPE, b"myvd"))),
        Case::new("ddf1-mirror", odd_len(one(2, MIRROR, b"myvd"))),
        Case::new("ddf1-mirror-big", big(one(2, MIRROR, b"myvd"))),
        Case::new("ddf1-mirror-3", images(&one(3, MIRROR, b"myvd"))),
        Case::new("ddf1-five", five(3)),
        Case::new("ddf1-five-big", big(one(3, FIVE, b"r5"))),
        Case::new("ddf1-five-0", five(0)),
        Case::new("ddf1-five-1", five(1)),
        Case::new("ddf1-five-2", five(2)),
        Case::new("ddf1-five-adaptec", adaptec(one(3, (5, 0), b"r5"))),
        Case::new("ddf1-four", images(&one(3, (4, 0), b"r4"))),
        Case::new("ddf1-four-n", images(&one(3, (4, 1), b"r4"))),
        Case::new("ddf1-six", images(&one(4, (6, 1), b"r6"))),
        Case::new("ddf1-one-e", images(&one(3, (0x11, 0), b"r1e"))),
        Case::new("ddf1-concat", images(&one(2, (0x1f, 0), b"cat"))),
        Case::new("ddf1-jbod", images(&one(1, JBOD, b"single"))),
        Case::new("ddf1-level-9", images(&one(2, (9, 0), b"odd"))),
    ]
}

fn names() -> Vec<Case> {
    let named = |name: &[u8]| images(&one(1, JBOD, name));
    let of = |guid: [u8; 24], name: [u8; 16]| {
        let disks = each_config(one(1, JBOD, b""), |config| config.guid = guid);
        images(&each(disks, |disk| disk.virtuals = vec![Virtual { guid, name }]))
    };
    let lsi = *b"LSI     \x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";
    vec![
        Case::new("ddf1-no-name", of(GUID, [0; 16])),
        Case::new("ddf1-no-name-lsi", of(lsi, [0; 16])),
        Case::new("ddf1-name-lsi", of(lsi, padded(b"lsi"))),
        Case::new("ddf1-name-of-blanks", named(b"")),
        Case::new("ddf1-name-of-ones", of(GUID, [0xff; 16])),
        Case::new("ddf1-name-of-16", named(b"ABCDEFGHIJKLMNOP")),
        Case::new("ddf1-name-with-blank-and-slash", named(b"my vd/1")),
        Case::new("ddf1-name-after-blanks", named(b"  vd")),
        Case::new("ddf1-name-not-ascii", named("f\u{e9}e\u{e9}".as_bytes())),
        Case::new("ddf1-name-ends-at-zero", named(b"one\0two")),
        Case::new("ddf1-name-control", named(b"a\x01b\x7f\n")),
        Case::new("ddf1-name-of-digits", named(b"Virtual Disk 0")),
        Case::new("ddf1-name-ext", named(b"a-b_C.9+#~")),
    ]
}

fn missing() -> Vec<Case> {
    let without = |disks: Vec<Ddf>, nth: usize| {
        let mut disks = images(&disks);
        disks.remove(nth);
        disks
    };
    vec![
        Case::new("ddf1-mirror-1-of-2", without(one(2, MIRROR, b"myvd"), 1)),
        Case::new("ddf1-stripe-1-of-2", without(one(2, STRIPE, b"myvd"), 1)),
        Case::new("ddf1-five-2-of-3", without(one(3, FIVE, b"r5"), 2)),
        Case::new("ddf1-five-first-of-3-missing", without(one(3, FIVE, b"r5"), 0)),
        Case::new("ddf1-five-1-of-3", without(one(3, FIVE, b"r5"), 0).split_off(1)),
        Case::new("ddf1-concat-1-of-2", without(one(2, (0x1f, 0), b"cat"), 0)),
    ]
}

/// The disks as they are once they were written again, but for one, which is as it was.
fn later(disks: &[Ddf], but: usize, change: impl Fn(&mut Ddf)) -> Vec<Ddf> {
    let mut later = each(disks.to_vec(), |disk| {
        disk.sequence += 1;
        change(disk);
    });
    later[but] = disks[but].clone();
    later
}

/// Disks that dropped out, and came back; others were only written to a moment later than these.
fn stale() -> Vec<Case> {
    let mirror = one(2, MIRROR, b"m");
    let failed = later(&mirror, 1, |disk| disk.drives[1].state = 2);
    let mut first = failed.clone();
    first.reverse();
    let replaced = later(&one(3, MIRROR, b"m"), 1, |disk| {
        for record in &mut disk.records {
            if let Record::Config(config) = record {
                config.sequence += 1;
                config.count = 2;
                config.members.remove(1);
            }
        }
    });
    let five = later(&one(3, FIVE, b"r5"), 0, |disk| {
        disk.drives.remove(0);
    });
    vec![
        Case::new("ddf1-stale-mirror", images(&failed)),
        Case::new("ddf1-stale-mirror-first", images(&first)),
        Case::new("ddf1-stale-replaced", images(&replaced)),
        Case::new("ddf1-stale-not-listed", images(&five)),
        Case::new("ddf1-older-healthy", images(&later(&mirror, 1, |_| {}))),
        Case::new("ddf1-linux-stale", linux(failed)),
    ]
}

/// Two virtual drives: a stripe and a mirror.
fn two(first: &[u32], second: &[u32], start: u64) -> [Config; 2] {
    let second_guid = *b"VDGUID01AAAABBBBCCCC\x05\x06\x07\x08";
    let mut configs = [over(first, STRIPE), Config { guid: second_guid, ..over(second, MIRROR) }];
    configs[0].sectors = 20_000;
    configs[1].sectors = 30_000;
    configs[1].members.iter_mut().for_each(|member| member.1 = start);
    configs
}

/// Both of these on the same two disks.
fn two_on_two() -> Vec<Ddf> {
    container(2, &two(&[0, 1], &[0, 1], 20_000), &[b"A", b"B"])
}

fn virtuals() -> Vec<Case> {
    let both = container(4, &two(&[0, 1], &[2, 3], 0), &[b"A", b"B"]);
    let mut own = both.clone();
    for (nth, disk) in own.iter_mut().enumerate() {
        disk.records.remove(usize::from(nth < 2));
    }
    let fewer = each_config(one(3, MIRROR, b"few"), |config| config.count = 2);
    let hole = each(own.clone(), |disk| {
        disk.records.insert(0, Record::Mark(u32::MAX));
        disk.records.insert(0, Record::Mark(0));
    });
    let odd = each(own.clone(), |disk| disk.records.insert(0, Record::Mark(0x1234)));
    let crossed = container(3, &two(&[0, 1], &[2, 0], 20_000), &[b"A", b"B"]);
    vec![
        Case::new("ddf1-two-on-two", images(&two_on_two())),
        Case::new(
            "ddf1-two-out-of-order",
            images(&container(2, &two(&[0, 1], &[1, 0], 20_000), &[b"B", b"A"])),
        ),
        Case::new("ddf1-two-on-four", images(&both)),
        Case::new("ddf1-two-on-four-own", images(&own)),
        Case::new("ddf1-two-on-three", images(&crossed)),
        Case::new("ddf1-more-members-than-said", images(&fewer)),
        Case::new("ddf1-records-unused", images(&hole)),
        Case::new("ddf1-records-strange", images(&odd)),
        Case::new(
            "ddf1-two-of-one-name",
            images(&container(4, &two(&[0, 1], &[2, 3], 0), &[b"A", b"A"])),
        ),
    ]
}

fn drives() -> Vec<Case> {
    let state = |state| images(&each(one(2, MIRROR, b"m"), |disk| disk.drives[0].state = state));
    let alone = |state| {
        let disks = each(container(1, &[], &[]), |disk| disk.drives[0].state = state);
        images(&disks)
    };
    let size = |size, sectors| {
        let disks = each_config(one(2, MIRROR, b"m"), |config| config.sectors = sectors);
        images(&each(disks, |disk| disk.drives.iter_mut().for_each(|drive| drive.size = size)))
    };
    let spare = each(container(3, &[over(&[0, 1], MIRROR)], &[b"m"]), |disk| {
        disk.records.push(Record::Spare);
    });
    let mut spare_own = spare.clone();
    spare_own[2].records.remove(0);
    let mut spare_first = spare_own.clone();
    spare_first.rotate_right(1);
    let narrow = each_config(one(2, STRIPE, b"s"), |config| config.exponent = 6);
    let strides = [one(2, STRIPE, b"s").remove(0), narrow[1].clone()];
    let unknown = each(one(2, MIRROR, b"m"), |disk| disk.drives.truncate(1));
    let twice = each(one(2, MIRROR, b"m"), |disk| {
        let again = Drive { size: 70_000, ..disk.drives[0] };
        disk.drives.push(again);
    });
    vec![
        Case::new("ddf1-no-records", images(&container(2, &[], &[]))),
        Case::new("ddf1-state-failed", alone(2)),
        Case::new("ddf1-state-rebuilding", alone(4)),
        Case::new("ddf1-state-transition", alone(8)),
        Case::new("ddf1-state-none", alone(0)),
        Case::new("ddf1-state-rebuilding-online", alone(5)),
        Case::new("ddf1-member-failed", state(3)),
        Case::new("ddf1-member-rebuilding", state(5)),
        Case::new("ddf1-no-length", size(100_000, 0)),
        Case::new("ddf1-no-length-at-all", size(0, 0)),
        Case::new("ddf1-high-length", size(0xffff_ffff_0001_86a0, 0)),
        Case::new("ddf1-spare", images(&spare)),
        Case::new("ddf1-spare-own", images(&spare_own)),
        Case::new("ddf1-spare-first", images(&spare_first)),
        Case::new("ddf1-drive-unknown", images(&unknown)),
        Case::new("ddf1-drive-twice", images(&twice)),
        Case::new("ddf1-strides", images(&strides)),
    ]
}

/// The disks as Linux writes them.
fn linux(disks: Vec<Ddf>) -> Vec<Image> {
    images(&each(disks, |disk| {
        (disk.shape, disk.said) = (LINUX, LINUX);
        (disk.order, disk.secondary, disk.checksum) = (Order::Big, true, linux_crc32);
    }))
}

/// The disks with next to no room.
fn tiny(disks: Vec<Ddf>) -> Vec<Image> {
    images(&each(disks, |disk| (disk.shape, disk.said) = (TINY, TINY)))
}

fn headers() -> Vec<Case> {
    let stripe = || one(1, STRIPE, b"myvd");
    let with_secondary = || each(one(2, STRIPE, b"myvd"), |disk| disk.secondary = true);
    let crc = |disks| images(&each(disks, |disk| disk.crc = 1));
    let adaptec = |disks| each(disks, |disk| disk.vendor = 0x9005);
    let back = |disks| images(&each(disks, |disk| disk.anchor = 257));
    let both_ends = each(stripe(), |disk| (disk.order, disk.secondary) = (Order::Big, true));
    let both = |disks: Vec<Ddf>, backs: [u64; 2]| {
        broken(&disks, backs[0])
            .into_iter()
            .map(|image| flipped(image, (SECTORS - backs[1]) * 512))
            .collect::<Vec<_>>()
    };
    vec![
        Case::new("ddf1-anchor-257", back(one(2, MIRROR, b"ad"))),
        Case::new("ddf1-anchor-257-five", back(one(3, (5, 0), b"r5"))),
        Case::new("ddf1-anchor-257-crc", crc(each(stripe(), |disk| disk.anchor = 257))),
        Case::new("ddf1-anchor-none", broken(&stripe(), 1)),
        Case::new("ddf1-secondary", images(&with_secondary())),
        Case::new("ddf1-primary-bad", broken(&with_secondary(), PRIMARY)),
        Case::new("ddf1-physical-bad-secondary", broken(&with_secondary(), PRIMARY - 2)),
        Case::new("ddf1-tiny", tiny(stripe())),
        Case::new("ddf1-tiny-secondary", tiny(both_ends)),
        Case::new("ddf1-tiny-five", tiny(each(one(3, FIVE, b"r5"), |disk| disk.anchor = 257))),
        Case::new("ddf1-tiny-bad", tiny(adaptec(each(stripe(), |disk| disk.crc = 1)))),
        Case::new("ddf1-linux", linux(two_on_two())),
        Case::new("ddf1-linux-mirror-1-of-2", linux(one(2, MIRROR, b"md0")).split_off(1)),
        Case::new("ddf1-linux-five", linux(one(3, FIVE, b"r5"))),
        Case::new("ddf1-secondary-bad", broken(&with_secondary(), SECONDARY)),
        Case::new("ddf1-both-bad", both(with_secondary(), [PRIMARY, SECONDARY])),
        Case::new("ddf1-primary-bad-alone", broken(&stripe(), PRIMARY)),
        Case::new("ddf1-crc", crc(stripe())),
        Case::new("ddf1-crc-adaptec", crc(adaptec(one(1, JBOD, b"nat")))),
        Case::new("ddf1-crc-adaptec-secondary", crc(adaptec(with_secondary()))),
        Case::new("ddf1-crc-adaptec-ok", images(&adaptec(with_secondary()))),
        Case::new(
            "ddf1-crc-adaptec-big",
            images(&each(adaptec(stripe()), |disk| disk.order = Order::Big)),
        ),
    ]
}

fn tables() -> Vec<Case> {
    let stripe = || one(1, STRIPE, b"myvd");
    let place = |nth: usize, place: (u32, u32)| {
        images(&each(stripe(), |disk| disk.said.places[nth] = place))
    };
    let limit =
        |nth: usize, limit: u16| images(&each(stripe(), |disk| disk.said.limits[nth] = limit));
    let few = images(&each(one(2, STRIPE, b"myvd"), |disk| disk.said.limits[4] = 1));
    let spare = |disks| images(&each(disks, |disk: &mut Ddf| disk.records.push(Record::Spare)));
    let other_guid = each_config(stripe(), |config| config.guid[3] ^= 1);
    let mut wild = each_config(stripe(), |config| config.guid[20..].fill(0xff));
    wild[0].virtuals[0].guid[20..].fill(0xff);
    let last = each_config(stripe(), |config| config.guid[23] ^= 1);
    let twice = each(stripe(), |disk| {
        let again = Virtual { guid: GUID, name: padded(b"again") };
        disk.virtuals.push(again);
    });
    let full = |name: &'static [u8]| images(&one(1, STRIPE, name));
    vec![
        Case::new("ddf1-no-adapter", place(0, (u32::MAX, 0))),
        Case::new("ddf1-adapter-bad", broken(&stripe(), PRIMARY - 1)),
        Case::new("ddf1-physical-bad", broken(&stripe(), PRIMARY - 2)),
        Case::new("ddf1-virtual-bad", broken(&stripe(), PRIMARY - 5)),
        Case::new("ddf1-disk-data-bad", broken(&stripe(), PRIMARY - 18)),
        Case::new("ddf1-disk-data-nowhere", place(4, (0x7fff_0000, 1))),
        Case::new("ddf1-config-nowhere", place(3, (0x7fff_0000, 10))),
        Case::new("ddf1-config-short", place(3, (8, 1))),
        Case::new("ddf1-config-none", place(3, (8, 0))),
        Case::new("ddf1-virtual-longer", place(2, (5, 6))),
        Case::new("ddf1-virtual-shorter", place(2, (5, 1))),
        Case::new("ddf1-physical-shorter", place(1, (2, 1))),
        Case::new("ddf1-few-members", few),
        Case::new("ddf1-members-of-drives", limit(4, 0xffff)),
        Case::new("ddf1-guid-unknown", images(&other_guid)),
        Case::new("ddf1-guid-without-moment", images(&wild)),
        Case::new("ddf1-guid-of-another-moment", images(&last)),
        Case::new("ddf1-virtual-twice", images(&twice)),
        Case::new("ddf1-spare-record", spare(stripe())),
        Case::new("ddf1-native-name", full(b"native\x01\xffname")),
    ]
}

fn secondary() -> Vec<Case> {
    let ten = |level: (u8, u8), secondary: u8, groups: &[&[u32]], own: bool| {
        let count = u8::try_from(groups.len()).unwrap_or(1);
        let configs = (0..).zip(groups).map(|(nth, disks)| Config {
            secondary: (count, nth, secondary),
            ..over(disks, level)
        });
        let configs: Vec<Config> = configs.collect();
        let all = u32::try_from(groups.concat().len()).unwrap_or(0);
        let mut disks = container(all, &configs, &[b"ten"]);
        if own {
            for disk in &mut disks {
                let reference = disk.reference;
                disk.records.retain(|record| match record {
                    Record::Config(config) => config.members.iter().any(|(of, _)| *of == reference),
                    _ => true,
                });
            }
        }
        images(&disks)
    };
    let mut half = ten(MIRROR, 0, &[&[0, 1], &[2, 3]], true);
    half.truncate(2);
    let mut three = ten(MIRROR, 0, &[&[0, 1], &[2, 3]], true);
    three.remove(2);
    vec![
        Case::new("ddf1-ten", ten(MIRROR, 0, &[&[0, 1], &[2, 3]], true)),
        Case::new("ddf1-ten-all-records", ten(MIRROR, 0, &[&[0, 1], &[2, 3]], false)),
        Case::new("ddf1-ten-of-6", ten(MIRROR, 0, &[&[0, 1], &[2, 3], &[4, 5]], true)),
        Case::new("ddf1-ten-3-of-4", three),
        Case::new("ddf1-ten-half", half),
        Case::new("ddf1-mirror-of-stripes", ten(STRIPE, 1, &[&[0, 1], &[2, 3]], true)),
        Case::new("ddf1-fifty", ten(FIVE, 0, &[&[0, 1, 2], &[3, 4, 5]], true)),
        Case::new("ddf1-mirrors-in-a-row", ten(MIRROR, 2, &[&[0, 1], &[2, 3]], true)),
    ]
}

/// Disks that agree with each other, for what becomes of those that do not is the original's secret; some are missing.
fn odd(random: &mut Random) -> Case {
    let count = random.u32(1..=4);
    let all: Vec<u32> = (0..count).collect();
    let [first, second] = [0, 1].map(|nth| odd_config(random, &all, nth));
    let pool = [&b"odd"[..], b"\0", b"with blank", b"sixteen letters!", b"9-_+"];
    let names = [random.pick(&pool), b"another"];
    let configs = [first, second];
    let mut disks = container(count, &configs[..random.pick(&[1, 1, 2])], &names);
    let order = random.pick(&[Order::Little, Order::Big]);
    // The original has all checksums of big-endian structures wrong.
    let anchor = if order == Order::Big { 1 } else { random.pick(&[1, 1, 257]) };
    let has_secondary = random.once_in(2);
    for disk in &mut disks {
        (disk.order, disk.anchor, disk.secondary) = (order, anchor, has_secondary);
        disk.crc = u32::from(random.once_in(4));
        for drive in &mut disk.drives {
            // Those that failed are members to the original.
            drive.state = random.pick(&[1, 1, 9]);
        }
        if random.once_in(5) {
            disk.records.push(Record::Mark(random.pick(&[0, u32::MAX, 7])));
        }
        if random.once_in(5) {
            disk.records.push(Record::Spare);
        }
        if random.once_in(5) {
            disk.said.limits[2] = random.pick(&[0, 1, 3, 0xffff]);
        }
    }
    if random.once_in(3) {
        disks.swap_remove(0);
    }
    let mut images = images(&disks);
    if random.once_in(6) {
        // The anchor's mark.
        images = images.into_iter().map(|image| flipped(image, (SECTORS - 1) * 512)).collect();
    }
    Case::new("", images)
}

/// A virtual drive over these disks, in some order, after so many others.
fn odd_config(random: &mut Random, disks: &[u32], nth: u8) -> Config {
    // Ours has tables for parity that begins further on, and none for parity alone; the original has not, and has.
    let has_parity = nth == 0 && disks.len() > 2;
    let level = if has_parity {
        random.pick(&[STRIPE, MIRROR, FIVE, (4, 0), (5, 2)])
    } else {
        random.pick(&[STRIPE, MIRROR, (0x1f, 0), (6, 1), (9, 9)])
    };
    let mut config = over(disks, level);
    config.guid[19] += nth;
    config.exponent = random.u8(3..=9);
    config.sectors = random.of(1000..=40_000);
    config.members.iter_mut().for_each(|member| member.1 = u64::from(nth) * 45_000);
    config.members.rotate_left(usize::from(random.u8(0..=3)) % disks.len());
    config
}
