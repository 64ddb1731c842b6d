//! `/dev/ublk-control`: making, starting, stopping and deleting devices.
//!
//! A command may block in the kernel for as long as a device's requests take, so each has a ring of its own and
//! a deadline. One that does not end by then is cancelled; where even that has no effect, its ring and its
//! memory are left to the kernel for good (R3).
//!
//! A user without rights names a device's own node in front of every command's payload: the driver looks
//! whether he may open it.
//!
//! # Source
//!
//! `ublk_ctrl_uring_cmd` in the kernel's `drivers/block/ublk_drv.c`, 6.12.

use std::fs::{File, OpenOptions};
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_core::units::Sectors;
use io_uring::{IoUring, cqueue, opcode, squeue, types};
use zerocopy::{FromBytes as _, IntoBytes as _};

use super::rights;
use super::wire::{Code, ControlCommand, DeviceInfo, Features, Parameters};

/// Where the driver answers.
pub const NODE: &str = "/dev/ublk-control";

/// How long a command may take. On a machine that is merely slow they end in well under a second.
const LIMIT: Duration = Duration::from_secs(30);

/// How long a command that was called off may take to end.
const CANCEL_LIMIT: Duration = Duration::from_secs(1);

/// The number of a new device: any, or none of a command's.
const ANY: u32 = u32::MAX;
const NO_QUEUE: u16 = u16::MAX;

/// What a cancellation's completion carries, and a command's.
const CANCEL: u64 = 1;
const COMMAND: u64 = 0;

type ControlRing = IoUring<squeue::Entry128, cqueue::Entry>;

/// The driver's control node, open.
#[derive(Debug)]
pub struct Control {
    node: Arc<File>,
    privileged: bool,
}

impl Control {
    /// Opens it.
    ///
    /// # Errors
    ///
    /// What opening [`NODE`] says.
    pub fn open() -> io::Result<Self> {
        let node = OpenOptions::new().read(true).write(true).open(NODE)?;
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        Ok(Self { node: Arc::new(node), privileged: has_admin(&status) })
    }

    /// What the driver can do.
    ///
    /// # Errors
    ///
    /// `EOPNOTSUPP` and the like from a driver that does not know the command (before 6.5); what setting up a
    /// ring says.
    pub fn features(&self) -> Result<Features, Errno> {
        let mut call = Call::new(Code::GET_FEATURES, ANY);
        call.payload = vec![0; size_of::<u64>()];
        let reply = self.carry_out(call)?;
        let bits = u64::read_from_prefix(&reply).map_or(0, |(bits, _)| bits);
        Ok(Features::from_bits_retain(bits))
    }

    /// Makes a device as `info` asks, with the number there if it is not `None`. The answer is what it became.
    ///
    /// # Errors
    ///
    /// `EEXIST` for a number that is taken, `EACCES` for more devices than users without rights may have.
    pub(crate) fn add(&self, id: Option<u32>, mut info: DeviceInfo) -> Result<DeviceInfo, Errno> {
        info.dev_id = id.unwrap_or(ANY);
        let mut call = Call::new(Code::ADD_DEV, info.dev_id);
        call.payload = info.as_bytes().to_vec();
        let reply = self.carry_out(call)?;
        DeviceInfo::read_from_bytes(&reply).map_err(|_| Errno::EIO)
    }

    /// What a device is.
    ///
    /// # Errors
    ///
    /// `ENODEV` for a number without a device.
    pub(crate) fn info(&self, id: u32) -> Result<DeviceInfo, Errno> {
        let code = if self.privileged { Code::GET_DEV_INFO } else { Code::GET_DEV_INFO2 };
        let payload = vec![0; size_of::<DeviceInfo>()];
        let reply = self.of_device(code, id, 0, payload)?;
        DeviceInfo::read_from_bytes(&reply).map_err(|_| Errno::EIO)
    }

