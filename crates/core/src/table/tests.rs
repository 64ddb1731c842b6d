use super::*;
use alloc::vec;

fn line(start: u64, len: u64, target: &str, args: &str) -> Line {
    Line {
        start: Sectors::new(start),
        len: Sectors::new(len),
        target: TargetName::new(target.as_bytes()).unwrap(),
        args: args.as_bytes().to_vec(),
    }
}

fn fails(text: &[u8], number: usize, why: LineError) {
    assert_eq!(parse(text), Err(TableError { line: number, why }));
}

#[test]
fn a_table_has_a_line_for_each_target() {
    let text = b"0 8 linear /dev/sda 0\n8 1 error\n9 204791 linear /dev/sda 9\n";
    assert_eq!(
        parse(text),
        Ok(vec![
            line(0, 8, "linear", "/dev/sda 0"),
            line(8, 1, "error", ""),
            line(9, 204_791, "linear", "/dev/sda 9"),
        ])
    );
}

#[test]
fn empty_lines_and_comments_do_not_count_but_are_numbered() {
    assert_eq!(parse(b"\n  \n# a\n\t0 1 zero\r\n"), Ok(vec![line(0, 1, "zero", "")]));
    fails(b"\n# a\n0 1\n", 3, LineError::Format);
}

#[test]
fn a_comment_starts_anywhere_in_the_arguments_but_not_in_the_type() {
    assert_eq!(parse(b"0 1 linear a#b 0"), Ok(vec![line(0, 1, "linear", "a")]));
    assert_eq!(parse(b"0 1 linear a # b"), Ok(vec![line(0, 1, "linear", "a ")]));
    assert_eq!(parse(b"0 1 zero# b"), Ok(vec![line(0, 1, "zero#", "b")]));
}

#[test]
fn numbers_are_what_scanf_takes() {
    assert_eq!(parse(b"+0 -1 zero"), Ok(vec![line(0, u64::MAX, "zero", "")]));
    assert_eq!(parse(b"0 99999999999999999999 zero"), Ok(vec![line(0, u64::MAX, "zero", "")]));
    assert_eq!(parse(b"0 1zero"), Ok(vec![line(0, 1, "zero", "")]));
    assert_eq!(parse(b"0 0x10"), Ok(vec![line(0, 0, "x10", "")]));
    for bad in [&b"x 1 zero"[..], b"0 x zero", b"- 1 zero", b"0"] {
        fails(bad, 1, LineError::Format);
    }
}

#[test]
fn a_type_of_sixteen_bytes_is_too_long() {
    assert_eq!(parse(b"0 1 abcdefghijklmno"), Ok(vec![line(0, 1, "abcdefghijklmno", "")]));
    fails(b"0 1 abcdefghijklmnop", 1, LineError::TypeTooLong);
}

#[test]
fn inner_white_space_of_the_arguments_is_kept() {
    assert_eq!(parse(b"0 1 linear  a \t 0  "), Ok(vec![line(0, 1, "linear", "a \t 0")]));
}
