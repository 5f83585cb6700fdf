//! The hardware: which interfaces and switch ports a model has, and what an unconfigured one shows.
//!
//! Only the IX2215 is attested by a capture (10.7.18, unconfigured); for the others what is unknown is marked as unknown.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::Dialect;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Whether a model has an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It has it, or has it once the configuration makes it (tunnels, subinterfaces, groups of switch ports).
    Present,
    /// It does not have it.
    Absent,
    /// No one has seen a capture of this model: it may.
    Unattested,
}

/// The family of series that a model belongs to: it decides the dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// IX2000 and IX3000 series.
    Ix,
    /// IX-R and IX-V series: the same two modes and lock, with commands moved or renamed (`grammar/ix-r.ixg`).
    IxR,
}

/// A model.
#[derive(Debug, PartialEq, Eq)]
pub struct Model {
    /// Its name, such as `IX2215`.
    pub name: &'static str,
    family: Family,
    attested: bool,
    interfaces: &'static [&'static str],
    devices: &'static [&'static str],
    switches: &'static [(&'static str, RangeInclusive<u8>)],
    factory: Option<&'static str>,
}

/// By its name.
impl Serialize for Model {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

/// By its name; one that no version knows is an error.
impl<'de> Deserialize<'de> for &'static Model {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        find(&name).ok_or_else(|| D::Error::custom(format!("no model is called {name}")))
    }
}

const FACTORY_IX2215: &str = "\
timezone +09 00
!
device GigaEthernet0
!
device GigaEthernet1
!
device GigaEthernet2
!
device BRI0
  isdn switch-type hsd128k
!
device USB0
  shutdown
!
interface GigaEthernet0.0
  no ip address
  shutdown
!
interface GigaEthernet1.0
  no ip address
  shutdown
!
interface GigaEthernet2.0
  no ip address
  shutdown
!
interface BRI0.0
  encapsulation ppp
  no auto-connect
  no ip address
  shutdown
!
interface USB-Serial0.0
  encapsulation ppp
  no auto-connect
  no ip address
  shutdown
!
interface Loopback0.0
  no ip address
!
interface Null0.0
  no ip address
!
";

const fn named(name: &'static str, family: Family) -> Model {
    Model { name, family, attested: false, interfaces: &[], devices: &[], switches: &[], factory: None }
}

static MODELS: [Model; 17] = [
    Model {
        name: "IX2215",
        family: Family::Ix,
        attested: true,
        interfaces: &[
            "GigaEthernet0.0",
            "GigaEthernet1.0",
            "GigaEthernet2.0",
            "BRI0.0",
            "USB-Serial0.0",
            "Loopback0.0",
            "Null0.0",
        ],
        devices: &["GigaEthernet0", "GigaEthernet1", "GigaEthernet2", "BRI0", "USB0"],
        // A startup display groups ports 1 to 8 of the third device.
        switches: &[("GigaEthernet2", 1..=8)],
        factory: Some(FACTORY_IX2215),
    },
    // A 10.2.16 display of an IX2105 shows these, but not whether they are all.
    Model {
        interfaces: &["GigaEthernet0.0", "GigaEthernet1.0", "Loopback0.0", "Null0.0"],
        devices: &["GigaEthernet0", "GigaEthernet1"],
        ..named("IX2105", Family::Ix)
    },
    named("IX2010", Family::Ix),
    named("IX2015", Family::Ix),
    named("IX2025", Family::Ix),
    named("IX2106", Family::Ix),
    named("IX2107", Family::Ix),
    named("IX2207", Family::Ix),
    named("IX2235", Family::Ix),
    named("IX2310", Family::Ix),
    named("IX3110", Family::Ix),
    named("IX3315", Family::Ix),
    named("IX-R2510", Family::IxR),
    named("IX-R2520", Family::IxR),
    named("IX-R2530", Family::IxR),
    named("IX-R2610-4G", Family::IxR),
    named("IX-V100", Family::IxR),
];

/// Every model known by name.
pub fn all() -> &'static [Model] {
    &MODELS
}

/// The model of that name, upper or lower case.
pub fn find(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.name.eq_ignore_ascii_case(name))
}

