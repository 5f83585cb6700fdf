//! Which interface of a configuration is for what, and whether a cable answers there: for a person with a cable in hand. Reads a tree and
//! displays, and judges nothing.

use super::Config;
use super::display::{Display, Kind};

/// One interface as it is configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortUse {
    /// Its name: `GigaEthernet0.0`.
    pub interface: String,
    /// The ports of the switch that lead to it, as they are written; nothing where it has a port of its own.
    pub switch_ports: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// What is configured on it that says what it is for: addresses, bridges, clients.
    pub lines: Vec<String>,
    /// It is switched on.
    pub is_on: bool,
}

/// What is at the other end of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Something answers there.
    Up,
    /// Nothing does: no cable, or nothing switched on behind it.
    Down,
    /// The interface is shut.
    Shut,
}

/// An interface, and what is at its other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenLink {
    /// Its name.
    pub interface: String,
    /// What is there.
    pub link: Link,
}

/// The links that the answer of a command tells; none where it is no display of interfaces.
pub fn seen_links(command: &str, answer: &str) -> Vec<SeenLink> {
    let kind = Kind::of_command(command);
    let kind = kind.filter(|kind| matches!(kind, Kind::Interfaces | Kind::IpInterface | Kind::IpAddress));
    let Some(kind) = kind else { return Vec::new() };
    let display = Display::read(kind, answer);
    let states = display.items().iter().filter(|item| item.field == "state");
    let links = states.filter_map(|item| {
        let link = match item.value.as_str() {
            "up" => Link::Up,
            "down" => Link::Down,
            "administratively down" => Link::Shut,
            _ => return None,
        };
        Some(SeenLink { interface: item.of.clone(), link })
    });
    links.collect()
}

/// How lines begin that say what an interface is for.
const TELLING: [&str; 5] = ["ip address ", "ipv6 dhcp client ", "ipv6 nd ra ", "bridge-group ", "ppp binding "];

/// Every interface that is on, or is configured for something, in the order of the configuration.
pub fn port_uses(config: &Config) -> Vec<PortUse> {
    let interfaces = config.nodes.iter().filter(|node| node.context() == "interface");
    let uses = interfaces.filter_map(|node| {
        let interface = node.arg("IF")?.to_owned();
        let mut port = PortUse { switch_ports: switch_ports(config, &interface), interface, ..PortUse::default() };
        for line in node.children.iter() {
            let text: &str = &line.text;
            if let Some(words) = text.strip_prefix("description ") {
                port.description = Some(words.trim_matches('"').to_owned());
            } else if text == "no shutdown" {
                port.is_on = true;
            } else if TELLING.iter().any(|start| text.starts_with(start)) {
                port.lines.push(text.to_owned());
            }
        }
        (port.is_on || port.description.is_some() || !port.lines.is_empty()).then_some(port)
    });
    uses.collect()
}

/// The ports of the group behind `GigaEthernet2:1.0`, in the words of its device block.
fn switch_ports(config: &Config, interface: &str) -> Option<String> {
    let (device, group) = interface.split_once(':')?;
    let group = group.split('.').next()?;
    let is_device = |text: &str| text.strip_prefix("device ").is_some_and(|name| name == device);
    let block = config.nodes.iter().find(|node| is_device(&node.text))?;
    let start = format!("vlan-group {group} port ");
    block.children.iter().find_map(|line| line.text.strip_prefix(&start).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::{Link, SeenLink, port_uses, seen_links};
    use crate::dialect::Dialect;
    use crate::ix::Config;

    #[test]
    fn an_interface_is_told_by_its_ports_its_words_and_what_is_on_it() {
        let text = "device GigaEthernet2\n  vlan-group 1 port 1 2 3\n!\ninterface GigaEthernet0.0\n  description WAN\n  ip address dhcp\n  no shutdown\n!\n\
            interface GigaEthernet2:1.0\n  ip address 192.168.0.1/24\n  no shutdown\n!\ninterface GigaEthernet1.0\n  shutdown\n!\n";
        let uses = port_uses(&Config::parse(Dialect::ix(), text));
        let shown: Vec<_> = uses.iter().map(|port| (port.interface.as_str(), port.switch_ports.as_deref())).collect();
        assert_eq!(shown, [("GigaEthernet0.0", None), ("GigaEthernet2:1.0", Some("1 2 3"))]);
        let first = uses.first().cloned().unwrap_or_default();
        assert_eq!((first.description.as_deref(), first.is_on), (Some("WAN"), true));
        assert_eq!(first.lines, ["ip address dhcp"]);
    }

    #[test]
    fn a_display_of_interfaces_tells_which_have_a_link_and_no_other_does() {
        let answer = "Interface GigaEthernet0.0 is up, line protocol is up\n\
                      Interface GigaEthernet1.0 is administratively down, line protocol is down\n\
                      Interface GigaEthernet2.0 is down, line protocol is down\n";
        let links = [("0.0", Link::Up), ("1.0", Link::Shut), ("2.0", Link::Down)]
            .map(|(number, link)| SeenLink { interface: format!("GigaEthernet{number}"), link });
        assert_eq!(seen_links("show ip interface", answer), links);
        assert_eq!(seen_links("show ip interface GigaEthernet0.0", answer).len(), 3);
        assert!(seen_links("show version", answer).is_empty());
    }
}
