//! Names and uuids in the form that libdevmapper gives them.

use dm_core::mangle::{Mangling, decode, encode, is_plain};

/// Encodes and decodes `data` in every mode.
pub(super) fn target(data: &[u8]) {
    assert_eq!(Mangling::None.mangle(data).as_deref(), Ok(data));
    assert_eq!(decode(&encode(data)), data);
    let hex = Mangling::Hex.mangle(data).expect("hex refuses nothing");
    assert!(hex.iter().all(|&byte| is_plain(byte) || byte == b'\\'));
    assert_eq!(Mangling::Hex.unmangle(&hex).as_deref(), Ok(data));
    if let Ok(once) = Mangling::Auto.mangle(data) {
        // What is encoded already stays so.
        assert_eq!(Mangling::Auto.mangle(&once).as_deref(), Ok(&once[..]));
    }
    for mode in [Mangling::None, Mangling::Auto, Mangling::Hex] {
        if let Ok(text) = mode.unmangle(data) {
            assert!(text.len() <= data.len());
        }
    }
    let word = Mangling::from_word(data);
    assert!(word.is_none() || data.len() <= 4);
}
