#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::message::{Explain, Text};

fn name(text: &str) -> CredentialName {
    CredentialName::new(text).unwrap()
}

fn vault(source: Source) -> SourceVault {
    SourceVault::new([(name("c"), source)], NoPrompt)
}

#[test]
fn a_missing_variable_says_which_and_how_to_set_it() {
    let error = vault(Source::Env("IXDEPLOY_TEST_NEVER_SET".into())).get(&name("c")).unwrap_err();
    assert_eq!(error.code(), "secret.env-missing");
    for form in ["read -rs IXDEPLOY_TEST_NEVER_SET", "$env:IXDEPLOY_TEST_NEVER_SET = "] {
        assert!(error.hints()[0].en.contains(form) && error.hints()[0].ja.contains(form), "{form}");
    }
    assert!(error.text().ja.contains("環境変数"));
}

#[test]
fn an_undeclared_name_is_an_error() {
    let error = vault(Source::Prompt(Text::untranslated("?"))).get(&name("other")).unwrap_err();
    assert_eq!(error, SecretError::Undeclared(name("other")));
}

#[test]
fn a_person_is_asked_once() {
    struct Counting(Arc<AtomicUsize>);
    impl Prompter for Counting {
        fn ask(&self, question: &Text) -> Result<Secret, String> {
            assert_eq!(question.ja, "Password of the bench routers");
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(Secret::new("canary".into()))
        }
        fn ask_again(&self, question: &Text, _: Again) -> Result<Secret, String> {
            self.ask(question)
        }
        fn never_agreed(&self) -> String {
            String::new()
        }
    }
    let asked = Arc::new(AtomicUsize::new(0));
    let source = Source::Prompt(Text::untranslated("Password of the bench routers"));
    let vault = SourceVault::new([(name("c"), source)], Counting(Arc::clone(&asked)));
    for _ in 0..3 {
        assert_eq!(vault.get(&name("c")).unwrap().expose(), "canary");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

/// Types one entry after the other, and notes which were typed once more.
struct Typing(std::sync::Mutex<std::collections::VecDeque<&'static str>>, Arc<AtomicUsize>);

impl Typing {
    fn vault(entries: &[&'static str]) -> (SourceVault, Arc<AtomicUsize>) {
        let again = Arc::new(AtomicUsize::new(0));
        let typing = Self(std::sync::Mutex::new(entries.iter().copied().collect()), Arc::clone(&again));
        (SourceVault::new([(name("c"), Source::Prompt(Text::untranslated("?")))], typing), again)
    }
}

impl Prompter for Typing {
    fn ask(&self, _: &Text) -> Result<Secret, String> {
        self.0.lock().unwrap().pop_front().map(|typed| Secret::new(typed.into())).ok_or_else(|| "no more".into())
    }
    fn ask_again(&self, question: &Text, again: Again) -> Result<Secret, String> {
        assert_eq!(self.1.fetch_add(1, Ordering::SeqCst), again.slips);
        self.ask(question)
    }
    fn never_agreed(&self) -> String {
        "the entries differ".into()
    }
}

#[test]
fn what_will_be_set_on_a_router_is_typed_twice_and_only_once_for_all_of_them() {
    let (vault, again) = Typing::vault(&["canary", "canary"]);
    assert_eq!(vault.get(&name("c")).unwrap().expose(), "canary");
    for _ in 0..3 {
        assert_eq!(vault.get_to_set(&name("c")).unwrap().expose(), "canary");
    }
    assert_eq!(again.load(Ordering::SeqCst), 1);
}

#[test]
fn a_mistyped_password_is_asked_for_again_a_bounded_number_of_times() {
    let (vault, again) = Typing::vault(&["canary", "slip", "canary", "canary"]);
    assert_eq!(vault.get_to_set(&name("c")).unwrap().expose(), "canary");
    assert_eq!(again.load(Ordering::SeqCst), 3);
    // The first entry was the slip; where it has been used already, it is what must be repeated.
    let (vault, _) = Typing::vault(&["slip", "canary", "canary"]);
    assert_eq!(vault.get_to_set(&name("c")).unwrap().expose(), "canary");
    let (vault, _) = Typing::vault(&["used", "canary", "canary", "canary", "used"]);
    assert_eq!(vault.get(&name("c")).unwrap().expose(), "used");
    for _ in 0..2 {
        assert_eq!(vault.get_to_set(&name("c")).unwrap_err().code(), "secret.prompt-failed");
    }
}

#[test]
fn without_a_terminal_a_prompt_fails_and_says_what_else_works() {
    let error = vault(Source::Prompt(Text::untranslated("?"))).get(&name("c")).unwrap_err();
    assert_eq!(error.code(), "secret.prompt-failed");
    assert!(error.hints()[0].en.contains("env:"));
}

#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    use super::*;

    fn file(content: &[u8], mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    fn sh(script: &str) -> Source {
        Source::Command(vec!["sh".into(), "-c".into(), script.into()])
    }

    #[test]
    fn a_private_file_gives_its_line() {
        let (_folder, path) = file(b"canary\n", 0o600);
        assert_eq!(vault(Source::File(path)).get(&name("c")).unwrap().expose(), "canary");
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let (_folder, path) = file(b"canary\n", 0o640);
        let error = vault(Source::File(path)).get(&name("c")).unwrap_err();
        assert_eq!(error.code(), "secret.file-exposed");
        assert!(error.to_string().contains("mode 640"));
        assert!(error.hints()[0].en.starts_with("`chmod 600 "));
    }

    #[test]
    fn a_value_with_a_second_line_an_empty_one_and_broken_text_are_refused() {
        for (content, code) in [
            (&b"one\ntwo\n"[..], "secret.untypable"),
            (b"\n", "secret.empty"),
            (b"\xff\xfe", "secret.not-text"),
            (&[b'x'; 5000], "secret.too-long"),
        ] {
            let (_folder, path) = file(content, 0o600);
            assert_eq!(vault(Source::File(path)).get(&name("c")).unwrap_err().code(), code);
        }
    }

    #[test]
    fn a_program_gives_its_output_and_nothing_is_expanded() {
        let echo = Source::Command(vec!["printf".into(), "%s\\n".into(), "$HOME;id".into()]);
        assert_eq!(vault(echo).get(&name("c")).unwrap().expose(), "$HOME;id");
    }

    #[test]
    fn a_failing_program_is_reported_without_what_it_printed() {
        let error = vault(sh("echo canary; echo canary >&2; exit 3")).get(&name("c")).unwrap_err();
        assert_eq!(error.code(), "secret.command-failed");
        assert!(!format!("{error:?}").contains("canary"));
    }

    #[test]
    fn a_program_that_does_not_end_is_stopped_at_the_deadline() {
        let vault = vault(Source::Command(vec!["cat".into(), "/dev/zero".into()]));
        assert_eq!(vault.get(&name("c")).unwrap_err().code(), "secret.too-long");
        let slow = Source::Command(vec!["tail".into(), "-f".into(), "/dev/null".into()]);
        let vault = SourceVault::new([(name("c"), slow)], NoPrompt).with_command_deadline(Duration::from_millis(50));
        assert_eq!(vault.get(&name("c")).unwrap_err().code(), "secret.command-slow");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = vault(Source::Command(vec!["ixdeploy-no-such-program".into()])).get(&name("c")).unwrap_err();
        assert_eq!(error.code(), "secret.command-missing");
        assert!(error.to_string().contains("ixdeploy-no-such-program"));
    }
}
