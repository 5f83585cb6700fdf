//! The hardware models the mock can be.
//!
//! The IX2215 is attested (fact sheet 6 and 8); of the IX2106 only its name, its firmware and one interface are, of the IX2105 and the
//! IX2025 what one display of each shows. What is guessed is listed in the package's README.

use serde::{Deserialize, Serialize};

/// A router model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs, reason = "product names")]
pub enum Model {
    #[default]
    #[serde(rename = "IX2215")]
    Ix2215,
    #[serde(rename = "IX2106")]
    Ix2106,
    #[serde(rename = "IX2105")]
    Ix2105,
    #[serde(rename = "IX2025")]
    Ix2025,
}

impl Model {
    /// Every model the mock can be.
    pub const ALL: [Self; 4] = [Self::Ix2215, Self::Ix2106, Self::Ix2105, Self::Ix2025];

    /// The name as the router prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ix2215 => "IX2215",
            Self::Ix2106 => "IX2106",
            Self::Ix2105 => "IX2105",
            Self::Ix2025 => "IX2025",
        }
    }

    /// The image family in the version line.
    pub fn family(self) -> &'static str {
        match self {
            Self::Ix2215 | Self::Ix2105 | Self::Ix2025 => "magellan-sec",
            Self::Ix2106 => "moonlit-sec",
        }
    }

    /// The firmware a model has unless the scenario says otherwise.
    pub fn firmware(self) -> &'static str {
        match self {
            Self::Ix2215 => "10.7.18",
            Self::Ix2106 => "10.9.34",
            Self::Ix2105 => "10.2.16",
            Self::Ix2025 => "9.5.20",
        }
    }

    /// Its devices, in printed order.
    pub fn devices(self) -> &'static [&'static str] {
        match self {
            Self::Ix2215 => &["GigaEthernet0", "GigaEthernet1", "GigaEthernet2", "BRI0", "USB0"],
            Self::Ix2106 | Self::Ix2105 => &["GigaEthernet0", "GigaEthernet1"],
            Self::Ix2025 => &["FastEthernet0/0", "FastEthernet0/1", "FastEthernet1/0", "BRI1/0"],
        }
    }

    /// The interfaces every configuration has, in printed order, `Loopback0.0` and `Null0.0` apart.
    pub fn interfaces(self) -> &'static [&'static str] {
        match self {
            Self::Ix2215 => &["GigaEthernet0.0", "GigaEthernet1.0", "GigaEthernet2.0", "BRI0.0", "USB-Serial0.0"],
            Self::Ix2106 | Self::Ix2105 => &["GigaEthernet0.0", "GigaEthernet1.0"],
            Self::Ix2025 => &["FastEthernet0/0.0", "FastEthernet0/1.0", "FastEthernet1/0.0", "BRI1/0.0"],
        }
    }

    /// The interface of its LAN switch, where a management cable usually is.
    pub fn lan(self) -> &'static str {
        match self {
            Self::Ix2215 => "GigaEthernet2.0",
            Self::Ix2106 | Self::Ix2105 => "GigaEthernet1.0",
            Self::Ix2025 => "FastEthernet1/0.0",
        }
    }

    /// How many switch ports a device has; 0 when it is no switch.
    pub fn switch_ports(self, device: &str) -> u8 {
        match (self, device) {
            (Self::Ix2215, "GigaEthernet2") => 8,
            (Self::Ix2106 | Self::Ix2105, "GigaEthernet1") | (Self::Ix2025, "FastEthernet1/0") => 4,
            _ => 0,
        }
    }

    /// Bytes of memory for the startup configuration.
    pub fn startup_capacity(self) -> usize {
        1_048_576
    }
}