    /// Sets a device's parameters, before it is started.
    ///
    /// # Errors
    ///
    /// `EINVAL` for parameters that do not fit each other, `EACCES` for a device that lives.
    pub(crate) fn set_parameters(&self, id: u32, parameters: &Parameters) -> Result<(), Errno> {
        let len = Parameters::SET_LEN as usize;
        let payload = parameters.as_bytes().get(..len).unwrap_or_default().to_vec();
        self.of_device(Code::SET_PARAMS, id, 0, payload).map(drop)
    }

    /// A device's parameters, its numbers among them.
    ///
    /// # Errors
    ///
    /// `ENODEV` for a number without a device.
    pub(crate) fn parameters(&self, id: u32) -> Result<Parameters, Errno> {
        let asked = Parameters { len: Parameters::LEN, ..Parameters::default() };
        let reply = self.of_device(Code::GET_PARAMS, id, 0, asked.as_bytes().to_vec())?;
        Parameters::read_from_bytes(&reply).map_err(|_| Errno::EIO)
    }

    /// Starts a device, all of whose tags have been fetched, or will be.
    ///
    /// # Errors
    ///
    /// `ETIMEDOUT` when they are not.
    pub(crate) fn start(&self, id: u32) -> Result<(), Errno> {
        self.of_device(Code::START_DEV, id, own_pid(), Vec::new()).map(drop)
    }

    /// Stops a device, whoever has it open. What its server has in hand is waited for.
    ///
    /// # Errors
    ///
    /// `ENODEV` for a number without a device, `ETIMEDOUT` when requests do not end.
    pub(crate) fn stop(&self, id: u32) -> Result<(), Errno> {
        self.of_device(Code::STOP_DEV, id, 0, Vec::new()).map(drop)
    }

    /// Stops a device that nobody has open.
    ///
    /// # Errors
    ///
    /// `EBUSY` where somebody has; as for [`Self::stop`].
    pub(crate) fn stop_if_unused(&self, id: u32) -> Result<(), Errno> {
        self.of_device(Code::TRY_STOP_DEV, id, 0, Vec::new()).map(drop)
    }

    /// Deletes a device; its number is free when nobody holds it any more.
    ///
    /// # Errors
    ///
    /// `ENODEV` for a number without a device.
    pub(crate) fn delete(&self, id: u32) -> Result<(), Errno> {
        // The driver lets only the privileged use the other.
        let code = if self.privileged { Code::DEL_DEV_ASYNC } else { Code::DEL_DEV };
        match self.of_device(code, id, 0, Vec::new()) {
            Err(Errno::EOPNOTSUPP) if code == Code::DEL_DEV_ASYNC => {
                self.of_device(Code::DEL_DEV, id, 0, Vec::new()).map(drop)
            }
            done => done.map(drop),
        }
    }

    /// Begins to take over a device whose server has gone.
    ///
    /// # Errors
    ///
    /// `EBUSY` while something of that server is left.
    pub(crate) fn start_recovery(&self, id: u32) -> Result<(), Errno> {
        self.of_device(Code::START_USER_RECOVERY, id, 0, Vec::new()).map(drop)
    }

    /// Ends it: requests flow again. All tags have been fetched, or will be.
    ///
    /// # Errors
    ///
    /// `ETIMEDOUT` when they are not.
    pub(crate) fn end_recovery(&self, id: u32) -> Result<(), Errno> {
        self.of_device(Code::END_USER_RECOVERY, id, own_pid(), Vec::new()).map(drop)
    }

    /// Changes a live device's size.
    ///
    /// # Errors
    ///
    /// `EOPNOTSUPP` from a driver that cannot.
    pub(crate) fn update_size(&self, id: u32, size: Sectors) -> Result<(), Errno> {
        self.of_device(Code::UPDATE_SIZE, id, size.get(), Vec::new()).map(drop)
    }

    /// A command on a device; the answer is the payload as it came back.
    fn of_device(
        &self,
        code: Code,
        id: u32,
        data: u64,
        payload: Vec<u8>,
    ) -> Result<Vec<u8>, Errno> {
        let mut call = Call::new(code, id);
        call.data = data;
        if !self.privileged {
            call.path = path_of(id);
        }
        call.payload = payload;
        self.carry_out(call)
    }

