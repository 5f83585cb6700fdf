//! What decided each planned command: the line of the rendering that it enters, temporarily replaces or makes room for; for
//! what the rendering does not say, the entry of `owns:` that removes it.
//!
//! Found after the plan is made, by what the commands say and the blocks around them: neither the order nor the text of a plan hangs on it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Command, Ownership, Plan, Request};
use crate::dialect::grammar::{CommandKind, GLOBAL, Grammar, words};
use crate::ix::origin::Origin;
use crate::ix::origins::Origins;
use crate::ix::{Config, Node};

/// What decided a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginOfLine {
    /// The command, by its number.
    pub line: usize,
    /// Where that is written.
    #[serde(flatten)]
    pub origin: Arc<Origin>,
}

/// The places that decided these commands, each once.
pub fn places_of(origins: &[OriginOfLine]) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    for one in origins {
        let place = one.origin.to_string();
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// The temporary names of lists, as objects (`ip-acl:web-t`), each with the list's own name.
pub(super) type StandIns = HashMap<String, Arc<str>>;

/// A block of the desired configuration: how deep its lines are, and its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Block<'t> {
    depth: usize,
    header: Option<&'t str>,
}

/// What is looked for in the desired configuration.
#[derive(Default)]
struct Wanted {
    texts: HashSet<Arc<str>>,
    keys: HashSet<Arc<str>>,
    lists: HashSet<Arc<str>>,
    /// Lists that filters name.
    filters: HashSet<Arc<str>>,
}

/// The lines of the desired configuration that commands are about.
#[derive(Default)]
struct Found<'c> {
    texts: HashMap<(Block<'c>, &'c str), u32>,
    keys: HashMap<(Block<'c>, &'c str), u32>,
    /// The first line of each list.
    lists: HashMap<&'c str, u32>,
    /// The filter of a block that names a list for a direction.
    filters: HashMap<(Block<'c>, Filter<'c>), u32>,
}

/// A filter whatever its number in its row: while its list is rebuilt, it is typed with another number.
#[derive(PartialEq, Eq, Hash)]
struct Filter<'t> {
    list: &'t str,
    direction: Option<&'t str>,
}

impl<'t> Filter<'t> {
    fn of(line: &'t Node) -> Option<Self> {
        let list = line.refers().first().filter(|_| line.kind() == Some(CommandKind::Chain))?.id();
        Some(Self { list, direction: line.arg("DIRECTION") })
    }
}

/// What decided a command, by its place in the list.
struct Traced {
    at: usize,
    origin: Arc<Origin>,
}

/// A command that no line of the rendering says word for word, and the line that it is about.
struct Indirect<'p> {
    at: usize,
    block: Block<'p>,
    headers: Vec<&'p str>,
    /// The line that it enters or removes, under the list's own name.
    line: Node,
    /// It takes a whole list away.
    whole: bool,
    /// It only opens a block.
    opener: bool,
}

/// Says for each command what decided it. A block that is opened although the rendering has no such block, and `exit`, have no
/// origin.
pub(super) fn trace(plan: &mut Plan, request: &Request<'_>) {
    let Request { desired, ownership, .. } = *request;
    let Some(origins) = request.origins.filter(|_| !plan.commands.is_empty()) else { return };
    let exit = desired.dialect().commands().exit;
    let found = {
        let commands = plan.commands.as_slice();
        let said = Wanted { texts: commands.iter().map(|command| command.text.clone()).collect(), ..Wanted::default() };
        let lines = Found::of(desired, &said);
        let direct = |block, command: &Command| lines.texts.get(&(block, &*command.text)).copied();
        let mut found = Vec::with_capacity(commands.len());
        let mut indirect = Vec::new();
        walk(commands, desired.grammar(), |at, command, headers, mode| {
            let block = Block { depth: command.depth, header: headers.last().copied() };
            let line = direct(block, command);
            if line.is_none() && *command.text != *exit {
                let (line, whole) = about(desired.grammar(), mode(), command, &plan.stand_ins);
                let headers = headers.to_vec();
                indirect.push(Indirect { at, block, headers, line, whole, opener: command.opener });
            }
            let origin = line.and_then(|line| origins.of_line(line)).cloned();
            found.extend(origin.map(|origin| Traced { at, origin }));
        });
        if !indirect.is_empty() {
            let lines = Found::of(desired, &Wanted::by(&indirect));
            let origin =
                |one: &Indirect<'_>| Some(Traced { at: one.at, origin: one.origin(&lines, origins, ownership)? });
            found.extend(indirect.iter().filter_map(origin));
        }
        found
    };
    for Traced { at, origin } in found {
        if let Some(command) = plan.commands.get_mut(at) {
            command.origin = Some(origin);
        }
    }
}

