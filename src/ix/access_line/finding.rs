//! One thing that is said of the line, and what it is known from.

use serde::Serialize;

use crate::message::Text;

/// What is said of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Whether there is a link.
    Link,
    /// How the line gives addresses.
    Ipv6,
    /// Which DNS servers it tells.
    Dns,
    /// In which area of NTT it is.
    Area,
    /// Whether it leads to the Internet.
    Internet,
}

impl Topic {
    /// Its name for people.
    pub fn name(self) -> Text {
        match self {
            Self::Link => Text::new("link", "リンク"),
            Self::Ipv6 => Text::untranslated("IPv6"),
            Self::Dns => Text::untranslated("DNS"),
            Self::Area => Text::new("area", "エリア"),
            Self::Internet => Text::new("Internet", "インターネット"),
        }
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// A display says so, in an attested form.
    Shown,
    /// It follows from what displays say by a rule that is not attested.
    Inferred,
    /// It cannot be told.
    NotKnown,
}

/// One thing that is said of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about.
    pub about: Topic,
    /// What is said.
    pub says: Text,
    /// What it is known from; or why it is not known.
    pub because: Text,
    /// How sure it is.
    pub certainty: Certainty,
}

impl Finding {
    /// What a display says.
    pub(super) fn shown(about: Topic, says: Text, because: Text) -> Self {
        Self { about, says, because, certainty: Certainty::Shown }
    }

    /// What is inferred from what a display says.
    pub(super) fn inferred(about: Topic, says: Text, because: Text) -> Self {
        Self { about, says, because, certainty: Certainty::Inferred }
    }

    /// What is not known.
    pub(super) fn unknown(about: Topic, because: Text) -> Self {
        Self { about, says: Text::new("not known", "不明"), because, certainty: Certainty::NotKnown }
    }
}
