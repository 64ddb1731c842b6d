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
