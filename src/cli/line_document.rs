//! An access line in a JSON document, the same in each that has one.

use serde_json::{Map, Value, json};

use crate::ix::access_line::Misfit;
use crate::run::PrefixChange;
use crate::transaction::SeenLine;

/// The fields of a line that was seen.
pub fn line_document(seen: &SeenLine, prefix_change: Option<&PrefixChange>) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("line".into(), json!(seen.line));
    let misfits: Vec<Value> = seen.misfits.iter().map(Misfit::text).map(|text| json!(text)).collect();
    fields.insert("misfits".into(), misfits.into());
    if let Some(change) = prefix_change {
        fields.insert("prefix_change".into(), json!(change));
    }
    fields
}
