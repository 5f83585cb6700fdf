//! The first hour with a copied binary: an empty folder, `init`, and a router on a cable.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::harness::{PASSWORD, Run, program};

/// A user with the program and nothing else.
struct Newcomer {
    folder: TempDir,
}

impl Newcomer {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program in a folder below.
    fn run(&self, place: &str, words: &[&str], environment: &[(&str, &str)]) -> Run {
        let mut command = program();
        command.args(words).current_dir(self.path(place));
        command.env("IXDEPLOY_STATE_DIR", self.path("state")).envs(environment.iter().copied());
        let output = command.output().unwrap();
        Run {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// A working folder `clinics`.
    fn with_folder() -> Self {
        let newcomer = Self::new();
        newcomer.run(".", &["--lang", "en", "init", "clinics"], &[]).exits(0).says("ixdeploy plan  -l sato-r1");
        newcomer
    }
}

/// Every file below a folder, with what it holds.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn the_files_of_init_pass_check_unedited_in_both_languages() {
    for lang in ["en", "ja"] {
        let newcomer = Newcomer::new();
        newcomer.run(".", &["--lang", lang, "init", "clinics"], &[]).exits(0);
        let checked = newcomer.run("clinics", &["--lang", "en", "check"], &[]).exits(0);
        let said = checked.stderr.lines().next().unwrap_or_default();
        assert_eq!(said, "playbook `playbooks/online-eligibility.yaml`, inventory `clinics.yaml` (from ixdeploy.yaml)");
        assert!(!checked.stderr.contains("warning"), "{}", checked.stderr);
        let rendered = newcomer.run("clinics", &["render", "-l", "sato-r1"], &[("IXDEPLOY_ADMIN_PASSWORD", PASSWORD)]);
        assert!(rendered.exits(0).stdout.contains("hostname sato-r1"));
    }
}

#[test]
fn init_touches_no_file_that_is_there() {
    let newcomer = Newcomer::with_folder();
    let before = files(&newcomer.path("clinics"));
    assert!(before.len() > 15, "{before:?}");
    newcomer
        .run(".", &["--lang", "en", "init", "clinics"], &[])
        .exits(1)
        .says("init.exists")
        .says("nothing was written");
    assert_eq!(files(&newcomer.path("clinics")), before);
    // One that only some other file is in becomes a working folder, and the file stays.
    std::fs::create_dir(newcomer.path("mine")).unwrap();
    std::fs::write(newcomer.path("mine/notes.txt"), "mine").unwrap();
    newcomer.run(".", &["--lang", "en", "init", "mine"], &[]).exits(0);
    assert_eq!(std::fs::read(newcomer.path("mine/notes.txt")).unwrap(), b"mine");
    std::fs::write(newcomer.path("file"), "").unwrap();
    newcomer.run(".", &["--lang", "en", "init", "file"], &[]).exits(1);
}

#[test]
fn arguments_win_and_a_parent_folder_is_relative_to_itself() {
    let newcomer = Newcomer::with_folder();
    newcomer.run("clinics", &["--lang", "en", "check", "-i", "other.yaml"], &[]).exits(1).says("other.yaml");
    let below = newcomer.run("clinics/playbooks/roles", &["--lang", "en", "check"], &[]).exits(0);
    assert!(below.stderr.contains("clinics.yaml` (from "), "{}", below.stderr);
    let file = newcomer.path("clinics/ixdeploy.yaml").display().to_string();
    newcomer.run(".", &["--lang", "en", "check"], &[("IXDEPLOY_CONFIG", &file)]).exits(0).says(&file);
    // Without one, what is missing is said, and how it need not be.
    newcomer
        .run(".", &["--lang", "en", "check"], &[])
        .exits(1)
        .says("usage.missing-argument")
        .says("ixdeploy init DIR");
}

#[test]
#[cfg(unix)]
fn a_world_writable_folder_is_ignored() {
    use std::os::unix::fs::PermissionsExt;
    let newcomer = Newcomer::with_folder();
    for open in ["clinics", "clinics/ixdeploy.yaml"] {
        let path = newcomer.path(open);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode | 0o002)).unwrap();
        newcomer.run("clinics", &["--lang", "en", "check"], &[]).exits(1).says("working-folder.foreign");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode & !0o002)).unwrap();
    }
    newcomer.run("clinics", &["--lang", "en", "check"], &[]).exits(0);
    std::fs::write(newcomer.path("clinics/ixdeploy.yaml"), "version: 1\ncommand: rm\n").unwrap();
    newcomer.run("clinics", &["--lang", "en", "check"], &[]).exits(1).says("ixdeploy.yaml:2");
}

