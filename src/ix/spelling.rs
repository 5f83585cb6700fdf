//! One spelling for what can be spelled in several ways: the one the router shows.
//!
//! Lines are compared by their text. If one route or address had two spellings, we would enter one
//! line and remove the other, and the route would be gone. So a line is brought into one spelling when it is read, and typed in it; secrets
//! and free text stay as they are. That the router takes either for one is inferred (fact sheet 6 and 8: it shows `ip route
//! default` and IPv6 addresses in their shortest form; and MAC addresses with colons); its own form is right in any case.

use std::net::Ipv6Addr;

use crate::dialect::grammar::{Arg, Captures, Row, Type};

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
    if row.macs {
        shown.extend(words.iter().enumerate().filter_map(|(at, word)| Some((at, mac(word).filter(|_| !named(at))?))));
    }
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

/// A MAC address in the form of every display of the router (fact sheet 8): six groups of two small digits with colons.
fn mac(word: &str) -> Option<String> {
    let separator = word.chars().find(|character| !character.is_ascii_hexdigit());
    let groups: Vec<&str> = separator.map_or_else(|| vec![word], |separator| word.split(separator).collect());
    let width = match (groups.len(), separator) {
        (6, Some(':' | '-')) => 2,
        (3, Some('.' | ':' | '-')) => 4,
        (1, None) => 12,
        _ => return None,
    };
    let digits = |group: &&str| group.len() == width && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !groups.iter().all(digits) {
        return None;
    }
    let digits = groups.concat().to_ascii_lowercase();
    let pairs: Vec<&str> = (0..6).filter_map(|pair| digits.get(2 * pair..2 * pair + 2)).collect();
    Some(pairs.join(":"))
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

#[cfg(test)]
mod tests {
    use super::mac;

    #[test]
    fn a_mac_address_has_one_spelling() {
        for word in ["00:1A:22:33:44:5f", "00-1a-22-33-44-5F", "001a.2233.445f", "001a-2233-445f", "001a2233445f"] {
            assert_eq!(mac(word).as_deref(), Some("00:1a:22:33:44:5f"), "{word}");
        }
        for word in
            ["00:1a:22:33:44", "00:1a:22:33:44:5f:00", "00:1a:22:33:44:5g", "192.0.2.1", "any", "2001:db8::1", ""]
        {
            assert_eq!(mac(word), None, "{word}");
        }
    }
}
