//! Lists of fields: `-o <field>,...` and `-O [+|-]<field>,...`.
//!
//! # Source
//!
//! `_parse_fields`, `_parse_keys` and kin in lvm2's `libdm/libdm-report.c`, by running `dmsetup` 1.02.185.

use super::field::{Field, Found, What, find, is_same, too_long};
use super::help;
use crate::exit::Failure;

/// What an element of a list asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A field.
    Column(What),
    /// The fields of the section with this prefix.
    Section(&'static str),
    /// The fields of all sections of which others are in the report; with none, every field.
    All,
    /// The list of fields.
    Help,
}

/// A field to sort by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SortItem {
    pub(super) item: Item,
    pub(super) descending: bool,
}

/// An element of a list.
#[derive(Clone, Copy, Debug)]
struct Element<'l> {
    word: &'l [u8],
    /// It and all that follows it.
    tail: &'l [u8],
}

impl Element<'_> {
    /// A failure that begins with the list of fields, or that a name is too long: as often as it is looked at.
    fn failure<G>(&self, table: &[Field<G>], times: usize) -> Failure {
        let list = help::failure(table);
        let Some(long) = too_long(self.tail, self.word.len()) else { return list };
        let long = (0..times).fold(Failure::silent(), |failure, _| failure.and(&long));
        list.after(long)
    }
}

/// The elements of a list: commas may stand in a row, but not last.
fn elements(list: &[u8]) -> Vec<Element<'_>> {
    let (mut found, mut rest) = (Vec::new(), list);
    while !rest.is_empty() {
        let begin = rest.iter().position(|&byte| byte != b',').unwrap_or(rest.len());
        let tail = &rest[begin..];
        let end = tail.iter().position(|&byte| byte == b',').unwrap_or(tail.len());
        found.push(Element { word: &tail[..end], tail });
        rest = &tail[end..];
    }
    found
}

/// What `-o` asks for.
///
/// # Errors
///
/// The first element that is no field.
pub(super) fn fields<G>(table: &[Field<G>], list: &[u8]) -> Result<Vec<Item>, Failure> {
    let item = |element: Element<'_>| {
        let word = element.word;
        group(table, word).or_else(|| single(table, word)).ok_or_else(|| {
            let failure = element.failure(table, 2);
            failure.and([b"Unrecognised field: ", word].concat())
        })
    };
    elements(list).into_iter().map(item).collect()
}

/// What `-O` asks for.
///
/// # Errors
///
/// The first element that is no field.
pub(super) fn keys<G>(table: &[Field<G>], list: &[u8]) -> Result<Vec<SortItem>, Failure> {
    elements(list).into_iter().map(|element| key(table, element)).collect()
}

fn key<G>(table: &[Field<G>], element: Element<'_>) -> Result<SortItem, Failure> {
    let Element { word, tail } = element;
    let (descending, signs) = match word {
        [b'-', ..] => (true, 1),
        [b'+', ..] => (false, 1),
        _ => (false, 0),
    };
    let name = Element { word: &word[signs..], tail: &tail[signs..] };
    if let Some(item) = single(table, name.word) {
        return Ok(SortItem { item, descending });
    }
    let failure = name.failure(table, 1);
    let failure = if name.word.is_empty() && signs > 0 {
        failure.after(Failure::line("dm_report: Missing sort field name"))
    } else {
        failure
    };
    Err(failure.and([b"dm_report: Unrecognised field: ", word].concat()))
}

fn single<G>(table: &[Field<G>], word: &[u8]) -> Option<Item> {
    find(table, word).map(|found| match found {
        Found::Column(what) => Item::Column(what),
        Found::Help => Item::Help,
    })
}

fn group<G>(table: &[Field<G>], word: &[u8]) -> Option<Item> {
    if word.eq_ignore_ascii_case(b"all") {
        return Some(Item::All);
    }
    let mut sections = table.iter().map(|field| field.section);
    let section = sections.find(|section| is_same(&format!("{}all", section.prefix), word));
    section.map(|section| Item::Section(section.prefix))
}

/// The sections that a report has fields of.
#[derive(Debug, Default)]
struct Sections {
    every: bool,
    some: bool,
    prefixes: Vec<&'static str>,
}

impl Sections {
    fn has(&self, prefix: &str) -> bool {
        self.every || self.prefixes.contains(&prefix)
    }

    fn take<G>(&mut self, table: &[Field<G>], item: Item) {
        match item {
            Item::Column(What::Field(at)) => {
                self.prefixes.extend(table.get(at).map(|field| field.section.prefix));
            }
            Item::Section(prefix) => self.prefixes.push(prefix),
            // quirk: what comes first counts, so `all,name` is more than `name,all`.
            Item::All if !self.some => self.every = true,
            Item::Column(What::Selected) | Item::All => {}
            Item::Help => return,
        }
        self.some = true;
    }
}

