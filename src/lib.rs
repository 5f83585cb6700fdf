//! Brings NEC UNIVERGE IX routers to a declared configuration and proves it.
//!
//! The map, in the order data flows; a module imports only what is listed before it.
//!
//! | module | what it is for |
//! |---|---|
//! | [`visible`] | what is shown to people holds no character that acts on a terminal or cannot be seen |
//! | [`message`] | the two languages, and what an error can say about itself |
//! | `private` | files and folders that their owner alone may use |
//! | `file` | files that the user names: regular, bounded, never waited for |
//! | [`secret`] | secrets by reference, resolved late, never printed |
//! | `kit` | what a visit needs, in one file that a passphrase opens, and the sealed way back |
//! | [`dialect`] | what a series speaks, as data: commands, models, prompts, answers |
//! | [`ix`] | a configuration as text and as a tree: read, print, mask, judge |
//! | [`plan`] | from what runs to what is desired: ordered commands, each with its inverse |
//! | [`facts`] | what was learned of a model and reviewed: files beside an inventory |
//! | [`window`] | when a site may be touched: windows, opening hours, holidays, time zones |
//! | [`state`] | the states of a router, the classes of failure |
//! | [`inventory`] | sites, routers, groups, credentials by reference |
//! | [`playbook`] | roles, templates, ownership, checks: what each router should have |
//! | [`transport`] | serial, SSH and others: bytes in, bytes out, with deadlines |
//! | [`session`] | the conversation with a router over any transport |
//! | [`cancel`], [`record`] | the request to stop, everything that happens |
//! | [`laptop`] | what a router cannot show of itself, tried out from this machine's port in its network |
//! | [`journal`] | what happened and what we were about to do, on disk before it is done |
//! | [`control`] | the way to a run in progress from another terminal of this machine |
//! | [`connect`] | the way to a router: from an inventory's words to an open session |
//! | [`transaction`] | one router: verified and saved, or undone and proven undone |
//! | [`fleet`] | many routers: how many at once, when to stop |
//! | [`run`] | what is done with routers: apply, recover, undo, restore, restart, plan, verify, back up |
//! | [`report`] | progress, log, JSON and text |
//! | [`field`] | an engineer's visit to a clinic, and a depot: states, events, what is said |
//! | [`cli`] | arguments, presentation, exit status |

pub mod visible;

pub mod message;

mod file;
mod private;

pub mod secret;

#[cfg(feature = "kit")]
pub mod kit;

pub mod dialect;
pub mod ix;
pub mod plan;

pub mod facts;

pub mod state;
pub mod window;

pub mod inventory;
pub mod playbook;

pub mod transport;

pub mod session;

pub mod cancel;
pub mod record;

pub mod laptop;

pub mod journal;

pub mod control;

pub mod connect;

pub mod transaction;

pub mod fleet;

pub mod run;

pub mod report;

pub mod field;

pub mod cli;
