//! `demo`: the whole story on built-in mock routers, through the very commands a user types.
//!
//! Three routers, as in the vendor's document: one out of the box on a serial console, two prepared, over SSH (by telnet in a build without
//! SSH). Each act announces how it will end; the demo succeeds only if every act ended so, on the routers and not only in our words.
//! Of what each command says some lines are told; a folder has the rest.

mod excerpt;
mod stage;

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::apply::ApplyArgs;
use super::check::CheckArgs;
use super::plan::PlanArgs;
use crate::cli::args::{Format, Global, LangArg};
use crate::cli::context::Context;
use crate::cli::error::{Exit, Failure};
use crate::cli::stream::Stream;
use crate::cli::subcommand::{Entry, Group, Subcommand};
use crate::cli::terminal::Terminal;
use crate::message::{Lang, Text};
use crate::report::Style;
use excerpt::{Excerpt, Picks};
use stage::Stage;

/// Run the whole story on built-in mock routers
#[derive(Debug, Clone, Copy, Args)]
pub struct DemoArgs {
    /// Show everything that the commands say
    #[arg(long)]
    pub full: bool,
    /// Wait for Return after each act
    #[arg(long)]
    pub pause: bool,
}

impl Subcommand for DemoArgs {
    const NAME: &'static str = "demo";
    const GROUP: Group = Group::Machine;
    const JAPANESE: &'static str = "内蔵の模擬ルータで一連の流れを実演します";
    const JAPANESE_ARGUMENTS: &'static [(&'static str, &'static str)] =
        &[("full", "各コマンドの出力をすべて表示します"), ("pause", "場面ごとに Enter を待ちます")];
    const EXAMPLES: &'static [&'static str] = &["ixdeploy demo", "ixdeploy demo --full --pause"];
    const MEETS_ROUTERS: bool = true;

    fn run(&self, context: &Context) -> Result<Exit, Vec<Failure>> {
        run(context, *self)
    }
}

/// The commands that the story types.
static TYPED: [Entry; 3] = [Entry::of::<CheckArgs>(), Entry::of::<PlanArgs>(), Entry::of::<ApplyArgs>()];

/// One act: what is said about it, what is typed, what is told of the answer, how it must end.
struct Act {
    title: Text,
    words: &'static [&'static str],
    picks: Picks,
    ends: Exit,
}

/// Tells the story.
///
/// # Errors
/// When this machine cannot hold the stage: no temporary folder, no terminal, no socket.
fn run(context: &Context, args: DemoArgs) -> Result<Exit, Vec<Failure>> {
    let stage = Stage::set()?;
    let folder = tempfile::Builder::new().prefix("ixdeploy-demo-").tempdir();
    let folder = folder.map_err(|cause| Failure::machine("temporary folder", cause))?.keep();
    let story = Story { context, stage, args, folder };
    let told = story.play()?;
    let exit = if told.iter().all(|end| end.as_announced) { Exit::Done } else { Exit::NeedsPerson };
    let lang = context.screen.lang;
    story.tell(&format!(
        "\n{}\n",
        if exit == Exit::Done {
            Style::Good.on(lang.pick("Everything ended as announced.", "すべて予告どおりに終わりました。"))
        } else {
            Style::Bad.on(lang.pick("Not everything ended as announced.", "予告どおりに終わらなかった場面があります。"))
        }
    ));
    let folder = story.folder.display();
    story.tell(&match lang {
        Lang::En => format!("Everything that the commands said is in {folder}\n"),
        Lang::Ja => format!("各コマンドの出力はすべて {folder} にあります\n"),
    });
    let acts: Vec<_> = told
        .iter()
        .map(|end| json!({ "act": end.title.get(lang), "exit": end.exit.status(), "as_announced": end.as_announced }))
        .collect();
    context.screen.document("demo", exit, &json!({ "acts": acts, "folder": story.folder }));
    Ok(exit)
}

struct Story<'a> {
    context: &'a Context,
    stage: Stage,
    args: DemoArgs,
    /// Keeps what the commands say.
    folder: PathBuf,
}

struct End {
    title: Text,
    exit: Exit,
    as_announced: bool,
}

/// The playbook and the files of an act, by the names that the stage gives them.
const ROLL_OUT: [&str; 4] = ["playbooks/online-eligibility.yaml", "-i", "clinics.yaml", "--state-dir=state"];
const ADD_DOMAIN: [&str; 4] = ["playbooks/add-domain.yaml", "-i", "clinics-more-domains.yaml", "--state-dir=state"];

