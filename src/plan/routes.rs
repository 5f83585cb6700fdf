//! A route that our own session may depend on, entered with other words: it has to be removed before its new form is entered, and
//! after that line the router could not answer any more. Two more precise routes over the old gateway replace it meanwhile.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::unit::{Maker, Step};
use crate::dialect::grammar::{Arg, Grammar, Type};
use crate::ix::Node;

/// The lines from one form of a route to another, by way of its two halves; nothing where it is no such route. `lines` are those of
/// its block, old and new: where another route of the network stays, that one carries what the halves would.
pub(super) fn by_halves(
    maker: &Maker<'_>,
    grammar: &Grammar,
    old: &Node,
    new: &Node,
    lines: [&[Node]; 2],
) -> Option<Vec<Step>> {
    let arg = network_of(old)?;
    let [going, coming] = [maker.remove(old)?, maker.add(new)];
    if !(going.may_cut || going.lifeline) || old.off || new.off {
        return None;
    }
    let context = maker.path.last().map_or("global", |header| header.context());
    let halves = halves(old.arg(&arg.name)?, arg.kind == Type::Route4)?;
    let mut nodes = Vec::new();
    for half in &halves {
        nodes.push(Node::new(grammar, context, &old.with_arg(&arg.name, half)?, 0));
    }
    let in_the_way = |line: &Node| {
        let other = line.key != old.key && line.key != new.key && same_network(line, old);
        other || nodes.iter().any(|half| same_network(line, half))
    };
    if lines.into_iter().flatten().any(in_the_way) {
        return None;
    }
    let mut steps: Vec<Step> = nodes.iter().map(|half| maker.add(half)).collect();
    steps.extend([going, coming]);
    steps.extend(nodes.iter().filter_map(|half| maker.remove(half)));
    Some(steps)
}

/// The argument that is the network of a route.
fn network_of(line: &Node) -> Option<&Arg> {
    line.row.as_ref()?.args.iter().find(|arg| matches!(arg.kind, Type::Route4 | Type::Route6))
}

/// Whether two lines are routes of one network in one VRF.
pub(super) fn same_network(one: &Node, other: &Node) -> bool {
    network(one).is_some_and(|network_of_one| network(other) == Some(network_of_one))
}

/// The protocol, the VRF and the network of a route.
pub(super) fn network(line: &Node) -> Option<(Type, Option<&str>, &str)> {
    let arg = network_of(line).filter(|_| !line.off)?;
    Some((arg.kind, line.arg("VRF"), line.arg(&arg.name)?))
}

/// The two halves of a network; nothing for a single address.
fn halves(network: &str, four: bool) -> Option<[String; 2]> {
    let network = match network {
        "default" if four => "0.0.0.0/0",
        "default" => "::/0",
        other => other,
    };
    let (address, length) = network.split_once('/')?;
    let length = length.parse::<u32>().ok()?;
    let next = length + 1;
    if four {
        let bits = u32::from(address.parse::<Ipv4Addr>().ok()?);
        let bit = 1_u32.checked_shl(31_u32.checked_sub(length)?)?;
        Some([bits, bits | bit].map(|bits| format!("{}/{next}", Ipv4Addr::from(bits))))
    } else {
        let bits = u128::from(address.parse::<Ipv6Addr>().ok()?);
        let bit = 1_u128.checked_shl(127_u32.checked_sub(length)?)?;
        Some([bits, bits | bit].map(|bits| format!("{}/{next}", Ipv6Addr::from(bits))))
    }
}

#[cfg(test)]
mod tests {
    use super::halves;

    #[test]
    fn a_network_has_two_halves() {
        for (network, four, expected) in [
            ("default", true, Some(["0.0.0.0/1", "128.0.0.0/1"])),
            ("10.8.0.0/16", true, Some(["10.8.0.0/17", "10.8.128.0/17"])),
            ("10.0.0.0/31", true, Some(["10.0.0.0/32", "10.0.0.1/32"])),
            ("10.0.0.1/32", true, None),
            ("default", false, Some(["::/1", "8000::/1"])),
            ("2001:db8::/32", false, Some(["2001:db8::/33", "2001:db8:8000::/33"])),
            ("2001:db8::1/128", false, None),
            ("10.0.0.0/99", true, None),
            ("somewhere", true, None),
        ] {
            assert_eq!(halves(network, four), expected.map(|halves| halves.map(str::to_owned)), "{network}");
        }
    }
}
