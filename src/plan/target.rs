//! The configuration a router must have: the rendering laid over what it has, within what the playbook owns.
//!
//! Decides what stays (not owned, protected, the lifeline), what goes, which secrets count as equal, and the order of a list
//! that only permits. Says nothing about how to get there.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::error::{PlanError, Unowned};
use super::lifeline::Lifeline;
use super::made::{accepting, with_facts};
use super::masked::{self, Unknown};
use super::note::Note;
use super::plan_note::PlanNote;
use super::state::{complete, full_words, is_odd_negation};
use super::{Knowledge, Request};
use crate::dialect::grammar::{CommandKind, Object, words};
use crate::dialect::model::Model;
use crate::ix::factory;
use crate::ix::mask::{mask_line, without_secret};
use crate::ix::{Config, Node};

/// What to aim for.
pub struct Target {
    /// Every line the router must print.
    pub config: Config,
    /// What the reviewer should know.
    pub notes: Vec<Note>,
}

/// Works out the target of a request.
pub fn target(request: &Request<'_>) -> Result<Target, PlanError> {
    let dialect = request.running.dialect();
    let aside = masked::wanted_beside(request.running, request.desired);
    let rendered = aside.as_ref().map_or(request.desired, |aside| &aside.config);
    let desired = match request.model.filter(|_| request.ownership.owns_all()) {
        Some(model) => overlay(factory_lines(model, request), rendered),
        None => rendered.clone(),
    };
    if let Some(model) = request.model.filter(|model| !model.is_attested()) {
        let names = factory::missing_interfaces(request.running, rendered);
        if !names.is_empty() {
            return Err(PlanError::NoInterface { model: model.name, names });
        }
    }
    let desired = accepting(&desired, request.running).unwrap_or(desired);
    let desired = with_facts(desired, request.running, request.router_made);
    let running = complete(request.running, &desired);
    let desired = if request.ownership.owns_all() { complete(&desired, &running) } else { desired };
    let mut merge = Merge::new(request, &running, &desired);
    let nodes = merge.level(&[], &running.nodes, &desired.nodes);
    if !merge.unowned.is_empty() {
        return Err(PlanError::NotOwned { lines: merge.unowned });
    }
    if !merge.unrecognised.is_empty() {
        return Err(PlanError::Unrecognised { lines: merge.unrecognised });
    }
    let mut notes = merge.notes;
    let concerns = |line: &&Unknown| line.matched || request.ownership.owns(&line.full_words());
    let unknown = aside.iter().flat_map(|aside| &aside.lines).filter(concerns);
    notes.extend(unknown.map(Note::of_masked));
    let config = complete(&Config::from_nodes(dialect, nodes), &running);
    Ok(Target { config, notes })
}

/// The factory lines of a model; where no capture attests them, those of the box itself.
fn factory_lines(model: &Model, request: &Request<'_>) -> Config {
    match model.factory() {
        Some(lines) => Config::parse(request.running.dialect(), lines),
        None => factory::assumed(request.running, request.factory),
    }
}

/// The factory lines with the rendering laid over them.
fn overlay(factory: Config, desired: &Config) -> Config {
    fn over(base: &mut Vec<Node>, top: &[Node]) {
        let mut at: HashMap<Arc<str>, usize> = base.iter().enumerate().map(|(i, node)| (node.key.clone(), i)).collect();
        for node in top {
            match at.get(&node.key).and_then(|index| base.get_mut(*index)) {
                Some(under) if under.is_block() && !node.off => {
                    // The rendering mentions the block, if not every line in it.
                    under.line = node.line;
                    over(&mut under.children, &node.children);
                }
                Some(under) => *under = node.clone(),
                None => {
                    at.insert(node.key.clone(), base.len());
                    base.push(node.clone());
                }
            }
        }
    }
    fn forget_lines(nodes: &mut [Node]) {
        for node in nodes {
            node.line = 0;
            if !node.children.is_empty() {
                forget_lines(&mut node.children);
            }
        }
    }
    let Config { mut nodes, .. } = factory;
    forget_lines(&mut nodes);
    over(&mut nodes, &desired.nodes);
    Config::from_nodes(desired.dialect(), nodes)
}

