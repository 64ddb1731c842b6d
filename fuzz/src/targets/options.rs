//! A command line, as the shell hands it over: arguments parted by NULs.

use dm_cli::argv::{Argv, Opt, Order};
use dm_cli::number;

/// A row of every kind: a switch, one with two letters, arguments, names that begin alike, one's own.
static TABLE: &[Opt<u8>] = &[
    Opt::switch(0, "cC", "columns", ""),
    Opt::switch(1, "f", "force", ""),
    Opt::switch(2, "", "foreground", ""),
    Opt::switch(3, "m", "minor", "").takes("minor"),
    Opt::switch(4, "o", "options", "").takes("fields"),
    Opt::switch(5, "", "noudevsync", ""),
    Opt::switch(6, "", "noudevrules", ""),
    Opt::switch(7, "", "nocolour", "").exact(),
    Opt::switch(8, "v", "", ""),
    Opt::switch(9, "", "verbose", "").takes("ignored"),
];

/// Reads the arguments to their end, in either order, and each as a number.
pub(super) fn target(data: &[u8]) {
    let args: Vec<Vec<u8>> = data.split(|&byte| byte == 0).map(<[u8]>::to_vec).collect();
    for order in [Order::Permute, Order::OperandsLast] {
        let mut options = Argv::new(TABLE, order, &args);
        let mut read = 0;
        for found in &mut options {
            read += 1;
            match found {
                Ok(found) => {
                    let row = TABLE.iter().find(|row| row.id == found.id).expect("a row");
                    assert_eq!(row.value.is_some(), found.value.is_some());
                }
                Err(error) => assert!(error.text(b"dmsetup").starts_with(b"dmsetup: ")),
            }
        }
        assert!(read <= data.len());
        in_order(&options.operands(), &args);
    }
    for arg in &args {
        numbers(arg);
    }
}

/// Operands are arguments, in the order typed.
fn in_order(operands: &[&[u8]], args: &[Vec<u8>]) {
    let mut rest = args.iter();
    for operand in operands {
        assert!(rest.any(|arg| arg == operand));
    }
}

fn numbers(text: &[u8]) {
    for base in [0, 8, 10, 16] {
        let scanned = number::scan(text, base);
        let whole = number::whole(text, base);
        assert!(whole.is_none() || scanned.is_some());
    }
    number::atoi(text);
    number::cookie(text);
}
