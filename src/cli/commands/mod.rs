//! Every subcommand: a file and a line here.
//!
//! A file holds one subcommand whole: its arguments, its help in both languages, and the call. Nothing else in the program
//! names a subcommand. rustfmt follows no `mod` of a macro: format a new file with `rustfmt src/cli/commands/NAME.rs`.

use super::subcommand::Entry;

/// Declares the file of each subcommand and lists it.
macro_rules! subcommands {
    ($($(#[$when:meta])* $file:ident::$arguments:ident,)*) => {
        $($(#[$when])* mod $file;)*

        /// Every subcommand, in the order in which the help lists those of a group.
        pub static ALL: &[Entry] = &[$($(#[$when])* Entry::of::<$file::$arguments>()),*];
    };
}

subcommands! {
    init::InitArgs,
    check::CheckArgs,
    render::RenderArgs,
    lint::LintArgs,
    fmt::FmtArgs,
    diff::DiffArgs,
    replay::ReplayArgs,
    plan::PlanArgs,
    apply::ApplyArgs,
    field::FieldArgs,
    depot::DepotArgs,
    verify::VerifyArgs,
    line::LineArgs,
    probe::ProbeArgs,
    backup::BackupArgs,
    watch::WatchArgs,
    pause::PauseArgs,
    continue_run::ContinueArgs,
    abort::AbortArgs,
    status::StatusArgs,
    runs::RunsArgs,
    resume::ResumeArgs,
    rerun::RerunArgs,
    undo::UndoArgs,
    restore::RestoreArgs,
    restart::RestartArgs,
    history::HistoryArgs,
    show::ShowArgs,
    report::ReportArgs,
    export::ExportArgs,
    #[cfg(feature = "kit")]
    kit::KitArgs,
    journal::JournalArgs,
    ports::PortsArgs,
    doctor::DoctorArgs,
    explain::ExplainArgs,
    schema::SchemaArgs,
    completions::CompletionsArgs,
    man::ManArgs,
    #[cfg(feature = "mock")]
    demo::DemoArgs,
}
