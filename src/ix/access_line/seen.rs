//! What the displays of a router say of its access line.

use std::collections::BTreeSet;
use std::net::Ipv6Addr;

use serde::Serialize;

use super::area::Area;
use super::finding::{Certainty, Finding, Topic};
use super::probes::Probes;
use crate::dialect::Commands;
use crate::ix::display::{End, Kind, Shown};
use crate::message::Text;

/// Whether the line's interface has a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// It has one.
    Up,
    /// It has none.
    Down,
    /// The interface is shut: nothing of the line can be seen.
    Shut,
    /// No display says so.
    Unknown,
}

/// How the line gives IPv6 addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Supply {
    /// It delegates a prefix.
    Delegated,
    /// The provider's router is there and no prefix is delegated: one is advertised at most.
    Advertised,
    /// There is a link, and nothing of either is seen.
    Nothing,
    /// The displays do not tell.
    Unknown,
}

/// Whether the line leads to the Internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Internet {
    /// An address of the Internet answered.
    Reached,
    /// None of those that were asked answered: a closed network, or addresses that answer no one.
    NoAnswer,
    /// None was asked.
    NotAsked,
}

/// An access line, as far as the router shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessLine {
    /// The interface.
    pub interface: String,
    /// Whether it has a link.
    pub link: Link,
    /// How it gives IPv6 addresses.
    pub supply: Supply,
    /// The prefixes that it delegates, with their lengths.
    pub prefixes: Vec<String>,
    /// The DNS servers that it tells.
    pub dns_servers: Vec<String>,
    /// The area of NTT, which is always inferred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
    /// Whether it leads to the Internet.
    pub internet: Internet,
    /// All of this in words, each with what it is known from.
    pub findings: Vec<Finding>,
}

impl AccessLine {
    /// The commands whose displays tell most of a line at this interface.
    pub fn commands(interface: &str, commands: &Commands) -> [String; 3] {
        [
            format!("{} {interface}", Kind::IpInterface.command(commands)),
            Kind::DhcpClient.command(commands).to_owned(),
            Kind::Neighbors.command(commands).to_owned(),
        ]
    }

    /// The command that asks an address for an answer.
    pub fn ping(address: Ipv6Addr) -> String {
        format!("ping6 {address}")
    }

    /// What these displays say of the line at an interface.
    pub fn read(interface: &str, shown: &[Shown], probes: &Probes) -> Self {
        let displays = Displays { interface, shown };
        let (link, of_link) = displays.link();
        let (supply, of_supply) = displays.supply(link);
        let dns_servers = displays.values(Kind::DhcpClient, "dns-server");
        let answers = displays.answers();
        let (area, of_area) = displays.area(&dns_servers, &answers, probes);
        let (internet, of_internet) = displays.internet(&answers, probes);
        let of_dns = displays.dns(&dns_servers, &answers);
        Self {
            link,
            supply,
            prefixes: owned(&displays.values(Kind::DhcpClient, "prefix")),
            dns_servers: owned(&dns_servers),
            area,
            internet,
            findings: vec![of_link, of_supply, of_dns, of_area, of_internet],
            interface: interface.to_owned(),
        }
    }

    /// Whether something of the line can be seen.
    pub fn is_visible(&self) -> bool {
        matches!(self.link, Link::Up | Link::Down) || self.supply != Supply::Unknown
    }

    /// The DNS servers that it tells, as addresses.
    pub fn dns_addresses(&self) -> impl Iterator<Item = Ipv6Addr> {
        self.dns_servers.iter().filter_map(|server| server.parse().ok())
    }

    /// The line in one sentence: its interface, and what is known of it.
    pub fn summary(&self) -> Text {
        let (mut en, mut ja) = (Vec::new(), Vec::new());
        for Finding { about, says, certainty, .. } in &self.findings {
            let name = about.name();
            let (likely, maybe) = match certainty {
                Certainty::Shown => ("", ""),
                Certainty::Inferred => ("likely ", "おそらく "),
                Certainty::NotKnown => continue,
            };
            en.push(format!("{}: {likely}{}", name.en, says.en));
            ja.push(format!("{}: {maybe}{}", name.ja, says.ja));
        }
        let interface = &self.interface;
        if en.is_empty() {
            return Text::new(
                format!("{interface}: nothing of the line is seen"),
                format!("{interface}: 回線の状態は見えません"),
            );
        }
        Text::new(format!("{interface}: {}", en.join("; ")), format!("{interface}: {}", ja.join("、")))
    }
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// An address that was asked.
struct Answer {
    address: Ipv6Addr,
    came: bool,
}

/// What was shown, looked at for one interface.
struct Displays<'s> {
    interface: &'s str,
    shown: &'s [Shown],
}