struct Merge<'r> {
    request: &'r Request<'r>,
    /// Lists that protected lines use.
    protected_lists: HashSet<Arc<str>>,
    rendered_interfaces: HashSet<String>,
    unowned: Vec<Unowned>,
    unrecognised: Vec<String>,
    notes: Vec<Note>,
}

impl<'r> Merge<'r> {
    fn new(request: &'r Request<'r>, running: &Config, desired: &Config) -> Self {
        let mut merge = Self {
            request,
            protected_lists: HashSet::new(),
            rendered_interfaces: HashSet::new(),
            unowned: Vec::new(),
            unrecognised: Vec::new(),
            notes: Vec::new(),
        };
        for node in desired.nodes.iter().filter(|node| node.context() == "interface" && node.line > 0) {
            merge.rendered_interfaces.extend(node.arg("IF").map(str::to_owned));
        }
        if request.ownership.owns_all() {
            let mut lists = HashSet::new();
            running.walk(&mut |path, node| {
                if merge.protects(path, node) {
                    let used = node.refers().iter().filter(|object| object.kind() != "interface");
                    lists.extend(used.map(Object::shared));
                }
            });
            if let Lifeline::Path(lifeline) = request.lifeline {
                for name in &lifeline.filters {
                    lists.extend([format!("ip-acl:{name}").into(), format!("ipv6-acl:{name}").into()]);
                }
            }
            // A stateful list that is kept keeps the lists it looks into.
            for node in &running.nodes {
                if node.row.as_ref().is_some_and(|row| row.dynamic)
                    && node.defines().iter().any(|object| lists.contains(object.id()))
                {
                    lists.extend(node.refers().iter().map(Object::shared));
                }
            }
            merge.protected_lists = lists;
        }
        merge
    }

    /// Whether `all` leaves this line alone when the rendering does not mention it.
    fn protects(&self, path: &[&Node], node: &Node) -> bool {
        let ownership = self.request.ownership;
        if ownership.names(&full_words(path, node)) {
            return false;
        }
        let outer = path.first().copied().unwrap_or(node);
        if outer.row.as_ref().is_some_and(|row| row.protected) {
            return true;
        }
        let rendered = outer.context() == "interface"
            && outer.arg("IF").is_some_and(|name| self.rendered_interfaces.contains(name));
        !rendered && self.is_of_lifeline(path, node)
    }

    /// Whether a line carries our session, or depends on the interface that does.
    fn is_of_lifeline(&self, path: &[&Node], node: &Node) -> bool {
        let lifeline = self.request.lifeline;
        let outer = path.first().copied().unwrap_or(node);
        lifeline.touched_by(path, node)
            || matches!(lifeline, Lifeline::Path(path)
                if outer.context() == "interface" && path.interface.is_some() && outer.arg("IF") == path.interface.as_deref())
    }

    /// Whether a factory line that the rendering does not mention yields to what runs.
    fn yields_to_running(&self, path: &[&Node], node: &Node, new: &Node) -> bool {
        let ownership = self.request.ownership;
        let named = ownership.names(&full_words(path, node));
        new.line == 0
            && ownership.owns_all()
            && !named
            && (self.protects(path, node) || self.is_of_lifeline(path, node))
    }

