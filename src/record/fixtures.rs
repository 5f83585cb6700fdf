//! Records with which the tests of several modules begin. In no program.

use super::Kind;

/// An `apply` of these routers begins.
pub(crate) fn begun<R: Into<String>>(routers: impl IntoIterator<Item = R>) -> Kind {
    Kind::Begun {
        action: "apply".to_owned(),
        by: "tanaka".to_owned(),
        machine: "laptop".to_owned(),
        version: "0".to_owned(),
        inventory: "clinics.yaml".to_owned(),
        source: "book.yaml".to_owned(),
        title: None,
        plan_sha256: None,
        routers: routers.into_iter().map(Into::into).collect(),
        places: Vec::new(),
        policy: None,
    }
}
