//! `show ip route` and `show arp entry`: tables that count their rows in their first line.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes, counted, is_address};

pub(super) const FIELDS: &[Field] = &[
    stays("route"),
    stays("origin"),
    stays("distance"),
    stays("default-route"),
    moves("age"),
    moves("entries"),
    moves("hidden"),
];

pub(super) const ARP_FIELDS: &[Field] = &[
    // Neighbours come and go by themselves, and so do their number.
    moves("neighbor"),
    moves("mac"),
    moves("interface"),
    moves("ttl"),
    moves("uptime"),
    moves("dynamic"),
    moves("static"),
];

/// Beginnings of lines that say nothing that is asked.
const KNOWN: [&str; 6] = ["Entries: ", "Codes: ", "N1 - ", "E1 - ", "* - ", "Timers: "];

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut wanted = None;
    for line in lines {
        if let Some(counts) = line.text.strip_prefix("IP Routing Table - ") {
            wanted = counted(counts, "entries");
            for (field, word) in [("entries", "entries"), ("hidden", "hidden")] {
                let count = counted(counts, word).map(|count| count.to_string());
                notes.say("", field, &count.unwrap_or_default());
            }
        } else if let Some(route) = Route::read(line.text) {
            route.note(notes);
        } else if !KNOWN.iter().any(|mark| line.text.starts_with(mark)) && !line.text.contains(" is subnetted, ") {
            notes.unknown(line);
        }
    }
    end(wanted, notes.count("route"))
}

/// Whether as many rows are there as the table counts.
fn end(wanted: Option<u64>, rows: usize) -> End {
    match wanted {
        None => End::CutOff,
        Some(wanted) if u64::try_from(rows).is_ok_and(|rows| rows < wanted) => End::CutOff,
        Some(_) => End::Whole,
    }
}

/// A row: `S*   0.0.0.0/0 [1/1] is directly connected, Tunnel0.0, 15:21:33`.
struct Route<'a> {
    origin: &'a str,
    network: &'a str,
    distance: &'a str,
    way: String,
    age: Option<&'a str>,
}

impl<'a> Route<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (head, rest) = text.split_once('[')?;
        let (distance, way) = rest.split_once(']')?;
        let (origin, network) = head.trim().rsplit_once(' ')?;
        let (address, _) = network.split_once('/')?;
        if !is_address(address) {
            return None;
        }
        let mut parts: Vec<&str> = way.split(", ").map(str::trim).collect();
        let age = parts.pop_if(|last| parts_of_time(last));
        Some(Self { origin: origin.trim(), network, distance, way: parts.join(", "), age })
    }

    fn note(&self, notes: &mut Notes) {
        notes.say(self.network, "route", &self.way);
        notes.say(self.network, "origin", self.origin);
        notes.say(self.network, "distance", self.distance);
        notes.say(self.network, "age", self.age.unwrap_or_default());
        if self.network == "0.0.0.0/0" {
            notes.say("", "default-route", &self.way);
        }
    }
}

/// Whether a text is a time: `15:21:33`, `97d17h4m18s`.
fn parts_of_time(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || [':', 'y', 'w', 'd', 'h', 'm', 's'].contains(&c))
}

pub(super) fn read_arp(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut wanted = None;
    for line in lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if let Some(counts) = line.text.strip_prefix("ARP Neighbor Cache - ") {
            let of = |word| counted(counts, word);
            wanted = of("dynamic").map(|dynamic| dynamic.saturating_add(of("static").unwrap_or_default()));
            for (field, word) in [("dynamic", "dynamic"), ("static", "static")] {
                notes.say("", field, &of(word).map(|count| count.to_string()).unwrap_or_default());
            }
        } else if let [address, mac, middle @ .., interface] = words.as_slice()
            && is_address(address)
        {
            notes.say(interface, "neighbor", address);
            notes.say(address, "mac", mac);
            notes.say(address, "interface", interface);
            for (field, value) in ["ttl", "uptime"].into_iter().zip(middle) {
                notes.say(address, field, value);
            }
        } else if !line.text.starts_with("ARP neighbor cache auto refresh ")
            && !line.text.starts_with("Protocol Address")
        {
            notes.unknown(line);
        }
    }
    end(wanted, notes.count("neighbor"))
}