    fn carry_out(&self, call: Call) -> Result<Vec<u8>, Errno> {
        let path_len = call.path.len();
        let (command, memory) = call.into_entry()?;
        let mut running = Running::start(Arc::clone(&self.node), &command, memory)?;
        let result = running.wait(LIMIT)?;
        if result < 0 {
            return Err(Errno::new(result.saturating_neg()));
        }
        Ok(running.into_memory().split_off(path_len))
    }
}

/// The node of a device's server side.
pub(crate) fn char_node(id: u32) -> PathBuf {
    Path::new("/dev").join(format!("ublkc{id}"))
}

/// It as the driver wants it named: with the zero at its end.
fn path_of(id: u32) -> Vec<u8> {
    let mut path = char_node(id).into_os_string().into_encoded_bytes();
    path.push(0);
    path
}

fn own_pid() -> u64 {
    u64::from(std::process::id())
}

/// Whether the text of `/proc/<pid>/status` shows the right to administer the system.
fn has_admin(status: &str) -> bool {
    let set = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let bits = set.and_then(|set| u64::from_str_radix(set.trim(), 16).ok());
    bits.is_some_and(|bits| bits >> rights::SYS_ADMIN & 1 != 0)
}

/// A command before it is sent.
struct Call {
    code: Code,
    id: u32,
    data: u64,
    /// The device's own node, for users without rights.
    path: Vec<u8>,
    payload: Vec<u8>,
}

/// A command as the ring has it: its code, and the area of 80 bytes.
struct Encoded {
    code: Code,
    area: [u8; 80],
}

impl Call {
    fn new(code: Code, id: u32) -> Self {
        Self { code, id, data: 0, path: Vec::new(), payload: Vec::new() }
    }

    /// The entry, and the memory that it points to.
    fn into_entry(self) -> Result<(Encoded, Vec<u8>), Errno> {
        let Self { code, id, data, path, payload } = self;
        let dev_path_len = u16::try_from(path.len()).map_err(|_| Errno::EINVAL)?;
        let mut memory = path;
        memory.extend_from_slice(&payload);
        let len = u16::try_from(memory.len()).map_err(|_| Errno::EINVAL)?;
        let addr = if memory.is_empty() { 0 } else { memory.as_ptr() as u64 };
        let command = ControlCommand {
            dev_id: id,
            queue_id: NO_QUEUE,
            len,
            addr,
            data,
            dev_path_len,
            pad: 0,
            reserved: 0,
        };
        let mut area = [0; 80];
        area[..size_of::<ControlCommand>()].copy_from_slice(command.as_bytes());
        Ok((Encoded { code, area }, memory))
    }
}

/// A command under way, with all that the kernel may touch meanwhile.
struct Running {
    ring: ManuallyDrop<ControlRing>,
    memory: ManuallyDrop<Vec<u8>>,
    node: ManuallyDrop<Arc<File>>,
    over: bool,
}

impl Running {
    /// Sends it; `memory` is what it points to.
    fn start(node: Arc<File>, command: &Encoded, memory: Vec<u8>) -> Result<Self, Errno> {
        let made = ControlRing::builder().build(2);
        let ring = made.map_err(|error| dm_sys::os::errno(&error))?;
        let mut running = Self {
            ring: ManuallyDrop::new(ring),
            memory: ManuallyDrop::new(memory),
            node: ManuallyDrop::new(node),
            over: true,
        };
        let fd = types::Fd(running.node.as_raw_fd());
        let entry = opcode::UringCmd80::new(fd, command.code.0).cmd(command.area).build();
        running.push(&entry.user_data(COMMAND))?;
        running.over = false;
        Ok(running)
    }

    fn push(&mut self, entry: &squeue::Entry128) -> Result<(), Errno> {
        // SAFETY: the memory and the file live until the command has ended, or for good (R3).
        unsafe { self.ring.submission().push(entry) }.map_err(|_| Errno::EAGAIN)
    }

