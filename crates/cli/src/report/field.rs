//! What a report may show: fields, in sections.

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes; they stand left, and sort as bytes.
    Text,
    /// A number; it stands right.
    Number,
    /// A number of sectors, shown in some unit; it stands right.
    Size,
}

impl Kind {
    /// The word for it in the list of fields that can be selected by.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Number => "number",
            Self::Size => "size",
        }
    }
}

/// Fields that belong together and can be asked for as one.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// What stands before `all` to ask for them.
    pub prefix: &'static str,
    /// What they are about; sections with one title are listed as one.
    pub title: &'static str,
}

/// A field; `G` is how its value is got.
#[derive(Clone, Debug)]
pub struct Field<G: 'static> {
    /// The word that asks for it.
    pub id: &'static str,
    /// What stands above its column.
    pub heading: &'static str,
    /// The least width of its column, in bytes.
    pub width: usize,
    /// What its values are.
    pub kind: Kind,
    /// Where it belongs.
    pub section: &'static Section,
    /// What it says, for the list of fields.
    pub help: &'static str,
    /// How its value is got.
    pub get: G,
}

/// What a field is for one object.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of [`Kind::Text`].
    Text(Vec<u8>),
    /// Of [`Kind::Number`]. One below 0 sorts above all others.
    Number(i64),
    /// Of [`Kind::Size`].
    Size {
        /// As it is shown.
        shown: Vec<u8>,
        /// As it sorts.
        sectors: f64,
    },
}

impl Value {
    /// As it is shown.
    pub(super) fn text(&self) -> Vec<u8> {
        match self {
            Self::Text(text) | Self::Size { shown: text, .. } => text.clone(),
            Self::Number(number) => number.to_string().into_bytes(),
        }
    }
}

/// A field that every report has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Special {
    pub(super) id: &'static str,
    pub(super) help: &'static str,
    /// What it is in the list of fields that can be selected by.
    pub(super) word: &'static str,
}

/// Whether a row is selected.
pub(super) const SELECTED: Special =
    Special { id: "selected", help: "Set if item passes selection criteria.", word: "number" };

/// What asks for the list of fields.
const HELP: Special = Special { id: "help", help: "Show help.", word: "unselectable number" };

/// The fields that every report has, in the order listed.
pub(super) const SPECIAL: [Special; 3] = [SELECTED, HELP, Special { id: "?", ..HELP }];

/// A column's contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A field of the table.
    Field(usize),
    /// [`SELECTED`].
    Selected,
}

/// What a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Column(What),
    Help,
}

/// What `typed` names.
pub(super) fn find<G>(table: &[Field<G>], typed: &[u8]) -> Option<Found> {
    if let Some(at) = table.iter().position(|field| is_same(field.id, typed)) {
        return Some(Found::Column(What::Field(at)));
    }
    let special = SPECIAL.iter().find(|special| is_same(special.id, typed))?;
    Some(if *special == SELECTED { Found::Column(What::Selected) } else { Found::Help })
}

/// How many letters a name may have, `_` not counted.
const LETTERS_MAX: usize = 31;

/// What is said of a name that is too long: it begins a text of this length, of which all beyond is shown.
pub(super) fn too_long(text: &[u8], length: usize) -> Option<Vec<u8>> {
    let name = text.iter().take(length).enumerate();
    let mut letters = name.filter(|(_, byte)| **byte != b'_');
    let (at, _) = letters.nth(LETTERS_MAX)?;
    Some([&text[at..], b": field name too long."].concat())
}

/// Whether a name is meant by what was typed: neither case nor `_` counts.
pub(super) fn is_same(id: &str, typed: &[u8]) -> bool {
    let letters = |text: &[u8]| -> Vec<u8> {
        text.iter().filter(|&&byte| byte != b'_').map(u8::to_ascii_lowercase).collect()
    };
    letters(id.as_bytes()) == letters(typed)
}
