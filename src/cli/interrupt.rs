//! Ctrl-C: the one watcher of the process, on a thread of its own, from the first command that meets routers to the end.

use std::future::{Future, ready};
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::thread;

use super::context::{Context, Stream};
use super::error::Exit;
use crate::cancel::{Cancel, Interruptible, Press};
use crate::message::{Lang, Text};
use crate::report::{UnderWay, state_words};

/// What a press is answered with, and by whom.
struct Watcher {
    lang: Lang,
    err: Stream,
    cancel: Cancel,
    under_way: Arc<UnderWay>,
}

/// Begins to watch. The thread ends with the program.
///
/// # Errors
/// When this machine gives us no thread or no runtime to wait with.
pub fn watch(context: &Context) -> io::Result<()> {
    let watcher = Watcher {
        lang: context.lang,
        err: context.err.clone(),
        cancel: context.cancel.clone(),
        under_way: Arc::clone(&context.under_way),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Listening from here on: a press while the thread begins is heard, too.
    let first = runtime.block_on(listening());
    thread::Builder::new().name("interrupt".into()).spawn(move || runtime.block_on(watcher.run(first)))?;
    Ok(())
}

type Key = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// The next press; presses count from now on, not from the first wait.
async fn listening() -> Key {
    let mut key: Key = Box::pin(tokio::signal::ctrl_c());
    tokio::select! {
        biased;
        pressed = &mut key => Box::pin(ready(pressed)),
        () = ready(()) => key,
    }
}

impl Watcher {
    async fn run(self, mut key: Key) {
        while key.await.is_ok() {
            key = listening().await;
            self.pressed();
        }
    }

    fn pressed(&self) {
        match self.cancel.press() {
            Press::Idle => {
                self.say("");
                end(Exit::NotDone);
            }
            Press::Answered => self.say(""),
            Press::Ending => {}
            Press::Asked { changes } => self.say(asked(changes).get(self.lang)),
            Press::Abandon(work) => self.abandon(&*work),
        }
    }

    /// Names what is left in the middle, and ends.
    fn abandon(&self, work: &dyn Interruptible) {
        work.abandoned();
        if !work.changes() {
            end(Exit::NotDone);
        }
        let states = self.under_way.states();
        self.say(abandoned(states.is_empty()).get(self.lang));
        for (router, state) in states {
            self.say(&format!("  {router}: {}", state_words(state, self.lang)));
        }
        end(Exit::NeedsPerson);
    }

    /// A line of its own: the terminal shows the key where the cursor stood.
    fn say(&self, text: &str) {
        let mut err = self.err.clone();
        let line = if text.is_empty() { "\n".to_owned() } else { format!("\n{text}\n") };
        let _ = err.write_all(line.as_bytes()).and_then(|()| err.flush());
    }
}

fn asked(changes: bool) -> Text {
    if changes {
        return Text::new(
            "finishing this line, then taking the change back; press again to abandon",
            "送信中の行を終えてから変更を取り消します。もう一度押すと、取り消しを待たずに終了します",
        );
    }
    Text::new(
        "finishing what is being read; nothing was changed; press again to end at once",
        "読み取り中の処理を終えてから終了します。変更は加えていません。もう一度押すと直ちに終了します",
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
