//! Any two texts, separated by a NUL: the difference must not panic, and there is none of a text with itself.
#![no_main]

use ixdeploy::ix::Config;
use ixdeploy::plan::{Lifeline, between};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let old = Config::parse(parts.next().unwrap_or_default());
    let new = Config::parse(parts.next().unwrap_or_default());
    if let Ok(plan) = between(&old, &new, &Lifeline::Unknown, 4096) {
        let _ = plan.undo(plan.commands.len());
    }
    if let Ok(plan) = between(&old, &old, &Lifeline::Unknown, 4096) {
        assert!(plan.is_empty());
    }
});
