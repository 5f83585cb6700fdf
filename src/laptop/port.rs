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
    let ports: Vec<Port> = found.into_iter().map(|one| Port { address: one.ip(), name: one.name }).collect();
    choose(lan, peer.ip(), way_to(peer), &ports)
}

/// The address by which the system would speak to a peer. Nothing is sent.
fn way_to(peer: SocketAddr) -> Option<IpAddr> {
    let any: IpAddr = if peer.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(peer).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

fn choose(lan: &IpNet, peer: IpAddr, way: Option<IpAddr>, ports: &[Port]) -> Result<Port, NoPort> {
    let names: BTreeSet<&str> =
        ports.iter().filter(|port| lan.contains(&port.address)).map(|port| port.name.as_str()).collect();
    let mut names = names.into_iter();
    let Some(name) = names.next() else { return Err(NoPort::NotThere { lan: *lan }) };
    let others: Vec<&str> = names.collect();
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
    use super::{NoPort, Port, choose};

    fn ports(ports: &[(&str, &str)]) -> Vec<Port> {
        ports
            .iter()
            .map(|(name, address)| Port { name: (*name).to_owned(), address: address.parse().unwrap() })
            .collect()
    }

    fn chosen(way: &str, there: &[(&str, &str)]) -> Result<Port, NoPort> {
        choose(&"192.168.0.0/24".parse().unwrap(), "192.0.2.1".parse().unwrap(), way.parse().ok(), &ports(there))
    }

    const CABLE: (&str, &str) = ("eth0", "192.168.0.7");
    const WIRELESS: (&str, &str) = ("wlan0", "10.0.0.7");

    #[test]
    fn the_port_in_the_network_is_taken_where_the_system_goes_out_there() {
        assert_eq!(chosen("192.168.0.7", &[WIRELESS, CABLE]).unwrap(), ports(&[CABLE])[0]);
        let six = choose(
            &"2001:db8:1::/64".parse().unwrap(),
            "2001:db8:9::1".parse().unwrap(),
            "2001:db8:1::77".parse().ok(),
            &ports(&[("en5", "2001:db8:1::5"), ("en5", "2001:db8:1::77"), ("en0", "2001:db8:2::5")]),
        );
        assert_eq!(six.unwrap(), ports(&[("en5", "2001:db8:1::77")])[0]);
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
}