    /// Waits for its result.
    ///
    /// # Errors
    ///
    /// `ETIMEDOUT` when it does not end; what waiting says.
    fn wait(&mut self, limit: Duration) -> Result<i32, Errno> {
        if let Some(result) = self.wait_once(limit)? {
            return Ok(result);
        }
        let cancel = opcode::AsyncCancel::new(COMMAND).build().user_data(CANCEL);
        self.push(&cancel.into())?;
        match self.wait_once(CANCEL_LIMIT)? {
            // It may have been done at the last moment.
            Some(result) if result >= 0 => Ok(result),
            _ => Err(Errno::ETIMEDOUT),
        }
    }

    fn wait_once(&mut self, limit: Duration) -> Result<Option<i32>, Errno> {
        let deadline = Instant::now() + limit;
        loop {
            for entry in self.ring.completion() {
                if entry.user_data() == COMMAND {
                    self.over = true;
                    return Ok(Some(entry.result()));
                }
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            let time = types::Timespec::from(left);
            let args = types::SubmitArgs::new().timespec(&time);
            match self.ring.submitter().submit_with_args(1, &args) {
                Ok(_) => {}
                Err(error) => match error.raw_os_error() {
                    Some(libc::ETIME | libc::EINTR | libc::EAGAIN | libc::EBUSY) => {}
                    _ => return Err(dm_sys::os::errno(&error)),
                },
            }
        }
    }

    /// The memory, of a command that is over; nothing otherwise.
    fn into_memory(mut self) -> Vec<u8> {
        if self.over { std::mem::take(&mut *self.memory) } else { Vec::new() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !self.over {
            tracing::error!("a control command does not end; its memory is left to the kernel");
            return;
        }
        // SAFETY: nothing is under way on it, and it is dropped here only.
        unsafe { ManuallyDrop::drop(&mut self.ring) };
        // SAFETY: likewise.
        unsafe { ManuallyDrop::drop(&mut self.memory) };
        // SAFETY: likewise.
        unsafe { ManuallyDrop::drop(&mut self.node) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commands_payload_follows_the_devices_path() {
        let mut call = Call::new(Code::GET_DEV_INFO2, 12);
        call.path = path_of(12);
        call.payload = vec![7; 64];
        let (encoded, memory) = call.into_entry().unwrap();
        assert_eq!(&memory[..13], b"/dev/ublkc12\0");
        assert_eq!(memory.len(), 13 + 64);
        assert_eq!(encoded.area[..4], 12_u32.to_ne_bytes());
        assert_eq!(encoded.area[4..6], [0xff, 0xff]);
        assert_eq!(encoded.area[6..8], 77_u16.to_ne_bytes());
        assert_eq!(encoded.area[8..16], (memory.as_ptr() as u64).to_ne_bytes());
        assert_eq!(encoded.area[24..26], 13_u16.to_ne_bytes());
        assert_eq!(encoded.area[26..], [0; 54]);
    }

    #[test]
    fn a_command_without_a_payload_points_nowhere() {
        let mut call = Call::new(Code::START_DEV, 1);
        call.data = 77;
        let (encoded, memory) = call.into_entry().unwrap();
        assert_eq!((memory.len(), &encoded.area[6..16]), (0, &[0; 10][..]));
        assert_eq!(encoded.area[16..24], 77_u64.to_ne_bytes());
    }

    #[test]
    fn the_right_to_administer_is_bit_21() {
        assert!(has_admin("Name:\tx\nCapEff:\t000001ffffffffff\n"));
        assert!(has_admin("CapEff:\t0000000000200000\n"));
        assert!(!has_admin("CapEff:\t0000000000000000\nCapBnd:\t000001ffffffffff\n"));
        assert!(!has_admin(""));
    }

    #[test]
    fn a_file_that_takes_no_commands_says_so_and_nothing_is_left() {
        let node = Arc::new(File::open("/dev/zero").unwrap());
        let control = Control { node: Arc::clone(&node), privileged: true };
        match control.stop(0) {
            Err(Errno::EOPNOTSUPP | Errno::ENOTTY) => {}
            // Where rings of this kind, or any, are not to be had.
            Err(Errno::EINVAL | Errno::EPERM | Errno::ENOSYS) => return,
            other => panic!("{other:?}"),
        }
        drop(control);
        assert_eq!(Arc::strong_count(&node), 1);
    }
}
