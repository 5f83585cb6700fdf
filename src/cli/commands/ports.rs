//! `ports`: the serial ports of this machine, with what tells one USB cable from another.

use clap::Args;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
use crate::message::Lang;
use crate::transport::serial::{self, Port};

#[derive(Serialize)]
struct PortRecord<'a> {
    name: &'a str,
    usb: Option<UsbRecord<'a>>,
}

#[derive(Serialize)]
struct UsbRecord<'a> {
    vendor_id: String,
    product_id: String,
    serial_number: Option<&'a str>,
    manufacturer: Option<&'a str>,
    product: Option<&'a str>,
}

/// List serial ports with USB vendor, product and serial number
#[derive(Debug, Clone, Args)]
pub struct PortsArgs {}

impl Subcommand for PortsArgs {
    const NAME: &'static str = "ports";
    const GROUP: Group = Group::Machine;
    const JAPANESE: &'static str = "シリアルポートを USB ベンダー・製品・シリアル番号とともに一覧します";
    const EXAMPLES: &'static [&'static str] = &["ixdeploy ports", "ixdeploy ports --format json"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        Ok(run(context)?)
    }
}

/// Lists the ports.
///
/// # Errors
/// When the system does not list them.
fn run(context: &Context) -> Result<Exit, Failure> {
    let ports = serial::list_ports().map_err(|error| Failure::new(&error, Exit::Usage))?;
    for port in &ports {
        context.screen.say_prose(&format!("{}\n", line(port, context.screen.lang)));
    }
    if let Some(missing) = missing(&ports, context.screen.lang) {
        context.screen.note_prose(missing);
    }
    let records: Vec<PortRecord<'_>> = ports.iter().map(record).collect();
    context.screen.document("ports", Exit::Done, &serde_json::json!({ "ports": records }));
    Ok(Exit::Done)
}

/// That no USB cable was seen, where that is so: a built-in port alone is hardly ever the console.
fn missing(ports: &[Port], lang: Lang) -> Option<&'static str> {
    if ports.iter().any(|port| port.usb.is_some()) {
        return None;
    }
    Some(if ports.is_empty() {
        lang.pick(
            "no serial port was found, and no USB cable was seen: is it plugged in, and its driver installed? (`ixdeploy doctor`)",
            "シリアルポートも USB ケーブルも見つかりません。接続とドライバを確認してください(`ixdeploy doctor`)",
        )
    } else {
        lang.pick(
            "no USB cable was seen: is it plugged in, and its driver installed? (`ixdeploy doctor`)",
            "USB ケーブルが見つかりません。接続とドライバを確認してください(`ixdeploy doctor`)",
        )
    })
}

fn line(port: &Port, lang: Lang) -> String {
    let Some(usb) = &port.usb else {
        return format!(
            "{}  {}",
            port.name,
            lang.pick("built in (no USB cable)", "内蔵ポート(USB ケーブルではありません)")
        );
    };
    let mut line = format!("{}  usb {:04x}:{:04x}", port.name, usb.vendor, usb.product);
    if let Some(serial_number) = &usb.serial_number {
        line.push_str(&format!("  serial {serial_number}"));
    }
    for text in [&usb.maker, &usb.name].into_iter().flatten() {
        line.push_str(&format!("  {text}"));
    }
    line
}

fn record(port: &Port) -> PortRecord<'_> {
    PortRecord {
        name: &port.name,
        usb: port.usb.as_ref().map(|usb| UsbRecord {
            vendor_id: format!("{:04x}", usb.vendor),
            product_id: format!("{:04x}", usb.product),
            serial_number: usb.serial_number.as_deref(),
            manufacturer: usb.maker.as_deref(),
            product: usb.name.as_deref(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{line, missing};
    use crate::message::Lang;
    use crate::transport::serial::{Port, Usb};

    #[test]
    fn what_is_built_in_is_said_and_that_no_usb_cable_was_seen() {
        let built_in = Port { name: "/dev/ttyS0".to_owned(), usb: None };
        let usb = Usb { vendor: 0x0403, product: 0x6001, serial_number: None, maker: Some("FTDI".into()), name: None };
        let cable = Port { name: "/dev/ttyUSB0".to_owned(), usb: Some(usb) };
        assert_eq!(line(&built_in, Lang::En), "/dev/ttyS0  built in (no USB cable)");
        assert_eq!(line(&cable, Lang::En), "/dev/ttyUSB0  usb 0403:6001  FTDI");
        let said = |ports: &[Port]| missing(ports, Lang::En).unwrap_or_default();
        assert!(said(&[]).starts_with("no serial port was found, and no USB cable was seen"));
        assert!(said(std::slice::from_ref(&built_in)).starts_with("no USB cable was seen"));
        assert_eq!(said(&[cable, built_in]), "");
    }
}
