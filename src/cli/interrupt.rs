//! Ctrl-C and signals: the one watcher of the process, on a thread of its own, from the first command that meets routers to the end.

use std::io::{self, Write};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use super::context::Context;
use super::error::Exit;
use super::held_terminal::HeldTerminal;
use super::signals::{Signals, StopSignal};
use super::stream::Stream;
use crate::cancel::{Cancel, InFlight as InFlightRouter, Interruptible, Press};
use crate::message::{Lang, Text};
use crate::record::{Envelope, Kind, Readers, Scope};
use crate::report::{InFlight, span, state_words};
use crate::state::State;

/// What a press is answered with, and by whom.
#[derive(Clone)]
pub struct Watcher {
    lang: Lang,
    err: Stream,
    terminal: HeldTerminal,
    cancel: Cancel,
    in_flight: Arc<InFlight>,
    readers: Readers,
}

/// Begins to watch. The thread ends with the program.
///
/// # Errors
/// When this machine gives us no thread, no runtime to wait with, or no signals.
pub fn watch(context: &Context) -> io::Result<()> {
    let watcher = Watcher::of(context);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Listening from here on: what comes while the thread begins is heard, too.
    let signals = runtime.block_on(async { Signals::listen(context.detached) })?;
    thread::Builder::new().name("interrupt".into()).spawn(move || runtime.block_on(watcher.run(signals)))?;
    Ok(())
}

impl Watcher {
    /// What answers in these surroundings.
    pub fn of(context: &Context) -> Self {
        Self {
            lang: context.screen.lang,
            err: context.screen.err.clone(),
            terminal: context.terminal.clone(),
            cancel: context.cancel.clone(),
            in_flight: Arc::clone(&context.in_flight),
            readers: context.readers(),
        }
    }

    /// Ctrl-C was pressed on a screen that takes the keys itself.
    pub fn pressed(&self) {
        // Without a router in flight nothing can be abandoned: it ends by itself.
        if self.cancel.is_asked() && self.cancel.in_flight().is_empty() {
            return;
        }
        self.signalled(StopSignal::Key);
    }

    /// No one is at the terminal any more. That is no second press: nothing is abandoned.
    pub fn left_alone(&self) {
        self.signalled(StopSignal::Stop);
    }

    async fn run(self, mut signals: Signals) {
        while let Some(signal) = signals.next().await {
            self.signalled(signal);
        }
    }

    fn signalled(&self, signal: StopSignal) {
        // Who has it may give it back as soon as it hears of this.
        let was_held = self.terminal.is_held();
        let press = match signal {
            StopSignal::Key => self.cancel.press(),
            StopSignal::Stop => self.cancel.signalled(),
            StopSignal::Closing => self.cancel.closing(),
        };
        match press {
            Press::Idle => {
                self.say("");
                self.end(Exit::NotDone);
            }
            Press::Answered => self.say(""),
            Press::Ending | Press::AskedBefore => {}
            // A screen says by itself that it is left.
            Press::Asked { in_flight, .. } if in_flight.is_empty() && was_held => {}
            Press::Asked { changes, in_flight } => {
                let answer = if changes { changing(self.saves(&in_flight)) } else { reading() };
                self.answer(&answer, &self.longest(in_flight, |one| one.stops_within));
            }
            Press::Finishing { in_flight } => {
                self.answer(&finishing(), &self.longest(in_flight, |one| one.ends_within));
            }
            Press::Abandon(work) => self.abandon(&*work),
        }
    }

    /// What follows from the request, what another press does, and what it takes.
    fn answer(&self, answer: &Answer, longest: &str) {
        let (follows, again) = (answer.follows.get(self.lang), answer.again.get(self.lang));
        let text = format!("{follows}{again}{longest}");
        if !self.terminal.say(&text, &format!("{follows}{longest}")) {
            self.say(&text);
        }
    }

    /// How many of the routers in flight are being saved.
    fn saves(&self, in_flight: &[InFlightRouter]) -> Saves {
        let states = self.in_flight.states();
        let is_saving = |one: &&InFlightRouter| matches!(states.get(&one.router), Some(State::Saving | State::Saved));
        match in_flight.iter().filter(is_saving).count() {
            _ if in_flight.is_empty() => Saves::Idle,
            0 => Saves::None,
            saving if saving == in_flight.len() => Saves::All,
            _ => Saves::Some,
        }
    }

