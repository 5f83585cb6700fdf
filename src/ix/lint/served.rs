//! What the computers behind an interface would not get although every line is accepted: an address that fits their network, an
//! answer to a name they ask for, a prefix of the line, and a way through filters that only say what is forbidden.

use std::collections::HashSet;
use std::net::Ipv4Addr;

use super::remark::Remark;
use super::{Finding, Level, finding};
use crate::dialect::grammar::CommandKind;
use crate::ix::mask::holds_secret;
use crate::ix::{Config, Node};

pub(super) fn judge(config: &Config, findings: &mut Vec<Finding>) {
    let closing = closing_lists(config);
    for block in config.nodes.iter().filter(|node| node.context() == "interface") {
        dhcp(config, block, findings);
        nd_proxy(block, findings);
        only_denies(block, &closing, findings);
    }
    for profile in config.nodes.iter().filter(|node| node.context() == "ppp-profile") {
        no_password(profile, findings);
    }
    dns_proxy(config, findings);
}

/// The lines of a block that are in force, with this beginning.
fn lines<'n>(block: &'n Node, begin: &'static str) -> impl Iterator<Item = &'n Node> {
    block.children.iter().filter(move |line| !line.off && line.text.starts_with(begin))
}

/// What a profile hands out is in the network of the interface that it is bound to, and the server is on.
fn dhcp(config: &Config, block: &Node, findings: &mut Vec<Finding>) {
    let Some(binding) = lines(block, "ip dhcp binding ").next() else { return };
    let on = |nodes: &[Node]| nodes.iter().any(|node| !node.off && &*node.text == "ip dhcp enable");
    if !on(&config.nodes) && !on(&block.children) {
        findings.push(finding(Level::Warning, binding.line, &Remark::DhcpOff));
    }
    let networks: Vec<(u32, u32)> =
        lines(block, "ip address ").filter_map(|line| network(line.arg("ADDRESS")?)).collect();
    let profile = binding.arg("PROFILE").and_then(|name| {
        config.nodes.iter().find(|node| node.context() == "dhcp-profile" && node.arg("NAME") == Some(name))
    });
    let Some(profile) = profile.filter(|_| !networks.is_empty()) else { return };
    let interface = block.arg("IF").unwrap_or_default();
    let mut judge = |line: &Node, address: &str| {
        let Ok(given) = address.parse::<Ipv4Addr>() else { return };
        if !networks.iter().any(|(network, mask)| u32::from(given) & mask == *network) {
            let remark = Remark::DhcpOutside { address: address.to_owned(), interface: interface.to_owned() };
            findings.push(finding(Level::Warning, line.line, &remark));
        }
    };
    for line in profile.children.iter().filter(|line| !line.off) {
        let leading = line.row.as_ref().map(|row| row.leading.as_str()).unwrap_or_default();
        let named: &[&str] = match leading {
            "assignable-range" => &["FIRST", "LAST"],
            "default-gateway" | "fixed-assignment" => &["ADDRESS"],
            _ => continue,
        };
        named.iter().filter_map(|name| line.arg(name)).for_each(|address| judge(line, address));
    }
}

/// The DNS proxy that lines tell whom to ask, or to which a DHCP profile sends computers, is on.
fn dns_proxy(config: &Config, findings: &mut Vec<Finding>) {
    let on = |family: &str| {
        let wanted = format!("proxy-dns {family} enable");
        let says = |nodes: &[Node]| nodes.iter().any(|node| !node.off && *node.text == *wanted);
        let mut blocks = config.nodes.iter().filter(|node| node.context() == "interface");
        says(&config.nodes) || blocks.any(|block| says(&block.children))
    };
    if on("ip") {
        return;
    }
    let asks = |node: &&Node| {
        !node.off
            && node.arg("IGNORE").is_none()
            && ["proxy-dns server ", "proxy-dns interface "].iter().any(|start| node.text.starts_with(start))
    };
    if let Some(line) = config.nodes.iter().find(asks).filter(|_| !on("ipv6")) {
        findings.push(finding(Level::Warning, line.line, &Remark::DnsProxyOff));
    }
    // What `dns cache enable` answers is not attested.
    if config.nodes.iter().any(|node| !node.off && &*node.text == "dns cache enable") {
        return;
    }
    let own: HashSet<&str> = config
        .nodes
        .iter()
        .filter(|node| node.context() == "interface")
        .flat_map(|block| lines(block, "ip address ").filter_map(|line| line.arg("ADDRESS")?.split('/').next()))
        .collect();
    for profile in config.nodes.iter().filter(|node| node.context() == "dhcp-profile") {
        for line in lines(profile, "dns-server ") {
            let mut given = line.arg("SERVERS").unwrap_or_default().split([' ', '\t']);
            if let Some(address) = given.find(|address| own.contains(address)) {
                let address = address.to_owned();
                findings.push(finding(Level::Warning, line.line, &Remark::NamesOwnProxy { address }));
            }
        }
    }
}

