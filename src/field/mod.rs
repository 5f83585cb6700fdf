//! An engineer's visit to a clinic, as one pure state machine: what has happened, what is to be done next, and what each screen says. Likewise
//! a depot, where several boxes are set up at once ([`depot`]).
//!
//! It draws nothing, opens nothing and reads no clock. A face (`cli/field`) shows its pages and passes on what is typed; what it orders is
//! carried out by `run`, as for every other command.

mod at;
mod cable;
pub mod depot;
mod event;
mod leaving;
mod none_fits;
mod pace;
mod page;
mod person;
mod port_drawing;
mod port_words;
mod question;
mod recognise;
mod search;
mod visit;
mod words;

pub use event::{Answering, Asked, End, Event, Order, PlanShown, Problem};
pub use leaving::farewell;
pub use pace::{Outgoing, lengths};
pub use page::{Input, Key, Page};
pub use person::Needed;
pub use recognise::{Match, Reason, recognise};
pub use search::find;
pub use visit::Visit;
pub use words::page;