/// Each command with its place in the list, the headers of the blocks around it, and the mode of the innermost one.
fn walk<'p>(
    commands: &'p [Command],
    grammar: &Grammar,
    mut visit: impl FnMut(usize, &'p Command, &[&'p str], &dyn Fn() -> String),
) {
    let mut open: Vec<&'p str> = Vec::new();
    for (at, command) in commands.iter().enumerate() {
        open.truncate(command.depth);
        let mode = || {
            open.iter().fold(GLOBAL.to_owned(), |mode, header| {
                let known = grammar.look_up(&mode, &words(header));
                known.and_then(|known| known.row.opens.clone()).unwrap_or_default()
            })
        };
        visit(at, command, &open, &mode);
        open.push(&command.text);
    }
}

/// The line that a command enters or removes, and whether it removes the whole list of that line.
fn about(grammar: &Grammar, mode: String, command: &Command, stand_ins: &StandIns) -> (Node, bool) {
    // A removal has fewer words than the line that it removes, which its inverse enters again.
    let removed = command.undo.first().filter(|_| command.text.starts_with("no ")).map(|back| &*back.text);
    let line = Node::new(grammar, &mode, removed.unwrap_or(&command.text), 0);
    let whole =
        removed.is_some_and(|removed| line.list().is_some() && command.text.strip_prefix("no ") != Some(removed));
    let own = |id: &str| stand_ins.get(id).map(|name| &**name);
    if line.defines().iter().chain(line.refers()).all(|object| own(object.id()).is_none()) {
        return (line, whole);
    }
    let defined = Node::new(grammar, &mode, &line.with_defined(|object| own(object.id())), 0);
    let named = defined.with_referred(|object| own(object.id()));
    (Node::new(grammar, &mode, &named, 0), whole)
}

impl Wanted {
    fn by(commands: &[Indirect<'_>]) -> Self {
        let lines = || commands.iter().map(|command| &command.line);
        Self {
            texts: lines().map(|line| line.text.clone()).collect(),
            keys: lines().map(|line| line.key.clone()).collect(),
            lists: lines().filter_map(|line| line.list().cloned()).collect(),
            filters: lines().filter_map(|line| Some(Filter::of(line)?.list.into())).collect(),
        }
    }
}

impl<'c> Found<'c> {
    fn of(desired: &'c Config, wanted: &Wanted) -> Self {
        let mut found = Self::default();
        found.look_through(&desired.nodes, Block { depth: 0, header: None }, wanted);
        found
    }

