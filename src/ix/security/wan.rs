//! The side of the line: which interfaces lead to it, and what their filters do. Sections are those of the fact sheet.
//!
//! Which interface leads to the line is not written in a configuration. It is taken from lines that only make sense there, and these are said.

use super::fact::{Answer, Fact, Finding};
use super::reading::{MOST_LINES, Reading, is_sure, shown};
use crate::dialect::grammar::CommandKind;
use crate::ix::{Config, Node};
use crate::message::Text;

/// What is entered on an interface that leads to a line: how it gets its addresses, and what hides the inside behind it.
const SIGNS: [&str; 12] = [
    "encapsulation pppoe",
    "ppp binding ",
    "ip address dhcp",
    "ip address ipcp",
    "ip address map-e",
    "ip napt enable",
    "ip nat enable",
    "ipv6 dhcp client ",
    "ipv6 address autoconfig",
    "ipv6 nd proxy ",
    "tunnel mode map-e",
    "tunnel mode 4-over-6",
];

/// A protocol with its words.
struct Family {
    filter: &'static str,
    dynamic: &'static str,
    list: &'static str,
    /// What an interface that speaks it has.
    spoken: &'static [&'static str],
}

const FAMILIES: [Family; 2] = [
    Family {
        filter: "ip filter ",
        dynamic: "ip access-list dynamic ",
        list: "ip-acl",
        spoken: &["ip address ", "ip unnumbered "],
    },
    Family {
        filter: "ipv6 filter ",
        dynamic: "ipv6 access-list dynamic ",
        list: "ipv6-acl",
        spoken: &["ipv6 enable", "ipv6 address ", "ipv6 dhcp client ", "ipv6 autoselect "],
    },
];

/// An interface that leads to the line.
struct Wan<'c> {
    block: &'c Node,
    /// Why it is taken for one.
    signs: Vec<String>,
}

/// The answers about the side of the line.
pub(super) fn findings(reading: &Reading<'_>) -> Vec<Finding> {
    let wans = wans(reading.config);
    let ask = |fact| {
        if wans.is_empty() {
            let why = Text::new(
                "no line says which interface leads to the line",
                "どのインタフェースが回線側かを示す行がありません",
            );
            let lines = every_filter(reading.config, direction_of(fact));
            return Finding { fact, answer: Answer::NotKnown, lines, reasons: vec![why] };
        }
        let mut asked = Asked { reading, answers: Vec::new(), lines: Vec::new(), reasons: Vec::new() };
        for wan in &wans {
            asked.interface(wan, fact);
        }
        asked.lines.truncate(MOST_LINES);
        Finding { fact, answer: Answer::all(asked.answers), lines: asked.lines, reasons: asked.reasons }
    };
    [Fact::WanFilterIn, Fact::WanFilterOut, Fact::StatefulInspection].map(ask).into()
}

/// The direction of the filters that answer a question.
fn direction_of(fact: Fact) -> &'static str {
    if fact == Fact::WanFilterIn { "in" } else { "out" }
}

/// Whether a line is a filter in a direction.
fn filters(line: &Node, family: &Family, direction: &str) -> bool {
    !line.off
        && line.kind() == Some(CommandKind::Chain)
        && line.text.starts_with(family.filter)
        && line.arg("DIRECTION") == Some(direction)
}

/// The filters of every interface in a direction, for who knows which of them leads to the line.
fn every_filter(config: &Config, direction: &str) -> Vec<String> {
    let mut found = Vec::new();
    for block in config.nodes.iter().filter(|node| node.context() == "interface" && !is_shut(node)) {
        let is_one = |line: &&Node| FAMILIES.iter().any(|family| filters(line, family, direction));
        found.extend(block.children.iter().filter(is_one).map(|line| shown(&[block], line)));
    }
    found.truncate(MOST_LINES);
    found
}

