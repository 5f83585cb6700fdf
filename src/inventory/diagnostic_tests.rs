use std::sync::Arc;

use super::*;
use crate::inventory::source::SourceFile;

/// A finding that says what it is told to.
#[derive(Debug)]
struct Said(&'static str, &'static str, &'static str, Vec<Text>);

impl Explain for Said {
    fn code(&self) -> &'static str {
        self.0
    }

    fn text(&self) -> Text {
        Text::new(self.1, self.2)
    }

    fn hints(&self) -> Vec<Text> {
        self.3.clone()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }
}

fn said(code: &'static str) -> Said {
    Said(code, "", "", Vec::new())
}

fn place(text: &str, line: u32, column: u32, length: u32) -> Place {
    Place { file: SourceFile::new("clinics.yaml", text), line, column, length }
}

#[test]
fn a_finding_is_short_however_long_what_it_quotes_is() {
    let quoted = "長".repeat(200_000);
    let text: &'static str = Box::leak(format!("`{quoted}` is not one word").into_boxed_str());
    let finding = Diagnostic::error(&Said("value.word", text, text, vec![Text::new(text, text)]));
    let finding = finding.at(place(&quoted, 1, 1, 200_000), format!("sites.{quoted}"));
    let said = finding.render(Lang::En);
    assert!(said.chars().count() < 5_000, "{}", said.chars().count());
    assert!(finding.text.en.starts_with("`長") && finding.text.en.ends_with("長` is not one word"));
}

#[test]
fn a_finding_shows_its_line_and_a_caret_under_the_word() {
    let hint = Text::new("did you mean `routers`?", "`routers` の誤りではありませんか?");
    let said = Said(
        "yaml.unknown-key",
        "`ruters` is not a key of a site",
        "`ruters` はサイトの項目ではありません",
        vec![hint],
    );
    let finding = Diagnostic::error(&said).at(place("sites:\n  sato:\n    ruters: {}\n", 3, 5, 6), "sites.sato.ruters");
    assert_eq!(
        finding.render(Lang::En),
        "error[yaml.unknown-key]: `ruters` is not a key of a site
 --> clinics.yaml:3:5
  |
3 |     ruters: {}
  |     ^^^^^^
  = path: sites.sato.ruters
  = help: did you mean `routers`?
"
    );
    assert_eq!(
        finding.render(Lang::Ja),
        "エラー[yaml.unknown-key]: `ruters` はサイトの項目ではありません
 --> clinics.yaml:3:5
  |
3 |     ruters: {}
  |     ^^^^^^
  = 項目: sites.sato.ruters
  = 対処: `routers` の誤りではありませんか?
"
    );
}

