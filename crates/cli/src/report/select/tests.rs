use super::super::tests::TABLE;
use super::super::{Value, What};
use super::*;

const ROW: (&str, i64, f64) = ("vg-lv", 3, 2048.0);

/// Whether an object is selected, which has a name, a number and a size.
fn selects(text: &str) -> bool {
    let mut columns = Columns::default();
    let node = match parse(TABLE, text.as_bytes(), &mut columns).unwrap() {
        Parsed::Some(node, _) => node,
        Parsed::Everything => return true,
        Parsed::Help(_) => panic!("{text} is help"),
    };
    let value = |what| match what {
        What::Field(0) => Value::Text(ROW.0.into()),
        What::Field(1) => Value::Number(ROW.1),
        What::Field(_) => Value::Size { shown: b"1m".to_vec(), sectors: ROW.2 },
        What::Selected => Value::Number(1),
    };
    let row: Vec<Value> = columns.0.iter().map(|column| value(column.what)).collect();
    node.matches(&row)
}

/// What is said of a selection, without the lists that may come first.
fn error(text: &str) -> String {
    let failure = parse(TABLE, text.as_bytes(), &mut Columns::default()).unwrap_err();
    let said = String::from_utf8(failure.text).unwrap();
    said.rsplit("\n \n").next().unwrap().to_owned()
}

/// The same, for one that ends with where it is.
fn syntax_error(text: &str, at: &str) -> String {
    let end = format!(
        "\nSelection syntax error at '{at}'.\nUse 'help' for selection to get more help.\n"
    );
    let said = error(text);
    said.strip_suffix(&end).unwrap_or_else(|| panic!("{said}")).to_owned()
}

#[test]
fn each_operator_holds_its_kind_of_value() {
    for yes in [
        "name=vg-lv",
        "name != vg",
        "name=~^vg",
        "name!~^lv",
        "number=3",
        "number!=4",
        "number>=3",
        "number>2.9",
        "number<=3.9",
        "number<4",
        "size=1",
        "size=1m",
        "size=1024k",
        "size>1M",
        "size<1.5",
        "size=2048s",
        "selected=1",
        "",
        "ALL",
    ] {
        assert!(selects(yes), "{yes}");
    }
    for no in ["name=vg", "name=~^lv", "number>3", "number<3", "number=.", "size>1", "selected=0"] {
        assert!(!selects(no), "{no}");
    }
}

#[test]
fn a_text_may_stand_in_quotes_and_ends_where_the_next_condition_begins() {
    for yes in [
        "name='vg-lv'",
        "name=\"vg-lv\"&&number=3",
        "name=vg-lv,number=3",
        "name= vg-lv #number=4",
        "name=x||number=3",
        "(name=vg-lv)",
        "name!=",
        "name!=&&number=3",
        "name!='vg lv'",
        "name=~(vg|x)&&number=3",
        "name=~[vg]",
    ] {
        assert!(selects(yes), "{yes}");
    }
    assert!(!selects("name=vg-lv|number=3"), "one | is a letter");
    assert!(!selects("name=vg-lv\t"), "so is a tab");
}

#[test]
fn all_of_some_bind_closer_than_any() {
    assert!(selects("number=3||number=4&&number=5"));
    assert!(selects("number=4&&number=5||number=3"));
    assert!(!selects("(number=3||number=4)&&number=5"));
    assert!(selects("!(number=4)&&!(number=5)"));
    assert!(!selects("!( !(number=3 ) )"), "the original's");
    assert!(!selects("!(number=4||number=3)"));
}

#[test]
fn a_field_that_is_none_is_told_of() {
    assert_eq!(syntax_error("foo=1", "foo=1"), "Unrecognised selection field: foo");
    assert_eq!(syntax_error("name=a&& foo=1,x", "foo=1,x"), "Unrecognised selection field: foo");
    assert_eq!(syntax_error("HE_LP=1", "HE_LP=1"), "Selection field is uncomparable: HE_LP.");
    for (text, at) in [(" ", ""), ("&&x", "&&x"), ("name=a#", ""), ("(", ""), ("!()", ")")] {
        assert_eq!(syntax_error(text, at), "Expecting field name", "{text}");
    }
}

