//! Any bytes: parse, print and mask must not panic, and what was printed must read back the same.
#![no_main]

use ixdeploy::ix::{Config, line, mask};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let printed = Config::parse(bytes).print_bytes();
    assert_eq!(Config::parse(&printed).print_bytes(), printed);
    let _ = mask::mask_text(&line::to_text(bytes));
});
