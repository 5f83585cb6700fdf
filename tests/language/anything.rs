//! The properties that the fuzz targets have, over our own cases with bytes and lines changed.

use ixdeploy::dialect::Dialect;
use std::path::Path;

use crate::dice::{Dice, rounds};

#[path = "../../fuzz/properties.rs"]
mod properties;

/// What is thrown into a text: keys, bytes that are no text, words that mean something, and half of them.
const PIECES: [&[u8]; 24] = [
    b"\0",
    b"\xff\xfe",
    b"\x93\xfa\x96\x7b",
    b"\xef\x9c\x80",
    b"\t",
    b"\r",
    b"\n",
    b"  ",
    b"!",
    b"! x",
    b"no ",
    b"exit\n",
    b"configure\n",
    b"interface GigaEthernet0.0\n",
    b"interface ",
    b"device GigaEthernet2\n",
    b"ip access-list a permit ip src any dest any\n",
    b"no ip access-list a\n",
    b"proxy-dns ip enable\n",
    b"Router(config)# ",
    b"a#",
    b"--More--",
    b"password ",
    b"Using 1 out of 2 bytes\n",
];

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

fn changed(dice: &mut Dice, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = dice.pick(corpus).clone();
    if dice.one_in(3) {
        bytes.push(0);
        bytes.extend_from_slice(dice.pick::<Vec<u8>>(corpus));
    }
    // A part of a case is as good as the whole, and quicker.
    let from = dice.below(bytes.len());
    let to = from + dice.below((bytes.len() - from).min(3000)) + 1;
    let mut bytes = bytes[from..to.min(bytes.len())].to_vec();
    for _ in 0..dice.below(8) {
        let at = dice.below(bytes.len());
        match dice.below(4) {
            0 => {
                let piece = *dice.pick(&PIECES);
                bytes.splice(at..at, piece.iter().copied());
            }
            1 if !bytes.is_empty() => bytes[at] = u8::try_from(dice.below(256)).unwrap(),
            2 => {
                let end = (at + dice.below(20)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let mut lines: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
                let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
                if dice.one_in(2) {
                    lines.swap(one, other);
                } else {
                    lines.insert(one, lines[other].clone());
                }
                bytes = lines.join(&b'\n');
            }
        }
    }
    bytes
}

fn holds(property: fn(&[u8])) -> impl Fn(&mut Dice, u64) {
    let corpus = corpus();
    move |dice, _| {
        let bytes = changed(dice, &corpus);
        let outcome = std::panic::catch_unwind(|| property(&bytes));
        assert!(
            outcome.is_ok(),
            "--- the text\n{}\n--- its bytes\n{:?}",
            String::from_utf8_lossy(&bytes),
            bytes.as_slice()
        );
    }
}

#[test]
fn any_text_is_read() {
    rounds("parse", 300, holds(properties::parse));
}

#[test]
fn any_text_is_printed() {
    rounds("print", 300, holds(properties::print));
}

#[test]
fn any_two_texts_are_compared() {
    rounds("diff", 60, holds(properties::diff));
}

#[test]
fn any_secret_is_masked() {
    rounds("mask", 150, holds(properties::mask));
}

/// The lines by which masking is tried hold every command of the grammar that has a secret.
#[test]
fn no_secret_command_is_forgotten() {
    use ixdeploy::dialect::grammar::words;
    let grammar = Dialect::ix().grammar();
    let tried: Vec<&str> = properties::SECRETS
        .iter()
        .filter_map(|(mode, form)| grammar.look_up(mode, &words(form)))
        .map(|known| known.row.id.as_str())
        .collect();
    for row in grammar.rows().iter().filter(|row| row.secret.is_some()) {
        assert!(tried.contains(&row.id.as_str()), "{}", row.id);
    }
}
