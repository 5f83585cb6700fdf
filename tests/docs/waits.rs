//! The table of waits says what the code does.

use std::time::Duration;

use ixdeploy::message::Lang;
use ixdeploy::report::span;
use ixdeploy::session::{Bounds, Exchange, MEMORY, Settings};
use ixdeploy::transaction::{self, Looks};
use ixdeploy::transport::LinkKind;

use crate::text;

#[test]
fn the_table_of_waits_lists_every_exchange_with_its_bounds() {
    let document = text("docs/waits.md");
    let (settings, mut rows) = (Settings::default(), 0);
    let bounds = Bounds::of(&settings, LinkKind::Ssh, None);
    for (exchange, bound) in bounds.table() {
        let bytes = if exchange == Exchange::Connect { String::new() } else { format!("{} KiB ", bound.bytes / 1024) };
        let key = exchange.key().map_or_else(String::new, |key| format!("`{key}` "));
        let (name, silence, total) = (exchange.name(), bound.silence.as_secs(), bound.total.as_secs());
        let row = format!("| `{name}` | {silence} s | {total} s | {bytes}| {key}| ");
        assert!(document.lines().any(|line| line.starts_with(&row)), "docs/waits.md has no row that begins with {row}");
        rows += 1;
    }
    let table = document.split("## Exchanges").nth(1).unwrap().split("\n## ").next().unwrap();
    assert_eq!(table.lines().filter(|line| line.starts_with("| `")).count(), rows);

    let console = Bounds::of(&settings, LinkKind::Serial, Some(9600)).bound(Exchange::Show);
    let said = format!("may show {} KiB in {} s", console.bytes / 1024, console.total.as_secs());
    assert!(document.contains(&said), "docs/waits.md does not say \"{said}\"");
    let alone = settings.deadlines.show_total;
    assert!(alone == Duration::from_secs(60) && document.contains("60 s, and what its bytes earn"));
    let one = transaction::Bounds {
        exchanges: bounds,
        lock: Duration::from_secs(10),
        idle: Duration::from_secs(8),
        patience: Duration::from_secs(600),
    };
    let forward = format!(
        "with 40 lines and 4 checks over SSH {}",
        span(one.forward(40, Looks { checks: 4, ..Looks::default() }), Lang::En)
    );
    let stop = format!("with 40 lines over SSH {}", span(one.stop(40), Lang::En));
    for said in [forward, stop] {
        assert!(document.contains(&said), "docs/waits.md does not say \"{said}\"");
    }
    assert!(document.contains(&format!("No session costs more than {} MiB", MEMORY / 1024 / 1024)));
}
