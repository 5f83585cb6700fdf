//! A serial console.

use std::fmt;

use crate::inventory::yaml::{Content, Field, Table, half_width};

use super::finding::ConnectionFinding;
use super::{Baud, DeclaredLogin, baud, login};

/// A serial console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Serial {
    /// Which port.
    pub port: PortChoice,
    /// Its speed.
    pub baud: Baud,
    /// The login; `None` for a box that has no administrator yet and lets everyone in.
    pub login: Option<DeclaredLogin>,
}

/// Which serial port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortChoice {
    /// By its name: `/dev/ttyUSB0`, `COM3`.
    Name(String),
    /// By what the USB adapter reports.
    Usb {
        /// Vendor id.
        vendor: u16,
        /// Product id.
        product: u16,
        /// The adapter's own serial number; any where none is named.
        serial_number: Option<String>,
    },
    /// The only USB serial port there is.
    Auto,
}

/// The name, `auto`, or `usb:0403:6001` with the adapter's serial number after it.
impl fmt::Display for PortChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Auto => f.write_str("auto"),
            Self::Usb { vendor, product, serial_number } => {
                write!(f, "usb:{vendor:04x}:{product:04x}")?;
                serial_number.iter().try_for_each(|number| write!(f, ":{number}"))
            }
        }
    }
}

/// What `defaults` may hold too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Common {
    port: Option<PortChoice>,
    baud: Option<Baud>,
    login: Option<DeclaredLogin>,
}

/// Reads what `defaults` may hold too.
pub(super) fn common(table: &mut Table<'_>) -> Common {
    let named = table.get("port").and_then(|f| port_name(&f)).map(PortChoice::Name);
    let usb = table.get("usb").and_then(|f| usb(&f));
    let auto = table.get("auto").and_then(|f| f.boolean()).unwrap_or(false).then_some(PortChoice::Auto);
    let ports: Vec<PortChoice> = [named, usb, auto].into_iter().flatten().collect();
    if ports.len() > 1 {
        table.field().refuse(&ConnectionFinding::SeveralPorts);
    }
    let baud = table.get("baud").and_then(|f| baud(&f));
    let login = table.get("login").and_then(|f| login(&f));
    Common { port: ports.into_iter().next(), baud, login }
}

/// Reads `serial:` of a router.
pub(super) fn read(field: &Field<'_>, defaults: &Common) -> Option<Serial> {
    if let Content::Scalar { text, .. } = field.content() {
        field.refuse(&port_alone(text));
        return None;
    }
    let mut table = field.table("a serial console", "シリアルコンソール")?;
    let own = common(&mut table);
    let port = own.port.or_else(|| defaults.port.clone());
    // A key that is there and wrong has been reported already.
    if port.is_none() && ["port", "usb", "auto"].iter().all(|key| !table.has(key)) {
        field.refuse(&ConnectionFinding::NoPort);
    }
    table.finish();
    Some(Serial {
        port: port.unwrap_or(PortChoice::Auto),
        baud: own.baud.or(defaults.baud).unwrap_or_default(),
        login: own.login.or_else(|| defaults.login.clone()),
    })
}

/// No system names its ports in full-width characters.
fn port_name(field: &Field<'_>) -> Option<String> {
    let name = field.text()?;
    let Some(meant) = half_width(&name) else { return Some(name) };
    field.refuse(&ConnectionFinding::WidePort { text: name, meant });
    None
}

/// The name of a port where a table belongs: `serial: COM3`.
fn port_alone(text: &str) -> ConnectionFinding {
    let meant = match text {
        "" | "auto" | "true" => "serial: { auto: true }".to_owned(),
        port => format!("serial: {{ port: {port} }}"),
    };
    ConnectionFinding::PortAlone { text: text.to_owned(), meant }
}

fn usb(field: &Field<'_>) -> Option<PortChoice> {
    let mut table = field.table("a USB adapter", "USB アダプタ")?;
    let vendor = table.require("vendor").and_then(|f| usb_id(&f));
    let product = table.require("product").and_then(|f| usb_id(&f));
    let serial_number = table.get("serial_number").and_then(|f| f.text());
    table.finish();
    Some(PortChoice::Usb { vendor: vendor?, product: product?, serial_number })
}

fn usb_id(field: &Field<'_>) -> Option<u16> {
    let text = field.text()?;
    let id = (text.len() == 4).then(|| u16::from_str_radix(&text, 16).ok()).flatten();
    if id.is_none() {
        field.refuse(&ConnectionFinding::NoUsbId);
    }
    id
}
