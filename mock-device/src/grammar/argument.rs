//! The argument kinds of the command grammar: what a word must look like, and the form the router prints it in.
//!
//! Judges single words only; it knows no command and no router state.

use std::net::{Ipv4Addr, Ipv6Addr};

/// What a word in argument position must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// Any word of at most this many bytes.
    Word(usize),
    /// A decimal number in an inclusive range.
    Number(u64, u64),
    /// An IPv4 address.
    Ip4,
    /// An IPv4 prefix, `192.168.1.0/24`.
    Prefix4,
    /// An IPv6 address.
    Ip6,
    /// An IPv6 prefix, `2001:db8::/32`.
    Prefix6,
    /// An interface name with its subinterface number, `GigaEthernet2:1.0`.
    Interface,
    /// A device name, `GigaEthernet2`.
    Device,
    /// Everything to the end of the line, one word at a time.
    Rest,
}

impl Argument {
    /// The printed form of a word, or nothing when the word does not fit.
    pub fn accept(self, word: &str) -> Option<String> {
        match self {
            Self::Word(longest) => (word.len() <= longest).then(|| word.to_owned()),
            Self::Number(low, high) => {
                if !word.bytes().all(|b| b.is_ascii_digit()) {
                    return None;
                }
                let number: u64 = word.parse().ok()?;
                (low..=high).contains(&number).then(|| number.to_string())
            }
            Self::Ip4 => Some(word.parse::<Ipv4Addr>().ok()?.to_string()),
            Self::Ip6 => Some(word.parse::<Ipv6Addr>().ok()?.to_string()),
            Self::Prefix4 => {
                let (address, length) = prefix(word, 32)?;
                Some(format!("{}/{length}", address.parse::<Ipv4Addr>().ok()?))
            }
            Self::Prefix6 => {
                let (address, length) = prefix(word, 128)?;
                Some(format!("{}/{length}", address.parse::<Ipv6Addr>().ok()?))
            }
            Self::Interface => port_name(word).filter(|name| name.contains('.') || name.starts_with("BVI")),
            Self::Device => port_name(word).filter(|name| !name.contains('.') && !name.contains(':')),
            Self::Rest => Some(word.to_owned()),
        }
    }

    /// Whether the word is a number, and only too small or too large.
    pub fn is_exceeded_by(self, word: &str) -> bool {
        matches!(self, Self::Number(..)) && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// How specific the kind is: when several fit a word, the lowest wins.
    pub fn looseness(self) -> u8 {
        match self {
            Self::Word(_) => 2,
            Self::Rest => 4,
            _ => 1,
        }
    }
}

fn prefix(word: &str, longest: u8) -> Option<(&str, u8)> {
    let (address, length) = word.split_once('/')?;
    let length: u8 = length.parse().ok()?;
    (length <= longest).then_some((address, length))
}

const TYPES: [&str; 8] = ["BRI", "BVI", "FastEthernet", "GigaEthernet", "Loopback", "Null", "Tunnel", "USB-Serial"];

/// The full name of an interface or device from an abbreviation such as `gi0.0`; only the type name may be shortened.
fn port_name(word: &str) -> Option<String> {
    let at = word.find(|c: char| c.is_ascii_digit())?;
    let (typed, numbers) = word.split_at_checked(at)?;
    if typed.is_empty() {
        return None;
    }
    let low = typed.to_ascii_lowercase();
    let mut fits = TYPES.iter().chain(["USB"].iter()).filter(|name| name.to_ascii_lowercase().starts_with(&low));
    let exact = TYPES.iter().chain(["USB"].iter()).find(|name| name.eq_ignore_ascii_case(typed));
    let full = match (exact, fits.next(), fits.next()) {
        (Some(name), ..) | (None, Some(name), None) => *name,
        _ => return None,
    };
    let well_formed = !numbers.is_empty()
        && numbers.split(['.', ':', '/']).all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        && numbers.matches('.').count() <= 1
        && numbers.matches(':').count() <= 1;
    well_formed.then(|| format!("{full}{numbers}"))
}

#[cfg(test)]
mod tests {
    use super::Argument;

    #[test]
    fn names_of_interfaces_may_be_shortened() {
        for (typed, full) in [
            ("gi0.0", Some("GigaEthernet0.0")),
            ("GigaEthernet2:1.0", Some("GigaEthernet2:1.0")),
            ("usb-s0.0", Some("USB-Serial0.0")),
            ("BVI1", Some("BVI1")),
            ("b0.0", None),
            ("GigaEthernet2", None),
            ("GigaEthernet2..0", None),
            ("0.0", None),
        ] {
            assert_eq!(Argument::Interface.accept(typed).as_deref(), full, "{typed}");
        }
        assert_eq!(Argument::Device.accept("USB0").as_deref(), Some("USB0"));
        assert_eq!(Argument::Device.accept("gi2").as_deref(), Some("GigaEthernet2"));
    }

    #[test]
    fn addresses_are_checked_and_printed_in_short_form() {
        assert_eq!(Argument::Prefix6.accept("2001:db8:0:0::/32").as_deref(), Some("2001:db8::/32"));
        assert_eq!(Argument::Prefix4.accept("10.0.0.0/33"), None);
        assert_eq!(Argument::Ip4.accept("10.0.0.256"), None);
        assert_eq!(Argument::Number(1, 254).accept("255"), None);
        assert_eq!(Argument::Word(3).accept("abcd"), None);
    }
}
