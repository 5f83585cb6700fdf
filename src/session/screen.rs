//! Undoes what a terminal line does to text: carriage returns, backspaces, erasures, escape sequences.
//!
//! Bytes go in, finished rows and one unfinished line come out, so that everything above sees what a person would see. Folding
//! is undone elsewhere (`echo`), since only who typed a line knows where it should have ended. Nothing here knows the router.

/// Longest escape sequence that is skipped; more than this is text that happened to start with an escape.
const LONGEST_ESCAPE: usize = 32;

/// What a row is counted with besides its text: its end here, and what a caller's line of text costs.
const ROW: usize = 32;
/// What a byte of no ASCII is counted with: as text it may need three.
const WIDE: usize = 3;
/// Memory kept for the next answer.
const KEPT: usize = 64 * 1024;

/// The rows since the last reset and the line under the cursor.
#[derive(Debug, Clone, Default)]
pub struct Screen {
    /// The finished rows, one after the other.
    text: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<u32>,
    line: Vec<u8>,
    cursor: usize,
    /// Something was written over or backed into: blanks at the end of this line are erasures, not text.
    edited: bool,
    escape: Option<usize>,
    size: usize,
    /// How often rows were forgotten.
    resets: u64,
}

/// Finished rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows<'a> {
    text: &'a [u8],
    /// Where the first of them begins.
    begin: usize,
    ends: &'a [u32],
}

impl<'a> Rows<'a> {
    /// How many.
    pub fn len(self) -> usize {
        self.ends.len()
    }

    /// Whether it is empty.
    pub fn is_empty(self) -> bool {
        self.ends.is_empty()
    }

    /// One of them.
    pub fn get(self, index: usize) -> Option<&'a [u8]> {
        let end = *self.ends.get(index)? as usize;
        self.text.get(self.begin_of(index)..end)
    }

    fn begin_of(self, index: usize) -> usize {
        index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(self.begin, |end| *end as usize)
    }

    /// The rows from this one on.
    pub fn from(self, index: usize) -> Self {
        let index = index.min(self.len());
        Self { text: self.text, begin: self.begin_of(index), ends: self.ends.get(index..).unwrap_or_default() }
    }

    /// All of them, in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = &'a [u8]> + ExactSizeIterator {
        (0..self.len()).map(move |index| self.get(index).unwrap_or_default())
    }
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
            // A blank replaces a tab well enough for comparing, and no other control byte shows anything.
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
                make_room(&mut self.line, 1);
                self.line.push(byte);
                self.size += if byte.is_ascii() { 1 } else { WIDE };
            }
        }
        self.cursor += 1;
    }

    fn finish(&mut self) {
        let mut row = self.line.as_slice();
        if self.edited {
            let end = row.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
            row = row.get(..end).unwrap_or_default();
        }
        make_room(&mut self.text, row.len());
        self.text.extend_from_slice(row);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.line.clear();
        give_back(&mut self.line);
        self.size += ROW;
        self.cursor = 0;
        self.edited = false;
    }

    /// The finished rows since the last reset.
    pub fn rows(&self) -> Rows<'_> {
        Rows { text: &self.text, begin: 0, ends: &self.ends }
    }

    /// How often rows were forgotten: what was found out about them holds no longer then.
    pub fn resets(&self) -> u64 {
        self.resets
    }

    /// The unfinished line up to the cursor: what follows it was erased or is about to be written over.
    pub fn tail(&self) -> &[u8] {
        self.line.get(..self.cursor).unwrap_or(&self.line)
    }

    /// What is kept since the last reset may cost this many bytes until it has reached the caller.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Forgets the finished rows; the unfinished line stays.
    pub fn reset(&mut self) {
        self.text.clear();
        give_back(&mut self.text);
        self.ends.clear();
        give_back(&mut self.ends);
        self.line.truncate(self.cursor);
        self.size = self.line.len();
        self.edited = false;
        self.resets += 1;
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.line.clear();
        give_back(&mut self.line);
        self.cursor = 0;
        self.escape = None;
        self.reset();
    }
}

/// Grows by quarters: doubling would hold an answer three times while it grows.
fn make_room(bytes: &mut Vec<u8>, more: usize) {
    let free = bytes.capacity() - bytes.len();
    if free < more {
        bytes.reserve_exact(more.max(bytes.capacity() / 4).max(256));
    }
}

/// An empty buffer that was needed for one long answer is not kept for the next.
fn give_back<T>(buffer: &mut Vec<T>) {
    if buffer.capacity() * size_of::<T>() > KEPT {
        *buffer = Vec::new();
    }
}

/// The state of an escape sequence after one more byte; `None` when it has ended.
fn after_escape(length: usize, byte: u8) -> Option<usize> {
    let opens = length == 0 && byte == b'[';
    let inside = length > 0 && (0x20..0x40).contains(&byte) && length < LONGEST_ESCAPE;
    (opens || inside).then_some(length + 1)
}

#[cfg(test)]
mod tests {
    use super::{Rows, Screen};

    fn text(rows: Rows<'_>) -> String {
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
    fn rows_are_found_again_from_any_of_them_on() {
        let mut screen = Screen::default();
        screen.feed(b"a\r\n\r\nbc\r\nd");
        let rows = screen.rows();
        assert_eq!(rows.iter().rev().collect::<Vec<_>>(), [&b"bc"[..], b"", b"a"]);
        assert_eq!(rows.from(1).iter().collect::<Vec<_>>(), [&b""[..], b"bc"]);
        assert_eq!((rows.from(1).get(1), rows.from(9).len(), rows.get(3)), (Some(&b"bc"[..]), 0, None));
        let before = screen.resets();
        screen.reset();
        assert!(screen.rows().is_empty() && screen.tail() == b"d" && screen.resets() > before);
    }

    #[test]
    fn kept_rows_cost_little_more_than_their_characters() {
        for row in ["\n", "a\n", "show ip route is not a long line\r\n", &"x".repeat(1 << 20)] {
            let mut screen = Screen::default();
            while screen.size() < 1 << 21 {
                screen.feed(row.as_bytes());
            }
            let held = screen.text.capacity() + 4 * screen.ends.capacity() + screen.line.capacity();
            assert!(held < 2 * screen.size(), "{held} bytes for {}", screen.size());
            screen.clear();
            assert!(screen.text.capacity() <= super::KEPT && screen.line.capacity() <= super::KEPT);
        }
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
