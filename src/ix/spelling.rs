//! One spelling for what can be spelled in several ways: the one the router shows.
//!
//! Lines are compared by their text. Two spellings of one route or address would be two lines, of which one is entered and the
//! other taken away, and with it what both mean. So a line is brought into one spelling when it is read, and typed in it; secrets
//! and free text stay as they are. That the router takes either for one is inferred (fact sheet 6 and 8: it shows
//! `ip route default` and IPv6 addresses in their shortest form); its own form is right in any case.

use std::net::Ipv6Addr;

use super::grammar::{Arg, Captures, Row, Type};

/// The words of a line, without a leading `no`, as the router shows them; nothing where they are so already.
pub(super) fn as_shown(row: &Row, words: &[&str], captures: &Captures) -> Option<Vec<String>> {
    if row.secret.is_some() || row.has_free_text() {
        return None;
    }
    // A name may look like an address.
    let is_name =
        |arg: &Arg| matches!(arg.kind, Type::Name(_) | Type::Interface) || ["NAME", "ID"].contains(&arg.name.as_str());
    let named = |at: usize| {
        let mut args = row.args.iter().enumerate().filter(|(_, arg)| is_name(arg));
        args.any(|(index, _)| captures.range(index).is_some_and(|range| range.contains(&at)))
    };
    let mut shown: Vec<(usize, String)> =
        words.iter().enumerate().filter_map(|(at, word)| Some((at, ipv6(word).filter(|_| !named(at))?))).collect();
    let args = || row.args.iter().enumerate().filter_map(|(index, arg)| Some((arg, captures.range(index)?)));
    for (_, range) in args().filter(|(arg, _)| matches!(arg.kind, Type::Route4 | Type::Route6)) {
        let short = shown.iter().find(|(at, _)| *at == range.start).map(|(_, word)| word.as_str());
        if matches!(short.or_else(|| words.get(range.start).copied()), Some("0.0.0.0/0" | "::/0")) {
            shown.retain(|(at, _)| *at != range.start);
            shown.push((range.start, "default".to_owned()));
        }
    }
    let ports = args().find(|(arg, _)| row.vlan_group && arg.name == "PORTS").map(|(_, range)| range);
    if let Some((range, ports)) = ports.and_then(|range| Some((range.clone(), words.get(range)?)))
        && let Some(mut numbers) = ports.iter().map(|port| port.parse::<u8>().ok()).collect::<Option<Vec<u8>>>()
    {
        numbers.sort_unstable();
        shown.extend(range.zip(numbers.iter().map(u8::to_string)));
    }
    if shown.iter().all(|(at, word)| words.get(*at) == Some(&word.as_str())) {
        return None;
    }
    let mut line: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    for (at, word) in shown {
        if let Some(place) = line.get_mut(at) {
            *place = word;
        }
    }
    Some(line)
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
