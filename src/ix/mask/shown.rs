//! A line of a configuration as it is shown: looked at once, for all copies of it and all routers that share it.
//!
//! Says the same as `mask_line` and `mask_text`, and decides nothing by itself.

use super::hidden;
use crate::ix::statement::Statement;

impl Statement {
    /// The line with its secrets masked.
    pub fn masked(&self) -> &str {
        let masked = self.masked.get_or_init(|| hidden(&self.text).map(|hidden| hidden.text.into()));
        masked.as_deref().unwrap_or(&self.text)
    }
}
