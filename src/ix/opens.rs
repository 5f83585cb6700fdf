//! What opens a mode: the one rule for texts that are read, plans that are typed and models that are typed into.
//!
//! Knows one line and its mode, and nothing about the lines around it.

use crate::dialect::grammar::{Grammar, Row};

/// The mode that a line opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens<'g> {
    /// This one.
    Mode(&'g str),
    /// One without a name, if lines are below it: the command is unknown, or known by its first words only.
    Perhaps,
    /// None, whatever is below it.
    Nothing,
}

/// The row of the table that a line is of.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowOfLine<'g> {
    pub row: &'g Row,
    /// The line says that nothing is set.
    pub off: bool,
}

impl<'g> Opens<'g> {
    pub(super) fn of(line: Option<RowOfLine<'g>>, is_negated: bool) -> Self {
        match line {
            // What takes something away opens nothing.
            _ if is_negated => Self::Nothing,
            Some(RowOfLine { row, off }) if !row.family => match &row.opens {
                Some(mode) if !off => Self::Mode(mode),
                _ => Self::Nothing,
            },
            _ => Self::Perhaps,
        }
    }

    /// The mode of the lines below the line; nothing if there can be none.
    pub fn below(self) -> Option<&'g str> {
        match self {
            Self::Mode(mode) => Some(mode),
            Self::Perhaps => Some(""),
            Self::Nothing => None,
        }
    }
}

impl Grammar {
    /// The mode that a line of this mode opens.
    pub fn opens(&self, mode: &str, line: &[&str]) -> Opens<'_> {
        let known = self.look_up(mode, line);
        let row = known.as_ref().map(|known| RowOfLine { row: known.row, off: known.off });
        Opens::of(row, line.first() == Some(&"no"))
    }
}
