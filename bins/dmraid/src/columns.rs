//! The columns of `-c`: which there are, how they are abbreviated, and lines of them.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

/// A column of what `T` is.
#[derive(Clone, Copy)]
pub struct Column<T> {
    /// Its whole name.
    pub name: &'static str,
    /// How many letters of it there must be.
    pub least: usize,
    /// What is in it.
    pub value: fn(&T) -> Vec<u8>,
}

impl<T> std::fmt::Debug for Column<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Column").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What stands where no column has that name.
const NO_COLUMN: &[u8] = b"*ERR*";

/// A line of the columns that are asked for; the first whose name begins so is meant.
pub fn line<T>(columns: &[Column<T>], fields: &[&[u8]], separator: u8, of: &T) -> Vec<u8> {
    let value = |field: &&[u8]| {
        let is_meant = |column: &&Column<T>| {
            field.len() >= column.least && column.name.as_bytes().starts_with(field)
        };
        columns.iter().find(is_meant).map_or(NO_COLUMN.to_vec(), |column| (column.value)(of))
    };
    let values: Vec<Vec<u8>> = fields.iter().map(value).collect();
    values.join(&separator)
}

/// What stands between the values where all are asked for.
pub fn colons(values: &[&[u8]]) -> Vec<u8> {
    values.join(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    static COLUMNS: &[Column<u8>] = &[
        Column { name: "sectors", least: 2, value: |n| n.to_string().into_bytes() },
        Column { name: "size", least: 2, value: |_| b"two".to_vec() },
    ];

    #[test]
    fn a_column_is_known_by_its_first_letters() {
        let fields: [&[u8]; 4] = [b"si", b"s", b"sectors", b"sectorsx"];
        assert_eq!(line(COLUMNS, &fields, b'|', &7), b"two|*ERR*|7|*ERR*");
    }
}
