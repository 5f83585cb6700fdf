//! What can be wrong with a configuration although every line of it is accepted.
//!
//! Offline: judges one text, with the model if it is known. A finding has a stable name and can be silenced with a reason; what
//! rests on inferred or guessed facts is only information. `docs/lint.md` explains each name.

mod filters;
mod masked;
mod networks;
mod never;
mod remark;
mod served;
mod text;
mod values;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

pub use masked::with_masked;

use remark::Remark;

use super::mask::{MASK, holds_secret, mask_line};
use super::{Config, Node};
use crate::dialect::grammar::{CommandKind, Confidence, GLOBAL, Grammar, words};
use crate::dialect::model::{Model, Parts, Presence};
use crate::message::{CodeEntry, Explain, Text};

/// What can be found.
pub(crate) const CODES: &[CodeEntry] = Remark::CODES;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The router refuses it, or it cannot work.
    Error,
    /// Most likely not meant.
    Warning,
    /// Rests on facts that are not attested, or is only worth knowing.
    Info,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its stable name.
    pub id: String,
    /// How bad it is.
    pub level: Level,
    /// The line of the text, from 1; 0 where it is about the whole.
    pub line: u32,
    /// Another line it is about, before that one; 0 if there is none.
    #[serde(skip)]
    pub first: u32,
    /// What it says.
    pub text: Text,
    /// What to do, where it cannot just be accepted.
    #[serde(skip)]
    pub hints: Vec<Text>,
    /// Why it is silenced, if it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub silenced: Option<String>,
}

/// A finding that a playbook accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// The finding's name.
    pub id: String,
    /// Why it is accepted.
    pub reason: String,
}

/// Every name a finding can have.
pub const IDS: [&str; 30] = [
    "abbreviation",
    "both-ntt-areas",
    "comes-back-different",
    "dhcp-off",
    "dhcp-outside",
    "dns-proxy-off",
    "filter-drops-dhcpv6",
    "filter-drops-nd",
    "filter-on-bridge-member",
    "filter-only-denies",
    "interface-shut",
    "management-closed",
    "masked",
    "nd-proxy-autoconfig",
    "networks-overlap",
    "never-matches",
    "next-hop-outside",
    "no-password",
    "no-such-interface",
    "no-such-port",
    "not-configuration",
    "not-defined",
    "not-used",
    "other-dialect",
    "place",
    "range-backwards",
    "repeated-line",
    "unrecognised",
    "value",
    "vrf-not-declared",
];

/// The findings that rest on nothing but the lines they are about: they hold for a part of a configuration too.
pub const ALONE: [&str; 3] = ["abbreviation", "place", "repeated-line"];

/// Judges a configuration.
pub fn lint(config: &Config, model: Option<&Model>, silences: &[Silence]) -> Vec<Finding> {
    let mut findings = Vec::new();
    text::repeated(config, &mut findings);
    text::places(config, &mut findings);
    text::numbers(config, &mut findings);
    relations(config, &mut findings);
    hardware(config, model, &mut findings);
    interfaces(config, &mut findings);
    areas(config, &mut findings);
    if let Some(model) = model {
        dialect(config, model, &mut findings);
    }
    filters::judge(config, &mut findings);
    networks::judge(config, &mut findings);
    never::judge(config, &mut findings);
    served::judge(config, &mut findings);
    values::judge(config, &mut findings);
    // Who can reach the router must be unambiguous: such a text needs indentation.
    for finding in findings.iter_mut().filter(|finding| finding.id != "place" || finding.level != Level::Error) {
        finding.silenced =
            silences.iter().find(|silence| silence.id == finding.id).map(|silence| silence.reason.clone());
    }
    findings.sort_by(|left, right| (left.line, &left.id, &left.text.en).cmp(&(right.line, &right.id, &right.text.en)));
    findings
}

fn finding(level: Level, line: u32, remark: &Remark) -> Finding {
    let (id, text, hints) = (remark.code().to_owned(), remark.text(), remark.hints());
    Finding { id, level, line, first: 0, text, hints, silenced: None }
}

/// How an object is called in a message.
fn called(id: &str) -> Text {
    let (kind, name) = id.split_once(':').unwrap_or((id, ""));
    let (en, ja) = match kind {
        "ip-acl" => ("IPv4 access list", "IPv4アクセスリスト"),
        "ipv6-acl" => ("IPv6 access list", "IPv6アクセスリスト"),
        "url-list" => ("url-list", "url-list"),
        "dhcpv6-client" => ("DHCPv6 client profile", "DHCPv6クライアントプロファイル"),
        "dhcpv6-server" => ("DHCPv6 server profile", "DHCPv6サーバプロファイル"),
        "dhcp-profile" => ("DHCP profile", "DHCPプロファイル"),
        "ppp-profile" => ("PPP profile", "PPPプロファイル"),
        "interface" => ("interface", "インタフェース"),
        "watch-group" => ("watch-group", "watch-group"),
        other => (other, other),
    };
    Text::new(format!("{en} `{name}`"), format!("{ja} `{name}`"))
}

