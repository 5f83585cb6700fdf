//! From a running and a desired configuration to the exact lines to type, in their order, with what takes each of them back.
//!
//! Pure: no input or output, no clock, nothing asynchronous. The same request gives the same plan, byte for byte.

mod abbreviation;
mod addresses;
mod administrator;
#[cfg(test)]
mod administrator_tests;
mod bases;
mod blocks;
mod build;
mod carried;
mod chain;
mod command;
mod depth;
mod doubtful;
mod error;
pub mod foreign;
mod groups;
mod guess;
mod idle;
mod in_use;
mod known_secrets;
mod lifeline;
mod lifeline_guard;
#[cfg(test)]
mod lifeline_guard_tests;
mod lists;
mod made;
mod made_interfaces;
pub mod masked;
mod mentions;
mod monitors;
mod names;
mod note;
mod objects;
pub mod offline;
mod order;
mod origin;
mod ownership;
mod pairing;
mod paths;
mod plan_note;
mod purpose;
mod rebuilds;
mod rebuilt_blocks;
mod refusal;
pub mod rehearsal;
mod replace;
mod risks;
mod routes;
mod rows;
mod seen_by;
pub mod state;
mod summary;
mod swap;
mod target;
mod unit;
mod whole;
mod window;
mod writer;

pub use command::{Command, ModeAfter, Plan, headed, text_of};
pub use depth::{CommandAtDepth, with_depth};
pub use doubtful::refuse as without_grave_doubts;
pub use error::{Abbreviated, Misplaced, PlanError, Unowned};
pub use guess::{Guess, Guesses};
pub use known_secrets::with_known_secrets;
pub use lifeline::{Lifeline, LifelinePath};
pub use made::{accepting, as_typed, with_facts, without_facts};
pub use note::Note;
pub use origin::{OriginOfLine, places_of};
pub use ownership::{Ownership, OwnershipError};
use plan_note::PlanNote;
pub use refusal::{Reason, Refusal};
pub use risks::Risks;
pub use state::{canonical, same};
pub use summary::Change;
pub use swap::{AskedPassword, LoginReference, Swap, SwapError, Swapped, Unreferenced};

use crate::dialect::grammar::{GLOBAL, words};
use crate::dialect::model::Model;
use crate::ix::line;
use crate::ix::mask::mask_line;
use crate::ix::origins::Origins;
use crate::ix::{Config, Node};
use crate::message::CodeEntry;
use objects::Side;

/// The codes of this room's errors.
pub(crate) const CODES: &[&[CodeEntry]] = &[OwnershipError::CODES, PlanError::CODES, SwapError::CODES];
/// The notes that a plan may have.
pub(crate) const NOTES: &[CodeEntry] = PlanNote::CODES;

/// Whether the secret of a running line is the desired one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// We pushed this value and saw the router show this line, or have just logged in with it.
    Same,
    /// It is known to be another.
    Different,
    /// It is unknown: it is listed, and not a change.
    Unknown,
}

/// The most characters of a line that a message shows.
const LONGEST_SHOWN: usize = 160;

/// How to plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Push secrets that cannot be compared.
    pub set_secrets: bool,
    /// Remove lines the grammar does not know with `no <line>`.
    pub allow_unrecognised: bool,
    /// The longest line to type, in bytes.
    pub max_line: usize,
    /// Lead to the desired order of every list, also of those whose entries all permit.
    pub exact_order: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { set_secrets: false, allow_unrecognised: false, max_line: 255, exact_order: false }
    }
}

/// What a plan is asked for.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// What the router shows.
    pub running: &'a Config,
    /// What is rendered for it.
    pub desired: &'a Config,
    /// Where the lines of the rendering come from, and through them each command; nothing where no one said.
    pub origins: Option<&'a Origins>,
    /// What may be touched.
    pub ownership: &'a Ownership,
    /// The model, whose factory lines are below the rendering.
    pub model: Option<&'a Model>,
    /// What a reviewer has judged to be the factory lines of a model that no capture attests.
    pub factory: Option<&'a Config>,
    /// Lines that a reviewer has judged to be the router's own: neither typed nor removed.
    pub router_made: &'a [String],
    /// How our session reaches the router.
    pub lifeline: &'a Lifeline,
    /// Asked about a secret, named by the headers of its blocks and its line without the secret, joined by ` / `
    /// (`username admin`, `ppp profile flets / authentication password me@isp`).
    pub knowledge: &'a dyn Fn(&str) -> Knowledge,
    /// How.
    pub options: Options,
}

