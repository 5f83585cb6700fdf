//! What a series of routers speaks, as data: its commands, the prompts and answers it gives, the strings we type, its models.
//!
//! One [`Dialect`] value holds all of it and is passed to what reads, plans or talks: nothing assumes a series. The model of a
//! router decides its dialect ([`model::Model::dialect`]); text whose router is not known is judged by [`Dialect::any`].
//! Pure, and below everything that reads a configuration: no tree, no file, no router.

pub mod commands;
pub mod device_strings;
pub mod diagnostic;
pub mod grammar;
mod ix;
mod ix_r;
pub mod model;
pub mod prompt;

use std::fmt;
use std::sync::{Arc, OnceLock};

pub use commands::{Commands, ConfigWords};
pub use device_strings::DeviceStrings;
pub use diagnostic::DiagnosticTexts;
pub use grammar::Grammar;
pub use prompt::PromptForm;

/// The language of one family of series.
pub struct Dialect {
    definition: &'static Definition,
    grammar: Grammar,
}

/// What makes a dialect: all of it is data.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// What it is called in messages, in documents and on the command line.
    pub name: &'static str,
    /// Whether a router of the series was ever seen. What it shows is recorded then; else it is from manuals, or taken over from
    /// another dialect.
    pub seen: bool,
    /// The tables of its grammar; what a later one says goes before what an earlier one says.
    pub tables: &'static [&'static str],
    /// What the program types by itself.
    pub commands: Commands,
    /// Words of a configuration line that decide how the conversation goes on.
    pub words: ConfigWords,
    /// What the router shows besides answers and prompts, its keys and its terminal.
    pub strings: DeviceStrings,
    /// How it writes its prompts.
    pub prompts: PromptForm,
    /// What the lines of its answers mean.
    pub diagnostics: DiagnosticTexts,
}

/// For text whose router is not known. Where this follows one series, no other series is known to differ.
static ANY: Definition = Definition {
    name: "any",
    seen: false,
    tables: ix_r::DEFINITION.tables,
    commands: ix::COMMANDS,
    words: ix::WORDS,
    strings: ix::STRINGS,
    prompts: ix::PROMPTS,
    diagnostics: ix::DIAGNOSTICS,
};

impl Dialect {
    /// The dialect of the IX2000 and IX3000 series.
    pub fn ix() -> &'static Arc<Self> {
        static DIALECT: OnceLock<Arc<Dialect>> = OnceLock::new();
        DIALECT.get_or_init(|| Self::define(&ix::DEFINITION))
    }

    /// The dialect of the IX-R and IX-V series.
    pub fn ix_r() -> &'static Arc<Self> {
        static DIALECT: OnceLock<Arc<Dialect>> = OnceLock::new();
        DIALECT.get_or_init(|| Self::define(&ix_r::DEFINITION))
    }

    /// Every dialect that a router can have.
    pub fn all() -> [&'static Arc<Self>; 2] {
        [Self::ix(), Self::ix_r()]
    }

    /// Every command of every dialect: for text whose router is not known. What some series takes for a secret is hidden, and what
    /// some series carries out at once is typed for none. No router speaks it.
    pub fn any() -> &'static Arc<Self> {
        static DIALECT: OnceLock<Arc<Dialect>> = OnceLock::new();
        DIALECT.get_or_init(|| {
            let grammar = Grammar::read(ANY.tables).without_differences();
            Arc::new(Self { definition: &ANY, grammar })
        })
    }

    /// The dialect in which a file is read that does not say which model it is of: the one whose displays were seen.
    pub fn of_unnamed_files() -> &'static Arc<Self> {
        Self::all().into_iter().find(|dialect| dialect.definition.seen).unwrap_or_else(|| Self::any())
    }

    /// The dialect that is defined so.
    pub fn define(definition: &'static Definition) -> Arc<Self> {
        Arc::new(Self { definition, grammar: Grammar::read(definition.tables) })
    }

    /// The same dialect with more rows in the form of its table: how a new command is tried out.
    pub fn with_rows(&self, rows: &str) -> Arc<Self> {
        let definition = self.definition;
        let tables: Vec<&str> = definition.tables.iter().copied().chain([rows]).collect();
        Arc::new(Self { definition, grammar: Grammar::read(&tables) })
    }

    /// What it was made of: another dialect begins with it.
    pub fn definition(&self) -> &'static Definition {
        self.definition
    }

    /// Its name: `ix`, `ix-r`.
    pub fn name(&self) -> &'static str {
        self.definition.name
    }

    /// Its commands.
    pub fn grammar(&self) -> &Grammar {
        &self.grammar
    }

    /// What the program types by itself.
    pub fn commands(&self) -> &'static Commands {
        &self.definition.commands
    }

    /// The words of a configuration line that decide how the conversation goes on.
    pub fn words(&self) -> &'static ConfigWords {
        &self.definition.words
    }

    /// What the router shows besides answers and prompts, its keys and its terminal.
    pub fn strings(&self) -> &'static DeviceStrings {
        &self.definition.strings
    }

    /// How the router writes its prompts.
    pub fn prompts(&self) -> &'static PromptForm {
        &self.definition.prompts
    }

    /// What the lines of the router's answers mean.
    pub fn diagnostics(&self) -> &'static DiagnosticTexts {
        &self.definition.diagnostics
    }
}

impl fmt::Debug for Dialect {
    /// By name: the table is long, and the same for all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dialect").field(&self.name()).finish()
    }
}

impl PartialEq for Dialect {
    /// Rows that were added to try them out make another dialect.
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.grammar.rows().len() == other.grammar.rows().len()
    }
}

impl Eq for Dialect {}

#[cfg(test)]
mod tests {
    use super::{ANY, Dialect};

    /// Text of an unknown router is read in one form. A series that writes another one needs more than a new definition: then
    /// whatever reads such text must try every form.
    #[test]
    fn text_of_an_unknown_router_is_read_as_every_series_writes_it() {
        for dialect in Dialect::all() {
            assert_eq!(dialect.prompts(), &ANY.prompts, "{dialect:?}");
            assert_eq!(dialect.diagnostics(), &ANY.diagnostics, "{dialect:?}");
            assert_eq!(dialect.strings(), &ANY.strings, "{dialect:?}");
            assert_eq!(dialect.words(), &ANY.words, "{dialect:?}");
        }
    }
}
