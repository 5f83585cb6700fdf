//! The tables of `docs/json.md` as a schema: what is documented must be there, and nothing else may.

use std::collections::{BTreeMap, BTreeSet};

use ixdeploy::state::{FailureClass, State};
use regex::Regex;
use serde_json::{Map, Value};

/// One row of a table.
struct Field {
    name: String,
    optional: bool,
    kind: String,
}

/// The tables by their headings, and which of their rows have been met.
pub struct Schema {
    shapes: BTreeMap<String, Vec<Field>>,
    met: BTreeSet<(String, String)>,
}

/// The heading of what is in every document.
const FRAME: &str = "The frame of every document";

impl Schema {
    /// Reads the document.
    pub fn read() -> Self {
        let heading = Regex::new(r"^#+ (.+)$").unwrap();
        let row = Regex::new(r"^\| `([^`?]+)(\??)` \| ([^|]+) \|").unwrap();
        let mut shapes: BTreeMap<String, Vec<Field>> = BTreeMap::new();
        let mut here = String::new();
        for line in crate::text("docs/json.md").lines() {
            if let Some(found) = heading.captures(line) {
                here = found[1].to_owned();
            } else if let Some(found) = row.captures(line) {
                let field = Field {
                    name: found[1].to_owned(),
                    optional: !found[2].is_empty(),
                    kind: found[3].trim().to_owned(),
                };
                shapes.entry(here.clone()).or_default().push(field);
            }
        }
        Self { shapes, met: BTreeSet::new() }
    }

    /// Holds a document of stdout against the frame and the table of its command.
    pub fn document(&mut self, shape: &str, document: &Value) {
        let mut body = document.as_object().unwrap_or_else(|| panic!("no object: {document}")).clone();
        let mut frame = Map::new();
        for name in ["schema", "command", "exit"] {
            frame.extend(body.remove(name).map(|value| (name.to_owned(), value)));
        }
        assert_eq!(frame["schema"], "ixdeploy/1");
        self.object(FRAME, &frame, shape);
        let shape = if body.contains_key("errors") { "Errors" } else { shape };
        self.object(shape, &body, shape);
    }

    /// Holds a line of the events file against the table of its event.
    pub fn event(&mut self, line: &str) {
        let mut event: Map<String, Value> = serde_json::from_str(line).unwrap();
        assert_eq!(event.remove("schema"), Some(1.into()));
        let name = event.remove("event").unwrap();
        let name = name.as_str().unwrap();
        let mut envelope = Map::new();
        for field in ["at", "seq", "run", "site", "fence"] {
            envelope.extend(event.remove(field).map(|value| (field.to_owned(), value)));
        }
        let form = Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$").unwrap();
        assert!(form.is_match(envelope["at"].as_str().unwrap()), "{envelope:?}");
        self.object("Envelope", &envelope, name);
        self.object(name, &event, name);
    }

    /// Holds any object against a table.
    pub fn object(&mut self, shape: &str, object: &Map<String, Value>, place: &str) {
        let fields = self.shapes.get(shape).unwrap_or_else(|| panic!("docs/json.md has no table `{shape}` ({place})"));
        let known: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let strangers: Vec<&String> = object.keys().filter(|key| !known.contains(key.as_str())).collect();
        assert!(strangers.is_empty(), "{place}: not in the table `{shape}` of docs/json.md: {strangers:?}");
        let rows: Vec<(String, bool, String)> =
            fields.iter().map(|field| (field.name.clone(), field.optional, field.kind.clone())).collect();
        for (name, optional, kind) in rows {
            match object.get(&name) {
                Some(value) => {
                    self.value(&kind, value, &format!("{place}.{name}"));
                    self.met.insert((shape.to_owned(), name));
                }
                None => assert!(optional, "{place}: `{name}` of the table `{shape}` is not there"),
            }
        }
    }

    fn value(&mut self, kind: &str, value: &Value, place: &str) {
        if let Some(kind) = kind.strip_suffix(" or null") {
            if !value.is_null() {
                self.value(kind, value, place);
            }
        } else if let Some(kind) = kind.strip_suffix("[]") {
            for (index, item) in value.as_array().unwrap_or_else(|| panic!("{place}: no list")).iter().enumerate() {
                self.value(kind, item, &format!("{place}[{index}]"));
            }
        } else {
            match kind {
                "string" => assert!(value.is_string(), "{place}: {value}"),
                "integer" => assert!(value.is_u64(), "{place}: {value}"),
                "number" => assert!(value.is_number(), "{place}: {value}"),
                "object" => assert!(value.is_object(), "{place}: {value}"),
                "any" => {}
                "string or Text" if value.is_string() => {}
                "string or Text" => self.value("Text", value, place),
                "boolean" => assert!(value.is_boolean(), "{place}: {value}"),
                "FailureClass" => {
                    assert!(FailureClass::ALL.iter().any(|class| *value == class.word()), "{place}: {value}");
                }
                "State" => assert!(State::ALL.iter().any(|state| *value == state.word()), "{place}: {value}"),
                shape => {
                    let object = value.as_object().unwrap_or_else(|| panic!("{place}: no `{shape}`: {value}"));
                    self.object(shape, object, place);
                }
            }
        }
    }

    /// The rows of a table that no document has shown.
    pub fn unseen(&self, shape: &str) -> Vec<String> {
        let fields = self.shapes.get(shape).into_iter().flatten();
        let unseen = fields.filter(|field| !self.met.contains(&(shape.to_owned(), field.name.clone())));
        unseen.map(|field| format!("{shape}.{}", field.name)).collect()
    }

    /// The same of all tables but some.
    pub fn unseen_but(&self, excepted: &[&str]) -> Vec<String> {
        let shapes = self.shapes.keys().filter(|shape| !excepted.contains(&shape.as_str()));
        let unseen = shapes.flat_map(|shape| self.unseen(shape));
        unseen.filter(|row| !excepted.contains(&row.as_str())).collect()
    }
}
