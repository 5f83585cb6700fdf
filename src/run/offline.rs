//! `plan --from-backup`: plans from files, with no device. What is wrong with a file is wrong input, and no router's fault. A router of
//! several that has no file yet is left without a plan, and the others are planned.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::backup_files::{self, Called, Folder, Names};
use super::configuration_file::{read_backup, warn_of_masks};
use super::error::RunError;
use super::input_error::InputError;
use super::operator::{Notice, Operator};
use super::target::{FEW, Target};
use crate::dialect::Dialect;
use crate::inventory::{Inventory, Router};
use crate::ix::Config;
use crate::ix::backup::Backup;
use crate::message::{Lang, Text};
use crate::plan::masked::without_masked;
use crate::record::rfc3339;
use crate::state::State;
use crate::transaction::{
    BackupTexts, BaseRecord, CauseRecord, FailedEnd, Intent, PlanResult, draft_offline, rehearse_on_mock,
};

/// What is kept of one router.
struct Base {
    file: PathBuf,
    running: Backup,
    startup: Option<Backup>,
    written: Option<SystemTime>,
}

/// Plans for every router from its backup, one after the other.
///
/// # Errors
/// Every file that is ambiguous or holds no configuration, one file for more than one router, or a folder with a file of none of them.
pub(super) fn plan(
    operator: &dyn Operator,
    inventory: &Inventory,
    targets: Vec<Target>,
    path: &Path,
    mut take: impl FnMut(PlanResult),
) -> Result<(), RunError> {
    let bases = read(inventory, path, &targets)?;
    // Of a fleet their ages are told together, and how many are masked.
    let is_fleet = targets.len() > FEW;
    let masked = bases.iter().flatten().filter(|base| base.is_masked()).count();
    if is_fleet && masked > 0 {
        operator.tell(&Notice::Warning(&masked_words(masked)));
    }
    // The routers of a fleet have most of their lines in common: each is read beside the one before it.
    let mut last: Option<Config> = None;
    for (target, base) in targets.into_iter().zip(bases) {
        let router = &target.intent.router;
        let base = match base {
            Ok(base) => base,
            Err(end) => {
                take(PlanResult::of(target.intent, Err(end)));
                continue;
            }
        };
        if !is_fleet {
            let [en, ja] = [Lang::En, Lang::Ja].map(|lang| format!("{router}: {}", base.heading(lang)));
            operator.tell(&Notice::Note(&Text::new(en, ja)));
            for backup in [Some(&base.running), base.startup.as_ref()].into_iter().flatten() {
                warn_of_masks(operator, &base.file.display().to_string(), backup);
            }
        }
        if let Some(warning) = base.of_another(inventory, router) {
            operator.tell(&Notice::Warning(&warning));
        }
        let planned = base.plan(&target.intent, last.as_ref());
        last = planned.result.as_ref().ok().map(|planned| planned.observed.running.clone()).or(last);
        take(planned);
    }
    Ok(())
}

fn masked_words(backups: usize) -> Text {
    Text::new(
        format!("{backups} of the backups are masked: what was removed from them cannot be compared"),
        format!("{backups} 件のバックアップはマスク済みで、取り除かれた部分は比較できません"),
    )
}

