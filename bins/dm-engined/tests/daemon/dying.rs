//! A worker that dies at every step of a command: afterwards every device is in the old state or in the new
//! one, can be removed, and nothing is left behind.
//!
//! The product has no hook for this: strace kills the worker as a thread of it is about to make its n-th system
//! call of one kind, for every kind that changes anything and every n, until the command comes to its end. Each
//! connection has a thread of its own, and each thread its own counts.
//!
//! `DMKIT_EVERY_STEP=1` takes every step of every command in every way; without it, some are left out.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use dm_core::dm::Request;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::table;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::bench::{Bench, Daemon, LIMIT, lacks};
use crate::snapshot::{self, Snapshot};

/// What changes something, in this process or outside. Opening a file for writing is not among them: what is
/// written to it next is.
const CHANGES: &str = "write,pwrite64,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,\
    symlink,symlinkat,mkdir,mkdirat,rmdir,mknod,mknodat,chmod,fchmod,fchmodat,ioctl,mount,umount2,sendto,sendmsg";

/// Watches a process from now on, and kills it if it is told to.
pub(crate) struct Strace {
    child: Child,
}

impl Strace {
    /// Writes down each change to `log`.
    fn watch(pid: Pid, log: &Path) -> Self {
        Self::attach(pid, &["-o", &log.display().to_string(), "-e", &format!("trace={CHANGES}")])
    }

    /// Kills as the call that `step` names is about to be made.
    fn kill(pid: Pid, step: &Step) -> Self {
        let Step { call, nth } = step;
        let inject = format!("inject={call}:signal=KILL:when={nth}");
        Self::attach(pid, &["-o", "/dev/null", "-e", &format!("trace={call}"), "-e", &inject])
    }

    /// With arguments of the caller's.
    pub(crate) fn attach(pid: Pid, args: &[&str]) -> Self {
        let mut command = Command::new("strace");
        command.args(["-f", "-p", &pid.to_string()]).args(args);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("attached"), "{line}");
        Self { child }
    }

    /// Ends well, so that all is written.
    fn end(mut self) {
        kill(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGTERM).unwrap();
        self.child.wait().unwrap();
    }
}

/// A system call of a thread: the `nth` of its kind, from 1 on.
#[derive(Clone, Debug)]
struct Step {
    call: String,
    nth: usize,
}

impl Drop for Strace {
    fn drop(&mut self) {
        // The kernel lets go of whom it has. Asked to do so itself, it waits for ever for some who die.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether strace may trace here; says why not.
pub(crate) fn cannot_trace() -> bool {
    if lacks(&["strace"]) {
        return true;
    }
    let probe = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    let works = probe.is_ok_and(|output| output.status.success());
    if !works {
        eprintln!("skipped: needs ptrace(2)");
    }
    !works
}

/// How the daemon dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The worker alone.
    Supervised,
    /// All of it: the next command starts another.
    Alone,
}

/// A command that dies, and what was before it.
struct Case {
    what: &'static str,
    before: fn(&Stage) -> Vec<Request>,
    command: fn(&Stage) -> Request,
}

/// Where the commands play.
struct Stage {
    bench: Bench,
    front_end: &'static str,
    way: Way,
    prefix: String,
    image: String,
}

impl Stage {
    fn new(front_end: &'static str, way: Way) -> Self {
        let bench = Bench::new();
        let image = bench.image("image", 8192).display().to_string();
        let prefix = format!("dmkit-dying-{}-{front_end}-{way:?}-", std::process::id());
        Self { bench, front_end, way, prefix, image }
    }

    fn start(&self) -> Daemon {
        let mut args = vec!["--frontend", self.front_end, "--idle", "60"];
        args.extend((self.way == Way::Alone).then_some("--no-supervisor"));
        let daemon = self.bench.start(&args);
        assert_eq!(daemon.line, "ready");
        daemon
    }

    fn on(&self, cmd: Cmd, name: &str) -> Request {
        Request::new(cmd).named(format!("{}{name}", self.prefix).as_bytes())
    }

    fn load(&self, name: &str, text: &str) -> Request {
        let text = text.replace("IMAGE", &self.image).replace("PREFIX", &self.prefix);
        let lines = table::parse(text.as_bytes()).unwrap();
        self.on(Cmd::TableLoad, name).with_table(&lines)
    }

