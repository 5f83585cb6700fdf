//! Undoes what a terminal line does to text: carriage returns, backspaces, erasures, escape sequences.
//!
//! Bytes go in, finished rows and one unfinished line come out, so that everything above sees what a person would see. Folding
//! is undone elsewhere (`echo`), since only who typed a line knows where it should have ended. Nothing here knows the router.

/// Longest escape sequence that is skipped; more than this is text that happened to start with an escape.
const LONGEST_ESCAPE: usize = 32;

/// The rows since the last reset and the line under the cursor.
#[derive(Debug, Clone, Default)]
pub struct Screen {
    rows: Vec<Vec<u8>>,
    line: Vec<u8>,
    cursor: usize,
    /// Something was written over or backed into: blanks at the end of this line are erasures, not text.
    edited: bool,
    escape: Option<usize>,
    size: usize,
}

impl Screen {
    /// Takes bytes in.
    pub fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.take(byte);
        }
    }

    fn take(&mut self, byte: u8) {
        if let Some(length) = self.escape {
            self.escape = after_escape(length, byte);
            // "Erase to the end of the line", with or without its default argument, is the one sequence that changes text.
            if self.escape.is_none() && length > 0 && byte == b'K' {
                self.line.truncate(self.cursor);
            }
            return;
        }
        match byte {
            b'\n' => self.finish(),
            b'\r' => self.cursor = 0,
            0x08 => {
                self.cursor = self.cursor.saturating_sub(1);
                self.edited = true;
            }
            0x1b => self.escape = Some(0),
            // A blank stands for a tab well enough for comparing, and no other control byte shows anything.
            b'\t' => self.put(b' '),
            0x00..=0x1f | 0x7f => {}
            _ => self.put(byte),
        }
    }

    fn put(&mut self, byte: u8) {
        match self.line.get_mut(self.cursor) {
            Some(place) => {
                self.edited = true;
                *place = byte;
            }
            None => {
                self.line.push(byte);
                self.size += 1;
            }
        }
        self.cursor += 1;
    }

    fn finish(&mut self) {
        let mut row = std::mem::take(&mut self.line);
        if self.edited {
            row.truncate(row.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1));
        }
        self.rows.push(row);
        self.size += 1;
        self.cursor = 0;
        self.edited = false;
    }

    /// The finished rows since the last reset.
    pub fn rows(&self) -> &[Vec<u8>] {
        &self.rows
    }

    /// The unfinished line up to the cursor: what stands behind it was erased or is about to be written over.
    pub fn tail(&self) -> &[u8] {
        self.line.get(..self.cursor).unwrap_or(&self.line)
    }

    /// Bytes kept since the last reset.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Forgets the finished rows; the unfinished line stays.
    pub fn reset(&mut self) {
        self.rows.clear();
        self.line.truncate(self.cursor);
        self.size = self.line.len();
        self.edited = false;
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Where an escape sequence stands after one more byte; `None` when it has ended.
fn after_escape(length: usize, byte: u8) -> Option<usize> {
    let opens = length == 0 && byte == b'[';
    let inside = length > 0 && (0x20..0x40).contains(&byte) && length < LONGEST_ESCAPE;
    (opens || inside).then_some(length + 1)
}

#[cfg(test)]
mod tests {
    use super::Screen;

    fn text(rows: &[Vec<u8>]) -> String {
        rows.iter().map(|row| String::from_utf8_lossy(row).into_owned() + "\n").collect()
    }

    fn shown(bytes: &[u8]) -> (String, String) {
        let mut whole = Screen::default();
        whole.feed(bytes);
        for size in [1, 7] {
            let mut pieces = Screen::default();
            bytes.chunks(size).for_each(|piece| pieces.feed(piece));
            assert_eq!((pieces.rows(), pieces.tail()), (whole.rows(), whole.tail()), "in pieces of {size}");
        }
        (text(whole.rows()), String::from_utf8_lossy(whole.tail()).into_owned())
    }

    #[test]
    fn a_completion_leaves_the_completed_word() {
        let (rows, tail) = shown(b"IX-A(config)# sho\x08 \x08\x08 \x08\x08 \x08show run\x08 \x08\r\nIX-A(config)# ");
        assert_eq!((rows.as_str(), tail.as_str()), ("IX-A(config)# show ru\n", "IX-A(config)# "));
    }

    #[test]
    fn every_way_of_erasing_the_pager_leave_the_next_line() {
        for erase in
            ["\r        \r", "\x08\x08\x08\x08\x08\x08\x08\x08        \x08\x08\x08\x08\x08\x08\x08\x08", "\r\x1b[K"]
        {
            let bytes = format!("a\r\n--More--{erase}!\r\n  b\r\nR# ");
            let (rows, tail) = shown(bytes.as_bytes());
            assert_eq!((rows.as_str(), tail.as_str()), ("a\n!\n  b\n", "R# "), "{erase:?}");
        }
    }

    #[test]
    fn an_erased_line_leaves_the_prompt() {
        assert_eq!(shown(b"Router# abc\x08 \x08\x08 \x08\x08 \x08").1, "Router# ");
    }

    #[test]
    fn blanks_at_the_end_of_a_row_stay_unless_they_erased_something() {
        assert_eq!(shown(b"coregen-10.7(18)  \r\n").0, "coregen-10.7(18)  \n");
    }

    #[test]
    fn returns_doubled_and_bytes_of_no_encoding_are_harmless() {
        assert_eq!(shown(b"a\r\r\nb\0\x07\r\n").0, "a\nb\n");
        assert_eq!(shown(b"\x90V\x8fh\r\n").0, "\u{fffd}V\u{fffd}h\n");
        assert_eq!(shown("新宿\r\n".as_bytes()).0, "新宿\n");
    }
}
