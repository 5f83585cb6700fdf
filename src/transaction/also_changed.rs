//! What else is otherwise on a router than before a change, besides what the change itself names: the displays that its checks read were
//! read before the first line, too (`displays_before`), and are compared.
//!
//! It is told, recorded, and judged by no one: a neighbour's cable can be pulled out at any moment.

use super::phases::Transaction;
use crate::ix::display::{Comparison, Difference, Shown, compare};
use crate::ix::mask::mask_text;
use crate::message::Text;
use crate::record::Kind;

/// The most differences that are told of a display.
const MOST_TOLD: usize = 8;

impl Transaction<'_> {
    /// Says what the same displays show otherwise after the change.
    pub(super) fn say_what_else_changed(&self, after: &[Shown]) {
        let lines: Vec<&str> = self.approved.plan.commands.iter().map(|command| &*command.text).collect();
        let Comparison { differences: mut found, not_compared } = compare(&self.findings.shown_before, after, &lines);
        for command in not_compared {
            self.emit(Kind::Warned {
                warning: Text::new(
                    format!("`{command}` was not compared with what it showed before the change: it is cut off or has another form"),
                    format!("`{command}` は変更前の表示と比較していません。表示が途中で切れているか、形式が異なります"),
                ),
            });
        }
        found.retain(|difference| !difference.is_meant);
        for of_display in found.chunk_by(|one, other| one.command == other.command) {
            let Some(Difference { command, .. }) = of_display.first() else { continue };
            let told: Vec<String> = of_display.iter().take(MOST_TOLD).map(told).collect();
            let more = if of_display.len() > MOST_TOLD { "; ..." } else { "" };
            let told = told.join("; ");
            self.emit(Kind::Warned {
                warning: Text::new(
                    format!("besides what was changed, `{command}` says otherwise than before: {told}{more}"),
                    format!("変更した箇所のほかに、`{command}` の表示が変更前と異なります: {told}{more}"),
                ),
            });
        }
    }
}

/// `state of Tunnel0.0: up -> down`
fn told(difference: &Difference) -> String {
    let Difference { of, field, before, after, .. } = difference;
    let values = |values: &[String]| if values.is_empty() { "-".to_owned() } else { mask_text(&values.join(", ")) };
    let of = if of.is_empty() { String::new() } else { format!(" of {of}") };
    format!("{field}{of}: {} -> {}", values(before), values(after))
}
