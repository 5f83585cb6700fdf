//! The container: a tar archive of one canonical form. Everyone's `tar` lists and unpacks it; it is read here as what was written, block
//! by block, and nothing else.
//!
//! The header of a part follows from its name and its size alone, what fills its last block is zero, and two blocks of zeros end the
//! archive: so no byte is without a meaning that is checked. There is no compression, so nothing grows when it is read.

use std::io::{self, Read, Seek, SeekFrom, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::flaw::Flaw;
use crate::message::Text;

/// Bytes of a block; every header is one, and every part begins with a new one.
const BLOCK: usize = 512;
/// The longest name of a part.
const LONGEST_NAME: usize = 100;
/// The most parts: two recordings of each of thirty thousand routers.
const MOST_PARTS: usize = 65_536;
/// The longest line of a list: the plan of the largest router, twice escaped.
const LONGEST_LINE: usize = 16 * 1024 * 1024;
/// Bytes that are moved at once.
const PIECE: usize = 64 * 1024;

/// A part of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part {
    /// Its name.
    pub(super) name: String,
    /// Its size in bytes.
    pub(super) bytes: u64,
    /// SHA-256 of it.
    pub(super) sha256: String,
}

/// The header of a part; nothing for what no part has.
fn header(name: &str, bytes: u64) -> Option<Vec<u8>> {
    let size = format!("{bytes:011o}");
    let is_plain = name.bytes().all(|byte| byte.is_ascii_graphic());
    if name.is_empty() || name.len() > LONGEST_NAME || !is_plain || size.len() > 11 {
        return None;
    }
    let of = |checksum: &str| {
        let mut block = Vec::with_capacity(BLOCK);
        // POSIX.1-1988, `ustar`: each field with its width.
        for (text, width) in [
            (name, LONGEST_NAME),
            ("0000600", 8),
            ("0000000", 8),
            ("0000000", 8),
            (size.as_str(), 12),
            ("00000000000", 12),
            (checksum, 8),
            ("0", 1),
            ("", 100),
            ("ustar", 6),
            ("00", 2),
            ("", 32),
            ("", 32),
            ("0000000", 8),
            ("0000000", 8),
            ("", 155),
            ("", 12),
        ] {
            let end = block.len() + width;
            block.extend_from_slice(text.as_bytes());
            block.resize(end, 0);
        }
        block
    };
    // The sum is taken with blanks where it will be.
    let sum: u32 = of("        ").into_iter().map(u32::from).sum();
    Some(of(&format!("{sum:06o}\0 ")))
}

/// A hash in hexadecimal.
fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// How many zeros follow a part of this size.
fn padding(bytes: u64) -> usize {
    let over = usize::try_from(bytes % BLOCK as u64).unwrap_or_default();
    (BLOCK - over) % BLOCK
}

/// Writes an archive.
pub(super) struct Writer<W> {
    to: W,
    parts: Vec<Part>,
}

impl<W: Write + Seek> Writer<W> {
    /// An archive without parts.
    pub(super) fn new(to: W) -> Self {
        Self { to, parts: Vec::new() }
    }

    /// The parts so far.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Writes a part, whose size is known only when it is written.
    ///
    /// # Errors
    /// When it cannot be written, or no part can have this name or size.
    pub(super) fn part(&mut self, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let start = self.to.stream_position()?;
        self.to.write_all(&[0; BLOCK])?;
        let mut body = Hashing { inner: &mut self.to, hash: Sha256::new(), bytes: 0 };
        write(&mut body)?;
        let (bytes, sha256) = (body.bytes, hex(body.hash));
        self.to.write_all(&[0; BLOCK][..padding(bytes)])?;
        let end = self.to.stream_position()?;
        let header = header(name, bytes).ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.to.seek(SeekFrom::Start(start))?;
        self.to.write_all(&header)?;
        self.to.seek(SeekFrom::Start(end))?;
        self.parts.push(Part { name: name.to_owned(), bytes, sha256 });
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.to.write_all(&[0; 2 * BLOCK])?;
        self.to.flush()
    }
}

/// Counts and hashes what passes.
struct Hashing<T> {
    inner: T,
    hash: Sha256,
    bytes: u64,
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        let passed = bytes.get(..written).unwrap_or(bytes);
        self.hash.update(passed);
        self.bytes += passed.len() as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Hashing<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.hash.update(bytes.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        Ok(read)
    }
}

/// Reads an archive, part after part.
pub(super) struct Reader<R> {
    from: Hashing<R>,
    parts: Vec<Part>,
}

/// The header of the part that comes next.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its name.
    pub(super) name: String,
    /// Its size.
    bytes: u64,
}

