//! What a report can be asked for: the list of fields, and the language of selections.
//!
//! # Source
//!
//! What `dmsetup info -c -o help` and `-S help` of 1.02.185 print.

use super::field::{Field, SPECIAL};
use crate::exit::Failure;

/// What the list of fields is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// `-o`: with the groups that can be asked for as one.
    Showing,
    /// `-S`: with what the values are.
    Selecting,
}

/// The list of fields, and a line that parts it from what follows.
pub fn fields<G>(table: &[Field<G>], purpose: For) -> Vec<u8> {
    let ids = table.iter().map(|field| field.id.len());
    let width = ids.chain(SPECIAL.iter().map(|special| special.id.len())).max().unwrap_or(0);
    let row = |id: &str, help: &str, word: &str| match purpose {
        For::Showing => format!("  {id:<width$} - {help}\n"),
        For::Selecting => format!("  {id:<width$} - {help} [{word}]\n"),
    };
    let mut text = String::new();
    let mut title = None;
    for field in table {
        if title.replace(field.section.title) != Some(field.section.title) {
            text.push_str(if text.is_empty() { "" } else { " \n" });
            text.push_str(&heading(field.section.title));
            if purpose == For::Showing {
                let id = format!("{}all", field.section.prefix);
                text.push_str(&row(&id, "All fields in this section.", ""));
            }
        }
        text.push_str(&row(field.id, field.help, field.kind.word()));
    }
    text.push_str(if text.is_empty() { "" } else { " \n" });
    text.push_str(&heading("Special"));
    text.extend(SPECIAL.iter().map(|special| row(special.id, special.help, special.word)));
    text.push_str(" \n");
    text.into_bytes()
}

fn heading(title: &str) -> String {
    let title = format!("{title} Fields");
    format!("{title}\n{}\n", "-".repeat(title.len()))
}

/// A failure that begins with the list of fields.
pub(super) fn failure<G>(table: &[Field<G>]) -> Failure {
    Failure::lines(fields(table, For::Showing))
}

/// The language of selections.
pub(super) const SELECTION: &str = r#"Selection operands
------------------
  field               - Reporting field.
  number              - Non-negative integer value.
  size                - Floating point value with units, 'm' unit used by default if not specified.
  percent             - Non-negative integer with or without % suffix.
  string              - Characters quoted by ' or " or unquoted.
  string list         - Strings enclosed by [ ] or { } and elements delimited by either
                        "all items must match" or "at least one item must match" operator.
  regular expression  - Characters quoted by ' or " or unquoted.
 
Selection operators
-------------------
  Comparison operators:
        =~  - Matching regular expression. [regex]
        !~  - Not matching regular expression. [regex]
         =  - Equal to. [number, size, percent, string, string list, time]
        !=  - Not equal to. [number, size, percent, string, string_list, time]
        >=  - Greater than or equal to. [number, size, percent, time]
         >  - Greater than. [number, size, percent, time]
        <=  - Less than or equal to. [number, size, percent, time]
         <  - Less than. [number, size, percent, time]
     since  - Since specified time (same as '>='). [time]
     after  - After specified time (same as '>'). [time]
     until  - Until specified time (same as '<='). [time]
    before  - Before specified time (same as '<'). [time]
 
  Logical and grouping operators:
      &&  - All fields must match
       ,  - All fields must match
      ||  - At least one field must match
       #  - At least one field must match
       !  - Logical negation
       (  - Left parenthesis
       )  - Right parenthesis
       [  - List start
       ]  - List end
       {  - List subset start
       }  - List subset end
 
"#;

#[cfg(test)]
mod tests {
    use super::super::tests::TABLE;
    use super::*;

    fn text(purpose: For) -> String {
        String::from_utf8(fields(TABLE, purpose)).unwrap()
    }

    #[test]
    fn groups_are_listed_with_what_can_be_shown() {
        assert_eq!(
            text(For::Showing),
            "Name Fields\n-----------\n  name_all - All fields in this section.\n  \
             name     - The name.\n \n\
             Information Fields\n------------------\n  info_all - All fields in this section.\n  \
             number   - A number.\n  size     - A size.\n \n\
             Special Fields\n--------------\n  \
             selected - Set if item passes selection criteria.\n  help     - Show help.\n  \
             ?        - Show help.\n \n"
        );
    }

    #[test]
    fn kinds_are_listed_with_what_can_be_selected_by() {
        let text = text(For::Selecting);
        assert!(text.contains("\n  name     - The name. [string]\n"));
        assert!(text.contains("\n  size     - A size. [size]\n"));
        assert!(text.contains("\n  ?        - Show help. [unselectable number]\n"));
        assert!(!text.contains("_all"));
    }
}
