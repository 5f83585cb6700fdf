//! What a router runs besides what it ran before and what our lines changed: lines it made by itself, and lines of someone else.
//!
//! Pure. It compares whole configurations, owned or not; it never decides what to do with a line.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::command::Command;
use super::made::is_factual;
use super::rehearsal::Router;
use super::state::{bare, complete, is_fixed, is_group_interface};
use crate::dialect::grammar::words;
use crate::dialect::model::Parts;
use crate::ix::made::router_made;
use crate::ix::mask::{comparable, mask_line};
use crate::ix::{Config, Node};

/// A line that was not there before and that our plan does not explain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignLine {
    /// The headers of the blocks around it, from the outermost.
    pub section: Vec<Arc<str>>,
    /// The line.
    pub text: Arc<str>,
    /// It is missing, although it was there before and no line of ours removes it.
    pub gone: bool,
}

impl ForeignLine {
    /// The line as it may be shown, with its headers: `+interface GigaEthernet0.0 / ip mtu 1400`.
    pub fn shown(&self) -> String {
        let mark = if self.gone { '-' } else { '+' };
        let headers: String = self.section.iter().map(|header| format!("{} / ", mask_line(header))).collect();
        format!("{mark}{headers}{}", mask_line(&self.text))
    }

    fn place(&self) -> String {
        joined(&self.section, &self.text)
    }
}

/// Everything besides what was there before and what is ours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForeignReport {
    /// What the router made by itself: the table, a fact or a line of ours explains it.
    pub made: Vec<ForeignLine>,
    /// What only another author explains.
    pub foreign: Vec<ForeignLine>,
}

/// Sorts what `running` holds besides `before` and the effects of `typed`, in the order in which these were typed. A line that was
/// there only between two of them is ours too: a push may have stopped anywhere. `facts` are lines that a reviewed fact calls the
/// router's own.
pub fn beside(before: &Config, typed: &[&Command], running: &Config, facts: &[String]) -> ForeignReport {
    let mut model = Router::new(before);
    typed.iter().for_each(|command| enter(&mut model, command));
    let now = Lines::of(running, model.config());
    let mut found = ForeignReport { foreign: reordered(before, model.config(), running), ..ForeignReport::default() };
    let mut known = Known::of(&Lines::of(before, running));
    known.add(&Lines::of(model.config(), running));
    if known.explains(&now) {
        return found;
    }
    let mut model = Router::new(before);
    for command in typed {
        enter(&mut model, command);
        known.add(&Lines::of(model.config(), running));
        if known.explains(&now) {
            return found;
        }
    }
    let ours = Ours::of(typed);
    let judge = Judge { before, running, ours: &ours, facts, now: &now, known: &known };
    for foreign_line in now.foreign_lines(&known) {
        match judge.explain(&foreign_line) {
            Explained::Ours => {}
            Explained::Made => found.made.push(foreign_line),
            Explained::Not => found.foreign.push(foreign_line),
        }
    }
    found
}

/// What `before` becomes when all of this is typed, as far as the model takes it.
pub fn after(before: &Config, typed: &[&Command]) -> Config {
    let mut model = Router::new(before);
    typed.iter().for_each(|command| enter(&mut model, command));
    model.config().clone()
}

/// What the model does not take, the router may have taken: the line itself counts as ours all the same.
fn enter(model: &mut Router, command: &Command) {
    if let Err(refusal) = model.enter(command) {
        tracing::debug!(%refusal, "the router took a line that its model refuses");
    }
}

