use super::*;

fn step(stdout: &[u8], stderr: &[u8]) -> Transcript {
    let output = Output { stdout: stdout.to_vec(), stderr: stderr.to_vec(), code: 1 };
    let step = Step { command: "dmsetup ls".to_owned(), output: Some(output) };
    Transcript { items: vec![Item::Step(step)] }
}

#[test]
fn a_session_prints_as_it_was_read() {
    let file = b"# ls\n# needs: nodes\n\n$ dmsetup ls\nNo devices found\n? 0\n\n\
        $ dmsetup info x\n\n! Device does not exist.\n! Command failed.\n? 1\n";
    let read = Transcript::parse(file).unwrap();
    assert_eq!(read.print(), file);
    assert_eq!(read.needs().collect::<Vec<_>>(), ["nodes"]);
    let second = read.steps().nth(1).unwrap().output.as_ref().unwrap();
    assert_eq!(second.stdout, b"\n");
    assert_eq!(second.stderr, b"Device does not exist.\nCommand failed.\n");
    assert_eq!(second.code, 1);
}

#[test]
fn any_output_comes_back_as_it_was() {
    let outputs: &[&[u8]] = &[
        b"",
        b"\n",
        b"\n\n",
        b"no newline",
        b"two\nlines",
        b"$ x\n! x\n? 0\n# x\n\\\n\\x\n!\\\n",
        b"\\",
        b"\xff\x00\n",
    ];
    for stdout in outputs {
        for stderr in outputs {
            let session = step(stdout, stderr);
            let file = session.print();
            let text = String::from_utf8_lossy(&file);
            assert_eq!(Transcript::parse(&file).as_ref(), Ok(&session), "{text}");
        }
    }
}

#[test]
fn commands_without_output_are_to_be_recorded() {
    let file = b"# two\n$ dmsetup ls\n\n$ dmsetup info\n# end\n";
    let read = Transcript::parse(file).unwrap();
    assert!(read.steps().all(|step| step.output.is_none()));
    assert_eq!(read.steps().count(), 2);
    assert_eq!(read.print(), file);
}

#[test]
fn what_is_no_session_is_refused_with_its_line() {
    let refused: &[(&[u8], usize)] = &[
        (b"hello\n", 1),
        (b"$ ls\nout\n$ ls\n? 0\n", 3),
        (b"$ ls\n! err\nout\n? 0\n", 3),
        (b"$ ls\n? zero\n", 2),
        (b"$ ls\n\\\n? 0\n", 2),
    ];
    for (file, line) in refused {
        assert_eq!(Transcript::parse(file).unwrap_err().line, *line);
    }
}