/// A folder of backups, where the startup configuration may be missing, or one running configuration. Of several routers one may have no
/// file: its end says so.
fn read(inventory: &Inventory, path: &Path, targets: &[Target]) -> Result<Vec<Result<Base, FailedEnd>>, RunError> {
    if !path.is_dir() {
        let base = Base::read(path.to_owned(), None)?;
        return match targets {
            [_] => Ok(vec![Ok(base)]),
            targets => Err(one_for_many(path, targets).into()),
        };
    }
    let mut files = Files::of(inventory, path)?;
    let (mut all, mut missing, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for target in targets {
        match files.both(&target.intent.router).and_then(|(running, startup)| Base::read(running, startup)) {
            Ok(base) => all.push(Ok(base)),
            Err(error @ InputError::NoneOfRouter { .. }) => {
                all.push(Err(FailedEnd { state: State::Refused, cause: CauseRecord::of(&error) }));
                missing.push(error);
            }
            Err(error) => errors.push(error),
        }
    }
    // With a file of none of them it is the wrong folder.
    if missing.len() == targets.len() {
        errors.append(&mut missing);
    }
    let mut errors = errors.into_iter().map(RunError::from);
    errors.next().map_or(Ok(all), |first| Err(RunError::several(first, errors.collect())))
}

/// The files of a folder, by router.
pub struct Files<'i> {
    inventory: &'i Inventory,
    root: &'i Path,
    real: PathBuf,
    called: Called,
    /// Looked at when a router is not found in our own layout.
    folder: Option<Folder>,
}

impl<'i> Files<'i> {
    /// The files of this folder.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn of(inventory: &'i Inventory, root: &'i Path) -> Result<Self, InputError> {
        let real = root.canonicalize().map_err(|cause| InputError::machine(root, cause))?;
        let mut called = Called::default();
        for (_, router) in inventory.routers() {
            called.add(&router.name.value, &names(router));
        }
        Ok(Self { inventory, root, real, called, folder: None })
    }

    /// The file of a router's running configuration.
    ///
    /// # Errors
    /// As [`Self::both`].
    pub fn running(&mut self, router: &str) -> Result<PathBuf, InputError> {
        self.both(router).map(|(running, _)| running)
    }

    /// The same, and the startup configuration's where there is one.
    ///
    /// # Errors
    /// When there is no such file, or it is not clear which.
    fn both(&mut self, router: &str) -> Result<(PathBuf, Option<PathBuf>), InputError> {
        let own = self.root.join(router);
        let running = own.join("running.cfg");
        if running.symlink_metadata().is_ok() {
            let startup = Some(own.join("startup.cfg")).filter(|startup| startup.exists());
            for path in [Some(&running), startup.as_ref()].into_iter().flatten() {
                backup_files::stays_in(&self.real, self.root, path)?;
            }
            return Ok((running, startup));
        }
        let names = match self.inventory.router(router) {
            Some((_, router)) => names(router),
            None => Names::of([router]),
        };
        let folder = match &mut self.folder {
            Some(folder) => folder,
            none => none.insert(Folder::read(self.root)?),
        };
        match folder.find(router, &names, &self.called)? {
            Some(path) => Ok((path.to_owned(), None)),
            None => Err(backup_files::none(self.root, router)),
        }
    }
}

/// What a file of a router may be called: its name, its host name, the name or address under which it is reached.
fn names(router: &Router) -> Names {
    let host_name = router.identity.hostname.as_ref().map(|name| name.value.as_str());
    let dialled = router.connection.dialled().map(|(host, _)| host.value.as_str());
    Names::of([Some(router.name.value.as_str()), host_name, dialled].into_iter().flatten())
}

impl Base {
    fn read(file: PathBuf, startup: Option<PathBuf>) -> Result<Self, InputError> {
        let running = read_backup(&file).map_err(|error| InputError::Backup { error: Box::new(error) })?;
        if is_empty(running.to_compare()) {
            return Err(no_configuration(&file));
        }
        let startup = startup.map(|path| read_backup(&path)).transpose()?;
        let written = std::fs::metadata(&file).and_then(|about| about.modified()).ok();
        Ok(Self { file, running, startup, written })
    }

