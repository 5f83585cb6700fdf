//! `ping` and `ping6`.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes, counted};

pub(super) const FIELDS: &[Field] =
    &[stays("source"), stays("target"), stays("sent"), stays("received"), stays("loss"), moves("time")];

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let mut end = End::CutOff;
    for line in lines {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        if let ["PING", source, ">", target, ..] = words.as_slice() {
            notes.say("", "source", source);
            notes.say("", "target", target);
        } else if let Some(sent) = counted(line.text, "packets transmitted") {
            let received = counted(line.text, "packets received");
            let loss = line.text.split(", ").find_map(|part| part.strip_suffix("% packet loss"));
            let loss = loss.filter(|loss| loss.parse::<u8>().is_ok());
            notes.say("", "sent", &sent.to_string());
            notes.say("", "received", &received.map(|count| count.to_string()).unwrap_or_default());
            notes.say("", "loss", loss.unwrap_or_default());
            end = if received.is_some() { End::Whole } else { End::CutOff };
        } else if let Some((_, time)) =
            line.text.split_once(" bytes from ").and_then(|_| line.text.split_once(" time="))
        {
            notes.say("", "time", time.trim_end_matches(" ms"));
        } else if !line.text.ends_with(" ping statistics ---") && !line.text.starts_with("round-trip (ms)") {
            notes.unknown(line);
        }
    }
    end
}
