//! What is written becomes whole lines, each given on as it ends.

use std::io::{self, Write};

/// Gives whole lines on, as plain text: who shows them has styles of its own.
pub struct WholeLines {
    give: Box<dyn FnMut(String) + Send>,
    begun: Vec<u8>,
}

impl WholeLines {
    /// Gives each line to this.
    pub fn to(give: impl FnMut(String) + Send + 'static) -> Self {
        Self { give: Box::new(give), begun: Vec::new() }
    }
}

impl Write for WholeLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            if *byte == b'\n' {
                let line = plain_text(&String::from_utf8_lossy(&self.begun));
                self.begun.clear();
                (self.give)(line);
            } else {
                self.begun.push(*byte);
            }
        }
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Text without our own styles.
pub fn plain_text(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use std::io::Write as _;
    use std::sync::mpsc::channel;

    use super::WholeLines;

    #[test]
    fn a_line_is_given_on_once_it_is_whole_and_without_styles() {
        let (tell, told) = channel();
        let mut written = WholeLines::to(move |line| tell.send(line).unwrap());
        written.write_all("a\u{1b}[1mb\u{1b}[0m\nc".as_bytes()).unwrap();
        written.write_all(b"d\ne").unwrap();
        assert_eq!(told.try_iter().collect::<Vec<_>>(), ["ab", "cd"]);
    }
}
