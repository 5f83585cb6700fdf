//! Which points are tried, a seeded sample or all of them, and several of them at once: they have nothing in common, and most of
//! each is waiting.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Points tested at once by default: a point keeps a core busy for a quarter of its time at most.
const WORKERS_PER_CORE: usize = 3;

/// Tries points and says which and, of each kind of end, how many: the row of this variant in `docs/reliability.md`.
pub fn every(what: &str, all: RangeInclusive<usize>, sample: usize, story: impl Fn(usize) -> String + Sync) {
    let begun = Instant::now();
    let points = points(what, all, sample);
    let ends = in_parallel(&points, workers(), &story);
    let mut outcomes = BTreeMap::<&str, usize>::new();
    let mut failed = Vec::new();
    for (point, end) in points.iter().zip(&ends) {
        match end {
            Ok(end) => *outcomes.entry(end).or_default() += 1,
            Err(_) => failed.push(point),
        }
    }
    let counted: Vec<String> = outcomes.iter().map(|(end, count)| format!("{count} {end}")).collect();
    let (tried, seconds) = (points.len(), begun.elapsed().as_secs());
    eprintln!(
        "| {tried} points | {what} | {} | {} failed: {failed:?} | {seconds} s |",
        counted.join(", "),
        failed.len()
    );
    // Each has said what is wrong when it failed; the first decides.
    if let Some(failure) = ends.into_iter().find_map(Result::err) {
        resume_unwind(failure);
    }
}

/// The points that are tried.
fn points(what: &str, all: RangeInclusive<usize>, sample: usize) -> Vec<usize> {
    let count = all.end() + 1 - all.start();
    if is_exhaustive() {
        eprintln!("{what}: all {count} points, {all:?}");
        return all.collect();
    }
    let seed = number("IXDEPLOY_CRASH_SEED").unwrap_or(1);
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

fn is_exhaustive() -> bool {
    std::env::var("IXDEPLOY_CRASH").is_ok_and(|all| all == "all")
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|number| number.parse().ok())
}

/// A sample runs beside the other tests, so it takes one point at a time.
fn workers() -> usize {
    if !is_exhaustive() {
        return 1;
    }
    let asked = number("IXDEPLOY_CRASH_WORKERS").and_then(|asked| usize::try_from(asked).ok());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    asked.unwrap_or(cores * WORKERS_PER_CORE).max(1)
}

/// How a point ended: in words, or in a failed assertion.
type End = Result<String, Box<dyn Any + Send>>;

/// The ends, in the order of the points.
fn in_parallel(points: &[usize], workers: usize, story: &(impl Fn(usize) -> String + Sync)) -> Vec<End> {
    let next = AtomicUsize::new(0);
    let ends: Vec<Mutex<Option<End>>> = points.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..workers.min(points.len()) {
            scope.spawn(|| {
                while let Some((point, end)) = take(&next, points, &ends) {
                    *end.lock().unwrap() = Some(catch_unwind(AssertUnwindSafe(|| story(point))));
                }
            });
        }
    });
    ends.into_iter().map(|end| end.into_inner().unwrap().expect("every point was tried")).collect()
}

fn take<'a>(
    next: &AtomicUsize,
    points: &[usize],
    ends: &'a [Mutex<Option<End>>],
) -> Option<(usize, &'a Mutex<Option<End>>)> {
    let index = next.fetch_add(1, Ordering::SeqCst);
    points.get(index).copied().zip(ends.get(index))
}

#[test]
fn the_ends_come_in_the_order_of_the_points_and_one_that_fails_stops_no_other() {
    let ends = in_parallel(&[5, 6, 7], 2, &|point| {
        assert_ne!(point, 6, "the test's own failure");
        point.to_string()
    });
    assert_eq!(
        ends.iter().map(|end| end.as_ref().ok().map(String::as_str)).collect::<Vec<_>>(),
        [Some("5"), None, Some("7")]
    );
}
