//! What differs from machine to machine, made plain: the disk's number and name, and device-mapper's major.

/// The words for one disk.
#[derive(Debug)]
pub(super) struct Words {
    name: String,
    number: String,
}

impl Words {
    pub(super) fn new(number: u32) -> Self {
        Self { name: format!("loop{number}"), number: format!("7:{number}") }
    }

    /// `text` with `DISK` for the disk's name, `N` for its number and `DM` for the major in brackets.
    pub(super) fn plain(&self, text: &[u8]) -> Vec<u8> {
        let mut plain = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((&first, after)) = rest.split_first() {
            let digit_before = plain.last().is_some_and(u8::is_ascii_digit);
            if let Some(after) = rest.strip_prefix(self.name.as_bytes()) {
                plain.extend(b"DISK");
                rest = after;
            } else if let Some(after) = rest.strip_prefix(self.number.as_bytes())
                && !digit_before
                && !after.first().is_some_and(u8::is_ascii_digit)
            {
                plain.push(b'N');
                rest = after;
            } else if let Some(after) = major(rest) {
                plain.extend(b"(DM");
                rest = after;
            } else {
                plain.push(first);
                rest = after;
            }
        }
        plain
    }
}

/// What follows an opening bracket and digits, where that is a colon.
fn major(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"(")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let after = rest.get(digits..)?;
    (digits > 0 && rest.get(..digits)? != b"0" && after.starts_with(b":")).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_made_plain() {
        let words = Words::new(1);
        let plain = |text: &str| String::from_utf8(words.plain(text.as_bytes())).unwrap();
        assert_eq!(
            plain("add map loop1p1 (252:0): 0 8 linear 7:1 64\n"),
            "add map DISKp1 (DM:0): 0 8 linear N 64\n"
        );
        assert_eq!(
            plain("part1-devnode_7:1_x on 7:12 and 17:1 (0:0)"),
            "part1-devnode_N_x on 7:12 and 17:1 (0:0)"
        );
    }
}
