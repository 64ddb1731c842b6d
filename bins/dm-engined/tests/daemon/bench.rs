//! A daemon on a socket of its own, and a client of it.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::fd::AsFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use dm_core::dm::{Dm, DmError, Reply, Request};
use dm_core::flags::Flags;
use dm_core::packet::{Cmd, message};
use dm_core::table;
use dm_core::units::Sectors;
use dm_sys::loopdev::{self, Attach, LoopDevice};
use dm_sys::socket::Socket;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// How long anything here may take.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// Says why a test is skipped, if it is.
pub(crate) fn lacks(needs: &[&str]) -> bool {
    for need in needs {
        let there = match *need {
            "root" => nix::unistd::geteuid().is_root(),
            "fuse" => File::options().read(true).write(true).open("/dev/fuse").is_ok(),
            "loop" => File::options().read(true).write(true).open("/dev/loop-control").is_ok(),
            program => Command::new(program).arg("--version").output().is_ok(),
        };
        if !there {
            eprintln!("skipped: needs {need}");
            return true;
        }
    }
    false
}

/// A private folder and the daemon's socket in it.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
    pub(crate) socket: PathBuf,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("run/engine.sock");
        Self { folder, socket }
    }

    /// A daemon's command line.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dm-engined"));
        command.args(args).env("DMKIT_SOCKET", &self.socket).env_remove("DMKIT_IDLE");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    }

    /// Starts a daemon, and waits until it serves.
    pub(crate) fn start(&self, args: &[&str]) -> Daemon {
        let mut all = vec!["serve"];
        all.extend(args);
        Daemon::of(self.command(&all).spawn().unwrap())
    }

    pub(crate) fn client(&self) -> Client {
        Client(Socket::connect(&self.socket).unwrap())
    }

    /// One that does not wait for ever for a daemon that does not serve.
    pub(crate) fn patient_client(&self) -> Client {
        let socket = Socket::connect(&self.socket).unwrap();
        socket.greet(LIMIT).unwrap();
        Client(socket)
    }

    /// Bytes on the socket that no client of ours would send.
    pub(crate) fn raw(&self) -> UnixStream {
        let stream = UnixStream::connect(&self.socket).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        stream
    }

    /// An image of `sectors` sectors.
    pub(crate) fn image(&self, name: &str, sectors: u64) -> PathBuf {
        let path = self.folder.path().join(name);
        File::create(&path).unwrap().set_len(sectors * 512).unwrap();
        path
    }

    /// Where the daemon remembers its devices.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("run/engine.state")
    }

    /// The loop devices over files of the daemon's.
    pub(crate) fn loops(&self) -> Vec<u32> {
        let run = self.folder.path().join("run");
        let attached = loopdev::attached().into_iter();
        attached.filter(|(_, path)| path.starts_with(&run)).map(|(number, _)| number).collect()
    }

    /// What a daemon has left: entries of its folder, loop devices and mounts below it.
    pub(crate) fn left(&self) -> Vec<String> {
        let run = self.folder.path().join("run");
        let mut left: Vec<String> = match fs::read_dir(&run) {
            Ok(entries) => entries.map(|e| e.unwrap().path().display().to_string()).collect(),
            Err(_) => Vec::new(),
        };
        left.extend(self.loops().iter().map(|number| format!("loop{number}")));
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap();
        let folder = run.display().to_string();
        left.extend(mounts.lines().filter(|line| line.contains(&folder)).map(str::to_owned));
        left
    }
}

impl Drop for Bench {
    /// A test that failed leaves a dead daemon's things.
    fn drop(&mut self) {
        let run = self.folder.path().join("run");
        for number in self.loops() {
            let _ = loopdev::detach_on_last_close(number);
        }
        for mount in ["engine.fuse", "mapper"] {
            let _ = dm_sys::mounts::detach(&run.join(mount));
        }
    }
}

/// A daemon's process; killed when dropped.
pub(crate) struct Daemon {
    pub(crate) child: Child,
    pub(crate) line: String,
}

impl Daemon {
    fn of(mut child: Child) -> Self {
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        Self { child, line: line.trim_end().to_owned() }
    }

    /// Kills both its processes, so that nobody is left to start another.
    pub(crate) fn kill(mut self) {
        let worker = self.worker();
        self.child.kill().unwrap();
        if let Some(worker) = worker {
            end(worker);
        }
        self.child.wait().unwrap();
    }

    /// The process that serves; none while there is none.
    pub(crate) fn worker(&self) -> Option<Pid> {
        let parent = self.child.id().to_string();
        fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
            let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            // After the name, which may hold anything, come the state and the parent.
            let mut words = stat.rsplit(") ").next()?.split(' ');
            let is_alive = words.next() != Some("Z");
            (is_alive && words.next() == Some(&parent)).then(|| Pid::from_raw(pid))
        })
    }

    /// Kills the process that serves, and waits until there is another.
    pub(crate) fn kill_worker(&self, signal: Signal) -> Pid {
        let before = self.worker().unwrap();
        kill(before, signal).unwrap();
        self.await_worker_after(before)
    }

    /// Waits until there is a process that serves, other than `before`, and gives it.
    pub(crate) fn await_worker_after(&self, before: Pid) -> Pid {
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(now) = self.worker().filter(|now| *now != before) {
                return now;
            }
            assert!(Instant::now() < deadline, "no other worker");
            thread::sleep(Duration::from_millis(1));
        }
    }

    pub(crate) fn terminate(&self) {
        kill(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGTERM).unwrap();
    }

    /// Waits until it has left; whether that was in time, and well.
    pub(crate) fn has_left(&mut self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            thread::sleep(Duration::from_millis(5));
        }
        false
    }
}