impl<'s> Displays<'s> {
    /// The displays of a kind.
    fn of(&self, kind: Kind) -> impl Iterator<Item = &'s Shown> {
        self.shown.iter().filter(move |shown| shown.display.kind() == kind)
    }

    /// The values of a field of the interface.
    fn values(&self, kind: Kind, field: &str) -> Vec<&'s str> {
        self.of(kind).flat_map(|shown| shown.display.values(field, Some(self.interface))).collect()
    }

    /// Whether a display of this kind came to its end: what it does not say is not so.
    fn is_whole(&self, kind: Kind) -> bool {
        self.of(kind).any(|shown| shown.display.end() != End::CutOff)
    }

    /// Where a field of the interface comes from: `show ipv6 dhcp client`, prefix 2001:db8::/56.
    fn source(&self, kind: Kind, field: &str) -> Text {
        let command = self.of(kind).map(|shown| shown.command.as_str()).next().unwrap_or_default();
        Text::untranslated(format!("`{command}`: {field} {}", self.values(kind, field).join(", ")))
    }

    fn link(&self) -> (Link, Finding) {
        /// The displays that say how an interface is.
        const SOURCES: [Kind; 5] =
            [Kind::IpInterface, Kind::Ipv6Address, Kind::IpAddress, Kind::Interfaces, Kind::Neighbors];
        let said = |kind: &Kind| Some((*kind, self.values(*kind, "state").first().copied()?));
        let Some((kind, state)) = SOURCES.iter().find_map(said) else {
            let none = Text::new("no display names the interface", "このインタフェースの表示がありません");
            return (Link::Unknown, Finding::unknown(Topic::Link, none));
        };
        let because = self.source(kind, "state");
        let shown = |link, en, ja| (link, Finding::shown(Topic::Link, Text::new(en, ja), because.clone()));
        match state {
            "up" => shown(Link::Up, "up", "あり"),
            "down" => shown(Link::Down, "none", "なし"),
            "administratively down" => shown(
                Link::Shut,
                "shut by the configuration: the line cannot be seen",
                "閉塞(shutdown)のため回線は見えません",
            ),
            _ => (Link::Unknown, Finding::unknown(Topic::Link, because)),
        }
    }

    fn supply(&self, link: Link) -> (Supply, Finding) {
        let prefixes = self.values(Kind::DhcpClient, "prefix");
        if !prefixes.is_empty() {
            let prefixes = prefixes.join(", ");
            let says = Text::new(format!("{prefixes} is delegated"), format!("{prefixes} が委譲されています"));
            return (Supply::Delegated, Finding::shown(Topic::Ipv6, says, self.source(Kind::DhcpClient, "prefix")));
        }
        let signs = [(Kind::Neighbors, "router"), (Kind::DhcpClient, "server")];
        let sign = signs.into_iter().find(|(kind, field)| !self.values(*kind, field).is_empty());
        let client_is_whole = self.is_whole(Kind::DhcpClient);
        if let Some((kind, field)) = sign.filter(|_| client_is_whole) {
            let says = Text::new(
                "RA only: no prefix is delegated, and the provider's router is there",
                "RA のみ(プレフィックスの委譲はなく、回線側のルータは見えています)",
            );
            return (Supply::Advertised, Finding::inferred(Topic::Ipv6, says, self.source(kind, field)));
        }
        if link == Link::Up && client_is_whole && self.is_whole(Kind::Neighbors) {
            let says = Text::new(
                "no prefix is delegated, and no router of the provider is seen",
                "プレフィックスの委譲なし、回線側のルータも見えません",
            );
            let because = Text::new(
                "neither the DHCPv6 client nor the neighbours name anything there",
                "DHCPv6 クライアントと近隣の表示に何もありません",
            );
            return (Supply::Nothing, Finding::shown(Topic::Ipv6, says, because));
        }
        let because = match link {
            Link::Down => Text::new("there is no link", "リンクがありません"),
            Link::Shut => Text::new("the interface is shut", "インタフェースが閉塞されています"),
            _ => Text::new(
                "the displays of the DHCPv6 client or of the neighbours are not there",
                "DHCPv6 クライアントまたは近隣の表示がありません",
            ),
        };
        (Supply::Unknown, Finding::unknown(Topic::Ipv6, because))
    }

    /// The addresses that were asked, each with whether an answer came.
    fn answers(&self) -> Vec<Answer> {
        let asked = |shown: &Shown| {
            let address = shown.command.split_whitespace().nth(1)?.parse().ok()?;
            let received = shown.display.values("received", None).first()?.parse::<u64>().ok()?;
            Some(Answer { address, came: received > 0 })
        };
        self.of(Kind::Ping).filter_map(asked).collect()
    }

    fn dns(&self, told: &[&str], answers: &[Answer]) -> Finding {
        if told.is_empty() {
            if self.values(Kind::DhcpClient, "server").is_empty() {
                let because = Text::new("no DHCPv6 server has answered", "DHCPv6 サーバの応答がありません");
                return Finding::unknown(Topic::Dns, because);
            }
            let says = Text::new("no server is told", "DNS サーバの通知なし");
            return Finding::shown(Topic::Dns, says, self.source(Kind::DhcpClient, "server"));
        }
        let words = |server: &str| {
            let asked = answers.iter().find(|answer| server.parse() == Ok(answer.address));
            match asked.map(|answer| answer.came) {
                Some(true) => Text::new(format!("{server} (answers)"), format!("{server}(応答あり)")),
                Some(false) => {
                    Text::new(format!("{server} (no answer to ping6)"), format!("{server}(ping6 に応答なし)"))
                }
                None => Text::untranslated(server),
            }
        };
        let (en, ja): (Vec<String>, Vec<String>) =
            told.iter().map(|server| words(server)).map(|text| (text.en, text.ja)).unzip();
        let says = Text::new(format!("told {}", en.join(", ")), format!("通知あり {}", ja.join("、")));
        Finding::shown(Topic::Dns, says, self.source(Kind::DhcpClient, "dns-server"))
    }

    fn area(&self, told: &[&str], answers: &[Answer], probes: &Probes) -> (Option<Area>, Finding) {
        let is_probe = |address: &Ipv6Addr| probes.east.contains(address) || probes.west.contains(address);
        let came = answers.iter().filter(|answer| answer.came && is_probe(&answer.address));
        let mut signs: Vec<(Area, Text)> = Vec::new();
        for server in told {
            let area = server.parse().ok().and_then(|server| probes.area_of(server));
            let because =
                Text::new(format!("the DNS server {server} that it tells"), format!("通知された DNS サーバ {server}"));
            signs.extend(area.map(|area| (area, because)));
        }
        for Answer { address, .. } in came {
            let because = Text::new(format!("{address} answers ping6"), format!("{address} が ping6 に応答"));
            signs.extend(probes.area_of(*address).map(|area| (area, because)));
        }
        let areas: BTreeSet<Area> = signs.iter().map(|(area, _)| *area).collect();
        let (en, ja): (Vec<&str>, Vec<&str>) =
            signs.iter().map(|(_, because)| (because.en.as_str(), because.ja.as_str())).unzip();
        let because = Text::new(en.join("; "), ja.join("、"));
        match (areas.first(), areas.len()) {
            (Some(area), 1) => (Some(*area), Finding::inferred(Topic::Area, area.name(), because)),
            (Some(_), _) => {
                let both = Text::new(
                    format!("servers of both areas: {}", because.en),
                    format!("両エリアのサーバ: {}", because.ja),
                );
                (None, Finding::unknown(Topic::Area, both))
            }
            (None, _) => {
                let none = Text::new(
                    "no server that tells the area was told, and none answers",
                    "エリアを示す DNS サーバの通知も、サーバの応答もありません",
                );
                (None, Finding::unknown(Topic::Area, none))
            }
        }
    }

    fn internet(&self, answers: &[Answer], probes: &Probes) -> (Internet, Finding) {
        let asked: Vec<&Answer> = answers.iter().filter(|answer| probes.internet.contains(&answer.address)).collect();
        if let Some(Answer { address, .. }) = asked.iter().find(|answer| answer.came) {
            let says = Text::new("reached", "到達可能");
            let because = Text::new(format!("{address} answers ping6"), format!("{address} が ping6 に応答"));
            return (Internet::Reached, Finding::shown(Topic::Internet, says, because));
        }
        if asked.is_empty() {
            let none =
                Text::new("no address of the Internet was asked", "インターネットのアドレスには問い合わせていません");
            return (Internet::NotAsked, Finding::unknown(Topic::Internet, none));
        }
        let silent = Text::new(
            "none of the addresses that were asked answers: a closed network, or they answer no one",
            "問い合わせたアドレスから応答がありません。閉域網か、ping6 に応答しない相手です",
        );
        (Internet::NoAnswer, Finding::unknown(Topic::Internet, silent))
    }
}
