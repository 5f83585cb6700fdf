//! What the command line says otherwise than the playbook about a rollout: each limit of the whole run, the canary, the steps.

use std::time::Duration;

use crate::inventory::parse_duration;
use crate::message::{Explain, Wording};
use crate::playbook::rollout::{
    Amount, Bake, Budget, CANARY, ClassError, Hold, HoldKey, Match, NoHold, Rollout, Step, named_class, needs_a_number,
};
use crate::state::FailureClass;

/// Limits as they were typed; what was not is left to the playbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Sites under way at once.
    pub concurrency: Option<usize>,
    /// Failures of the whole run: `1`, `5%`.
    pub max_failures: Option<String>,
    /// Sites of the canary; 0 for none.
    pub canary: Option<usize>,
    /// Budgets of the whole run: `unreachable=5%`.
    pub budgets: Vec<String>,
    /// Logins that may begin in a second.
    pub logins_per_second: Option<u32>,
    /// How long each step but the last proves itself: `10m`; `0s` for not at all.
    pub bake: Option<String>,
    /// Failures that hold what they gather in: `5`, `firmware=3`.
    pub holds: Vec<String>,
    /// Everything in one step.
    pub steps_off: bool,
}

/// Why what was typed is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Explain)]
pub enum OverrideError {
    /// No number of failures.
    #[explain(
        code = "rollout.option",
        en = "{option}: `{text}` is not a budget",
        ja = "{option}: `{text}` は失敗の許容数ではありません",
        hint(
            en = "give a number of routers (`3`), a percentage (`5%`), or for a class `unlimited`",
            ja = "ルータの台数(`3`)か割合(`5%`)を指定してください。種類ごとの指定では `unlimited` も使えます"
        )
    )]
    NoBudget {
        /// The option.
        option: &'static str,
        /// What was typed.
        text: String,
    },
    /// No class and budget.
    #[explain(
        code = "rollout.option",
        en = "--budget: `{text}` is not CLASS=NUMBER or CLASS=PERCENT%",
        ja = "--budget: `{text}` は 種類=台数 または 種類=割合% の形ではありません",
        hint(en = "for example `--budget unreachable=5%`", ja = "例: `--budget unreachable=5%`")
    )]
    NoPair {
        /// What was typed.
        text: String,
    },
    /// Nothing that could be held.
    #[explain(
        code = "rollout.option",
        en = "--hold: `{text}` does not say after how many failures what is held",
        ja = "--hold: `{text}` では、何を何台の失敗で保留するか分かりません",
        hint(
            en = "for example `--hold 5` for all that failures can gather in, or one of {keys}: `--hold firmware=3`",
            ja = "すべてまとめて指定する場合は `--hold 5`、個別の場合は {keys} のいずれかを `--hold firmware=3` のように指定してください"
        ),
        with(keys = hold_keys())
    )]
    NoHold {
        /// What was typed.
        text: String,
    },
    /// A hold that takes another kind of number.
    #[explain(
        code = "rollout.option",
        en = "--hold: `{key}` takes {takes}, not `{text}`",
        ja = "--hold: `{key}` には{takes}を指定してください(`{text}` は使えません)"
    )]
    NoHoldNumber {
        /// The key.
        key: &'static str,
        /// What it takes.
        takes: Wording,
        /// What was typed.
        text: String,
    },
    /// No class of failure.
    #[explain(transparent)]
    NoClass(#[from] ClassError),
    /// No time.
    #[explain(
        code = "rollout.option",
        en = "--bake: `{text}` is not a time",
        ja = "--bake: `{text}` は時間ではありません",
        hint(
            en = "give a number with its unit: `30s`, `10m`, `1h`",
            ja = "`30s`、`10m`、`1h` のように単位を付けてください"
        )
    )]
    NoTime {
        /// What was typed.
        text: String,
    },
}

impl Overrides {
    /// Changes a rollout to what was typed.
    ///
    /// # Errors
    /// The first of what means nothing.
    pub fn change(&self, rollout: &mut Rollout) -> Result<(), OverrideError> {
        rollout.concurrency = self.concurrency.unwrap_or(rollout.concurrency);
        rollout.logins_per_second = self.logins_per_second.or(rollout.logins_per_second);
        if let Some(text) = &self.max_failures {
            let budget = text.parse().ok().filter(|budget| *budget != Budget::Unlimited);
            let no_budget = || OverrideError::NoBudget { option: "--max-failures", text: text.clone() };
            rollout.max_failures = Some(budget.ok_or_else(no_budget)?);
        }
        for text in &self.budgets {
            let ClassBudget { class, budget } = class_budget(text)?;
            rollout.budgets.set(class, budget);
        }
        for text in &self.holds {
            type_hold(text, &mut rollout.hold)?;
        }
        if self.steps_off {
            rollout.steps.clear();
        }
        if let Some(sites) = self.canary {
            let written = rollout.steps.iter_mut().find(|step| step.name == CANARY);
            match (sites, written) {
                (0, _) => rollout.steps.retain(|step| step.name != CANARY),
                // What the playbook says of it otherwise stays: its bake time, its budgets.
                (_, Some(step)) => step.fits.amount = Amount::Count(sites),
                (_, None) => {
                    let fits = Match { amount: Amount::Count(sites), ..Match::default() };
                    rollout.steps.insert(0, Step::new(CANARY, fits));
                }
            }
        }
        if let Some(text) = &self.bake {
            let time = if text == "0s" { Some(Duration::ZERO) } else { parse_duration(text) };
            let time = time.ok_or_else(|| OverrideError::NoTime { text: text.clone() })?;
            rollout.bake_all_but_the_last((!time.is_zero()).then_some(Bake { time, every: None }));
        }
        Ok(())
    }
}

/// One `--hold`.
fn type_hold(text: &str, hold: &mut Hold) -> Result<(), OverrideError> {
    let (word, number) = text.split_once('=').unwrap_or((HoldKey::Failures.word(), text));
    let no_hold = || OverrideError::NoHold { text: text.to_owned() };
    let key = HoldKey::from_word(word.trim()).ok_or_else(no_hold)?;
    let number = number.trim();
    hold.set(key, number).map_err(|NoHold { key, takes }| OverrideError::NoHoldNumber {
        key: key.word(),
        takes,
        text: number.to_owned(),
    })
}

/// What `--hold` can name.
fn hold_keys() -> String {
    HoldKey::ALL.map(|key| format!("`{}`", key.word())).join(", ")
}

/// One `--budget`.
struct ClassBudget {
    class: FailureClass,
    budget: Budget,
}

fn class_budget(text: &str) -> Result<ClassBudget, OverrideError> {
    let (name, amount) = text.split_once('=').ok_or_else(|| OverrideError::NoPair { text: text.to_owned() })?;
    let class = named_class(name.trim())?;
    let budget: Option<Budget> = amount.trim().parse().ok();
    let budget = budget.filter(|budget| *budget != Budget::Unlimited || !needs_a_number(class));
    let no_budget = || OverrideError::NoBudget { option: "--budget", text: text.to_owned() };
    Ok(ClassBudget { class, budget: budget.ok_or_else(no_budget)? })
}

#[cfg(test)]
#[path = "overrides_tests.rs"]
mod tests;
