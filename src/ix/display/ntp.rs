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

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut has_table = false;
    for line in lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if let Some(state) = after(line, "Clock is ") {
            let (state, reference) = state.split_once(", reference is ").unwrap_or((state, ""));
            notes.say("", "synchronized", if state.starts_with("not ") { "no" } else { "yes" });
            notes.say("", "reference", if reference == "nothing" { "" } else { reference });
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
