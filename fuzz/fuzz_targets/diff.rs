//! `cargo fuzz run diff`: see fuzz/properties.rs.
#![no_main]

#[path = "../properties.rs"]
#[allow(dead_code)]
mod properties;

/// The costliest property: two plans of each input, each typed with its undo on the model of the router. What is longer than a case
/// file's half buys time and not cover.
const LONGEST: usize = 2048;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::diff(bytes.get(..LONGEST).unwrap_or(bytes)));