    /// Which routers are in flight, and how long each can take at most.
    fn longest(&self, in_flight: Vec<InFlightRouter>, longest: fn(&InFlightRouter) -> Duration) -> String {
        /// More lines than these push what was said off the screen; the slowest are shown.
        const LINES: usize = 20;
        let mut in_flight: Vec<(String, Duration)> =
            in_flight.into_iter().map(|one| (one.router.clone(), longest(&one))).collect();
        in_flight.sort_by(|(one, sooner), (other, later)| later.cmp(sooner).then_with(|| one.cmp(other)));
        let states = self.in_flight.states();
        let mut out = String::new();
        for (router, longest) in in_flight.iter().take(LINES) {
            let state = states.get(router).map(|state| state_words(*state, self.lang));
            let state = state.map(|state| format!("{state}; ")).unwrap_or_default();
            let longest = span(*longest, self.lang);
            out.push_str(&match self.lang {
                Lang::En => format!("\n  {router}: {state}ends in {longest} at the latest"),
                Lang::Ja => format!("\n  {router}: {state}遅くとも {longest}後に終了"),
            });
        }
        let more = in_flight.len().saturating_sub(LINES);
        if more > 0 {
            out.push_str(&match self.lang {
                Lang::En => format!("\n  and {more} more, none of them longer"),
                Lang::Ja => format!("\n  ほか {more} 台(これより長くはかかりません)"),
            });
        }
        out
    }

    /// Names what is left in the middle, and ends.
    fn abandon(&self, work: &dyn Interruptible) {
        work.abandoned();
        let was_held = self.terminal.is_held();
        self.terminal.give_back();
        if !work.changes() {
            // Lines say so before.
            if was_held {
                self.say(left_reading().get(self.lang));
            }
            self.end(Exit::NotDone);
        }
        let states = self.in_flight.states();
        self.say(abandoned(states.is_empty()).get(self.lang));
        for (router, state) in states {
            self.say(&format!("  {router}: {}", state_words(state, self.lang)));
        }
        self.end(Exit::NeedsPerson);
    }

    /// Ends the program; its readers are told how, if no one is in the middle of telling them something.
    fn end(&self, exit: Exit) {
        let ended = Kind::RunEnded { exit: exit.status() };
        self.readers.show_if_free(Envelope::new(&Scope::default(), SystemTime::now(), ended));
        self.terminal.give_back();
        end(exit);
    }

    /// A line of its own: the terminal shows the key where the cursor was.
    fn say(&self, text: &str) {
        if self.terminal.is_held() {
            return;
        }
        let mut err = self.err.clone();
        let line = if text.is_empty() { "\n".to_owned() } else { format!("\n{text}\n") };
        let _ = err.write_all(line.as_bytes()).and_then(|()| err.flush());
    }
}

/// What a request is answered with.
struct Answer {
    /// What follows from it.
    follows: Text,
    /// What another press does.
    again: Text,
}

/// How many of the routers in flight are being saved.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Saves {
    /// No router is in flight.
    Idle,
    /// None.
    None,
    /// Some.
    Some,
    /// All.
    All,
}

/// The answer where routers are changed. A save that has begun is finished: nothing of it is undone.
fn changing(saves: Saves) -> Answer {
    let follows = match saves {
        Saves::Idle => {
            return Answer {
                follows: Text::new(
                    "nothing new begins; no router was in the middle of a change",
                    "新たには着手しません。変更途中のルータはありません",
                ),
                again: Text::new("", ""),
            };
        }
        Saves::None => {
            Text::new("finishing this line, then undoing the change", "送信中の行を終えてから変更を取り消します")
        }
        Saves::Some => Text::new(
            "finishing this line, then undoing the change; a save that has begun is finished, and counts",
            "送信中の行を終えてから変更を取り消します。始まっている保存は最後まで行い、有効とします",
        ),
        Saves::All => Text::new(
            "finishing the save that has begun; read again, it counts as saved and is not undone",
            "始まっている保存を最後まで行います。読み直して確認できれば保存済みとし、取り消しません",
        ),
    };
    let again = Text::new("; press again to abandon", "。もう一度押すと、完了を待たずに終了します");
    Answer { follows, again }
}