/// The first entry that is elsewhere, of each list that our lines leave as it was and that has the same entries in another
/// order: what an entry means depends on those before it.
fn reordered(before: &Config, after: &Config, running: &Config) -> Vec<ForeignLine> {
    let entries = |config: &Config| {
        let mut lists: HashMap<Arc<str>, Vec<Arc<str>>> = HashMap::new();
        for node in config.nodes.iter().filter(|node| !node.off) {
            if let Some(list) = node.list() {
                lists.entry(list.clone()).or_default().push(node.text.clone());
            }
        }
        lists
    };
    let permits = |lines: &[Arc<str>]| lines.iter().all(|line| words(line).contains(&"permit"));
    let (before, after, running) = (entries(before), entries(after), entries(running));
    let mut foreign_lines = Vec::new();
    for (list, now) in running {
        let (Some(old), Some(ours)) = (before.get(&list), after.get(&list)) else { continue };
        let sorted = |lines: &[Arc<str>]| {
            let mut lines = lines.to_vec();
            lines.sort();
            lines
        };
        if old != ours || permits(old) || sorted(old) != sorted(&now) {
            continue;
        }
        let moved = now.iter().zip(old).find(|(now, old)| now != old);
        foreign_lines.extend(moved.map(|(text, _)| ForeignLine {
            section: Vec::new(),
            text: text.clone(),
            gone: false,
        }));
    }
    foreign_lines.sort();
    foreign_lines
}

fn joined(section: &[Arc<str>], text: &str) -> String {
    let headers: String = section.iter().map(|header| format!("{header} / ")).collect();
    headers + text
}

/// The lines of a configuration that say something, by their place.
struct Lines(HashMap<String, (Vec<Arc<str>>, Arc<str>)>);

impl Lines {
    fn of(config: &Config, beside: &Config) -> Self {
        let bare = Config::from_nodes(config.dialect(), bare(&complete(config, beside).nodes));
        let mut lines = HashMap::new();
        bare.walk(&mut |path, node| {
            // A block of the box, and one that a group of ports makes, is there whether it is shown or not.
            if path.is_empty() && node.children.is_empty() && (is_fixed(node) || is_group_interface(node)) {
                return;
            }
            let section: Vec<Arc<str>> = path.iter().map(|header| header.text.clone()).collect();
            lines.insert(joined(&section, &node.text), (section, node.text.clone()));
        });
        Self(lines)
    }

    fn has(&self, place: &str) -> bool {
        self.0.contains_key(place)
    }

    /// Lines that are present and not known, and lines that must be present and are missing; in byte order.
    fn foreign_lines(&self, known: &Known) -> Vec<ForeignLine> {
        let foreign_line = |(section, text): &(Vec<Arc<str>>, Arc<str>), gone| ForeignLine {
            section: section.clone(),
            text: text.clone(),
            gone,
        };
        let extra =
            self.0.iter().filter(|(place, _)| !known.any.contains(*place)).map(|(_, line)| foreign_line(line, false));
        let gone = known.always.iter().filter(|(place, _)| !self.has(place)).map(|(_, line)| foreign_line(line, true));
        let mut foreign_lines: Vec<ForeignLine> = extra.chain(gone).collect();
        foreign_lines.sort();
        foreign_lines
    }
}

/// What may be there, and what must.
struct Known {
    any: HashSet<String>,
    always: HashMap<String, (Vec<Arc<str>>, Arc<str>)>,
}

impl Known {
    fn of(lines: &Lines) -> Self {
        Self { any: lines.0.keys().cloned().collect(), always: lines.0.clone() }
    }

    fn add(&mut self, lines: &Lines) {
        self.any.extend(lines.0.keys().cloned());
        self.always.retain(|place, _| lines.has(place));
    }

    fn explains(&self, now: &Lines) -> bool {
        now.0.keys().all(|place| self.any.contains(place)) && self.always.keys().all(|place| now.has(place))
    }
}

/// What was typed, by the section it was typed in.
struct Ours<'c> {
    lines: Vec<(Vec<&'c str>, &'c str)>,
    comparable: HashSet<String>,
}

