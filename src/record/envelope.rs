//! The envelope: what is known of everything that happens, whatever it is.

use std::time::SystemTime;

use super::kind::Kind;
use super::run_id::RunId;

/// What something happened to, and in which run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// The run; nothing where nothing is journalled, as in a plan.
    pub run: Option<RunId>,
    /// The site; nothing for what concerns the run.
    pub site: Option<String>,
    /// The router; nothing for what concerns the run.
    pub router: Option<String>,
    /// Which claim on the router it belongs to: 1 for the first attempt, a higher one for each further attempt, each resume, and where the
    /// run goes on. What an older claim still says is outdated.
    pub fence: Option<u64>,
}

impl Scope {
    /// A router, outside any run.
    pub fn router(router: &str, site: &str) -> Self {
        Self { router: Some(router.to_owned()), site: Some(site.to_owned()), ..Self::default() }
    }

    /// The same in a run.
    #[must_use]
    pub fn in_run(self, run: RunId) -> Self {
        Self { run: Some(run), ..self }
    }

    /// The same under a claim.
    #[must_use]
    pub fn fenced(self, fence: u64) -> Self {
        Self { fence: Some(fence), ..self }
    }
}

/// One thing that happened, or is about to.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The run; nothing where nothing is journalled.
    pub run: Option<RunId>,
    /// Its place among all that this process showed, from 1; 0 before it is shown.
    pub number: u64,
    /// When, by this machine's clock, which may be set back: the order is that of the numbers.
    pub at: SystemTime,
    /// The site; nothing for what concerns the run.
    pub site: Option<String>,
    /// The router; nothing for what concerns the run.
    pub router: Option<String>,
    /// The claim on the router: [`Scope::fence`].
    pub fence: Option<u64>,
    /// What it is.
    pub kind: Kind,
}

impl Envelope {
    /// An envelope that has no number yet.
    pub fn new(scope: &Scope, at: SystemTime, kind: Kind) -> Self {
        let Scope { run, site, router, fence } = scope.clone();
        Self { run, number: 0, at, site, router, fence, kind }
    }

    /// The router's name; nothing for what concerns the run.
    pub fn router(&self) -> Option<&str> {
        self.router.as_deref()
    }
}

/// What the journal holds of an envelope.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Its place in the chain, from 1.
    pub number: i64,
    /// Milliseconds since 1970 by this machine's clock, which may have been set back; order is by number alone.
    pub at_ms: i64,
    /// The run.
    pub run: String,
    /// The router; empty for records of the run.
    pub router: String,
    /// What it is; nothing where its kind is not known to this version.
    pub record: Option<Kind>,
    /// Its hash.
    pub hash: String,
}
