//! Keys in tables, which are shown as zeros unless they are asked for.
//!
//! # Source
//!
//! `_status` in lvm2's `libdm/dm-tools/dmsetup.c`.

/// The options of `integrity` that may hold a key: `<option>:<algorithm>:<key>`.
const INTEGRITY: [&[u8]; 3] = [b"internal_hash:", b"journal_crypt:", b"journal_mac:"];

/// Overwrites the keys in a target's arguments.
pub(super) fn hide(target: &[u8], args: &mut [u8]) {
    match target {
        b"crypt" => hide_crypt(args),
        b"integrity" => INTEGRITY.iter().for_each(|option| hide_option(args, option)),
        _ => {}
    }
}

/// The second word, unless it names a key in the keyring.
fn hide_crypt(args: &mut [u8]) {
    let Some(start) = args.iter().position(|&byte| byte == b' ').map(|at| at + 1) else { return };
    if args.get(start) != Some(&b':') {
        zero_word(&mut args[start..]);
    }
}

/// What follows the colon after the option's algorithm.
fn hide_option(args: &mut [u8], option: &[u8]) {
    let Some(at) = args.windows(option.len()).position(|window| window == option) else { return };
    let value = &mut args[at + option.len()..];
    let end = value.iter().position(|&byte| matches!(byte, b' ' | b':'));
    if let Some(end) = end.filter(|&end| value[end] == b':') {
        zero_word(&mut value[end + 1..]);
    }
}

/// Zeros up to the next blank.
fn zero_word(text: &mut [u8]) {
    text.iter_mut().take_while(|byte| **byte != b' ').for_each(|byte| *byte = b'0');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(target: &str, args: &str) -> String {
        let mut args = args.as_bytes().to_vec();
        hide(target.as_bytes(), &mut args);
        String::from_utf8(args).unwrap()
    }

    #[test]
    fn a_key_in_hexadecimal_is_hidden_and_one_in_the_keyring_is_not() {
        assert_eq!(hidden("crypt", "aes-cbc c0ffee 0 7:0 0"), "aes-cbc 000000 0 7:0 0");
        assert_eq!(hidden("crypt", "aes-cbc :32:logon:k 0 7:0 0"), "aes-cbc :32:logon:k 0 7:0 0");
        assert_eq!(hidden("crypt", ""), "");
        assert_eq!(hidden("linear", "a c0ffee"), "a c0ffee");
    }

    #[test]
    fn only_the_key_of_an_integrity_option_is_hidden() {
        assert_eq!(
            hidden("integrity", "7:0 0 J 2 internal_hash:hmac(sha256):0102 journal_mac:crc32 x"),
            "7:0 0 J 2 internal_hash:hmac(sha256):0000 journal_mac:crc32 x"
        );
    }
}
