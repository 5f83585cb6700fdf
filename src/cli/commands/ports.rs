//! `ports`: the serial ports of this machine, with what tells one USB cable from another.

use clap::Args;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};
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
    if ports.is_empty() {
        context.screen.note(context.screen.lang.pick(
            "no serial port found: is the USB cable plugged in, and its driver installed?",
            "シリアルポートが見つかりません。USB ケーブルの接続とドライバを確認してください",
        ));
    }
    for port in &ports {
        context.screen.say(&format!("{}\n", line(port)));
    }
    let records: Vec<PortRecord<'_>> = ports.iter().map(record).collect();
    context.screen.document("ports", Exit::Done, &serde_json::json!({ "ports": records }));
    Ok(Exit::Done)
}

fn line(port: &Port) -> String {
    let Some(usb) = &port.usb else { return port.name.clone() };
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
