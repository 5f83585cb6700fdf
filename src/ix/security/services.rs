//! Which services a configuration opens, and for whom. Sections are those of the fact sheet.

use super::fact::{Answer, Fact, Finding};
use super::reading::{MOST_LINES, Reading, begins, is_sure, shown};
use crate::dialect::ConfigWords;
use crate::dialect::grammar::{CommandKind, words};
use crate::ix::{Config, Node};
use crate::message::Text;

/// A service.
struct Service {
    fact: Fact,
    /// The words that its commands begin with.
    family: &'static str,
    /// The commands that switch it on, in the global mode or, in other series, of an interface; `*` stands for any words.
    on: Vec<&'static str>,
}

/// All of them: section 9 (SSH, telnet, web), 5 (NetMeister), 11 (DNS, DHCP); SNMP and USB by the table's own marks.
fn services(words: &'static ConfigWords) -> [Service; 8] {
    let service = |fact, family, on: &[&'static str]| Service { fact, family, on: on.to_vec() };
    [
        service(Fact::SshServer, "ssh-server", &[words.ssh_server]),
        service(Fact::TelnetServer, "telnet-server", &["telnet-server ip enable"]),
        service(Fact::WebServer, "http-server", &["http-server ip enable"]),
        service(Fact::SnmpAgent, "snmp-agent", &["snmp-agent ip enable", "snmp-agent ipv6 enable"]),
        service(Fact::NetMeister, "nm", &["nm ip enable"]),
        service(Fact::DnsProxy, "proxy-dns", &["proxy-dns ip enable", "proxy-dns ipv6 enable"]),
        service(Fact::DhcpServer, "ip dhcp", &["ip dhcp binding *", "ipv6 dhcp server *"]),
        service(Fact::UsbMemory, "usbmem", &["usbmem enable"]),
    ]
}

/// The ways to manage a router over the network.
const MAINTENANCE: [Fact; 5] =
    [Fact::SshServer, Fact::TelnetServer, Fact::WebServer, Fact::SnmpAgent, Fact::NetMeister];

/// What was found of a service.
struct Opened<'c> {
    fact: Fact,
    answer: Answer,
    /// The lines that switch it on.
    on: Vec<&'c Node>,
    lines: Vec<String>,
    /// Other lines about it whose meaning is not known.
    unsure: Vec<String>,
    reasons: Vec<Text>,
}

impl Opened<'_> {
    fn finding(&self) -> Finding {
        Finding { fact: self.fact, answer: self.answer, lines: self.lines.clone(), reasons: self.reasons.clone() }
    }
}

/// The answers about services and remote maintenance.
pub(super) fn findings(reading: &Reading<'_>) -> Vec<Finding> {
    let services = services(reading.config.dialect().words());
    let opened: Vec<Opened<'_>> = services.iter().map(|service| opened(reading, service)).collect();
    let ways: Vec<&Opened<'_>> = opened.iter().filter(|one| MAINTENANCE.contains(&one.fact)).collect();
    let mut findings: Vec<Finding> = opened.iter().map(Opened::finding).collect();
    findings.push(together(Fact::RemoteMaintenance, &ways, Answer::any(ways.iter().map(|one| one.answer))));
    findings.push(restricted(reading.config, &ways));
    let clear: Vec<&Opened<'_>> =
        ways.iter().copied().filter(|one| matches!(one.fact, Fact::TelnetServer | Fact::WebServer)).collect();
    let closed = match Answer::any(clear.iter().map(|one| one.answer)) {
        Answer::Yes => Answer::No,
        Answer::No => Answer::Yes,
        Answer::NotKnown => Answer::NotKnown,
    };
    findings.push(together(Fact::ClearTextClosed, &clear, closed));
    findings.push(idle_logout(reading));
    findings
}

