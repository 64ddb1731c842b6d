use super::*;

fn parsed(line: &str) -> Result<Options, Ending> {
    let args: Vec<Vec<u8>> = line.split(' ').map(|word| word.as_bytes().to_vec()).collect();
    Options::parse(b"dmraid", &args, Order::Permute)
}

#[test]
fn lists_are_cleaned_and_joined() {
    let options = parsed("-f ,sil,,pdc, -f via -cpath -c,size -r").unwrap();
    assert_eq!(options.format_list().unwrap(), [&b"sil"[..], b"pdc", b"via"]);
    assert_eq!(options.field_list().unwrap(), [&b"path"[..], b"size"]);
    assert_eq!(options.count(Id::Columns), 2);
}

#[test]
fn each_c_counts() {
    let options = parsed("-rccc").unwrap();
    assert_eq!((options.count(Id::Columns), options.fields), (3, None));
}

#[test]
fn an_argument_of_s_is_attached() {
    let options = parsed("-s active -si").unwrap();
    assert_eq!(options.shown, [Shown::Inactive]);
    assert_eq!(options.operands, [b"active"]);
}

#[test]
fn what_follows_a_set_to_be_made_is_not_ours() {
    let options = parsed("-f isw -C Vol --type 0 --disk /dev/sda,/dev/sdb").unwrap();
    let (name, rest) = options.create.unwrap();
    assert_eq!((name.as_slice(), rest.len()), (&b"Vol"[..], 4));
}

/// What is said of options that do not go together; nothing of those that do.
fn complaint(line: &str) -> String {
    let checked = match parsed(line) {
        Ok(mut options) => options.check(),
        Err(Ending::Failed(failure)) => Err(failure),
        Err(Ending::Help) => Ok(()),
    };
    checked.map_or_else(|failure| failure.to_string(), |()| String::new())
}

#[test]
fn an_overlay_is_for_sets_that_are_activated_to_be_written_to() {
    for line in
        ["-ay --overlay d a.img", "-tay --overlay d", "-ay -f sil -p --overlay d --degraded -i"]
    {
        assert_eq!(complaint(line), "", "{line}");
    }
    let missing = "ERROR: option missing/invalid option combination with --overlay";
    for line in
        ["-an --overlay d", "-r --overlay d", "-s --overlay d", "-b --overlay d", "--overlay d"]
    {
        assert_eq!(complaint(line), missing, "{line}");
    }
    let invalid = "ERROR: invalid option combination (-h for help)";
    for line in ["--read-only", "--explain", "--restore f"] {
        assert_eq!(complaint(&format!("-ay --overlay d {line}")), invalid, "{line}");
    }
    assert_eq!(complaint("-ay --overlay="), "ERROR: invalid option argument for --overlay");
}
