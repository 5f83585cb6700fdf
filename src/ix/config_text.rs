//! A configuration kept as its text, whose tree is made when it is first asked for.
//!
//! What waits for its turn, or lies in a file, needs no tree; what is planned needs it several times. Pure; copies share text and tree.
//! A rendered one takes the origins of its lines along wherever it is kept.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Config;
use super::origins::Origins;
use crate::dialect::Dialect;

/// A configuration's text, and its tree once it is first asked for. In JSON it is the text, or the text with the origins of its lines.
#[derive(Clone, Serialize)]
#[serde(into = "Stored")]
pub struct ConfigText(Arc<Inner>);

struct Inner {
    text: String,
    /// Where its lines come from, where that is known.
    origins: Option<Arc<Origins>>,
    tree: OnceLock<Config>,
}

impl ConfigText {
    /// A text that has not been read.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Inner { text: text.into(), origins: None, tree: OnceLock::new() }))
    }

    /// A text that was rendered, with the origins of its lines, and through them of each planned command.
    pub fn rendered(text: impl Into<String>, origins: Origins) -> Self {
        Self(Arc::new(Inner { text: text.into(), origins: Some(Arc::new(origins)), tree: OnceLock::new() }))
    }

    /// The same without its tree, which takes many times the room of the text.
    #[must_use]
    pub fn unread(&self) -> Self {
        let Inner { text, origins, .. } = &*self.0;
        Self(Arc::new(Inner { text: text.clone(), origins: origins.clone(), tree: OnceLock::new() }))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// Whether it is known where its lines come from.
    pub fn has_origins(&self) -> bool {
        self.0.origins.is_some()
    }

    /// Where its lines come from, where that is known.
    pub fn origins(&self) -> Option<&Origins> {
        self.0.origins.as_deref()
    }

    /// The tree, read in this dialect. One configuration is always asked for in one: its model's.
    pub fn tree(&self, dialect: &Arc<Dialect>) -> &Config {
        self.0.tree.get_or_init(|| Config::parse(dialect, &self.0.text))
    }
}

impl From<Config> for ConfigText {
    fn from(config: Config) -> Self {
        Self(Arc::new(Inner { text: config.print(), origins: None, tree: OnceLock::from(config) }))
    }
}

impl PartialEq for ConfigText {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for ConfigText {}

/// Without the text, which may hold secrets.
impl fmt::Debug for ConfigText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ConfigText({} bytes)", self.0.text.len())
    }
}

/// The form in which it is kept.
#[derive(Serialize)]
#[serde(untagged)]
enum Stored {
    Text(String),
    Rendered(Rendered),
}

/// A text with the origins of its lines.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rendered {
    text: String,
    origins: Arc<Origins>,
}

impl<'de> Deserialize<'de> for ConfigText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StoredVisitor)
    }
}

/// Reads either form: an untagged enum would not say why a form cannot be read.
struct StoredVisitor;

impl<'de> Visitor<'de> for StoredVisitor {
    type Value = ConfigText;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a configuration's text, alone or with the origins of its lines")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ConfigText, E> {
        Ok(ConfigText::new(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<ConfigText, E> {
        Ok(ConfigText::new(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ConfigText, A::Error> {
        let Rendered { text, origins } = Rendered::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ConfigText(Arc::new(Inner { text, origins: Some(origins), tree: OnceLock::new() })))
    }
}

impl From<ConfigText> for Stored {
    fn from(config: ConfigText) -> Self {
        let text = config.0.text.clone();
        match &config.0.origins {
            None => Self::Text(text),
            Some(origins) => Self::Rendered(Rendered { text, origins: Arc::clone(origins) }),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{Config, ConfigText, Dialect};
    use crate::ix::origin::{Origin, Spot};

    #[test]
    fn a_text_and_a_tree_of_the_same_configuration_are_equal() {
        let tree = Config::parse(Dialect::ix(), "hostname a\ninterface GigaEthernet0.0\n  shutdown\n");
        let (of_tree, of_text) = (ConfigText::from(tree.clone()), ConfigText::new(tree.print()));
        assert_eq!(of_tree, of_text);
        assert_eq!(of_text.tree(Dialect::ix()), &tree);
        assert_eq!(of_tree.tree(Dialect::ix()), &tree);
    }

    #[test]
    fn a_rendered_text_takes_its_origins_along_and_any_other_is_kept_as_its_text() {
        let text = "hostname a\n";
        let plain = serde_json::to_string(&ConfigText::new(text)).unwrap();
        assert_eq!(plain, r#""hostname a\n""#);
        let origin = Origin::Rendered { template: Spot { file: "a.j2".into(), line: 4 }, values: Vec::new() };
        let rendered = ConfigText::rendered(text, [Some(origin.clone())].into_iter().collect());
        let kept = serde_json::to_string(&rendered).unwrap();
        for (json, expected) in [(plain, None), (kept, Some(&origin))] {
            let read: ConfigText = serde_json::from_str(&json).unwrap();
            assert_eq!(read.as_str(), text);
            let origin = read.origins().and_then(|origins| origins.of_line(1));
            assert_eq!(origin.map(|origin| &**origin), expected);
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let wrong_place = r#"{"text":"hostname a\n","origins":{"files":["a.j2"],"lines":["1:9"],"owns":{}}}"#;
        for (json, reason) in [
            (wrong_place, "`1:9` is no place of an origin"),
            ("5", "invalid type: integer `5`, expected a configuration's text, alone or with the origins of its lines"),
            (r#"{"text":"hostname a\n"}"#, "missing field `origins`"),
        ] {
            let error = serde_json::from_str::<ConfigText>(json).unwrap_err().to_string();
            assert!(error.contains(reason), "{json}: {error}");
        }
    }
}
