//! `show ip address` and `show ip interface`: a block for each interface.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes, after, interface};
use crate::ix::clock::long_time;

pub(super) const FIELDS: &[Field] = &[
    stays("state"),
    stays("protocol"),
    stays("address"),
    stays("broadcast"),
    stays("determined-by"),
    stays("unnumbered"),
    stays("duplicate"),
    stays("duplicate-mac"),
    moves("duplicate-since"),
];

pub(super) const INTERFACE_FIELDS: &[Field] = &[
    stays("state"),
    stays("protocol"),
    stays("address"),
    stays("broadcast"),
    stays("determined-by"),
    stays("mtu"),
    stays("ip"),
    stays("unnumbered"),
    stays("setting"),
];

/// What is behind these marks, in both displays.
const MARKS: [(&str, &str); 3] = [
    ("Internet address is ", "address"),
    ("Broadcast address is ", "broadcast"),
    ("Address determined by ", "determined-by"),
];

fn marked<'a>(line: &Line<'a>) -> Option<Marked<'a>> {
    MARKS.iter().find_map(|&(mark, field)| Some(Marked { field, value: after(line, mark)? }))
}

/// A field that is behind its mark.
struct Marked<'a> {
    field: &'static str,
    value: &'a str,
}

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut name = "";
    // Whether the block that is read has what every block ends with.
    let mut is_whole = false;
    let mut has_duplicate = false;
    for line in lines {
        if let Some(found) = interface(line) {
            (name, is_whole, has_duplicate) = (found.name, false, false);
            found.note(notes);
        } else if let Some(Marked { field, value }) = marked(line) {
            notes.say(name, field, value);
            is_whole |= field == "determined-by";
        } else if line.text.starts_with("Interface is unnumbered") {
            notes.say(name, "unnumbered", "yes");
            is_whole = true;
        } else if line.text.starts_with("Duplicate address detected") {
            notes.say(name, "duplicate", "yes");
            (is_whole, has_duplicate) = (false, true);
        } else if let Some(address) = after(line, "IP address is ").filter(|_| has_duplicate) {
            notes.say(address, "duplicate", "yes");
        } else if let Some(mac) = after(line, "Hardware address is ").filter(|_| has_duplicate) {
            notes.say(name, "duplicate-mac", mac);
            is_whole = true;
        } else if has_duplicate && long_time(line.text).is_some() {
            notes.say(name, "duplicate-since", line.text);
        } else {
            notes.unknown(line);
        }
    }
    if is_whole { End::Open } else { End::CutOff }
}

pub(super) fn read_interface(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut name = "";
    let mut is_whole = false;
    for line in lines {
        if let Some(found) = interface(line) {
            (name, is_whole) = (found.name, false);
            found.note(notes);
        } else if let Some(Marked { field, value }) = marked(line) {
            notes.say(name, field, value);
            is_whole |= field == "determined-by";
        } else if let Some(mtu) = after(line, "MTU is ") {
            notes.say(name, "mtu", mtu.trim_end_matches(" octets"));
        } else if line.text.starts_with("Interface is unnumbered") {
            notes.say(name, "unnumbered", "yes");
            is_whole = true;
        } else if line.text == "Internet protocol processing disabled" {
            notes.say(name, "ip", "disabled");
            is_whole = true;
        } else if [" is ", " are "].iter().any(|verb| line.text.contains(verb)) && line.indent > 0 {
            // `Proxy ARP is disabled`: each firmware has its own list of these.
            notes.say(name, "setting", line.text);
        } else {
            notes.unknown(line);
        }
    }
    if is_whole { End::Open } else { End::CutOff }
}
