//! Files that this program reads elsewhere, and that no router prints, where a configuration belongs. Reads nothing itself.

use std::path::{Path, PathBuf};

use crate::message::Explain;

/// Why a file is certainly no configuration.
#[derive(Debug, PartialEq, Eq, Explain)]
pub enum OtherForm {
    /// A playbook, an inventory or another file in YAML where a configuration belongs.
    #[explain(
        code = "input.yaml",
        en = "{file} is YAML, and a router's configuration is expected here",
        ja = "{file} は YAML ファイルです。ここではルータのコンフィグを指定します",
        hint(
            en = "`ixdeploy check PLAYBOOK -i INVENTORY` judges YAML; `ixdeploy render PLAYBOOK -i INVENTORY -o DIR` writes the configurations that it leads to",
            ja = "YAML の検査は `ixdeploy check プレイブック -i インベントリ`、そこから作られるコンフィグの書き出しは `ixdeploy render プレイブック -i インベントリ -o フォルダ` です"
        )
    )]
    Yaml {
        /// The file.
        file: PathBuf,
    },
    /// A kept plan or another document where a configuration belongs.
    #[explain(
        code = "input.json",
        en = "{file} is JSON, and a router's configuration is expected here",
        ja = "{file} は JSON ファイルです。ここではルータのコンフィグを指定します",
        hint(
            en = "a plan that `plan -o` kept is read by `ixdeploy show {file}`, and two are compared by `ixdeploy plan diff OLD NEW`",
            ja = "plan -o で保存した計画の確認は `ixdeploy show {file}`、2 つの比較は `ixdeploy plan diff 旧 新` です"
        )
    )]
    Json {
        /// The file.
        file: PathBuf,
    },
}

impl OtherForm {
    /// By the first line that says something. A log of a terminal may begin with a key and a colon, too (`login:`): only keys of our own
    /// files count.
    pub(super) fn of(file: &Path, bytes: &[u8]) -> Option<Self> {
        const KEYS: [&[u8]; 8] =
            [b"version:", b"name:", b"title:", b"plays:", b"sites:", b"groups:", b"defaults:", b"credentials:"];
        let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"))?;
        if first.starts_with(b"{") {
            return Some(Self::Json { file: file.to_owned() });
        }
        let word = first.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        (KEYS.contains(&word) || first == b"---").then(|| Self::Yaml { file: file.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::OtherForm;

    #[test]
    fn yaml_and_json_are_told_from_configurations_by_their_first_line() {
        let of = |text: &str| OtherForm::of(Path::new("file"), text.as_bytes());
        let file = PathBuf::from("file");
        for yaml in ["version: 1\nsites:\n", "# clinics\n\nversion: 1\n", "---\n", " \nsites:\r\n"] {
            assert_eq!(of(yaml), Some(OtherForm::Yaml { file: file.clone() }), "{yaml}");
        }
        assert_eq!(of("\n{\n\"schema\": 1}"), Some(OtherForm::Json { file }));
        let configurations = [
            "",
            "hostname r1\n",
            "! NEC Portable Internetwork Core Operating System Software\n",
            "Current configuration : 1234 bytes\n",
            "# show running-config\nhostname r1\n",
            "ipv6 route default 2001:db8::1\n",
            "login: admin\nPassword:\n",
        ];
        for configuration in configurations {
            assert_eq!(of(configuration), None, "{configuration}");
        }
    }
}
