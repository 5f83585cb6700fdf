//! Which lines rest on facts that no device has shown: what the grammar's table marks as inferred or guessed, and what it does not know.
//!
//! Looked up only where lines are shown or kept; planning does not depend on it.

use serde::{Deserialize, Serialize};

use super::command::Command;
use crate::ix::grammar::{GLOBAL, Grammar, Sure, words};

/// Why a line is not certain to do what the plan says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guess {
    /// Inferred from commands like it; no device has shown it.
    Inferred,
    /// A guess.
    Guessed,
    /// Not in the grammar: it is typed as it stands.
    Unknown,
}

/// For each command, in its order, whether it rests on a guess.
pub fn guesses(commands: &[Command], grammar: &Grammar) -> Vec<Option<Guess>> {
    let mut modes: Vec<&str> = Vec::new();
    commands
        .iter()
        .map(|command| {
            modes.truncate(command.depth);
            let known = grammar.look_up(modes.last().copied().unwrap_or(GLOBAL), &words(&command.text));
            if command.opener {
                modes.push(known.as_ref().and_then(|known| known.row.opens.as_deref()).unwrap_or_default());
            }
            match known.map(|known| known.row.sure) {
                Some(Sure::I) => Some(Guess::Inferred),
                Some(Sure::G) => Some(Guess::Guessed),
                Some(Sure::T | Sure::C | Sure::M) => None,
                None => (*command.text != *"exit").then_some(Guess::Unknown),
            }
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at once")]
mod tests {
    use super::Guess;
    use crate::ix::Config;
    use crate::plan::{Lifeline, between};

    #[test]
    fn lines_that_no_device_has_shown_are_marked_in_their_mode() {
        let old = Config::parse("hostname r1\nconsole baudrate 9600\n");
        let new = Config::parse(
            "hostname r2\nstrange command\ninterface GigaEthernet0.0\n  ip address 192.0.2.1/24\n  no shutdown\n",
        );
        let plan = between(&old, &new, &Lifeline::Console, 255).expect("a plan");
        let marked: Vec<(&str, Guess)> = plan
            .commands
            .iter()
            .zip(plan.guesses())
            .filter_map(|(command, guess)| guess.map(|guess| (&*command.text, guess)))
            .collect();
        assert_eq!(marked, [("strange command", Guess::Unknown), ("no console baudrate 9600", Guess::Guessed)]);
        let undo = plan.undo(plan.commands.len());
        let marked = undo.iter().zip(plan.undo_guesses()).filter(|(_, guess)| guess.is_some()).count();
        assert_eq!(marked, 2, "{undo:?}");
    }
}
