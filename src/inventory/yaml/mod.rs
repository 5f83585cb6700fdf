//! The one place that knows the YAML library: text in, a tree with places out.
//!
//! Built on the event parser underneath `serde-saphyr`, because its typed reader stops at the first error, and people want
//! all of them. Deliberately small: no includes, no tags, no merge keys; scalars keep the text as written, so that `no`,
//! `0022` and `1.10` mean what the schema says and not what a YAML version says.

mod field;
mod finding;
mod node;
mod parse;
mod slip;

pub(crate) use field::{Field, Reader, Table, is_ambiguous};
pub(crate) use finding::YamlFinding;
pub(crate) use node::{Content, Key};
pub(crate) use parse::parse;
pub(crate) use slip::{full_width, half_width};
