//! The types a role's variables can have, and what each allows. A value that passes is safe in the place the type is meant
//! for; `guard` proves it again on the rendered lines.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use crate::message::Wording;

use super::finding::Misfit;

/// The type of a single value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// One word of printable ASCII.
    String,
    /// Words, to the end of a line: a description.
    Text,
    /// One of the declared choices.
    Enum,
    /// An IPv4 or IPv6 address.
    Address,
    /// An IPv4 address.
    Ipv4Address,
    /// An IPv6 address.
    Ipv6Address,
    /// A network, IPv4 or IPv6, without host bits.
    Prefix,
    /// An IPv4 network.
    Ipv4Prefix,
    /// An IPv6 network.
    Ipv6Prefix,
    /// A host's IPv4 address with its prefix length, as `ip address` takes it.
    Ipv4Interface,
    /// The name of an interface.
    Interface,
    /// The number of a switch port.
    Port,
    /// A domain name; `*` in front matches anything, as in a url-list.
    Domain,
    /// The name of a declared credential.
    Credential,
}

const NAMES: [(ValueType, &str); 16] = [
    (ValueType::Bool, "bool"),
    (ValueType::Integer, "integer"),
    (ValueType::String, "string"),
    (ValueType::Text, "text"),
    (ValueType::Enum, "enum"),
    (ValueType::Address, "address"),
    (ValueType::Ipv4Address, "ipv4-address"),
    (ValueType::Ipv6Address, "ipv6-address"),
    (ValueType::Prefix, "prefix"),
    (ValueType::Ipv4Prefix, "ipv4-prefix"),
    (ValueType::Ipv6Prefix, "ipv6-prefix"),
    (ValueType::Ipv4Interface, "ipv4-interface"),
    (ValueType::Interface, "interface"),
    (ValueType::Port, "port"),
    (ValueType::Domain, "domain"),
    (ValueType::Credential, "credential"),
];

impl ValueType {
    /// The type of a name such as `ipv6-prefix`; with `-list` at its end, a list of it.
    pub fn parse(name: &str) -> Option<(Self, bool)> {
        let (single, list) = name.strip_suffix("-list").map_or((name, false), |single| (single, true));
        let kind = NAMES.iter().find(|(_, n)| *n == single).map(|(kind, _)| *kind)?;
        (!list || !matches!(kind, Self::Bool | Self::Text)).then_some((kind, list))
    }

    /// The name in a role file.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// Every name, for suggestions.
    pub fn names() -> impl Iterator<Item = &'static str> + Clone {
        NAMES.iter().map(|(_, name)| *name)
    }

    /// Whether a value of this type can hold nothing but what its own syntax allows, so that it cannot act as anything else.
    pub(super) fn is_strict(self) -> bool {
        !matches!(self, Self::String | Self::Text | Self::Domain)
    }

    /// Checks a text that is to be of this type; choices, bounds, models and credentials are checked by the declaration.
    /// Gives the text as it goes into the line: addresses in the one form in which a router shows them, or the line would never
    /// be found again.
    pub(super) fn check(self, text: &str) -> Result<String, Misfit> {
        if let Some(c) = text.chars().find(|c| !c.is_ascii() || c.is_ascii_control()) {
            return Err(Misfit::not_ascii(text, c));
        }
        match self {
            Self::Bool | Self::Integer | Self::Enum | Self::Credential => Ok(text.to_owned()),
            Self::String => word(text).map(str::to_owned),
            Self::Text => words(text),
            Self::Address => address(text, Wording::new("an address", "アドレス"), |_| true),
            Self::Ipv4Address => address(text, Wording::new("an IPv4 address", "IPv4 アドレス"), |a| a.is_ipv4()),
            Self::Ipv6Address => address(text, Wording::new("an IPv6 address", "IPv6 アドレス"), |a| a.is_ipv6()),
            Self::Prefix => prefix(text, Wording::new("a network prefix", "ネットワーク"), |_| true),
            Self::Ipv4Prefix => {
                prefix(text, Wording::new("an IPv4 prefix", "IPv4 ネットワーク"), |p| matches!(p, IpNet::V4(_)))
            }
            Self::Ipv6Prefix => prefix(text, Wording::new("an IPv6 prefix", "IPv6 プレフィックス"), |p| {
                matches!(p, IpNet::V6(_))
            }),
            Self::Ipv4Interface => ipv4_interface(text),
            Self::Interface => interface(text),
            Self::Port => match text.parse::<u8>() {
                Ok(port) if (1..=64).contains(&port) && !text.starts_with('0') => Ok(text.to_owned()),
                _ => Err(Misfit::NoPort { text: text.to_owned() }),
            },
            Self::Domain => domain(text),
        }
    }
}

fn word(text: &str) -> Result<&str, Misfit> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(text);
    }
    Err(Misfit::NoWord { text: text.to_owned() })
}