#[test]
fn a_code_on_a_screen_is_explained_without_a_network() {
    let newcomer = Newcomer::with_folder();
    let explain = |words: &[&str]| newcomer.run("clinics", &[&["--lang", "en", "explain"], words].concat(), &[]);
    explain(&["router.unsaved"])
        .exits(0)
        .says("startup and running configuration differ")
        .says("hint: nothing was written");
    explain(&["error[router.unsaved]:"]).exits(0).says("hint: nothing was written");
    newcomer
        .run("clinics", &["--lang", "ja", "explain", "router.unsaved"], &[])
        .exits(0)
        .says("対処: 何も書き込んでいません");
    explain(&[]).exits(0).says("journal.disk-full").says("usage.unknown-code");
    explain(&["router.unsavd"]).exits(1).says("error[usage.unknown-code]").says("did you mean `router.unsaved`?");
    let told = explain(&["site", "--format", "json"]).exits(0).json();
    assert_eq!(told["codes"][0]["code"], "site.bound");
    assert!(told["codes"][0]["forms"][0]["text"].as_str().is_some_and(|text| text.contains("{other}")), "{told}");
}

#[test]
fn what_belongs_elsewhere_says_where() {
    let newcomer = Newcomer::with_folder();
    let run = |words: &[&str]| newcomer.run("clinics", &[&["--lang", "en"], words].concat(), &[]);
    for dry in ["--dry-run", "--check", "-n"] {
        run(&["apply", "-l", "sato-r1", dry]).exits(1).says("the dry run is `ixdeploy plan`");
    }
    for dry in ["--dry-run", "--check", "-n"] {
        let already = format!("`plan` is the dry run already, and writes nothing: leave `{dry}` out");
        run(&["plan", "-l", "sato-r1", dry]).exits(1).says(&already);
    }
    run(&["render", "-o", "desired"]).exits(0);
    run(&["plan", "--from-backup", "desired/sato-r1.cfg", "--phase", "bench", "-o", "kept.json"]).exits(2);
    for command in ["plan", "check", "render", "verify"] {
        run(&[command, "kept.json"]).exits(1).says("error[playbook.kept-plan]").says("`ixdeploy show PLAN.JSON`");
    }
    for words in
        [&["lint", "clinics.yaml"][..], &["fmt", "clinics.yaml"], &["diff", "clinics.yaml", "desired/sato-r1.cfg"]]
    {
        run(words).exits(1).says("error[input.yaml]: clinics.yaml is YAML").says("`ixdeploy render PLAYBOOK");
    }
    run(&["lint", "kept.json"]).exits(1).says("error[input.json]").says("`ixdeploy show kept.json`");
    run(&["fmt", "desired"]).exits(1).says("`ixdeploy lint desired`");
    run(&["diff", "desired", "desired/sato-r1.cfg"]).exits(1).says("`ixdeploy diff OLD_DIR NEW_DIR`");
    run(&["ports"]).exits(0);
}

