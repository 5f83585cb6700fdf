//! Where each rendered line comes from: invisible marks in the template text that survive rendering.
//!
//! A mark precedes the text of each template line and holds its number; a second pair of marks surrounds every value
//! that the template prints. Values cannot hold these control characters, so nothing a user writes can forge one.

/// Surrounds the origin of the text after it.
const LINE: char = '\u{1}';
/// Opens a printed value.
pub(super) const VALUE_OPENS: char = '\u{2}';
/// Closes a printed value.
pub(super) const VALUE_CLOSES: char = '\u{3}';

/// Puts the marks of file `file` into a template. Adds no line, so line numbers stay.
pub(super) fn mark(source: &str, file: usize) -> String {
    let mut out = String::with_capacity(source.len() * 2);
    let mut inside: Option<&str> = None;
    for (index, line) in source.split_inclusive('\n').enumerate() {
        let mut cut = None;
        if inside.is_none() {
            let indent = line.len() - line.trim_start().len();
            let text = line.get(indent..).unwrap_or_default();
            if !text.starts_with("{%") && !text.starts_with("{#") {
                cut = (!text.is_empty()).then_some(indent);
            } else if let Some(end) = text.find("%}").or_else(|| text.find("#}")) {
                // A line that begins with a tag is marked after it, if there is text.
                let after = text.get(end + 2..).unwrap_or_default();
                let blank = after.len() - after.trim_start().len();
                cut = (!after.trim().is_empty()).then_some(indent + end + 2 + blank);
            }
        }
        match cut.and_then(|at| line.split_at_checked(at)) {
            Some((before, after)) => {
                out.push_str(before);
                out.push_str(&format!("{LINE}{file}:{}{LINE}", index + 1));
                out.push_str(after);
            }
            None => out.push_str(line),
        }
        inside = open_after(line, inside);
    }
    out
}

/// The tag that is still open at the end of a line.
fn open_after<'a>(line: &str, mut inside: Option<&'a str>) -> Option<&'a str> {
    let mut rest = line;
    loop {
        match inside {
            Some(closing) => match rest.find(closing) {
                Some(at) => {
                    rest = rest.get(at + closing.len()..).unwrap_or_default();
                    inside = None;
                }
                None => return inside,
            },
            None => {
                // One look at each brace: a long line of many tags costs no more than its length.
                let next = rest.match_indices('{').find_map(|(at, _)| {
                    let closing = match rest.as_bytes().get(at + 1)? {
                        b'{' => "}}",
                        b'%' => "%}",
                        b'#' => "#}",
                        _ => return None,
                    };
                    Some((at, closing))
                });
                let (at, closing) = next?;
                rest = rest.get(at + 2..).unwrap_or_default();
                inside = Some(closing);
            }
        }
    }
}

/// Takes the marks out of a piece of marked template text.
pub(super) fn unmark(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut hidden = false;
    for c in text.chars() {
        match c {
            LINE => hidden = !hidden,
            VALUE_OPENS | VALUE_CLOSES => {}
            c if !hidden => out.push(c),
            _ => {}
        }
    }
    out
}

/// The words of a text that can be names of variables.
pub(super) fn names(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.split(|c: char| !is_part(c)).filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
    let mut found: Vec<String> = Vec::new();
    for word in words {
        if !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// The names that a `{% for NAMES in VALUES %}` of a template's line gives, and those of what it goes through.
pub(super) fn goes_through(line: &str) -> Option<(Vec<String>, Vec<String>)> {
    let tag = line.split_once("{%")?.1.split_once("%}")?.0.trim_matches(['-', '+', ' ', '\t']);
    let (own, values) = tag.strip_prefix("for ")?.split_once(" in ")?;
    Some((names(own), names(values)))
}

/// A part of a rendered line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// The template's own text.
    Template(String),
    /// A value that it printed.
    Value(String),
}

impl Part {
    pub fn text(&self) -> &str {
        match self {
            Self::Template(text) | Self::Value(text) => text,
        }
    }
}

/// A rendered line: its parts, and the file and line of the template it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MarkedLine {
    pub parts: Vec<Part>,
    pub file: usize,
    pub line: usize,
}

