//! Of every command of the table one word after the other is changed, while what uses the line stays: the plan and every undo arrive,
//! the model of the router refuses no line, and nothing typed is taken away again.

use std::fmt::Write as _;

use ixdeploy::dialect::Dialect;
use ixdeploy::dialect::grammar::{Grammar, Remove, Row};
use ixdeploy::ix::{Config, Node};
use ixdeploy::plan::rehearsal::{DependentLines, Router};
use ixdeploy::plan::{self, Lifeline};

use crate::keys::{Changed, every_change, line_of};
use crate::replaced::in_plan_and_undo;

/// A line under the headers of its blocks.
fn placed(above: &[String], line: &str, text: &mut String) {
    for (depth, words) in above.iter().map(String::as_str).chain([line]).enumerate() {
        let _ = writeln!(text, "{}{words}", "  ".repeat(depth));
    }
}

/// The objects that a line brings into being.
fn defined(grammar: &Grammar, row: &Row, line: &str) -> Vec<(String, String)> {
    let node = Node::new(grammar, &row.context, line, 0);
    node.defines().iter().map(|object| (object.kind().to_owned(), object.name().to_owned())).collect()
}

/// Lines that use what both lines of a change bring into being, one of each command that can.
fn users(grammar: &Grammar, changed: &Changed) -> String {
    let [one, other] = &changed.lines;
    let (before, after) = (defined(grammar, &changed.row, one), defined(grammar, &changed.row, other));
    let mut text = String::new();
    for (kind, name) in before.iter().filter(|object| after.contains(object) && object.1 != "*") {
        for row in grammar.rows() {
            let Some(arg) = row.refers.iter().find(|relation| relation.kind == *kind).and_then(|relation| relation.arg)
            else {
                continue;
            };
            let (above, line) = line_of(row);
            let node = Node::new(grammar, &row.context, &line, 0);
            let Some(line) = row.args.get(arg).and_then(|arg| node.with_arg(&arg.name, name)) else { continue };
            let is_it = Node::new(grammar, &row.context, &line, 0);
            if is_it.refers().iter().any(|object| object.kind() == kind && object.name() == name) {
                placed(&above, &line, &mut text);
            }
        }
    }
    text
}

/// Goes from one configuration to the other and back from every point, under both readings of what a line takes along.
fn arrives(old: &str, new: &str) -> Result<(), String> {
    let (old, new) = (Config::parse(Dialect::ix(), old), Config::parse(Dialect::ix(), new));
    let plan = plan::between(&old, &new, &Lifeline::Console, 255).map_err(|error| error.to_string())?;
    in_plan_and_undo(&plan, &old);
    let full = plan::state::complete(&old, &new);
    for along in [DependentLines::Stay, DependentLines::Go] {
        let mut router = Router::new(&full).on_the_way_to(&plan.expected).taking(along);
        for sent in 0..=plan.commands.len() {
            let mut back = router.clone();
            back.configure();
            for command in plan.undo(sent) {
                back.enter(&command).map_err(|refusal| format!("undo after {sent} ({along:?}): {refusal}"))?;
            }
            if !plan::same(back.config(), &full) {
                return Err(format!("undo after {sent} ({along:?}) ends elsewhere"));
            }
            if let Some(command) = plan.commands.get(sent) {
                router.enter(command).map_err(|refusal| format!("({along:?}): {refusal}"))?;
            }
        }
        if !router.runs(&plan.expected) {
            return Err(format!("ends ({along:?}) elsewhere"));
        }
    }
    Ok(())
}

#[test]
fn a_word_of_any_command_is_changed_while_what_uses_it_stays() {
    let grammar = Dialect::ix().grammar();
    let (mut tried, mut used, mut problems) = (0, 0, Vec::new());
    // What no line takes away stays, as the plan says.
    for changed in every_change().into_iter().filter(|changed| changed.row.remove != Remove::Never) {
        let users = users(grammar, &changed);
        let text = |line: &str| {
            let mut text = String::new();
            placed(&changed.above, line, &mut text);
            text + &users
        };
        let [one, other] = &changed.lines;
        for [old, new] in [[one, other], [other, one]] {
            tried += 1;
            used += usize::from(!users.is_empty());
            let (old, new) = (text(old), text(new));
            let outcome = std::panic::catch_unwind(|| arrives(&old, &new));
            let outcome =
                outcome.unwrap_or_else(|panic| Err(panic.downcast_ref::<String>().cloned().unwrap_or_default()));
            if let Err(problem) = outcome {
                problems.push(format!("{}: {problem}\n--- old\n{old}--- new\n{new}", changed.row.id));
            }
        }
    }
    assert!(problems.is_empty(), "{} of {tried}\n{}", problems.len(), problems.join("\n"));
    assert!(tried > 500 && used > 50, "{tried} changes, {used} of lines in use");
}