/// The side of a line that hands its announcements on takes no address from them itself.
fn nd_proxy(block: &Node, findings: &mut Vec<Finding>) {
    let proxy = lines(block, "ipv6 nd proxy ").next();
    if let Some(line) = proxy.and_then(|_| lines(block, "ipv6 address autoconfig").next()) {
        let interface = block.arg("IF").unwrap_or_default().to_owned();
        findings.push(finding(Level::Warning, line.line, &Remark::NdProxyAutoconfig { interface }));
    }
}

/// The network and the mask of an address with a length.
fn network(address: &str) -> Option<(u32, u32)> {
    let (address, length) = address.split(' ').next()?.split_once('/')?;
    let length = length.parse::<u32>().ok().filter(|length| *length <= 32)?;
    let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
    Some((u32::from(address.parse::<Ipv4Addr>().ok()?) & mask, mask))
}

/// The lists that have entries, all of them denying some traffic by name and none of them all of it: whoever writes one means that
/// the rest passes.
fn closing_lists(config: &Config) -> HashSet<&str> {
    let entries = || {
        let of_filters = |node: &&Node| node.kind() == Some(CommandKind::List);
        config.nodes.iter().filter(of_filters).filter_map(|node| Some((&**node.list()?, node)))
    };
    let mut found: HashSet<&str> = entries().map(|(id, _)| id).collect();
    for (id, entry) in entries() {
        let all = entry.text.ends_with(" deny ip src any dest any");
        if entry.permits() || all {
            found.remove(id);
        }
    }
    // A stateful list of the same name is the one that is used.
    for node in config.nodes.iter().filter(|node| node.row.as_ref().is_some_and(|row| row.dynamic)) {
        node.defines().iter().for_each(|object| _ = found.remove(object.id()));
    }
    found
}

/// Filters of one direction of which none permits anything: what they do not name is dropped at their end, too.
fn only_denies(block: &Node, closing: &HashSet<&str>, findings: &mut Vec<Finding>) {
    let mut seen: HashSet<(&str, &str)> = HashSet::new();
    let rows = || block.children.iter().filter(|line| line.kind() == Some(CommandKind::Chain) && !line.off);
    let row_of = |line: &Node| {
        let leading = line.row.as_ref().map(|row| row.leading.clone()).unwrap_or_default();
        (leading, line.arg("DIRECTION").unwrap_or_default().to_owned())
    };
    for line in rows() {
        let leading = line.row.as_ref().map(|row| row.leading.as_str()).unwrap_or_default();
        let direction = line.arg("DIRECTION").unwrap_or_default();
        if !matches!(leading, "ip filter" | "ipv6 filter") || !seen.insert((leading, direction)) {
            continue;
        }
        let is_closing = |other: &Node| other.refers().iter().all(|list| closing.contains(list.id()));
        if rows().filter(|other| row_of(other) == row_of(line)).all(is_closing) {
            let interface = block.arg("IF").unwrap_or_default();
            let remark = Remark::FilterOnlyDenies { interface: interface.to_owned(), direction: direction.to_owned() };
            findings.push(finding(Level::Warning, line.line, &remark));
        }
    }
}

