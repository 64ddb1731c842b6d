use super::*;
use std::thread;

fn frame(number: u32, claimed: u32, len: usize) -> Vec<u8> {
    let mut bytes = number.to_le_bytes().to_vec();
    bytes.extend([0; 12]);
    bytes.extend(claimed.to_ne_bytes());
    bytes.resize(NUMBER + len, 7);
    bytes
}

/// Gives its bytes out one at a time.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = self.0.len().min(buf.len()).min(1);
        let (head, tail) = self.0.split_at(len);
        buf[..len].copy_from_slice(head);
        self.0 = tail;
        Ok(len)
    }
}

fn reason(result: io::Result<Option<(u32, Packet)>>) -> FrameError {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    *error.into_inner().unwrap().downcast().unwrap()
}

/// A connection whose daemon answers one request with `reply`.
fn answered_with(reply: Vec<u8>) -> Socket {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    thread::spawn(move || {
        read_request(&mut theirs).unwrap();
        theirs.write_all(&reply).unwrap();
    });
    Socket::new(ours)
}

#[test]
fn a_request_is_read_however_it_trickles_in() {
    let bytes = frame(9, 320, 320);
    let (number, packet) = read_request(&mut Trickle(&bytes)).unwrap().unwrap();
    assert_eq!((number, packet.size()), (9, 320));
    assert_eq!(packet.area(), [7; 8]);
}

#[test]
fn two_requests_on_one_stream_are_told_apart() {
    let bytes = [frame(1, 312, 312), frame(2, 313, 313)].concat();
    let mut stream = &bytes[..];
    assert_eq!(read_request(&mut stream).unwrap().unwrap().0, 1);
    assert_eq!(read_request(&mut stream).unwrap().unwrap().0, 2);
    assert!(read_request(&mut stream).unwrap().is_none());
}

#[test]
fn sizes_that_cannot_be_true_are_refused_before_anything_is_read_or_kept() {
    assert_eq!(reason(read_request(&mut &frame(3, 311, 312)[..])), FrameError::TooSmall(311));
    assert_eq!(reason(read_request(&mut &frame(3, 0, 312)[..])), FrameError::TooSmall(0));
    let most = u32::try_from(PACKET_MAX).unwrap();
    let larger = most + 1;
    assert_eq!(reason(read_request(&mut &frame(3, larger, 312)[..])), FrameError::TooLarge(larger));
    assert_eq!(
        reason(read_request(&mut &frame(3, u32::MAX, 312)[..])),
        FrameError::TooLarge(u32::MAX)
    );
}

#[test]
fn a_request_that_breaks_off_anywhere_is_an_error_and_holds_no_more_than_has_come() {
    // It announces a gibibyte; were that much kept, this test would need it 400 times over.
    let bytes = frame(3, u32::try_from(PACKET_MAX).unwrap(), 400);
    for cut in 1..bytes.len() {
        let error = read_request(&mut &bytes[..cut]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "cut at {cut}");
    }
}

#[test]
fn the_engines_answer_reaches_the_caller() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let daemon = thread::spawn(move || {
        let (number, mut packet) = read_request(&mut theirs).unwrap().unwrap();
        packet.header_mut().event_nr.set(number);
        packet.reply_with(b"hello");
        write_reply(&mut theirs, None, &packet).unwrap();
    });
    let mut packet = Packet::new(1024);
    Socket::new(ours).exchange(Cmd::TargetMsg, &mut packet).unwrap();
    daemon.join().unwrap();
    assert_eq!(packet.header().event_nr.get(), 14);
    assert_eq!(packet.payload(), b"hello");
    assert_eq!(packet.size(), 1024);
}

#[test]
fn an_errno_comes_back_and_the_connection_lives_on() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let daemon = thread::spawn(move || {
        for errno in [Some(Errno::ENXIO), None] {
            let (_, packet) = read_request(&mut theirs).unwrap().unwrap();
            write_reply(&mut theirs, errno, &packet).unwrap();
        }
    });
    let socket = Socket::new(ours);
    let mut packet = Packet::new(400);
    packet.header_mut().set_name(b"a");
    assert_eq!(socket.exchange(Cmd::DevStatus, &mut packet), Err(Errno::ENXIO));
    assert_eq!(packet.header().name(), b"a");
    assert_eq!(socket.exchange(Cmd::DevStatus, &mut packet), Ok(()));
    daemon.join().unwrap();
}

#[test]
fn a_reply_of_305_or_of_no_bytes_travels_with_a_whole_header() {
    for size in [0, 305] {
        let mut reply = Packet::new(600);
        reply.header_mut().data_size.set(size);
        reply.header_mut().event_nr.set(77);
        let mut wire = Vec::new();
        write_reply(&mut wire, None, &reply).unwrap();
        assert_eq!(wire.len(), HEAD);
        let mut packet = Packet::new(600);
        answered_with(wire).exchange(Cmd::RemoveAll, &mut packet).unwrap();
        assert_eq!(packet.header().data_size.get(), size);
        assert_eq!(packet.header().event_nr.get(), 77);
    }
}

#[test]
fn a_reply_larger_than_the_request_is_refused_and_ends_the_connection() {
    let socket = answered_with(frame(0, 700, 700));
    let mut packet = Packet::new(600);
    assert_eq!(socket.exchange(Cmd::ListDevices, &mut packet), Err(Errno::EBADMSG));
    assert_eq!(socket.exchange(Cmd::ListDevices, &mut packet), Err(Errno::ECONNRESET));
}

#[test]
fn a_daemon_that_goes_away_is_a_reset_connection() {
    for cut in [0, 1, HEAD - 1, HEAD, HEAD + 3] {
        let socket = answered_with(frame(0, 400, 400)[..cut].to_vec());
        let mut packet = Packet::new(600);
        assert_eq!(socket.exchange(Cmd::DevStatus, &mut packet), Err(Errno::ECONNRESET), "{cut}");
    }
}

#[test]
fn a_packet_that_lies_about_its_size_is_not_sent() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let socket = Socket::new(ours);
    let mut packet = Packet::new(400);
    packet.header_mut().data_size.set(401);
    assert_eq!(socket.exchange(Cmd::DevStatus, &mut packet), Err(Errno::EFAULT));
    packet.header_mut().data_size.set(304);
    assert_eq!(socket.exchange(Cmd::DevStatus, &mut packet), Err(Errno::EINVAL));
    theirs.set_nonblocking(true).unwrap();
    let read = (&theirs).read(&mut [0]).unwrap_err();
    assert_eq!(read.kind(), io::ErrorKind::WouldBlock);
}

#[test]
fn a_greeting_that_nobody_answers_ends_in_time() {
    let (ours, _theirs) = UnixStream::pair().unwrap();
    let error = Socket::new(ours).greet(Duration::from_millis(20)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
}

#[test]
fn the_peer_of_ones_own_socket_is_oneself() {
    let (ours, _theirs) = UnixStream::pair().unwrap();
    assert_eq!(peer_uid(&ours).unwrap(), nix::unistd::geteuid().as_raw());
}
