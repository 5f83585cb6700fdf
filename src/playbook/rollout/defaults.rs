//! What holds where a playbook says nothing. The budgets of single classes are with the classes (`state`); `docs/rollout.md` shows
//! both, and a test holds it.

/// How many sites are under way at once.
pub const CONCURRENCY: usize = 8;
/// How many failures are allowed, in every class without a budget of its own, together.
pub const MAX_FAILURES: usize = 1;
/// A run over more sites than these needs a budget that a person wrote: `max_failures` or `budgets`.
pub const SITES_WITHOUT_BUDGET: usize = 50;
