//! What one engineer with two text files needs: the difference of two configurations, and what a playbook does not own.
//!
//! No device, no inventory, no network: text in, text out.

use serde::Serialize;

use super::error::{PlanError, Unowned};
use super::lifeline::Lifeline;
use super::masked::set_aside;
use super::state::full_words;
use super::{Command, Note, Ownership, Plan, abbreviation, between, doubtful};
use crate::dialect::Dialect;
use crate::ix::Config;
use crate::ix::mask::{MaskReason, mask_line, why_hidden};
use crate::visible;

/// The difference of two configurations.
#[derive(Debug)]
pub struct Difference {
    /// The way from the old one to exactly the new one, order of lists included.
    pub plan: Plan,
    /// Lines of either that the grammar does not know.
    pub unrecognised: usize,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    same: bool,
    unrecognised: usize,
    commands: Vec<Command>,
    undo: Vec<Command>,
    diff: &'a str,
    changes: &'a [super::Change],
    notes: &'a [Note],
}

/// Compares two configurations; a startup display, a running display or a hand-written file alike. A masked line of either is no
/// difference: no one knows what it says.
///
/// # Errors
/// [`PlanError::Abbreviated`] for a line of either that the router would complete, [`PlanError::Place`] for one of either of whose
/// place it depends who can reach the router, and as [`between`].
pub fn difference(old: &Config, new: &Config, max_line: usize) -> Result<Difference, PlanError> {
    doubtful::refuse(new)?;
    doubtful::refuse(old)?;
    // Either file may be written by hand, for any model; a line that is in both is not typed.
    let dialect = Dialect::any().grammar();
    abbreviation::refuse(new, old, dialect)?;
    abbreviation::refuse(old, new, dialect)?;
    let aside = set_aside(old, new);
    let wanted = aside.as_ref().map_or(new, |aside| &aside.config);
    let mut plan = between(old, wanted, &Lifeline::Console, max_line)?.headed("old", "new");
    plan.notes.extend(aside.iter().flat_map(|aside| &aside.lines).map(Note::of_masked));
    Ok(Difference { plan, unrecognised: old.unrecognised().len() + new.unrecognised().len() })
}

impl Difference {
    /// Whether there is no difference.
    pub fn is_empty(&self) -> bool {
        self.plan.is_empty()
    }

    /// The unified difference, masked.
    pub fn text(&self) -> &str {
        self.plan.diff()
    }

    /// The commands to paste, or those that undo everything, starting in the global mode. Secrets only if revealed: where a line
    /// is masked, pasting it would set the mask, so such a line is a comment; an unknown one, and that is hidden on suspicion,
    /// leaves a comment in its place that says so.
    pub fn commands(&self, undo: bool, reveal: bool) -> String {
        let commands = if undo { self.plan.undo(self.plan.commands.len()) } else { self.plan.commands.clone() };
        commands
            .iter()
            .map(|command| {
                let indent = "  ".repeat(command.depth);
                match hides(command).filter(|_| !reveal) {
                    // What a person wrote is no secret of the router's, and belongs to what is pasted.
                    None | Some(MaskReason::Words) => format!("{indent}{}\n", command.text),
                    Some(MaskReason::Known) => format!("{indent}! {}\n", mask_line(&command.text)),
                    Some(MaskReason::Suspected) => {
                        format!("{indent}! {} {PLACEHOLDER}\n", mask_line(&command.text))
                    }
                }
            })
            .collect()
    }

    /// How many command lines are shown only if revealed: those with a secret, and those that may hold one.
    pub fn hidden(&self, undo: bool) -> (usize, usize) {
        let commands = if undo { self.plan.undo(self.plan.commands.len()) } else { self.plan.commands.clone() };
        let count = |why| commands.iter().filter(|command| hides(command) == Some(why)).count();
        (count(MaskReason::Known), count(MaskReason::Suspected))
    }

    /// The difference as JSON, masked.
    pub fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(&Document {
            version: 1,
            same: self.is_empty(),
            unrecognised: self.unrecognised,
            commands: self.plan.commands.iter().map(Command::masked).collect(),
            undo: self.plan.undo(self.plan.commands.len()).iter().map(Command::masked).collect(),
            diff: self.plan.diff(),
            changes: &self.plan.changes,
            notes: &self.plan.notes,
        })
        .map(|document| visible::in_json(&document).into_owned())
    }
}

/// What follows an unknown line that is hidden on suspicion.
const PLACEHOLDER: &str = "<hidden: unknown line, may hold a secret; see --reveal>";

/// Why pasting the line as shown would set something else than the secret; nothing where it would not.
fn hides(command: &Command) -> Option<MaskReason> {
    why_hidden(&command.text).or_else(|| command.text.contains("<secret:").then_some(MaskReason::Known))
}

/// The rendered lines that the ownership does not cover.
pub fn unowned(rendered: &Config, ownership: &Ownership) -> Vec<Unowned> {
    let mut found = Vec::new();
    rendered.walk(&mut |path, node| {
        let full = full_words(path, node);
        let repeats_header = node.is_block() && !node.children.is_empty() && ownership.reaches_into(&full);
        if !repeats_header && !ownership.owns(&full) {
            found.push(Unowned { line: node.line, text: mask_line(&node.text) });
        }
    });
    found
}