impl Story<'_> {
    fn play(&self) -> Result<Vec<End>, Failure> {
        let lang = self.context.screen.lang;
        self.tell(self.stage.introduction().get(lang));
        let whole = Picks { last: true, ..Picks::default() };
        let acts = [
            Act {
                title: Text::new(
                    "Check: is everything that people wrote right? No router is touched.",
                    "check: 書かれた内容は正しいか。ルータには触れません。",
                ),
                words: &["check"],
                picks: Picks { marks: &["ok: ", "問題なし: "], ..Picks::default() },
                ends: Exit::Done,
            },
            Act {
                title: Text::new(
                    "Plan: the dry run. Exit status 2 says that something would change.",
                    "plan: ドライラン。終了コード 2 は「変更あり」を意味します。",
                ),
                words: &["plan"],
                picks: whole,
                ends: Exit::Differs,
            },
            Act {
                title: Text::new(
                    "Apply: push line by line, read again, check, save, read again.",
                    "apply: 1 行ずつ送信し、読み直し、確認し、保存し、もう一度読み直します。",
                ),
                words: &["apply", "--yes", "--phase=bench"],
                picks: Picks { plan_of: Some("sato-r2"), marks: &["■"], last: false },
                ends: Exit::Done,
            },
            Act {
                title: Text::new("Plan again: nothing is left to change.", "もう一度 plan: 変更は残っていません。"),
                words: &["plan"],
                picks: whole,
                ends: Exit::Done,
            },
        ];
        let mut ends = Vec::new();
        for act in &acts {
            ends.push(self.act(act, &ROLL_OUT, ends.len())?);
            self.pause();
        }
        ends.push(self.failing_push(ends.len())?);
        Ok(ends)
    }

    /// The story is told on stdout; where that holds the JSON document, on stderr.
    fn out(&self) -> &Stream {
        let screen = &self.context.screen;
        if screen.format == Format::Json { &screen.err } else { &screen.out }
    }

    fn tell(&self, text: &str) {
        let mut out = self.out().clone();
        // A closed pipe has no reader, so that is no error.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Waits for Return, where that is asked for and someone is there.
    fn pause(&self) {
        if self.args.pause {
            let question = self.context.screen.lang.pick("Return goes on", "Enter で次へ進みます");
            let terminal = Terminal { cancel: self.context.cancel.clone() };
            let _ = terminal.ask(question);
        }
    }

    /// The day-2 change meets a router that refuses a line in the middle of the push.
    fn failing_push(&self, number: usize) -> Result<End, Failure> {
        let before = self.stage.configurations();
        self.stage.arm_refusal();
        let act = Act {
            title: Text::new(
                "A push that fails: router 3 will refuse the second of three new domains. All is undone (exit status 3).",
                "失敗する変更: ルータ③が追加ドメインの 2 行目を拒否し、すべて取り消されます(終了コード 3)。",
            ),
            words: &["apply", "--yes", "--limit=suzuki-r3"],
            picks: Picks {
                plan_of: Some("suzuki-r3"),
                marks: &["suzuki-r3: failed[", "suzuki-r3: 失敗[", "→ undoing", ": read again: ", "読み直し: ", "■"],
                last: false,
            },
            ends: Exit::NotDone,
        };
        let mut end = self.act(&act, &ADD_DOMAIN, number)?;
        // Not our own word: what the mock itself says that it runs and would start with.
        let same = before == self.stage.configurations();
        let lang = self.context.screen.lang;
        self.tell(&format!(
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
        Ok(end)
    }

    /// Types one command line and holds its exit status against the announced one.
    fn act(&self, act: &Act, files: &[&str], number: usize) -> Result<End, Failure> {
        let lang = self.context.screen.lang;
        let typed: Vec<&str> = act.words.iter().chain(files).copied().collect();
        self.tell(&format!("\n{}\n", Style::Head.on(&format!("━━ {}", act.title.get(lang)))));
        self.tell(&format!("{}\n", Style::Dim.on(&format!("$ ixdeploy {}", typed.join(" ")))));
        let name = act.words.first().copied().unwrap_or_default();
        let path = self.folder.join(format!("{}-{name}.txt", number + 1));
        let kept = |cause| Failure::machine(path.display().to_string(), cause);
        let file = File::create(&path).map_err(kept)?;
        let said = Excerpt::new(act.picks, self.args.full, file, self.out().bare());
        let exit = self.perform(&typed, &Stream::new(said.clone()));
        said.end().map_err(kept)?;
        let as_announced = exit == act.ends;
        let mark = if as_announced { Style::Good.on("✓") } else { Style::Bad.on("✗") };
        let text = match lang {
            Lang::En => format!("{mark} exit status {}, announced {}", exit.status(), act.ends.status()),
            Lang::Ja => format!("{mark} 終了コード {}(予告 {})", exit.status(), act.ends.status()),
        };
        self.tell(&format!("{text}\n"));
        Ok(End { title: act.title.clone(), exit, as_announced })
    }

    /// Types one command line, the name of the command first.
    fn perform(&self, words: &[&str], out: &Stream) -> Exit {
        let Some(entry) = TYPED.iter().find(|entry| words.first() == Some(&entry.name)) else { return Exit::Usage };
        let on_stage = words.iter().map(|word| self.stage.place(word).into());
        let Ok((typed, call)) = entry.parse(on_stage) else { return Exit::Usage };
        let lang = match self.context.screen.lang {
            Lang::Ja => LangArg::Ja,
            Lang::En => LangArg::En,
        };
        let global = Global { lang: Some(lang), format: None, ..typed };
        match Context::new(&global, out.clone(), out.clone(), self.context.cancel.clone()) {
            Ok(mut context) => {
                // The handler of Ctrl-C looks at the demo's own context.
                context.in_flight = Arc::clone(&self.context.in_flight);
                call(&context).unwrap_or_else(|failures| context.screen.fail(entry.name, &failures))
            }
            Err(failure) => {
                self.context.screen.note_failure(&failure);
                failure.exit
            }
        }
    }
}