    /// What makes a device with this live table.
    fn made(&self, name: &str, text: &str) -> Vec<Request> {
        let create = self.on(Cmd::DevCreate, name);
        vec![create, self.load(name, text), self.on(Cmd::DevSuspend, name)]
    }

    fn suspended(&self, name: &str) -> Request {
        self.on(Cmd::DevSuspend, name).with_flags(Flags::SUSPEND)
    }

    fn renamed(&self, name: &str, to: &str) -> Request {
        let payload = format!("{}{to}\0", self.prefix).into_bytes();
        self.on(Cmd::DevRename, name).with_payload(payload)
    }

    fn set_up(&self, case: &Case) -> Snapshot {
        let client = self.bench.client();
        for request in (case.before)(self) {
            client.call(&request).unwrap();
        }
        snapshot::take(&self.bench)
    }

    /// The process whose threads carry out commands.
    fn serving(&self, daemon: &Daemon) -> Pid {
        match self.way {
            Way::Supervised => daemon.worker().unwrap(),
            Way::Alone => Pid::from_raw(daemon.child.id().cast_signed()),
        }
    }

    /// Carries out the case's command, and says which steps it took.
    fn steps(&self, daemon: &Daemon, case: &Case) -> Vec<Step> {
        let log = self.bench.folder.path().join("calls");
        let strace = Strace::watch(self.serving(daemon), &log);
        self.bench.client().call(&(case.command)(self)).unwrap();
        strace.end();
        let text = fs::read_to_string(log).unwrap();
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for line in text.lines() {
            // `<thread> <call>(<arguments>) = <result>`; the second half of one in two parts has no name.
            let Some((thread, rest)) = line.split_once(' ') else { continue };
            let Some((call, _)) = rest.trim_start().split_once('(') else { continue };
            *counts.entry((call, thread)).or_default() += 1;
        }
        let mut most: BTreeMap<&str, usize> = BTreeMap::new();
        for ((call, _), count) in counts {
            let most = most.entry(call).or_default();
            *most = count.max(*most);
        }
        let step = |call: &str, nth| Step { call: call.to_owned(), nth };
        most.iter().flat_map(|(call, most)| (1..=*most).map(|nth| step(call, nth))).collect()
    }

