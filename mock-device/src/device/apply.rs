//! What a configuration line does to the configuration, side effects included.
//!
//! Pure: the same configuration and the same line give the same result.

use super::config::{Block, Config, Lines, Placement};
use super::hash;
use super::mode::{Inner, Inside, Mode};
use super::model::Model;
use super::refusal::{Refusal, fill};
use crate::grammar::rows::{self, Does, Row};
use crate::grammar::{Command, Miss, Sub};
use crate::scenario::{Absent, Duplicate, GroupAgain, MissingList, NoDescription, Overlap, Readings, Rebind};

/// The place of IPv4 addresses in an interface.
const ADDRESSES: u16 = 10;

/// The place of `encapsulation` in an interface.
const ENCAPSULATION: u16 = 2;

/// The place of `auto-connect` in an interface.
const AUTO_CONNECT: u16 = 3;

/// The place of `ppp binding` in an interface.
const PPP_BINDING: u16 = 4;

/// A router's configuration with what it needs to know to judge a line.
#[derive(Debug, Clone)]
pub struct Device {
    /// The hardware.
    pub model: Model,
    /// The serial number, which colours password hashes.
    pub serial_number: String,
    /// Choices where the fact sheets are silent.
    pub readings: Readings,
    /// The running configuration.
    pub config: Config,
    /// Whether an accepted line waits for a restart.
    pub restart_pending: bool,
}

/// What an accepted line did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Lines the router prints.
    pub notices: Vec<String>,
    /// The mode the session is in afterwards, when it changed.
    pub mode: Option<Mode>,
}

impl Device {
    /// A factory-default box.
    pub fn factory(model: Model, serial_number: &str, readings: &Readings) -> Self {
        let mut config = Config::default();
        for name in model.devices() {
            config.blocks.push(Block::new(Sub::Device, format!("device {name}"), (*name).to_owned()));
        }
        for name in model.interfaces().iter().chain(&["Loopback0.0", "Null0.0"]) {
            config.blocks.push(Block::new(Sub::Interface, format!("interface {name}"), (*name).to_owned()));
        }
        Self {
            model,
            serial_number: serial_number.to_owned(),
            readings: readings.clone(),
            config,
            restart_pending: false,
        }
    }

    /// Applies one command that was read at `mode`.
    ///
    /// # Errors
    /// When the router refuses it; nothing has changed then.
    pub fn apply(&mut self, mode: &Mode, command: &Command) -> Result<Applied, Refusal> {
        let Some(row) = rows::all().get(command.row) else { return Ok(Applied::default()) };
        match row.does {
            Does::Open(sub) if sub.is_inner() => self.open_inner(sub, mode, command),
            Does::Open(sub) => self.open(sub, command),
            _ if row.at.contains(&crate::grammar::Place::Global) => {
                let mut lines = std::mem::take(&mut self.config.lines);
                let result = self.edit(row, &mut lines, None, command);
                self.config.lines = lines;
                result
            }
            _ => self.edit_block(row, mode, command),
        }
    }

    fn edit_block(&mut self, row: &Row, mode: &Mode, command: &Command) -> Result<Applied, Refusal> {
        let Mode::Sub(inside) = mode else { return Ok(Applied::default()) };
        let at = self.config.blocks.iter().position(|b| b.sub == inside.sub && b.header == inside.header);
        let Some(mut block) = at.and_then(|at| self.config.blocks.get(at).cloned()) else {
            return Err(Refusal::NoInterface(inside.name.clone()));
        };
        let result = match inside.inner.as_ref().and_then(|i| block.inner.iter_mut().find(|b| b.header == i.header)) {
            Some(inner) => {
                let mut lines = std::mem::take(&mut inner.lines);
                let result = self.edit(row, &mut lines, None, command);
                inner.lines = lines;
                result
            }
            None => {
                let mut lines = std::mem::take(&mut block.lines);
                let result = self.edit(row, &mut lines, Some(&mut block), command);
                block.lines = lines;
                result
            }
        };
        if result.is_ok()
            && let Some(place) =
                self.config.blocks.iter_mut().find(|b| b.sub == inside.sub && b.header == inside.header)
        {
            *place = block;
        }
        result
    }

