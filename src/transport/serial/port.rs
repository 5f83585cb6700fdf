//! Which serial ports exist, and which of them a choice means.

use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serialport::SerialPortType;

use super::{SerialError, error, platform};
use crate::inventory::PortChoice;

/// A serial port of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// The name to open it by.
    pub name: String,
    /// What is known of the USB cable, where it is one.
    pub usb: Option<Usb>,
}

/// A USB cable's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usb {
    /// Vendor number.
    pub vendor: u16,
    /// Product number.
    pub product: u16,
    /// The cable's own serial number, where it has one.
    pub serial_number: Option<String>,
    /// Maker's name, from the cable or from the table of usual console cables.
    pub maker: Option<String>,
    /// Product's name.
    pub name: Option<String>,
}

/// How often the list of ports is looked at while a cable is waited for.
const LOOK: Duration = Duration::from_millis(200);

/// Makers of the chips in usual console cables, by USB vendor number.
const MAKERS: [(u16, &str); 5] =
    [(0x0403, "FTDI"), (0x067b, "Prolific"), (0x10c4, "Silicon Labs"), (0x1a86, "WCH"), (0x04b4, "Cypress")];

/// Lists the serial ports of this machine by name.
///
/// # Errors
/// [`SerialError::List`] when the system does not tell.
pub fn list_ports() -> Result<Vec<Port>, SerialError> {
    let found = serialport::available_ports().map_err(|error| SerialError::List { reason: error::reason(&error) })?;
    let mut ports: Vec<Port> = found
        .into_iter()
        .filter(|port| platform::is_listed(&port.port_name))
        .map(|port| Port { name: port.port_name, usb: usb(port.port_type) })
        .collect();
    ports.sort_by(|a, b| (a.usb.is_none(), &a.name).cmp(&(b.usb.is_none(), &b.name)));
    Ok(ports)
}

/// The ports that a console may be on: the one that is named, where it is there; else every USB cable. None is opened.
///
/// # Errors
/// [`SerialError::List`] when the system does not tell.
pub fn console_ports(named: Option<&str>) -> Result<Vec<Port>, SerialError> {
    let ports = list_ports()?;
    let Some(named) = named else { return Ok(ports.into_iter().filter(|port| port.usb.is_some()).collect()) };
    let name = platform::device(named);
    // A link to a port is in no list, and may be named all the same.
    let unlisted = || platform::exists(name).then(|| Port { name: name.to_owned(), usb: None });
    Ok(ports.into_iter().find(|port| port.name == name).or_else(unlisted).into_iter().collect())
}

fn usb(port_type: SerialPortType) -> Option<Usb> {
    let SerialPortType::UsbPort(info) = port_type else { return None };
    let known = MAKERS.iter().find(|(vendor, _)| *vendor == info.vid).map(|(_, maker)| (*maker).to_owned());
    Some(Usb {
        vendor: info.vid,
        product: info.pid,
        serial_number: info.serial_number,
        maker: info.manufacturer.or(known),
        name: info.product,
    })
}

impl PortChoice {
    /// The name of the one port that is meant.
    ///
    /// # Errors
    /// [`SerialError::NotFound`] or [`SerialError::Ambiguous`] with the ports there are.
    pub fn resolve(&self, list: &dyn Fn() -> Result<Vec<Port>, SerialError>) -> Result<String, SerialError> {
        if let Self::Name(name) = self {
            return Ok(platform::device(name).to_owned());
        }
        let ports = list()?;
        let mut fitting = ports.iter().filter(|port| self.fits(port));
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => Ok(only.name.clone()),
            (None, _) => Err(SerialError::NotFound { wanted: self.to_string(), ports: describe(&ports) }),
            (Some(_), Some(_)) => {
                let fitting: Vec<Port> = ports.iter().filter(|port| self.fits(port)).cloned().collect();
                Err(SerialError::Ambiguous { wanted: self.to_string(), ports: describe(&fitting) })
            }
        }
    }

    /// Refuses a port that is certainly not there. None is opened for that; where the system does not tell, opening it will.
    ///
    /// # Errors
    /// As [`PortChoice::resolve`].
    pub fn expect_there(&self) -> Result<(), SerialError> {
        match self.resolve(&list_ports)? {
            name if platform::is_missing(&name) => Err(self.missing()),
            _ => Ok(()),
        }
    }

    /// Waits until the port is there, or until it is gone: a cable that is moved. The name while it is there.
    ///
    /// Looks a few times a second; a message or a hang-up on `stop` ends the wait, and so does the deadline.
    ///
    /// # Errors
    /// [`SerialError::Ambiguous`] and [`SerialError::List`] at once; [`SerialError::NotFound`] when the deadline passes.
    pub fn wait(&self, present: bool, stop: &Receiver<()>, until: Instant) -> Result<Option<String>, SerialError> {
        loop {
            let found = match self.resolve(&list_ports) {
                Ok(name) if matches!(self, Self::Name(_)) && !platform::exists(&name) => Err(self.missing()),
                other => other,
            };
            let last = match found {
                Ok(name) if present => return Ok(Some(name)),
                Ok(_) => None,
                Err(SerialError::NotFound { .. }) if !present => return Ok(None),
                Err(missing @ SerialError::NotFound { .. }) => Some(missing),
                Err(error) => return Err(error),
            };
            let left = until.saturating_duration_since(Instant::now());
            let stopped = !matches!(stop.recv_timeout(left.min(LOOK)), Err(RecvTimeoutError::Timeout));
            if stopped || left.is_zero() {
                return Err(last.unwrap_or_else(|| SerialError::StillThere { port: self.to_string() }));
            }
        }
    }

    fn missing(&self) -> SerialError {
        SerialError::NotFound { wanted: self.to_string(), ports: seen() }
    }

    fn fits(&self, port: &Port) -> bool {
        match (self, &port.usb) {
            (Self::Name(name), _) => *name == port.name,
            (Self::Auto, usb) => usb.is_some(),
            (Self::Usb { vendor, product, serial_number }, Some(usb)) => {
                usb.vendor == *vendor
                    && usb.product == *product
                    && serial_number.as_ref().is_none_or(|number| usb.serial_number.as_ref() == Some(number))
            }
            (Self::Usb { .. }, None) => false,
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        let Some(usb) = &self.usb else { return Ok(()) };
        write!(f, " (usb:{:04x}:{:04x}", usb.vendor, usb.product)?;
        if let Some(number) = &usb.serial_number {
            write!(f, ":{number}")?;
        }
        if let Some(maker) = &usb.maker {
            write!(f, ", {maker}")?;
        }
        f.write_str(")")
    }
}

