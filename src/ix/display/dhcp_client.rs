//! `show ipv6 dhcp client`, in the form of a 10.10.29: what the provider has delegated and told.
//!
//! Without a delegation its three blocks are absent. How an interface looks that no server answers is not attested.

use super::item::{End, Field, moves, stays};
use super::lines::{Line, Notes, after, interface, is_address};

pub(super) const FIELDS: &[Field] = &[
    stays("client"),
    stays("state"),
    stays("server"),
    stays("prefix"),
    stays("dns-server"),
    stays("ntp-server"),
    stays("domain"),
    stays("subscriber"),
    stays("subscriber-state"),
    stays("subscriber-address"),
    moves("uptime"),
    moves("renew"),
    moves("expire"),
];

/// The titles of an interface's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    None,
    Delegation,
    Prefix,
    List(&'static str),
    Subscribers,
    Statistics,
}

/// A title, at the indent of the lines of an interface.
fn title(line: &Line<'_>) -> Option<Part> {
    let part = match line.text {
        "Prefix Delegation:" => Part::Delegation,
        "IA Prefix:" => Part::Prefix,
        "DNS Servers:" => Part::List("dns-server"),
        "NTP Servers:" => Part::List("ntp-server"),
        "Domain Search List:" => Part::List("domain"),
        "Subscribers:" => Part::Subscribers,
        "Statistics:" => Part::Statistics,
        _ => return None,
    };
    Some(part)
}

/// Beginnings of lines that say nothing that is asked.
const KNOWN: [&str; 2] = ["System DUID ", "Server identifier "];

fn is_known(line: &Line<'_>) -> bool {
    KNOWN.iter().any(|mark| line.text.starts_with(mark))
}

/// `Request-reply:`, and the counts below it.
fn is_statistic(line: &Line<'_>) -> bool {
    line.indent > 2 && (line.text.ends_with(':') || line.text.starts_with(|c: char| c.is_ascii_digit()))
}

pub(super) fn read(lines: &[Line<'_>], notes: &mut Notes) -> End {
    let (mut name, mut subscriber) = ("", "");
    let mut part = Part::None;
    // Whether something must follow: a title, or an address of its server, which the statistics end.
    let mut is_open = true;
    for line in lines {
        if let Some(state) = after(line, "DHCPv6 client is ") {
            notes.say("", "client", state);
            is_open = false;
        } else if let Some(found) = interface(line) {
            (name, part) = (found.name, Part::None);
            found.note(notes);
            is_open = false;
        } else if let Some(found) = title(line) {
            part = found;
            is_open = true;
        } else if part == Part::Statistics && is_statistic(line) {
            is_open = !line.text.contains(" receive, ");
        } else if line.indent <= 2 && line.text.ends_with(':') {
            // A part that is not known: what is below it is kept as unknown.
            part = Part::None;
            notes.unknown(line);
        } else if let Some(address) = after(line, "Server address ") {
            notes.say(name, "server", address);
            is_open = true;
        } else if let Some(time) = after(line, "Uptime ") {
            notes.say(name, "uptime", time);
        } else if !is_known(line) {
            let of = Block { name, part };
            if !of.note(notes, line, &mut subscriber) {
                notes.unknown(line);
            }
        }
    }
    if is_open { End::CutOff } else { End::Open }
}

/// The part of an interface that is read.
struct Block<'a> {
    name: &'a str,
    part: Part,
}

impl Block<'_> {
    /// Notes a line of the part; false where it is not one.
    fn note<'a>(&self, notes: &mut Notes, line: &Line<'a>, subscriber: &mut &'a str) -> bool {
        match self.part {
            Part::Delegation => {
                let renew = line.text.split_once("renew ").map(|(_, renew)| renew.trim_end_matches(" seconds"));
                notes.say(self.name, "renew", renew.unwrap_or_default());
                renew.is_some()
            }
            Part::Prefix => {
                let (prefix, rest) = line.text.split_once(' ').unwrap_or((line.text, ""));
                if prefix.parse::<ipnet::Ipv6Net>().is_err() {
                    return false;
                }
                notes.say(self.name, "prefix", prefix);
                let expire = rest.split_once("expire ").map(|(_, expire)| expire.trim_end_matches(" seconds"));
                notes.say(self.name, "expire", expire.unwrap_or_default());
                true
            }
            Part::List(field) => {
                let is_one = if field == "domain" { !line.text.contains(' ') } else { is_address(line.text) };
                if is_one {
                    notes.say(self.name, field, line.text);
                }
                is_one
            }
            Part::Subscribers => match line.text.split_once(" is ") {
                Some((interface, state)) if !interface.contains(' ') => {
                    *subscriber = interface;
                    notes.say(self.name, "subscriber", interface);
                    notes.say(interface, "subscriber-state", state);
                    true
                }
                None if line.text.parse::<ipnet::IpNet>().is_ok() => {
                    notes.say(subscriber, "subscriber-address", line.text);
                    true
                }
                _ => false,
            },
            Part::None | Part::Statistics => false,
        }
    }
}
