//! The configurations of one router in the work record, and which of them are missing, and why. Pure.

use super::ConfigurationPart;
use crate::message::Text;
use crate::run::{Configurations, KeptText};

/// What was kept of them.
pub(super) fn configurations(found: &Configurations) -> ConfigurationPart {
    let Configurations { before, startup_before, after, difference } = found;
    let mut missing = Vec::new();
    let mut text = |kept: &KeptText, en: &str, ja: &str| match kept {
        KeptText::Masked(text) => Some(text.clone()),
        KeptText::Missing(why) => {
            missing.push(Text::new(format!("{en}: {}", why.en), format!("{ja}: {}", why.ja)));
            None
        }
    };
    let before = text(before, "running, before", "変更前の running-config");
    let startup_before = text(startup_before, "startup, before", "変更前の startup-config");
    let after = text(after, "running, after the save", "保存後の running-config");
    ConfigurationPart { before, startup_before, after, difference: difference.clone(), missing }
}