/// The dialect of the model of that name. Where no model has it, which is refused elsewhere: what any dialect has.
pub fn dialect_of(name: &str) -> &'static Arc<Dialect> {
    find(name).map_or_else(Dialect::any, Model::dialect)
}

impl Model {
    /// The dialect it speaks.
    pub fn dialect(&self) -> &'static Arc<Dialect> {
        match self.family {
            Family::Ix => Dialect::ix(),
            Family::IxR => Dialect::ix_r(),
        }
    }

    /// Whether the model has an interface, or can be given it by configuration.
    pub fn interface(&self, name: &str) -> Presence {
        if self.interfaces.contains(&name) {
            return Presence::Present;
        }
        // An unknown kind of interface may be one of a box that no one has seen.
        let Some(parts) = Parts::of(name) else {
            return if self.attested { Presence::Absent } else { Presence::Unattested };
        };
        let device_known = self.devices.contains(&parts.device().as_str());
        let made = match parts.kind {
            // `Loopback1.0` and `Null1.0` are in the display of an IX2215 (10.10.29, T).
            "Tunnel" | "Loopback" | "Null" => parts.sub == Some(0) && parts.group.is_none(),
            "BVI" => parts.sub.is_none() && parts.group.is_none(),
            "GigaEthernet" | "FastEthernet" | "TenGigaEthernet" => match parts.group {
                Some(_) => device_known && self.switch_ports(&parts.device()).is_some() && parts.sub.is_some(),
                None => device_known && parts.sub.is_some_and(|sub| sub > 0),
            },
            _ => false,
        };
        // It comes with a card in the USB port (I), which no capture shows.
        let card = parts.kind == "MobileEthernet";
        match (made, self.attested && !card) {
            (true, _) => Presence::Present,
            (false, true) => Presence::Absent,
            (false, false) => Presence::Unattested,
        }
    }

    /// Whether the model has a device.
    pub fn device(&self, name: &str) -> Presence {
        match (self.devices.contains(&name), self.attested) {
            (true, _) => Presence::Present,
            (false, true) => Presence::Absent,
            (false, false) => Presence::Unattested,
        }
    }

    /// The devices it is known to have.
    pub fn devices(&self) -> &'static [&'static str] {
        self.devices
    }

    /// The switch ports of a device that can be grouped, where attested.
    pub fn switch_ports(&self, device: &str) -> Option<RangeInclusive<u8>> {
        self.switches.iter().find(|(name, _)| *name == device).map(|(_, ports)| ports.clone())
    }

    /// The running configuration of an unconfigured one, where attested.
    pub fn factory(&self) -> Option<&'static str> {
        self.factory
    }

    /// Whether its interfaces and factory lines come from a capture of that model.
    pub fn is_attested(&self) -> bool {
        self.attested
    }

    /// The interfaces it is known to have, whatever its configuration.
    pub fn interfaces(&self) -> &'static [&'static str] {
        self.interfaces
    }
}

/// An interface name taken apart: `GigaEthernet2:1.0` is device 2 of its kind, group 1, subinterface 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts<'a> {
    /// `GigaEthernet`, `Tunnel`, `BVI`...
    pub kind: &'a str,
    /// What precedes the group: `2`, or `0/1` on old models.
    pub unit: &'a str,
    /// The group of switch ports.
    pub group: Option<u32>,
    /// The subinterface; a BVI and a device have none.
    pub sub: Option<u32>,
}

const KINDS: [&str; 12] = [
    "GigaEthernet",
    "FastEthernet",
    "TenGigaEthernet",
    "BRI",
    "PRI",
    "Serial",
    "USB-Serial",
    "MobileEthernet",
    "BVI",
    "Loopback",
    "Null",
    "Tunnel",
];

impl<'a> Parts<'a> {
    /// Takes a name apart; nothing if it is not the name of an interface or device.
    pub fn of(name: &'a str) -> Option<Self> {
        let kind = KINDS.iter().filter(|kind| name.starts_with(**kind)).max_by_key(|kind| kind.len())?;
        let rest = name.get(kind.len()..)?;
        let (rest, sub) = match rest.split_once('.') {
            Some((rest, sub)) => (rest, Some(digits(sub)?)),
            None => (rest, None),
        };
        let (unit, group) = match rest.split_once(':') {
            Some((unit, group)) => (unit, Some(digits(group)?)),
            None => (rest, None),
        };
        let sound = !unit.is_empty() && unit.split('/').all(|part| digits(part).is_some());
        sound.then_some(Self { kind: name.get(..kind.len())?, unit, group, sub })
    }