/// Kills a process that is not this one's child, and waits until it has gone.
pub(crate) fn end(pid: Pid) {
    let _ = kill(pid, Signal::SIGKILL);
    let deadline = Instant::now() + LIMIT;
    // Its first thread may have ended before those that have its files.
    let is_there = || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let threads = fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
        let is_over = stat.is_empty() || (stat.contains(") Z") && threads <= 1);
        !is_over
    };
    while is_there() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(1));
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // A test that went well has seen the daemon leave.
        let worker = matches!(self.child.try_wait(), Ok(None)).then(|| self.worker()).flatten();
        let _ = self.child.kill();
        if let Some(worker) = worker {
            end(worker);
        }
        let _ = self.child.wait();
    }
}

/// A client of the daemon.
pub(crate) struct Client(Socket);

impl Client {
    pub(crate) fn call(&self, request: &Request) -> Result<Reply, DmError> {
        Dm::new(&self.0).call(request)
    }

    /// Creates `name` with this table, live.
    pub(crate) fn create(&self, name: &str, text: &str) {
        self.create_as(name, text, Flags::empty());
    }

    /// The same, in a mode of its own.
    pub(crate) fn create_as(&self, name: &str, text: &str, mode: Flags) {
        self.call(&Request::new(Cmd::DevCreate).named(name.as_bytes())).unwrap();
        self.reload_as(name, text, mode);
    }

    /// Gives `name` another live table.
    pub(crate) fn reload(&self, name: &str, text: &str) {
        self.reload_as(name, text, Flags::empty());
    }

    /// The same, in a mode of its own.
    pub(crate) fn reload_as(&self, name: &str, text: &str, mode: Flags) {
        let table = table::parse(text.as_bytes()).unwrap();
        let load = Request::new(Cmd::TableLoad).named(name.as_bytes()).with_table(&table);
        self.call(&load.with_flags(mode)).unwrap();
        self.resume(name);
    }

    pub(crate) fn resume(&self, name: &str) {
        self.call(&Request::new(Cmd::DevSuspend).named(name.as_bytes())).unwrap();
    }

    pub(crate) fn suspend(&self, name: &str) -> Result<Reply, DmError> {
        let request = Request::new(Cmd::DevSuspend).named(name.as_bytes());
        self.call(&request.with_flags(Flags::SUSPEND))
    }

    pub(crate) fn remove(&self, name: &str) -> Result<(), DmError> {
        self.call(&Request::new(Cmd::DevRemove).named(name.as_bytes())).map(drop)
    }

    pub(crate) fn info(&self, name: &str) -> dm_core::dm::DeviceInfo {
        self.call(&Request::new(Cmd::DevStatus).named(name.as_bytes())).unwrap().device()
    }

    /// What the targets of `name` say.
    pub(crate) fn target_status(&self, name: &str) -> String {
        let reply = self.call(&Request::new(Cmd::TableStatus).named(name.as_bytes())).unwrap();
        let lines = reply.lines().unwrap();
        let said = lines.iter().map(|line| String::from_utf8_lossy(&line.args).into_owned());
        said.collect::<Vec<_>>().join("\n")
    }

    /// Sends a message to the target at sector 0 of `name`, and gives its answer.
    pub(crate) fn message(&self, name: &str, text: &str) -> Result<Reply, DmError> {
        let payload = message::encode(Sectors::ZERO, text.as_bytes());
        self.call(&Request::new(Cmd::TargetMsg).named(name.as_bytes()).with_payload(payload))
    }

    pub(crate) fn status(&self) -> String {
        let reply = self.call(&Request::new(Cmd::EngineStatus)).unwrap();
        let text = reply.payload().split(|&byte| byte == 0).next().unwrap().to_vec();
        String::from_utf8(text).unwrap()
    }
}

/// A loop device over an image; detached when dropped.
pub(crate) struct Leg(pub(crate) LoopDevice);

impl Leg {
    pub(crate) fn new(image: &Path) -> Self {
        let file = File::options().read(true).write(true).open(image).unwrap();
        Self(LoopDevice::attach(file.as_fd(), Attach::default()).unwrap())
    }

    pub(crate) fn path(&self) -> String {
        self.0.path().display().to_string()
    }
}

impl Drop for Leg {
    fn drop(&mut self) {
        self.0.detach_if_unused().unwrap();
    }
}

/// Runs a program, and gives its output; it must succeed.
pub(crate) fn run(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{program} {args:?}: {output:?}");
    text
}

/// Lets everybody through the folders above a socket: what keeps others out must be the daemon.
pub(crate) fn open_doors(bench: &Bench) {
    let open = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    open(bench.folder.path(), 0o755);
    open(&bench.folder.path().join("run"), 0o755);
    open(&bench.socket, 0o666);
}
