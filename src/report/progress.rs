//! Events as lines to read, on stderr.
//!
//! One line per event, so that many routers at once never overwrite each other and a log of the terminal reads well. Only a wait
//! counts in its own line, on a screen and for one router at a time; elsewhere it is a line at growing intervals. A run over many routers is
//! told briefly ([`Brief`]), unless every line is asked for.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use unicode_width::UnicodeWidthStr;

use crate::ix::without_end;
use crate::message::Lang;
use crate::record::{ComparedWith, ConnectionRecord, Ending, Envelope, Kind, Reader, RunId, is_skipped};
use crate::report::Style;
use crate::report::account_text::who;
use crate::report::brief::Brief;
use crate::report::check_text::{check_words, enrolled_words, failed_before, tested_words};
use crate::report::rollout_text::rollout_words;
use crate::report::state_text::{end_words, state_words};
use crate::report::waiting::{count_words, waiting_words};
use crate::report::wrap::{COLUMNS, Wrap, for_screen, wrapped};
use crate::state::{State, Verdict};
use crate::visible;

/// Writes each event that the operator wants to see.
pub struct Progress<W> {
    out: Mutex<Shown<W>>,
    lang: Lang,
    /// Also every line that is sent.
    lines: bool,
    /// Who reads this may be asked for the end of a serial number.
    asks: bool,
}

/// What was written, and the line that counts: whose it is, and how wide.
struct Shown<W> {
    out: W,
    /// The reader's screen, where a line may be written over itself; it takes visible text alone.
    screen: Option<Box<dyn Write + Send>>,
    counting: Option<(String, usize)>,
    /// How far a run over many routers is.
    brief: Option<Brief>,
    /// Routers that are saved although not all of it is proven.
    unproven: BTreeSet<String>,
}

impl<W: Write> Shown<W> {
    /// Follows what is not proven of a router, from its attempt on.
    fn follow_proofs(&mut self, envelope: &Envelope) {
        let Some(router) = envelope.router() else { return };
        match envelope.kind {
            Kind::Unverified { .. } => drop(self.unproven.insert(router.to_owned())),
            Kind::Moved { state: State::Locked } | Kind::Ended(_) => drop(self.unproven.remove(router)),
            _ => {}
        }
    }

    /// A line of its own, below the one that counts.
    fn line(&mut self, text: &str) {
        let above = if self.counting.take().is_some() { "\n" } else { "" };
        // A closed terminal has no reader; the run goes on.
        let text = if self.screen.is_some() { &for_screen(text) } else { text };
        let _ = writeln!(self.out, "{above}{text}").and_then(|()| self.out.flush());
    }

    /// Writes the line that counts over itself; false where it counts for another router.
    fn count(&mut self, router: &str, text: &str) -> bool {
        let Some(screen) = &mut self.screen else { return false };
        let before = match &self.counting {
            Some((owner, _)) if owner != router => return false,
            Some((_, width)) => *width,
            None => 0,
        };
        let width = text.width();
        let blanks = " ".repeat(before.saturating_sub(width));
        let _ = write!(screen, "\r{text}{blanks}").and_then(|()| screen.flush());
        self.counting = Some((router.to_owned(), width));
        true
    }

    /// What is told of an event of a run over many routers; false where it belongs to no such run.
    fn tell_briefly(&mut self, envelope: &Envelope, lang: Lang) -> bool {
        /// Whose line it is that counts.
        const RUN: &str = "";
        let begins = match &envelope.kind {
            Kind::RunStarted { .. } => !self.brief.as_ref().is_some_and(Brief::changes),
            Kind::Begun { .. } | Kind::Continued { .. } => true,
            _ => false,
        };
        if begins || matches!(envelope.kind, Kind::RunEnded { .. }) {
            // Where each is read when its turn comes, none was read before.
            let so_far = self.brief.take().filter(Brief::has_done);
            let last = so_far.map(|mut brief| brief.all(envelope.at)).unwrap_or_default();
            last.iter().for_each(|line| self.line(line));
            self.brief = if begins { Brief::begun_by(envelope, lang) } else { None };
            // Which routers and sites they are is told in any case.
            return false;
        }
        // What happens to the run itself is few lines anyway, but for the sites that are tried again.
        if envelope.router().is_none() && !matches!(envelope.kind, Kind::ComesBack { .. }) {
            return false;
        }
        let Some(mut brief) = self.brief.take() else { return false };
        brief.follow(envelope).into_iter().for_each(|line| self.line(&line));
        // A line that is wider than the screen could not be written over.
        let one_line = Wrap { columns: COLUMNS - 1, indent: 0, lines: 1 };
        if !self.count(RUN, &wrapped(&brief.line(envelope.at), 0, one_line)) {
            brief.due(envelope.at).into_iter().flatten().for_each(|line| self.line(&line));
        }
        self.brief = Some(brief);
        true
    }
}