fn together(fact: Fact, ways: &[&Opened<'_>], answer: Answer) -> Finding {
    let lines = ways.iter().flat_map(|one| one.lines.iter().cloned()).collect();
    let reasons = if answer == Answer::NotKnown { reasons_of(ways) } else { Vec::new() };
    Finding { fact, answer, lines, reasons }
}

/// Why some of them are not known, each reason once.
fn reasons_of(ways: &[&Opened<'_>]) -> Vec<Text> {
    let mut all: Vec<Text> = Vec::new();
    for reason in ways.iter().filter(|one| one.answer == Answer::NotKnown).flat_map(|one| &one.reasons) {
        if !all.contains(reason) {
            all.push(reason.clone());
        }
    }
    all
}

/// Whether a service is on.
fn opened<'c>(reading: &Reading<'c>, service: &Service) -> Opened<'c> {
    let mut found = Opened {
        fact: service.fact,
        answer: Answer::Yes,
        on: Vec::new(),
        lines: Vec::new(),
        unsure: Vec::new(),
        reasons: Vec::new(),
    };
    let mut visit = |header: Option<&'c Node>, node: &'c Node| {
        if node.off || found.lines.len() >= MOST_LINES {
            return;
        }
        let path: Vec<&Node> = header.into_iter().collect();
        let is_on = service.on.iter().any(|form| says(node, form));
        if is_on && is_sure(node) {
            found.lines.push(shown(&path, node));
            found.on.push(node);
        } else if is_on || !is_known(node) && !node.text.starts_with("no ") && begins(node, service.family) {
            found.unsure.push(shown(&path, node));
        }
    };
    for node in &reading.config.nodes {
        visit(None, node);
        if node.context() == "interface" {
            node.children.iter().for_each(|line| visit(Some(node), line));
        }
    }
    if !found.on.is_empty() {
        return found;
    }
    found.lines.clone_from(&found.unsure);
    found.reasons = match found.unsure.is_empty() {
        true => reading.why_absence_is_unsure().into_iter().collect(),
        false => vec![not_sure()],
    };
    found.answer = if found.reasons.is_empty() { Answer::No } else { Answer::NotKnown };
    found
}

/// Why a line is no answer.
fn not_sure() -> Text {
    Text::new("what this line does is not known for sure", "この行の動作は確認されていません")
}

/// Whether a line is this command; `*` stands for any words.
fn says(node: &Node, form: &str) -> bool {
    match form.strip_suffix(" *") {
        Some(start) => node.text.strip_prefix(start).is_some_and(|rest| rest.starts_with(' ')),
        None => &*node.text == form,
    }
}

/// Whether the table knows a line as a command of its own, however sure: what switches a service on by such a line is in the list above.
fn is_known(node: &Node) -> bool {
    node.row.as_ref().is_some_and(|row| !row.family)
}

