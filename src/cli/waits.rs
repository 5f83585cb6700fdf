//! The bounds of every exchange with the routers that a command concerns, as `check -v` prints them.

use super::context::Context;
use crate::connect;
use crate::message::Lang;
use crate::report::span;
use crate::run::Loaded;
use crate::session::{Bounds, Exchange};

/// Prints one table for all routers that have the same bounds.
pub fn note(context: &Context, loaded: &Loaded) {
    let mut tables: Vec<(Bounds, Vec<&str>)> = Vec::new();
    for wanted in &loaded.rendered {
        let Some((_, router)) = loaded.inventory.router(&wanted.router) else { continue };
        let bounds = connect::bounds(router);
        match tables.iter_mut().find(|(known, _)| *known == bounds) {
            Some((_, routers)) => routers.push(&wanted.router),
            None => tables.push((bounds, vec![&wanted.router])),
        }
    }
    for (bounds, routers) in tables {
        context.screen.say_prose(&table(&bounds, &routers.join(", "), context.screen.lang));
    }
}

fn table(bounds: &Bounds, routers: &str, lang: Lang) -> String {
    let mut text = match lang {
        Lang::En => format!("longest silence, longest time and most bytes of every exchange with {routers}:\n"),
        Lang::Ja => format!("{routers} との通信ごとの無応答の上限、全体の上限、受信量の上限:\n"),
    };
    for (exchange, bound) in bounds.table() {
        let (silence, total) = (span(bound.silence, lang), span(bound.total, lang));
        let (name, title) = (exchange.name(), exchange.title());
        let size = bytes(bound.bytes);
        let (key, title) = (exchange.key().map_or_else(String::new, |key| format!(" [{key}]")), title.get(lang));
        let size = if exchange == Exchange::Connect { String::new() } else { size };
        text.push_str(&format!("  {name:<10} {silence:>8} {total:>8} {size:>8}  {title}{key}\n"));
    }
    text
}

fn bytes(bytes: usize) -> String {
    const KIB: usize = 1024;
    if bytes >= KIB * KIB { format!("{} MiB", bytes / KIB / KIB) } else { format!("{} KiB", bytes / KIB) }
}