    fn edit(
        &mut self,
        row: &Row,
        lines: &mut Lines,
        block: Option<&mut Block>,
        command: &Command,
    ) -> Result<Applied, Refusal> {
        let text = command.words.join(" ");
        let key = |count: u8| {
            let all = command.words.len();
            let count = if count == 0 { all } else { usize::from(count).min(all) };
            command.words.get(..count).unwrap_or_default().join(" ")
        };
        if command.negated {
            match row.does {
                Does::DefaultOn(count) | Does::Literal(count) => lines.put(row.rank, &key(count), format!("no {text}")),
                Does::Shutdown => {
                    if let Some(block) = block {
                        block.shut = false;
                    }
                }
                Does::VlanGroup => return self.drop_group(lines, block, command),
                Does::Vrf => {
                    if lines.remove(row.rank, |line| starts(&line.text, &text)) > 0
                        && self.readings.leaving_vrf_drops_address
                    {
                        lines.remove(10, |_| true);
                    }
                }
                Does::Encapsulation if self.readings.ppp_wants_encapsulation => {
                    if lines.of(PPP_BINDING).next().is_some() {
                        return Err(Refusal::Grammar(Miss::Invalid));
                    }
                    let removed = self.remove(row, lines, &text)?;
                    lines.remove(AUTO_CONNECT, |_| true);
                    return Ok(removed);
                }
                _ if command.words.first().is_some_and(|word| word == "description") => {
                    match (self.readings.no_description, command.words.len()) {
                        (NoDescription::RefuseText, 2..) => return Err(Refusal::Grammar(Miss::Invalid)),
                        (NoDescription::NeedText, ..2) => return Err(Refusal::Grammar(Miss::Incomplete)),
                        (NoDescription::IgnoreText, 2..) => return Ok(Applied::default()),
                        _ => return self.remove(row, lines, &text),
                    }
                }
                _ => {
                    let removed = self.remove(row, lines, &text)?;
                    if let (Some(block), ["neighbor", peer, "remote-as", ..], true) =
                        (block, text.split(' ').collect::<Vec<_>>().as_slice(), self.readings.peer_takes_lines_along)
                    {
                        let of_peer = format!("neighbor {peer}");
                        for lines in block.inner.iter_mut().map(|inner| &mut inner.lines).chain([lines]) {
                            lines.remove_all(|line| starts(&line.text, &of_peer));
                        }
                    }
                    return Ok(removed);
                }
            }
            return Ok(Applied::default());
        }
        if let Some(block) = block.as_deref().filter(|block| block.sub == Sub::Interface)
            && row.rank == ADDRESSES
            && self.readings.overlap == Overlap::Refuse
            && self.stands_elsewhere(&block.name, lines, &text)
        {
            return Err(Refusal::Duplicate(text));
        }
        if self.readings.ppp_wants_encapsulation
            && block.as_deref().is_some_and(|block| block.sub == Sub::Interface && !block.name.starts_with("Tunnel"))
            && (row.rank == PPP_BINDING || text == "ip address ipcp")
            && !lines
                .of(ENCAPSULATION)
                .any(|line| starts(line, "encapsulation ppp") || starts(line, "encapsulation pppoe"))
        {
            return Err(Refusal::Grammar(Miss::Invalid));
        }
        match row.does {
            Does::Keep(count) => lines.put(row.rank, &key(count), text),
            Does::KeepLast(count) => {
                let last = command.words.len().saturating_sub(usize::from(count)).max(1);
                let words = command.words.iter().take(1).chain(command.words.iter().skip(last));
                lines.put(row.rank, &words.map(String::as_str).collect::<Vec<_>>().join(" "), text);
            }
            Does::DefaultOn(count) => {
                lines.remove_key(row.rank, &key(count));
            }
            Does::Literal(count) => lines.put(row.rank, &key(count), text),
            Does::Header(count) => {
                let at = Placement { rank: row.rank, name: &key(count), head: true, number: None };
                lines.insert(at, &key(count + 1), text);
            }
            Does::Entry(count) => return self.entry(row, lines, &key(count), count, command),
            Does::Filter => return self.filter(row, lines, command),
            Does::Shutdown => {
                if let Some(block) = block {
                    block.shut = true;
                }
            }
            Does::Address => lines.put(row.rank, "ip address", text),
            Does::Vrf => return self.join_vrf(row, lines, &text, command),
            Does::VlanGroup => return self.vlan_group(row, lines, block, command),
            Does::Encapsulation => {
                let known = lines.get(row.rank, "encapsulation") == Some(text.as_str());
                lines.put(row.rank, "encapsulation", text);
                if self.readings.makes_auto_connect
                    && command.words.get(1).is_some_and(|word| word == "dot1q")
                    && lines.get(AUTO_CONNECT, "auto-connect").is_none()
                {
                    lines.put(AUTO_CONNECT, "auto-connect", "auto-connect".to_owned());
                }
                if !known && command.words.get(1).is_some_and(|word| word == "dot1q") {
                    self.restart_pending = true;
                    return Ok(self.notice(|texts| texts.restart_needed.clone()));
                }
            }
            Does::User => return self.user(row, lines, command),
            Does::Secret(_) => lines.put(row.rank, &key(2), self.sealed(command)),
            Does::Open(_) | Does::Run(_) => {}
        }
        Ok(Applied::default())
    }

