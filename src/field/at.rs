//! The screens of a visit as states: where it is, with what that screen needs. Decides nothing.

use super::event::{Asked, End, Problem};

/// Where it is.
#[derive(Debug)]
pub(super) enum At {
    /// A cable is waited for.
    Cable {
        /// It was there, and was pulled.
        pulled: bool,
    },
    /// The box is asked who it is.
    Looking,
    /// It could not be asked.
    Trouble(Problem),
    /// A router is proposed.
    Confirm,
    /// Another one is looked for.
    Find {
        /// Those that fit.
        found: Vec<usize>,
        /// How many more there are.
        more: usize,
        /// It is looked for because of its login: the box has not said who it is.
        for_login: bool,
    },
    /// The router is worked on.
    Working,
    /// A question is open.
    Asked {
        /// The question.
        asked: Asked,
        /// What is shown above it.
        view: View,
        /// It came up while the box was asked who it is, and not while a router was worked on.
        looks: bool,
    },
    /// It is over.
    End(End),
}

/// What is shown above the one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// What changes, by meaning.
    Summary,
    /// Every command.
    Commands,
    /// Which port is for what.
    Ports,
}