/// The columns that the elements of `-o` stand for. `keys` and `own`, a section that the report always has,
/// count towards what `all` is.
pub(super) fn columns<G>(
    table: &[Field<G>],
    fields: &[Item],
    keys: &[SortItem],
    own: Option<&'static str>,
) -> Vec<What> {
    let mut sections = Sections { some: own.is_some(), ..Sections::default() };
    sections.prefixes.extend(own);
    let keys = keys.iter().map(|key| key.item);
    fields.iter().copied().chain(keys).for_each(|item| sections.take(table, item));
    let of = |wanted: &dyn Fn(&str) -> bool| {
        let numbered = table.iter().enumerate();
        let chosen = numbered.filter(|(_, field)| wanted(field.section.prefix));
        chosen.map(|(at, _)| What::Field(at)).collect::<Vec<_>>()
    };
    let expand = |item: &Item| match *item {
        Item::Column(what) => vec![what],
        Item::Section(prefix) => of(&|other| other == prefix),
        Item::All => of(&|other| sections.has(other)),
        Item::Help => Vec::new(),
    };
    fields.iter().flat_map(expand).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::TABLE;
    use super::*;

    fn items(list: &str) -> Vec<Item> {
        fields(TABLE, list.as_bytes()).unwrap()
    }

    fn column(at: usize) -> Item {
        Item::Column(What::Field(at))
    }

    /// The columns of `-o fields -O sort`, by their places in the table.
    fn shown(list: &str, sort: &str, own: Option<&'static str>) -> Vec<usize> {
        let sort = keys(TABLE, sort.as_bytes()).unwrap();
        let columns = columns(TABLE, &items(list), &sort, own).into_iter();
        columns
            .filter_map(|what| if let What::Field(at) = what { Some(at) } else { None })
            .collect()
    }

    #[test]
    fn neither_case_nor_underscores_count() {
        assert_eq!(items("name,NAME,na_me__"), [column(0); 3]);
        assert_eq!(items("SELECTED"), [Item::Column(What::Selected)]);
        assert_eq!(items("he_lp,?"), [Item::Help; 2]);
    }

    #[test]
    fn commas_may_stand_anywhere_but_last() {
        assert_eq!(items(",,name,,size"), [column(0), column(2)]);
        assert_eq!(items(""), []);
        for bad in ["name,", ",", "name,,"] {
            let failure = fields(TABLE, bad.as_bytes()).unwrap_err();
            assert!(failure.text.ends_with(b"\n \nUnrecognised field: \n"), "{bad}: {failure}");
        }
    }

    #[test]
    fn a_section_can_be_asked_for_as_one() {
        assert_eq!(shown("info_all", "", None), [1, 2]);
        assert_eq!(shown("_IN_FO_all_,name", "", None), [1, 2, 0]);
        assert!(fields(TABLE, b"al_l").is_err());
    }

    #[test]
    fn all_is_what_other_fields_make_it() {
        assert_eq!(shown("all", "", None), [0, 1, 2]);
        assert_eq!(shown("name,all", "", None), [0, 0]);
        assert_eq!(shown("all,name", "", None), [0, 1, 2, 0]);
        assert_eq!(shown("selected,all", "", None), Vec::<usize>::new());
        assert_eq!(shown("all", "name", Some("info_")), [0, 1, 2]);
        assert_eq!(shown("all", "", Some("name_")), [0]);
    }

    #[test]
    fn a_sign_says_which_way_to_sort() {
        let sort = keys(TABLE, b"-name,+size,number").unwrap();
        assert_eq!(sort.iter().map(|key| key.descending).collect::<Vec<_>>(), [true, false, false]);
    }

    #[test]
    fn what_cannot_be_sorted_by_is_named_as_typed() {
        let ends = |list: &[u8], end: &str| {
            let failure = keys(TABLE, list).unwrap_err();
            assert!(failure.text.ends_with(end.as_bytes()), "{failure}");
            failure.text
        };
        ends(b"-foo", "\ndm_report: Unrecognised field: -foo\n");
        ends(b"all", "\ndm_report: Unrecognised field: all\n");
        let long =
            ends(&[b'x'; 33], &format!("\ndm_report: Unrecognised field: {}\n", "x".repeat(33)));
        assert!(long.starts_with(b"xx: field name too long.\nName Fields\n"));
        let missing = ends(b"+", "\ndm_report: Unrecognised field: +\n");
        assert!(missing.starts_with(b"dm_report: Missing sort field name\n"));
    }
}
