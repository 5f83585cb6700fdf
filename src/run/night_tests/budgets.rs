//! How many failures a night bears, by its size.

/// Clinics for which the numbers below are.
const OF: usize = 100;

/// So many failed clinics let nothing more begin, in that for which they are counted. Unreachable and occupied ones are not counted.
#[derive(Debug, Clone, Copy)]
pub struct Budgets {
    /// In the run.
    pub run: usize,
    /// Of them in what comes after the canary.
    pub rest: usize,
    /// Of them behind one jump host.
    pub jump_host: usize,
}

impl Budgets {
    /// The same share of every night, and of a small one as many as of a hundred clinics.
    pub fn of(clinics: usize) -> Self {
        let share = |failures: usize| (failures * clinics / OF).max(failures);
        Self { run: share(12), rest: share(10), jump_host: share(8) }
    }
}