    fn look_through(&mut self, nodes: &'c [Node], block: Block<'c>, wanted: &Wanted) {
        for node in nodes {
            if wanted.texts.contains(&node.text) {
                self.texts.insert((block, &node.text), node.line);
            }
            if wanted.keys.contains(&node.key) {
                self.keys.insert((block, &node.key), node.line);
            }
            if let Some(list) = node.list().filter(|list| wanted.lists.contains(*list)) {
                self.lists.entry(list).or_insert(node.line);
            }
            if let Some(filter) = Filter::of(node).filter(|filter| wanted.filters.contains(filter.list)) {
                self.filters.insert((block, filter), node.line);
            }
            if !node.children.is_empty() {
                let inside = Block { depth: block.depth + 1, header: Some(&node.text) };
                self.look_through(&node.children, inside, wanted);
            }
        }
    }
}

impl Indirect<'_> {
    fn origin(&self, lines: &Found<'_>, origins: &Origins, ownership: &Ownership) -> Option<Arc<Origin>> {
        let said = lines.texts.get(&(self.block, &*self.line.text));
        let rebuilt = self.line.list().filter(|_| self.whole).and_then(|list| lines.lists.get(&**list));
        let same_list = || Filter::of(&self.line).and_then(|filter| lines.filters.get(&(self.block, filter)));
        let same_thing = || lines.keys.get(&(self.block, &*self.line.key));
        if let Some(line) = rebuilt.or(said).or_else(same_thing).or_else(same_list) {
            return origins.of_line(*line).cloned();
        }
        if self.opener {
            return None;
        }
        let own = words(&self.line.text);
        let positive = own.iter().skip(usize::from(self.line.text.starts_with("no ")));
        let full: Vec<&str> = self.headers.iter().flat_map(|header| words(header)).chain(positive.copied()).collect();
        origins.of_owner(&ownership.owner_of(&full)?).cloned()
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::sync::Arc;

    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::ix::origin::{Origin, Spot};
    use crate::ix::origins::Origins;
    use crate::plan::{Knowledge, Lifeline, Options, Ownership, Plan, Request, plan};

    /// A plan to this rendering. Line N of the rendering comes from line N of `t`, and entry N of what is owned from line N of
    /// `role.yaml`.
    fn planned(running: &str, desired: &str, owns: &[&str]) -> Plan {
        let [running, rendered] = [running, desired].map(|text| Config::parse(Dialect::ix(), text));
        let spot = |file: &str, line| Spot { file: file.into(), line };
        let lines = (1_u32..).zip(desired.lines());
        let origins: Origins =
            lines.map(|(line, _)| Some(Origin::Rendered { template: spot("t", line), values: Vec::new() })).collect();
        let origins = (1_u32..)
            .zip(owns)
            .fold(origins, |origins, (line, entry)| origins.with_owner(entry, spot("role.yaml", line)));
        plan(&Request {
            running: &running,
            desired: &rendered,
            origins: Some(&origins),
            ownership: &Ownership::parse(owns).expect("sound entries"),
            model: None,
            factory: None,
            router_made: &[],
            lifeline: &Lifeline::Console,
            knowledge: &|_| Knowledge::Unknown,
            options: Options::default(),
        })
        .expect("a plan")
    }

    /// Each command with what decided it.
    fn told(plan: &Plan) -> Vec<String> {
        let origin = |origin: &Option<Arc<Origin>>| origin.as_ref().map(ToString::to_string).unwrap_or_default();
        plan.commands.iter().map(|command| format!("{} <- {}", command.text, origin(&command.origin))).collect()
    }

    #[test]
    fn a_command_knows_the_line_of_its_own_block_that_asks_for_it() {
        let desired = "interface GigaEthernet0.0\n  description a\n!\ninterface GigaEthernet1.0\n  description a\n!\nntp interval 60\n";
        let running = "interface GigaEthernet0.0\n  description a\n!\ninterface GigaEthernet1.0\n  description b\n!\nntp retry 3\n";
        let told = told(&planned(running, desired, &["interface", "ntp"]));
        for expected in [
            "interface GigaEthernet1.0 <- t:4",
            "description a <- t:5",
            "ntp interval 60 <- t:7",
            "no ntp retry 3 <- owns: role.yaml:2",
        ] {
            assert!(told.iter().any(|line| line == expected), "{expected} in {told:#?}");
        }
    }

    #[test]
    fn a_removal_comes_from_the_most_exact_entry_that_owns_the_line() {
        let running = "interface GigaEthernet0.0\n  description a\n!\nntp retry 3\nntp interval 60\n";
        let told = told(&planned(running, "ntp retry 3\n", &["all", "ntp", "interface * description", "ntp interval"]));
        for expected in ["no description a <- owns: role.yaml:3", "no ntp interval 60 <- owns: role.yaml:4"] {
            assert!(told.iter().any(|line| line == expected), "{expected} in {told:#?}");
        }
        assert!(told.iter().any(|line| line == "interface GigaEthernet0.0 <- "), "{told:#?}");
    }

    #[test]
    fn a_removal_that_makes_room_for_another_value_comes_from_the_line_with_that_value() {
        let text = |number| format!("router bgp 64500\n  neighbor 192.0.2.254 remote-as {number}\n!\n");
        let plan = planned(&text(64496), &text(64497), &["router bgp"]);
        let told = told(&plan);
        for expected in
            ["no neighbor 192.0.2.254 remote-as 64496 <- t:2", "neighbor 192.0.2.254 remote-as 64497 <- t:2"]
        {
            assert!(told.iter().any(|line| line.starts_with(expected)), "{expected} in {told:#?}");
        }
    }

    #[test]
    fn a_line_of_the_undo_comes_from_what_decided_the_line_that_it_undoes() {
        let plan = planned("ntp retry 3\n", "ntp interval 60\n", &["ntp"]);
        let undo = plan.undo(plan.commands.len());
        let origins: Vec<(&str, String)> = undo
            .iter()
            .map(|command| (&*command.text, command.origin.as_ref().map(ToString::to_string).unwrap_or_default()))
            .collect();
        for expected in [("ntp retry 3", "owns: role.yaml:1"), ("no ntp interval 60", "t:1")] {
            assert!(
                origins.iter().any(|(text, origin)| (*text, origin.as_str()) == expected),
                "{expected:?} in {origins:?}"
            );
        }
    }

    #[test]
    fn lines_of_a_list_that_is_rebuilt_come_from_the_template_that_rebuilds_it_also_under_a_temporary_name() {
        let filter = "interface GigaEthernet0.0\n  ip filter web 1 in\n!\n";
        let running = format!(
            "ip access-list web permit ip src any dest 192.0.2.1/32\nip access-list web deny ip src any dest any\n{filter}"
        );
        let desired = format!(
            "ip access-list web permit ip src any dest 192.0.2.2/32\nip access-list web permit ip src any dest 192.0.2.1/32\nip access-list web deny ip src any dest any\n{filter}"
        );
        let plan = planned(&running, &desired, &["ip access-list web", "interface GigaEthernet0.0"]);
        let told = told(&plan);
        for expected in [
            "ip access-list web-t permit ip src any dest 192.0.2.2/32 <- t:1",
            "ip access-list web-t deny ip src any dest any <- t:3",
            "ip filter web-t 2 in <- t:5",
            "no ip access-list web <- t:1",
            "no ip access-list web-t <- t:1",
        ] {
            assert!(told.iter().any(|line| line == expected), "{expected} in {told:#?}");
        }
        assert!(plan.commands.iter().all(|command| &*command.text == "exit" || command.origin.is_some()), "{told:#?}");
    }
}
