//! What shows a depot: lines as they come, or one screen that keeps every console in sight.

use std::sync::Arc;
use std::sync::mpsc::Sender;
#[cfg(feature = "field")]
use std::sync::mpsc::channel;

use crate::cli::context::Context;
use crate::cli::error::Failure;
use crate::cli::field::FaceChoice;
#[cfg(feature = "field")]
use crate::cli::field::{Face as _, FullScreen, SecretSink};
use crate::cli::held_terminal::HoldsTerminal;
#[cfg(feature = "field")]
use crate::cli::interrupt::Watcher;
use crate::cli::screen::Screen;
use crate::cli::terminal::{each_line, to_halfwidth};
use crate::field::depot::{Depot, DepotEvent};
use crate::report::for_screen;

/// Lines that are kept of what was said: a screen has fewer.
#[cfg(feature = "field")]
const KEPT: usize = 200;

/// What shows a depot, and takes what is typed there.
pub enum DepotFace {
    /// Line by line.
    Lines(Screen),
    /// The whole terminal, and what was said last.
    #[cfg(feature = "field")]
    Screen(FullScreen, Vec<String>),
}

impl DepotFace {
    /// The screen, where the program was built with it and it is wanted; else lines, also beside a log on the same terminal. What is typed is told.
    ///
    /// # Errors
    /// When the terminal does not go along, or this machine gives us no thread.
    pub fn begin(context: &Context, look: FaceChoice, tell: Sender<DepotEvent>) -> Result<Self, Failure> {
        #[cfg(feature = "field")]
        if !look.plain && !context.is_verbose() && context.screen.err.is_screen() && context.operator().is_present() {
            let keys = keys(context, tell)?;
            return Ok(Self::Screen(FullScreen::begin(keys, SecretSink::nowhere(), look.ascii)?, Vec::new()));
        }
        tracing::debug!(?look, "line by line");
        let read = each_line(move |line| {
            let event = line.map_or(DepotEvent::NoMoreInput, |line| DepotEvent::Typed(to_halfwidth(&line)));
            tell.send(event).is_ok()
        });
        read.map_err(|cause| Failure::machine("thread", cause))?;
        Ok(Self::Lines(context.screen.clone()))
    }

    /// Says a line, or a few.
    pub fn say(&mut self, text: &str) {
        match self {
            Self::Lines(screen) => say(screen, text),
            #[cfg(feature = "field")]
            Self::Screen(_, said) => {
                said.extend(text.lines().map(str::to_owned));
                said.drain(..said.len().saturating_sub(KEPT));
            }
        }
    }

    /// What has the terminal for it; nothing where lines are written.
    pub fn holder(&self) -> Option<Arc<dyn HoldsTerminal>> {
        match self {
            Self::Lines(_) => None,
            #[cfg(feature = "field")]
            Self::Screen(face, _) => face.holder(),
        }
    }

    /// Shows how the depot is now.
    #[cfg_attr(not(feature = "field"), expect(unused_variables, reason = "lines say what happens when it happens"))]
    pub fn show(&mut self, depot: &Depot) {
        match self {
            Self::Lines(_) => {}
            #[cfg(feature = "field")]
            Self::Screen(face, said) => face.show(&depot.page(said)),
        }
    }
}

/// Writes a line, or a few.
pub fn say(screen: &Screen, text: &str) {
    let text = if screen.err.is_screen() { for_screen(text) } else { text.to_owned() };
    screen.note(text.trim_end());
}

/// Where the keys of a screen are told: a line that is typed there is one of the depot's, and the wish to stop is a request to stop.
#[cfg(feature = "field")]
fn keys(context: &Context, tell: Sender<DepotEvent>) -> Result<Sender<crate::field::Event>, Failure> {
    use crate::field::Event;

    let (keys, typed) = channel();
    let watcher = Watcher::of(context);
    let pass_on = move || {
        for event in typed {
            let is_open = match event {
                Event::Typed(line) => tell.send(DepotEvent::Typed(line)).is_ok(),
                Event::Told(text) => tell.send(DepotEvent::Said(text)).is_ok(),
                Event::Stop => {
                    watcher.pressed();
                    true
                }
                Event::LeftAlone => {
                    watcher.left_alone();
                    true
                }
                _ => true,
            };
            if !is_open {
                return;
            }
        }
    };
    let begun = std::thread::Builder::new().name("depot-keys".into()).spawn(pass_on);
    begun.map(|_| keys).map_err(|cause| Failure::machine("thread", cause))
}