/// Plans the way from what is running to what is desired.
pub fn plan(request: &Request<'_>) -> Result<Plan, PlanError> {
    doubtful::refuse(request.desired)?;
    abbreviation::refuse(request.desired, request.running, request.desired.grammar())?;
    let target = target::target(request)?;
    if !request.ownership.owns_all() {
        in_use::stays(request.running, &target.config)?;
    }
    let mut plan = between(request.running, &target.config, request.lifeline, request.options.max_line)?;
    administrator::stays(request.running, &plan)?;
    origin::trace(&mut plan, request);
    plan.notes.splice(0..0, target.notes);
    if let (Some(name), None) = (host_name(request.running), host_name(&target.config)) {
        plan.notes.push(PlanNote::HostNameRemoved { line: &name.text }.into());
    }
    if let Some(model) = request.model {
        other_dialect(&mut plan, model);
    }
    Ok(plan)
}

/// The line that names the router.
fn host_name(config: &Config) -> Option<&Node> {
    config.nodes.iter().find(|node| !node.off && node.row.as_ref().is_some_and(|row| row.prompt_host))
}

/// Remarks on the commands that the language of the model has otherwise.
fn other_dialect(plan: &mut Plan, model: &Model) {
    let grammar = plan.expected.grammar();
    let mut context: Vec<&str> = Vec::new();
    let mut notes = Vec::new();
    for command in &plan.commands {
        context.truncate(command.depth);
        let split = words(&command.text);
        let mode = context.last().copied().unwrap_or(GLOBAL);
        if let Some(difference) = grammar.difference(mode, &split) {
            let instead = &difference.instead;
            notes.push(Note::from(PlanNote::OtherDialect { line: &command.text, model: model.name, instead }));
        }
        let opened = grammar.look_up(mode, &split).and_then(|known| known.row.opens.as_deref());
        context.push(opened.unwrap_or_default());
    }
    plan.notes.extend(notes);
}

/// Plans the way of a router from what it runs to exactly another configuration, such as a backup.
///
/// # Errors
/// As [`between`], [`PlanError::Place`], and [`PlanError::NoAdministrator`] also where the other configuration has none and the running one has.
pub fn exactly(running: &Config, wanted: &Config, lifeline: &Lifeline, max_line: usize) -> Result<Plan, PlanError> {
    doubtful::refuse(wanted)?;
    let plan = between(running, wanted, lifeline, max_line)?;
    administrator::stays(running, &plan)?;
    Ok(plan)
}

/// Plans the way from one configuration to exactly another: no ownership, no factory lines, every list in its order.
///
/// If both have an administrator, so has every state in between, also during any undo. One that has none may be asked for: two
/// files are compared, or a router that had none before our change is restored to that. A plan that starts from what someone
/// else left on a router is made by [`plan`] or [`exactly`].
///
/// Secrets are compared by text; where one side shows a hash and the other does not, they count as different.
pub fn between(old: &Config, new: &Config, lifeline: &Lifeline, max_line: usize) -> Result<Plan, PlanError> {
    made_interfaces::stay(old, new)?;
    let state::Pair { old: before, new: after, from, to } = state::Pair::of(old, new);
    let Difference { steps, notes, changes, stand_ins } =
        compare(&from, &to, &lifeline_guard::LifelineGuard::of(lifeline, old))?;
    drop((from, to));
    let mut plan = Plan::new(before, after, steps, notes, changes);
    plan.stand_ins = stand_ins;
    for text in plan.commands.iter().map(|command| &command.text).chain(plan.inverse().map(|line| &line.text)) {
        line::check(text, max_line).map_err(|error| untypable(text, error))?;
    }
    configuration_only(&plan)?;
    if administrator::has_administrator(new) {
        administrator::stays(old, &plan)?;
    }
    Ok(plan)
}

/// What two configurations differ in.
struct Difference {
    /// The steps from one to the other, in their order.
    steps: Vec<unit::Step>,
    notes: Vec<Note>,
    changes: Vec<Change>,
    stand_ins: origin::StandIns,
}

/// Compares two bare configurations. What is needed only for that is freed at its end, before the plan is written out.
fn compare(from: &Config, to: &Config, watch: &lifeline_guard::LifelineGuard<'_>) -> Result<Difference, PlanError> {
    let (before, after) = (objects::Objects::of(from), objects::Objects::of(to));
    let (old, new) = (Side { config: from, objects: &before }, Side { config: to, objects: &after });
    let rebuilds = rebuilds::Rebuilds::of(old, new)?;
    let mut builder = build::Builder::new(from.grammar(), &before, &after, &rebuilds, watch);
    builder.carried = carried::carried(old, new);
    builder.level(&build::Scope::outer(), &from.nodes, &to.nodes);
    let turns = addresses::in_turn(&mut builder, from, to);
    let changes = summary::changes(old, new, &rebuilds);
    let steps = in_order(&mut builder, turns)?;
    let mut notes = rebuilds.notes.clone();
    notes.append(&mut builder.notes);
    Ok(Difference { steps, notes, changes, stand_ins: rebuilds.stand_ins() })
}

