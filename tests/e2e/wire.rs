//! A whole visit against the floor of its wire: what a console of 9600 bit/s needs for the bytes that were moved, and nothing else.

use std::collections::BTreeSet;
use std::time::Instant;

use mock_device::{Event, What};

use crate::engineer::{Engineer, KEYS};
use crate::field::factory_box;

/// Characters in a second: a start bit, eight data bits, a stop bit.
const CHARACTERS: f64 = 960.0;

/// What a visit may take, in floors.
const MOST: f64 = 1.3;

/// Seconds that the wire needs for what the router was sent and sent itself. A line is typed at the pace of its echo, so that the two
/// directions are busy together, and its Return goes out only once all of the echo has come: one character more for each line.
fn floor(lines: usize, sent: u64) -> f64 {
    (sent as f64 + lines as f64) / CHARACTERS
}

/// Bytes of displays that had been shown before: each session proves the box again, and what was changed is read again before the save
/// and after it.
fn shown_again(events: &[Event]) -> u64 {
    let (mut shown, mut bytes) = (BTreeSet::new(), 0);
    for pair in events.windows(2) {
        let [before, after] = pair else { continue };
        let What::Line { line, .. } = &before.what else { continue };
        if line.trim_start().starts_with("show") && !shown.insert(line.trim().to_owned()) {
            bytes += after.sent - before.sent;
        }
    }
    bytes
}

/// What was waited for beside the wire, by the line before it, the longest first.
fn waits(events: &[Event]) -> Vec<String> {
    let mut waits: Vec<(f64, String)> = events
        .windows(2)
        .filter_map(|pair| {
            let [before, after] = pair else { return None };
            let took = (after.millis - before.millis) as f64 / 1000.0;
            let waited = took - (after.sent - before.sent + 1) as f64 / CHARACTERS;
            (waited > 0.05).then(|| (waited, format!("{waited:.2} s from {:?} to {:?}", before.what, after.what)))
        })
        .collect();
    waits.sort_by(|one, other| other.0.total_cmp(&one.0));
    waits.into_iter().map(|(_, said)| said).collect()
}

/// The mock's routers take no time of their own to answer, to save or to boot: what a real one takes comes on top, and is not ours.
#[test]
#[ignore = "a minute, and a figure that means something only on a machine that does nothing else"]
#[expect(clippy::print_stdout, reason = "the figures are the point")]
fn a_visit_takes_little_longer_than_its_wire() {
    let (bench, port, serial) = factory_box(9600);
    let plugged_in = Instant::now();
    let mut engineer = Engineer::at(&bench, &port);
    engineer.sees("Nothing is opened before you press its number");
    engineer.sees("leave:");
    engineer.types("1");
    engineer.sees("leave:");
    engineer.types("y");
    engineer.sees("type the last 4 characters");
    engineer.types(&serial[serial.len() - 4..]);
    engineer.sees("[p] ports:");
    engineer.types("y");
    engineer.sees("Saved and proven");
    let took = plugged_in.elapsed().as_secs_f64();
    let events = bench.events("r1");
    engineer.sees("leave:");
    engineer.types("q");
    let (_, keys) = engineer.ends(0);
    let lines = events.iter().filter(|event| matches!(event.what, What::Line { .. })).count();
    let (received, sent) = events.last().map(|last| (last.received, last.sent)).unwrap_or_default();
    let floor = floor(lines, sent);
    let ratio = took / floor;
    println!("{received} bytes to the router in {lines} lines, {sent} bytes from it: {floor:.2} s at 9600 bit/s");
    println!("    {} of them for displays that had been shown before", shown_again(&events));
    println!("plugged in to saved: {took:.2} s, {ratio:.2} times that, in {keys} keys");
    waits(&events).iter().take(12).for_each(|wait| println!("    {wait}"));
    assert!(ratio <= MOST && keys <= KEYS, "{ratio:.2} times the floor, {keys} keys");
}
