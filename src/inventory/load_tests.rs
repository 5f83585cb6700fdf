#![allow(clippy::unwrap_used)]

use super::*;
use crate::message::Lang;

const ROUTERS: &str = "{ model: IX2215, connection: { mock: { start: prepared } } }";

fn found(path: &Path) -> String {
    load(path).unwrap_err().render(Lang::En)
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names() {
    let folder = tempfile::tempdir().unwrap();
    let site = |name: &str| format!("version: 1\nsites: {{ {name}: {{ routers: {{ {name}-r: {ROUTERS} }} }} }}\n");
    std::fs::write(folder.path().join("20-b.yaml"), site("b")).unwrap();
    std::fs::write(folder.path().join("10-a.yml"), format!("\u{feff}{}", site("a"))).unwrap();
    std::fs::write(folder.path().join("notes.txt"), "not YAML: [").unwrap();
    let (inventory, _) = load(folder.path()).unwrap();
    let names: Vec<&str> = inventory.routers().map(|(_, r)| r.name.value.as_str()).collect();
    assert_eq!(names, ["a-r", "b-r"]);

    std::fs::write(folder.path().join("30-c.yaml"), "version: 1\ndefaults: {}\n").unwrap();
    assert!(found(folder.path()).starts_with("error[inventory.defaults]: `defaults` belongs into the first file"));
}

#[test]
fn what_cannot_be_read_is_named_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    assert!(found(folder.path()).contains("the folder holds no *.yaml file"));
    let missing = found(&folder.path().join("no.yaml"));
    assert!(missing.starts_with("error[file.unreadable]: cannot read `"), "{missing}");
    let japanese = load(Path::new("no-such-folder/no.yaml")).unwrap_err().render(Lang::Ja);
    assert!(japanese.contains("ファイルまたはフォルダがありません (os error"), "{japanese}");
    assert!(japanese.contains("相対パスは現在のフォルダから数えます: "), "{japanese}");
    let path = folder.path().join("sjis.yaml");
    // 佐藤 in Shift_JIS, on the second line.
    std::fs::write(&path, b"version: 1\ntitle: \x8d\xb2\x93\xa1\n").unwrap();
    let text = found(&path);
    assert!(text.starts_with("error[file.encoding]:") && text.contains("line 2"), "{text}");
    assert!(text.contains("iconv -f CP932 -t UTF-8"), "{text}");
    for (mark, of) in [("\u{feff}", u16::to_le_bytes as fn(u16) -> [u8; 2]), ("\u{feff}", u16::to_be_bytes)] {
        let bytes: Vec<u8> = format!("{mark}version: 1\n").encode_utf16().flat_map(of).collect();
        std::fs::write(&path, bytes).unwrap();
        let text = found(&path);
        assert!(text.starts_with("error[file.encoding]:") && text.contains("is UTF-16"), "{text}");
        assert!(text.contains("iconv -f UTF-16 -t UTF-8") && !text.contains("CP932"), "{text}");
    }
    std::fs::write(&path, b"").unwrap();
    assert!(found(&path).starts_with("error[yaml.empty]: the file is empty"), "{}", found(&path));
}

#[test]
fn the_example_in_the_documentation_is_right() {
    let manual = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/inventory.md")).unwrap();
    let example = manual.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let read = Inventory::read(&[SourceFile::new("docs/inventory.md", example)]);
    let (inventory, found) = read.unwrap_or_else(|e| panic!("{}", e.render(Lang::En)));
    assert!(found.is_empty(), "{}", found.render(Lang::En));
    assert_eq!(inventory.routers().count(), 1);
}

#[test]
fn a_missing_file_is_answered_with_the_one_that_was_meant_or_with_those_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["clinics.yaml", "spare.yaml", "notes.txt"] {
        std::fs::write(folder.path().join(name), "version: 1\n").unwrap();
    }
    let named = |name: &str| folder.path().join(name).display().to_string();
    let misspelt = found(&folder.path().join("clinic.yaml"));
    assert!(misspelt.contains(&format!("did you mean `{}`?", named("clinics.yaml"))), "{misspelt}");
    let other = found(&folder.path().join("hospital-inventory.yaml"));
    let beside = format!("YAML files there: `{}`, `{}`\n", named("clinics.yaml"), named("spare.yaml"));
    assert!(other.contains(&beside), "{other}");
    let japanese = load(&folder.path().join("hospital-inventory.yaml")).unwrap_err().render(Lang::Ja);
    assert!(japanese.contains(&format!("そこにある YAML ファイル: `{}`", named("clinics.yaml"))), "{japanese}");
    // What was meant to be something else, or stands where nothing is.
    for none in ["clinics", "nowhere/clinics.yaml"] {
        let none = found(&folder.path().join(none));
        assert!(!none.contains("did you mean") && !none.contains("YAML files"), "{none}");
    }
}