/// The ports there are, for messages; none where the system does not tell.
pub(super) fn seen() -> Vec<String> {
    describe(&list_ports().unwrap_or_default())
}

fn describe(ports: &[Port]) -> Vec<String> {
    ports.iter().map(ToString::to_string).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Port, PortChoice, SerialError, Usb};

    /// A file plays the port; possible only where ports are files.
    #[cfg(unix)]
    #[test]
    fn a_cable_that_is_moved_is_waited_for() {
        use std::sync::mpsc;
        use std::thread;
        use std::time::{Duration, Instant};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("port");
        let choice = PortChoice::Name(path.display().to_string());
        let (keep, stop) = mpsc::channel();
        let soon = Instant::now() + Duration::from_secs(10);
        assert_eq!(choice.wait(false, &stop, soon).unwrap(), None, "gone already");
        thread::scope(|scope| {
            scope.spawn(|| std::fs::write(&path, "").unwrap());
            assert!(choice.wait(true, &stop, soon).unwrap().is_some());
        });
        assert!(matches!(choice.wait(false, &stop, Instant::now()), Err(SerialError::StillThere { .. })));
        drop(keep);
        assert!(matches!(choice.wait(false, &stop, soon), Err(SerialError::StillThere { .. })), "told to stop");
    }

    /// Where ports are files, a file plays the port.
    #[cfg(unix)]
    #[test]
    fn only_the_port_that_is_named_may_be_a_console_and_only_while_it_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("port").display().to_string();
        assert_eq!(super::console_ports(Some(&path)).unwrap(), []);
        std::fs::write(&path, "").unwrap();
        assert_eq!(super::console_ports(Some(&path)).unwrap(), [Port { name: path, usb: None }]);
        assert!(super::console_ports(None).unwrap().iter().all(|port| port.usb.is_some()));
    }

    fn port(name: &str, usb: Option<(u16, u16, &str)>) -> Port {
        let usb = usb.map(|(vendor, product, number)| Usb {
            vendor,
            product,
            serial_number: Some(number.to_owned()),
            maker: None,
            name: None,
        });
        Port { name: name.to_owned(), usb }
    }

    fn usb(product: u16, number: Option<&str>) -> PortChoice {
        PortChoice::Usb { vendor: 0x0403, product, serial_number: number.map(str::to_owned) }
    }

    #[test]
    fn a_choice_is_printed_as_it_is_looked_for() {
        assert_eq!(PortChoice::Auto.to_string(), "auto");
        assert_eq!(usb(0x6001, None).to_string(), "usb:0403:6001");
        assert_eq!(usb(0x6001, Some("FT12")).to_string(), "usb:0403:6001:FT12");
    }

    #[test]
    fn one_fitting_port_is_needed() {
        let two = || {
            Ok(vec![port("a", Some((0x0403, 0x6001, "X"))), port("b", Some((0x067b, 0x2303, "Y"))), port("c", None)])
        };
        let choose = |choice: PortChoice| choice.resolve(&two);
        assert_eq!(choose(usb(0x6001, None)).unwrap(), "a");
        assert_eq!(choose(usb(0x6001, Some("X"))).unwrap(), "a");
        let named = choose(PortChoice::Name("/dev/other".to_owned())).unwrap();
        assert_eq!(named, "/dev/other", "a name is opened as given");
        assert!(matches!(choose(PortChoice::Auto), Err(SerialError::Ambiguous { ports, .. }) if ports.len() == 2));
        assert!(matches!(choose(usb(0x6001, Some("Z"))), Err(SerialError::NotFound { ports, .. }) if ports.len() == 3));
        assert!(matches!(choose(usb(0x6002, None)), Err(SerialError::NotFound { .. })), "another product");
    }
}
