//! Backups of other programs (`tests/data/backups`): read as the configuration that they are, and nothing of what is masked in them is
//! compared, typed or taken away.

use std::path::Path;

use ixdeploy::dialect::Dialect;
use ixdeploy::ix::Config;
use ixdeploy::ix::backup::Backup;
use ixdeploy::plan::offline::difference;
use ixdeploy::plan::rehearsal::Router;
use ixdeploy::plan::{self, Knowledge, Lifeline, Options, Ownership, Plan, Request};

/// What replaces a secret, in the files and in our own form.
const MARKS: [&str; 5] = ["***", "removed", "hidden", "REDACTED", "CANARY"];
const MASKED: [&str; 3] = ["rancid/configs/R1.clinic.example", "oxidized/tokyo/r1", "netmeister/r1.txt"];

fn backup(name: &str) -> Backup {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/backups").join(name);
    Backup::read(&std::fs::read(path).unwrap()).unwrap()
}

fn clear() -> Config {
    Config::parse(Dialect::ix(), backup("clear/r1.cfg").to_compare())
}

/// Everything that a plan would type, there and back.
fn lines(plan: &Plan) -> Vec<String> {
    let undo = plan.undo(plan.commands.len());
    let forms = plan.alternatives();
    plan.commands.iter().chain(&undo).map(|command| command.text.to_string()).chain(forms).collect()
}

#[track_caller]
fn nothing_masked_in(lines: &[String], about: &str) {
    for line in lines.iter().filter(|line| !line.contains("description")) {
        assert!(!MARKS.iter().any(|mark| line.contains(mark)), "{about}: `{line}`");
    }
}

#[test]
fn every_style_is_the_same_router() {
    assert!(!backup("clear/r1.cfg").is_masked());
    for name in MASKED {
        let backup = backup(name);
        assert_eq!(backup.masked.len(), 5, "{name}: {:?}", backup.masked);
        let masked = Config::parse(Dialect::ix(), backup.to_compare());
        for (old, new) in [(&masked, &clear()), (&clear(), &masked)] {
            let found = difference(old, new, 255).unwrap();
            assert!(found.is_empty(), "{name}: {:?}\n{}", lines(&found.plan), found.text());
            let unknown = found.plan.notes.iter().filter(|note| note.id == "line.cannot-compare");
            assert_eq!(unknown.count(), 5, "{name}: {:?}", found.plan.notes);
        }
    }
}

#[test]
fn a_masked_style_takes_nothing_away_and_types_no_mark() {
    let others = [
        "hostname r2\n",
        "hostname r2\nppp profile flets\n  authentication myname shop@isp.example\n  authentication password shop@isp.example CANARYnew\n",
        "username admin password plain 1 CANARYnew administrator\nsnmp-agent ip community CANARYnew\nhostname r1\n",
    ];
    for name in MASKED {
        let masked = Config::parse(Dialect::ix(), backup(name).to_compare());
        for other in others.map(|text| Config::parse(Dialect::ix(), text)) {
            for (from_masked, old, new) in [(true, &masked, &other), (false, &other, &masked)] {
                let found = difference(old, new, 255).unwrap();
                let typed = lines(&found.plan);
                nothing_masked_in(&typed, name);
                for secret in ["username admin", "username shop", "ike policy shop", "snmp-agent ip community"] {
                    assert!(!typed.iter().any(|line| line.contains(secret)), "{name}: {secret} in {typed:?}");
                }
                // An undo takes a block back that we made; a masked one is taken away by nothing.
                assert!(!from_masked || !typed.iter().any(|line| line == "no ppp profile flets"), "{name}: {typed:?}");
                assert!(!found.json().unwrap().contains("CANARY"));
            }
        }
    }
}

#[test]
fn a_plan_from_a_masked_style_leaves_its_masked_lines_and_leads_to_all_the_rest() {
    let desired = Config::parse(
        Dialect::ix(),
        "hostname r1\nusername admin password plain 1 <secret:admin> administrator\nip access-list all permit ip src 192.0.2.0/24 dest any\n",
    );
    for name in MASKED {
        let masked = Config::parse(Dialect::ix(), backup(name).to_compare());
        for ownership in [
            Ownership::all(),
            Ownership::parse(&[
                "ip access-list all".to_owned(),
                "hostname".to_owned(),
                "username".to_owned(),
                "ppp profile flets".to_owned(),
                "ike".to_owned(),
            ])
            .unwrap(),
        ] {
            let request = Request {
                running: &masked,
                desired: &desired,
                origins: None,
                ownership: &ownership,
                model: ixdeploy::dialect::model::find("IX2215"),
                factory: None,
                router_made: &[],
                lifeline: &Lifeline::Console,
                knowledge: &|_| Knowledge::Unknown,
                options: Options { set_secrets: true, allow_unrecognised: true, ..Options::default() },
            };
            let plan = plan::plan(&request).unwrap();
            let typed = lines(&plan);
            nothing_masked_in(&typed, name);
            assert!(typed.iter().any(|line| line.contains("192.0.2.0/24")), "{name}: {typed:?}");
            for secret in ["username", "ike policy", "no ppp profile flets", "authentication password"] {
                assert!(!typed.iter().any(|line| line.contains(secret)), "{name}: {secret} in {typed:?}");
            }
            let about: Vec<&str> = plan.notes.iter().filter_map(|note| note.about.as_deref()).collect();
            assert!(about.iter().any(|line| line.starts_with("username admin password ")), "{name}: {about:?}");
            assert!(
                about.iter().any(|line| line.starts_with("ppp profile flets / authentication password ")),
                "{name}: {about:?}"
            );
            let mut router = Router::new(&masked);
            for command in plan.commands.iter().chain(&plan.undo(plan.commands.len())) {
                router.enter(command).unwrap();
            }
            assert!(plan::same(router.config(), &masked), "{name}: the undo leads back");
        }
    }
}

#[test]
fn a_header_is_read_and_odd_bytes_are_tolerated_in_comments_alone() {
    let display = backup("netmeister/r1.txt");
    assert_eq!(display.header.firmware.as_deref(), Some("10.7.18"));
    assert_eq!(display.header.time.as_deref(), Some("May 26-Sun-2024 16:08:00 JST"));
    assert_eq!(display.odd_bytes, [] as [u32; 0]);
    assert_eq!(backup("oxidized/tokyo/r1").header.firmware, None);
}