/// What `annotate-snippets` would draw otherwise (docs/dependencies.md): the column is that of the file, whatever is hidden before it.
#[test]
fn both_languages_draw_a_hidden_secret_wide_words_and_control_characters_with_the_column_of_the_file() {
    let line = "  佐藤: { password: canary-of-some-length, \u{1b}[2Jport: twenty }";
    let place = |line: &str, column| place(line, 1, column, 6);
    let hint = Text::new("from 1 to 65535\nor none", "1～65535\nまたは省略");
    let finding = Diagnostic::warning(&Said("yaml.number", "expected a number\nhere", "整数が必要です", vec![hint]))
        .at(place(line, 52), "sites.sato.\u{1b}[31m")
        .related(place("x", 1), "the first one", "最初の記述");
    assert_eq!(
        finding.render(Lang::En),
        "warning[yaml.number]: expected a number
    here
 --> clinics.yaml:1:52
  |
1 |   佐藤: { password: ********, \u{fffd}[2Jport: twenty }
  |                                         ^^^^^^
  = path: sites.sato.\\u{1b}[31m
  = see: the first one (clinics.yaml:1:1)
  = help: from 1 to 65535
    or none
"
    );
    assert_eq!(
        finding.render(Lang::Ja),
        "警告[yaml.number]: 整数が必要です
 --> clinics.yaml:1:52
  |
1 |   佐藤: { password: ********, \u{fffd}[2Jport: twenty }
  |                                         ^^^^^^
  = 項目: sites.sato.\\u{1b}[31m
  = 関連: 最初の記述 (clinics.yaml:1:1)
  = 対処: 1～65535
    または省略
"
    );
}

#[test]
fn the_caret_counts_wide_characters_twice() {
    let finding = Diagnostic::warning(&said("x")).at(place("佐藤医院: いいえ", 1, 7, 3), "");
    assert_eq!(
        finding.render(Lang::En),
        "warning[x]: \n --> clinics.yaml:1:7\n  |\n1 | 佐藤医院: いいえ\n  |           ^^^^^^\n"
    );
}

#[test]
fn a_sealed_finding_hides_the_rest_of_its_line() {
    let finding = Diagnostic::error(&said("x")).at(place("  admin: canary # canary", 1, 10, 6), "").sealed();
    assert_eq!(finding.source_line().as_deref(), Some("  admin: ********"));
    assert!(!finding.render(Lang::En).contains("canary"));
}

#[test]
fn values_of_keys_that_name_a_secret_are_hidden_on_every_shown_line() {
    for (line, shown) in [
        ("    password: canary", "    password: ********"),
        ("ssh: {user: a, password: canary, port: x}", "ssh: {user: a, password: ********, port: x}"),
        ("  'wifi_psk': \"can ary\"", "  'wifi_psk': ********"),
        ("  admin_password:", "  admin_password:"),
        ("  title: password list", "  title: password list"),
    ] {
        let finding = Diagnostic::error(&said("x")).at(place(line, 1, 1, 1), "");
        assert_eq!(finding.source_line().as_deref(), Some(shown));
    }
}

#[test]
fn a_very_long_line_is_shown_around_its_column_without_control_characters() {
    let line = format!("{}\u{1b}[2Jbad{}", "a".repeat(5000), "b".repeat(5000));
    let finding = Diagnostic::error(&said("x")).at(place(&line, 1, 5001, 1), "");
    let source = finding.source_line().unwrap_or_default();
    assert_eq!(source.chars().count(), 120);
    assert!(source.contains("\u{fffd}[2Jbad"));
    let rendered = finding.render(Lang::En);
    let caret = rendered.lines().last().and_then(|l| l.find('^'));
    let shown = rendered.lines().find_map(|l| l.strip_prefix("1").and_then(|l| l.find("\u{fffd}[2J")));
    assert_eq!(caret, shown.map(|at| at + 1));
}

#[test]
fn findings_are_sorted_by_place_and_one_error_is_enough_to_stop() {
    let file = SourceFile::new("a", "x\ny\n");
    let at = |line| Place { file: Arc::clone(&file), line, column: 1, length: 1 };
    let mut found = Diagnostics::new();
    found.push(Diagnostic::warning(&said("second")).at(at(2), ""));
    assert!(found.clone().conclude(()).is_ok());
    found.push(Diagnostic::error(&said("first")).at(at(1), ""));
    found.push(Diagnostic::error(&said("first")).at(at(1), ""));
    let Err(found) = found.conclude(()) else { panic!("an error must stop") };
    assert_eq!(found.iter().map(|d| d.code).collect::<Vec<_>>(), ["first", "second"]);
    assert_eq!(found.to_string(), "the input has 1 error(s) and 1 warning(s)");
}

#[test]
fn the_caret_follows_a_hidden_value_without_showing_its_length() {
    for password in ["x", "a-much-longer-canary"] {
        let line = format!("ssh: {{ password: {password}, prt: 1 }}");
        let column = u32::try_from(line.find("prt").unwrap_or(0) + 1).unwrap_or(0);
        let finding = Diagnostic::error(&said("x")).at(place(&line, 1, column, 3), "");
        let expected = "1 | ssh: { password: ********, prt: 1 }\n  |                            ^^^\n";
        assert!(finding.render(Lang::En).ends_with(expected), "{}", finding.render(Lang::En));
        let inside = Diagnostic::error(&said("x")).at(place(&line, 1, 18, 20), "");
        let expected = "1 | ssh: { password: ********, prt: 1 }\n  |                  ^^^^^^^^\n";
        assert!(inside.render(Lang::En).ends_with(expected), "{}", inside.render(Lang::En));
    }
}

#[test]
fn what_is_wrong_for_many_routers_is_said_once() {
    let file = SourceFile::new("a", "x\ny\nz\n");
    let at = |line| Place { file: Arc::clone(&file), line, column: 1, length: 1 };
    let mut found = Diagnostics::new();
    for router in 2..4 {
        found.push(Diagnostic::error(&said("a")).at(at(1), "").related(at(router), "for this one", ""));
        found.push(Diagnostic::error(&said("b")).at(at(1), ""));
    }
    assert_eq!(
        found.sorted().render(Lang::En),
        "error[a]: \n --> a:1:1\n  |\n1 | x\n  | ^\n  = see: for this one (a:2:1)\n  = help: the same for 1 more\n
error[b]: \n --> a:1:1\n  |\n1 | x\n  | ^\n"
    );
}

#[test]
fn a_part_hidden_by_one_finding_is_hidden_in_all_findings_of_its_line() {
    let line = "{ bad key: 1, login: c4nary, other: x }";
    let file = SourceFile::new("a", line);
    let at = |column, length| Place { file: Arc::clone(&file), line: 1, column, length };
    let mut found = Diagnostics::new();
    found.push(Diagnostic::error(&said("before")).at(at(3, 7), ""));
    found.push(Diagnostic::error(&said("secret")).at(at(22, 6), "").sealed());
    found.push(Diagnostic::error(&said("after")).at(at(30, 5), ""));
    let lines: Vec<String> = found.sorted().iter().map(|d| d.render(Lang::En)).collect();
    assert!(lines[0].ends_with("1 | { bad key: 1, login: ********\n  |   ^^^^^^^\n"), "{}", lines[0]);
    assert!(
        lines[1].ends_with("1 | { bad key: 1, login: ********\n  |                      ^^^^^^^^\n"),
        "{}",
        lines[1]
    );
    assert!(lines.iter().all(|l| !l.contains("c4nary")));
}
