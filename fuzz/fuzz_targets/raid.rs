#![no_main]

use dmkit_fuzz::readers::of_wanted_format;

libfuzzer_sys::fuzz_target!(|data: &[u8]| dmkit_fuzz::memory::limited(
    dmkit_fuzz::targets::named("raid"),
    &of_wanted_format(data)
));
