//! How a router ended, in the words of a work plan.

use crate::message::Text;
use crate::report::page::Phrase;
use crate::report::page_words::mark;
use crate::report::work_plan::End;

/// How a router ended, with a mark that needs no colour.
pub(super) fn ended(end: &End) -> Phrase {
    let (mark, Text { en, ja }) = (mark(end.verdict), &end.words);
    Phrase::words(format!("{mark} {en}"), format!("{mark} {ja}"))
}