/// The interfaces that lead to the line and are not shut. A default route over a neighbour counts only where nothing else does: it may lead to
/// another router of the site.
fn wans<'c>(config: &'c Config) -> Vec<Wan<'c>> {
    let defaults: Vec<&Node> = config
        .nodes
        .iter()
        .filter(|node| !node.off && (node.text.starts_with("ip route ") || node.text.starts_with("ipv6 route ")))
        .filter(|node| matches!(node.arg("PREFIX"), Some("default" | "0.0.0.0/0" | "::/0")))
        .collect();
    let found = |route: &dyn Fn(&Node, &str) -> bool| -> Vec<Wan<'c>> {
        let blocks = config.nodes.iter().filter(|node| node.context() == "interface" && !is_shut(node));
        let wan = |block: &'c Node| {
            let name = name(block);
            let own =
                block.children.iter().filter(|line| !line.off && has_sign(line)).map(|line| line.text.to_string());
            let routes = defaults.iter().filter(|line| route(line, name)).map(|line| line.text.to_string());
            let signs: Vec<String> = own.chain(routes).collect();
            (!signs.is_empty()).then_some(Wan { block, signs })
        };
        blocks.filter_map(wan).collect()
    };
    let direct = found(&|line, name| line.arg("NEXTHOP") == Some(name));
    if direct.is_empty() { found(&|line, name| line.arg("VIA") == Some(name)) } else { direct }
}

fn name(block: &Node) -> &str {
    block.arg("IF").unwrap_or_default()
}

fn is_shut(block: &Node) -> bool {
    block.children.iter().any(|line| &*line.text == "shutdown")
}

fn has_sign(line: &Node) -> bool {
    SIGNS.iter().any(|sign| match sign.strip_suffix(' ') {
        Some(_) => line.text.starts_with(sign),
        None => line.text.strip_prefix(sign).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')),
    })
}

/// A question while interfaces are asked.
struct Asked<'r> {
    reading: &'r Reading<'r>,
    answers: Vec<Answer>,
    lines: Vec<String>,
    reasons: Vec<Text>,
}

