use super::*;
use proptest::prelude::*;

static TABLE: &[Opt<char>] = &[
    Opt::switch('c', "cC", "columns", ""),
    Opt::switch('o', "o", "options", "").takes("fields"),
    Opt::switch('v', "v", "", ""),
    Opt::switch('V', "", "verbose", "").takes("ignored"),
    Opt::switch('a', "", "area", ""),
    Opt::switch('A', "", "areas", "").takes("n"),
    Opt::switch('e', "", "exec", "").takes("command"),
    Opt::switch('E', "", "engine", "").takes("kind").exact(),
];

type Options = Vec<(char, Option<String>)>;

fn parse_in(order: Order, args: &[&str]) -> Result<(Options, Vec<String>), String> {
    let args: Vec<Vec<u8>> = args.iter().map(|arg| arg.as_bytes().to_vec()).collect();
    let mut found = Argv::new(TABLE, order, &args);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut options = Options::new();
    for option in found.by_ref() {
        let option = option.map_err(|error| text(&error.text(b"tool")))?;
        options.push((option.id, option.value.map(text)));
    }
    Ok((options, found.operands().into_iter().map(text).collect()))
}

fn parse(args: &[&str]) -> Result<(Options, Vec<String>), String> {
    parse_in(Order::Permute, args)
}

fn options(args: &[&str]) -> Options {
    parse(args).unwrap().0
}

fn operands(args: &[&str]) -> Vec<String> {
    parse(args).unwrap().1
}

fn error(args: &[&str]) -> String {
    parse(args).unwrap_err()
}

#[test]
fn options_may_follow_operands() {
    assert_eq!(operands(&["ls", "-c", "a", "--area", "b"]), ["ls", "a", "b"]);
    assert_eq!(options(&["ls", "-c", "a", "--area"]), [('c', None), ('a', None)]);
}

#[test]
fn two_dashes_end_the_options() {
    assert_eq!(operands(&["-c", "--", "-c", "--", "x"]), ["-c", "--", "x"]);
}

#[test]
fn a_single_dash_is_an_operand() {
    assert_eq!(operands(&["-", "-c"]), ["-"]);
}

#[test]
fn where_operands_come_last_the_first_ends_the_options() {
    let (options, operands) = parse_in(Order::OperandsLast, &["-c", "ls", "-v"]).unwrap();
    assert_eq!(options, [('c', None)]);
    assert_eq!(operands, ["ls", "-v"]);
}

#[test]
fn letters_bundle_and_the_last_may_take_the_rest_or_the_next() {
    assert_eq!(options(&["-Cvo", "x"]), [('c', None), ('v', None), ('o', Some("x".into()))]);
    assert_eq!(options(&["-vox"]), [('v', None), ('o', Some("x".into()))]);
    assert_eq!(options(&["-o", "--", "-v"]), [('o', Some("--".into())), ('v', None)]);
}

#[test]
fn a_long_option_takes_its_argument_attached_or_next() {
    assert_eq!(options(&["--options=a=b"]), [('o', Some("a=b".into()))]);
    assert_eq!(options(&["--options", "-v"]), [('o', Some("-v".into()))]);
    assert_eq!(options(&["--options="]), [('o', Some(String::new()))]);
}

#[test]
fn an_abbreviation_that_one_option_has_stands_for_it() {
    assert_eq!(options(&["--col"]), [('c', None)]);
    assert_eq!(options(&["--area"]), [('a', None)]);
    assert_eq!(options(&["--verb", "x"]), [('V', Some("x".into()))]);
}

#[test]
fn an_exact_option_is_met_by_its_whole_name_alone() {
    assert_eq!(options(&["--e=x"]), [('e', Some("x".into()))]);
    assert_eq!(options(&["--engine=x"]), [('E', Some("x".into()))]);
    assert_eq!(error(&["--engin=x"]), "tool: unrecognized option '--engin=x'");
}

#[test]
fn errors_have_the_c_librarys_texts() {
    assert_eq!(error(&["-Z"]), "tool: invalid option -- 'Z'");
    assert_eq!(error(&["-vo"]), "tool: option requires an argument -- 'o'");
    assert_eq!(error(&["--x=1"]), "tool: unrecognized option '--x=1'");
    assert_eq!(error(&["--opt"]), "tool: option '--options' requires an argument");
    assert_eq!(error(&["--col=1"]), "tool: option '--columns' doesn't allow an argument");
    assert_eq!(
        error(&["--are=1"]),
        "tool: option '--are=1' is ambiguous; possibilities: '--area' '--areas'"
    );
}

#[test]
fn what_came_before_an_error_has_been_read() {
    let args = [b"-c".to_vec(), b"-Z".to_vec()];
    let mut found = Argv::new(TABLE, Order::Permute, &args);
    assert_eq!(found.next(), Some(Ok(Found { id: 'c', value: None })));
    assert_eq!(found.next(), Some(Err(ArgvError::UnknownShort(b'Z'))));
}

proptest! {
    #[test]
    fn no_arguments_make_it_panic_or_lose_an_operand(
        args in prop::collection::vec(prop::collection::vec(1_u8.., 0..6), 0..8)
    ) {
        for order in [Order::Permute, Order::OperandsLast] {
            let mut options = Argv::new(TABLE, order, &args);
            let mut values = 0;
            let mut errors = 0;
            for found in options.by_ref() {
                match found {
                    Ok(found) => values += usize::from(found.value.is_some()),
                    Err(error) => {
                        errors += 1;
                        prop_assert!(!error.text(b"tool").is_empty());
                    }
                }
            }
            let operands = options.operands();
            prop_assert!(operands.len() + values <= args.len() + values);
            let plain = args.iter().filter(|arg| arg.first() != Some(&b'-')).count();
            prop_assert!(errors > 0 || operands.len() + values >= plain);
        }
    }

    #[test]
    fn plain_words_are_operands_in_their_order(args in prop::collection::vec("[a-z]{1,4}", 0..8)) {
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        prop_assert_eq!(operands(&words), args);
    }
}