    fn remove(&self, row: &Row, lines: &mut Lines, text: &str) -> Result<Applied, Refusal> {
        let gone = match row.does {
            Does::Address if text == "ip address" || text == "ip unnumbered" => {
                lines.remove(row.rank, |line| starts(&line.text, text))
            }
            Does::Address => lines.remove(row.rank, |line| line.text == text),
            _ if lines.remove_key(row.rank, text) => 1,
            _ => lines.remove(row.rank, |line| starts(&line.text, text)),
        };
        match (gone, self.readings.absent) {
            // The router prints `no ip address` itself, so it takes it back on any interface.
            (0, Absent::Refuse) if row.does != Does::Address => Err(Refusal::Absent(text.to_owned())),
            _ => Ok(Applied::default()),
        }
    }

    fn entry(
        &self,
        row: &Row,
        lines: &mut Lines,
        name: &str,
        count: u8,
        command: &Command,
    ) -> Result<Applied, Refusal> {
        let text = command.words.join(" ");
        let mut number: Option<u64> = command.words.get(usize::from(count)).and_then(|word| word.parse().ok());
        let mut key = text.clone();
        let mut printed = text.clone();
        if lines.get(row.rank, &key).is_some() {
            match self.readings.duplicate_entry {
                Duplicate::Ignore => return Ok(Applied::default()),
                Duplicate::Refuse => return Err(Refusal::Duplicate(name.to_owned())),
                Duplicate::Append => {
                    let same = lines.of(row.rank).filter(|line| *line == text).count();
                    key = format!("{text} \0{same}");
                }
            }
        }
        if let Some(number) = number {
            key = format!("{name} {number}");
        } else if let Some(step) = sequence_step(lines, row.rank, name) {
            let last = lines.of(row.rank).filter_map(|line| sequence_of(line, name)).max().unwrap_or(0);
            number = Some(last + step);
            key = format!("{name} {}", last + step);
            printed = format!("{name} {} {}", last + step, text.get(name.len() + 1..).unwrap_or_default());
        }
        lines.insert(Placement { rank: row.rank, name, head: false, number }, &key, printed);
        Ok(Applied::default())
    }

