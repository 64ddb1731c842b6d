//! What a report is asked for: fields, keys to sort by and a selection, parted by NULs.

use dm_cli::report::{Field, Kind, Layout, Report, Section, Spec, Value};

static SECTION: Section = Section { prefix: "info_", title: "Information" };

/// A field of every kind.
static TABLE: &[Field<Kind>] =
    &[field("name", Kind::Text), field("number", Kind::Number), field("size", Kind::Size)];

const fn field(id: &'static str, kind: Kind) -> Field<Kind> {
    Field { id, heading: id, width: 4, kind, section: &SECTION, help: "", get: kind }
}

/// Makes the report if there can be one, and adds some objects; none that is shown is lost.
pub(super) fn target(data: &[u8]) {
    let mut parts = data.splitn(3, |&byte| byte == 0);
    let mut next = || parts.next().unwrap_or_default();
    let (fields, keys, selection) = (next(), next(), next());
    let layout = Layout {
        aligned: data.len().is_multiple_of(2),
        headings: false,
        separator: b" ".to_vec(),
        prefix: None,
        quoted: false,
        rows: false,
    };
    let spec = Spec { table: TABLE, fields, keys, selection, own: None, layout };
    let Ok((mut report, said)) = Report::new(spec) else { return };
    let mut selected = 0;
    for number in 0..4 {
        let look = |kind: &Kind| Ok(Some(value(*kind, number)));
        selected += usize::from(report.selects(look).expect("every value is there"));
        report.add(look).expect("every value is there");
    }
    let text = report.take();
    let lines = text.split(|&byte| byte == b'\n').count() - 1;
    assert!(lines >= selected || !said.is_empty());
}

fn value(kind: Kind, number: u8) -> Value {
    match kind {
        Kind::Text => Value::Text(vec![b'a' + number; usize::from(number)]),
        Kind::Number => Value::Number(number.into()),
        Kind::Size => Value::Size { shown: b"1k".to_vec(), sectors: number.into() },
    }
}
