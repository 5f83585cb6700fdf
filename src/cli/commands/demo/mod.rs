//! `demo`: the whole story on built-in mock routers, through the very commands a user types.
//!
//! Three routers, as in the vendor's document: one out of the box on a serial console at 9600 bit/s, two prepared, over SSH. Each
//! act announces how it will end; the demo succeeds only if every act ended so, on the routers and not only in our words.

mod stage;

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::apply::ApplyArgs;
use super::check::CheckArgs;
use super::plan::PlanArgs;
use crate::cli::args::{Format, Global, LangArg};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::subcommand::{Entry, Group, Subcommand};
use crate::message::{Lang, Text};
use crate::report::Style;
use stage::Stage;

/// Run the whole story on built-in mock routers
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {}

impl Subcommand for DemoArgs {
    const NAME: &'static str = "demo";
    const GROUP: Group = Group::Machine;
    const JAPANESE: &'static str = "内蔵の模擬ルータで一連の流れを実演します";
    const EXAMPLES: &'static [&'static str] = &["ixdeploy demo"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context)
    }
}

/// The commands that the story types.
static TYPED: [Entry; 3] = [Entry::of::<CheckArgs>(), Entry::of::<PlanArgs>(), Entry::of::<ApplyArgs>()];

/// One act: what is told, what is typed, how it must end.
struct Act {
    title: Text,
    words: &'static [&'static str],
    ends: Exit,
}

/// Tells the story.
///
/// # Errors
/// When this machine cannot hold the stage: no temporary folder, no terminal, no socket.
fn run(context: &Context) -> Result<Exit, Vec<Failure>> {
    let stage = Stage::set()?;
    let story = Story { context, stage };
    let told = story.tell();
    let exit = if told.iter().all(|end| end.as_announced) { Exit::Done } else { Exit::NeedsPerson };
    let lang = context.screen.lang;
    context.screen.say(&format!(
        "\n{}\n",
        if exit == Exit::Done {
            Style::Good.on(lang.pick("Everything ended as announced.", "すべて予告どおりに終わりました。"))
        } else {
            Style::Bad.on(lang.pick("Not everything ended as announced.", "予告どおりに終わらなかった場面があります。"))
        }
    ));
    let acts: Vec<_> = told
        .iter()
        .map(|end| json!({ "act": end.title.get(lang), "exit": end.exit.status(), "as_announced": end.as_announced }))
        .collect();
    context.screen.document("demo", exit, &json!({ "acts": acts }));
    Ok(exit)
}

struct Story<'a> {
    context: &'a Context,
    stage: Stage,
}

struct End {
    title: Text,
    exit: Exit,
    as_announced: bool,
}

/// Opens the file that the stage has written under this name.
const ROLL_OUT: [&str; 4] = ["playbooks/online-eligibility.yaml", "-i", "clinics.yaml", "--state-dir=state"];
const ADD_DOMAIN: [&str; 4] = ["playbooks/add-domain.yaml", "-i", "clinics-more-domains.yaml", "--state-dir=state"];

