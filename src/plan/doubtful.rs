//! Lines without a clear place: there is no plan where it depends on one who can reach the router.
//!
//! Every other doubt is a remark of the linter.

use super::error::{Misplaced, PlanError};
use crate::ix::Config;
use crate::ix::doubt::Weight;

/// Refuses a text with a line that may open one interface or all of them.
///
/// # Errors
/// [`PlanError::Place`] with every such line.
pub fn refuse(config: &Config) -> Result<(), PlanError> {
    let grave = config.doubts.iter().filter(|doubt| doubt.weight == Weight::Grave);
    let lines: Vec<Misplaced> = grave.map(|doubt| Misplaced { line: doubt.line, readings: doubt.explain() }).collect();
    if lines.is_empty() { Ok(()) } else { Err(PlanError::Place { lines }) }
}
