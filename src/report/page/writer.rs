//! HTML, written element by element: what is open is known, and the only way to a text or to an attribute's value is the escaping one.

use crate::visible;

/// An attribute's name, and its value.
pub(super) type Attribute<'a> = (&'static str, &'a str);

/// HTML while it is written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    out: String,
    open: Vec<&'static str>,
}

impl Writer {
    /// A document of HTML that has nothing yet.
    pub(super) fn document() -> Self {
        Self { out: "<!DOCTYPE html>\n".to_owned(), open: Vec::new() }
    }

    /// Opens an element.
    pub(super) fn open(&mut self, tag: &'static str, attributes: &[Attribute<'_>]) {
        self.start(tag, attributes);
        self.open.push(tag);
    }

    /// An element that holds nothing.
    pub(super) fn void(&mut self, tag: &'static str, attributes: &[Attribute<'_>]) {
        self.start(tag, attributes);
    }

    fn start(&mut self, tag: &'static str, attributes: &[Attribute<'_>]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.escaped(&visible::line(value));
            self.out.push('"');
        }
        self.out.push('>');
    }

    /// Closes what was opened last.
    pub(super) fn close(&mut self) {
        if let Some(tag) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
        }
    }

    /// A line end between elements.
    pub(super) fn end_line(&mut self) {
        self.out.push('\n');
    }

    /// A text; its line ends and tabs stay.
    pub(super) fn text(&mut self, text: &str) {
        self.escaped(&visible::text(text));
    }

    /// An element with a text.
    pub(super) fn element(&mut self, tag: &'static str, attributes: &[Attribute<'_>], text: &str) {
        self.open(tag, attributes);
        self.text(text);
        self.close();
    }

    /// Our own style or script, which is no data: it is known when the program is built.
    pub(super) fn own(&mut self, tag: &'static str, text: &'static str) {
        self.open(tag, &[]);
        self.out.push_str(text);
        self.close();
        self.end_line();
    }

    /// The whole, everything closed.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.end_line();
        self.out
    }

    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                c => self.out.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Writer;

    #[test]
    fn a_value_is_never_markup() {
        let mut writer = Writer::default();
        let hostile = "</script><img src=x onerror=\"a\" b='c'>&amp;\u{202e}\u{1b}[2J";
        writer.element("td", &[("data-label", hostile)], hostile);
        let out = writer.finish();
        assert_eq!(out.matches('<').count(), 2, "{out}");
        assert_eq!(out.matches('"').count(), 2, "{out}");
        assert!(out.contains("&amp;amp;\\u{202e}\\u{1b}[2J"), "{out}");
    }
}
