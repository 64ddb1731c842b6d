#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| dmkit_fuzz::memory::limited(
    dmkit_fuzz::targets::named("report"),
    data
));