    /// What is shown of it: the file, the firmware, how old it is.
    fn heading(&self, lang: Lang) -> String {
        let header = &self.running.header;
        let mut said = vec![self.file.display().to_string()];
        let firmware = [&header.family, &header.firmware].into_iter().flatten().map(String::as_str).collect::<Vec<_>>();
        said.extend((!firmware.is_empty()).then(|| firmware.join(" ")));
        said.extend(header.time.as_ref().map(|time| match lang {
            Lang::En => format!("shown by the router at {time}"),
            Lang::Ja => format!("ルータの表示時刻 {time}"),
        }));
        said.extend(self.written.map(|written| {
            let (at, days) = (rfc3339(written), written.elapsed().map_or(0, |age| age.as_secs() / 86_400));
            match lang {
                Lang::En => format!("written {at} ({days} day(s) ago)"),
                Lang::Ja => format!("書き込み {at}({days} 日前)"),
            }
        }));
        crate::visible::line(&said.join(lang.pick(", ", "、"))).into_owned()
    }

    fn is_masked(&self) -> bool {
        self.running.is_masked() || self.startup.as_ref().is_some_and(Backup::is_masked)
    }

    fn record(&self) -> BaseRecord {
        BaseRecord {
            file: self.file.display().to_string(),
            written: self.written.map(rfc3339),
            shown: self.running.header.time.clone(),
            firmware: self.running.header.firmware.clone(),
            masked: self.is_masked(),
        }
    }

    /// A warning if the file's host name is not the one the inventory has for the router.
    fn of_another(&self, inventory: &Inventory, router: &str) -> Option<Text> {
        let (_, declared) = inventory.router(router)?;
        let declared = &declared.identity.hostname.as_ref()?.value;
        let (text, words) = (self.running.to_compare(), Dialect::any().words());
        let found = text.lines().filter_map(|line| words.renames(line)).next_back().flatten()?;
        let file = self.file.display();
        (found != declared).then(|| {
            Text::new(
                format!("{file}: this is the configuration of `{found}`; the inventory says that {router} is called `{declared}`"),
                format!("{file}: `{found}` のコンフィグです。インベントリでは {router} のホスト名は `{declared}` です"),
            )
        })
    }

    /// Plans for a router, which is read sooner beside another one with most of its lines.
    fn plan(&self, intent: &Arc<Intent>, other: Option<&Config>) -> PlanResult {
        let of_its_series = |other: &&Config| Arc::ptr_eq(other.dialect(), intent.dialect());
        let running = match other.filter(of_its_series).or_else(|| intent.wanted()) {
            Some(beside) => Config::parse_reusing(beside, self.running.to_compare()),
            None => intent.parse(self.running.to_compare()),
        };
        let text = |backup: &Backup| backup.to_compare().to_owned();
        let texts = BackupTexts {
            running_text: text(&self.running),
            startup_text: self.startup.as_ref().map(text),
            running,
            masked: self.is_masked(),
        };
        let drafted = draft_offline(intent, texts).and_then(|planned| {
            let observed = &planned.observed;
            // A mock cannot run half a command.
            let whole = observed.masked.then(|| without_masked(&observed.running).print());
            rehearse_on_mock(intent, whole.as_ref().unwrap_or(&observed.running_text), &planned.plan)?;
            Ok(planned)
        });
        let result = drafted.map_err(|error| FailedEnd { state: State::Refused, cause: CauseRecord::of(&error) });
        PlanResult { base: Some(self.record()), ..PlanResult::of(Arc::clone(intent), result) }
    }
}

/// Whether a file holds no line of a configuration. Few lines are looked at as a router would read them; many cannot all be nothing.
fn is_empty(text: &str) -> bool {
    const FEW_LINES: usize = 8;
    let says = |line: &&str| !line.is_empty() && !line.starts_with('!');
    let lines = text.lines().map(str::trim_ascii);
    lines.filter(says).nth(FEW_LINES).is_none() && Config::parse(Dialect::any(), text).is_empty()
}

fn no_configuration(file: &Path) -> InputError {
    InputError::NoConfiguration { file: file.to_owned() }
}

/// Another router's configuration would be planned away line by line, and the plan would look sound.
fn one_for_many(file: &Path, targets: &[Target]) -> InputError {
    InputError::OneForMany { file: file.to_owned(), count: targets.len() }
}
