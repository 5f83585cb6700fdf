//! An access line that was seen, held against what a configuration asks of it.
//!
//! Reads and says nothing by itself: displays come in, a verdict comes out.

use super::Intent;
use crate::ix::Config;
use crate::ix::access_line::{AccessLine, LineWish, Misfit, Probes, misfits};
use crate::ix::display::{Kind, Shown};
use crate::message::Text;

/// An access line that was seen, and what does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenLine {
    /// What was seen.
    pub line: AccessLine,
    /// What does not fit what the configuration asks of it.
    pub misfits: Vec<Misfit>,
}

impl SeenLine {
    /// What these displays say of the line that a configuration asks something of.
    pub(super) fn read(wish: &LineWish, shown: &[Shown], probes: &Probes) -> Self {
        let line = AccessLine::read(&wish.interface, shown, probes);
        Self { misfits: misfits(wish, &line, probes), line }
    }

    /// The same where the checks have shown the displays that tell of a line; nothing where they have not, or nothing is asked of one.
    pub(super) fn of_checks(config: &Config, shown: &[Shown]) -> Option<Self> {
        let tells = |shown: &Shown| matches!(shown.display.kind(), Kind::DhcpClient | Kind::Neighbors);
        if !shown.iter().any(tells) {
            return None;
        }
        Some(Self::read(&LineWish::of(config)?, shown, &Probes::default()))
    }

    /// Which line it seems to be, where that does not fit.
    pub(super) fn warning(&self) -> Option<Text> {
        let texts: Vec<Text> = self.misfits.iter().map(Misfit::text).collect();
        let (en, ja): (Vec<&str>, Vec<&str>) = texts.iter().map(|text| (text.en.as_str(), text.ja.as_str())).unzip();
        let seems = self.line.summary();
        (!texts.is_empty()).then(|| {
            Text::new(
                format!("which line is this? {}. It does not fit: {}", seems.en, en.join("; ")),
                format!("回線の判定: {}。設定と合いません: {}", seems.ja, ja.join("。")),
            )
        })
    }
}

/// The configuration that asks something of the line: what is wanted, or what runs where that says nothing of it.
pub(super) fn asking<'c>(intent: &'c Intent, running: &'c Config) -> &'c Config {
    intent.wanted().filter(|wanted| LineWish::of(wanted).is_some()).unwrap_or(running)
}
