//! What is wrong with sealed bytes, before anyone says in which file.

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// They are something else.
    Foreign,
    /// They have a form of a later version.
    Newer {
        /// The form.
        schema: String,
    },
    /// Opening them would cost more memory or time than any of ours does.
    Cost,
    /// The key does not open them: another passphrase, another office, or another beginning.
    Key,
    /// The key opens them, and they are not what was sealed.
    Changed,
    /// They are larger than a kit can be.
    TooLarge,
    /// This machine has not enough memory free, or no random bytes.
    Machine,
}