impl<R: Read> Reader<R> {
    /// Before the first part.
    pub(super) fn new(from: R) -> Self {
        Self { from: Hashing { inner: from, hash: Sha256::new(), bytes: 0 }, parts: Vec::new() }
    }

    /// The parts that were read.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The next part; nothing behind the last one, where the archive must end.
    ///
    /// # Errors
    /// [`Flaw`].
    pub(super) fn entry(&mut self) -> Result<Option<Entry>, Flaw> {
        let is_first = self.parts.is_empty();
        let mut block = [0; BLOCK];
        self.from.read_exact(&mut block).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof if is_first => Flaw::Foreign,
            _ => error.into(),
        })?;
        if block == [0; BLOCK] && !is_first {
            self.end()?;
            return Ok(None);
        }
        let of_header = |flaw: Flaw| if is_first { Flaw::Foreign } else { flaw };
        let text = |from: usize, width: usize| -> Option<&str> {
            let field = block.get(from..from + width)?;
            let end = field.iter().position(|byte| *byte == 0).unwrap_or(width);
            std::str::from_utf8(field.get(..end)?).ok()
        };
        let found = text(0, LONGEST_NAME).zip(text(124, 12).and_then(|size| u64::from_str_radix(size, 8).ok()));
        let Some((name, bytes)) = found.filter(|(name, bytes)| header(name, *bytes).as_deref() == Some(&block[..]))
        else {
            return Err(of_header(Flaw::damaged("a header was changed", "見出しが変更されています")));
        };
        if self.parts.len() >= MOST_PARTS {
            return Err(Flaw::TooLarge { what: Text::new("the number of its parts", "部分の数") });
        }
        Ok(Some(Entry { name: name.to_owned(), bytes }))
    }

    /// What the archive must end with.
    fn end(&mut self) -> Result<(), Flaw> {
        let mut block = [0; BLOCK];
        self.from.read_exact(&mut block)?;
        let trailing = self.from.read(&mut [0; 1])?;
        if block != [0; BLOCK] || trailing > 0 {
            return Err(Flaw::damaged("something follows its end", "末尾の後に余分なデータがあります"));
        }
        Ok(())
    }

    /// Reads a part piece by piece; one of more than `most` bytes is not read.
    ///
    /// # Errors
    /// [`Flaw`], also of the one who takes the pieces.
    pub(super) fn each(
        &mut self,
        entry: Entry,
        most: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        let Entry { name, bytes } = entry;
        if bytes > most {
            return Err(Flaw::TooLarge { what: Text::untranslated(format!("`{name}`")) });
        }
        let mut hash = Sha256::new();
        let mut left = bytes;
        let mut piece = vec![0; PIECE];
        while left > 0 {
            let length = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            let piece = piece.get_mut(..length).unwrap_or_default();
            self.from.read_exact(piece)?;
            hash.update(&*piece);
            take(piece)?;
            left -= length as u64;
        }
        let mut rest = [0; BLOCK];
        let rest = &mut rest[..padding(bytes)];
        self.from.read_exact(rest)?;
        if rest.iter().any(|byte| *byte != 0) {
            return Err(Flaw::of_part(&name));
        }
        self.parts.push(Part { name, bytes, sha256: hex(hash) });
        Ok(())
    }

    /// Reads a part whole.
    ///
    /// # Errors
    /// [`Flaw`].
    pub(super) fn whole(&mut self, entry: Entry, most: u64) -> Result<Vec<u8>, Flaw> {
        let mut all = Vec::new();
        self.each(entry, most, |piece| {
            all.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(all)
    }

    /// Reads a part line by line; each ends with a line feed.
    ///
    /// # Errors
    /// [`Flaw`], also of the one who takes the lines.
    pub(super) fn lines(
        &mut self,
        entry: Entry,
        most: u64,
        mut take: impl FnMut(&[u8]) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        let name = entry.name.clone();
        let mut line = Vec::new();
        self.each(entry, most, |piece| {
            for part in piece.split_inclusive(|byte| *byte == b'\n') {
                if line.len() + part.len() > LONGEST_LINE {
                    let what = Text::new(format!("a line of `{name}`"), format!("`{name}` の行"));
                    return Err(Flaw::TooLarge { what });
                }
                line.extend_from_slice(part);
                if let Some(whole) = line.strip_suffix(b"\n") {
                    take(whole)?;
                    line.clear();
                }
            }
            Ok(())
        })?;
        if line.is_empty() { Ok(()) } else { Err(Flaw::of_part(&name)) }
    }

    /// SHA-256 of all that was read.
    pub(super) fn sha256(self) -> String {
        hex(self.from.hash)
    }
}

#[cfg(test)]
#[path = "archive_tests.rs"]
pub(super) mod tests;