impl Asked<'_> {
    fn interface(&mut self, wan: &Wan<'_>, fact: Fact) {
        let (name, signs) = (name(wan.block), wan.signs.join(", "));
        self.reasons.push(Text::new(
            format!("{name} is taken for the side of the line: {signs}"),
            format!("{name} を回線側とみなしました: {signs}"),
        ));
        for family in &FAMILIES {
            let speaks = |line: &Node| {
                !line.off && family.spoken.iter().any(|words| line.text.starts_with(words) || &*line.text == *words)
            };
            let own = wan.block.children.iter();
            if own.clone().any(speaks) || own.clone().any(|line| !line.off && line.text.starts_with(family.filter)) {
                self.family(wan.block, family, fact);
            }
        }
        if self.answers.is_empty() {
            self.answers.push(Answer::NotKnown);
            self.reasons.push(Text::new(
                format!("{name}: no line says that it speaks IPv4 or IPv6"),
                format!("{name}: IPv4・IPv6 の設定行がありません"),
            ));
        }
    }

    /// One protocol of one interface.
    fn family(&mut self, block: &Node, family: &Family, fact: Fact) {
        let direction = direction_of(fact);
        let mut filters: Vec<&Node> = block.children.iter().filter(|line| filters(line, family, direction)).collect();
        filters.sort_by_key(|line| line.arg("SEQ").and_then(|number| number.parse::<u64>().ok()));
        self.lines.extend(filters.iter().map(|line| shown(&[block], line)));
        let (protocol, name) = (family.filter.trim_end().trim_end_matches(" filter"), name(block));
        if filters.is_empty() {
            let reason = self.reading.why_absence_is_unsure().filter(|_| self.reading.has_gaps);
            let answer = if reason.is_some() { Answer::NotKnown } else { Answer::No };
            self.reasons.extend(reason);
            return self.is(
                answer,
                Text::new(
                    format!("{name}: no {protocol} filter {direction}"),
                    format!("{name}: {protocol} filter の {direction} 方向がありません"),
                ),
            );
        }
        if let Some(why) = self.why_unsure(block, &filters, family) {
            return self.is(Answer::NotKnown, why);
        }
        if fact == Fact::StatefulInspection {
            return self.stateful(&filters, family, name);
        }
        match self.passes_all(&filters, family) {
            true => self.is(
                Answer::No,
                Text::new(
                    format!("{name}: the first {protocol} filter {direction} lets everything pass"),
                    format!("{name}: 最初の {protocol} filter({direction})がすべて許可しています"),
                ),
            ),
            false => self.answers.push(Answer::Yes),
        }
    }

    fn is(&mut self, answer: Answer, why: Text) {
        self.answers.push(answer);
        self.reasons.push(why);
    }

    /// Why it is not known what these filters do.
    fn why_unsure(&self, block: &Node, filters: &[&Node], family: &Family) -> Option<Text> {
        let name = name(block);
        // The second sheet, 4.5, M: on a bridged interface IP filters work only as `bridge ip filter`. What a bridge leaves alone is not attested.
        if let Some(bridged) = block.children.iter().find(|line| !line.off && line.text.starts_with("bridge-group ")) {
            let line = &bridged.text;
            return Some(Text::new(
                format!("{name} is bridged ({line}), and whether its filters work then is not known for sure"),
                format!("{name} はブリッジされており({line})、フィルタが有効かどうかは確認されていません"),
            ));
        }
        if filters.iter().any(|line| !is_sure(line)) {
            return Some(Text::new(
                format!("{name}: what a filter does is not known for sure"),
                format!("{name}: フィルタの動作は確認されていません"),
            ));
        }
        // Section 7: what a filter does whose list is not there is not documented.
        let missing = filters.iter().filter_map(|line| line.arg("LIST")).find(|list| !self.is_there(list, family))?;
        Some(Text::new(
            format!("{name}: the list {missing} is not there; what the router does then is not known"),
            format!("{name}: リスト {missing} がなく、その場合の動作は確認されていません"),
        ))
    }

    fn is_there(&self, list: &str, family: &Family) -> bool {
        let id = format!("{}:{list}", family.list);
        self.reading.config.nodes.iter().any(|node| node.defines().iter().any(|object| object.id() == id))
    }

    /// Whether the first list begins by letting everything pass. One that is stateful counts as such (section 7: of two lists of a name it is used).
    fn passes_all(&self, filters: &[&Node], family: &Family) -> bool {
        let Some(list) = filters.first().and_then(|line| line.arg("LIST")) else { return false };
        let id = format!("{}:{list}", family.list);
        let mut entries: Vec<&Node> = self
            .reading
            .config
            .nodes
            .iter()
            .filter(|node| node.kind() == Some(CommandKind::List) && node.list().is_some_and(|of| **of == *id))
            .collect();
        entries.sort_by_key(|entry| entry.arg("SEQ").and_then(|number| number.parse::<u64>().ok()));
        let first = entries.first().is_some_and(|entry| entry.text.ends_with(" permit ip src any dest any"));
        first && !self.is_dynamic(list, family)
    }

    fn is_dynamic(&self, list: &str, family: &Family) -> bool {
        let nodes = self.reading.config.nodes.iter().filter(|node| !node.off);
        nodes.filter(|node| node.text.starts_with(family.dynamic)).any(|node| node.arg("LIST") == Some(list))
    }

    /// Section 11, T and M: traffic that matches a dynamic list opens a return path.
    fn stateful(&mut self, filters: &[&Node], family: &Family, name: &str) {
        let tracks: Vec<&str> =
            filters.iter().filter_map(|line| line.arg("LIST")).filter(|list| self.is_dynamic(list, family)).collect();
        let nodes = self.reading.config.nodes.iter();
        let definitions = nodes
            .filter(|node| node.text.starts_with(family.dynamic))
            .filter(|node| node.arg("LIST").is_some_and(|list| tracks.contains(&list)))
            .map(|node| shown(&[], node));
        let definitions: Vec<String> = definitions.collect();
        self.lines.extend(definitions);
        match tracks.is_empty() {
            false => self.answers.push(Answer::Yes),
            true => self.is(
                Answer::No,
                Text::new(
                    format!("{name}: no filter that goes out names a dynamic list"),
                    format!("{name}: 送信方向のフィルタにダイナミックリストがありません"),
                ),
            ),
        }
    }
}
