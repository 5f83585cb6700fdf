//! How far a run over many routers has come, in few lines: how many of how many, what became of them, and each failure once.
//!
//! However many routers there are and however long it takes, some ten lines say how far it is: one for each part of the whole, and between
//! these lines that grow apart, to half an hour. Of failures that are the same the first few are told by name and the rest by number. Time is the
//! events' own; nothing here waits or writes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, SystemTime};

use super::counted::{CountedEnds, counted};
use super::rollout_text::rollout_words;
use super::{Style, span};
use crate::message::{Lang, Text};
use crate::record::{CauseRecord, Ending, Envelope, Kind, RunId, failure_class, is_skipped};
use crate::state::State;
use crate::visible;

/// From so many routers on a run is told briefly.
pub(super) const MANY: usize = 20;

/// A line about how far it is comes for each of so many parts of the whole ...
const PARTS: usize = 20;

/// ... at the earliest so often ...
const AT_EARLIEST: Duration = Duration::from_secs(5);

/// ... and where a part takes longer, after this time, and then after twice the time before, if anything happens ...
const AT_LATEST: Duration = Duration::from_secs(30);

/// ... but no later than this: who watches a night sees that it goes on.
const LONGEST_SILENCE: Duration = Duration::from_secs(30 * 60);

/// So many failures or warnings of one kind are told by name; of the others there is a number.
const NAMED: usize = 3;

/// So many kinds of failures or warnings are told apart; what else comes is one number.
const KINDS: usize = 50;

/// What was told of a run over many routers, and what was not yet.
#[derive(Debug)]
pub(super) struct Brief {
    lang: Lang,
    action: String,
    total: usize,
    /// Routers are changed; before that they are read.
    changes: bool,
    done: usize,
    ends: CountedEnds,
    /// Routers that have begun and not ended, with the first cause of each.
    in_flight: HashMap<String, Option<CauseRecord>>,
    /// How those ended that did: one that is tried again ends once more, and counts once.
    ended: HashMap<String, (State, usize)>,
    /// Those that were read: one that cannot be planned then fails, and counts once.
    read: HashSet<String>,
    begun: SystemTime,
    told: Told,
    /// A line comes at the latest after this time.
    at_latest: Duration,
    /// By what they say: how many there were, and of how many nothing was said yet.
    same: BTreeMap<String, Same>,
}

/// The last line about how far it is.
#[derive(Debug, Clone, Copy)]
struct Told {
    at: SystemTime,
    done: usize,
}

/// Failures or warnings that say the same.
#[derive(Debug, Default)]
struct Same {
    /// Told by name.
    named: usize,
    /// Not told yet.
    untold: usize,
}

impl Brief {
    /// A run that begins with this event, if it is over many routers.
    pub(super) fn begun_by(envelope: &Envelope, lang: Lang) -> Option<Self> {
        let (action, total, changes) = match &envelope.kind {
            Kind::RunStarted { action, routers, .. } => (action.as_str(), *routers, false),
            // Those that take no part end in it, too.
            Kind::Begun { action, routers, places, .. } => (action.as_str(), routers.len().max(places.len()), true),
            Kind::Continued { routers, .. } => ("continue", routers.len(), true),
            _ => return None,
        };
        (total >= MANY).then(|| Self {
            lang,
            action: action.to_owned(),
            total,
            changes,
            done: 0,
            ends: CountedEnds::default(),
            in_flight: HashMap::new(),
            ended: HashMap::new(),
            read: HashSet::new(),
            begun: envelope.at,
            told: Told { at: envelope.at, done: 0 },
            at_latest: AT_LATEST,
            same: BTreeMap::new(),
        })
    }

    /// Whether its routers are being changed.
    pub(super) fn changes(&self) -> bool {
        self.changes
    }

    /// Whether any of its routers has come to an end.
    pub(super) fn has_done(&self) -> bool {
        self.done > 0
    }

    /// Follows one event; what it is worth a line for.
    pub(super) fn follow(&mut self, envelope: &Envelope) -> Option<String> {
        if matches!(envelope.kind, Kind::ComesBack { .. }) {
            let again = self.lang.pick("tried again later", "後で再試行");
            let run = envelope.run.as_ref().map(RunId::as_str);
            return rollout_words(&envelope.kind, run, self.lang).and_then(|line| self.once(again.to_owned(), line));
        }
        let router = envelope.router()?;
        match &envelope.kind {
            Kind::Ended(ending) => return self.ended(router, ending),
            Kind::Warned { warning } => return self.warning(router, warning),
            Kind::TookOver => {
                let (en, ja) =
                    ("config mode was taken from its holder", "コンフィグモードを使用者から強制的に取得しました");
                return self.warning(router, &Text::new(en, ja));
            }
            Kind::Moved { state: State::Lost } => {
                let (en, ja) = ("the session is gone; it is looked for", "セッション喪失。再接続を試みます");
                return self.warning(router, &Text::new(en, ja));
            }
            _ => {}
        }
        match &envelope.kind {
            Kind::Failed { cause, .. } if !self.changes => {
                if self.read.remove(router) {
                    self.ends.take_back_read();
                } else {
                    self.is_done(router);
                }
                if is_skipped(&cause.code) {
                    self.ends.in_conflict();
                } else {
                    self.ends.failed();
                }
                return self.failure(router, None, cause);
            }
            Kind::Read { .. } if !self.changes => {
                if self.read.insert(router.to_owned()) {
                    self.is_done(router);
                    self.ends.read();
                }
            }
            // The checks that are repeated after its end are no part of its change; one that is tried again changes its state first.
            kind if self.ended.contains_key(router)
                && !self.in_flight.contains_key(router)
                && !matches!(kind, Kind::Moved { .. }) => {}
            kind => {
                let first = self.in_flight.entry(router.to_owned()).or_default();
                if let Kind::Failed { cause, .. } = kind {
                    first.get_or_insert_with(|| cause.clone());
                }
            }
        }
        None
    }

