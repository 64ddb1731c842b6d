use super::*;

static NAME: Section = Section { prefix: "name_", title: "Name" };
static INFORMATION: Section = Section { prefix: "info_", title: "Information" };

/// A table whose values are got by number.
pub(super) static TABLE: &[Field<usize>] = &[
    Field {
        id: "name",
        heading: "Name",
        width: 6,
        kind: Kind::Text,
        section: &NAME,
        help: "The name.",
        get: 0,
    },
    Field {
        id: "number",
        heading: "Number",
        width: 3,
        kind: Kind::Number,
        section: &INFORMATION,
        help: "A number.",
        get: 1,
    },
    Field {
        id: "size",
        heading: "Size",
        width: 4,
        kind: Kind::Size,
        section: &INFORMATION,
        help: "A size.",
        get: 2,
    },
];

const ALIGNED: Layout = Layout {
    aligned: true,
    headings: true,
    separator: Vec::new(),
    prefix: None,
    quoted: true,
    rows: false,
};

fn aligned() -> Layout {
    Layout { separator: b" ".to_vec(), ..ALIGNED }
}

fn report(fields: &str, keys: &str, selection: &str, layout: Layout) -> Report<usize> {
    let (fields, keys, selection) = (fields.as_bytes(), keys.as_bytes(), selection.as_bytes());
    let spec = Spec { table: TABLE, fields, keys, selection, own: None, layout };
    Report::new(spec).unwrap().0
}

fn value(object: &(&str, i64), get: usize) -> Value {
    match get {
        0 => Value::Text(object.0.into()),
        1 => Value::Number(object.1),
        _ => Value::Size {
            shown: format!("{}k", object.1 / 2).into_bytes(),
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            sectors: object.1 as f64,
        },
    }
}

const OBJECTS: [(&str, i64); 3] = [("b", 4), ("longer name", 2), ("a", 2048)];

/// What a report prints of the objects.
fn text(fields: &str, keys: &str, selection: &str, layout: Layout) -> String {
    let mut report = report(fields, keys, selection, layout);
    for object in &OBJECTS {
        report.add(|get| Ok(Some(value(object, *get)))).unwrap();
    }
    String::from_utf8(report.take()).unwrap()
}

#[test]
fn columns_are_as_wide_as_they_must_be_and_headings_are_cut() {
    assert_eq!(
        text("name,number", "", "", aligned()),
        "Name        Numb\nb              4\nlonger name    2\na           2048\n"
    );
    assert_eq!(text("number", "", "number=4", aligned()), "Num\n  4\n");
}

#[test]
fn what_is_not_aligned_is_not_cut() {
    let layout = Layout { aligned: false, separator: b"##".to_vec(), ..ALIGNED };
    assert_eq!(text("number,size", "", "number=4", layout), "Number##Size\n4##2k\n");
}

#[test]
fn values_may_have_their_fields_names() {
    let layout = Layout { aligned: false, prefix: Some("DM_"), ..aligned() };
    let unquoted = Layout { quoted: false, headings: false, ..layout.clone() };
    let shown = "name,selected";
    assert_eq!(
        text(shown, "", "number=4", layout),
        "Name Selected\nDM_NAME='b' DM_SELECTED='1'\n\
         DM_NAME='longer name' DM_SELECTED='0'\nDM_NAME='a' DM_SELECTED='0'\n"
    );
    assert_eq!(text("name", "", "number=4", unquoted), "DM_NAME=b\n");
}

#[test]
fn fields_may_be_lines() {
    let layout = Layout { rows: true, ..aligned() };
    assert_eq!(text("name,number", "", "", layout), "Name b longer name a\nNumber 4 2 2048\n");
}

#[test]
fn without_fields_there_are_lines_and_without_rows_nothing() {
    assert_eq!(text("", "", "", aligned()), "\n\n\n\n");
    assert_eq!(text("", "", "", Layout { rows: true, ..aligned() }), "");
    assert_eq!(text("name", "", "number=7", aligned()), "");
}

