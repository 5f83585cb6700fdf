//! Values a command cannot take, lines that come back different, and words that are not written out.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::remark::Remark;
use super::{Finding, Level, finding};
use crate::dialect::grammar::{Row, Type, words};
use crate::dialect::model::looks_like_interface;
use crate::ix::line;
use crate::ix::mask::{MASK, holds_secret, mask_line};
use crate::ix::{Config, Node};
use crate::message::Text;

pub(super) fn judge(config: &Config, findings: &mut Vec<Finding>) {
    let grammar = config.grammar();
    config.walk(&mut |path, node| {
        let context = path.last().map_or("global", |header| header.context());
        if let Err(error) = line::check_command(grammar, Some(context), &node.text) {
            findings.push(finding(Level::Error, node.line, &Remark::NotConfiguration { error }));
            return;
        }
        if let Err(error) = line::check_host_name(config.dialect(), &node.text) {
            findings.push(finding(Level::Error, node.line, &Remark::HostName { error }));
        }
        if let Some(long) = node.written_out(path, grammar, grammar) {
            let remark = Remark::Abbreviation { line: mask_line(&node.text), written_out: mask_line(&long) };
            findings.push(finding(Level::Error, node.line, &remark));
            return;
        }
        match &node.row {
            Some(_) => {
                values(node, findings);
                comes_back(node, findings);
            }
            // Said as what it is: a command of another series.
            None if grammar.difference(context, &words(&node.text)).is_some() => {}
            None => unknown(node, findings),
        }
    });
}

fn values(node: &Node, findings: &mut Vec<Finding>) {
    let Some(row) = &node.row else { return };
    let (split, captures) = node.read();
    for (index, arg) in row.args.iter().enumerate() {
        let value = captures.words(index, &split).join(" ");
        if value.is_empty() || value.contains("<secret:") || sound(arg.kind, &arg.name, gives_address(row), &value) {
            continue;
        }
        // What no address is, no router takes. Of everything else a device may know better than the table.
        let level = if impossible(arg.kind, &value) { Level::Error } else { Level::Warning };
        let wanted = if gives_address(row) { wanted(Type::Prefix4) } else { wanted(arg.kind) };
        let value = if holds_secret(&node.text) { MASK.to_owned() } else { value };
        findings.push(finding(level, node.line, &Remark::Value { value, line: mask_line(&node.text), wanted }));
    }
}

fn wanted(kind: Type) -> Text {
    match kind {
        Type::Name(longest) => {
            Text::new(format!("a name of at most {longest} characters"), format!("{longest}文字以内の名前"))
        }
        Type::Interface => Text::new("the name of an interface", "インタフェース名"),
        Type::Ipv4 => Text::new("an IPv4 address", "IPv4アドレス"),
        Type::Ipv6 => Text::new("an IPv6 address", "IPv6アドレス"),
        Type::Prefix4 => Text::new("an IPv4 address with a length of 0 to 32", "IPv4アドレス/プレフィックス長(0〜32)"),
        Type::Prefix6 => {
            Text::new("an IPv6 address with a length of 0 to 128", "IPv6アドレス/プレフィックス長(0〜128)")
        }
        Type::Route4 => Text::new(
            "an IPv4 network with a length of 0 to 32, or `default`",
            "IPv4ネットワーク/プレフィックス長(0〜32)または default",
        ),
        Type::Route6 => Text::new(
            "an IPv6 network with a length of 0 to 128, or `default`",
            "IPv6ネットワーク/プレフィックス長(0〜128)または default",
        ),
        Type::Word | Type::Number | Type::Endpoint | Type::Secret | Type::Rest => Text::new("a word", "語"),
    }
}

/// Whether it is the line that gives an interface its address.
fn gives_address(row: &Row) -> bool {
    row.address && row.leading == "ip address"
}

fn sound(kind: Type, name: &str, of_interface: bool, value: &str) -> bool {
    let prefix = |most: u8, v4: bool| {
        value.split_once('/').is_some_and(|(address, length)| {
            address.parse::<IpAddr>().is_ok_and(|address| address.is_ipv4() == v4)
                && length.parse::<u8>().is_ok_and(|length| length <= most)
        })
    };
    match kind {
        Type::Name(longest) => value.chars().count() <= usize::from(longest),
        Type::Interface => looks_like_interface(value),
        Type::Ipv4 => value.parse::<Ipv4Addr>().is_ok(),
        Type::Ipv6 => value.parse::<Ipv6Addr>().is_ok(),
        Type::Prefix4 => prefix(32, true),
        Type::Prefix6 => prefix(128, false),
        Type::Route4 => value == "default" || prefix(32, true),
        Type::Route6 => value == "default" || prefix(128, false),
        // The value of `ip address` is an address with its length or one of a few words (dhcp, ipcp, map-e).
        Type::Rest if name == "ADDRESS" && value.starts_with(|first: char| first.is_ascii_digit()) => {
            prefix(32, true) || (!of_interface && (prefix(128, false) || value.parse::<IpAddr>().is_ok()))
        }
        Type::Word | Type::Number | Type::Endpoint | Type::Secret | Type::Rest => true,
    }
}

/// Whether a value is an address with a length that no address has.
fn impossible(kind: Type, value: &str) -> bool {
    let takes_length = matches!(kind, Type::Prefix4 | Type::Prefix6 | Type::Route4 | Type::Route6 | Type::Rest);
    takes_length
        && value.split_once('/').is_some_and(|(address, length)| {
            let most = address.parse::<IpAddr>().map(|address| if address.is_ipv4() { 32 } else { 128 });
            most.is_ok_and(|most| length.parse::<u32>().is_ok_and(|length| length > most))
        })
}

fn comes_back(node: &Node, findings: &mut Vec<Finding>) {
    let Some(row) = &node.row else { return };
    if node.off && row.off.is_none() {
        findings.push(finding(Level::Warning, node.line, &Remark::OnlyRemoves { line: mask_line(&node.text) }));
    }
    if let Some(written) = node.as_written() {
        let (written, shown) = (mask_line(written), mask_line(&node.text));
        findings.push(finding(Level::Info, node.line, &Remark::ComesBackAs { written, shown }));
    }
    let plain = row.secret.is_some_and(|(_, form)| form == crate::dialect::grammar::ComesBack::Hash)
        && words(&node.text).contains(&"plain");
    if plain && !node.text.contains("<secret:") {
        findings.push(finding(Level::Info, node.line, &Remark::ComesBackAsHash { line: mask_line(&node.text) }));
    }
}

fn unknown(node: &Node, findings: &mut Vec<Finding>) {
    findings.push(finding(Level::Warning, node.line, &Remark::Unrecognised { line: mask_line(&node.text) }));
}