    fn level(&mut self, path: &[&Node], running: &[Node], desired: &[Node]) -> Vec<Node> {
        let wanted: HashMap<&str, &Node> = desired.iter().map(|node| (&*node.key, node)).collect();
        let known: HashSet<&str> = running.iter().map(|node| &*node.key).collect();
        let mut lists_wanted: HashMap<&str, Vec<&Node>> = HashMap::new();
        for node in desired {
            if let Some(list) = node.list() {
                lists_wanted.entry(list).or_default().push(node);
            }
        }
        let mut lists_running: HashMap<&str, Vec<&Node>> = HashMap::new();
        for node in running {
            if let Some(list) = node.list() {
                lists_running.entry(list).or_default().push(node);
            }
        }
        let mut result = Vec::new();
        let mut lists_done = HashSet::new();
        for node in running {
            if let Some(list) = node.list() {
                if lists_done.insert(list.clone()) {
                    let old = lists_running.get(&**list).cloned().unwrap_or_default();
                    let new = lists_wanted.get(&**list).cloned().unwrap_or_default();
                    self.list(path, list, &old, &new, &mut result);
                }
                continue;
            }
            match wanted.get(&*node.key) {
                Some(new) if self.yields_to_running(path, node, new) => result.push(node.clone()),
                Some(new) if (node.is_block() || new.is_block()) && !new.off => {
                    self.must_own_header(path, new);
                    let children = self.block(path, node, &new.children);
                    // A header may have a value of its own, such as the number of a BGP process.
                    let mut kept = if node.same_text(new) { node } else { new }.with_block(children);
                    kept.line = new.line;
                    result.push(kept);
                }
                Some(new) if is_odd_negation(new) => {
                    self.must_own(path, new);
                    self.release(path, node, &mut result);
                }
                Some(new) => {
                    self.must_own(path, new);
                    result.push(self.choose(path, node, new));
                }
                None => self.release(path, node, &mut result),
            }
        }
        for node in desired.iter().filter(|node| !known.contains(&*node.key)) {
            if let Some(list) = node.list() {
                if lists_done.insert(list.clone()) {
                    let new = lists_wanted.get(&**list).cloned().unwrap_or_default();
                    self.list(path, list, &[], &new, &mut result);
                }
            } else if !is_odd_negation(node) {
                if node.is_block() {
                    self.must_own_header(path, node);
                    let children = self.new_block(path, node);
                    result.push(node.with_block(children));
                } else {
                    self.must_own(path, node);
                    result.push(node.clone());
                }
            }
        }
        result
    }

    fn block(&mut self, path: &[&Node], header: &Node, desired: &[Node]) -> Vec<Node> {
        let mut inner: Vec<&Node> = path.to_vec();
        inner.push(header);
        self.level(&inner, &header.children, desired)
    }

    fn new_block(&mut self, path: &[&Node], header: &Node) -> Vec<Node> {
        let mut inner: Vec<&Node> = path.to_vec();
        inner.push(header);
        self.level(&inner, &[], &header.children)
    }

    fn list(&mut self, path: &[&Node], id: &str, old: &[&Node], new: &[&Node], result: &mut Vec<Node>) {
        let Some(first) = new.first() else {
            let kept = old.first().is_some_and(|node| {
                !self.request.ownership.owns(&full_words(path, node))
                    || self.protected_lists.contains(id)
                    || (self.request.ownership.owns_all() && self.protects(path, node))
            });
            if kept {
                result.extend(old.iter().map(|node| (*node).clone()));
            }
            return;
        };
        self.must_own(path, first);
        let follows = |nodes: &[&Node]| {
            nodes.iter().all(|node| node.kind() == Some(CommandKind::Follow) && words(&node.text).contains(&"permit"))
        };
        if !self.request.options.exact_order && follows(old) && follows(new) {
            let wanted: HashSet<&str> = new.iter().map(|node| &*node.text).collect();
            let there: HashSet<&str> = old.iter().map(|node| &*node.text).collect();
            result.extend(old.iter().filter(|node| wanted.contains(&*node.text)).map(|node| (*node).clone()));
            result.extend(new.iter().filter(|node| !there.contains(&*node.text)).map(|node| (*node).clone()));
        } else {
            result.extend(new.iter().map(|node| (*node).clone()));
        }
    }

    fn must_own(&mut self, path: &[&Node], node: &Node) {
        if node.line > 0 && !self.request.ownership.owns(&full_words(path, node)) {
            self.unowned.push(Unowned { line: node.line, text: mask_line(&node.text) });
        }
    }

