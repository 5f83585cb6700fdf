//! Which lines rest on facts that no device has shown: what the grammar's table marks as inferred or guessed, and what it does not know.
//!
//! Looked up only where lines are shown or kept; planning does not depend on it.

use serde::{Deserialize, Serialize};

use super::command::Command;
use crate::dialect::Dialect;
use crate::dialect::grammar::{Confidence, GLOBAL, Grammar, Remove, Row, words};

/// Why a line is not certain to do what the plan says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guess {
    /// Inferred from commands like it; no device has shown it.
    Inferred,
    /// A guess.
    Guessed,
    /// Not in the grammar: it is typed as it is.
    Unknown,
}

/// Says of commands, one after the other in their order, whether they rest on a guess.
pub struct Guesses<'d> {
    dialect: &'d Dialect,
    /// The modes that are open.
    modes: Vec<&'d str>,
}

impl<'d> Guesses<'d> {
    pub(super) fn new(dialect: &'d Dialect) -> Self {
        Self { dialect, modes: Vec::new() }
    }

    /// What the next command rests on, if on a guess.
    pub fn of(&mut self, command: &Command) -> Option<Guess> {
        let grammar = self.dialect.grammar();
        self.modes.truncate(command.depth);
        let (mode, split) = (self.modes.last().copied().unwrap_or(GLOBAL), words(&command.text));
        let known = grammar.look_up(mode, &split);
        let sure = known.as_ref().map(|known| known.row.sure).or_else(|| sure_of_removal(grammar, mode, &split));
        if command.opener {
            self.modes.push(known.and_then(|known| known.row.opens.as_deref()).unwrap_or_default());
        }
        match sure {
            Some(Confidence::I) => Some(Guess::Inferred),
            Some(Confidence::G) => Some(Guess::Guessed),
            Some(Confidence::T | Confidence::C | Confidence::M) => None,
            None => (*command.text != *self.dialect.commands().exit).then_some(Guess::Unknown),
        }
    }
}

/// How sure a removal is that has words of its own: of a whole list, or as the row writes it.
fn sure_of_removal(grammar: &Grammar, mode: &str, split: &[&str]) -> Option<Confidence> {
    let fits = |form: &str| {
        let form = words(form);
        form.len() == split.len() && form.iter().zip(split).all(|(own, word)| own.starts_with('{') || own == word)
    };
    let removes = |row: &Row| {
        let own = if let Remove::Words(own) = &row.remove { Some(own) } else { None };
        own.into_iter().chain(&row.whole).chain(&row.other_removals).any(|form| fits(form))
    };
    let rows = grammar.rows().iter().filter(|row| row.context == mode && removes(row));
    (split.first() == Some(&"no")).then(|| rows.map(|row| row.sure).min())?
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test may stop at once")]
mod tests {
    use super::Guess;
    use crate::dialect::Dialect;
    use crate::ix::Config;
    use crate::plan::{Lifeline, between};

    #[test]
    fn lines_that_no_device_has_shown_are_marked_in_their_mode() {
        let old = Config::parse(Dialect::ix(), "hostname r1\nconsole baudrate 9600\n");
        let new = Config::parse(
            Dialect::ix(),
            "hostname r2\nstrange command\ninterface GigaEthernet0.0\n  ip address 192.0.2.1/24\n  no shutdown\n",
        );
        let plan = between(&old, &new, &Lifeline::Console, 255).expect("a plan");
        let mut guesses = plan.guesses();
        let marked: Vec<(&str, Guess)> =
            plan.commands.iter().filter_map(|command| Some((&*command.text, guesses.of(command)?))).collect();
        assert_eq!(marked, [("strange command", Guess::Unknown), ("no console baudrate 9600", Guess::Guessed)]);
        let of_lists = Config::parse(
            Dialect::ix(),
            "ip access-list a permit ip src any dest any\nip access-list a deny ip src any dest any\n",
        );
        let gone = between(&of_lists, &Config::parse(Dialect::ix(), "hostname r1\n"), &Lifeline::Console, 255)
            .expect("a plan");
        let mut guesses = gone.guesses();
        assert!(
            gone.commands.iter().all(|command| guesses.of(command).is_none()),
            "what takes a whole list away is in the table"
        );
        let undo = plan.undo(plan.commands.len());
        let mut guesses = plan.guesses();
        let marked = undo.iter().filter(|command| guesses.of(command).is_some()).count();
        assert_eq!(marked, 2, "{undo:?}");
    }
}
