//! One spelling for what can be spelled in several ways: the one the router shows.
//!
//! Lines are compared by their text. Two spellings of one route or address would be two lines, of which one is entered and the
//! other taken away, and with it what both mean. So a line is brought into one spelling when it is read, and typed in it; secrets
//! and free text stay as they are. That the router takes either for one is inferred (fact sheet 6 and 8: it shows
//! `ip route default` and IPv6 addresses in their shortest form); its own form is right in any case.

use std::net::Ipv6Addr;

use super::grammar::{Captures, Row, Type};

/// The words of a line, without a leading `no`, as the router shows them; nothing where they are so already.
pub(super) fn as_shown(row: &Row, words: &[&str], captures: &Captures) -> Option<Vec<String>> {
    // Almost every line has nothing that could be spelled otherwise.
    if row.secret.is_some()
        || row.has_free_text()
        || !(row.vlan_group || words.iter().any(|word| word.contains([':', '/'])))
    {
        return None;
    }
    let mut shown: Vec<String> = words.iter().map(|word| ipv6(word).unwrap_or_else(|| (*word).to_owned())).collect();
    let routes = row.args.iter().enumerate().filter(|(_, arg)| matches!(arg.kind, Type::Route4 | Type::Route6));
    for range in routes.filter_map(|(index, _)| captures.range(index)) {
        if let Some(word) = shown.get_mut(range.start).filter(|word| matches!(word.as_str(), "0.0.0.0/0" | "::/0")) {
            "default".clone_into(word);
        }
    }
    if row.vlan_group
        && let Some(ports) = row.args.iter().position(|arg| arg.name == "PORTS").and_then(|index| captures.range(index))
        && let Some(ports) = shown.get_mut(ports)
        && ports.iter().all(|port| port.parse::<u8>().is_ok())
    {
        ports.sort_by_key(|port| port.parse::<u8>().unwrap_or(u8::MAX));
    }
    shown.iter().zip(words).any(|(shown, word)| shown != word).then_some(shown)
}

/// An IPv6 address or prefix in its shortest form. Eight groups of two digits are an interface's identifier.
fn ipv6(word: &str) -> Option<String> {
    if !word.contains(':') || word.split(':').all(|group| group.len() == 2) {
        return None;
    }
    match word.split_once('/') {
        Some((address, length)) => {
            let (address, length) = (address.parse::<Ipv6Addr>().ok()?, length.parse::<u8>().ok()?);
            Some(format!("{address}/{length}"))
        }
        None => word.parse::<Ipv6Addr>().ok().map(|address| address.to_string()),
    }
}
