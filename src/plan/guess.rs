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

/// For each command, in its order, whether it rests on a guess.
pub fn guesses(commands: &[Command], dialect: &Dialect) -> Vec<Option<Guess>> {
    let grammar = dialect.grammar();
    let mut modes: Vec<&str> = Vec::new();
    commands
        .iter()
        .map(|command| {
            modes.truncate(command.depth);
            let (mode, split) = (modes.last().copied().unwrap_or(GLOBAL), words(&command.text));
            let known = grammar.look_up(mode, &split);
            let sure = known.as_ref().map(|known| known.row.sure).or_else(|| sure_of_removal(grammar, mode, &split));
            if command.opener {
                modes.push(known.as_ref().and_then(|known| known.row.opens.as_deref()).unwrap_or_default());
            }
            match sure {
                Some(Confidence::I) => Some(Guess::Inferred),
                Some(Confidence::G) => Some(Guess::Guessed),
                Some(Confidence::T | Confidence::C | Confidence::M) => None,
                None => (*command.text != *dialect.commands().exit).then_some(Guess::Unknown),
            }
        })
        .collect()
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
        let marked: Vec<(&str, Guess)> = plan
            .commands
            .iter()
            .zip(plan.guesses())
            .filter_map(|(command, guess)| guess.map(|guess| (&*command.text, guess)))
            .collect();
        assert_eq!(marked, [("strange command", Guess::Unknown), ("no console baudrate 9600", Guess::Guessed)]);
        let of_lists = Config::parse(
            Dialect::ix(),
            "ip access-list a permit ip src any dest any\nip access-list a deny ip src any dest any\n",
        );
        let gone = between(&of_lists, &Config::parse(Dialect::ix(), "hostname r1\n"), &Lifeline::Console, 255)
            .expect("a plan");
        let marked = gone.commands.iter().zip(gone.guesses()).find(|(_, guess)| guess.is_some());
        assert_eq!(marked, None, "what takes a whole list away is in the table");
        let undo = plan.undo(plan.commands.len());
        let marked = undo.iter().zip(plan.undo_guesses()).filter(|(_, guess)| guess.is_some()).count();
        assert_eq!(marked, 2, "{undo:?}");
    }
}
