//! What a command of the program did: its exit status and what it said.

/// What the program did.
pub struct Run {
    /// The exit status; -1 where a signal ended it.
    pub status: i32,
    /// What it printed.
    pub stdout: String,
    /// What it said beside that.
    pub stderr: String,
}

impl Run {
    /// Insists on an exit status, showing everything when it is another.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// The JSON document on stdout.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.stdout))
    }

    /// Asserts that a text is in the output, as it is.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        let said = [&self.stdout, &self.stderr].into_iter().any(|said| said.contains(text));
        assert!(said, "`{text}` is not in\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// The same where the text is in a sentence that is wrapped to the width of a screen: a line may end anywhere in it.
    #[track_caller]
    pub fn says_wrapped(self, text: &str) -> Self {
        let said = [&self.stdout, &self.stderr].into_iter().any(|said| one_line(said).contains(text));
        assert!(said, "`{text}` is not in\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }
}

/// Text as it was before it was wrapped to a width.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