/// A name by which the router logs in at a provider has a password.
fn no_password(profile: &Node, findings: &mut Vec<Finding>) {
    let Some(name) = lines(profile, "authentication myname ").next() else { return };
    let id = name.arg("NAME").unwrap_or_default();
    let known = profile.children.iter().filter(|line| !line.off && line.arg("PASSWORD").is_some());
    let mut known = known.filter_map(|line| line.arg("ID")).peekable();
    let masked = profile.children.iter().any(|line| line.row.is_none());
    if !masked && !known.any(|other| other == id) {
        let secret = holds_secret(&name.text);
        let name_shown = if secret { crate::ix::mask::MASK } else { id };
        findings.push(finding(Level::Warning, name.line, &Remark::NoPassword { name: name_shown.to_owned() }));
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::ix::lint::lint;

    fn found(text: &str) -> Vec<(String, u32)> {
        let all = lint(&Config::parse(Dialect::ix(), text), None, &[]);
        let of =
            ["dhcp-off", "dhcp-outside", "dns-proxy-off", "filter-only-denies", "nd-proxy-autoconfig", "no-password"];
        all.into_iter()
            .filter(|finding| of.contains(&finding.id.as_str()))
            .map(|finding| (finding.id, finding.line))
            .collect()
    }

    const LAN: &str = "ip dhcp profile lan\n  assignable-range 192.168.1.100 192.168.1.199\n  default-gateway 192.168.1.1\n  \
        fixed-assignment 192.168.1.10 00:00:5e:00:53:01\ninterface GigaEthernet1.0\n  ip address 192.168.1.1/24\n  \
        ip dhcp binding lan\n  no shutdown\n";

    #[test]
    fn what_is_handed_out_is_in_the_network_of_the_interface() {
        let on = format!("ip dhcp enable\n{LAN}");
        assert_eq!(found(&on), []);
        let one = |from: &str, to: &str| found(&on.replace(from, to));
        let outside = |lines: &[u32]| lines.iter().map(|line| ("dhcp-outside".to_owned(), *line)).collect::<Vec<_>>();
        assert_eq!(one("192.168.1.1/24", "192.168.2.1/24"), outside(&[3, 3, 4, 5]));
        assert_eq!(one("192.168.1.199", "192.168.10.199"), outside(&[3]));
        assert_eq!(one("gateway 192.168.1.1", "gateway 192.168.0.1"), outside(&[4]));
        // By another address of the interface it fits, and of one that is learnt nothing is known.
        let second = "192.168.2.1/24\n  ip address 192.168.1.1/24 secondary";
        assert_eq!(one("192.168.1.1/24", second), []);
        assert_eq!(one("ip address 192.168.1.1/24", "ip address dhcp"), []);
        assert_eq!(found(LAN), [("dhcp-off".to_owned(), 7)]);
    }

    #[test]
    fn a_name_server_that_is_told_of_is_on() {
        let off = |line: u32| vec![("dns-proxy-off".to_owned(), line)];
        let none: Vec<(String, u32)> = Vec::new();
        let server = "proxy-dns server 192.0.2.53\nproxy-dns server 192.0.2.54\n";
        let on = "interface GigaEthernet0.0\n  proxy-dns ip enable\n  no shutdown\n";
        let lan = |dns: &str| {
            let with = format!("lan\n  dns-server {dns}\n");
            format!("ip dhcp enable\n{}", LAN.replacen("lan\n", &with, 1))
        };
        for (text, expected) in [
            (server.to_owned(), off(1)),
            (format!("{server}{on}"), none.clone()),
            (format!("{server}proxy-dns ipv6 enable\n"), none.clone()),
            ("proxy-dns interface GigaEthernet0.1\n".to_owned(), off(1)),
            ("proxy-dns interface GigaEthernet0.1 ignore\n".to_owned(), none.clone()),
            (lan("192.0.2.53 192.168.1.1"), off(3)),
            (lan("192.0.2.53"), none.clone()),
            (lan("192.168.1.1") + "proxy-dns ip enable\n", none.clone()),
            (lan("192.168.1.1") + "proxy-dns ipv6 enable\n", off(3)),
            (lan("192.168.1.1") + "dns cache enable\n", none.clone()),
        ] {
            assert_eq!(found(&text), expected, "{text}");
        }
    }

    #[test]
    fn who_hands_announcements_on_takes_no_address_from_them() {
        let line = |more: &str| {
            format!("interface GigaEthernet0.0\n  ipv6 enable\n  ipv6 nd proxy GigaEthernet1.0\n{more}  no shutdown\n")
        };
        assert_eq!(found(&line("")), []);
        assert_eq!(found(&line("  ipv6 address autoconfig\n")), [("nd-proxy-autoconfig".to_owned(), 4)]);
    }

    #[test]
    fn a_row_of_filters_that_only_says_what_is_forbidden_is_seen() {
        let text = |lists: &str, filters: &str| {
            format!("{lists}interface GigaEthernet1.0\n  ip address 192.168.1.1/24\n{filters}  no shutdown\n")
        };
        let smb = "ip access-list smb deny tcp src any sport any dest any dport eq 445\n";
        let all = "ip access-list all permit ip src any dest any\n";
        let none = "ip access-list none deny ip src any dest any\n";
        let only = [("filter-only-denies".to_owned(), 4)];
        assert_eq!(found(&text(smb, "  ip filter smb 1 in\n")), only);
        for (lists, filters) in [
            (format!("{smb}{all}"), "  ip filter smb 1 in\n  ip filter all 2 in\n"),
            (format!("{smb}{none}"), "  ip filter smb 1 in\n  ip filter none 2 in\n"),
            (format!("{smb}ip access-list smb permit ip src any dest any\n"), "  ip filter smb 1 out\n"),
            (format!("{smb}{all}ip access-list dynamic smb access all\n"), "  ip filter smb 1 out\n"),
            (none.to_owned(), "  ip filter none 1 in\n"),
            (String::new(), "  ip filter unknown 1 in\n"),
        ] {
            assert_eq!(found(&text(&lists, filters)), [], "{lists}{filters}");
        }
    }

    #[test]
    fn a_provider_s_name_has_its_password() {
        let profile =
            |name: &str| format!("ppp profile p\n  authentication myname {name}\n  authentication password a@isp x\n");
        assert_eq!(found(&profile("a@isp")), []);
        assert_eq!(found(&profile("b@isp")), [("no-password".to_owned(), 2)]);
        assert_eq!(
            found("ppp profile p\n  authentication myname a@isp\n  authentication secret-password a@isp x\n"),
            []
        );
        assert_eq!(found("ppp profile p\n  authentication request chap\n  authentication password a@isp x\n"), []);
    }
}
