//! A drawing of a box, for a person with a cable in hand: its ports by their names, and below each a letter for what it is for. Only of a
//! model whose ports a capture attests; where they are on the box is not attested, so the drawing is by name and not by place.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::dialect::model::{Model, Parts};
use crate::ix::ports::PortUse;

/// The drawing's widest line: what is indented below a heading fits a screen.
const WIDEST: usize = 76;
/// A port that is for nothing.
const FREE: &str = "-";

/// A box drawn, and which letter each interface has in it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Drawing {
    /// Its lines, all of one width.
    pub(super) lines: Vec<String>,
    /// The letters, by interface. An interface without a port of its own has none.
    pub(super) letters: BTreeMap<String, char>,
}

/// One part of the drawing: a device, and its switch ports where it has some.
struct Cell {
    device: &'static str,
    numbers: Option<RangeInclusive<u8>>,
}

/// Draws a box with what its ports are for; nothing where the model's ports are not attested, or where it would be wider than a screen.
pub(super) fn drawing(model: &Model, uses: &[PortUse]) -> Option<Drawing> {
    if !model.is_attested() {
        return None;
    }
    let devices = model.devices().iter().copied().filter(|device| device.contains("Ethernet"));
    let cells: Vec<Cell> = devices.map(|device| Cell { device, numbers: model.switch_ports(device) }).collect();
    let has_port = |port: &&PortUse| {
        Parts::of(&port.interface).is_some_and(|parts| cells.iter().any(|cell| cell.device == parts.device()))
    };
    let letters: BTreeMap<String, char> =
        uses.iter().filter(has_port).map(|port| port.interface.clone()).zip('a'..='z').collect();
    let (mut names, mut signs) = (String::from("|"), String::from("|"));
    for Cell { device, numbers } in &cells {
        names.push_str(&format!(" {device}"));
        match numbers {
            None => {
                signs.push_str(&format!(" {:<width$}", letters_at(device, None, uses, &letters), width = device.len()))
            }
            Some(numbers) => {
                names.push(' ');
                signs.push_str(&" ".repeat(device.len() + 2));
                for number in numbers.clone() {
                    let at = letters_at(device, Some(number), uses, &letters);
                    let width = at.len().max(number.to_string().len());
                    names.push_str(&format!(" {number:<width$}"));
                    signs.push_str(&format!(" {at:<width$}"));
                }
            }
        }
        names.push_str(" |");
        signs.push_str(" |");
    }
    let edge = names.chars().map(|sign| if sign == '|' { '+' } else { '-' }).collect::<String>();
    (names.len() <= WIDEST).then(|| Drawing { lines: vec![edge.clone(), names, signs, edge], letters })
}

/// The letters of what is for a port, which is a device or one of its numbers.
fn letters_at(device: &str, number: Option<u8>, uses: &[PortUse], letters: &BTreeMap<String, char>) -> String {
    let of_device = |port: &&PortUse| Parts::of(&port.interface).is_some_and(|parts| parts.device() == device);
    let in_group = |port: &PortUse| number.is_some_and(|number| has_number(port, number));
    let is_grouped = uses.iter().filter(of_device).any(in_group);
    // Ports in no group stay on the interface of the device itself (T: the vendor's construction guide and its configurations).
    let is_at = |port: &&PortUse| if is_grouped { in_group(port) } else { !is_group(port) };
    let at: String =
        uses.iter().filter(of_device).filter(is_at).filter_map(|port| letters.get(&port.interface)).collect();
    if at.is_empty() { FREE.to_owned() } else { at }
}

/// Whether an interface is that of a group of switch ports.
fn is_group(port: &PortUse) -> bool {
    Parts::of(&port.interface).is_some_and(|parts| parts.group.is_some())
}

/// Whether the switch ports of an interface, `1 2` or `1-2` as they are written, have this number.
fn has_number(port: &PortUse, number: u8) -> bool {
    let words = port.switch_ports.as_deref().unwrap_or_default();
    words.split([' ', ',']).any(|word| {
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        let ends = first.parse::<u8>().ok().zip(last.parse::<u8>().ok());
        ends.is_some_and(|(first, last)| (first..=last).contains(&number))
    })
}

#[cfg(test)]
mod tests {
    use super::drawing;
    use crate::dialect::model;
    use crate::ix::ports::PortUse;

    fn port(interface: &str, switch_ports: Option<&str>) -> PortUse {
        let switch_ports = switch_ports.map(str::to_owned);
        PortUse { interface: interface.to_owned(), switch_ports, is_on: true, ..PortUse::default() }
    }

    fn drawn(name: &str, uses: &[PortUse]) -> Option<Vec<String>> {
        drawing(model::find(name)?, uses).map(|drawing| drawing.lines)
    }

    #[test]
    fn each_port_of_an_attested_model_has_the_letters_of_what_it_is_for() {
        let uses = [
            port("GigaEthernet0.0", None),
            port("GigaEthernet0.1", None),
            port("GigaEthernet2:1.0", Some("1 2 3")),
            port("GigaEthernet2:2.0", Some("5-6")),
            port("Tunnel0.0", None),
        ];
        let expected = [
            "+---------------+---------------+--------------------------------+",
            "| GigaEthernet0 | GigaEthernet1 | GigaEthernet2  1 2 3 4 5 6 7 8 |",
            "| ab            | -             |                c c c - d d - - |",
            "+---------------+---------------+--------------------------------+",
        ];
        assert_eq!(drawn("IX2215", &uses).unwrap_or_default(), expected);
    }

    #[test]
    fn a_switch_without_groups_is_one_port_with_several_sockets() {
        let drawn = drawn("IX2215", &[port("GigaEthernet2.0", None)]).unwrap_or_default();
        assert!(drawn.get(2).is_some_and(|line| line.ends_with("a a a a a a a a |")), "{drawn:#?}");
    }

    #[test]
    fn a_model_whose_ports_no_capture_attests_is_not_drawn() {
        assert_eq!(drawn("IX2105", &[port("GigaEthernet0.0", None)]), None);
        assert_eq!(drawn("IX-R2530", &[]), None);
    }
}
