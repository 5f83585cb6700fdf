//! `render`: the configuration each router should have, as its roles say it. Secrets stay references.

use std::path::Path;

use serde_json::json;

use crate::cli::args::Render;
use crate::cli::context::{Context, write_lines};
use crate::cli::error::{Exit, Failure};
use crate::cli::input;
use crate::file;
use crate::report::Style;

/// Prints or writes each router's desired configuration.
///
/// # Errors
/// Every finding in inventory, playbook and roles, or a file that cannot be written.
pub fn run(context: &Context, args: &Render) -> Result<Exit, Vec<Failure>> {
    let loaded = input::load(context, &args.input)?;
    if let Some(dir) = &args.output {
        std::fs::create_dir_all(dir).map_err(|cause| vec![Failure::machine(&dir.display().to_string(), &cause)])?;
    }
    for wanted in &loaded.rendered {
        match &args.output {
            Some(dir) => {
                let path = dir.join(format!("{}.cfg", wanted.router));
                writable(&path).map_err(|failure| vec![failure])?;
                std::fs::write(&path, wanted.text())
                    .map_err(|cause| vec![Failure::machine(&path.display().to_string(), &cause)])?;
                context.note(&path.display().to_string());
            }
            None => {
                if loaded.rendered.len() > 1 {
                    context.say(&format!("{}\n", Style::Head.on(&format!("! ══ {}", wanted.router))));
                }
                write_lines(context, &wanted.text());
            }
        }
    }
    let routers: Vec<_> = loaded
        .rendered
        .iter()
        .map(|wanted| json!({ "router": wanted.router, "site": wanted.site, "model": wanted.model, "configuration": wanted.text() }))
        .collect();
    context.document("render", Exit::Done, &json!({ "routers": routers }));
    Ok(Exit::Done)
}

/// What is there already is a file: writing to a pipe would wait for its reader.
fn writable(path: &Path) -> Result<(), Failure> {
    match file::open(path) {
        Err(error) if error.system().is_none() => Err(Failure::file(path, &error)),
        _ => Ok(()),
    }
}