/// Whether each way in is limited to sources: by the list of its server (section 9), by that of each community.
fn restricted(config: &Config, ways: &[&Opened<'_>]) -> Finding {
    let mut limits = Limits::default();
    let open: Vec<&&Opened<'_>> = ways.iter().filter(|one| one.answer != Answer::No).collect();
    for way in &open {
        match (way.answer, way.fact) {
            (Answer::NotKnown, _) => limits.not_known(reasons_of(&[way]), &way.lines),
            // It dials out: who may use its account there is in no configuration.
            (_, Fact::NetMeister) => limits.not_known(
                vec![Text::new(
                    "NetMeister: the router dials out, and who may use it there is not in the configuration",
                    "NetMeister: ルータ側から接続するため、利用者の制限はコンフィグからは分かりません",
                )],
                &way.lines,
            ),
            _ => {
                way.on.iter().for_each(|on| limits.server(config, on));
                let others = if way.fact == Fact::SnmpAgent { beside_the_list(config) } else { Vec::new() };
                // What they open may be open for others.
                if !way.unsure.is_empty() || !others.is_empty() {
                    limits.not_known(vec![not_sure()], &[&way.unsure[..], &others].concat());
                }
            }
        }
    }
    if open.is_empty() {
        limits.reasons.push(Text::new("no way in is open", "有効な保守手段がありません"));
    }
    limits.lines.truncate(MOST_LINES);
    Finding {
        fact: Fact::SourceRestricted,
        answer: Answer::all(limits.answers),
        lines: limits.lines,
        reasons: limits.reasons,
    }
}

/// Ways to the SNMP agent (communities of a VRF, users of version 3). It is not known whether its lists restrict them.
fn beside_the_list(config: &Config) -> Vec<String> {
    let is_one = |node: &&Node| {
        !node.off
            && (node.text.starts_with("snmp-agent vrf ") && node.text.contains(" community ")
                || node.text.starts_with("snmpv3 user "))
    };
    config.nodes.iter().filter(is_one).map(|node| shown(&[], node)).collect()
}

/// What limits the ways in, while they are looked at.
#[derive(Default)]
struct Limits {
    answers: Vec<Answer>,
    lines: Vec<String>,
    reasons: Vec<Text>,
}

impl Limits {
    fn not_known(&mut self, why: Vec<Text>, lines: &[String]) {
        self.answers.push(Answer::NotKnown);
        self.reasons.extend(why);
        self.lines.extend_from_slice(lines);
    }

    fn is(&mut self, answer: Answer, why: Text) {
        self.answers.push(answer);
        self.reasons.push(why);
    }

    /// One server: the lists that say who may use it are those that guard it in the table.
    fn server(&mut self, config: &Config, on: &Node) {
        self.lines.push(shown(&[], on));
        let server = on.text.split(' ').next().unwrap_or_default();
        let guards: Vec<&str> =
            on.refers().iter().filter(|object| object.kind().starts_with("guard-")).map(|object| object.id()).collect();
        let guarding =
            config.nodes.iter().filter(|node| node.defines().iter().any(|object| guards.contains(&object.id())));
        let (lists, communities): (Vec<&Node>, Vec<&Node>) =
            guarding.partition(|node| node.text.contains(" access-list "));
        if let Some(list) = lists.first() {
            self.list_of(config, server, list);
        } else if communities.is_empty() {
            let text = Text::new(
                format!("{server}: no list limits its sources"),
                format!("{server}: 接続元を限定するリストがありません"),
            );
            self.is(Answer::No, text);
        } else {
            communities.iter().for_each(|community| self.list_of(config, server, community));
        }
    }

    /// The list that a line names.
    fn list_of(&mut self, config: &Config, server: &str, line: &Node) {
        self.lines.push(shown(&[], line));
        let lists: Vec<&str> =
            line.refers().iter().filter(|object| object.kind().ends_with("-acl")).map(|object| object.id()).collect();
        let entries: Vec<&Node> = config
            .nodes
            .iter()
            .filter(|node| node.kind() == Some(CommandKind::List))
            .filter(|node| node.list().is_some_and(|list| lists.contains(&&**list)))
            .collect();
        self.lines.extend(entries.iter().map(|entry| shown(&[], entry)));
        if !is_sure(line) {
            let why = Text::new(
                format!("{server}: what its list does is not known for sure"),
                format!("{server}: リストの動作は確認されていません"),
            );
            return self.is(Answer::NotKnown, why);
        }
        if entries.is_empty() {
            // A community may have no list at all; of a list that is not there it is not known what it does (section 7).
            let names_none = line.arg("LIST").is_none() && line.arg("OPTIONS").is_none();
            return match names_none {
                true => self.is(
                    Answer::No,
                    Text::new(
                        format!("{server}: a community without a list"),
                        format!("{server}: リストのないコミュニティがあります"),
                    ),
                ),
                false => self.is(
                    Answer::NotKnown,
                    Text::new(
                        format!("{server}: its list has no entry; what the router does then is not known"),
                        format!("{server}: リストにエントリがなく、その場合の動作は確認されていません"),
                    ),
                ),
            };
        }
        let (answer, why) = who_may(server, &entries);
        self.is(answer, why);
    }
}

/// Who may use a server by the entries of its list: only their sources are judged (section 9, M), in the order in which they were entered.
fn who_may(server: &str, entries: &[&Node]) -> (Answer, Text) {
    let mut sorted: Vec<&Node> = entries.to_vec();
    sorted.sort_by_key(|entry| entry.arg("SEQ").and_then(|number| number.parse::<u64>().ok()));
    let mut sources = Vec::new();
    for entry in sorted {
        let Some(source) = source_of(entry) else {
            return (
                Answer::NotKnown,
                Text::new(
                    format!("{server}: an entry of its list names no source"),
                    format!("{server}: 送信元のないエントリがあります"),
                ),
            );
        };
        match (entry.permits(), source.as_str()) {
            (true, "any" | "0.0.0.0/0" | "::/0") => {
                return (
                    Answer::No,
                    Text::new(
                        format!("{server}: its list lets any source in"),
                        format!("{server}: リストがすべての送信元を許可しています"),
                    ),
                );
            }
            (false, "any") => break,
            (true, _) => sources.push(source),
            (false, _) => {}
        }
    }
    let said = match sources.len() {
        0 => Text::new(format!("{server}: its list lets no one in"), format!("{server}: どこからも許可していません")),
        _ => {
            let all = sources.join(", ");
            Text::new(format!("{server}: from {all}"), format!("{server}: 許可する接続元 {all}"))
        }
    };
    (Answer::Yes, said)
}

/// The source of an entry, as it is written.
fn source_of(entry: &Node) -> Option<String> {
    let split = words(&entry.text);
    let from = split.iter().position(|word| *word == "src")? + 1;
    let rest = split.get(from..)?;
    let to = rest.iter().position(|word| matches!(*word, "dest" | "sport")).unwrap_or(rest.len());
    rest.get(..to).filter(|words| !words.is_empty()).map(|words| words.join(" "))
}

/// Section 1: `terminal timeout` logs an idle session out (T); its unit and its default are not attested.
fn idle_logout(reading: &Reading<'_>) -> Finding {
    let line = reading.config.nodes.iter().find(|node| says(node, "terminal timeout *") && !node.off);
    let time = line.and_then(|line| line.arg("TIME")).and_then(|time| time.parse::<u64>().ok());
    let is_set = time.is_some_and(|time| time > 0);
    let (answer, why) = match is_set {
        true => (Answer::Yes, Text::new("the unit of the number is not attested", "数値の単位は確認されていません")),
        false => (Answer::NotKnown, Text::new("the default is not attested", "既定値は確認されていません")),
    };
    let lines = line.map(|line| shown(&[], line)).into_iter().collect();
    Finding { fact: Fact::IdleLogout, answer, lines, reasons: vec![why] }
}
