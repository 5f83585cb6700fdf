//! `show interfaces`: only beginnings and ends of its blocks are attested, so every other line is kept as unknown.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes, after, counted, interface};

pub(super) const FIELDS: &[Field] = &[
    stays("state"),
    stays("protocol"),
    stays("encapsulation"),
    moves("input-packets"),
    moves("input-bytes"),
    moves("input-errors"),
    moves("output-packets"),
    moves("output-bytes"),
    moves("output-errors"),
];

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut name = "";
    for line in lines {
        if let Some(found) = interface(line) {
            name = found.name;
            found.note(notes);
        } else if let Some(kind) = after(line, "Encapsulation ") {
            notes.say(name, "encapsulation", kind.trim_end_matches(':'));
        } else if line.text.contains(" packets input, ") {
            counters(notes, name, line.text, ["input-packets", "input-bytes", "input-errors"], "packets input");
        } else if line.text.contains(" packets output, ") {
            counters(notes, name, line.text, ["output-packets", "output-bytes", "output-errors"], "packets output");
        } else if line.text != "Statistics:" {
            notes.unknown(line);
        }
    }
    End::Open
}

/// `20718 packets input, 3645671 bytes, 0 errors`.
fn counters(notes: &mut Notes, name: &str, line: &str, fields: [&'static str; 3], first: &str) {
    for (field, word) in fields.into_iter().zip([first, "bytes", "errors"]) {
        if let Some(count) = counted(line, word) {
            notes.say(name, field, &count.to_string());
        }
    }
}