#[test]
fn rows_are_sorted_by_what_need_not_be_seen() {
    let layout = || Layout { headings: false, aligned: false, ..ALIGNED };
    assert_eq!(text("name", "number", "", layout()), "longer name\nb\na\n");
    assert_eq!(text("name", "-size", "", layout()), "a\nb\nlonger name\n");
    assert_eq!(text("name", "selected,-name", "name!=b", layout()), "longer name\na\n");
}

#[test]
fn a_number_below_0_sorts_last() {
    assert_eq!(compare(&Value::Number(-1), &Value::Number(7)), Ordering::Greater);
}

#[test]
fn a_key_that_comes_again_is_told_of() {
    let keys = b"name,-na_me";
    let spec =
        Spec { table: TABLE, fields: b"name", keys, selection: b"", own: None, layout: aligned() };
    let (report, said) = Report::new(spec).unwrap();
    assert_eq!(said, b"dm_report: Ignoring duplicate sort field: name.\n");
    assert_eq!(report.keys.len(), 1);
}

#[test]
fn help_takes_the_place_of_a_report() {
    for (fields, keys, selection) in [("name,help", "", ""), ("name", "?", ""), ("name", "", "?")] {
        assert_eq!(text(fields, keys, selection, aligned()), "");
    }
    assert!(report("name", "", "help", aligned()).selects(|_| Ok(None)).unwrap());
}

#[test]
fn rows_that_were_taken_do_not_come_again() {
    let mut report = report("number", "", "", aligned());
    let mut add = |object| {
        report.add(|get| Ok(Some(value(object, *get)))).unwrap();
        String::from_utf8(report.take()).unwrap()
    };
    assert_eq!(add(&("a", 1_234_567)), "Number \n1234567\n");
    assert_eq!(add(&("a", 1)), "Number \n      1\n", "the column stays as wide");
}

#[test]
fn a_value_that_is_missing_or_fails_is_named() {
    let mut report = report("number", "", "", aligned());
    let failure = report.add(|_| Ok(None)).unwrap_err();
    assert_eq!(failure.text, b"_do_report_object: no data assigned to field number\n");
    let failure = report.add(|_| Err(Failure::line("No."))).unwrap_err();
    assert_eq!(failure.text, b"No.\n_do_report_object: report function failed for field number\n");
}

#[test]
fn hidden_columns_have_to_be_known_too() {
    assert!(report("name", "", "number=1", aligned()).uses(&INFORMATION));
    assert!(!report("name", "", "selected=1", aligned()).uses(&INFORMATION));
    assert!(report("name", "", "selected=1", aligned()).needs_only(&["name"]));
    assert!(!report("name", "number", "", aligned()).needs_only(&["name"]));
}

proptest::proptest! {
    #[test]
    fn any_lists_and_selection_are_read_or_refused(
        texts in proptest::collection::vec(
            proptest::collection::vec(
                proptest::sample::select(b"name,size=1k!~|&#()[]'\"<>.-+*?\\ x\xe9".as_slice()),
                0..40,
            ),
            3,
        ),
    ) {
        let [fields, keys, selection] = &texts[..] else { return Ok(()) };
        let spec = Spec { table: TABLE, fields, keys, selection, own: None, layout: aligned() };
        if let Ok((mut report, _)) = Report::new(spec) {
            report.add(|get| Ok(Some(value(&OBJECTS[0], *get)))).unwrap();
            report.take();
        }
    }

    #[test]
    fn a_selection_begins_as_one_does(
        selection in "(name|number|size) ?(=~|!~|=|!=|>=|>|<=|<) ?[a-z0-9.(\\[\"'*|]{0,12}( ?(&&|,|\\|\\||#) ?)?",
    ) {
        let selection = selection.as_bytes();
        let spec =
            Spec { table: TABLE, fields: b"name", keys: b"", selection, own: None, layout: ALIGNED };
        if let Ok((mut report, _)) = Report::new(spec) {
            report.add(|get| Ok(Some(value(&OBJECTS[0], *get)))).unwrap();
        }
    }
}
