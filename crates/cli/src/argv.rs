//! GNU `getopt_long` as a pure function over a table of options.
//!
//! The tools' scripts rely on all that getopt understands: operands before options, `--`, `-oname`,
//! `-o name`, bundles such as `-Co name`, `--name=value`, `--name value`, and any abbreviation of a long
//! name that only one option has. The texts of the errors are glibc's, for scripts compare those too.
//!
//! Options of our own ([`Opt::exact`]) do not take part in abbreviation, so that no script meets them by
//! chance: where the original has `--exec` alone, `--e` is `--exec`.
//!
//! # Source
//!
//! `getopt_long(3)`; glibc 2.36, by running `dmsetup` 1.02.185 (`tests/recorded` of the tool).

/// A row of a tool's option table.
#[derive(Clone, Copy, Debug)]
pub struct Opt<I> {
    /// What the tool knows it by.
    pub id: I,
    /// Its letters; each stands for it.
    pub short: &'static str,
    /// Its long name without `--`, or empty.
    pub long: &'static str,
    /// The name of its argument, for people; `None` when it takes none.
    pub value: Option<&'static str>,
    /// Whether it may do without its argument, which then must be attached: `-cpath`, `--sets=active`.
    pub optional: bool,
    /// Whether only its whole long name stands for it.
    pub exact: bool,
    /// What it is for, in a few words: for completions and the manual.
    pub help: &'static str,
}

impl<I> Opt<I> {
    /// An option without an argument.
    pub const fn switch(
        id: I,
        short: &'static str,
        long: &'static str,
        help: &'static str,
    ) -> Self {
        Self { id, short, long, value: None, optional: false, exact: false, help }
    }

    /// The same with an argument called `value`.
    #[must_use]
    pub const fn takes(mut self, value: &'static str) -> Self {
        self.value = Some(value);
        self
    }

    /// The same with an argument called `value`, which it may do without.
    #[must_use]
    pub const fn may_take(mut self, value: &'static str) -> Self {
        self.value = Some(value);
        self.optional = true;
        self
    }

    /// The same, but never abbreviated.
    #[must_use]
    pub const fn exact(mut self) -> Self {
        self.exact = true;
        self
    }
}

/// Whether options may follow operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// They may.
    Permute,
    /// The first operand ends the options, as when `POSIXLY_CORRECT` is set.
    OperandsLast,
}

/// An option as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a, I> {
    /// Which.
    pub id: I,
    /// Its argument, when it takes one.
    pub value: Option<&'a [u8]>,
}

