//! Sets are made and deleted: what is asked, what is said, and what is on the disks afterwards.
//!
//! Each session is a row of commands on the same disks, beside those of the original in `recorded/manage.txt`. Every
//! command's answer has what is at the end of the disks then, in hexadecimal, without what hangs on the time: the numbers
//! and the checksum of an MPB, and the names that are made of the numbers.

use std::collections::BTreeMap;
use std::fs;

use dm_testkit::purpose;
use dm_testkit::raid::isw::{Isw, Volume};
use dm_testkit::raid::{Case, Disk, Image, sil};

use crate::answer::{self, Answer};
use crate::original::Original;
use crate::ours::Machine;
use crate::recorded;

/// The size of the disks, in sectors.
const SECTORS: u64 = 1_048_576;

/// How much of the end of a disk is looked at, in bytes.
const END: u64 = 8192;

/// What is answered to the questions of a command, and the command; `@1` is the first set that there is.
type Step = (&'static str, &'static str);

const TWO: &str = "/dev/dm-0,/dev/dm-1";

/// Sessions on disks without metadata: their number, and the steps. `%` is the first two disks.
const SESSIONS: &[(&str, usize, &[Step])] = &[
    (
        "mirror",
        2,
        &[
            ("n\n", "-f isw -C Mirror --type 1 --disk %"),
            ("y\n", "-f isw -C Mirror --type 1 --disk %"),
            ("y\n", "-f isw -C Mirror --type 1 --disk %"),
            ("n\n", "-s -g -c -c -c"),
            ("n\n", "-tay"),
            ("n\n", "-R @1"),
            ("y\n", "-x isw_nope"),
            ("n\n", "-x"),
            ("y\n", "-x @1"),
            ("n\n", "-r"),
        ],
    ),
    (
        "two-volumes",
        4,
        &[
            ("y\n", "-f isw -C Raid0 --type 0 --strip 8k --size 100m --disk %"),
            ("y\n", "-f isw -C Other --type 1 --disk /dev/dm-0,/dev/dm-2"),
            ("y\n", "-f isw -C Other --type 5 --disk %,/dev/dm-2"),
            ("y\n", "-f isw -C Second --type 1 --size 50m --disk %"),
            ("y\n", "-f isw -C Third --type 1 --disk %"),
            ("n\n", "-s -c -c -c"),
            ("n\n", "-R @1"),
            ("n\n", "-x"),
            ("y\n", "-x @1"),
            ("n\n", "-s -c -c -c"),
            ("y\n", "-f isw -C First --type 0 --disk %"),
            ("y\n", "-x @2"),
            ("y\n", "-f isw -C Again --type 0 --disk %"),
            ("y\n", "-x"),
            ("n\n", "-r"),
        ],
    ),
    (
        "ten",
        4,
        &[
            ("y\n", "-f isw -C Ten --type 01 --strip 128B --disk %,/dev/dm-2,/dev/dm-3"),
            ("n\n", "-s -s"),
            ("y\n", "-x"),
        ],
    ),
    (
        "five",
        6,
        &[
            ("y\n", "-f isw -C Five --type 5 --strip 64k --size 200m --disk %,/dev/dm-2"),
            ("n\n", "-tay"),
            ("y\n", "-x"),
            ("y\n", "-f isw -C Six --type 5 --disk %,/dev/dm-2,/dev/dm-3,/dev/dm-4,/dev/dm-5"),
            ("y\n", "-x"),
            ("y\n", "-f isw -C Five --type 0 --disk %,/dev/dm-2,/dev/dm-3,/dev/dm-4"),
        ],
    ),
    (
        "spare",
        4,
        &[
            ("y\n", "-f isw -C Mirror --type 1 --disk %"),
            ("n\n", "-f isw -S -M /dev/dm-2"),
            ("y\n", "-f isw -S -M /dev/dm-2"),
            ("y\n", "-f isw -S -M /dev/dm-2"),
            ("y\n", "-f isw -S -M /dev/dm-0"),
            ("y\n", "-f isw -C Name --type 8 --disk /dev/dm-3"),
            ("n\n", "-r"),
            ("n\ny\n", "-x"),
            ("y\ny\ny\n", "-x"),
            ("n\n", "-r"),
        ],
    ),
    (
        "spare-of-a-set",
        3,
        &[
            ("y\n", "-f isw -C Mirror --type 1 --disk %"),
            ("", "-S foo -M /dev/dm-2"),
            ("", "-S -M /dev/dm-2 foo"),
            ("", "-Sfoo -M /dev/dm-2"),
            ("n\n", "-f isw -S foo -M /dev/dm-2 bar"),
            ("n\n", "-f isw -S -M /dev/dm-2 foo"),
            ("", "-f xyz -S foo -M /dev/dm-2"),
        ],
    ),
    (
        "sizes",
        2,
        &[
            ("n\n", "-f isw -C A --type 1 --size 0.5 --disk %"),
            ("n\n", "-f isw -C A --type 1 --size 0 --disk %"),
            ("n\n", "-f isw -C A --type 1 --size 150.3m --disk %"),
            ("n\n", "-f isw -C A --type 1 --size 0.2g --disk %"),
            ("n\n", "-f isw -C A --type 1 --size 300000B --disk %"),
            ("n\n", "-f isw -C A --type 1 --size 300kB --disk %"),
            ("n\n", "-f isw -C A --type 1 --size 200mb --disk %"),
            ("n\n", "-f isw -C A --type 1 --size m --disk %"),
            ("n\n", "-f isw -C A --type 1 --size .5g --disk %"),
            ("n\n", "-f isw -C A --type 0 --size 900g --disk %"),
            ("n\n", "-f isw -C A --type 0 --strip 8.5k --disk %"),
            ("n\n", "-f isw -C A --type 0 --strip 1 --disk %"),
            ("n\n", "-f isw -C A --type 0 --strip 1m --disk %"),
            ("x\nn\n", "-f isw -C A --type 0 --disk %"),
        ],
    ),
    (
        "wrong",
        3,
        &[
            ("", "-f isw -C A"),
            ("", "-f isw -C A B"),
            ("", "-f isw -C A --type 1"),
            ("", "-f isw -C A --type 1 --disk"),
            ("", "-f isw -C A --type 1 --bogus x"),
            ("", "-f isw -C A --type 1 --stride 8k --disk %"),
            ("", "-f isw -C A --type 1 --s 8k --disk %"),
            ("", "-f isw -C A -x --type 1 --disk %"),
            ("n\n", "-f isw -C A --t 1 --st 8k --d %"),
            ("n\n", "-f isw -C A --type 1 --disks %,, --type 0 --disk x"),
            ("", "-f isw -C A --type 1 --disk /dev/dm-0 /dev/dm-1"),
            ("", "-f isw -C A --type 1 --size 10x --disk %"),
            ("", "-f isw -C A --type 1 --size 1.2.3m --disk %"),
            ("", "-f isw -C A --type 1 --strip x --disk %"),
            ("", "-C A --type 0 --disk %"),
            ("", "-f is -C A --type 0 --disk %"),
            ("", "-f isw,sil -C A --type 0 --disk %"),
            ("", "-f xyz -C A --type 0 --disk %"),
            ("", "-f isw -C A --type x --disk %"),
            ("", "-f isw -C A --size 100m --disk %"),
            ("", "-f isw -C A --disk % --type"),
            ("", "-f isw -C ThisNameIsWayTooLong --type 1 --disk %"),
            ("", "-f isw -C _A --type 0 --disk %"),
            ("", "-f sil -C 1bad! --type 1 --disk %"),
            ("", "-f isw -C A --type 0 --size 100m"),
            ("", "-f isw -C A --type 0 --disk /dev/dm-0,/dev/dm-9"),
            ("", "-f isw -C A --type 0 --disk dm-0,dm-1"),
            ("", "-f isw -C A --type 0 --disk /dev/dm-0,/dev/dm-0"),
            ("", "-f sil -C A --type 0 --disk %"),
            ("", "-f isw -C A --type 7 --disk %"),
            ("", "-f isw -C A --type 1 --disk %,/dev/dm-2"),
            ("", "-f isw -C A --type 5 --disk %"),
            ("", "-f isw -C A --type 8 --disk %"),
            ("", "-f isw -C -bad --type 1 --disk %"),
            ("", "-f isw -S -M /dev/dm-9"),
            ("", "-f sil -S -M /dev/dm-2"),
            ("n\n", "-f isw -S foo -M /dev/dm-2"),
            ("n\n", "-f isw -Sfoo -M /dev/dm-2"),
            ("", "-S"),
            ("", "-x"),
            ("", "-R nope"),
            ("", "-R nope /dev/dm-0"),
        ],
    ),
];