#[test]
fn a_misspelt_role_or_credential_is_answered_with_all_that_there_are() {
    let newcomer = Newcomer::with_folder();
    let inventory = newcomer.path("clinics/clinics.yaml");
    let text = std::fs::read_to_string(&inventory).unwrap();
    let check = |wrong: String| {
        assert_ne!(wrong, text);
        std::fs::write(&inventory, wrong).unwrap();
        newcomer.run("clinics", &["--lang", "en", "check"], &[]).exits(1)
    };
    check(text.replace("role: router1", "role: router4"))
        .says("known: `add-domain`, `probe-line`, `rotate-password`, `router1`, `router2`, `router3`");
    let misspelt = text.replace("management_password: admin-password", "management_password: admin-passwort");
    check(misspelt).says("did you mean `admin-password`? known: `admin-password`");
}

#[test]
fn the_day_2_playbooks_do_not_warn_about_roles_that_their_folder_has() {
    let newcomer = Newcomer::with_folder();
    for book in ["playbooks/add-domain.yaml", "playbooks/add-domain-night.yaml"] {
        let checked = newcomer.run("clinics", &["--lang", "en", "check", book], &[]).exits(0);
        assert!(!checked.stderr.contains("warning"), "{}", checked.stderr);
    }
}

#[test]
fn a_variable_that_every_router_needs_is_missing_once_with_their_number() {
    let newcomer = Newcomer::with_folder();
    let mut inventory = "version: 1\ncredentials: { admin: { env: IXDEPLOY_NOT_SET } }\n\
         defaults: { vars: { ntt_area: east }, connection: { ssh: { user: admin, password: admin } } }\nsites:\n"
        .to_owned();
    for number in 0..200 {
        inventory.push_str(&format!(
            "  s{number}: {{ routers: {{ r{number}: {{ model: IX2215, role: router1, connection: {{ ssh: {{ host: 192.0.2.1, port: {} }} }} }} }} }}\n",
            1000 + number
        ));
    }
    std::fs::write(newcomer.path("clinics/many.yaml"), inventory).unwrap();
    let words: [&[&str]; 4] =
        [&["plan"], &["verify"], &["apply", "--yes", "--max-failures", "9"], &["backup", "-o", "kept", "--mask"]];
    for words in words {
        let words = [&["--lang", "en"], words, &["-i", "many.yaml"]].concat();
        let told = newcomer.run("clinics", &words, &[]).exits(1);
        let said = "error[secret.env-missing]: credential `admin`: the environment variable `IXDEPLOY_NOT_SET` is not set; 200 router(s) need it, and nothing was begun";
        assert_eq!(told.stderr.matches("IXDEPLOY_NOT_SET` is not set").count(), 1, "{}", told.stderr);
        told.says(said);
    }
}

#[test]
#[cfg(unix)]
fn a_cable_that_is_not_there_is_noticed_before_anything_is_typed() {
    for lang in ["en", "ja"] {
        let newcomer = Newcomer::new();
        let port = newcomer.path("no-cable").display().to_string();
        newcomer.run(".", &["--lang", lang, "init", "clinics", "-p", &port], &[]).exits(0);
        let commands: [&[&str]; 5] = [
            &["plan"],
            &["verify"],
            &["apply"],
            &["apply", "--yes", "--serial-number", "8609839273"],
            &["backup", "-o", "kept", "--mask"],
        ];
        for words in commands {
            let mut command = program();
            command.args(["--lang", lang]).args(words).current_dir(newcomer.path("clinics"));
            command.env("IXDEPLOY_STATE_DIR", newcomer.path("state"));
            // No one answers: a question would be waited for until the test gives up.
            let mut session = rexpect::session::spawn_command(command, Some(30_000)).unwrap();
            let bytes = session.exp_eof().unwrap();
            let bytes: Vec<u8> = bytes.chars().filter_map(|byte| u8::try_from(byte).ok()).collect();
            let said = String::from_utf8(bytes).unwrap();
            assert!(said.contains("serial.not-found") && said.contains("no-cable"), "{words:?}: {said}");
            let end = format!("{:?}", session.process().wait().unwrap());
            assert!(end.ends_with(", 3)"), "{words:?}: {end}\n{said}");
        }
    }
}
