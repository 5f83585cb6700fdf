//! Which lines could belong to another mode than the one they are read in, and what depends on it.
//!
//! Asks the walk what is open, and changes nothing of it.

use super::{Found, InBlock, Other, Preceding, Walk};
use crate::dialect::Dialect;
use crate::dialect::grammar::{CommandKind, GLOBAL, Known, Row, words};
use crate::ix::doubt::Weight;

/// Another place for a line, and the block whose lines it shows to be as deep as those around it.
pub(super) type Doubtful = (Option<(Other, Weight)>, Option<usize>);

impl<'g> Walk<'g> {
    /// Another place for a line that its indentation places, and the block whose lines it shows to have slipped.
    pub(super) fn doubt_of_indented(&self, found: &Found<'g, '_>, text: &str, indent: usize) -> Doubtful {
        let row = found.row(self.grammar).map(|line| line.row);
        if row.is_none()
            && let Some(left) = self.left.as_ref().filter(|left| left.depth == self.frames.len())
            && let Some(known) = self.grammar.look_up(left.context, &words(text)).filter(|known| !known.row.family)
        {
            let slip = left.silent.then_some(left.node);
            return (Some((Other::Block(left.node), self.weight(known.row))), slip);
        }
        let Some(frame) = self.frames.last() else {
            let deeper = self.outermost.is_some_and(|least| indent > least);
            let doubtful = deeper && row.is_none_or(|row| row.opens.is_none());
            return (doubtful.then(|| (Other::Above, row.map_or(Weight::Real, |row| self.weight(row)))), None);
        };
        if !frame.exited {
            return (None, None);
        }
        // The block was left, and its lines go on.
        let around = self.frames.len().checked_sub(2).and_then(|at| self.frames.get(at));
        let outside = self.grammar.look_up(around.map_or(GLOBAL, |frame| frame.context), &words(text));
        let weight = match (row, outside) {
            (_, Some(known)) => Some(self.weight(known.row)),
            (None, None) => Some(Weight::Real),
            (Some(_), None) => None,
        };
        let other = around.map_or(Other::Global, |frame| Other::Block(frame.node));
        (weight.map(|weight| (other, weight)), None)
    }

    /// Another place for a line without indentation, and the block whose lines it shows to have none.
    pub(super) fn doubt_of_flat(
        &self,
        split: &[&str],
        in_block: Option<&InBlock<'g>>,
        global: Option<&Known<'g>>,
        block_wins: bool,
    ) -> Doubtful {
        let block = |at: usize| self.frames.get(at).map(|frame| Other::Block(frame.node));
        let innermost = || self.frames.last().map(|frame| Other::Block(frame.node));
        let both = |one: &Known<'_>, other: &Known<'_>| self.weight(one.row).max(self.weight(other.row));
        if let Some(InBlock { at, known }) = in_block.filter(|_| block_wins) {
            // Against what one mode is known to have, the first words of a family in another say nothing.
            let may_be = |other: &Known<'_>| known.row.family || !other.row.family || self.reaches(other.row);
            let around = self.known_in(*at, split).filter(|other| may_be(&other.known));
            let around = around.and_then(|other| Some((block(other.at)?, both(known, &other.known))));
            let outer = || global.filter(|other| may_be(other)).map(|other| (Other::Global, both(known, other)));
            let slip = self.frames.get(*at).filter(|frame| frame.indented.is_none()).map(|frame| frame.node);
            return (around.or_else(outer).filter(|_| self.since != Preceding::End), slip);
        }
        if self.since == Preceding::End {
            return (None, None);
        }
        let Some(global) = global else {
            let read_outside = self.since != Preceding::Nothing || self.is_empty_block();
            let other = if read_outside { innermost() } else { Some(Other::Global) };
            return (other.map(|other| (other, Weight::Real)), None);
        };
        if global.row.opens.is_some() && !global.off {
            return (None, None);
        }
        let known_there = in_block.and_then(|InBlock { at, known }| Some((block(*at)?, both(known, global))));
        if known_there.is_some() || self.is_empty_block() {
            return (known_there, None);
        }
        let weight = match self.frames.last() {
            Some(frame) if self.may_know(frame.context, split, global.row) => self.weight(global.row),
            _ if self.since == Preceding::Nothing => Weight::Slight,
            _ => return (None, None),
        };
        (innermost().map(|other| (other, weight)), None)
    }

    /// Whether a mode may have a command that this table does not have there: in the other series it does, or some servers of that
    /// series are there.
    fn may_know(&self, mode: &str, split: &[&str], row: &Row) -> bool {
        self.others_have(mode, split) || (mode == "interface" && self.grammar.is_server(row))
    }

    fn others_have(&self, mode: &str, split: &[&str]) -> bool {
        let mut others = Dialect::all().into_iter().filter(|other| !std::ptr::eq(other.grammar(), self.grammar));
        others.any(|other| other.grammar().look_up(mode, split).is_some())
    }

    /// Whether a command decides who can reach the router.
    fn reaches(&self, row: &Row) -> bool {
        row.kind == CommandKind::Chain || self.grammar.is_server(row)
    }

    fn weight(&self, row: &Row) -> Weight {
        if self.reaches(row) { Weight::Grave } else { Weight::Real }
    }
}
