//! Which points are tried: a seeded sample, or all of them.

use std::ops::RangeInclusive;

/// The points that are tried.
pub fn points(what: &str, all: RangeInclusive<usize>, sample: usize) -> Vec<usize> {
    let count = all.end() + 1 - all.start();
    if std::env::var("IXDEPLOY_CRASH").is_ok_and(|all| all == "all") {
        eprintln!("{what}: all {count} points, {all:?}");
        return all.collect();
    }
    let seed = std::env::var("IXDEPLOY_CRASH_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut state: u64 = seed;
    let mut chosen = std::collections::BTreeSet::new();
    while chosen.len() < sample.min(count) {
        // SplitMix64: the same sample for the same seed, on every machine.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        chosen.insert(all.start() + usize::try_from(mixed % count as u64).unwrap());
    }
    eprintln!("{what}: seed {seed}, {} of {count} points: {chosen:?}", chosen.len());
    chosen.into_iter().collect()
}