impl<W: Write + Send> Progress<W> {
    /// A reader that writes to `out`; with `lines` also every line that is sent.
    pub fn new(out: W, lang: Lang, lines: bool) -> Self {
        Self {
            out: Mutex::new(Shown { out, screen: None, counting: None, brief: None, unproven: BTreeSet::new() }),
            lang,
            lines,
            asks: false,
        }
    }

    /// The same for a reader who may be asked for the end of a serial number: it is not shown.
    #[must_use]
    pub fn asking(self) -> Self {
        Self { asks: true, ..self }
    }

    /// The same, where a wait counts in its own line if there is a screen to write it over and over.
    #[must_use]
    pub fn counting(self, screen: Option<Box<dyn Write + Send>>) -> Self {
        self.out.lock().unwrap_or_else(PoisonError::into_inner).screen = screen;
        self
    }

    /// Who reads a screen may be asked for the end of the serial number: it is not shown there.
    fn line(&self, envelope: &Envelope, shown: &Shown<W>) -> Option<String> {
        let (lang, is_hidden) = (self.lang, self.asks || shown.screen.is_some());
        let say = |en: String, ja: String| Some(if lang == Lang::Ja { ja } else { en });
        match &envelope.kind {
            Kind::RunStarted { action, routers, sites, .. } => say(
                format!("{action}: {routers} router(s) at {sites} site(s)"),
                format!("{action}: ルータ {routers} 台、拠点 {sites} か所"),
            ),
            // The end itself is told by `Ended`, with its time.
            Kind::Moved { state, .. } if state.is_end() && *state != State::Lost => None,
            // Its checks did not pass, or nothing shows that it is saved.
            Kind::Moved { state: State::Confirmed }
                if envelope.router().is_some_and(|one| shown.unproven.contains(one)) =>
            {
                Some(format!("→ {}", State::Confirmed.word()))
            }
            Kind::Moved { state, .. } => Some(format!("→ {}", state_words(*state, lang))),
            Kind::Connected(ConnectionRecord { transport, peer, .. }) => {
                say(format!("connected by {transport}, {peer}"), format!("{transport} で接続しました({peer})"))
            }
            Kind::Warned { warning, .. } => {
                Some(Style::Warn.on(&format!("{}: {}", lang.pick("warning", "警告"), warning.get(lang))))
            }
            Kind::TookOver => Some(Style::Warn.on(
                lang.pick("config mode was taken from its holder", "コンフィグモードを使用者から強制的に取得しました"),
            )),
            Kind::Identified { identity, .. } => {
                let (model, firmware) = (identity.model(), identity.firmware());
                let number = identity.serial_number();
                let number = if is_hidden { without_end(number) } else { number.to_owned() };
                say(
                    format!("{model}, serial number {number}, firmware {firmware}"),
                    format!("{model}、製造番号 {number}、ファームウェア {firmware}"),
                )
            }
            Kind::Read { running_lines, milliseconds, .. } => say(
                format!("read {running_lines} lines in {:.1} s", seconds(*milliseconds)),
                format!("{running_lines} 行を {:.1} 秒で読み取りました", seconds(*milliseconds)),
            ),
            Kind::Sending { number, total, line, undo, .. } if self.lines => {
                let word = if *undo { lang.pick("undo ", "取り消し ") } else { "" };
                Some(Style::Dim.on(&format!("{word}{number:>3}/{total} {line}")))
            }
            Kind::Answered { text, accepted: true, .. } | Kind::HostKeyMade { text } if !text.is_empty() => {
                say(format!("the router says: {text}"), format!("ルータの応答: {text}"))
            }
            Kind::Compared { with, differences, foreign } => {
                let (en, ja) = compared_words(*with);
                let (en, ja) = match foreign {
                    0 => (en.to_owned(), ja.to_owned()),
                    _ => (
                        format!("{en} and {foreign} line(s) that are not ours"),
                        format!("{ja}に他者の {foreign} 行を加えたもの"),
                    ),
                };
                if *differences == 0 {
                    say(format!("read again: {en}, no difference"), format!("読み直し: {ja}と一致しました"))
                } else {
                    say(
                        format!("read again: {differences} difference(s) from {en}"),
                        format!("読み直し: {ja}と {differences} 件の差分があります"),
                    )
                }
            }
            Kind::Checked { check, passed, recorded, required, .. } => {
                let (mark, words) = check_words(*passed, *recorded, *required, self.lang);
                Some(format!("{} {check}", mark.on(words)))
            }
            Kind::CheckedBefore { check, passed: Some(false), .. } => Some(failed_before(check, lang)),
            Kind::Unverified { checks, reason } if !checks.is_empty() => Some(Style::Warn.on(&match lang {
                Lang::En => format!("saved all the same although {} failed: {reason}", checks.join(", ")),
                Lang::Ja => format!("{} が NG のまま保存します: {reason}", checks.join(", ")),
            })),
            Kind::Waiting { .. } | Kind::StillWaiting { .. } | Kind::AnotherBox { .. } => {
                waiting_words(envelope, lang).map(|words| Style::Warn.on(&words))
            }
            Kind::FoundAgain { .. } => waiting_words(envelope, lang).map(|words| Style::Good.on(&words)),
            Kind::Failed { cause, .. } => {
                // The line begins with the router's name; a cause that names it too need not say it again.
                let router = envelope.router().unwrap_or_default();
                let (code, text) = (&cause.code, cause.text.get(lang));
                let text = text.strip_prefix(router).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(text);
                // Others have changed what was to be undone: it is left as it is, and that is no failure.
                let (style, word) = match is_skipped(code) {
                    true => (Style::Warn, lang.pick("conflict", "競合")),
                    false => (Style::Bad, lang.pick("failed", "失敗")),
                };
                Some(style.on(&format!("{word}[{code}]: {text}")))
            }
            Kind::Ordered { order, by, machine } => {
                let word = order.word();
                say(
                    format!("{word}: ordered by {}", who(by, machine, Lang::En)),
                    format!("{word}: {} が指示しました", who(by, machine, Lang::Ja)),
                )
                .map(|text| Style::Warn.on(&text))
            }
            Kind::TimeReached => {
                say("it is time: the run begins".to_owned(), "開始時刻になりました。実行を始めます".to_owned())
            }
            Kind::Scheduled { at } => say(format!("waiting until {at}"), format!("{at} まで待機します")),
            Kind::Continued { by, machine, routers, .. } => say(
                format!("continued by {}: {} router(s) that were not begun", who(by, machine, Lang::En), routers.len()),
                format!("{} が続行しました。未着手のルータ {} 台", who(by, machine, Lang::Ja), routers.len()),
            ),
            Kind::Ended(ending) => self.ended(ending),
            kind @ (Kind::StepAwaits(_)
            | Kind::StepBegun(_)
            | Kind::StepBakes(_)
            | Kind::StepEnded(_)
            | Kind::StepUnproven(_)
            | Kind::StepStandIn(_)
            | Kind::WindowTooShort(_)
            | Kind::WindowAwaited { .. }
            | Kind::Held(_)
            | Kind::BudgetSpent(_)
            | Kind::ComesBack { .. }) => rollout_words(kind, envelope.run.as_ref().map(RunId::as_str), lang),
            Kind::Tested(test) => {
                let (mark, words) = tested_words(test, lang);
                Some(format!("{} {}: {}", mark.on(words), test.check, test.told.get(lang)))
            }
            Kind::HostKeyEnrolled(enrolled) => {
                let words = enrolled_words(enrolled);
                say(words.en, words.ja)
            }
            // What follows from these, or led to them, is told already.
            Kind::Sending { .. }
            | Kind::Answered { .. }
            | Kind::HostKeyMade { .. }
            | Kind::CheckedBefore { .. }
            | Kind::LineSeen(_)
            | Kind::Probed(_)
            | Kind::Unverified { .. }
            | Kind::Begun { .. }
            | Kind::Intended { .. }
            | Kind::BackedUp { .. }
            | Kind::Sealed { .. }
            | Kind::NotSealed { .. }
            | Kind::Pruned { .. }
            | Kind::Exported(_)
            | Kind::Imported(_)
            | Kind::Saving
            | Kind::Restarting
            | Kind::Restarted { .. }
            | Kind::RestartFound { .. }
            | Kind::RouterMade { .. }
            | Kind::ForeignStays { .. }
            | Kind::Abandoned
            | Kind::Resumed { .. }
            | Kind::RunEnded { .. } => None,
        }
    }

