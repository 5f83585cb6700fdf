//! A small generator of numbers (SplitMix64), and how many rounds it is thrown.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The same seed, the same numbers.
pub struct Dice(u64);

impl Dice {
    /// The dice of one round of a seed.
    pub fn new(seed: u64, round: u64) -> Self {
        Self(seed.wrapping_mul(1_000_003).wrapping_add(round))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `most`; 0 where that is 0.
    pub fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % (most.max(1) as u64)).unwrap()
    }

    /// True once in this many times.
    pub fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Runs a check with the dice of each round, on every processor, and says the round where it fails.
pub fn rounds(name: &str, usual: u64, check: impl Fn(&mut Dice, u64) + Sync + std::panic::RefUnwindSafe) {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let (seed, rounds, seconds) =
        (number("IX_SEED").unwrap_or(1), number("IX_ROUNDS").unwrap_or(usual), number("IX_SECONDS"));
    let from = number("IX_ROUND").unwrap_or(0);
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let next = AtomicU64::new(from);
    let work = || loop {
        let round = next.fetch_add(1, Ordering::Relaxed);
        if until.map_or(round >= from + rounds, |until| Instant::now() >= until) {
            return;
        }
        let outcome = std::panic::catch_unwind(|| check(&mut Dice::new(seed, round), round));
        assert!(outcome.is_ok(), "{name}: IX_SEED={seed} IX_ROUND={round} IX_ROUNDS=1");
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(work);
        }
    });
    let done = next.into_inner().saturating_sub(from + workers as u64);
    eprintln!("{name}: seed {seed}, {done} rounds");
}