    /// A header is repeated to say where lines belong; it needs an owner only where nothing inside has one.
    fn must_own_header(&mut self, path: &[&Node], node: &Node) {
        if node.children.is_empty() || !self.request.ownership.reaches_into(&full_words(path, node)) {
            self.must_own(path, node);
        }
    }

    /// A line that the rendering does not mention: removed if it is ours and may be removed.
    fn release(&mut self, path: &[&Node], node: &Node, result: &mut Vec<Node>) {
        let ownership = self.request.ownership;
        let full = full_words(path, node);
        let owned = ownership.owns(&full);
        let kept = !owned
            || (ownership.owns_all() && self.protects(path, node))
            || node.defines().iter().any(|object| self.protected_lists.contains(object.id()));
        // What is unknown goes on no one's word, and neither does the block around it.
        let fixed = super::state::is_fixed(node) || masked::is_touched(node);
        if kept || fixed {
            // A block in which nothing can be owned stays as it is, and is shared.
            let reached = (owned && fixed) || ownership.reaches_into(&full);
            if node.is_block() && reached && !(ownership.owns_all() && kept) {
                let children = self.block(path, node, &[]);
                result.push(node.with_block(children));
            } else {
                result.push(node.clone());
            }
            return;
        }
        if node.row.is_none() || is_odd_negation(node) {
            if !self.request.options.allow_unrecognised {
                let mut shown: Vec<&str> = path.iter().map(|header| &*header.text).collect();
                shown.push(&node.text);
                self.unrecognised.push(shown.into_iter().map(mask_line).collect::<Vec<_>>().join(" "));
            }
            return;
        }
        if super::state::removal(node).is_none() {
            self.notes.push(PlanNote::CannotRemove { line: &node.text }.into());
            result.push(node.clone());
        }
    }

    /// The line to have if both sides set the same thing.
    fn choose(&mut self, path: &[&Node], old: &Node, new: &Node) -> Node {
        if old.text == new.text {
            let mut kept = old.clone();
            kept.line = new.line;
            return kept;
        }
        let grammar = self.request.running.grammar();
        let context = path.last().map_or("global", |header| header.context());
        let (Some(owner), Some(_)) =
            (without_secret(&old.text, context, grammar), without_secret(&new.text, context, grammar))
        else {
            return new.clone();
        };
        if public(old) != public(new) {
            return new.clone();
        }
        let comparable = form(old) == form(new) && !new.text.contains("<secret:");
        if comparable {
            return new.clone();
        }
        let mut name: Vec<&str> = path.iter().map(|header| &*header.text).collect();
        name.push(&owner);
        let name = name.join(" / ");
        match (self.request.knowledge)(&name) {
            Knowledge::Same => old.clone(),
            Knowledge::Different => new.clone(),
            Knowledge::Unknown if self.request.options.set_secrets => new.clone(),
            Knowledge::Unknown => {
                let headers = path.iter().map(|header| mask_line(&header.text));
                let owner = &headers.chain([owner]).collect::<Vec<_>>().join(" / ");
                self.notes.push(PlanNote::CannotCompareSecret { owner }.into());
                old.clone()
            }
        }
    }
}

/// The line with its secret and the words for the secret's form left out.
pub(super) fn public(node: &Node) -> Vec<String> {
    let (split, captures) = node.read();
    let secret = node.row.as_ref().and_then(|row| row.secret).and_then(|(arg, _)| captures.range(arg));
    split
        .iter()
        .enumerate()
        .filter(|(index, _)| secret.as_ref().is_none_or(|range| !range.contains(index)))
        .map(|(_, word)| *word)
        .filter(|word| !matches!(*word, "plain" | "hash" | "secret" | "0" | "1"))
        .map(str::to_owned)
        .collect()
}

fn form(node: &Node) -> Option<&str> {
    node.arg("FORM")
}
