//! A page in Markdown, for a merge request, a ticket or a wiki.

use std::fmt::Write;

use super::{Block, Inline, Languages, Lines, Page, Phrase, Searched, Table};
use crate::report::markdown::{block, text};

/// The page in these languages.
pub fn markdown(page: &Page, languages: Languages) -> String {
    let mut out = format!("# {}\n", phrase(&page.title, languages));
    for part in &page.blocks {
        out.push('\n');
        match part {
            Block::Heading { level, text, .. } => {
                let marks = "#".repeat(usize::from(*level));
                let _ = writeln!(out, "{marks} {}", phrase(text, languages));
            }
            Block::Paragraph(text) => {
                let _ = writeln!(out, "{}", phrase(text, languages));
            }
            Block::Alert(texts) => texts.iter().for_each(|text| {
                let _ = writeln!(out, "> **{}**\n>", phrase(text, languages));
            }),
            Block::List(texts) => texts.iter().for_each(|text| {
                let _ = writeln!(out, "- {}", phrase(text, languages));
            }),
            // A viewer makes its own.
            Block::Contents(links) => links.iter().for_each(|link| {
                let _ = writeln!(out, "- {}", phrase(&link.text, languages));
            }),
            Block::Table(one) | Block::Searched(Searched { table: one, .. }) => table(&mut out, one, languages),
            Block::Lines(Lines { caption, text, is_difference }) => {
                let language = if *is_difference { "diff" } else { "" };
                let _ = write!(out, "{}:\n\n{}", phrase(caption, languages), block(language, text));
            }
        }
    }
    out
}

fn table(out: &mut String, table: &Table, languages: Languages) {
    let columns = table.rows.iter().map(Vec::len).max().unwrap_or_default().max(table.head.len());
    let row = |cells: &[Phrase]| {
        let cells: Vec<String> =
            (0..columns).map(|at| cells.get(at).map(|cell| phrase(cell, languages)).unwrap_or_default()).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let _ = writeln!(out, "{}:\n", phrase(&table.caption, languages));
    out.push_str(&row(&table.head));
    let _ = writeln!(out, "|{}", " --- |".repeat(columns));
    table.rows.iter().for_each(|cells| out.push_str(&row(cells)));
}

/// A phrase in one line; a line end in it becomes one that a cell can hold.
fn phrase(phrase: &Phrase, languages: Languages) -> String {
    let lines = |value: &str| value.lines().map(text).collect::<Vec<_>>().join("<br>");
    let piece = |piece: &Inline| match piece {
        Inline::Words(words) => {
            let mut said: Vec<String> = languages.all().iter().map(|lang| lines(words.get(*lang))).collect();
            said.dedup();
            said.join(" / ")
        }
        // A page beside this one is HTML.
        Inline::Data(value)
        | Inline::Code(value)
        | Inline::Linked { text: value, .. }
        | Inline::Time { shown: value, .. } => lines(value),
        Inline::Break => "<br>".to_owned(),
        Inline::Blank => String::new(),
    };
    phrase.pieces().iter().map(piece).collect()
}
