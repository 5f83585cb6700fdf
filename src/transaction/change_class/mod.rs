//! A change class: what routers whose change is the same have in common, and what a person approves once for all of them.
//!
//! It is the commands, their inverse, the risks, the checks and the policy. A word that a router's, or its site's, own variable decided
//! is a placeholder in it, and its value is bound to the router; so is what the router itself had in that word before. All other words
//! are in the class as they are. Put back, the values give the very lines of the router: two changes that differ in a line differ in
//! their class or in a value. Pure; everything in it is masked.

mod bound;
mod class;
mod groups;
mod hash;
mod lines;
mod of;
mod text;

pub use bound::{BoundChange, ClassDifference};
pub use class::{
    ChangeClass, ClassCheck, ClassExpectation, ClassLine, ClassPolicy, ClassRisks, ClassValue, KnownLifeline, RiskNote,
};
pub use groups::{ClassGroup, ClassGroups};
pub use hash::{ClassHash, ClassNamer};
pub use text::{ClassText, Piece};

#[cfg(test)]
mod tests;
