//! The router's side of a terminal: line editor with its echo, and the pager. Bytes in, bytes out; no router state.

mod editor;
mod pager;

pub use editor::{Editor, Key};
pub use pager::{Pager, Turn};
