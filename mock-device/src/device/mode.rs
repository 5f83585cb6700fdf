//! The mode a session is in: operation mode, global configuration mode, or a submode.

use crate::grammar::{Place, Sub};

/// A session's mode.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Mode {
    /// `Router# `
    #[default]
    Operation,
    /// `Router(config)# `
    Global,
    /// `Router(config-...)# `
    Sub(Inside),
}

/// The block a submode edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// Which submode.
    pub sub: Sub,
    /// The block's opening line.
    pub header: String,
    /// The block's name.
    pub name: String,
    /// The inner block, for the submodes that have them.
    pub inner: Option<Inner>,
}

/// A block inside a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inner {
    /// Which submode.
    pub sub: Sub,
    /// The block's opening line.
    pub header: String,
}

impl Mode {
    /// The place in the grammar.
    pub fn place(&self) -> Place {
        match self {
            Self::Operation => Place::Operation,
            Self::Global => Place::Global,
            Self::Sub(inside) => Place::Sub(inside.inner.as_ref().map_or(inside.sub, |inner| inner.sub)),
        }
    }

    /// The text between the brackets of the prompt; nothing in operation mode.
    ///
    /// Attested: interfaces, devices, IPv4 DHCP profiles, watch-groups, tunnels. The rest is invented.
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Operation => None,
            Self::Global => Some("config".to_owned()),
            Self::Sub(inside) => {
                let name = &inside.name;
                Some(match (inside.sub, &inside.inner) {
                    (_, Some(inner)) if inner.sub == Sub::PolicyClass => format!("config-pmap-{name}-class"),
                    (_, Some(_)) => "config-bgp-af".to_owned(),
                    (Sub::Dhcp, _) => format!("config-dhcp-{name}"),
                    (Sub::Watch, _) => format!("config-watch-{name}"),
                    (Sub::Dhcp6Client, _) => format!("config-dhcpv6-client-{name}"),
                    (Sub::Dhcp6Server, _) => format!("config-dhcpv6-server-{name}"),
                    (Sub::Ppp, _) => format!("config-ppp-{name}"),
                    (Sub::RouteMap, _) => format!("config-rmap-{name}"),
                    (Sub::ClassMap, _) => format!("config-cmap-{name}"),
                    (Sub::PolicyMap, _) => format!("config-pmap-{name}"),
                    (Sub::Bgp, _) => "config-bgp".to_owned(),
                    (Sub::Ospf, _) => "config-ospf".to_owned(),
                    (Sub::Ospf6, _) => "config-ospfv3".to_owned(),
                    (Sub::Rip, _) => "config-rip".to_owned(),
                    (Sub::Ikev2, _) if name.is_empty() => "config-ikev2".to_owned(),
                    (Sub::Ikev2, _) => format!("config-ikev2-{name}"),
                    (Sub::WebConsole, _) => "config-web-console".to_owned(),
                    (Sub::Device | Sub::Interface | Sub::BgpFamily | Sub::PolicyClass, _) => format!("config-{name}"),
                })
            }
        }
    }

    /// The mode after `exit`; nothing when that is a logout.
    pub fn up(&self) -> Option<Self> {
        match self {
            Self::Operation => None,
            Self::Global => Some(Self::Operation),
            Self::Sub(inside) if inside.inner.is_some() => Some(Self::Sub(Inside { inner: None, ..inside.clone() })),
            Self::Sub(_) => Some(Self::Global),
        }
    }
}