fn cases() -> Vec<(Case, Vec<(&'static str, String)>)> {
    let blank = |count: usize| {
        (1..=count).map(|nth| Disk {
            image: Image::new("blank", SECTORS * 512),
            serial: Some(format!("SERIALDISK{nth:04}")),
        })
    };
    let steps = |steps: &[Step]| {
        steps.iter().map(|(input, command)| (*input, command.replace('%', TWO))).collect()
    };
    let blank = SESSIONS.iter().map(|(name, count, all)| {
        (Case { disks: blank(*count).collect(), ..Case::new(name, []) }, steps(all))
    });
    let sil = Case::new("no-support", [0, 1].map(|number| sil::stripe(number, 2).disk()));
    let sil = (sil, steps(&[("y\n", "-x"), ("y\n", "-x @1")]));
    let rebuilt = rebuilt()
        .into_iter()
        .map(|(case, command)| (case, steps(&[("", "-s -s"), ("", command), ("", "-s -s")])));
    blank.chain([sil]).chain(rebuilt).collect()
}

/// Sets that have lost their second member, with a disk to take its place, and the command that makes it.
pub(crate) fn rebuilt() -> [(Case, &'static str); 4] {
    let of = |name: &str, mut disks: Vec<Disk>, new: Disk| {
        disks.remove(1);
        disks.push(new);
        Case { disks, ..Case::new(name, []) }
    };
    let mirror = || Volume { domains: 2, ..Volume::default() };
    let five = Volume { level: 5, members: 3, ..Volume::default() };
    let stripe = Volume { name: b"Vol1".to_vec(), level: 0, start: 110_000, ..Volume::default() };
    let disks = |family: Isw, count| (1..=count).map(|nth| family.disk(nth)).collect::<Vec<_>>();
    let blank =
        || Disk { image: Image::new("blank", 262_144 * 512), serial: Some("NEWDISK1".into()) };
    let spare = || {
        let mut family = Isw { family: 0x8765_4321, version: b"1.0.00", ..Isw::of(9, []) };
        family.disks.drain(..8);
        family.disks[0].status = 0x539;
        family.known_as(Some("SERIALDISK0009"))
    };
    let of_mirror = || disks(Isw::of(2, [mirror()]), 2);
    [
        (of("rebuild-mirror", of_mirror(), blank()), "-R isw_dafebjijg_Vol0 /dev/dm-1"),
        (of("rebuild-spare", of_mirror(), spare()), "-R isw_dafebjijg_Vol0"),
        (
            of("rebuild-five", disks(Isw::of(3, [five]), 3), blank()),
            "-R isw_dafebjijg_Vol0 /dev/dm-2",
        ),
        (
            of("rebuild-beside-stripe", disks(Isw::of(2, [mirror(), stripe]), 2), blank()),
            "-R isw_dafebjijg_Vol0 /dev/dm-1",
        ),
    ]
}

/// What was answered, and what is on the disks.
fn whole(mut answer: Answer, ends: &[Vec<u8>]) -> Answer {
    for line in answer.out.iter_mut().chain(&mut answer.err) {
        *line = masked(line);
    }
    for (disk, end) in ends.iter().enumerate() {
        for (nth, sector) in end.chunks(512).enumerate() {
            let mut sector = sector.to_vec();
            if sector.starts_with(b"Intel Raid ISM Cfg Sig. ") {
                sector[0x20..0x24].fill(0);
                sector[0x28..0x2c].fill(0);
                sector[0x40..0x44].fill(0);
            }
            let used = sector.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
            if used > 0 {
                let hex: Vec<String> =
                    sector[..used].iter().map(|byte| format!("{byte:02x}")).collect();
                let hex = hex.concat();
                answer.out.push(format!("dm-{disk}, {} sectors from its end: {hex}", 16 - nth));
            }
        }
    }
    answer
}

/// Without the letters that a family's number makes.
fn masked(line: &str) -> String {
    let mut pieces = line.split("isw_");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|c| ('a'..='j').contains(&c));
        text.push_str(if rest.len() == piece.len() { "isw_" } else { "isw_FAMILY" });
        text.push_str(rest);
    }
    text
}

