//! Colour, as an addition: every text is understood without it.
//!
//! The stream decides whether colour reaches the terminal (`NO_COLOR`, pipes); here only the meaning is chosen.

use anstyle::AnsiColor;

use crate::visible;

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Added, or well.
    Good,
    /// Removed, or failed.
    Bad,
    /// Worth a look.
    Warn,
    /// A heading.
    Head,
    /// Less important than its surroundings.
    Dim,
}

impl Style {
    fn style(self) -> anstyle::Style {
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Head => anstyle::Style::new().bold(),
            Self::Dim => anstyle::Style::new().dimmed(),
        }
    }

    /// The text, wrapped in this meaning's colour: our own style, which the stream distinguishes from one in the
    /// text.
    pub fn on(self, text: &str) -> String {
        let style = self.style();
        let (on, off) = (style.render().to_string(), style.render_reset().to_string());
        format!("{}{text}{}", visible::style(&on), visible::style(&off))
    }
}

/// A unified diff with its added and removed lines coloured.
pub fn paint_diff(diff: &str) -> String {
    let mut out = String::with_capacity(diff.len());
    for line in diff.lines() {
        let painted = match line.as_bytes().first() {
            Some(b'+') if !line.starts_with("+++") => Style::Good.on(line),
            Some(b'-') if !line.starts_with("---") => Style::Bad.on(line),
            Some(b'@') => Style::Dim.on(line),
            _ => line.to_owned(),
        };
        out.push_str(&painted);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::paint_diff;

    #[test]
    fn without_colour_the_diff_is_itself() {
        let diff = "--- running\n+++ desired\n@@ -1 +1 @@\n-a\n+b\n c\n";
        assert_eq!(anstream::adapter::strip_str(&paint_diff(diff)).to_string(), diff);
    }
}
