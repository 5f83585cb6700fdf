//! What commands a text is made of, whatever its values: a template rendered with neutral values must have the same shapes as
//! with the real ones, or a value has turned one command into another.

use crate::dialect::Dialect;
use crate::ix::walk::{Found, Walk};

/// The shape of one line that is a command.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape {
    /// The line in the text, from 1.
    pub source_line: usize,
    /// The name of its command in the grammar; none where the grammar does not know it.
    pub row: Option<String>,
    /// Whether it is in a block (1), in a block of a block (2), or by itself (0).
    pub depth: usize,
    /// How many words it has.
    pub words: usize,
    /// Whether it begins with `no`.
    pub negated: bool,
}

/// The shapes of a text, one for each line that is neither empty nor a comment.
pub fn shapes(text: &str) -> Vec<Shape> {
    let grammar = Dialect::any().grammar();
    let mut walk = Walk::new(Dialect::any());
    let mut shapes = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(step) = walk.step(line) else { continue };
        walk.place(&step.placed(grammar), index, 0);
        if let Found::Line(known, words) = &step.found {
            shapes.push(Shape {
                source_line: index + 1,
                row: known.as_ref().map(|known| known.row.id.clone()),
                depth: step.depth,
                words: words.len(),
                negated: words.first() == Some(&"no"),
            });
        }
    }
    shapes
}
