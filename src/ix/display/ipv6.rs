//! `show ipv6 address` and `show ipv6 neighbors`, in the form of a 10.10.29.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes, after, counted, interface, is_address};

pub(super) const FIELDS: &[Field] = &[
    stays("state"),
    stays("protocol"),
    stays("address"),
    stays("link-local"),
    stays("anycast"),
    stays("multicast"),
    stays("orphan"),
    moves("valid-lifetime"),
    moves("preferred-lifetime"),
];

pub(super) const NEIGHBOR_FIELDS: &[Field] = &[
    // Neighbours come and go by themselves, and an interface without one is not shown.
    moves("state"),
    moves("protocol"),
    moves("router"),
    moves("neighbor"),
    moves("mac"),
    moves("reachability"),
    moves("uptime"),
    moves("age"),
    moves("dynamic"),
    moves("static"),
];

/// The titles of a block's parts, each with the field of what is below it.
const TITLES: [(&str, &str); 4] = [
    ("Global address(es):", "address"),
    ("Link-local address(es):", "link-local"),
    ("Multicast address(es):", "multicast"),
    ("Orphan address(es):", "orphan"),
];

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let (mut name, mut field, mut address) = ("", None, "");
    let mut end = End::CutOff;
    for line in lines {
        end = End::Open;
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if let Some(found) = interface(line) {
            (name, field) = (found.name, None);
            found.note(notes);
        } else if let Some((_, title)) = TITLES.iter().find(|(title, _)| *title == line.text) {
            field = Some(*title);
            // A part has at least one address.
            end = End::CutOff;
        } else if let (Some(field), [found, rest @ ..]) = (field, words.as_slice())
            && is_address(found)
        {
            address = *found;
            match rest {
                [] => notes.say(name, field, found),
                ["prefixlen", length] => notes.say(name, field, &format!("{found}/{length}")),
                ["prefixlen", length, "anycast"] => notes.say(name, "anycast", &format!("{found}/{length}")),
                _ => notes.unknown(line),
            }
        } else if let ["Valid", "lifetime", valid, "preferred", "lifetime", preferred] = words.as_slice() {
            notes.say(address, "valid-lifetime", valid.trim_end_matches(','));
            notes.say(address, "preferred-lifetime", preferred);
        } else {
            notes.unknown(line);
        }
    }
    end
}

pub(super) fn read_neighbors(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let (mut name, mut address) = ("", "");
    let mut wanted = None;
    for line in lines {
        if let Some(counts) = after(line, "Neighbor cache - ") {
            let of = |word| counted(counts, word);
            wanted = of("dynamic").map(|dynamic| dynamic.saturating_add(of("static").unwrap_or_default()));
            for (field, word) in [("dynamic", "dynamic"), ("static", "static")] {
                notes.say("", field, &of(word).map(|count| count.to_string()).unwrap_or_default());
            }
        } else if let Some(found) = interface(line) {
            name = found.name;
            found.note(notes);
        } else if let Some(found) = after(line, "Neighbor ") {
            let mut words = found.split_whitespace();
            address = words.next().unwrap_or_default();
            notes.say(name, "neighbor", address);
            if words.next() == Some("(router)") {
                notes.say(name, "router", address);
            }
        } else if let Some((state, rest)) = line.text.split_once(", linklayer ") {
            // STALE, linklayer 02:00:00:00:00:0a, uptime 0:00:26, age 0:00:56
            notes.say(address, "reachability", state);
            let mut parts = rest.split(", ");
            notes.say(address, "mac", parts.next().unwrap_or_default());
            for part in parts {
                let (field, value) = part.split_once(' ').unwrap_or((part, ""));
                match field {
                    "uptime" => notes.say(address, "uptime", value),
                    "age" => notes.say(address, "age", value),
                    _ => {}
                }
            }
        } else {
            notes.unknown(line);
        }
    }
    let shown = u64::try_from(notes.count("mac")).unwrap_or(u64::MAX);
    match wanted {
        Some(wanted) if shown >= wanted => End::Whole,
        _ => End::CutOff,
    }
}
