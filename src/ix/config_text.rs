//! A configuration kept as its text, whose tree is made when it is first asked for.
//!
//! What waits for its turn, or lies in a file, needs no tree; what is planned needs it several times. Pure; copies share text and tree.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Config;
use super::origin::Origins;
use crate::dialect::Dialect;

/// A configuration's text, and its tree once somebody has asked for it. In JSON it is the text.
#[derive(Clone)]
pub struct ConfigText(Arc<Inner>);

struct Inner {
    text: String,
    /// Where its lines come from, where that is known; not part of what is kept.
    origins: Option<Arc<Origins>>,
    tree: OnceLock<Config>,
}

impl ConfigText {
    /// A text that has not been read.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Inner { text: text.into(), origins: None, tree: OnceLock::new() }))
    }

    /// A text that was rendered, with the origins of its lines: the tree has them, and through it each planned command.
    pub fn rendered(text: impl Into<String>, origins: Origins) -> Self {
        Self(Arc::new(Inner { text: text.into(), origins: Some(Arc::new(origins)), tree: OnceLock::new() }))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The tree, read in this dialect. One configuration is always asked for in one: its model's.
    pub fn tree(&self, dialect: &Arc<Dialect>) -> &Config {
        self.0.tree.get_or_init(|| {
            let tree = Config::parse(dialect, &self.0.text);
            match &self.0.origins {
                Some(origins) => tree.with_origins(Arc::clone(origins)),
                None => tree,
            }
        })
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

impl Serialize for ConfigText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.text)
    }
}

impl<'de> Deserialize<'de> for ConfigText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, ConfigText, Dialect};

    #[test]
    fn a_text_and_a_tree_of_the_same_configuration_are_equal() {
        let tree = Config::parse(Dialect::ix(), "hostname a\ninterface GigaEthernet0.0\n  shutdown\n");
        let (of_tree, of_text) = (ConfigText::from(tree.clone()), ConfigText::new(tree.print()));
        assert_eq!(of_tree, of_text);
        assert_eq!(of_text.tree(Dialect::ix()), &tree);
        assert_eq!(of_tree.tree(Dialect::ix()), &tree);
    }
}