/// How what is used and not defined is called. Of a switch there is one, and its line says what to write.
fn called_missing(id: &str, grammar: &Grammar) -> Text {
    let switch = id.strip_suffix(":*").and_then(|kind| {
        grammar
            .rows()
            .iter()
            .find(|row| row.defines.iter().any(|defined| defined.kind == kind && defined.arg.is_none()))
    });
    match switch {
        Some(row) => Text::new(format!("the switch `{}`", row.leading), format!("全体設定 `{}` ", row.leading)),
        None => called(id),
    }
}

/// Kinds whose objects are worth a remark when nothing uses them.
const WORTH_USING: [&str; 7] =
    ["ip-acl", "ipv6-acl", "url-list", "dhcpv6-client", "dhcpv6-server", "dhcp-profile", "ppp-profile"];

fn relations(config: &Config, findings: &mut Vec<Finding>) {
    let mut defined: HashMap<String, u32> = HashMap::new();
    let mut used: Vec<(String, bool, u32, (bool, bool))> = Vec::new();
    config.walk(&mut |_, node| {
        for object in node.defines() {
            defined.entry(object.id().to_owned()).or_insert(node.line);
        }
        for object in node.refers() {
            // A line that holds a secret may be read differently than it was meant: then the name is the secret.
            let secret = holds_secret(&node.text);
            // What no one has seen a router want is no error.
            let sure = node.row.as_ref().is_some_and(|row| row.sure <= Confidence::M);
            used.push((object.id().to_owned(), object.soft, node.line, (secret, sure)));
        }
        for list in groups(node) {
            defined.entry(list).or_insert(node.line);
        }
    });
    let names: HashSet<&str> = used.iter().map(|(id, ..)| id.as_str()).collect();
    for (id, soft, line, (secret, sure)) in &used {
        if defined.contains_key(id) {
            continue;
        }
        let kind = id.split(':').next().unwrap_or_default();
        let object = if *secret { called(&format!("{kind}:{MASK}")) } else { called_missing(id, config.grammar()) };
        if id.starts_with("vrf:") {
            findings.push(finding(Level::Info, *line, &Remark::VrfNotDeclared { object }));
        } else if !soft && !is_of_the_box(id) {
            let level = if *sure { Level::Error } else { Level::Warning };
            findings.push(finding(level, *line, &Remark::NotDefined { object }));
        }
    }
    let mut unused: Vec<(&String, &u32)> = defined.iter().filter(|(id, _)| !names.contains(id.as_str())).collect();
    unused.sort();
    for (id, line) in unused {
        let kind = id.split(':').next().unwrap_or_default();
        if WORTH_USING.contains(&kind) {
            findings.push(finding(Level::Warning, *line, &Remark::NotUsed { object: called(id) }));
        }
    }
}

/// Whether an object is an interface that no configuration has to make.
fn is_of_the_box(id: &str) -> bool {
    id.strip_prefix("interface:").and_then(Parts::of).is_some_and(|parts| !parts.is_made() && parts.group.is_none())
}

/// The interfaces a device's groups make.
fn groups(device: &Node) -> Vec<String> {
    let Some(name) = device.arg("DEVICE") else { return Vec::new() };
    device
        .children
        .iter()
        .filter(|line| line.row.as_ref().is_some_and(|row| row.vlan_group) && !line.off)
        .filter_map(|line| line.arg("GROUP"))
        .map(|group| format!("interface:{name}:{group}.0"))
        .collect()
}

