//! `schema`: the JSON schemas of the files that people write, for editors that check while one types.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Group, Subcommand};

/// Print the JSON schema of an inventory, a playbook or a role
#[derive(Debug, Clone, Args)]
pub struct SchemaArgs {
    /// Of which file: inventory, playbook, role
    #[arg(value_name = "NAME", value_enum, hide_possible_values = true)]
    pub name: Schema,
}

/// A schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// An inventory
    Inventory,
    /// A playbook
    Playbook,
    /// A role
    Role,
}

impl Schema {
    fn text(self) -> &'static str {
        match self {
            Self::Inventory => include_str!("../../../docs/schema/inventory.schema.json"),
            Self::Playbook => include_str!("../../../docs/schema/playbook.schema.json"),
            Self::Role => include_str!("../../../docs/schema/role.schema.json"),
        }
    }
}

impl Subcommand for SchemaArgs {
    const NAME: &'static str = "schema";
    const GROUP: Group = Group::Machine;
    const JAPANESE: &'static str = "インベントリ、プレイブック、ロールの JSON スキーマを出力します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] = &[("name", "対象: inventory、playbook、role")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy schema inventory"];

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        let text = self.name.text();
        context.screen.write_lines(text);
        let document: Value = serde_json::from_str(text).unwrap_or_default();
        context.screen.document(Self::NAME, Exit::Done, &json!({ "document": document }));
        Ok(Exit::Done)
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::Schema;

    #[test]
    fn every_schema_is_a_document_of_its_own() {
        for schema in Schema::value_variants() {
            let read: serde_json::Value = serde_json::from_str(schema.text()).unwrap_or_default();
            assert!(read["$schema"].is_string(), "{schema:?}");
        }
    }
}