#[test]
fn an_operator_has_to_be_one_and_to_fit() {
    let unknown = "Unrecognised comparison operator: ";
    for (text, rest) in [("name", ""), ("name ", " "), ("name~1", "~1"), ("name sinc", " sinc")] {
        assert_eq!(syntax_error(text, text), format!("{unknown}{rest}"));
    }
    assert_eq!(
        syntax_error("name>1&&x", "name>1&&x"),
        "Operator can be used only with number, size, time or percent fields: name>1&&x"
    );
    assert_eq!(
        syntax_error("number since 1", "number since 1"),
        "Operator can be used only with time fields: number since 1"
    );
    assert_eq!(
        error("num_ber=~1"),
        "dm_report: incompatible comparison type for selection field number\n"
    );
}

#[test]
fn a_value_has_to_be_one() {
    let of =
        |kind: &str, id: &str| format!("Failed to parse {kind} value for selection field {id}.");
    for text in ["number=", "number=x", "number=-1", "number='1'", "number==1"] {
        assert_eq!(syntax_error(text, text), of("numeric", "number"));
    }
    let quote = "Missing end quote.\n";
    assert_eq!(syntax_error("name='a", "name='a"), quote.to_owned() + &of("string", "name"));
    assert_eq!(syntax_error("name=~[a", "name=~[a"), quote.to_owned() + &of("regex", "name"));
    assert_eq!(
        syntax_error("name=~", "name=~"),
        "Regular expression expected for selection field name"
    );
    let found = |what: &str, expected: &str, id: &str| {
        format!("Found {what} but {expected} value expected for selection field {id}.")
    };
    assert_eq!(
        syntax_error("number=1k&&x", "number=1k&&x"),
        found("size unit specifier", "numeric", "number")
    );
    assert_eq!(syntax_error("number=1%", "number=1%"), found("percent value", "numeric", "number"));
    assert_eq!(syntax_error("size=1%", "size=1%"), found("percent value", "size", "size"));
    assert_eq!(
        error("number=18446744073709551616"),
        "Field selection value 18446744073709551616 out of supported range for field number.\n"
    );
    assert!(!selects("number=18446744073709551615"));
}

#[test]
fn a_pattern_that_is_none_says_so_last() {
    assert_eq!(
        error("name=~'*'").lines().last().unwrap(),
        "dm_report: failed to create regex matcher for selection field name"
    );
    assert!(error("name=~^(a|b)$").contains("missing ')'"), "it ends at the parenthesis");
}

#[test]
fn what_follows_has_to_be_an_operator() {
    for (text, at) in [
        ("number=1x", "x"),
        ("number=1.5.2", ".2"),
        ("name=a b", "b"),
        ("name='a'b", "b"),
        ("name=a)", ")"),
        ("size=1kiB", "iB"),
        ("(number=1) (number=2)", "(number=2)"),
    ] {
        assert_eq!(syntax_error(text, at), "Expecting logical operator", "{text}");
    }
}

#[test]
fn parentheses_come_in_pairs() {
    assert_eq!(error("(number=1"), "Syntax error: right parenthesis expected at ''\n");
    assert_eq!(error("(name=a b)"), "Syntax error: right parenthesis expected at 'b)'\n");
    assert_eq!(error("! x"), "Syntax error: left parenthesis expected at ' x'\n");
    assert!(error(&"(".repeat(100_000)).starts_with("Too many parentheses\n"));
}

#[test]
fn help_is_the_fields_and_the_language() {
    for text in ["help", "HELP", "?"] {
        let parsed = parse(TABLE, text.as_bytes(), &mut Columns::default()).unwrap();
        let Parsed::Help(help) = parsed else { panic!("{text}") };
        assert!(help.ends_with(help::SELECTION.as_bytes()));
    }
}
