//! Ctrl-C and signals: the one watcher of the process, on a thread of its own, from the first command that meets routers to the end.

use std::io::{self, Write};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use super::context::Context;
use super::error::Exit;
use super::signals::{Signals, StopSignal};
use super::stream::Stream;
use crate::cancel::{Cancel, InFlight as InFlightRouter, Interruptible, Press};
use crate::message::{Lang, Text};
use crate::record::{Envelope, Kind, Readers, Scope};
use crate::report::{InFlight, span, state_words};

/// What a press is answered with, and by whom.
struct Watcher {
    lang: Lang,
    err: Stream,
    cancel: Cancel,
    in_flight: Arc<InFlight>,
    readers: Readers,
}

/// Begins to watch. The thread ends with the program.
///
/// # Errors
/// When this machine gives us no thread, no runtime to wait with, or no signals.
pub fn watch(context: &Context) -> io::Result<()> {
    let watcher = Watcher {
        lang: context.screen.lang,
        err: context.screen.err.clone(),
        cancel: context.cancel.clone(),
        in_flight: Arc::clone(&context.in_flight),
        readers: context.readers(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Listening from here on: what comes while the thread begins is heard, too.
    let signals = runtime.block_on(async { Signals::listen(context.detached) })?;
    thread::Builder::new().name("interrupt".into()).spawn(move || runtime.block_on(watcher.run(signals)))?;
    Ok(())
}

impl Watcher {
    async fn run(self, mut signals: Signals) {
        while let Some(signal) = signals.next().await {
            self.signalled(signal);
        }
    }

    fn signalled(&self, signal: StopSignal) {
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
            Press::Asked { changes, in_flight } => {
                let text = asked(changes, in_flight.is_empty()).get(self.lang).to_owned();
                self.say(&(text + &self.longest(in_flight, |one| one.stops_within)));
            }
            Press::Finishing { in_flight } => {
                let text = finishing().get(self.lang).to_owned();
                self.say(&(text + &self.longest(in_flight, |one| one.ends_within)));
            }
            Press::Abandon(work) => self.abandon(&*work),
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
        if !work.changes() {
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
        end(exit);
    }

    /// A line of its own: the terminal shows the key where the cursor was.
    fn say(&self, text: &str) {
        let mut err = self.err.clone();
        let line = if text.is_empty() { "\n".to_owned() } else { format!("\n{text}\n") };
        let _ = err.write_all(line.as_bytes()).and_then(|()| err.flush());
    }
}

fn asked(changes: bool, is_idle: bool) -> Text {
    if changes && is_idle {
        return Text::new(
            "nothing new begins; no router was in the middle of a change",
            "新たには着手しません。変更途中のルータはありません",
        );
    }
    if changes {
        return Text::new(
            "finishing this line, then undoing the change; press again to abandon",
            "送信中の行を終えてから変更を取り消します。もう一度押すと、取り消しを待たずに終了します",
        );
    }
    Text::new(
        "finishing what is being read; nothing was changed; press again to end at once",
        "読み取り中の処理を終えてから終了します。変更は加えていません。もう一度押すと直ちに終了します",
    )
}

fn finishing() -> Text {
    Text::new(
        "nothing new begins, and what is in flight finishes; press again to undo it instead",
        "新たには着手せず、処理中のルータは最後まで処理します。もう一度押すと、処理中の変更を取り消します",
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
    use super::asked;

    #[test]
    fn without_a_router_in_flight_nothing_is_said_to_be_undone() {
        assert!(!asked(true, true).en.contains("undoing") && asked(true, false).en.contains("undoing"));
        assert_eq!(asked(false, true), asked(false, false), "what only reads changes nothing either way");
    }
}