    /// The end of a router with which a session was opened; what became of the others says the result.
    fn ended(&self, ending: &Ending) -> Option<String> {
        let state = ending.state;
        let time = format!("{:.1} {}", seconds(ending.milliseconds?), self.lang.pick("s", "秒"));
        let text = format!("■ {} ({time})", end_words(state, !ending.foreign.is_empty(), self.lang));
        Some(if state.verdict() == Verdict::Done { Style::Good.on(&text) } else { Style::Bad.on(&text) })
    }
}

impl<W: Write + Send> Reader for Progress<W> {
    fn read(&self, envelope: &Envelope) {
        let name = envelope.router().map(|router| format!("{}: ", visible::line(router))).unwrap_or_default();
        let mut shown = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        shown.follow_proofs(envelope);
        if !self.lines && shown.tell_briefly(envelope, self.lang) {
            return;
        }
        if let (Some(words), Some(router)) = (count_words(envelope, self.lang), envelope.router())
            && shown.count(router, &format!("{name}{words}"))
        {
            return;
        }
        if envelope.kind.only_counts() {
            return;
        }
        let Some(text) = self.line(envelope, &shown) else { return };
        shown.line(&format!("{name}{}", visible::hanging(&text, 4)));
    }
}

fn compared_words(with: ComparedWith) -> (&'static str, &'static str) {
    match with {
        ComparedWith::Desired => ("the desired configuration", "宣言した構成"),
        ComparedWith::Backup => ("the backup", "バックアップ"),
        ComparedWith::Startup => ("the startup configuration", "startup の構成"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a duration shown with one decimal")]
fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}

#[cfg(test)]
#[path = "progress_tests.rs"]
mod tests;