fn hardware(config: &Config, model: Option<&Model>, findings: &mut Vec<Finding>) {
    for node in &config.nodes {
        if let Some(name) = node.arg("IF").filter(|_| node.context() == "interface") {
            let group = Parts::of(name).is_some_and(|parts| parts.group.is_some());
            let device = name.split(':').next().unwrap_or_default().to_owned();
            let sub_zero = name.rsplit_once('.').map(|(stem, _)| format!("interface:{stem}.0")).unwrap_or_default();
            let made = config
                .nodes
                .iter()
                .filter(|node| node.arg("DEVICE") == Some(&device))
                .any(|node| groups(node).contains(&sub_zero));
            if group && !made {
                let remark = Remark::NoVlanGroup { device, interface: name.to_owned() };
                findings.push(finding(Level::Error, node.line, &remark));
            } else if let Some(model) = model {
                let (model, presence, interface) = (model.name, model.interface(name), name.to_owned());
                findings.extend(match presence {
                    Presence::Present => None,
                    Presence::Absent => {
                        Some(finding(Level::Error, node.line, &Remark::NoSuchInterface { model, interface }))
                    }
                    Presence::Unattested => {
                        Some(finding(Level::Warning, node.line, &Remark::UnattestedInterface { model, interface }))
                    }
                });
            }
        }
        let Some(device) = node.arg("DEVICE") else { continue };
        let ports = model.and_then(|model| model.switch_ports(device));
        let mut taken: HashMap<String, u32> = HashMap::new();
        for line in node.children.iter().filter(|line| line.row.as_ref().is_some_and(|row| row.vlan_group)) {
            for port in line.arg("PORTS").unwrap_or_default().split_whitespace() {
                let outside =
                    ports.as_ref().is_some_and(|ports| port.parse().map_or(true, |port: u8| !ports.contains(&port)));
                let (device, port) = (device.to_owned(), port.to_owned());
                if outside {
                    findings.push(finding(Level::Error, line.line, &Remark::NoSuchPort { device, port }));
                } else if taken.insert(port.clone(), line.line).is_some() {
                    findings.push(finding(Level::Error, line.line, &Remark::PortInTwoGroups { device, port }));
                }
            }
        }
    }
}

fn interfaces(config: &Config, findings: &mut Vec<Finding>) {
    for node in config.nodes.iter().filter(|node| node.context() == "interface") {
        let name = node.arg("IF").unwrap_or_default();
        let has = |slot: &str| {
            node.children.iter().any(|line| !line.off && line.row.as_ref().is_some_and(|row| &*row.slot == slot))
        };
        // What is written is meant, `shutdown` too.
        let said = node.children.iter().any(|line| line.row.as_ref().is_some_and(|row| row.up));
        let used =
            node.children.iter().any(|line| !line.off && line.row.as_ref().is_some_and(|row| row.cuts && !row.up));
        let virtual_one = name.starts_with("Loopback")
            || name.starts_with("Null")
            || name.starts_with("BRI")
            || name.starts_with("USB");
        if used && !said && !virtual_one {
            let interface = name.to_owned();
            findings.push(finding(Level::Warning, node.line, &Remark::InterfaceShut { interface }));
        }
        if has("bridge-group")
            && node.children.iter().any(|line| line.kind() == Some(CommandKind::Chain) && line.text.starts_with("ip "))
        {
            let interface = name.to_owned();
            findings.push(finding(Level::Info, node.line, &Remark::FilterOnBridgeMember { interface }));
        }
    }
}

/// Commands that the model's series has otherwise.
fn dialect(config: &Config, model: &Model, findings: &mut Vec<Finding>) {
    let grammar = config.grammar();
    config.walk(&mut |path, node| {
        let context = path.last().map_or(GLOBAL, |header| header.context());
        let Some(difference) = grammar.difference(context, &words(&node.text)) else { return };
        let instead = match difference.instead.as_str() {
            "" => Text::new("nothing is known to take its place", "代わりのコマンドは知られていません"),
            instead => Text::new(format!("there it is `{instead}`"), format!("代わりは `{instead}` です")),
        };
        let remark = Remark::OtherDialect { line: mask_line(&node.text), model: model.name, instead };
        findings.push(finding(Level::Warning, node.line, &remark));
    });
}