    /// How far it is, on one line.
    pub(super) fn line(&self, at: SystemTime) -> String {
        let (lang, action) = (self.lang, &self.action);
        let (done, total) = (counted(self.done), counted(self.total.max(self.done)));
        let since = span(at.duration_since(self.begun).unwrap_or_default(), lang);
        let reading = if self.changes { "" } else { lang.pick(", reading", "(読み取り)") };
        let mut ends = self.ends.words(lang);
        if !ends.is_empty() {
            ends.push_str(lang.pick("; ", "、"));
        }
        let in_flight = self.in_flight.len();
        match lang {
            Lang::En => format!("{action}{reading} {done}/{total} ({since}): {ends}{in_flight} in flight"),
            Lang::Ja => format!("{action}{reading} {done}/{total}({since}): {ends}処理中 {in_flight}"),
        }
    }

    /// How far it is, if that is due by now: what was not told by name first.
    pub(super) fn due(&mut self, at: SystemTime) -> Option<Vec<String>> {
        let Ok(since) = at.duration_since(self.told.at) else {
            // A clock that was set back begins anew.
            self.told.at = at;
            return None;
        };
        let further = self.done.saturating_sub(self.told.done);
        let is_a_part = further * PARTS >= self.total && further > 0;
        if is_a_part && since >= AT_EARLIEST {
            return Some(self.all(at));
        }
        (since >= self.at_latest).then(|| {
            self.at_latest = self.at_latest.saturating_mul(2).min(LONGEST_SILENCE);
            self.all(at)
        })
    }

    /// The same at once: when the run, or this part of it, is over.
    pub(super) fn all(&mut self, at: SystemTime) -> Vec<String> {
        self.told = Told { at, done: self.done };
        let mut lines = self.untold();
        lines.push(self.line(at));
        lines
    }

    /// What was not told by name, by number.
    fn untold(&mut self) -> Vec<String> {
        let lang = self.lang;
        let untold = self.same.iter_mut().filter(|(_, same)| same.untold > 0);
        untold
            .map(|(words, same)| {
                let more = counted(std::mem::take(&mut same.untold));
                match lang {
                    Lang::En => format!("  {words}: the same on {more} more"),
                    Lang::Ja => format!("  {words}: ほか {more} 台も同じ"),
                }
            })
            .collect()
    }

    fn is_done(&mut self, router: &str) -> Option<CauseRecord> {
        self.done += 1;
        self.in_flight.remove(router).flatten()
    }

    fn ended(&mut self, router: &str, ending: &Ending) -> Option<String> {
        let end = (ending.state, ending.planned.unwrap_or(ending.sent));
        if let Some((state, planned)) = self.ended.insert(router.to_owned(), end) {
            self.ends.take_back(state, planned);
            self.done = self.done.saturating_sub(1);
        }
        self.ends.take(end.0, end.1);
        let first = self.is_done(router).or_else(|| ending.causes.first().cloned())?;
        // Of those that did not fail by themselves the result says how many.
        ending.failure_class.or_else(|| failure_class(ending.state, Some(&first.code)))?;
        self.failure(router, Some(ending.state), &first)
    }

    fn failure(&mut self, router: &str, state: Option<State>, cause: &CauseRecord) -> Option<String> {
        let word = match state {
            Some(state) => state.word(),
            None if is_skipped(&cause.code) => self.lang.pick("conflict", "競合"),
            None => self.lang.pick("failed", "失敗"),
        };
        let words = format!("{word} [{}]", cause.code);
        let text = unnamed(cause.text.get(self.lang), router);
        let line = format!("{}: {words} {text}", visible::line(router));
        self.once(words, Style::Bad.on(&line))
    }

    fn warning(&mut self, router: &str, text: &Text) -> Option<String> {
        let words = format!("{}: {}", self.lang.pick("warning", "警告"), unnamed(text.get(self.lang), router));
        let line = format!("{}: {words}", visible::line(router));
        self.once(words, Style::Warn.on(&line))
    }

    /// The line, where it is among the first of those that say the same.
    fn once(&mut self, words: String, line: String) -> Option<String> {
        if self.same.len() >= KINDS && !self.same.contains_key(&words) {
            let others = self.lang.pick("other failures and warnings", "その他の失敗・警告");
            self.same.entry(others.to_owned()).or_default().untold += 1;
            return None;
        }
        let same = self.same.entry(words).or_default();
        if same.named < NAMED {
            same.named += 1;
            return Some(line);
        }
        same.untold += 1;
        None
    }
}

/// The first line of a text, such as one with a difference, without the name that the line begins with.
fn unnamed<'a>(text: &'a str, router: &str) -> &'a str {
    let text = text.strip_prefix(router).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(text);
    text.lines().next().unwrap_or_default().trim_end()
}

#[cfg(test)]
#[path = "brief_tests.rs"]
mod tests;
