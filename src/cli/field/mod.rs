//! `field` at the terminal: shows the pages of a visit, passes on what is typed, and has its orders carried out.
//!
//! What follows from what is decided in [`crate::field`]; what is done with a router is `run`'s. Here are only the threads between them: one
//! that looks for cables, one that works on a router, one that waits for an answer.

#[cfg(feature = "field")]
mod drawing;
#[cfg(feature = "field")]
mod entry;
mod face;
#[cfg(feature = "field")]
mod full_screen;
mod kept;
mod operator;
mod plain;
mod reader;
mod request;
mod work;

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use super::cables::{Cables, watch_cables};
use super::context::Context;
use super::error::{Exit, Failure};
use super::held_terminal::Holding;
use super::interrupt::Watcher;
use crate::cancel::{InFlight, Interruptible, Wake};
use crate::dialect::Dialect;
use crate::field::{Event, Order, Visit, farewell, page};
use crate::run::{self, RunError};
use crate::visible;

#[cfg(not(feature = "field"))]
use self::face::Face;
use self::operator::FieldOperator;
#[cfg(not(feature = "field"))]
use self::operator::SecretSink;
use self::plain::Plain;
use self::reader::VisitReader;
use self::work::Work;

#[cfg(feature = "field")]
pub use self::face::Face;
#[cfg(feature = "field")]
pub use self::full_screen::FullScreen;
pub use self::kept::kept_screen;
#[cfg(feature = "field")]
pub use self::operator::SecretSink;
pub use self::request::{FaceChoice, VisitRequest};

/// Screens, where the program was built with them and they are wanted; else lines, also beside a log on the same terminal.
fn face(
    context: &Context,
    look: FaceChoice,
    tell: Sender<Event>,
    secrets: SecretSink,
) -> Result<Box<dyn Face>, Failure> {
    let wants_screens = !look.plain && !context.is_verbose() && context.screen.err.is_screen();
    #[cfg(feature = "field")]
    if wants_screens {
        return Ok(Box::new(FullScreen::begin(tell, secrets, look.ascii)?));
    }
    tracing::debug!(wants_screens, "line by line");
    Ok(Box::new(Plain::new(context, tell, secrets).in_ascii(look.ascii)))
}

/// Goes through a visit.
///
/// # Errors
/// What is wrong in the input, or that there is no one to ask. Nothing was opened then.
pub fn visit(context: &Context, request: &VisitRequest) -> Result<Exit, Vec<Failure>> {
    let mut env = context.run_env();
    if !env.operator.is_present() {
        return Err(RunError::NoOperator.into());
    }
    let loaded = run::load(&env, &request.source)?;
    let limit = request.source.limit.as_deref();
    let candidates = run::candidates(&env, &loaded.inventory, &loaded.rendered, limit)?;
    let usual_speed = Dialect::any().strings().console_speed;
    let probe = loaded.playbook.probe_beside(&request.source.playbook).filter(|probe| probe.is_file());
    let visit = Visit::new(candidates, usual_speed, context.screen.lang);
    let warned = request.warned.iter().map(|text| visible::text(text.get(context.screen.lang)).into_owned()).collect();
    let mut visit = visit.swapping(request.swaps).probing(probe.is_some()).warned_of(warned);

    let (tell, happens) = channel();
    context.show_by(Box::new(VisitReader::new(tell.clone(), context.screen.lang)));
    let operator = Arc::new(FieldOperator::new(tell.clone(), context.operator(), context.screen.lang));
    env.operator = Arc::clone(&operator) as _;
    let work = Work::new(context, env, loaded.inventory, request.clone(), tell.clone());
    let mut face = face(context, request.look, tell.clone(), operator.secrets())?;
    let holding = face.holder().map(|holder| context.terminal.hold(holder));
    let watcher = Watcher::of(context);
    let stopping: Arc<dyn Wake> = Arc::new(Stopping(tell.clone()));
    context.cancel.wakes(&stopping);
    // A signal ends a visit through its loop, which gives the terminal back and leaves a console logged out.
    let _present = context.cancel.begin(Arc::new(BetweenRouters));
    let (named, seen) = (request.port.iter().cloned().collect(), tell.clone());
    // Dropping it ends the watching.
    let _watching = watch_cables(named, move |cables| {
        let event = cables.map(|Cables { ports, trouble }| Event::Ports { ports, trouble });
        event.is_none_or(|event| seen.send(event).is_ok())
    })?;
    // Nothing is shown before the ports were looked at once: what a person types is for the page that is seen.
    loop {
        let Ok(event) = happens.recv() else { return Ok(Exit::NotDone) };
        if matches!(event, Event::Typed(_) | Event::Stop | Event::LeftAlone) {
            face.heard();
        }
        if matches!(event, Event::LeftAlone) {
            watcher.left_alone();
        }
        let is_last = matches!(event, Event::Ended(_)) && context.cancel.is_asked();
        for order in visit.on(event) {
            match order {
                Order::Look(look) => work.look(look)?,
                Order::Deploy { router, console } => work.deploy(router, console)?,
                Order::Swap { router, console } => work.swap(router, console)?,
                Order::Probe { router, console } => work.probe(router, console)?,
                Order::Answer(answer) => operator.answer(answer),
                Order::Stop => watcher.pressed(),
                Order::Leave(exit) => {
                    drop(face);
                    let was_on_screen = holding.is_some();
                    let said = holding.map(Holding::end).unwrap_or_default();
                    said.iter().for_each(|text| context.screen.note_prose(text));
                    context.screen.say_prose(&farewell(&visit, was_on_screen));
                    return Ok(exit);
                }
            }
        }
        if is_last {
            stopping.wake();
        }
        face.show(&page(&visit));
    }
}

/// Tells a visit that the program was asked to stop.
struct Stopping(Sender<Event>);

impl Wake for Stopping {
    fn wake(&self) {
        // The visit may be over.
        let _ = self.0.send(Event::Stopping);
    }
}

/// A visit between two routers: nothing of it is lost when it is left.
struct BetweenRouters;

impl Interruptible for BetweenRouters {
    fn changes(&self) -> bool {
        false
    }
    fn in_flight(&self) -> Vec<InFlight> {
        Vec::new()
    }
    fn abandoned(&self) {}
}
