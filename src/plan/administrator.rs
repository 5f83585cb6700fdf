//! A router that has an administrator never loses its last one: one without lets everyone in, with no login (fact sheet 1, T).
//!
//! Follows the user lines through a plan and through every undo of it. Pure; the order that keeps the rule is made elsewhere.

use super::command::Plan;
use super::error::PlanError;
use super::state::removal;
use crate::dialect::grammar::{Grammar, words};
use crate::ix::mask::mask_line;
use crate::ix::{Config, Node};

/// Whether a line gives someone the administrator's right. One that names no right does not count: what the router makes of it
/// is not attested.
pub fn is_administrator(node: &Node) -> bool {
    is_user(node) && node.arg("RIGHT") == Some("administrator")
}

/// Whether a configuration has an administrator.
pub fn has_administrator(config: &Config) -> bool {
    config.nodes.iter().any(is_administrator)
}

/// Insists that at no line of the plan, and of no undo of it, the router has lost its last administrator.
///
/// # Errors
/// [`PlanError::NoAdministrator`] with the first line after which there is none.
pub fn stays(running: &Config, plan: &Plan) -> Result<(), PlanError> {
    if !has_administrator(running) {
        return Ok(());
    }
    let mut users = Users::of(running);
    // An undo that begins where the users are the same types the same lines about them: one of each is enough.
    let mut undone_from = Vec::new();
    for (sent, command) in plan.commands.iter().enumerate() {
        if users.enter(&command.text) {
            users.insist(command.number, &command.text, false)?;
            undone_from.push((sent + 1, users.clone()));
        }
    }
    for (sent, mut users) in undone_from {
        for command in plan.undo(sent) {
            users.enter(&command.text);
            users.insist(command.number, &command.text, true)?;
        }
    }
    Ok(())
}

fn is_user(node: &Node) -> bool {
    node.row.as_ref().is_some_and(|row| row.mgmt && row.args.iter().any(|arg| arg.name == "RIGHT")) && !node.off
}

/// The users of a router.
#[derive(Clone)]
struct Users<'g> {
    grammar: &'g Grammar,
    nodes: Vec<Node>,
}

impl<'g> Users<'g> {
    fn of(config: &'g Config) -> Self {
        let nodes = config.nodes.iter().filter(|node| is_user(node)).cloned().collect();
        Self { grammar: config.grammar(), nodes }
    }

    /// Types a line, and says whether it is about users.
    fn enter(&mut self, line: &str) -> bool {
        if words(line).first() == Some(&"no") {
            let known = self.nodes.len();
            let taken =
                |user: &Node| removal(user).as_deref() == Some(line) || line.strip_prefix("no ") == Some(&*user.text);
            self.nodes.retain(|user| !taken(user));
            return self.nodes.len() != known;
        }
        let node = Node::new(self.grammar, "global", line, 0);
        let about_users = is_user(&node);
        if about_users {
            self.nodes.retain(|user| user.key != node.key);
            self.nodes.push(node);
        }
        about_users
    }

    fn insist(&self, number: usize, line: &str, undo: bool) -> Result<(), PlanError> {
        if self.nodes.iter().any(is_administrator) {
            return Ok(());
        }
        Err(PlanError::NoAdministrator { number, line: mask_line(line), undo, reverts: false })
    }
}