/// The answer where nothing is written.
fn reading() -> Answer {
    Answer {
        follows: Text::new(
            "finishing what is being read; nothing was changed",
            "読み取り中の処理を終えてから終了します。変更は加えていません",
        ),
        again: Text::new("; press again to end at once", "。もう一度押すと直ちに終了します"),
    }
}

/// The answer where what is in flight finishes.
fn finishing() -> Answer {
    Answer {
        follows: Text::new(
            "nothing new begins, and what is in flight finishes",
            "新たには着手せず、処理中のルータは最後まで処理します",
        ),
        again: Text::new("; press again to undo it instead", "。もう一度押すと、処理中の変更を取り消します"),
    }
}

fn left_reading() -> Text {
    Text::new(
        "ended in the middle of reading a router: nothing was changed by that",
        "ルータの読み取りの途中で終了しました。これによる変更はありません",
    )
}

fn abandoned(none: bool) -> Text {
    if none {
        return Text::new("abandoned; no router was under way", "中断しました。処理中のルータはありません");
    }
    Text::new(
        "abandoned; `ixdeploy resume` reads these routers again and settles them. Under way, with the last known state:",
        "中断しました。ixdeploy resume でルータを読み直し、決着させてください。処理中だったルータと最後の状態:",
    )
}

/// Ends the program: threads in the middle of a router line, or of a question, cannot be joined.
#[expect(clippy::exit, reason = "the person asked for the end; threads in the middle of something cannot be joined")]
fn end(exit: Exit) {
    std::process::exit(exit.status().into());
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::{Cancel, InFlight, InFlightRouter, Interruptible, Readers, Saves, StopSignal, Watcher, changing};
    use crate::cancel::Wake;
    use crate::cli::held_terminal::{HeldTerminal, Holding, HoldsTerminal};
    use crate::cli::kept::Kept;
    use crate::cli::stream::Stream;
    use crate::message::Lang;

    /// A screen between two routers, which is left as soon as it hears of a wish to stop.
    #[derive(Default)]
    struct Left(Mutex<Option<Holding>>);

    impl Wake for Left {
        fn wake(&self) {
            drop(self.0.lock().map(|mut held| held.take()));
        }
    }

    impl HoldsTerminal for Left {
        fn say(&self, _: &str) {}
        fn give_back(&self) {}
    }

    impl Interruptible for Left {
        fn changes(&self) -> bool {
            false
        }
        fn in_flight(&self) -> Vec<InFlightRouter> {
            Vec::new()
        }
        fn abandoned(&self) {}
    }

    #[test]
    fn nothing_is_said_behind_a_screen_that_was_left_while_the_signal_was_taken() {
        let (kept, terminal, cancel) = (Kept::default(), HeldTerminal::default(), Cancel::default());
        let watcher = Watcher {
            lang: Lang::En,
            err: Stream::new(kept.clone()),
            terminal: terminal.clone(),
            cancel: cancel.clone(),
            in_flight: Arc::new(InFlight::default()),
            readers: Readers::default(),
        };
        let screen = Arc::new(Left::default());
        let holding = terminal.hold(Arc::clone(&screen) as _);
        if let Ok(mut held) = screen.0.lock() {
            *held = Some(holding);
        }
        let waiting: Arc<dyn Wake> = Arc::clone(&screen) as _;
        cancel.wakes(&waiting);
        let _present = cancel.begin(Arc::clone(&screen) as _);
        watcher.signalled(StopSignal::Stop);
        assert!(!terminal.is_held(), "it was left");
        assert_eq!(kept.text(), "");
    }

    #[test]
    fn without_a_router_in_flight_nothing_is_said_to_be_undone() {
        let says = |saves| changing(saves).follows.en.contains("undoing");
        assert!(!says(Saves::Idle) && says(Saves::None));
    }

    #[test]
    fn a_save_that_has_begun_is_said_to_be_finished_and_not_to_be_undone() {
        let all = changing(Saves::All).follows;
        assert!(all.en.contains("finishing the save") && !all.en.contains("undoing"), "{}", all.en);
        assert!(all.ja.contains("保存を最後まで行います") && !all.ja.contains("取り消します"), "{}", all.ja);
        assert!(changing(Saves::Some).follows.en.contains("a save that has begun is finished"));
    }
}
