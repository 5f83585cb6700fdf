//! The container alone: what is read is what was written, byte for byte.
#![expect(clippy::unwrap_used, reason = "a failed test is the point")]

use std::io::Cursor;

use super::{BLOCK, Flaw, Reader, Writer, header};

/// A container of these parts.
pub(in crate::run::portable) fn written<N: AsRef<str>, B: AsRef<[u8]>>(parts: &[(N, B)]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = Writer::new(&mut bytes);
    for (name, body) in parts {
        writer.part(name.as_ref(), |to| to.write_all(body.as_ref())).unwrap();
    }
    writer.finish().unwrap();
    bytes.into_inner()
}

/// The parts of a container.
pub(in crate::run::portable) fn parts_of(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Flaw> {
    let mut reader = Reader::new(bytes);
    let mut found = Vec::new();
    while let Some(entry) = reader.entry()? {
        let name = entry.name.clone();
        found.push((name, reader.whole(entry, u64::MAX)?));
    }
    Ok(found)
}

#[test]
fn what_was_written_is_read_whatever_its_size() {
    let sizes = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3000];
    let names: Vec<String> = sizes.iter().map(|size| format!("part-{size}")).collect();
    let bodies: Vec<Vec<u8>> = sizes.iter().map(|size| vec![b'x'; *size]).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(bodies.iter().map(Vec::as_slice)).collect();
    let found = parts_of(&written(&parts)).unwrap();
    assert_eq!(found, names.into_iter().zip(bodies).collect::<Vec<_>>());
}

#[test]
fn no_byte_outside_the_parts_can_be_another_one() {
    let bytes = written(&[("one", &b"body"[..]), ("two", &b""[..])]);
    for at in (0..bytes.len()).filter(|at| !(BLOCK..BLOCK + 4).contains(at)) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x20;
        assert!(parts_of(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn what_is_cut_off_or_added_shows() {
    let bytes = written(&[("one", b"body")]);
    for length in 0..bytes.len() {
        assert!(parts_of(&bytes[..length]).is_err(), "{length} bytes");
    }
    assert!(parts_of(&[&bytes[..], b"x"].concat()).is_err());
    assert!(parts_of(&[&bytes[..], &[0; BLOCK]].concat()).is_err());
}

#[test]
fn no_part_has_a_name_that_is_none_or_a_size_that_no_header_holds() {
    for name in ["", "a b", "a\nb", "\u{e4}", &"x".repeat(101)] {
        assert!(header(name, 1).is_none(), "{name}");
    }
    assert!(header("a", 8 * 1024 * 1024 * 1024).is_none() && header("a", 8 * 1024 * 1024 * 1024 - 1).is_some());
}

#[test]
fn a_line_without_its_end_and_a_part_that_is_too_large_are_refused() {
    let lines = |body: &[u8]| {
        let bytes = written(&[("one", body)]);
        let mut reader = Reader::new(&bytes[..]);
        let entry = reader.entry().unwrap().unwrap();
        let mut found = Vec::new();
        reader
            .lines(entry, 100, |line| {
                found.push(String::from_utf8(line.to_vec()).unwrap());
                Ok(())
            })
            .map(|()| found)
    };
    assert_eq!(lines(b"a\n\nb\n").unwrap(), ["a", "", "b"]);
    assert!(matches!(lines(b"a\nb"), Err(Flaw::Damaged(_))));
    assert!(matches!(lines(&[b'x'; 101]), Err(Flaw::TooLarge { .. })));
}
