//! `field` at the terminal: shows the pages of a visit, passes on what is typed, and has its orders carried out.
//!
//! What follows from what is decided in [`crate::field`]; what is done with a router is `run`'s. Here are only the threads between them: one
//! that looks for cables, one that works on a router, one that waits for an answer.

#[cfg(feature = "field")]
mod drawing;
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
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::context::Context;
use super::error::{Exit, Failure};
use crate::cancel::{InFlight, Interruptible, Wake};
use crate::dialect::Dialect;
use crate::field::{Event, Order, Visit, page};
use crate::run::{self, Level, RunError};
use crate::transport::serial::{Port, console_ports};

use self::face::Face;
#[cfg(feature = "field")]
use self::full_screen::FullScreen;
use self::operator::{FieldOperator, SecretSink};
use self::plain::Plain;
use self::reader::VisitReader;
use self::work::Work;

pub use self::request::{FaceChoice, VisitRequest};

/// How often the cables of this machine are looked at: one that is pulled is noticed within two seconds.
const LOOK: Duration = Duration::from_millis(500);

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
    let candidates = run::candidates(&env, &loaded.inventory, request.source.limit.as_deref())?;
    let usual_speed = Dialect::any().strings().console_speed;
    let mut visit = Visit::new(candidates, usual_speed, context.screen.lang).swapping(request.swaps);

    let (tell, happens) = channel();
    context.show_by(Box::new(VisitReader::new(tell.clone(), context.screen.lang)));
    let operator = Arc::new(FieldOperator::new(tell.clone(), context.operator(), context.screen.lang));
    env.operator = Arc::clone(&operator) as _;
    let work = Work::new(context, env, loaded.inventory, request.clone(), tell.clone());
    let mut face = face(context, request.look, tell.clone(), operator.secrets())?;
    let stopping: Arc<dyn Wake> = Arc::new(Stopping(tell.clone()));
    context.cancel.wakes(&stopping);
    // A signal ends a visit on the whole terminal through its loop, which gives the terminal back.
    let _present = face.leaves_no_trace().then(|| context.cancel.begin(Arc::new(OnScreen)));
    // Dropping it ends the watching.
    let _watching = watch_ports(request.port.clone(), tell.clone())?;
    loop {
        face.show(&page(&visit));
        let Ok(event) = happens.recv() else { return Ok(Exit::NotDone) };
        if matches!(event, Event::Typed(_) | Event::Stop) {
            face.heard();
        }
        let is_last = matches!(event, Event::Ended(_)) && context.cancel.is_asked();
        for order in visit.on(event) {
            match order {
                Order::Look(look) => work.look(look)?,
                Order::Deploy { router, console } => work.deploy(router, console)?,
                Order::Swap { router, console } => work.swap(router, console)?,
                Order::Answer(answer) => operator.answer(answer),
                Order::Stop => context.cancel.ask(),
                Order::Leave(exit) => {
                    if face.leaves_no_trace() {
                        drop(face);
                        context.screen.say(&format!("{}\n", page(&visit).lines.join("\n")));
                    }
                    return Ok(exit);
                }
            }
        }
        if is_last {
            stopping.wake();
        }
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

/// A visit on the whole terminal, between two routers: nothing of it is lost when it is left.
struct OnScreen;

impl Interruptible for OnScreen {
    fn changes(&self) -> bool {
        false
    }
    fn in_flight(&self) -> Vec<InFlight> {
        Vec::new()
    }
    fn abandoned(&self) {}
}

/// Tells which ports there are, now and whenever that changes, until what is returned is dropped.
fn watch_ports(named: Option<String>, tell: Sender<Event>) -> Result<Sender<()>, Failure> {
    let (keep, stop) = channel();
    let watch = move || watch_until(named.as_deref(), &tell, &stop);
    let begun = thread::Builder::new().name("ports".into()).spawn(watch);
    begun.map(|_| keep).map_err(|cause| Failure::machine("thread", cause))
}

fn watch_until(named: Option<&str>, tell: &Sender<Event>, stop: &Receiver<()>) {
    let mut last: Option<Vec<Port>> = None;
    loop {
        // A system that does not list its ports now may do so in a moment.
        let ports = console_ports(named).unwrap_or_default();
        if last.as_ref() != Some(&ports) {
            let trouble = run::cable_finding();
            let trouble = (named.is_none() && trouble.level != Level::Good).then_some(trouble);
            let seen = Event::Ports { ports: ports.clone(), trouble: trouble.into_iter().collect() };
            if tell.send(seen).is_err() {
                return;
            }
            last = Some(ports);
        }
        if !matches!(stop.recv_timeout(LOOK), Err(RecvTimeoutError::Timeout)) {
            return;
        }
    }
}
