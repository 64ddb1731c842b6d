//! That a request with a route allocates nothing: this thread's allocations are counted.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use super::tests::{image, io, mapped};
use super::*;
use crate::io::request::{Buf, BufMut, Device, Op};
use crate::ring::queue::Queues;

/// Counts what each thread allocates.
struct Counting;

thread_local! {
    static ALLOCATED: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // A thread that is ending may have lost its counter; nobody asks for it then.
        let _ = ALLOCATED.try_with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many requests are asked for before counting begins, and how many then.
const WARM_UP: u32 = 100;
const COUNTED: u32 = 1000;

/// Reads and writes by turns, one at a time, over memory that it keeps.
struct Turns {
    device: Arc<MappedDevice>,
    read: Option<BufMut>,
    write: Buf,
    asked: u32,
    allocated: u64,
    is_over: bool,
    tell: Sender<u64>,
}

impl Turns {
    fn ask(&mut self, queue: &mut PortCx<'_>) {
        let op = match self.read.take() {
            Some(buf) if self.asked.is_multiple_of(2) => Op::Read(buf),
            buf => {
                self.read = buf;
                Op::Write(self.write.clone())
            }
        };
        self.asked += 1;
        queue.submit(&Arc::clone(&self.device), io(u64::from(self.asked % 8), op), 0);
    }
}

impl Port for Turns {
    fn start(&mut self, queue: &mut PortCx<'_>) {
        self.ask(queue);
    }

    fn completed(&mut self, _token: u32, _result: i32, _queue: &mut PortCx<'_>) {}

    fn answered(&mut self, _token: u32, done: Done, queue: &mut PortCx<'_>) {
        assert_eq!(done.result, Ok(()));
        self.read = done.buf.or(self.read.take());
        if self.asked == WARM_UP {
            self.allocated = ALLOCATED.get();
        }
        if self.asked < WARM_UP + COUNTED {
            self.ask(queue);
        } else {
            self.is_over = true;
            self.tell.send(ALLOCATED.get() - self.allocated).unwrap();
        }
    }

    fn is_over(&self) -> bool {
        self.is_over
    }
}

#[test]
fn a_request_with_a_route_allocates_nothing() {
    let (_file, disk) = image(64);
    let lower = mapped(0, "0 32 linear a 8", &[disk]);
    let upper = mapped(1, "0 16 striped 2 8 a 0 a 16", &[lower as Arc<dyn Device>]);
    let queues = Queues::start(1, None).unwrap();
    let (tell, hear) = channel();
    let make = move || -> Box<dyn Port> {
        let (read, write) = (Some(BufMut::zeroed(512)), BufMut::zeroed(512).freeze());
        let (device, asked, allocated, is_over) = (upper, 0, 0, false);
        Box::new(Turns { device, read, write, asked, allocated, is_over, tell })
    };
    queues.attach(0, Box::new(make));
    assert_eq!(hear.recv_timeout(Duration::from_secs(60)).unwrap(), 0);
}