    fn filter(&self, row: &Row, lines: &mut Lines, command: &Command) -> Result<Applied, Refusal> {
        let word = |at: usize| command.words.get(at).map(String::as_str).unwrap_or_default();
        let (family, list) = (word(0), word(2));
        let rank = if family == "ip" { 56 } else { 74 };
        let known = |start: String| self.config_lines_start(rank, &start) || self.config_lines_start(rank + 1, &start);
        if self.readings.missing_list == MissingList::Refuse
            && !known(format!("{family} access-list {list}"))
            && !known(format!("{family} access-list dynamic {list}"))
        {
            return Err(Refusal::NoList(list.to_owned()));
        }
        let mut key = format!("{} {}", word(3), word(4));
        let text = command.words.join(" ");
        match (lines.get(row.rank, &key), self.readings.rebind) {
            (Some(there), Rebind::Refuse) if there != text => return Err(Refusal::SequenceTaken(word(3).to_owned())),
            (Some(there), Rebind::Add) if there != text => key = text.clone(),
            _ => {}
        }
        lines.put(row.rank, &key, text);
        Ok(Applied::default())
    }

    /// Whether a global line starts so. While a global line itself is edited the store is empty, which no caller needs.
    fn config_lines_start(&self, rank: u16, start: &str) -> bool {
        self.config.lines.of(rank).any(|line| starts(line, start))
    }

    fn join_vrf(&self, row: &Row, lines: &mut Lines, text: &str, command: &Command) -> Result<Applied, Refusal> {
        let name = command.words.last().cloned().unwrap_or_default();
        if self.readings.vrf_declared && !self.config.lines.has(&format!("ip vrf {name}")) {
            return Err(Refusal::NoVrf(name));
        }
        if lines.get(row.rank, "ip vrf forwarding") != Some(text) {
            lines.remove(10, |_| true);
            lines.put(row.rank, "ip vrf forwarding", text.to_owned());
        }
        Ok(Applied::default())
    }

    /// Whether another address of the interface, or of one in the same VRF, has this address's network.
    fn stands_elsewhere(&self, name: &str, lines: &Lines, text: &str) -> bool {
        let vrf = |lines: &Lines| lines.get(8, "ip vrf forwarding").map(str::to_owned);
        let secondary = |line: &str| line.ends_with(" secondary");
        let Some(wanted) = network(text) else { return false };
        let meets = |line: &str| network(line).is_some_and(|other| meet(wanted, other));
        let own = lines.of(ADDRESSES).filter(|line| *line != text && (secondary(line) || secondary(text))).any(meets);
        let others = self.config.blocks.iter().filter(|other| other.sub == Sub::Interface && other.name != name);
        own || others.filter(|other| vrf(&other.lines) == vrf(lines)).any(|other| other.lines.of(ADDRESSES).any(meets))
    }

    fn vlan_group(
        &mut self,
        row: &Row,
        lines: &mut Lines,
        block: Option<&mut Block>,
        command: &Command,
    ) -> Result<Applied, Refusal> {
        let Some(block) = block else { return Ok(Applied::default()) };
        let group = command.words.get(1).cloned().unwrap_or_default();
        let ports = self.model.switch_ports(&block.name);
        let asked: Vec<&String> = command.words.iter().skip(3).collect();
        for port in &asked {
            if !port.parse::<u8>().is_ok_and(|port| (1..=ports).contains(&port)) {
                return Err(Refusal::Port((*port).clone()));
            }
        }
        let line = command.words.join(" ");
        let line = match (lines.get(row.rank, &format!("vlan-group {group}")), self.readings.group_again) {
            (Some(there), GroupAgain::Refuse) if there != line => return Err(Refusal::Duplicate(line)),
            (Some(there), GroupAgain::Add) => {
                let mut ports: Vec<&str> = there.split(' ').skip(3).collect();
                ports.extend(asked.iter().map(|port| port.as_str()));
                ports.sort_unstable();
                ports.dedup();
                format!("vlan-group {group} port {}", ports.join(" "))
            }
            _ => line,
        };
        let others: Vec<String> = lines.of(row.rank).map(str::to_owned).collect();
        for line in others.iter().filter(|line| !starts(line, &format!("vlan-group {group}"))) {
            let words: Vec<&str> = line.split(' ').collect();
            let (head, theirs) = words.split_at(3.min(words.len()));
            let left: Vec<&str> =
                theirs.iter().copied().filter(|port| !asked.iter().any(|wanted| wanted == port)).collect();
            if left.len() == theirs.len() {
                continue;
            }
            if !self.readings.port_may_move {
                return Err(Refusal::Port(group));
            }
            let number = words.get(1).copied().unwrap_or_default();
            lines.put(row.rank, &format!("vlan-group {number}"), format!("{} {}", head.join(" "), left.join(" ")));
        }
        lines.put(row.rank, &format!("vlan-group {group}"), line);
        let name = format!("{}:{group}.0", block.name);
        if self.config.interface(&name).is_none() {
            self.config.blocks.push(Block::new(Sub::Interface, format!("interface {name}"), name));
        }
        Ok(Applied::default())
    }

