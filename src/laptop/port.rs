//! From which port of this machine a test goes out. It is judged only where exactly one port is in the declared network and the system itself
//! goes out there: a wireless network beside it would else answer in the clinic's place.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use ipnet::IpNet;

use crate::message::{Explain, Text, system_words};

/// A port of this machine and an address on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Its name, as the system calls it.
    pub name: String,
    /// The address.
    pub address: IpAddr,
}

/// A port as the system lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    port: Port,
    /// Something is at the other end of its cable.
    has_link: bool,
}

/// Why a test is not made: nothing is known about the router then.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum NoPort {
    /// No port is in the network.
    #[explain(
        code = "laptop.no-port",
        en = "no port of this computer has an address in {lan}",
        ja = "このコンピュータには {lan} のアドレスを持つポートがありません",
        hint(
            en = "plug its Ethernet port into that network, give it an address there, and test again",
            ja = "Ethernet ポートをそのネットワークに接続し、アドレスを設定してから再実行してください"
        )
    )]
    NotThere {
        /// The network.
        lan: IpNet,
    },
    /// One is, and nothing is at the other end of its cable: that nothing can be opened from there proves nothing.
    #[explain(
        code = "laptop.no-link",
        en = "the port of this computer that has an address in {lan} has no link: {ports}",
        ja = "{lan} のアドレスを持つポート({ports})がリンクアップしていません",
        hint(
            en = "look at both ends of its cable, and test again",
            ja = "ケーブルの両端を確認してから再実行してください"
        )
    )]
    NoLink {
        /// The network.
        lan: IpNet,
        /// Their names.
        ports: String,
    },
    /// More than one is.
    #[explain(
        code = "laptop.several-ports",
        en = "several ports of this computer have an address in {lan}: {ports}",
        ja = "{lan} のアドレスを持つポートが複数あります: {ports}",
        hint(
            en = "switch off all but the one that is plugged into the clinic's network, and test again",
            ja = "拠点のネットワークに接続したポート以外を無効にしてから再実行してください"
        )
    )]
    Several {
        /// The network.
        lan: IpNet,
        /// Their names.
        ports: String,
    },
    /// The system would go another way.
    #[explain(
        code = "laptop.other-way",
        en = "this computer reaches {peer} by its address {by}, and not through {lan}",
        ja = "このコンピュータから {peer} への通信は {lan} ではなく {by} から出ます",
        hint(
            en = "make the router its gateway there, or switch the other network off (Wi-Fi), and test again",
            ja = "ルータをゲートウェイに設定するか、ほかのネットワーク(Wi-Fi など)を無効にしてから再実行してください"
        )
    )]
    OtherWay {
        /// Whom the test speaks to.
        peer: IpAddr,
        /// The address that the system would take.
        by: IpAddr,
        /// The network.
        lan: IpNet,
    },
    /// The system has no way at all.
    #[explain(
        code = "laptop.no-way",
        en = "this computer has no way to {peer}",
        ja = "このコンピュータから {peer} への経路がありません",
        hint(
            en = "make the router its gateway in the network that the test is made from, and test again",
            ja = "試験元のネットワークでルータをゲートウェイに設定してから再実行してください"
        )
    )]
    NoWay {
        /// Whom the test speaks to.
        peer: IpAddr,
    },
    /// The system does not say what ports there are, or let us speak.
    #[explain(
        code = "laptop.machine",
        en = "this computer does not allow the test: {cause}",
        ja = "このコンピュータで試験を実行できません: {cause}",
        hint(
            en = "look at its firewall and its permissions, and test again",
            ja = "ファイアウォールと権限を確認してから再実行してください"
        )
    )]
    Machine {
        /// What the system says.
        cause: Text,
    },
}

impl NoPort {
    /// The system refuses.
    pub(super) fn machine(error: &io::Error) -> Self {
        Self::Machine { cause: system_words(error) }
    }
}

/// The port from which this machine speaks to a peer, where that is the one port in this network.
pub(super) fn find_port(lan: &IpNet, peer: SocketAddr) -> Result<Port, NoPort> {
    let found = if_addrs::get_if_addrs().map_err(|error| NoPort::machine(&error))?;
    let listed = |one: if_addrs::Interface| Listed {
        has_link: one.is_oper_up(),
        port: Port { address: one.ip(), name: port_name(&one.name).to_owned() },
    };
    let ports: Vec<Listed> = found.into_iter().map(listed).collect();
    choose(lan, peer.ip(), way_to(peer), &ports)
}

/// A further address of a port may have a label behind the port's name (`eth0:1`). Windows lets no name have a colon.
fn port_name(name: &str) -> &str {
    name.split_once(':').map_or(name, |(name, _)| name)
}

