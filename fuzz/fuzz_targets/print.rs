//! `cargo fuzz run print`: see fuzz/properties.rs.
#![no_main]

#[path = "../properties.rs"]
#[allow(dead_code)]
mod properties;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::print(bytes));
