//! `show ike sa` and `show ipsec sa`, long and brief: which tunnels are up.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes, after, counted};

pub(super) const IKE_FIELDS: &[Field] = &[
    stays("configured"),
    moves("created"),
    stays("local"),
    stays("remote"),
    stays("policy"),
    stays("direction"),
    stays("exchange"),
    stays("state"),
    stays("authentication"),
    stays("encryption"),
    stays("hash"),
    moves("lifetime"),
];

pub(super) const IPSEC_FIELDS: &[Field] = &[
    stays("configured"),
    moves("created"),
    stays("policy"),
    stays("mode"),
    stays("local"),
    stays("remote"),
    stays("outgoing"),
    moves("inbound"),
    moves("outbound"),
    stays("transform"),
    moves("lifetime"),
];

/// What is behind these marks.
const IKE_MARKS: [(&str, &str); 5] = [
    ("Direction is ", "direction"),
    ("Exchange type is ", "exchange"),
    ("Authentication method is ", "authentication"),
    ("Encryption algorithm is ", "encryption"),
    ("Hash algorithm is ", "hash"),
];

/// Beginnings of lines that say nothing that is asked.
const KNOWN: [&str; 9] = [
    "Initiator's cookie",
    "Responder's cookie",
    "NAT-Traversal",
    "NAT detected",
    "#ph1",
    "#ph2",
    "Policy ",
    "Interface MTU is ",
    "Replay detection",
];

fn is_known(line: &Line<'_>) -> bool {
    KNOWN.iter().any(|mark| line.text.starts_with(mark)) || line.text.starts_with("Perfect forward secrecy ")
}

/// The first line: `ISAKMP SA - 1 configured, 1 created`.
fn note_counts(notes: &mut Notes, counts: &str) {
    for (field, word) in [("configured", "configured"), ("created", "created")] {
        notes.say("", field, &counted(counts, word).map(|count| count.to_string()).unwrap_or_default());
    }
}

/// Whether as many are shown as the first line counts. Lines behind the last one could still be missing.
fn end(counts: Option<&str>, shown: usize) -> End {
    let created = counts.and_then(|counts| counted(counts, "created"));
    match created {
        Some(created) if u64::try_from(shown).is_ok_and(|shown| shown >= created) => End::Open,
        _ => End::CutOff,
    }
}

pub(super) fn read_ike(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut counts = None;
    let (mut local, mut remote, mut policy) = ("", "", "");
    let mut shown = 0;
    for line in lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if let Some(rest) = after(line, "ISAKMP SA - ") {
            counts = Some(rest);
            note_counts(notes, rest);
        } else if let Some(address) = after(line, "Local address is ") {
            local = address;
        } else if let Some(address) = after(line, "Remote address is ") {
            (remote, policy) = (address, "");
        } else if let Some(name) = after(line, "IKE policy name is ") {
            policy = name;
            notes.say("", "policy", policy);
            notes.say(policy, "local", local);
            notes.say(policy, "remote", remote);
        } else if let Some(state) = after(line, "State is ") {
            notes.say(policy, "state", state);
            shown += 1;
        } else if let Some((field, value)) =
            IKE_MARKS.iter().find_map(|(mark, field)| Some((*field, after(line, mark)?)))
        {
            notes.say(policy, field, value);
        } else if let Some((_, lifetime)) = line.text.split_once("lifetime is ") {
            notes.say(policy, "lifetime", lifetime);
        } else if let [name, initiator, responder, life] = words.as_slice()
            && [initiator, responder].iter().all(|cookie| cookie.starts_with("0x"))
        {
            notes.say("", "policy", name);
            notes.say(name, "lifetime", life);
            shown += 1;
        } else if !is_known(line) {
            notes.unknown(line);
        }
    }
    end(counts, shown)
}

pub(super) fn read_ipsec(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut counts = None;
    let (mut name, mut side) = ("", "inbound");
    let mut shown = 0;
    for line in lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if let Some(rest) = after(line, "IPsec SA - ") {
            counts = Some(rest);
            note_counts(notes, rest);
        } else if let Some(found) = after(line, "Interface is ") {
            name = found;
        } else if let Some(policy) = after(line, "Key policy map name is ") {
            notes.say(name, "policy", policy);
        } else if let Some((mode, _)) = line.text.split_once(" mode, ") {
            notes.say(name, "mode", mode);
        } else if let Some(address) = after(line, "Local address is ") {
            notes.say(name, "local", address);
        } else if let Some(address) = after(line, "Remote address is ") {
            notes.say(name, "remote", address);
        } else if let Some(interface) = after(line, "Outgoing interface is ") {
            notes.say(name, "outgoing", interface);
        } else if line.text == "Inbound:" {
            side = "inbound";
        } else if line.text == "Outbound:" {
            side = "outbound";
        } else if let Some((_, spi)) = line.text.split_once("SPI is ") {
            notes.say(name, side, spi);
            shown += 1;
        } else if let Some(transform) = after(line, "Transform is ") {
            notes.say(name, "transform", transform);
        } else if let Some(lifetime) = after(line, "Remaining lifetime is ") {
            notes.say(name, "lifetime", lifetime);
        } else if let [policy, direction @ ("IN" | "OUT"), _, spi, life] = words.as_slice() {
            notes.say(policy, if *direction == "IN" { "inbound" } else { "outbound" }, spi);
            notes.say(policy, "lifetime", life);
            shown += 1;
        } else if !is_known(line) {
            notes.unknown(line);
        }
    }
    end(counts, shown)
}