/// An argument that is no option of the table, or not as the table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgvError {
    /// No option has this letter.
    UnknownShort(u8),
    /// No option has this long name; what was typed after `--`.
    UnknownLong(Vec<u8>),
    /// More than one option begins so; what was typed, and their names.
    Ambiguous(Vec<u8>, Vec<&'static str>),
    /// The option of this letter needs an argument.
    ShortNeedsValue(u8),
    /// This option needs an argument.
    LongNeedsValue(&'static str),
    /// This option takes no argument.
    LongTakesNone(&'static str),
}

impl ArgvError {
    /// glibc's text for a program called as `program`, without a newline.
    pub fn text(&self, program: &[u8]) -> Vec<u8> {
        let mut text = program.to_vec();
        let mut push = |parts: &[&[u8]]| text.extend(parts.concat());
        match self {
            Self::UnknownShort(letter) => push(&[b": invalid option -- '", &[*letter], b"'"]),
            Self::UnknownLong(typed) => push(&[b": unrecognized option '--", typed, b"'"]),
            Self::ShortNeedsValue(letter) => {
                push(&[b": option requires an argument -- '", &[*letter], b"'"]);
            }
            Self::LongNeedsValue(name) => {
                push(&[b": option '--", name.as_bytes(), b"' requires an argument"]);
            }
            Self::LongTakesNone(name) => {
                push(&[b": option '--", name.as_bytes(), b"' doesn't allow an argument"]);
            }
            Self::Ambiguous(typed, names) => {
                push(&[b": option '--", typed, b"' is ambiguous; possibilities:"]);
                for name in names {
                    push(&[b" '--", name.as_bytes(), b"'"]);
                }
            }
        }
        text
    }
}

/// Reads options one after another; what is left over are the operands.
#[derive(Debug)]
pub struct Argv<'a, I: 'static> {
    table: &'static [Opt<I>],
    order: Order,
    rest: &'a [Vec<u8>],
    /// The letters of a bundle that are still to be read.
    bundle: &'a [u8],
    operands: Vec<&'a [u8]>,
}

impl<'a, I: Copy> Argv<'a, I> {
    /// The options among `args`, which do not include the program's name.
    pub fn new(table: &'static [Opt<I>], order: Order, args: &'a [Vec<u8>]) -> Self {
        Self { table, order, rest: args, bundle: &[], operands: Vec::new() }
    }

    /// The operands, in the order typed; all of them once the options have been read to the end.
    pub fn operands(mut self) -> Vec<&'a [u8]> {
        self.operands.extend(self.rest.iter().map(Vec::as_slice));
        self.operands
    }

    /// The operands that stand before the option that was found last.
    pub fn operands_before(&self) -> &[&'a [u8]] {
        &self.operands
    }

    fn take(&mut self) -> Option<&'a [u8]> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    fn short(&mut self, letter: u8) -> Result<Found<'a, I>, ArgvError> {
        let row = self.table.iter().find(|row| row.short.as_bytes().contains(&letter));
        let row = row.ok_or(ArgvError::UnknownShort(letter))?;
        if row.value.is_none() {
            return Ok(Found { id: row.id, value: None });
        }
        let attached = std::mem::take(&mut self.bundle);
        if row.optional {
            let value = Some(attached).filter(|attached| !attached.is_empty());
            return Ok(Found { id: row.id, value });
        }
        let value = if attached.is_empty() { self.take() } else { Some(attached) };
        let value = value.ok_or(ArgvError::ShortNeedsValue(letter))?;
        Ok(Found { id: row.id, value: Some(value) })
    }

    fn long(&mut self, typed: &'a [u8]) -> Result<Found<'a, I>, ArgvError> {
        let equals = typed.iter().position(|&byte| byte == b'=');
        let (name, attached) = match equals {
            Some(at) => (&typed[..at], Some(&typed[at + 1..])),
            None => (typed, None),
        };
        let row = self.find_long(name, typed)?;
        match (row.value, attached) {
            (None, Some(_)) => Err(ArgvError::LongTakesNone(row.long)),
            (None, None) => Ok(Found { id: row.id, value: None }),
            (Some(_), _) if row.optional => Ok(Found { id: row.id, value: attached }),
            (Some(_), _) => {
                let value = attached.or_else(|| self.take());
                let value = value.ok_or(ArgvError::LongNeedsValue(row.long))?;
                Ok(Found { id: row.id, value: Some(value) })
            }
        }
    }

    fn find_long(&self, name: &[u8], typed: &[u8]) -> Result<&'static Opt<I>, ArgvError> {
        let mut near = Vec::new();
        for row in self.table.iter().filter(|row| !row.long.is_empty()) {
            if row.long.as_bytes() == name {
                return Ok(row);
            }
            if !row.exact && row.long.as_bytes().starts_with(name) {
                near.push(row);
            }
        }
        match near[..] {
            [] => Err(ArgvError::UnknownLong(typed.to_vec())),
            [row] => Ok(row),
            _ => {
                let names = near.iter().map(|row| row.long).collect();
                Err(ArgvError::Ambiguous(typed.to_vec(), names))
            }
        }
    }
}

impl<'a, I: Copy> Iterator for Argv<'a, I> {
    type Item = Result<Found<'a, I>, ArgvError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((&letter, bundle)) = self.bundle.split_first() {
                self.bundle = bundle;
                return Some(self.short(letter));
            }
            let (first, rest) = self.rest.split_first()?;
            match first.as_slice() {
                b"--" => {
                    self.rest = rest;
                    self.operands.extend(rest.iter().map(Vec::as_slice));
                    self.rest = &[];
                    return None;
                }
                [b'-', b'-', typed @ ..] => {
                    self.rest = rest;
                    return Some(self.long(typed));
                }
                [b'-', letters @ ..] if !letters.is_empty() => {
                    self.rest = rest;
                    self.bundle = letters;
                }
                _ if self.order == Order::OperandsLast => return None,
                operand => {
                    self.rest = rest;
                    self.operands.push(operand);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