/// Refuses a line, of the plan or of its undo, that the router would carry out at once, and a host name that no prompt can show.
/// (The undo gives back one that could be read.)
fn configuration_only(plan: &Plan) -> Result<(), PlanError> {
    let dialect = plan.expected.dialect();
    let grammar = dialect.grammar();
    let check =
        |mode: &str, text: &str| line::check_command(grammar, Some(mode), text).map_err(|error| untypable(text, error));
    let opened = |mode: &str, header: &str| {
        let known = grammar.look_up(mode, &words(header));
        known.and_then(|known| known.row.opens.as_deref()).unwrap_or_default()
    };
    let mut modes: Vec<&str> = Vec::new();
    for command in &plan.commands {
        modes.truncate(command.depth);
        let mode = modes.last().copied().unwrap_or(GLOBAL);
        // How a section is left; no line of a configuration says it.
        if *command.text != *dialect.commands().exit {
            check(mode, &command.text)?;
            line::check_host_name(dialect, &command.text).map_err(|error| untypable(&command.text, error))?;
        }
        modes.push(if command.opener { opened(mode, &command.text) } else { "" });
    }
    for placed in plan.inverse() {
        check(placed.section.iter().fold(GLOBAL, |mode, header| opened(mode, header)), &placed.text)?;
    }
    Ok(())
}

fn untypable(text: &str, error: line::LineError) -> PlanError {
    PlanError::Line { text: clipped(&mask_line(text)), error }
}

/// The steps in their order. What is only wished for is kept where any order allows it; where none does, the plan says what that means.
fn in_order(builder: &mut build::Builder<'_>, turns: Vec<(usize, usize)>) -> Result<Vec<unit::Step>, PlanError> {
    let carried = builder.around_carried();
    builder.before.extend(carried);
    let around = [builder.around_monitors(), builder.around_mentions()].concat();
    let preferences =
        [around, std::mem::take(&mut builder.preferences), turns, builder.in_stages(), builder.never_meet()];
    let [_, _, turns, ..] = &preferences;
    let found = |kept: &[bool; 5]| {
        let mut before = vec![builder.before.as_slice()];
        before.extend(
            preferences.iter().zip(kept).filter(|(_, kept)| **kept).map(|(preference, _)| preference.as_slice()),
        );
        order::order(&builder.units, &before)
    };
    // All of them, then all but one, then fewer and fewer: the first ones are given up most easily.
    let without = |gone: fn(usize, usize) -> bool, at: usize| std::array::from_fn(|preference| !gone(preference, at));
    let all_but_one = (0..preferences.len()).map(|at| without(|preference, at| preference == at, at));
    let fewer = (1..preferences.len()).map(|at| without(|preference, at| preference <= at, at));
    let mut attempts = std::iter::once([true; 5]).chain(all_but_one).chain(fewer);
    let kept = attempts.find_map(|kept| Some((found(&kept).ok()?, kept)));
    let Some((order, [_, _, in_turn, in_stages, apart])) = kept else {
        return Err(found(&[false; 5]).err().unwrap_or(PlanError::Cycle { lines: Vec::new() }));
    };
    if !(in_stages && apart) {
        builder.notes.push(PlanNote::PathOpen.into());
    }
    for (_, takes) in turns.iter().filter(|_| !in_turn) {
        if let Some(step) = builder.units.get(*takes).and_then(|unit| unit.steps.first()) {
            let place = &step.line.section.join(" / ");
            builder.notes.push(PlanNote::AddressOverlap { line: &step.line.text, place }.into());
        }
    }
    let mut steps = Vec::with_capacity(builder.units.iter().map(|unit| unit.steps.len()).sum());
    for index in order {
        if let Some(unit) = builder.units.get_mut(index) {
            steps.append(&mut unit.steps);
        }
    }
    Ok(steps)
}

/// The beginning of a line that may be of any length, for a message.
fn clipped(line: &str) -> String {
    let mut shown: String = line.chars().take(LONGEST_SHOWN).collect();
    if shown.len() < line.len() {
        shown.push_str("...");
    }
    shown
}

/// The unified difference of two configurations in canonical form under these headings, masked; empty if they are the same.
pub fn unified(old: &Config, new: &Config, old_heading: &str, new_heading: &str) -> String {
    let (old, new) = (old.print_masked(), new.print_masked());
    if old == new {
        return String::new();
    }
    similar::TextDiff::from_lines(&old, &new)
        .unified_diff()
        .context_radius(3)
        .header(old_heading, new_heading)
        .to_string()
}