fn words(text: &str) -> Result<String, Misfit> {
    if text.is_empty() || text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
        return Err(Misfit::Blanks);
    }
    Ok(text.to_owned())
}

fn address(text: &str, wanted: Wording, right: impl Fn(&IpAddr) -> bool) -> Result<String, Misfit> {
    let address = text.parse::<IpAddr>().ok().filter(|a| right(a));
    address.map(|a| a.to_string()).ok_or_else(|| Misfit::NoAddress { text: text.to_owned(), wanted })
}

fn prefix(text: &str, wanted: Wording, right: impl Fn(&IpNet) -> bool) -> Result<String, Misfit> {
    let parsed = text.parse::<IpNet>().ok().filter(|p| right(p));
    let text = text.to_owned();
    let Some(net) = parsed else {
        let length = text.parse::<IpAddr>().ok().map(|address| if address.is_ipv4() { "/32" } else { "/128" });
        let longest = longest(&text);
        return Err(Misfit::NoPrefix { text, wanted, length, longest });
    };
    if net.addr() != net.network() {
        return Err(Misfit::HostBits { text, network: net.trunc().to_string() });
    }
    Ok(net.to_string())
}

/// The longest prefix length of an address behind which something else is.
fn longest(text: &str) -> Option<u8> {
    let (address, length) = text.split_once('/')?;
    let most = if address.parse::<IpAddr>().ok()?.is_ipv4() { 32 } else { 128 };
    length.parse::<u8>().ok().is_none_or(|length| length > most).then_some(most)
}

fn ipv4_interface(text: &str) -> Result<String, Misfit> {
    let Ok(net) = text.parse::<Ipv4Net>() else {
        let address = text.parse::<Ipv4Addr>().is_ok();
        let longest = longest(text).filter(|most| *most == 32);
        return Err(Misfit::NoInterfaceAddress { text: text.to_owned(), address, longest });
    };
    let reserved = net.prefix_len() < 31 && (net.addr() == net.network() || net.addr() == net.broadcast());
    if reserved || net.prefix_len() == 0 || net.addr().is_unspecified() || net.addr().is_multicast() {
        return Err(Misfit::NetworkAddress { text: text.to_owned() });
    }
    Ok(net.to_string())
}

/// `GigaEthernet0.0`, `GigaEthernet2:1.0`, `Tunnel0.0`, `BVI1`: a name, a number, and optional group and unit.
fn interface(text: &str) -> Result<String, Misfit> {
    let letters = text.find(|c: char| !(c.is_ascii_alphabetic() || c == '-')).unwrap_or(text.len());
    let (name, rest) = text.split_at(letters);
    let numbers = rest.split(['.', ':', '/']).all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if !name.is_empty() && numbers && text.len() <= 32 {
        return Ok(text.to_owned());
    }
    Err(Misfit::NoInterface { text: text.to_owned() })
}