/// The DNS servers of both areas: the vendor's document tells the reader to choose one.
fn areas(config: &Config, findings: &mut Vec<Finding>) {
    let server = |start: &str| {
        config.nodes.iter().find(|node| {
            node.text.starts_with("proxy-dns server ")
                && node.arg("ADDRESS").is_some_and(|address| address.starts_with(start))
        })
    };
    if let (Some(_), Some(west)) = (server("2404:1a8:f583:"), server("2001:a7ff:f014:")) {
        findings.push(finding(Level::Warning, west.line, &Remark::BothNttAreas));
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{IDS, Level, lint};
    use crate::dialect::Dialect;
    use crate::dialect::model;
    use crate::ix::Config;

    fn ids(text: &str) -> Vec<(String, u32)> {
        let config = Config::parse(Dialect::ix(), text);
        lint(&config, model::find("IX2215"), &[])
            .into_iter()
            .map(|finding| {
                assert!(IDS.contains(&finding.id.as_str()));
                (finding.id, finding.line)
            })
            .collect()
    }

    #[test]
    fn findings_have_their_line() {
        let v6 = "interface GigaEthernet0.0\n  ipv6 enable\n  ipv6 dhcp client p\n  no shutdown\n";
        for (text, id, line) in [
            ("interface GigaEthernet0.0\n  ip filter gone 1 in\n  no shutdown\n", "not-defined", 2),
            ("ip access-list a permit ip src any dest any\n", "not-used", 1),
            (
                "ipv6 dhcp server-profile p\n!\ninterface GigaEthernet0.0\n  ipv6 dhcp server p\n  no shutdown\n",
                "not-defined",
                4,
            ),
            ("interface GigaEthernet9.0\n  no shutdown\n", "no-such-interface", 1),
            ("interface GigaEthernet2:1.0\n  no shutdown\n", "not-defined", 1),
            ("device GigaEthernet2\n  vlan-group 1 port 9\n", "no-such-port", 2),
            ("device GigaEthernet2\n  vlan-group 1 port 1\n  vlan-group 2 port 1\n", "no-such-port", 3),
            ("interface GigaEthernet0.0\n  ip address 10.0.0.1/24\n", "interface-shut", 1),
            ("interface GigaEthernet0.0\n  ip address 10.0.0.1/33\n  no shutdown\n", "value", 2),
            ("interface GigaEthernet0.0\n  ip address 10.0.0.1\n  no shutdown\n", "value", 2),
            ("interface GigaEthernet0.0\n  ip address 10.0.0.1 255.255.255.0\n  no shutdown\n", "value", 2),
            ("ip access-list sixteen-letters-x permit ip src any dest any\n", "value", 1),
            ("hostname sato/r1\n", "value", 1),
            ("int GigaEthernet0.0\n", "abbreviation", 1),
            ("Interface GigaEthernet0.0\n", "abbreviation", 1),
            ("interface GigaEthernet0.0\n  ip addr 10.0.0.1/24\n", "abbreviation", 2),
            (
                "interface GigaEthernet0.0\n  shutdown\n!\ninterface GigaEthernet0.0\n  no shutdown\n",
                "repeated-line",
                5,
            ),
            ("router bgp 65000\n!\nrouter bgp 65001\n", "repeated-line", 3),
            ("interface GigaEthernet1.0\nip address 192.0.2.1/24\ntelnet-server ip enable\n", "place", 3),
            ("interface GigaEthernet0.0\n  ip mtu 1400\n  ip mtu 1454\n", "repeated-line", 3),
            ("hostname a\nhostname b\n", "repeated-line", 2),
            ("flux-capacitor enable\n", "unrecognised", 1),
            ("hostname a\nwrite memory\n", "not-configuration", 2),
            ("interface GigaEthernet0.0\n  reload\n  no shutdown\n", "not-configuration", 2),
            ("terminal length 0\n", "not-configuration", 1),
            ("no ip dhcp enable\n", "comes-back-different", 1),
            ("ipv6 route 2001:DB8:0:0::/48 Tunnel0.0\n", "comes-back-different", 1),
            ("proxy-dns server 2001:0db8::1\n", "comes-back-different", 1),
            ("ipv6 access-list a permit ip src 2001:0DB8::/32 dest any\n", "comes-back-different", 1),
            ("device GigaEthernet2\n  vlan-group 1 port 5 1 3\n", "comes-back-different", 2),
            ("username a password plain 1 x administrator\n", "comes-back-different", 1),
            ("ssh-server ip enable\n", "management-closed", 1),
            (
                &format!(
                    "ipv6 access-list d deny ip src any dest any\n{}",
                    v6.replace("  no", "  ipv6 filter d 1 in\n  no")
                ),
                "filter-drops-dhcpv6",
                2,
            ),
        ] {
            assert!(ids(text).contains(&(id.to_owned(), line)), "{text}: {:?}", ids(text));
        }
    }

    /// A published configuration drops announcements on purpose: it has its prefix by DHCPv6.
    #[test]
    fn announcements_are_wanted_only_where_a_neighbour_listens() {
        let drops = |icmp: &str, line: &str| {
            let text = format!(
                "ipv6 dhcp enable\nipv6 access-list a permit udp src any sport any dest any dport eq 546\n{icmp}\
                 ipv6 dhcp client-profile p\n  rapid-commit\n!\n\
                 interface GigaEthernet0.0\n  ipv6 enable\n  {line}\n  ipv6 filter a 1 in\n  no shutdown\n",
            );
            let found = lint(&Config::parse(Dialect::ix(), &text), None, &[]);
            let nd = found.into_iter().find(|finding| finding.id == "filter-drops-nd")?;
            Some((nd.level, nd.text.en.split(" (ICMPv6 ").nth(1)?.trim_end_matches(')').to_owned()))
        };
        let neighbours = "ipv6 access-list a permit icmp type 135 src any dest any\n\
                          ipv6 access-list a permit icmp type 136 src any dest any\n";
        for (icmp, line, expected) in [
            ("", "ipv6 dhcp client p", Some("135, 136")),
            ("", "ipv6 nd proxy GigaEthernet1.0", Some("134, 135, 136")),
            (neighbours, "ipv6 dhcp client p", None),
            (neighbours, "ipv6 address autoconfig", Some("134")),
        ] {
            assert_eq!(drops(icmp, line), expected.map(|kinds| (Level::Warning, kinds.to_owned())), "{icmp}{line}");
        }
    }

    #[test]
    fn what_comes_back_as_it_is_is_no_finding() {
        for text in [
            "ipv6 route 2001:db8::/48 Tunnel0.0\n",
            "proxy-dns server 2001:db8::1\n",
            "device GigaEthernet2\n  vlan-group 1 port 1 3 5\n",
            "interface GigaEthernet0.0\n  ipv6 interface-identifier 00:00:00:00:00:00:00:01\n  no shutdown\n",
            "interface GigaEthernet2:1.0\n  no shutdown\n",
        ] {
            assert!(ids(text).iter().all(|(id, _)| id != "comes-back-different"), "{text}: {:?}", ids(text));
        }
    }

    /// Lines of published configurations of tunnels: what is no proposal is not looked for as one.
    #[test]
    fn a_word_that_is_no_proposal_is_none() {
        let text = "ip access-list sec permit ip src any dest any\n\
             ike nat-traversal policy p 20\n\
             ike nat-traversal policy q\n\
             ike proposal prop encryption aes-256 hash sha\n\
             ike policy p peer 192.0.2.1 key k mode aggressive prop\n\
             ike policy q peer any key k\n\
             ipsec autokey-proposal a esp-aes-256 esp-sha\n\
             ipsec autokey-proposal b esp-aes esp-sha\n\
             ipsec autokey-map m sec peer 192.0.2.1 a,b pfs 2048-bit\n\
             ipsec autokey-map n sec peer 192.0.2.2 default\n\
             ipsec dynamic-map d sec a ike q\n\
             ipsec dynamic-map e sec default pfs 1024-bit\n";
        let undefined = |text: &str| {
            let found = ids(text);
            found.into_iter().filter(|(id, _)| id == "not-defined" || id == "repeated-line").collect::<Vec<_>>()
        };
        assert_eq!(undefined(text), []);
        assert_eq!(undefined(&text.replace(" a,b pfs", " a,c pfs")), [("not-defined".to_owned(), 9)]);
    }

    #[test]
    fn a_finding_about_a_line_with_a_secret_quotes_none_of_its_words() {
        let found = lint(&Config::parse(Dialect::ix(), "ike policy p peer any key CANARY CANARY\n"), None, &[]);
        let texts: Vec<&str> = found.iter().flat_map(|finding| [&*finding.text.en, &*finding.text.ja]).collect();
        assert!(texts.iter().any(|text| text.contains("ike-proposal `********`")), "{texts:?}");
        assert!(!texts.iter().any(|text| text.contains("CANARY")), "{texts:?}");
    }

    #[test]
    fn the_model_decides_the_dialect() {
        let text = "hostname a\nlogging buffered 4096\nip dhcp enable\nsyslog enable\n";
        let found = |name: &str| {
            let model = model::find(name).unwrap();
            let findings = lint(&Config::parse(model.dialect(), text), Some(model), &[]);
            findings.into_iter().map(|finding| (finding.id, finding.line)).collect::<Vec<_>>()
        };
        assert_eq!(found("IX-R2520"), [("other-dialect".to_owned(), 2), ("other-dialect".to_owned(), 3)]);
        assert_eq!(found("IX2215"), [("unrecognised".to_owned(), 4)]);
    }

    #[test]
    fn the_names_are_those_that_a_finding_can_have() {
        let said: std::collections::BTreeSet<&str> = super::Remark::CODES.iter().map(|entry| entry.code).collect();
        assert_eq!(said.into_iter().collect::<Vec<_>>(), IDS);
    }

    #[test]
    fn every_name_is_explained() {
        let docs = include_str!("../../../docs/lint.md");
        for id in IDS {
            assert!(docs.contains(&format!("`{id}`")), "{id}");
        }
        assert!(Level::Error < Level::Info);
    }
}
