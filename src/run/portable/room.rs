//! How much room the records of an exported run may take once they are read. A number takes two bytes in a file and many times that in memory:
//! so they are counted before they are read, and more of them than records can have are refused.

use super::flaw::Flaw;
use crate::message::Text;

/// Bytes of a file for each value: our own records have twenty and more.
const BYTES_PER_VALUE: usize = 8;
/// Values that any file may have.
const FEW: usize = 64 * 1024;
/// Values that no file may have more of: several times those of ten thousand routers, and two GiB in memory.
const MOST: usize = 32 * 1024 * 1024;

/// What the records took so far.
#[derive(Debug, Default)]
pub(super) struct Room {
    bytes: usize,
    values: usize,
}

impl Room {
    /// One more record: its line in the file, and the JSON in it that is about to be read.
    ///
    /// # Errors
    /// [`Flaw::TooLarge`].
    pub(super) fn take(&mut self, line: &[u8], body: &str) -> Result<(), Flaw> {
        self.bytes += line.len();
        self.values += values(body);
        let most = MOST.min(FEW + self.bytes / BYTES_PER_VALUE);
        if self.values <= most {
            return Ok(());
        }
        Err(Flaw::TooLarge { what: Text::new("the number of values in its records", "記録内の値の数") })
    }
}

/// How many values a JSON text has at most: each but the first of a list or an object follows a comma, and that one an opening sign.
fn values(json: &str) -> usize {
    let (mut count, mut is_text, mut is_escaped) = (1, false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b',' | b'[' | b'{' if !is_text => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test is the point")]
mod tests {
    use super::{FEW, Flaw, Room, values};

    #[test]
    fn values_are_counted_outside_of_texts() {
        assert_eq!(values("0"), 1);
        assert_eq!(values(r#"{"a":[1,2,3],"b":"[,{\\\",,"}"#), 6);
    }

    #[test]
    fn records_of_our_own_have_room_and_a_list_of_numbers_that_fills_a_line_has_none() {
        let own = r#"{"kind":"sending","number":1,"total":2,"line":"hostname r1","undo":false}"#;
        let mut room = Room::default();
        for _ in 0..FEW {
            room.take(own.as_bytes(), own).unwrap();
        }
        let hostile = format!("[{}0]", "0,".repeat(4 * 1024 * 1024));
        let refused = Room::default().take(hostile.as_bytes(), &hostile);
        assert!(matches!(refused, Err(Flaw::TooLarge { .. })), "{refused:?}");
    }
}