    /// The device it is part of: `GigaEthernet2`.
    pub fn device(&self) -> String {
        format!("{}{}", self.kind, self.unit)
    }

    /// Whether it comes into being and goes with its own configuration (a tunnel, a BVI, a subinterface).
    pub fn is_made(&self) -> bool {
        matches!(self.kind, "Tunnel" | "BVI")
            || (self.kind == "Loopback" && self.unit != "0")
            || self.sub.is_some_and(|sub| sub > 0)
    }
}

fn digits(text: &str) -> Option<u32> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Whether a word can be the name of an interface.
pub fn looks_like_interface(word: &str) -> bool {
    Parts::of(word).is_some()
}

/// The name of an interface or device written out, where the word is one whose kind may be cut short or in other letters.
pub fn whole_name(word: &str) -> Option<String> {
    let end =
        word.find(|character: char| !character.is_ascii_alphabetic() && character != '-').filter(|end| *end > 0)?;
    let (kind, rest) = word.split_at(end);
    let begins = |whole: &&&str| whole.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind));
    // A device has a kind of its own where its interfaces are called otherwise.
    let mut exact = KINDS.iter().chain(&["USB"]).filter(|whole| whole.eq_ignore_ascii_case(kind));
    let mut fitting = KINDS.iter().filter(begins);
    let whole = exact.next().or_else(|| fitting.next().filter(|_| fitting.next().is_none()))?;
    let name = format!("{whole}{rest}");
    (*whole == "USB" || looks_like_interface(&name)).then_some(name)
}

/// The order in which the router shows interfaces (fact sheet 6): those of the box, its groups and subinterfaces, BVI, Loopback,
/// Null, Tunnel.
pub(crate) fn interface_order(name: &str) -> (u64, u64, u64) {
    let Some(parts) = Parts::of(name) else { return (9, 0, 0) };
    let kind = KINDS.iter().position(|kind| *kind == parts.kind).unwrap_or(KINDS.len()) as u64;
    let unit = parts.unit.split('/').fold(0_u64, |unit, part| unit * 1000 + u64::from(digits(part).unwrap_or(0)));
    let sub = u64::from(parts.sub.unwrap_or(0));
    let class = match parts.kind {
        "BVI" => 2,
        "Loopback" => 3,
        "Null" => 4,
        "Tunnel" => 5,
        _ if parts.group.is_some() || sub > 0 => 1,
        _ => 0,
    };
    (class, kind * 1_000_000_000 + unit * 100_000 + parts.group.map_or(0, |group| u64::from(group) + 1), sub)
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at once")]
mod tests {
    use super::{Presence, find};

    #[test]
    fn the_ix2215_is_known() {
        let model = find("ix2215").expect("known");
        for (name, presence) in [
            ("GigaEthernet0.0", Presence::Present),
            ("GigaEthernet2:1.0", Presence::Present),
            ("GigaEthernet2:1.3", Presence::Present),
            ("GigaEthernet1.4", Presence::Present),
            ("GigaEthernet1:1.0", Presence::Absent),
            ("GigaEthernet3.0", Presence::Absent),
            ("Tunnel0.0", Presence::Present),
            ("Null1.0", Presence::Present),
            ("MobileEthernet0.0", Presence::Unattested),
            ("BVI1", Presence::Present),
            ("FastEthernet0/0.0", Presence::Absent),
            ("gigaethernet0.0", Presence::Absent),
            ("GigaEthernet", Presence::Absent),
        ] {
            assert_eq!(model.interface(name), presence, "{name}");
        }
        assert_eq!(model.switch_ports("GigaEthernet2"), Some(1..=8));
        for name in ["IX2207", "IX2025", "IX-R2610-4G"] {
            assert_eq!(
                find(name).map(|model| model.interface("GigaEthernet3.0")),
                Some(Presence::Unattested),
                "{name}"
            );
        }
    }
}
