//! What a series of routers speaks, as data: its commands, the prompts and answers it gives, the strings we type, its models.
//!
//! One [`Dialect`] value holds all of it and is passed to what reads, plans or talks: nothing assumes a series. The model of a
//! router decides its dialect ([`model::Model::dialect`]); text whose router is not known is judged by [`Dialect::any`].
//! Pure, and below everything that reads a configuration: no tree, no file, no router.

pub mod device_strings;
pub mod diagnostic;
pub mod grammar;
mod ix;
mod ix_r;
pub mod model;
pub mod prompt;

use std::fmt;
use std::sync::{Arc, OnceLock};

pub use grammar::Grammar;

/// The language of one family of series.
pub struct Dialect {
    /// What it is called in messages, in documents and on the command line.
    name: &'static str,
    /// The series that speak it, for people.
    series: &'static str,
    /// Its tables, the first one first: how a variant of it is made.
    tables: &'static [&'static str],
    grammar: Grammar,
    startup_otherwise: &'static [&'static str],
}

/// What makes a dialect: all of it is data.
struct Definition {
    name: &'static str,
    series: &'static str,
    /// The tables of its grammar; what a later one says goes before what an earlier one says.
    tables: &'static [&'static str],
    /// What is asked where `show startup-config` is refused or shows none, in this order.
    startup_otherwise: &'static [&'static str],
}

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
            let (tables, startup_otherwise) = (ix_r::DEFINITION.tables, ix::DEFINITION.startup_otherwise);
            let grammar = Grammar::read(tables).without_differences();
            Arc::new(Self { name: "any", series: "IX2000, IX3000, IX-R, IX-V", tables, grammar, startup_otherwise })
        })
    }

    /// The same dialect with more rows in the form of its table: how a new command is tried out.
    pub fn with_rows(&self, rows: &str) -> Arc<Self> {
        let tables: Vec<&str> = self.tables.iter().copied().chain([rows]).collect();
        Arc::new(Self {
            name: self.name,
            series: self.series,
            tables: self.tables,
            grammar: Grammar::read(&tables),
            startup_otherwise: self.startup_otherwise,
        })
    }

    fn define(Definition { name, series, tables, startup_otherwise }: &Definition) -> Arc<Self> {
        Arc::new(Self { name, series, tables, grammar: Grammar::read(tables), startup_otherwise })
    }

    /// Its name: `ix`, `ix-r`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The series that speak it, for people: `IX2000 and IX3000`.
    pub fn series(&self) -> &'static str {
        self.series
    }

    /// What is asked for the startup configuration where `show startup-config` is refused or shows none, in this order.
    pub fn startup_otherwise(&self) -> &'static [&'static str] {
        self.startup_otherwise
    }

    /// Its commands.
    pub fn grammar(&self) -> &Grammar {
        &self.grammar
    }
}

impl fmt::Debug for Dialect {
    /// By name: the table is long, and the same for all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dialect").field(&self.name).finish()
    }
}

impl PartialEq for Dialect {
    /// Rows that were added to try them out make another dialect.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.grammar.rows().len() == other.grammar.rows().len()
    }
}

impl Eq for Dialect {}