impl<'c> Ours<'c> {
    fn of(typed: &[&'c Command]) -> Self {
        let mut open: Vec<&str> = Vec::new();
        let mut lines = Vec::new();
        let mut seen = HashSet::new();
        for command in typed {
            open.truncate(command.depth);
            lines.push((open.clone(), &*command.text));
            seen.insert(place_of(&open, &comparable(&command.text)));
            open.push(&command.text);
        }
        Self { lines, comparable: seen }
    }

    /// Lines that were typed in exactly this section.
    fn within(&self, section: &[Arc<str>]) -> impl Iterator<Item = &'c str> {
        let same = |path: &[&str]| path.iter().copied().eq(section.iter().map(|header| &**header));
        self.lines.iter().filter(move |(path, _)| same(path)).map(|(_, text)| *text)
    }

    /// Whether a line was typed in this section that says `no` to this one, or to what it begins with.
    fn takes_away(&self, section: &[Arc<str>], text: &str) -> bool {
        let own = words(text);
        self.within(section).filter_map(|line| line.strip_prefix("no ")).any(|gone| own.starts_with(&words(gone)))
    }
}

fn place_of(section: &[&str], text: &str) -> String {
    let headers: String = section.iter().map(|header| format!("{header} / ")).collect();
    headers + text
}

enum Explained {
    Ours,
    Made,
    Not,
}

/// What is needed to say why a line is there.
struct Judge<'a> {
    before: &'a Config,
    running: &'a Config,
    ours: &'a Ours<'a>,
    facts: &'a [String],
    now: &'a Lines,
    known: &'a Known,
}

