//! Time for parse, diff, plan and undo at 300, 3,000, 10,001 and 20,000 lines, with few and with many changes.
//!
//! `cargo bench --bench plan` prints ours and how it grows. With `IX_PEER_PYTHON` naming a Python that has hier_config, the same
//! inputs go through `benches/peers/hier_config_bench.py`, and the ratio is shown beside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::Config;
use ixdeploy::plan::{self, Lifeline};

/// How often each input is measured; the best counts, for both programs.
const RUNS: usize = 20;

/// A configuration of about this many lines: routes, a list, a url-list, subinterfaces.
fn configuration(lines: usize, step: usize) -> String {
    let mut text = String::from("hostname bench\n");
    let changed = |number: usize| if step > 0 && number.is_multiple_of(step) { 1 } else { 0 };
    let quarter = lines / 4;
    for number in 0..quarter {
        let third = changed(number) + 1;
        writeln!(text, "ip route 10.{}.{}.0/24 192.168.{third}.1", number / 256, number % 256).unwrap();
    }
    for number in 0..quarter {
        let port = changed(number);
        let list = number / 50;
        writeln!(
            text,
            "ip access-list list-{list} permit tcp src 10.0.{}.{}/32 sport any dest any dport eq {}",
            number / 256 % 256,
            number % 256,
            80 + port
        )
        .unwrap();
    }
    for number in 0..quarter {
        if changed(number) == 0 {
            writeln!(text, "url-list closed permit domain *host{number}.example").unwrap();
        }
    }
    for number in 0..quarter / 5 {
        let host = changed(number) + 1;
        writeln!(
            text,
            "interface GigaEthernet1.{}\n  description line {number}\n  ip address 10.{}.{}.{host}/24\n  ip filter list-{} 100 in\n  no shutdown",
            number + 1,
            100 + number / 256,
            number % 256,
            number % (quarter / 50).max(1),
        )
        .unwrap();
    }
    text
}

fn main() {
    let peer = std::env::var("IX_PEER_PYTHON").ok();
    let inputs = tempfile::tempdir().expect("a folder for the inputs");
    let folder = inputs.path();
    println!(
        "{:>7} {:>8} {:>9} {:>10} {:>10} {:>12} {:>7}",
        "lines", "changes", "commands", "ours ms", "growth", "hier_config", "ratio"
    );
    for (name, step) in [("few", 1000), ("many", 5)] {
        let mut last: Option<(usize, f64)> = None;
        for lines in [300, 3_000, 10_001, 20_000] {
            let (old, new) = (configuration(lines, 0), configuration(lines, step));
            let mut best = f64::MAX;
            let mut commands = 0;
            for _ in 0..RUNS {
                let start = Instant::now();
                let running = Config::parse(Dialect::ix(), &old);
                let desired = Config::parse_reusing(&running, &new);
                let plan = plan::between(&running, &desired, &Lifeline::Console, 255).expect("a plan");
                let undo = plan.undo(plan.commands.len());
                best = best.min(start.elapsed().as_secs_f64());
                commands = plan.commands.len() + undo.len();
            }
            let growth = last.map_or(String::new(), |(before, time)| {
                let n_log_n = |lines: usize| lines as f64 * (lines as f64).ln();
                format!("{:.2} nlogn", best / time / (n_log_n(lines) / n_log_n(before)))
            });
            last = Some((lines, best));
            let theirs = peer.as_deref().and_then(|python| {
                let (left, right) = (folder.join("old.cfg"), folder.join("new.cfg"));
                std::fs::write(&left, &old).ok()?;
                std::fs::write(&right, &new).ok()?;
                let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/hier_config_bench.py");
                let output =
                    Command::new(python).arg(script).arg(&left).arg(&right).arg(RUNS.to_string()).output().ok()?;
                String::from_utf8(output.stdout).ok()?.trim().parse::<f64>().ok()
            });
            let (time, ratio) = theirs.map_or((String::from("-"), String::from("-")), |theirs| {
                (format!("{:.0} ms", theirs * 1000.0), format!("{:.0}x", theirs / best))
            });
            println!("{lines:>7} {name:>8} {commands:>9} {:>10.2} {growth:>10} {time:>12} {ratio:>7}", best * 1000.0);
        }
    }
}
