//! `?` and TAB: what a person at the keyboard uses and a tool must never send.
//!
//! Fact sheet 10: help prints without a Return and shows the unfinished line again; completion rewrites the word in place.

use super::Session;
use crate::device::Mode;
use crate::grammar::grammar;
use crate::router::Router;

impl Session {
    pub(super) fn help(&mut self) {
        let line = String::from_utf8_lossy(self.editor.line()).into_owned();
        self.out.extend_from_slice(b"?\r\n");
        for word in grammar().following(self.mode.place(), &line) {
            let text = self.help_text(word);
            self.say(&format!("  {word}  -- {text}"));
        }
        self.editor.show(&mut self.out);
    }

    /// Three texts are attested; for the others the word itself is used.
    fn help_text(&self, word: &str) -> String {
        match (word, &self.mode) {
            ("configure", Mode::Global | Mode::Sub(_)) => "Go back to top menu".to_owned(),
            ("exit", Mode::Sub(_)) => "Exit from interface configuration mode".to_owned(),
            ("exit", Mode::Global) => "Exit from configure mode".to_owned(),
            _ => word.to_owned(),
        }
    }

    pub(super) fn complete(&mut self, router: &Router) {
        let line = String::from_utf8_lossy(self.editor.line()).into_owned();
        let typed = line.rsplit(' ').next().unwrap_or_default().to_owned();
        if typed.is_empty() {
            return;
        }
        let words = grammar().following(self.mode.place(), &line);
        let mut words = words.iter();
        if let (Some(word), None) = (words.next(), words.next()) {
            return self.editor.complete(typed.len(), &format!("{word} "), &mut self.out);
        }
        let before = line.trim_start();
        if before.starts_with("interface ") {
            let low = typed.to_ascii_lowercase();
            let found = router.device.config.blocks.iter().find(|block| {
                block.header.starts_with("interface ") && block.name.to_ascii_lowercase().starts_with(&low)
            });
            if let Some(block) = found {
                self.editor.complete(typed.len(), &block.name, &mut self.out);
            }
        }
    }
}