impl Judge<'_> {
    fn explain(&self, foreign_line: &ForeignLine) -> Explained {
        let ours =
            if foreign_line.gone { self.is_removed_by_us(foreign_line) } else { self.is_typed_by_us(foreign_line) };
        if ours {
            return Explained::Ours;
        }
        let made = if foreign_line.gone {
            self.is_removed_with_ours(foreign_line)
        } else {
            self.is_added_with_ours(foreign_line)
        };
        // A fact says what the router adds; a line that is gone needs another reason.
        let fact = || !foreign_line.gone && is_factual(self.facts, &foreign_line.text, &foreign_line.place());
        if made || self.port_moves(foreign_line) || fact() { Explained::Made } else { Explained::Not }
    }

    /// What we typed is shown in another form: a secret as a hash, a word in other letters or without its quotes.
    fn is_typed_by_us(&self, foreign_line: &ForeignLine) -> bool {
        let section: Vec<&str> = foreign_line.section.iter().map(|header| &**header).collect();
        self.ours.comparable.contains(&place_of(&section, &comparable(&foreign_line.text)))
            || self.ours.within(&foreign_line.section).any(|line| same_in_another_form(line, &foreign_line.text))
    }

    /// A line of ours says `no` to it, or to a block that it was in.
    fn is_removed_by_us(&self, foreign_line: &ForeignLine) -> bool {
        self.ours.takes_away(&foreign_line.section, &foreign_line.text)
            || foreign_line
                .section
                .iter()
                .enumerate()
                .any(|(at, header)| self.ours.takes_away(foreign_line.section.get(..at).unwrap_or_default(), header))
    }

    /// What the router enters because of a line of ours: below it, as a printed default of a block that it opened, or as the
    /// interface of a group of ports.
    fn is_added_with_ours(&self, foreign_line: &ForeignLine) -> bool {
        if let Some(block) = self.block(&foreign_line.section) {
            let line = block.children.iter().find(|line| line.text == foreign_line.text);
            let is_new = |maker: &str| !self.was_there_before(&foreign_line.section, maker);
            if line.and_then(|line| router_made(&block.children, line)).is_some_and(|reason| is_new(&reason.because_of))
            {
                return true;
            }
            let headed = foreign_line.section.first().is_some_and(|header| !self.was_there_before(&[], header));
            if headed && self.before.grammar().fresh(&block.text).iter().any(|line| **line == *foreign_line.text) {
                return true;
            }
        }
        foreign_line.section.is_empty() && self.is_of_our_group(&foreign_line.text)
    }

    /// What the router removes together with a line of ours: an address where the VRF changes, the interfaces of a group of
    /// ports.
    fn is_removed_with_ours(&self, foreign_line: &ForeignLine) -> bool {
        let block = |config: &Config| {
            let header = foreign_line.section.first()?;
            config.nodes.iter().find(|node| node.text == *header).cloned()
        };
        let is_address = || {
            let line = block(self.before)
                .and_then(|block| block.children.iter().find(|line| line.text == foreign_line.text).cloned());
            line.is_some_and(|line| line.row.as_ref().is_some_and(|row| row.address || row.address6))
        };
        let changes_vrf = || {
            let grammar = self.before.grammar();
            self.ours.within(&foreign_line.section).any(|line| {
                let line = Node::new(grammar, "interface", line.strip_prefix("no ").unwrap_or(line), 0);
                line.row.as_ref().is_some_and(|row| !row.deletes.is_empty())
            })
        };
        let of_group = self.is_of_our_group(foreign_line.section.first().unwrap_or(&foreign_line.text));
        of_group || (is_address() && changes_vrf())
    }

    /// A port that a group of ours has now left the group that it was in.
    fn port_moves(&self, foreign_line: &ForeignLine) -> bool {
        let ports = |line: &str| -> Option<(String, HashSet<String>)> {
            let split = words(line);
            let (head, ports) = split.split_at_checked(3)?;
            let is_group = head.first() == Some(&"vlan-group") && head.last() == Some(&"port");
            is_group.then(|| (head.join(" "), ports.iter().map(|port| (*port).to_owned()).collect()))
        };
        let Some((own, shown)) = ports(&foreign_line.text) else { return false };
        let taken: HashSet<String> =
            self.ours.within(&foreign_line.section).filter_map(ports).flat_map(|(_, ports)| ports).collect();
        let mut same_section = self
            .known
            .always
            .values()
            .chain(self.now.0.values())
            .filter(|(section, _)| *section == foreign_line.section);
        !taken.is_empty()
            && same_section.any(|(_, other)| {
                **other != *foreign_line.text
                    && ports(other).is_some_and(|(head, others)| {
                        head == own && others.symmetric_difference(&shown).all(|port| taken.contains(port))
                    })
            })
    }

    /// Whether a header names an interface of a group of ports that a line of ours makes, changes or removes.
    fn is_of_our_group(&self, header: &str) -> bool {
        let Some(name) = header.strip_prefix("interface ") else { return false };
        let Some(parts) = Parts::of(name) else { return false };
        let Some(group) = parts.group else { return false };
        let device: Vec<Arc<str>> = vec![format!("device {}", parts.device()).into()];
        let number = group.to_string();
        self.ours.within(&device).any(|line| {
            let split = words(line.strip_prefix("no ").unwrap_or(line));
            split.first() == Some(&"vlan-group") && split.get(1) == Some(&number.as_str())
        })
    }

    fn block(&self, section: &[Arc<str>]) -> Option<&Node> {
        let (first, rest) = section.split_first()?;
        let mut block = self.running.nodes.iter().find(|node| node.text == *first)?;
        for header in rest {
            block = block.children.iter().find(|node| node.text == *header)?;
        }
        Some(block)
    }

    fn was_there_before(&self, section: &[Arc<str>], text: &str) -> bool {
        let mut nodes: &[Node] = &self.before.nodes;
        for header in section {
            let Some(block) = nodes.iter().find(|node| node.text == *header) else { return false };
            nodes = &block.children;
        }
        nodes.iter().any(|node| *node.text == *text)
    }
}

/// Whether two lines say the same in other letters, or with and without quotes.
fn same_in_another_form(typed: &str, shown: &str) -> bool {
    let form = |line: &str| words(line).join(" ").replace('"', "").to_ascii_lowercase();
    form(typed) == form(shown)
}

#[cfg(test)]
#[path = "foreign_tests.rs"]
mod tests;