/// The address by which the system would speak to a peer. Nothing is sent.
fn way_to(peer: SocketAddr) -> Option<IpAddr> {
    let any: IpAddr = if peer.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(peer).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

fn choose(lan: &IpNet, peer: IpAddr, way: Option<IpAddr>, ports: &[Listed]) -> Result<Port, NoPort> {
    let in_lan = || ports.iter().filter(|one| lan.contains(&one.port.address));
    let names = |has_link: bool| -> BTreeSet<&str> {
        in_lan().filter(|one| one.has_link == has_link).map(|one| one.port.name.as_str()).collect()
    };
    let mut linked = names(true).into_iter();
    let Some(name) = linked.next() else {
        let ports = names(false).into_iter().collect::<Vec<_>>().join(", ");
        return Err(if ports.is_empty() {
            NoPort::NotThere { lan: *lan }
        } else {
            NoPort::NoLink { lan: *lan, ports }
        });
    };
    let others: Vec<&str> = linked.collect();
    if !others.is_empty() {
        return Err(NoPort::Several { lan: *lan, ports: format!("{name}, {}", others.join(", ")) });
    }
    match way {
        None => Err(NoPort::NoWay { peer }),
        Some(by) if !lan.contains(&by) => Err(NoPort::OtherWay { peer, by, lan: *lan }),
        Some(address) => Ok(Port { name: name.to_owned(), address }),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{Listed, NoPort, Port, choose, port_name};

    fn port((name, address): (&str, &str)) -> Port {
        Port { name: name.to_owned(), address: address.parse().unwrap() }
    }

    fn linked(ports: &[(&str, &str)]) -> Vec<Listed> {
        ports.iter().map(|one| Listed { port: port(*one), has_link: true }).collect()
    }

    fn chosen(way: &str, there: &[(&str, &str)]) -> Result<Port, NoPort> {
        choose(&"192.168.0.0/24".parse().unwrap(), "192.0.2.1".parse().unwrap(), way.parse().ok(), &linked(there))
    }

    const CABLE: (&str, &str) = ("eth0", "192.168.0.7");
    const WIRELESS: (&str, &str) = ("wlan0", "10.0.0.7");

    #[test]
    fn the_port_in_the_network_is_taken_where_the_system_goes_out_there() {
        assert_eq!(chosen("192.168.0.7", &[WIRELESS, CABLE]).unwrap(), port(CABLE));
        let six = choose(
            &"2001:db8:1::/64".parse().unwrap(),
            "2001:db8:9::1".parse().unwrap(),
            "2001:db8:1::77".parse().ok(),
            &linked(&[("en5", "2001:db8:1::5"), ("en5", "2001:db8:1::77"), ("en0", "2001:db8:2::5")]),
        );
        assert_eq!(six.unwrap(), port(("en5", "2001:db8:1::77")));
    }

    #[test]
    fn a_wireless_network_beside_it_never_answers_in_its_place() {
        let lan = "192.168.0.0/24".parse().unwrap();
        assert_eq!(chosen("10.0.0.7", &[WIRELESS]), Err(NoPort::NotThere { lan }));
        let (peer, by) = ("192.0.2.1".parse().unwrap(), "10.0.0.7".parse().unwrap());
        assert_eq!(chosen("10.0.0.7", &[WIRELESS, CABLE]), Err(NoPort::OtherWay { peer, by, lan }));
        assert_eq!(chosen("", &[CABLE]), Err(NoPort::NoWay { peer }));
        let both = chosen("192.168.0.7", &[CABLE, ("wlan0", "192.168.0.8")]);
        assert_eq!(both, Err(NoPort::Several { lan, ports: "eth0, wlan0".to_owned() }));
    }

    #[test]
    fn a_port_whose_cable_is_not_plugged_in_is_none_to_test_from_although_it_has_an_address() {
        let (lan, peer) = ("192.168.0.0/24".parse().unwrap(), "192.168.0.254".parse().unwrap());
        let pulled = Listed { port: port(CABLE), has_link: false };
        let chosen = |ports: &[Listed]| choose(&lan, peer, "192.168.0.7".parse().ok(), ports);
        let no_link = NoPort::NoLink { lan, ports: "eth0".to_owned() };
        assert_eq!(chosen(&[pulled.clone(), Listed { port: port(WIRELESS), has_link: true }]), Err(no_link));
        // It is in no one's way either.
        let other = ("eth1", "192.168.0.7");
        let both = [Listed { port: port(("eth0", "192.168.0.9")), has_link: false }, linked(&[other])[0].clone()];
        assert_eq!(chosen(&both).unwrap(), port(other));
    }

    #[test]
    fn a_further_address_with_a_label_is_on_the_same_port() {
        assert_eq!(["eth0:1", "eth0", "Ethernet 2"].map(port_name), ["eth0", "eth0", "Ethernet 2"]);
    }
}
