//! `--detach` of `apply` and `undo`: its arguments, and what is said when a run goes on without this terminal.

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::error::{Exit, Failure};
use super::result::show_result;
use crate::message::Lang;
use crate::run::{self, Detach, DetachRequest, DetachedRun, DetachedWork, RunEnv};

/// Whether a run goes on without this terminal, and when it begins.
#[derive(Debug, Clone, Default, Args)]
pub struct Detaching {
    /// Ask everything now, then go on without this terminal: name and log are told before it is given back
    #[arg(long)]
    pub detach: bool,
    /// With --detach, begin at this time: 22:00, a date with a time, or RFC 3339; never one that is over
    #[arg(long, value_name = "TIME", requires = "detach")]
    pub at: Option<String>,
}

impl Detaching {
    /// Goes on without this terminal.
    ///
    /// # Errors
    /// A time that is none, what is wrong in the input, or a process that does not begin.
    pub fn detach(&self, context: &Context, env: &RunEnv, work: DetachedWork) -> Result<Exit, Vec<Failure>> {
        let at = self.at.as_deref().map(run::start_time).transpose().map_err(run::RunError::from)?;
        let (lang, screen) = (context.screen.lang, &context.screen);
        let request = DetachRequest { work, at, options: context.options() };
        let action = request.work.action();
        let DetachedRun { run, process, log, at } = match run::detach(env, &request)? {
            Detach::Began(began) => began,
            Detach::Over(finished) => return Ok(show_result(context, &finished)),
        };
        let at = at.as_ref().map(run::shown_time);
        let begins = match (&at, lang) {
            (Some(at), Lang::En) => format!("run {run} begins at {at}"),
            (Some(at), Lang::Ja) => format!("実行 {run} は {at} に開始します"),
            (None, Lang::En) => format!("run {run} has begun"),
            (None, Lang::Ja) => format!("実行 {run} を開始しました"),
        };
        let file = log.display();
        screen.say_prose(&match lang {
            Lang::En => format!(
                "{begins}, without this terminal; its log is {file}\n  follow it: ixdeploy watch {run}\n  end it:    ixdeploy abort {run}\n"
            ),
            Lang::Ja => format!(
                "{begins}(この端末とは切り離しました)。ログ: {file}\n  進行の確認: ixdeploy watch {run}\n  中止: ixdeploy abort {run}\n"
            ),
        });
        let body = json!({ "run": run, "process": process, "log": log, "at": at });
        screen.document(action, Exit::Done, &body);
        Ok(Exit::Done)
    }
}
