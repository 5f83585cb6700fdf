//! Sites that their inventory says are not to be touched: nothing is written there, and the operator is told why and until when.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::not_done::NotDone;
use super::operator::{Notice, Operator};
use super::target::Target;
use crate::inventory::DoNotTouch;
use crate::message::{Explain, Text};
use crate::state::State;
use crate::transaction::{CauseRecord, FailedEnd, Outcome};

/// Sites that are named one by one where many are told of.
const NAMED: usize = 10;

/// Takes the routers of barred sites out of a run, before anything is sent to them; how each of them ends. They are no failures: the
/// inventory said so before the run.
pub(super) fn exclude_barred(targets: &mut Vec<Target>, now: Timestamp) -> Vec<Outcome> {
    let mut ends = Vec::new();
    targets.retain(|target| {
        let Some(barred) = target.barred_at(now) else { return true };
        let cause = CauseRecord::of(&refusal(&target.intent.site, barred));
        ends.push(Outcome::without_a_session(&target.intent, 0, FailedEnd { state: State::Refused, cause }));
        false
    });
    ends
}

/// Tells the operator which of these sites no run will touch, where a command only reads.
pub(super) fn tell_barred(operator: &dyn Operator, targets: &[Target], now: Timestamp) {
    let mut sites = BTreeSet::new();
    let mut named = Vec::new();
    for target in targets {
        let Some(barred) = target.barred_at(now) else { continue };
        if sites.insert(target.intent.site.as_str()) && named.len() < NAMED {
            named.push(refusal(&target.intent.site, barred).text());
        }
    }
    let more = sites.len() - named.len();
    for text in named {
        operator.tell(&Notice::Warning(&text));
    }
    if more > 0 {
        let text =
            Text::new(format!("{more} more sites are not to be touched"), format!("ほかに {more} 拠点が変更禁止です"));
        operator.tell(&Notice::Warning(&text));
    }
}

fn refusal(site: &str, DoNotTouch { reason, until }: &DoNotTouch) -> NotDone {
    let until = match until {
        Some(until) => Text::new(format!("until the end of {until}"), format!("{until} まで")),
        None => Text::new("until its inventory says otherwise", "インベントリで解除されるまで"),
    };
    NotDone::Barred { site: site.to_owned(), reason: reason.clone(), until }
}