impl Story<'_> {
    fn tell(&self) -> Vec<End> {
        self.context.screen.say(self.stage.introduction().get(self.context.screen.lang));
        let mut ends = vec![
            self.act(
                &Act {
                    title: Text::new(
                        "Check: is everything that people wrote right? No router is touched.",
                        "check: 書かれた内容は正しいか。ルータには触れません。",
                    ),
                    words: &["check"],
                    ends: Exit::Done,
                },
                &ROLL_OUT,
            ),
            self.act(
                &Act {
                    title: Text::new(
                        "Plan: the dry run. Exit status 2 says that something would change.",
                        "plan: ドライラン。終了コード 2 は「変更あり」を意味します。",
                    ),
                    words: &["plan"],
                    ends: Exit::Differs,
                },
                &ROLL_OUT,
            ),
            self.act(
                &Act {
                    title: Text::new(
                        "Apply: push line by line, read again, check, save, read again.",
                        "apply: 1 行ずつ送信し、読み直し、確認し、保存し、もう一度読み直します。",
                    ),
                    words: &["apply", "--yes", "--phase=bench"],
                    ends: Exit::Done,
                },
                &ROLL_OUT,
            ),
            self.act(
                &Act {
                    title: Text::new("Plan again: nothing is left to change.", "もう一度 plan: 変更は残っていません。"),
                    words: &["plan"],
                    ends: Exit::Done,
                },
                &ROLL_OUT,
            ),
        ];
        ends.push(self.failing_push());
        ends
    }

    /// The day-2 change meets a router that refuses a line in the middle of the push.
    fn failing_push(&self) -> End {
        let before = self.stage.configurations();
        self.stage.arm_refusal();
        let mut end = self.act(&Act {
            title: Text::new(
                "A push that fails: new domains for router 3, which will refuse the second line. Everything is undone (exit status 3).",
                "失敗する変更: ルータ③へのドメイン追加で、2 行目が拒否されます。すべて取り消されます(終了コード 3)。",
            ),
            words: &["apply", "--yes", "--limit=suzuki-r3"],
            ends: Exit::NotDone,
        }, &ADD_DOMAIN);
        // Not our own word: what the mock itself says that it runs and would start with.
        let same = before == self.stage.configurations();
        let lang = self.context.screen.lang;
        self.context.screen.say(&format!(
            "{}\n",
            if same {
                Style::Good.on(lang.pick(
                    "The mock's own files agree: running and startup configuration are byte for byte what they were.",
                    "模擬ルータ自身のファイルでも、running と startup は変更前と完全に一致しています。",
                ))
            } else {
                Style::Bad.on(lang.pick(
                    "The mock's own files say otherwise: a configuration is not what it was.",
                    "模擬ルータ自身のファイルでは、構成が変更前と一致していません。",
                ))
            }
        ));
        end.as_announced &= same;
        end
    }

    /// Types one command line and holds its exit status against the announced one.
    fn act(&self, act: &Act, files: &[&str]) -> End {
        let lang = self.context.screen.lang;
        let typed: Vec<&str> = act.words.iter().chain(files).copied().collect();
        self.context.screen.say(&format!("\n{}\n", Style::Head.on(&format!("━━ {}", act.title.get(lang)))));
        self.context.screen.say(&format!("{}\n\n", Style::Dim.on(&format!("$ ixdeploy {}", typed.join(" ")))));
        let exit = self.perform(&typed);
        let as_announced = exit == act.ends;
        let mark = if as_announced { Style::Good.on("✓") } else { Style::Bad.on("✗") };
        let text = match lang {
            Lang::En => format!("{mark} exit status {}, announced {}", exit.status(), act.ends.status()),
            Lang::Ja => format!("{mark} 終了コード {}(予告 {})", exit.status(), act.ends.status()),
        };
        self.context.screen.say(&format!("{text}\n"));
        End { title: act.title.clone(), exit, as_announced }
    }

    /// Types one command line, the name of the command first.
    fn perform(&self, words: &[&str]) -> Exit {
        let Some(entry) = TYPED.iter().find(|entry| words.first() == Some(&entry.name)) else { return Exit::Usage };
        let on_stage = words.iter().map(|word| self.stage.place(word).into());
        let Ok((typed, call)) = entry.parse(on_stage) else { return Exit::Usage };
        let lang = match self.context.screen.lang {
            Lang::Ja => LangArg::Ja,
            Lang::En => LangArg::En,
        };
        // The story is told on stdout; where that holds the JSON document, the acts go to stderr.
        let out = if self.context.screen.format == Format::Json {
            self.context.screen.err.clone()
        } else {
            self.context.screen.out.clone()
        };
        let global = Global { lang: Some(lang), format: Format::Text, ..typed };
        match Context::new(&global, out.clone(), out, self.context.cancel.clone()) {
            Ok(mut context) => {
                // The handler of Ctrl-C looks at the demo's own context.
                context.in_flight = Arc::clone(&self.context.in_flight);
                call(&context).unwrap_or_else(|failures| context.screen.fail(entry.name, &failures))
            }
            Err(failure) => {
                self.context.screen.note(&failure.render(self.context.screen.lang));
                failure.exit
            }
        }
    }
}
