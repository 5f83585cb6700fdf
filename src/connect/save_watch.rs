//! Before a byte is typed on a console: may a save of another router be running at its end?
//!
//! A cable that was put into another box, or a console server's port that leads elsewhere by now, cannot be seen from here. The journal knows the
//! saves, and is read elsewhere: here is only what is asked of it, and when.

/// A save that may be running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningSave {
    /// The router that saves.
    pub router: String,
    /// For how long it may go on at most.
    pub seconds: u64,
}

/// Who knows which saves may be running.
pub trait SaveWatch: Send + Sync {
    /// A save that may be running at the end of `router`'s console: of another router, and for who only reads of this one, too. `again`: it
    /// had a session there before and has lost it, so that the cable may have been moved.
    fn running(&self, router: &str, console: &str, again: bool) -> Option<RunningSave>;
}
