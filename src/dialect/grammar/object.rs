//! What lines define and need: named things of the configuration.
//!
//! Knows no command; the table says which line defines or needs what.

use std::sync::Arc;

/// An object a line defines or refers to: `ip-acl` named by an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The kind of object, such as `ip-acl`.
    pub kind: String,
    /// The argument that names it; none where there is only one such object.
    pub arg: Option<usize>,
    /// Whether it is only an order to keep: the object need not exist.
    pub soft: bool,
}

/// A named thing of the configuration that lines define and refer to, as kind and name: `ip-acl:v4-deny-list`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    id: Arc<str>,
    kind_length: usize,
    /// Only an order to keep.
    pub soft: bool,
}

impl Object {
    pub(crate) fn new(kind: &str, name: &str, soft: bool) -> Self {
        let mut id = String::with_capacity(kind.len() + 1 + name.len());
        id.push_str(kind);
        id.push(':');
        id.push_str(name);
        Self { id: id.into(), kind_length: kind.len(), soft }
    }

    /// Its kind, such as `ip-acl`.
    pub fn kind(&self) -> &str {
        self.id.get(..self.kind_length).unwrap_or_default()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.id.get(self.kind_length + 1..).unwrap_or_default()
    }

    /// Kind and name as one key.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The same key, shared.
    pub fn shared(&self) -> Arc<str> {
        self.id.clone()
    }
}
