//! What may be in the way of a console cable on this machine: ports that are refused or held, cables that have no driver.
//!
//! Gathers, and judges nothing. Opening a port types nothing. How much a system tells differs: what it does not tell is nothing here.

use super::{PortChoice, SerialError, SerialTarget, list_ports, survey_platform};

/// A chip of usual console cables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chip {
    /// FT232 and its relatives.
    Ftdi,
    /// PL2303.
    Prolific,
    /// CH340 and CH341, by WCH.
    Ch340,
    /// CP2102 and its relatives, by Silicon Labs.
    Cp210x,
}

impl Chip {
    /// Every chip.
    pub const ALL: [Self; 4] = [Self::Ftdi, Self::Prolific, Self::Ch340, Self::Cp210x];

    /// The chip behind the numbers that a USB device shows.
    pub fn of(vendor: u16, product: u16) -> Option<Self> {
        match (vendor, product) {
            (0x0403, 0x6001 | 0x6010 | 0x6011 | 0x6014 | 0x6015) => Some(Self::Ftdi),
            (0x067b, 0x2303 | 0x2304 | 0x23a3 | 0x23b3 | 0x23c3 | 0x23d3 | 0x23e3 | 0x23f3) => Some(Self::Prolific),
            (0x1a86, 0x5523 | 0x7522 | 0x7523) => Some(Self::Ch340),
            (0x10c4, 0xea60 | 0xea61 | 0xea63 | 0xea70 | 0xea71) => Some(Self::Cp210x),
            _ => None,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ftdi => "FTDI FT232",
            Self::Prolific => "Prolific PL2303",
            Self::Ch340 => "WCH CH340",
            Self::Cp210x => "Silicon Labs CP210x",
        }
    }

    /// The driver of the Linux kernel.
    pub fn linux_driver(self) -> &'static str {
        match self {
            Self::Ftdi => "ftdi_sio",
            Self::Prolific => "pl2303",
            Self::Ch340 => "ch341",
            Self::Cp210x => "cp210x",
        }
    }

    /// Who has the driver for other systems.
    pub fn driver_site(self) -> &'static str {
        match self {
            Self::Ftdi => "https://ftdichip.com/drivers/vcp-drivers",
            Self::Prolific => "https://www.prolific.com.tw",
            Self::Ch340 => "https://www.wch-ic.com",
            Self::Cp210x => "https://www.silabs.com",
        }
    }
}

/// The group that owns a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortGroup {
    /// Its name.
    pub name: String,
    /// This user is listed in it, and has not logged in since.
    pub is_listed: bool,
}

/// A program that has a port open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its name, as the system has it.
    pub program: String,
    /// Its process.
    pub process: u32,
}

/// What is in the way of a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// This user may not open it; the group that may, where the system has one.
    Denied(Option<PortGroup>),
    /// Another program has it open; which, where the system tells.
    Held(Option<Holder>),
}

/// A port that cannot be used now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedPort {
    /// The port.
    pub name: String,
    /// Why.
    pub obstacle: Obstacle,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PortSurvey {
    /// How many ports there are.
    pub ports: usize,
    /// How many of them are USB cables.
    pub cables: usize,
    /// Those that cannot be used now.
    pub blocked: Vec<BlockedPort>,
    /// Cables of usual chips that have no port; nothing where the system does not tell.
    pub without_driver: Option<Vec<Chip>>,
}

/// Counts ports and cables, and names the cables that have no port. None is opened.
///
/// # Errors
/// [`SerialError::List`] when the system does not list its ports.
pub fn cables() -> Result<PortSurvey, SerialError> {
    let ports = list_ports()?;
    Ok(PortSurvey {
        blocked: Vec::new(),
        cables: ports.iter().filter(|port| port.usb.is_some()).count(),
        ports: ports.len(),
        without_driver: survey_platform::without_driver(),
    })
}

/// What is in the way of one port; nothing where it can be opened, and where it is not there.
pub fn obstacle(name: &str, speed: u32) -> Option<BlockedPort> {
    let target = SerialTarget { port: PortChoice::Name(name.to_owned()), speed };
    let obstacle = match super::open(&target) {
        Err(SerialError::Denied { .. }) => Obstacle::Denied(survey_platform::group_of(name)),
        Err(SerialError::Busy { .. }) => Obstacle::Held(survey_platform::holder_of(name)),
        _ => return None,
    };
    Some(BlockedPort { name: name.to_owned(), obstacle })
}

/// Looks at every port of this machine, and at the cables that have none.
///
/// # Errors
/// [`SerialError::List`] when the system does not list its ports.
pub fn survey(speed: u32) -> Result<PortSurvey, SerialError> {
    let blocked = list_ports()?.iter().filter_map(|port| obstacle(&port.name, speed)).collect();
    Ok(PortSurvey { blocked, ..cables()? })
}