fn ours(case: &Case, steps: &[(&str, String)]) -> Vec<Answer> {
    let machine = Machine::new(case, true);
    let step = |(input, command): &(&str, String)| {
        let command = match command.split_once('@') {
            Some((before, number)) => {
                let sets = machine.answer("-s -c", &[]).out;
                let set = number.parse::<usize>().ok().and_then(|nth| sets.get(nth - 1)).unwrap();
                format!("{before}{set}")
            }
            None => command.clone(),
        };
        let answer = machine.answer(&command, input.as_bytes());
        whole(answer, &machine.ends(END))
    };
    steps.iter().map(step).collect()
}

/// The original's answer, with what ours has otherwise on purpose: an exit code that says what was not done.
fn meant(command: &str, mut theirs: Answer) -> Answer {
    let makes = ["-C ", "-S", "-R ", "-x"].iter().any(|option| command.contains(option));
    let is_refused = !theirs.err.is_empty() || command.starts_with("-R ");
    if makes && is_refused {
        "1".clone_into(&mut theirs.code);
    }
    theirs
}

/// Our answer without where old metadata are, which the original does not save.
fn without_saved(mut ours: Answer) -> Answer {
    // The question has no end of line of its own, and what follows it is on its line.
    ours.out.retain(|line| !line.starts_with("Old metadata of "));
    for line in &mut ours.out {
        if let Some((question, _)) = line.split_once("Old metadata of ") {
            *line = question.to_owned();
        }
    }
    ours
}