    fn clear(&self) {
        // Who held a device open may only just have gone.
        for _ in 0..100 {
            self.bench.client().call(&Request::new(Cmd::RemoveAll)).unwrap();
            if snapshot::take(&self.bench).is_empty() {
                break;
            }
        }
        assert_eq!(snapshot::strays(&self.bench, &self.prefix), Vec::<String>::new());
    }
}

const LINEAR: &str = "0 4096 linear IMAGE 0";

static CASES: &[Case] = &[
    Case { what: "create", before: |_| vec![], command: |s| s.on(Cmd::DevCreate, "a") },
    Case {
        what: "load",
        before: |s| vec![s.on(Cmd::DevCreate, "a")],
        command: |s| s.load("a", LINEAR),
    },
    Case {
        what: "first resume",
        before: |s| vec![s.on(Cmd::DevCreate, "a"), s.load("a", LINEAR)],
        command: |s| s.on(Cmd::DevSuspend, "a"),
    },
    Case {
        what: "load beside a live table",
        before: |s| s.made("a", LINEAR),
        command: |s| s.load("a", "0 8192 linear IMAGE 0"),
    },
    Case { what: "suspend", before: |s| s.made("a", LINEAR), command: |s| s.suspended("a") },
    Case {
        what: "resume",
        before: |s| [s.made("a", LINEAR), vec![s.suspended("a")]].concat(),
        command: |s| s.on(Cmd::DevSuspend, "a"),
    },
    Case {
        what: "resume with a larger table, on a stack",
        before: |s| {
            let top = s.made("b", "0 1024 linear /dev/mapper/PREFIXa 0");
            let larger = s.load("a", "0 8192 linear IMAGE 0");
            [s.made("a", LINEAR), top, vec![s.suspended("a"), larger]].concat()
        },
        command: |s| s.on(Cmd::DevSuspend, "a"),
    },
    Case {
        what: "clear",
        before: |s| [s.made("a", LINEAR), vec![s.load("a", "0 8 zero")]].concat(),
        command: |s| s.on(Cmd::TableClear, "a"),
    },
    Case { what: "rename", before: |s| s.made("a", LINEAR), command: |s| s.renamed("a", "c") },
    Case {
        what: "uuid",
        before: |s| s.made("a", LINEAR),
        command: |s| {
            let rename = s.on(Cmd::DevRename, "a").with_flags(Flags::UUID);
            rename.with_payload(b"DMKIT-dying\0".to_vec())
        },
    },
    Case {
        what: "message",
        before: |s| s.made("a", "0 4096 dust IMAGE 0 512"),
        command: |s| {
            let payload = [&0_u64.to_ne_bytes()[..], b"enable\0"].concat();
            s.on(Cmd::TargetMsg, "a").with_payload(payload)
        },
    },
    Case {
        what: "remove",
        before: |s| s.made("a", LINEAR),
        command: |s| s.on(Cmd::DevRemove, "a"),
    },
    Case {
        what: "remove_all",
        before: |s| {
            let top = s.made("b", "0 1024 linear /dev/mapper/PREFIXa 0");
            [s.made("a", LINEAR), top, s.made("c", "0 8 zero")].concat()
        },
        command: |_| Request::new(Cmd::RemoveAll),
    },
];

fn dies_everywhere(front_end: &'static str, way: Way, stride: usize) {
    let needs: &[_] =
        if front_end == "fuse" { &["root", "fuse", "loop"] } else { &["fuse", "fusermount3"] };
    if lacks(needs) || cannot_trace() {
        return;
    }
    let stride = if std::env::var_os("DMKIT_EVERY_STEP").is_some() { 1 } else { stride };
    let stage = Stage::new(front_end, way);
    let mut daemon = stage.start();
    let (mut passed, mut deaths) = (0, 0);
    for case in CASES {
        let old = stage.set_up(case);
        let steps = stage.steps(&daemon, case);
        let new = snapshot::take(&stage.bench);
        stage.clear();
        let before = deaths;
        for step in &steps {
            passed += 1;
            if passed % stride != 0 {
                continue;
            }
            assert_eq!(stage.set_up(case), old, "{}", case.what);
            deaths += usize::from(dies_at(&stage, &mut daemon, case, step, (&old, &new)));
            stage.clear();
        }
        let (what, deaths, steps) = (case.what, deaths - before, steps.len());
        eprintln!("{front_end}, {way:?}, {what}: died at {deaths} of {steps} steps");
    }
    // What other threads do is not the same each time.
    assert!(deaths >= passed / stride / 2, "{deaths} deaths in {passed} steps");
    daemon.terminate();
    assert!(daemon.has_left(LIMIT));
    assert_eq!(stage.bench.left(), Vec::<String>::new());
}

/// Has the daemon die at this step of the case's command; whether it did.
fn dies_at(
    stage: &Stage,
    daemon: &mut Daemon,
    case: &Case,
    step: &Step,
    (old, new): (&Snapshot, &Snapshot),
) -> bool {
    let before = stage.serving(daemon);
    let executioner = Strace::kill(before, step);
    // A connection that is younger than the count.
    let answer = stage.bench.client().call(&(case.command)(stage));
    drop(executioner);
    let mut has_died = || match stage.way {
        Way::Supervised => daemon.worker() != Some(before),
        Way::Alone => daemon.child.try_wait().unwrap().is_some(),
    };
    let reset = answer.as_ref().is_err_and(|error| error.errno == Errno::ECONNRESET);
    let deadline = Instant::now() + LIMIT;
    while reset && !has_died() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
    let died = has_died();
    if died && stage.way == Way::Alone {
        *daemon = stage.start();
    }
    let now = snapshot::take(&stage.bench);
    let (what, front_end) = (case.what, stage.front_end);
    if answer.is_ok() || !died {
        assert_eq!(&now, new, "{front_end}, {what}, {step:?}: {answer:?}");
    } else {
        let fits = snapshot::is_old_or_new(&now, old, new);
        assert!(fits, "{front_end}, {what}, {step:?}:\nold {old:#?}\nnew {new:#?}\nnow {now:#?}");
    }
    died
}

#[test]
fn a_worker_may_die_at_every_step_files() {
    dies_everywhere("file", Way::Supervised, 3);
}

#[test]
fn a_worker_may_die_at_every_step_loop_devices() {
    dies_everywhere("fuse", Way::Supervised, 5);
}

#[test]
fn a_daemon_may_die_at_every_step_files() {
    dies_everywhere("file", Way::Alone, 7);
}

#[test]
fn a_daemon_may_die_at_every_step_loop_devices() {
    dies_everywhere("fuse", Way::Alone, 7);
}
