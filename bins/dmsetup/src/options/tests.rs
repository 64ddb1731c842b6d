use super::*;

fn parse(args: &[&str]) -> Result<(Options, Vec<Vec<u8>>), Failure> {
    let args: Vec<Vec<u8>> = args.iter().map(|arg| arg.as_bytes().to_vec()).collect();
    Options::parse(b"dmsetup", &args, Order::Permute, &mut Vec::new())
}

fn options(args: &[&str]) -> Options {
    parse(args).unwrap().0
}

fn error(args: &[&str]) -> String {
    String::from_utf8(parse(args).unwrap_err().text).unwrap()
}

#[test]
fn the_last_of_several_values_counts() {
    let options = options(&["--table", "a", "-v", "--table=b", "-vv"]);
    assert_eq!(options.value(Id::Table), Some(&b"b"[..]));
    assert_eq!(options.times(Id::Verbose), 3);
}

#[test]
fn the_first_value_that_is_none_ends_all() {
    assert_eq!(error(&["-M9", "--bogus"]), "Invalid argument for --mode: 9. \n");
    assert_eq!(error(&["--bogus", "-M9"]), "dmsetup: unrecognized option '--bogus'\n");
}

#[test]
fn a_mode_is_octal_and_not_0() {
    assert_eq!(options(&["-M", "640"]).owner.mode, 0o640);
    for bad in ["", "0", "649", "rw", "0x1"] {
        assert_eq!(error(&["-M", bad]), format!("Invalid argument for --mode: {bad}. \n"));
    }
}

#[test]
fn a_number_needs_both_halves() {
    assert_eq!(options(&["-j254", "-m7"]).dev, Some(DevNo::new(254, 7)));
    assert_eq!(options(&["-j254", "-m-1"]).dev, None);
    assert_eq!(error(&["-j3"]), "Please specify both major number and minor number.\n");
}

#[test]
fn read_ahead_is_sectors_or_a_word() {
    let read = |value| options(&["--readahead", value]).read_ahead;
    assert_eq!(read("512"), ReadAhead::Sectors(512));
    assert_eq!(read("+8"), ReadAhead::AtLeast(8));
    assert_eq!(read("auto"), ReadAhead::Auto);
    assert_eq!(read("-1"), ReadAhead::Auto);
    assert_eq!(read("none"), ReadAhead::Sectors(0));
    assert_eq!(read("xyz"), ReadAhead::Sectors(0));
    assert_eq!(
        error(&["--readahead", "-2"]),
        "Negative read ahead value (-2) is not understood.\n"
    );
}

#[test]
fn a_cookie_that_is_none_is_remarked_upon() {
    let args = ["--udevcookie", "x"].map(|arg| arg.as_bytes().to_vec());
    let mut remarks = Vec::new();
    let parsed = Options::parse(b"dmsetup", &args, Order::Permute, &mut remarks);
    assert_eq!(parsed.unwrap().0.cookie, None);
    assert_eq!(remarks, ["Incorrect cookie value."]);
}

#[test]
fn count_and_interval_say_how_often() {
    assert_eq!(options(&[]).cycles, Cycles::Times(1));
    assert_eq!(options(&["--count", "3"]).cycles, Cycles::Times(3));
    assert_eq!(options(&["--count", "0"]).cycles, Cycles::Endless);
    assert_eq!(options(&["--interval", "2"]).cycles, Cycles::Endless);
    assert_eq!(error(&["--count", "-1"]), "Count must be zero or greater.\n");
}

#[test]
fn our_own_option_changes_no_abbreviation() {
    assert_eq!(options(&["--e", "x"]).value(Id::Exec), Some(&b"x"[..]));
    assert_eq!(options(&["--engine", "file"]).value(Id::Engine), Some(&b"file"[..]));
}
