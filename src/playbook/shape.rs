//! The shape of each line, until the grammar tells it.

/// What a line is, apart from its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub source_line: usize,
    pub row: Option<String>,
    pub depth: usize,
    pub words: usize,
}

/// The shapes of the lines of a text; comments have none.
pub(super) fn shapes(text: &str) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('!') {
            continue;
        }
        let depth = usize::from(line.starts_with(' '));
        let row = trimmed.split(' ').next().map(str::to_owned);
        shapes.push(Shape { source_line: index + 1, row, depth, words: trimmed.split(' ').count() });
    }
    shapes
}