/// Sessions and commands that ours answers otherwise, and on which purpose.
const DIFFERS: &[(&str, &str, &str)] = &[
    ("spare", "-x", "dmraid-manage-spares-together"),
    ("sizes", "--size 0.5 ", "dmraid-manage-half-a-byte"),
    ("wrong", "-C -bad", "dmraid-manage-no-name"),
    ("wrong", "-R nope", "dmraid-manage-no-set"),
    ("rebuild-mirror", "", REBUILT),
    ("rebuild-spare", "", REBUILT),
    ("rebuild-five", "", REBUILT),
    ("rebuild-beside-stripe", "", "dmraid-rebuild-beside-stripe"),
];

const REBUILT: &str = "dmraid-rebuild-begun";

/// Whether the answers are alike. With `-x` the original leaves what is more than a sector on the disks, and says nothing
/// of where old metadata are saved.
fn are_alike(command: &str, mut ours: Answer, mut theirs: Answer) -> bool {
    if command.contains("-x") {
        ours.out.retain(|line| !line.is_empty());
        theirs.out.retain(|line| !line.is_empty());
    }
    let mine = ours.out.clone();
    theirs.out.retain(|line| mine.contains(line) || !line.contains(", 3 sectors from its end: "));
    ours.is_like(&theirs)
}

#[test]
fn sets_are_made_and_deleted_as_by_the_original() {
    if std::env::var_os("DMKIT_RECORD").is_some() && crate::is_meant("manage") {
        let original = Original::find().unwrap();
        let texts = cases().into_iter().map(|(case, steps)| {
            let steps: Vec<(&str, &str)> =
                steps.iter().map(|(input, command)| (*input, command.as_str())).collect();
            let answers = original.session(&case, &steps);
            let answers: Vec<Answer> =
                answers.into_iter().map(|(answer, ends)| whole(answer, &ends)).collect();
            let commands: Vec<&str> = steps.iter().map(|(_, command)| *command).collect();
            answer::text(&case, &commands, &answers)
        });
        fs::write(recorded("manage"), texts.collect::<String>()).unwrap();
    }
    let text = fs::read_to_string(recorded("manage")).unwrap();
    let mut all: BTreeMap<String, Vec<Answer>> = answer::parse(&text);
    let mut complaints = Vec::new();
    for (case, steps) in cases() {
        let theirs = all.remove(&case.name).unwrap_or_default();
        assert_eq!(theirs.len(), steps.len(), "{}: not recorded", case.name);
        let ours = ours(&case, &steps);
        for (((input, command), theirs), ours) in steps.iter().zip(theirs).zip(ours) {
            let (theirs, ours) = (meant(command, theirs), without_saved(ours));
            let name = &case.name;
            let purpose =
                DIFFERS.iter().find(|(session, part, _)| name == session && command.contains(part));
            let is_listed = purpose.map(|(.., id)| purpose::why(id)).is_some();
            if !is_listed && !are_alike(command, ours.clone(), theirs.clone()) {
                complaints.push(format!(
                    "{name}: {input:?} dmraid {command}\n-- ours\n{ours}-- theirs\n{theirs}"
                ));
            }
        }
    }
    assert!(all.is_empty(), "recorded, but no session: {:?}", all.keys());
    assert!(complaints.is_empty(), "{}:\n{}", complaints.len(), complaints.join("\n"));
}

/// What is in an MPB's first sector that a rebuild by either leaves alike, in bytes: the head but for the numbers of the
/// write and of its size, and the volume's name, size and status.
fn agreed(answer: &Answer, disk: usize, disks: usize) -> Vec<String> {
    let prefix = format!("dm-{disk}, 2 sectors from its end: ");
    let hex = answer.out.iter().find_map(|line| line.strip_prefix(&prefix)).unwrap();
    let table = 0xd8 + disks * 48;
    let ranges = [0..0x20, 0x30..0x40, 0x48..0xd8, 0xd8..table, table..table + 0x28];
    ranges.map(|range| hex[range.start * 2..range.end * 2].to_owned()).into()
}

#[test]
fn a_rebuild_puts_the_same_disk_in_the_same_place_as_the_original() {
    let text = fs::read_to_string(recorded("manage")).unwrap();
    let recorded: BTreeMap<String, Vec<Answer>> = answer::parse(&text);
    let whole = [("rebuild-mirror", 2, 2), ("rebuild-spare", 2, 2), ("rebuild-five", 3, 3)];
    for (name, disks, members) in whole {
        let (case, steps) = cases().into_iter().find(|(case, _)| case.name == name).unwrap();
        let (theirs, ours) = (recorded[name].last().unwrap(), ours(&case, &steps));
        for disk in 0..disks {
            let ours = agreed(ours.last().unwrap(), disk, members);
            assert_eq!(ours, agreed(theirs, disk, members), "{name}: dm-{disk}");
        }
    }
}
