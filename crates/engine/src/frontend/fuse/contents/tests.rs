use super::*;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A disk in memory that answers from other threads, in any order.
#[derive(Debug)]
struct Ram {
    bytes: Arc<Mutex<Vec<u8>>>,
    block: u64,
    log: Mutex<Vec<String>>,
}

impl Ram {
    fn new(size: usize, block: u64) -> Arc<Self> {
        let bytes = (0..size).map(|at| low_byte(at % 251)).collect();
        Arc::new(Self { bytes: Arc::new(Mutex::new(bytes)), block, log: Mutex::default() })
    }

    fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

impl Disk for Ram {
    fn size(&self) -> u64 {
        self.bytes.lock().unwrap().len() as u64
    }

    fn limits(&self) -> Limits {
        let block = Bytes::new(self.block);
        Limits { logical_block: block, physical_block: block, ..Limits::default() }
    }

    fn submit(&self, mut io: Io, answer: Box<dyn FnOnce(Done) + Send>) {
        let len = io.len().get();
        self.log.lock().unwrap().push(format!("{:?} {}+{len}", io.op.kind(), io.sector));
        assert_eq!(io.sector.get() * 512 % self.block, 0, "{io:?}");
        assert_eq!(len * 512 % self.block, 0, "{io:?}");
        let bytes = Arc::clone(&self.bytes);
        thread::spawn(move || {
            // So that what must not overlap has every chance to.
            thread::sleep(Duration::from_micros(200));
            let start = usize::try_from(io.sector.get() * 512).unwrap();
            let end = start + usize::try_from(len * 512).unwrap();
            let mut bytes = bytes.lock().unwrap();
            match &mut io.op {
                Op::Read(buf) => buf.copy_from_slice(&bytes[start..end]),
                Op::Write(buf) => bytes[start..end].copy_from_slice(buf),
                Op::WriteZeroes(_) => bytes[start..end].fill(0),
                Op::Flush | Op::Discard(_) => {}
            }
            drop(bytes);
            answer(io.done(Ok(())));
        });
    }
}

fn low_byte(n: usize) -> u8 {
    n.to_le_bytes()[0]
}

fn read(contents: &Contents, at: u64, len: u64) -> Vec<u8> {
    let (tell, told) = mpsc::channel();
    contents.read(at, len, move |bytes| tell.send(bytes.map(<[u8]>::to_vec)).unwrap());
    told.recv().unwrap().unwrap()
}

fn write(contents: &Contents, at: u64, data: &[u8]) -> Result<(), Errno> {
    let (tell, told) = mpsc::channel();
    contents.write(at, data, IoFlags::empty(), move |result| tell.send(result).unwrap());
    told.recv().unwrap()
}

fn zero(contents: &Contents, at: u64, len: u64) -> Result<(), Errno> {
    let (tell, told) = mpsc::channel();
    contents.zero(at, len, IoFlags::empty(), move |result| tell.send(result).unwrap());
    told.recv().unwrap()
}

#[test]
fn a_read_of_odd_bytes_is_widened_and_cut() {
    let ram = Ram::new(8192, 4096);
    let contents = Contents::new(ram.clone());
    assert_eq!(read(&contents, 4000, 200), ram.bytes.lock().unwrap()[4000..4200]);
    assert_eq!(ram.log(), ["Read 0+16"]);
}

#[test]
fn a_read_at_the_end_is_short_and_behind_it_empty() {
    let contents = Contents::new(Ram::new(4096, 512));
    assert_eq!(read(&contents, 4000, 4096).len(), 96);
    assert!(read(&contents, 4096, 1).is_empty());
    assert!(read(&contents, u64::MAX, 5).is_empty());
}

#[test]
fn whole_blocks_are_written_without_a_read() {
    let ram = Ram::new(8192, 512);
    let contents = Contents::new(ram.clone());
    write(&contents, 512, &[7; 1024]).unwrap();
    assert_eq!(ram.log(), ["Write 1+2"]);
}

#[test]
fn a_write_inside_a_block_keeps_its_other_bytes() {
    let ram = Ram::new(16384, 4096);
    let contents = Contents::new(ram.clone());
    let mut model = ram.bytes.lock().unwrap().clone();
    for (at, len) in [(1, 1), (100, 4000), (4095, 2), (4000, 8300), (8192, 5), (16383, 1)] {
        write(&contents, at as u64, &vec![low_byte(at); len]).unwrap();
        model[at..at + len].fill(low_byte(at));
        assert!(*ram.bytes.lock().unwrap() == model, "{at}+{len}");
    }
    assert_eq!(ram.log()[..2], ["Read 0+8", "Write 0+8"]);
}

#[test]
fn a_write_across_the_end_fills_the_device_and_says_that_it_is_full() {
    let ram = Ram::new(4096, 512);
    let contents = Contents::new(ram.clone());
    assert_eq!(write(&contents, 3584, &[9; 1024]), Err(Errno::ENOSPC));
    assert_eq!(ram.bytes.lock().unwrap()[3584..], [9; 512]);
    assert_eq!(write(&contents, 4096, &[9]), Err(Errno::ENOSPC));
    assert_eq!(write(&contents, 4096, &[]), Ok(()));
}

#[test]
fn zeroes_fill_odd_bytes_too() {
    let ram = Ram::new(16384, 512);
    let contents = Contents::new(ram.clone());
    let mut model = ram.bytes.lock().unwrap().clone();
    for (at, len) in [(0, 512), (100, 200), (1000, 3000), (2048, 4096), (16000, 9999)] {
        zero(&contents, at as u64, len as u64).unwrap();
        let end = model.len().min(at + len);
        model[at..end].fill(0);
        assert!(*ram.bytes.lock().unwrap() == model, "{at}+{len}");
    }
}

#[test]
fn writes_to_parts_of_one_block_at_once_lose_nothing() {
    let ram = Ram::new(8192, 4096);
    let contents = Contents::new(ram.clone());
    let (tell, told) = mpsc::channel();
    for at in 0..128 {
        let tell = tell.clone();
        let data = [low_byte(at); 64];
        contents.write(at as u64 * 64, &data, IoFlags::empty(), move |result| {
            tell.send(result).unwrap();
        });
    }
    for _ in 0..128 {
        told.recv().unwrap().unwrap();
    }
    let bytes = ram.bytes.lock().unwrap();
    for (at, bytes) in bytes.chunks(64).enumerate() {
        assert_eq!(bytes, [low_byte(at); 64], "{at}");
    }
}

#[test]
fn a_whole_block_and_a_part_of_it_at_once_lose_nothing() {
    let ram = Ram::new(4096, 4096);
    let contents = Contents::new(ram.clone());
    for round in 0..20_u8 {
        let (tell, told) = mpsc::channel();
        for (at, data) in [(10, vec![round; 5]), (0, vec![round + 100; 4096])] {
            let tell = tell.clone();
            contents.write(at, &data, IoFlags::empty(), move |result| tell.send(result).unwrap());
        }
        (0..2).for_each(|_| told.recv().unwrap().unwrap());
        // The whole block came later.
        assert!(ram.bytes.lock().unwrap().iter().all(|&byte| byte == round + 100));
    }
}
