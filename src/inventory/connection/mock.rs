//! A router that the tool simulates.

use std::path::{Path, PathBuf};

use crate::inventory::yaml::Field;

use super::{DeclaredLogin, login};

/// A simulated router.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mock {
    /// Whether it is reached over a simulated serial console; else over SSH.
    pub serial: bool,
    /// Whether it starts as it left the factory; else prepared with administrator, SSH and an address.
    pub factory_default: bool,
    /// What it should do wrong.
    pub scenario: Option<PathBuf>,
    /// The login of a prepared one.
    pub login: Option<DeclaredLogin>,
}

/// Reads `mock:` of a router.
pub(super) fn read(field: &Field<'_>, base: &Path) -> Option<Mock> {
    let mut table = field.table("a mock router", "模擬ルータ")?;
    let serial = table.get("over").and_then(|f| f.choice([("ssh", false), ("serial", true)])).unwrap_or_default();
    let start = table.get("start").and_then(|f| f.choice([("prepared", false), ("factory-default", true)]));
    let factory_default = start.unwrap_or_default();
    let scenario = table.get("scenario").and_then(|f| f.text()).map(|path| base.join(path));
    let login = table.get("login").and_then(|f| login(&f));
    table.finish();
    Some(Mock { serial, factory_default, scenario, login })
}