impl MarkedLine {
    /// The line as text, with the value parts exchanged.
    pub fn with(&self, exchange: impl Fn(&str) -> String) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Template(text) => text.clone(),
                Part::Value(text) => exchange(text),
            })
            .collect()
    }

    /// The line as text.
    pub fn text(&self) -> String {
        self.parts.iter().map(Part::text).collect()
    }
}

/// Splits marked output into lines, empty ones dropped. A value that holds a line end (which no checked value does) is cut
/// like everything else, so that the caller sees the lines the router would.
pub(super) fn lines(output: &str) -> Vec<MarkedLine> {
    let mut lines = Vec::new();
    let (mut file, mut line) = (0, 0);
    let mut depth = 0_usize;
    for text in output.split('\n') {
        let mut parts: Vec<Part> = Vec::new();
        let mut here = None;
        let mut rest = text;
        while let Some((said, mark, behind)) = next_mark(rest) {
            push(&mut parts, said, depth > 0);
            rest = behind;
            match mark {
                LINE => {
                    let (digits, behind) = rest.split_once(LINE).unwrap_or_default();
                    let origin = digits.split_once(':').and_then(|(f, l)| Some((f.parse().ok()?, l.parse().ok()?)));
                    here = here.or(origin);
                    rest = behind;
                }
                VALUE_OPENS => depth += 1,
                _ => depth = depth.saturating_sub(1),
            }
        }
        push(&mut parts, rest, depth > 0);
        if let Some(origin) = here {
            (file, line) = origin;
        }
        let marked = MarkedLine { parts, file, line };
        if !marked.text().trim().is_empty() {
            lines.push(marked);
        }
    }
    lines
}

/// The text before the next mark, the mark, and the text behind it.
fn next_mark(text: &str) -> Option<(&str, char, &str)> {
    let (said, marked) = text.split_at_checked(text.find([LINE, VALUE_OPENS, VALUE_CLOSES])?)?;
    let mut marked = marked.chars();
    Some((said, marked.next()?, marked.as_str()))
}

fn push(parts: &mut Vec<Part>, said: &str, value: bool) {
    match (parts.last_mut(), value) {
        _ if said.is_empty() => {}
        (Some(Part::Value(text)), true) | (Some(Part::Template(text)), false) => text.push_str(said),
        (_, true) => parts.push(Part::Value(said.into())),
        (_, false) => parts.push(Part::Template(said.into())),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::*;

    #[test]
    fn origin_marks_precede_text_and_never_a_tag() {
        let source = "a\n  b {{ c }}\n{% if x %}\n{% if y %} d{% endif %}\n\n{# note\nmore #}\n{{ e\n }}f\n";
        let marked = mark(source, 0);
        assert_eq!(unmark(&marked), source);
        let seen = marked.replace(LINE, "|");
        assert_eq!(
            seen,
            "|0:1|a\n  |0:2|b {{ c }}\n{% if x %}\n{% if y %} |0:4|d{% endif %}\n\n{# note\nmore #}\n|0:8|{{ e\n }}f\n"
        );
    }

    #[test]
    fn a_loop_variable_is_traced_to_the_list_it_iterates() {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(names("x {{ secret(psk) }} {{ a.b }}-9z"), own(&["x", "secret", "psk", "a", "b"]));
        let found = goes_through("  {%- for a, b in pairs | items if b %} text").unwrap();
        assert_eq!(found, (own(&["a", "b"]), own(&["pairs", "items", "if", "b"])));
        assert_eq!(goes_through("{% if a in b %}"), None);
    }

    #[test]
    fn lines_know_their_origin_and_their_values() {
        let output = "\u{1}0:3\u{1}ip address \u{2}192.0.2.1/24\u{3}\n\n  \u{1}1:7\u{1}x \u{2}a\u{2}b\u{3}\u{3} y";
        let lines = lines(output);
        assert_eq!(lines.iter().map(|l| (l.file, l.line)).collect::<Vec<_>>(), [(0, 3), (1, 7)]);
        assert_eq!(lines[0].text(), "ip address 192.0.2.1/24");
        assert_eq!(lines[1].with(|v| format!("<{v}>")), "  x <ab> y");
        assert_eq!(lines[1].parts.len(), 3, "parts of one kind are one: {lines:?}");
        assert_eq!(super::lines("a \u{1}0:3")[0].text(), "a ", "an origin that does not end");
    }
}