    fn drop_group(
        &mut self,
        lines: &mut Lines,
        block: Option<&mut Block>,
        command: &Command,
    ) -> Result<Applied, Refusal> {
        let group = command.words.get(1).cloned().unwrap_or_default();
        let there = lines.remove_key(1, &format!("vlan-group {group}"));
        if let Some(block) = block {
            let prefix = format!("{}:{group}.", block.name);
            self.config.blocks.retain(|b| b.sub != Sub::Interface || !b.name.starts_with(&prefix));
        }
        match (there, self.readings.absent) {
            (false, Absent::Refuse) => Err(Refusal::Absent(group)),
            _ => Ok(Applied::default()),
        }
    }

    fn user(&self, row: &Row, lines: &mut Lines, command: &Command) -> Result<Applied, Refusal> {
        let words = &command.words;
        let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
        let (name, right) = (word(1), words.last().map(String::as_str).unwrap_or_default());
        let secret = word(words.len().saturating_sub(2));
        let stored = match word(3) {
            "plain" => hash::hashed(&self.serial_number, secret),
            _ => secret.to_owned(),
        };
        let key = format!("username {name}");
        let known = lines.get(row.rank, &key).is_some();
        lines.put(row.rank, &key, format!("username {name} password hash {stored} {right}"));
        Ok(self.notice(|texts| fill(if known { &texts.user_changed } else { &texts.user_added }, name)))
    }

    fn sealed(&self, command: &Command) -> String {
        let mut words = command.words.clone();
        let secret = words.pop().unwrap_or_default();
        let plain = words.pop();
        debug_assert_eq!(plain.as_deref(), Some("plain"));
        let stored = hash::sealed(&self.serial_number, &secret);
        if words.first().is_some_and(|word| word == "http-server") {
            words.pop();
            return format!("{} secret-password {stored}", words.join(" "));
        }
        format!("{} secret {stored}", words.join(" "))
    }

    fn open(&mut self, sub: Sub, command: &Command) -> Result<Applied, Refusal> {
        let header = command.words.join(" ");
        let name = match sub {
            Sub::Watch => command.words.get(1..).unwrap_or_default().join("-"),
            _ => command.words.get(named_after(sub)).cloned().unwrap_or_default(),
        };
        if command.negated {
            return self.close_block(sub, &header, &name);
        }
        let mut applied = Applied::default();
        if self.config.block(sub, &header).is_none() {
            let created = match sub {
                Sub::Interface => self.may_create(&name).ok_or_else(|| Refusal::NoInterface(name.clone()))?,
                Sub::Device => return Err(Refusal::NoInterface(name)),
                _ => false,
            };
            self.config.blocks.push(Block::new(sub, header.clone(), name.clone()));
            if created {
                applied = self.notice(|texts| fill(&texts.interface_created, &name));
            }
        }
        applied.mode = Some(Mode::Sub(Inside { sub, header, name, inner: None }));
        Ok(applied)
    }

