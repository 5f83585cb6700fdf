//! What a reader of a display finds, and which fields there are to find.

/// One thing that a display says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is about: an interface, an address, a route; empty for the router as a whole.
    pub of: String,
    /// The field's name.
    pub field: &'static str,
    /// Its value, as the router prints it.
    pub value: String,
}

/// Whether a display came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It did: its last line is there, or as many rows as it counts.
    Whole,
    /// Its form cannot tell. What it does not say counts only where the session has seen the prompt behind it, as behind every answer
    /// that it hands on.
    Open,
    /// It did not, or it is not this display at all.
    CutOff,
}

/// A field of a display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name, as a check writes it.
    pub name: &'static str,
    /// Whether it moves by itself, as a counter, a clock or an age does.
    pub moves: bool,
}

/// A field that changes when something happens.
pub(super) const fn stays(name: &'static str) -> Field {
    Field { name, moves: false }
}

/// A field that moves by itself.
pub(super) const fn moves(name: &'static str) -> Field {
    Field { name, moves: true }
}
