//! `show ip dhcp lease`: the addresses that the router has given to the terminals.

use super::item::{End, Field, moves};
use super::lines::{Line, Notes, is_address, number};

pub(super) const FIELDS: &[Field] = &[
    moves("clients"),
    // Terminals come and go by themselves.
    moves("lease"),
    moves("mac"),
    moves("bound-time"),
    moves("lease-time"),
    moves("state"),
    moves("profile"),
    moves("assignment"),
];

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut wanted = None;
    for line in lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if let Some(rest) = line.text.strip_prefix("Leased to ") {
            wanted = number(rest);
            notes.say("", "clients", &wanted.map(|count| count.to_string()).unwrap_or_default());
        } else if let [code @ ("D" | "F"), address, mac, bound, lease, state, profile @ ..] = words.as_slice()
            && is_address(address)
        {
            // A profile's name is the last word; a firmware may show none.
            notes.say(profile.last().copied().unwrap_or_default(), "lease", address);
            notes.say(address, "mac", mac);
            notes.say(address, "bound-time", bound);
            notes.say(address, "lease-time", lease);
            notes.say(address, "state", state);
            notes.say(address, "profile", profile.last().copied().unwrap_or_default());
            notes.say(address, "assignment", if *code == "D" { "dynamic" } else { "fixed" });
        } else if !line.text.starts_with("Codes") && !line.text.starts_with("IP Address") {
            notes.unknown(line);
        }
    }
    let rows = notes.count("lease");
    match wanted {
        Some(wanted) if u64::try_from(rows).is_ok_and(|rows| rows >= wanted) => End::Whole,
        _ => End::CutOff,
    }
}