    fn open_inner(&mut self, sub: Sub, mode: &Mode, command: &Command) -> Result<Applied, Refusal> {
        let Mode::Sub(inside) = mode else { return Ok(Applied::default()) };
        let header = command.words.join(" ");
        let outer = self.config.blocks.iter_mut().find(|b| b.sub == inside.sub && b.header == inside.header);
        let Some(block) = outer else { return Err(Refusal::Absent(inside.name.clone())) };
        if command.negated {
            block.inner.retain(|b| b.header != header);
            return Ok(Applied::default());
        }
        if !block.inner.iter().any(|b| b.header == header) {
            block.inner.push(Block::new(sub, header.clone(), header.clone()));
        }
        let inner = Some(Inner { sub, header });
        Ok(Applied { mode: Some(Mode::Sub(Inside { inner, ..inside.clone() })), ..Applied::default() })
    }

    fn close_block(&mut self, sub: Sub, header: &str, name: &str) -> Result<Applied, Refusal> {
        let base = sub == Sub::Device
            || self.model.interfaces().contains(&name)
            || ["Loopback0.0", "Null0.0"].contains(&name)
            || (name.contains(':') && name.ends_with(".0"));
        if matches!(sub, Sub::Device | Sub::Interface) && base {
            return Err(Refusal::Fixed(name.to_owned()));
        }
        let before = self.config.blocks.len();
        self.config.blocks.retain(|b| b.sub != sub || b.header != header);
        match (before == self.config.blocks.len(), self.readings.absent) {
            (true, Absent::Refuse) => Err(Refusal::Absent(name.to_owned())),
            _ => Ok(Applied::default()),
        }
    }

    /// Whether an interface that is not there may come into being, and whether the router says so.
    fn may_create(&self, name: &str) -> Option<bool> {
        let (port, unit) = name.split_once('.').unwrap_or((name, "0"));
        if let Some(number) = name.strip_prefix("BVI") {
            return number.parse::<u8>().is_ok().then_some(true);
        }
        // Both are on a 10.10.29 in addition to the ones of the box; nothing is known of others.
        if name.starts_with("Tunnel") || name.starts_with("Loopback") || name == "Null1.0" {
            return Some(false);
        }
        let (device, group) = port.split_once(':').unwrap_or((port, ""));
        let there = group.is_empty() || self.config.interface(&format!("{device}:{group}.0")).is_some();
        let ethernet = ["GigaEthernet", "FastEthernet"].iter().any(|kind| device.starts_with(kind))
            && self.model.devices().contains(&device);
        (ethernet && there && unit.parse::<u16>().is_ok_and(|unit| unit > 0)).then_some(true)
    }

    fn notice(&self, text: impl Fn(&crate::scenario::Texts) -> String) -> Applied {
        let text = text(&self.readings.texts);
        Applied { notices: if text.is_empty() { Vec::new() } else { vec![text] }, mode: None }
    }
}

/// Which word of the opening line names the block.
fn named_after(sub: Sub) -> usize {
    match sub {
        Sub::Dhcp | Sub::Dhcp6Client | Sub::Dhcp6Server | Sub::Ospf | Sub::Ospf6 | Sub::Rip => 3,
        Sub::Device | Sub::Interface | Sub::RouteMap | Sub::ClassMap | Sub::PolicyMap => 1,
        _ => 2,
    }
}

/// The IPv4 network of an address line, with its length.
fn network(line: &str) -> Option<(u32, u32)> {
    let (address, length) = line.split(' ').find_map(|word| word.split_once('/'))?;
    Some((u32::from(address.parse::<std::net::Ipv4Addr>().ok()?), length.parse().ok().filter(|length| *length <= 32)?))
}

/// Whether two networks share addresses.
fn meet((one, long): (u32, u32), (other, length): (u32, u32)) -> bool {
    (one ^ other).checked_shr(32 - long.min(length)).unwrap_or(0) == 0
}

/// Whether a line begins with these words, whole words only.
fn starts(line: &str, words: &str) -> bool {
    line.strip_prefix(words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn sequence_step(lines: &Lines, rank: u16, name: &str) -> Option<u64> {
    lines.of(rank).find_map(|line| line.strip_prefix(name)?.strip_prefix(" sequence-mode ")?.parse().ok())
}

fn sequence_of(line: &str, name: &str) -> Option<u64> {
    line.strip_prefix(name)?.trim_start().split(' ').next()?.parse().ok()
}
