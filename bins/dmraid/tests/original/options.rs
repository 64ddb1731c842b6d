//! The command line: what the original says of every pair of options, and of the odd ones.

use std::collections::BTreeSet;
use std::fs;

use dm_testkit::purpose;
use dm_testkit::raid::{Case, Image, sil};

use crate::answer::{self, Answer};
use crate::original::Original;
use crate::{ours, recorded};

/// Every option, each in a form that is right by itself.
const OPTIONS: [&str; 26] = [
    "-ay",
    "-an",
    "-b",
    "-c",
    "-cname",
    "-d",
    "-D",
    "-f sil",
    "-g",
    "-h",
    "-i",
    "-l",
    "-M /dev/x",
    "-n",
    "-p",
    "-P x",
    "-r",
    "-s",
    "-sa",
    "-si",
    "-S",
    "--separator :",
    "-t",
    "-v",
    "-V",
    "-Z",
];

/// Odd ones.
const ODD: &[&str] = &[
    "",
    "-?",
    "-q",
    "--bogus",
    "-a",
    "-ax",
    "-aYE -t",
    "-ayesx -t",
    "-aN -t",
    "-a no -t",
    "-ano -t",
    "-ay -t sil_x",
    "-f foo -r",
    "-f pdc,foo -r",
    "-f dos -r",
    "-f d -r",
    "-fs,p -r",
    "-f pdc:sil -r --separator :",
    "--separator : -f pdc:sil -r",
    "--separator :: -r",
    "--separator= -r",
    "--sep : -r -c",
    "-l extra",
    "-V extra",
    "-sx",
    "-ss",
    "-sA",
    "-sinact",
    "--sets=inactive",
    "--sets=x",
    "--sets inactive",
    "--ver",
    "--vers",
    "--act y -t",
    "-rc",
    "-rcc",
    "-r -cpath -cpath",
    "-r -c,,path,",
    "-bc",
    "-bcc",
    "-lv",
    "-lvv",
    "-tay",
    "-tayv",
    "-yat",
    "-r -- -c",
    "-r nope",
    "-r /dev/dm-0",
    "-r dm-0",
    "-b /dev/dm-0",
    "-b dm-0",
    "-b /x/y/dm-0",
    "-b nope",
    "-s nope1 nope2",
    "-x -C",
    "-C",
    "-f isw -x -s",
    "-s -s -s",
    "-h -q",
    "-q -h",
    "-d -v",
    "-v -v -v -r",
    "-i -i",
    "-ay -t -P y",
    "-r -c -D -E -f hpt",
    "-E",
    "-E -D -r",
    "-ay -Z -t",
    "-an -Z",
    "-an -p -t",
    "-test",
    "-s -craid,si,str,t,sta,su,d,sp,f,se",
    "-s -cs,st,x,",
    "-r -cr,f,t,s",
    "-b -cd,p,s,se,si,ser",
    "-r -cd,de,da,o,p",
    "-s -craid:size --sep :",
    "-s -cname",
    "-s sil_caagbhajaiah",
    "-ay -t sil_caagbhajaiah",
    "-ay -t sil",
    "-si -ct",
    "-si -cd",
    "-b -v /dev/dm-0",
    "-b /dev/dm-0 /dev/dm-1 -v",
    "-r -v /dev/dm-0",
    "-r -v",
    "-s -v",
    "-s -vv",
    "-r -vv",
    "-r -vvv",
    "-s a",
    "-s -c a",
    "-tay -f sil",
    "-f sil -tan",
    "-n /dev/dm-1",
    "-n nope",
    "-f pdc -s foo",
    "-f pdc -r foo",
    "-R x -r",
    "-r -R x",
    "-R x -S",
    "-R x -t",
];

fn commands() -> Vec<String> {
    let pairs =
        OPTIONS.iter().flat_map(|one| OPTIONS.iter().map(move |two| format!("{one} {two}")));
    let single = OPTIONS.iter().map(|one| (*one).to_owned());
    let odd = ODD.iter().map(|one| (*one).to_owned());
    // What would change something is not asked.
    let is_harmless = |command: &String| {
        let has = |option| command.split(' ').any(|word| word == option);
        let maps = has("-ay") || has("-an");
        !maps
            || has("-t")
            || command.split(' ').count() != 1 && ["-b", "-r", "-s", "-n"].iter().any(|o| has(o))
    };
    let all: BTreeSet<String> = single.chain(pairs).chain(odd).filter(is_harmless).collect();
    all.into_iter().collect()
}

/// Two disks of a stripe.
fn case() -> Case {
    let disks: Vec<Image> = [0, 1].map(|number| sil::stripe(number, 2).disk()).into();
    Case::new("options", disks)
}

/// Where ours is otherwise, and on which purpose.
const DIFFERS: (&str, &[&str]) = ("dmraid-options-cc", &["-bcc", "-rcc"]);

/// What the original says, less what ours does not say on purpose: how its own lists are searched, checked and freed;
/// what the sets that were not asked for lack once their members have been dropped.
fn without_noise(answer: &Answer, command: &str) -> Answer {
    let mut answer = answer.clone();
    let inner = ["_find_set", "checking", "set status", "freeing"];
    let is_inner =
        |line: &String| inner.iter().any(|word| line.starts_with(&format!("DEBUG: {word}")));
    answer.out.retain(|line| !is_inner(line));
    if command.split(' ').any(|word| !word.starts_with('-')) {
        answer.err.retain(|line| !line.contains(": wrong # of devices in "));
    }
    // The original prints the byte that it knows `--separator` by.
    for line in &mut answer.err {
        *line = line.replace("-\\x00", "--separator");
    }
    answer
}

/// Sets are made, rebuilt and given spares elsewhere; here only how their options go together is looked at.
fn is_looked_at(command: &str, theirs: &Answer) -> bool {
    let changes = ["-R", "-S"].iter().any(|option| command.split(' ').any(|word| word == *option));
    !changes
        || theirs.err.iter().any(|line| line.contains("combination") || line.contains("allowed"))
}

#[test]
fn the_command_line_is_read_as_the_original_reads_it() {
    let (case, commands) = (case(), commands());
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    if std::env::var_os("DMKIT_RECORD").is_some() && crate::is_meant("options") {
        let answers = Original::find().unwrap().answers(&case, &commands);
        fs::write(recorded("options"), answer::text(&case, &commands, &answers)).unwrap();
    }
    let mut all = answer::parse(&fs::read_to_string(recorded("options")).unwrap());
    let theirs: Vec<Answer> = all.remove("options").unwrap();
    assert_eq!(theirs.len(), commands.len(), "not recorded");
    let (purpose, differing) = DIFFERS;
    assert!(!purpose::why(purpose).is_empty());
    let complaint = |(command, theirs): (&&str, &Answer)| {
        if !is_looked_at(command, theirs) {
            return None;
        }
        let theirs = without_noise(theirs, command);
        let ours = without_noise(&ours::answer(&case, command), command);
        (ours.is_like(&theirs) == differing.contains(command))
            .then(|| format!("options: dmraid {command}\n-- ours\n{ours}-- theirs\n{theirs}"))
    };
    let complaints: Vec<String> = commands.iter().zip(&theirs).filter_map(complaint).collect();
    assert!(complaints.is_empty(), "{}:\n{}", complaints.len(), complaints.join("\n"));
}
