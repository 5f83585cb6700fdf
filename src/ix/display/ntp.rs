//! `show ntp`. Only a clock that is not synchronised is attested.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes, after, is_address};

pub(super) const FIELDS: &[Field] = &[
    stays("synchronized"),
    stays("reference"),
    moves("received"),
    moves("sent"),
    stays("server"),
    moves("stratum"),
    moves("last-receive"),
];

/// `Clock is not synchronized, reference is nothing`.
struct Clock<'a> {
    is_synchronized: bool,
    reference: &'a str,
}

impl<'a> Clock<'a> {
    /// Any other word for its state is not understood.
    fn read(line: &Line<'a>) -> Option<Self> {
        let state = after(line, "Clock is ")?;
        let (state, reference) = state.split_once(", reference is ").unwrap_or((state, ""));
        let is_synchronized = state == "synchronized";
        (is_synchronized || state.starts_with("not ")).then_some(Self { is_synchronized, reference })
    }
}

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut has_table = false;
    for line in lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if let Some(clock) = Clock::read(line) {
            notes.say("", "synchronized", if clock.is_synchronized { "yes" } else { "no" });
            notes.say("", "reference", if clock.reference == "nothing" { "" } else { clock.reference });
        } else if let Some(counts) = after(line, "Rcvd: ") {
            notes.say("", "received", counts);
        } else if let Some(counts) = after(line, "Sent: ") {
            notes.say("", "sent", counts);
        } else if line.text.starts_with("NTP server") {
            has_table = true;
        } else if let [server, .., stratum, _version, _timeout, last] = words.as_slice()
            && has_table
            && is_address(server)
        {
            notes.say("", "server", server);
            notes.say(server, "stratum", stratum);
            notes.say(server, "last-receive", last);
        } else if line.text != "NTP status:" {
            notes.unknown(line);
        }
    }
    if has_table { End::Open } else { End::CutOff }
}