fn domain(text: &str) -> Result<String, Misfit> {
    let name = text.strip_prefix('*').unwrap_or(text);
    let name = name.strip_prefix('.').unwrap_or(name);
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if text.len() <= 253 && name.contains('.') && name.split('.').all(label) {
        return Ok(text.to_owned());
    }
    Err(Misfit::NoDomain { text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::message::Explain;

    fn verdicts(kind: ValueType, texts: &[&str]) -> String {
        texts.iter().map(|t| if kind.check(t).is_ok() { '+' } else { '-' }).collect()
    }

    #[test]
    fn each_type_takes_what_it_means() {
        for (kind, texts, expected) in [
            (ValueType::String, &["a", "a.b-c", "", "a b", "a\tb", "é"][..], "++----"),
            (ValueType::Text, &["## WAN ##", "one", "", " a", "a  b", "a\nb"], "++----"),
            (ValueType::Address, &["192.0.2.1", "2001:db8::1", "192.0.2.1/24", "192.0.2.256"], "++--"),
            (ValueType::Ipv6Address, &["2001:db8::53:1", "192.0.2.1"], "+-"),
            (
                ValueType::Ipv4Prefix,
                &["192.0.2.0/24", "192.0.2.1/32", "192.0.2.1/24", "192.0.2.1", "2001:db8::/32"],
                "++---",
            ),
            (ValueType::Ipv6Prefix, &["2001:db8::/32", "::/0", "2001:db8::1/32", "192.0.2.0/24"], "++--"),
            (
                ValueType::Ipv4Interface,
                &["192.168.1.254/24", "192.0.2.0/31", "192.168.1.0/24", "192.168.1.255/24", "192.168.1.1"],
                "++---",
            ),
            (
                ValueType::Interface,
                &[
                    "GigaEthernet0.0",
                    "GigaEthernet2:1.0",
                    "BVI1",
                    "USB-Serial0.0",
                    "GigaEthernet",
                    "0.0",
                    "Giga 0.0",
                    "G0.0..",
                ],
                "++++----",
            ),
            (ValueType::Port, &["1", "8", "0", "08", "65", "x"], "++----"),
            (
                ValueType::Domain,
                &["*onshikaku.org", "base.oqs-pdl.org", "*.example.jp", "*", "jp", "a b.jp", "a..jp"],
                "+++----",
            ),
        ] {
            assert_eq!(verdicts(kind, texts), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_value_goes_into_the_line_in_the_one_form_that_comes_back() {
        for (kind, text, line) in [
            (ValueType::Address, "2001:0DB8:0:0::1", "2001:db8::1"),
            (ValueType::Address, "192.0.2.1", "192.0.2.1"),
            (ValueType::Ipv6Address, "2001:DB8::53:0001", "2001:db8::53:1"),
            (ValueType::Ipv4Address, "192.0.2.1", "192.0.2.1"),
            (ValueType::Prefix, "2001:0DB8::/32", "2001:db8::/32"),
            (ValueType::Prefix, "192.0.2.0/24", "192.0.2.0/24"),
            (ValueType::Ipv6Prefix, "2001:DB8:0:0::/48", "2001:db8::/48"),
            (ValueType::Ipv4Prefix, "0.0.0.0/0", "0.0.0.0/0"),
            (ValueType::Ipv4Interface, "192.168.1.254/24", "192.168.1.254/24"),
            (ValueType::Interface, "GigaEthernet0.0", "GigaEthernet0.0"),
            (ValueType::Port, "8", "8"),
            (ValueType::String, "2001:DB8::", "2001:DB8::"),
        ] {
            assert_eq!(kind.check(text).ok().as_deref(), Some(line), "{kind:?} {text}");
        }
    }

    #[test]
    fn a_slip_gets_a_proposal() {
        let hint = |kind: ValueType, text| kind.check(text).unwrap_err().hints().into_iter().next().map(|hint| hint.en);
        assert_eq!(hint(ValueType::Ipv4Prefix, "192.168.1.1/24").as_deref(), Some("did you mean `192.168.1.0/24`?"));
        assert_eq!(
            hint(ValueType::Prefix, "2001:db8::1").as_deref(),
            Some("for this one address write `2001:db8::1/128`")
        );
        assert_eq!(hint(ValueType::Ipv4Interface, "192.168.1.1").as_deref(), Some("such as `192.168.1.1/24`"));
        let length = |least: u8, most: u8| {
            Some(format!("a prefix length behind this address is a number from {least} to {most}"))
        };
        assert_eq!(hint(ValueType::Ipv4Interface, "192.168.1.1/33"), length(1, 32));
        assert_eq!(hint(ValueType::Prefix, "2001:db8::/129"), length(0, 128));
        assert_eq!(hint(ValueType::Ipv4Prefix, "192.168.1.0/255.255.255.0"), length(0, 32));
        assert_eq!(hint(ValueType::Ipv4Prefix, "2001:db8::/32"), None, "its length is not what is wrong");
    }

    #[test]
    fn a_character_that_no_router_takes_is_shown_as_it_is_with_what_to_write() {
        let said = |text: &str| {
            let misfit = ValueType::Text.check(text).unwrap_err();
            (misfit.text().ja, misfit.hints().into_iter().map(|hint| hint.ja).collect::<Vec<_>>().join("\n"))
        };
        let (wide, remedy) = said("192.0.2.１/29");
        assert!(wide.contains("`１`"), "{wide}");
        assert_eq!(remedy, "全角の文字または空白が含まれています。半角で `192.0.2.1/29` と書いてください");
        for text in ["佐藤医院", "佐藤１", "é"] {
            let (letter, remedy) = said(text);
            assert!(letter.contains(text.chars().next().unwrap()), "{letter}");
            assert_eq!(remedy, "半角の英数字と記号で書いてください", "{text}");
        }
        let (key, remedy) = said("a\u{1b}[2J");
        assert!(key.contains("`\\u{1b}`"), "{key}");
        assert_eq!(remedy, "値からその文字を取り除いてください");
    }

    #[test]
    fn the_schema_for_editors_lists_the_same_types() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/role.schema.json");
        let schema: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let listed = &schema["properties"]["variables"]["additionalProperties"]["properties"]["type"]["enum"];
        let listed: Vec<&str> = listed.as_array().unwrap().iter().filter_map(|t| t.as_str()).collect();
        let lists =
            ValueType::names().map(|name| format!("{name}-list")).filter(|name| ValueType::parse(name).is_some());
        let known: Vec<String> = ValueType::names().map(str::to_owned).chain(lists).collect();
        assert_eq!(listed, known);
    }

    #[test]
    fn type_names_lead_to_types() {
        assert_eq!(ValueType::parse("ipv6-prefix-list"), Some((ValueType::Ipv6Prefix, true)));
        assert_eq!(ValueType::parse("bool"), Some((ValueType::Bool, false)));
        assert_eq!(ValueType::parse("text-list"), None);
        assert_eq!(ValueType::parse("adress"), None);
    }
}
