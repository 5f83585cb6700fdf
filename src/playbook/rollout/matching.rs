//! Which sites a step of a rollout is for: what must hold of a site, and how many of those that fit are taken.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::amount::Amount;
use crate::dialect::model;
use crate::inventory::yaml::{Content, Field, Table};
use crate::inventory::{Located, Pattern, suggestion};
use crate::playbook::finding::RolloutFinding;

/// What a site is matched by. A site has the values of all of its routers that take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Property {
    /// Its name.
    Site,
    /// The groups it is in.
    Group,
    /// The models of its routers.
    Model,
    /// The firmware of its routers, as far as it was seen.
    Firmware,
    /// Its region.
    Region,
    /// Its carrier.
    Carrier,
}

impl Property {
    /// Every property, in the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Site, Self::Group, Self::Model, Self::Firmware, Self::Region, Self::Carrier];

    /// The word for one value of it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Group => "group",
            Self::Model => "model",
            Self::Firmware => "firmware",
            Self::Region => "region",
            Self::Carrier => "carrier",
        }
    }

    /// The key that it is written under.
    pub fn key(self) -> &'static str {
        match self {
            Self::Site => "sites",
            Self::Group => "groups",
            Self::Model => "models",
            Self::Firmware => "firmware",
            Self::Region => "regions",
            Self::Carrier => "carriers",
        }
    }
}

/// What sites can be chosen to cover: each of its values that some site has.
pub(super) const COVERED: [Property; 4] = [Property::Model, Property::Firmware, Property::Region, Property::Carrier];

/// The most sites that a step can be limited to.
pub(super) const MOST_SITES: u64 = 1_000_000;

/// The most patterns that one property may have.
const MOST_PATTERNS: usize = 10_000;

/// Something that must hold of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Of this property
    pub property: Property,
    /// one value must match one of these, as in `--limit`: `*` is any text, `[1-5]` a number.
    pub patterns: Vec<String>,
}

/// Which sites a step takes, of those that no earlier step has taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// All of these must hold.
    pub criteria: Vec<Criterion>,
    /// How many sites.
    #[serde(default)]
    pub amount: Amount,
    /// Sites are chosen so that each value of these properties is met; where that takes more sites than the amount, it is more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cover: Vec<Property>,
}

/// What is known of a site before a run begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteTraits {
    /// Its name.
    pub name: String,
    /// Its groups.
    pub groups: Vec<String>,
    /// Its region.
    pub region: Option<String>,
    /// Its carrier.
    pub carrier: Option<String>,
    /// The models of those of its routers that take part, each once.
    pub models: Vec<String>,
    /// Their firmware, as far as it was seen, each once.
    pub firmware: Vec<String>,
    /// Routers like its own were held before: it is not what a step proves itself on, as long as there are others.
    pub held: bool,
}

impl SiteTraits {
    /// Adds a router that takes part.
    pub fn add_router(&mut self, model: &str, firmware: Option<&str>) {
        let add = |values: &mut Vec<String>, value: &str| {
            if !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
            }
        };
        add(&mut self.models, model);
        firmware.into_iter().for_each(|firmware| add(&mut self.firmware, firmware));
    }

    /// Its values of a property.
    pub fn values(&self, property: Property) -> &[String] {
        match property {
            Property::Site => std::slice::from_ref(&self.name),
            Property::Group => &self.groups,
            Property::Model => &self.models,
            Property::Firmware => &self.firmware,
            Property::Region => self.region.as_slice(),
            Property::Carrier => self.carrier.as_slice(),
        }
    }
}

/// A criterion, ready to be asked about many sites: names are found, patterns are tried.
struct Readied<'a> {
    property: Property,
    names: HashSet<&'a str>,
    patterns: Vec<Pattern>,
}

impl Criterion {
    fn readied(&self) -> Readied<'_> {
        let (names, patterns) = self.patterns.iter().partition::<Vec<&String>, _>(|text| is_name(text));
        Readied {
            property: self.property,
            names: names.into_iter().map(String::as_str).collect(),
            patterns: patterns.into_iter().filter_map(|text| Pattern::parse(text)).collect(),
        }
    }
}

/// Whether a text is no pattern.
fn is_name(text: &str) -> bool {
    !text.contains(['*', '[', ']'])
}

impl Readied<'_> {
    fn holds(&self, site: &SiteTraits) -> bool {
        let fits = |value: &String| {
            self.names.contains(value.as_str()) || self.patterns.iter().any(|pattern| pattern.matches(value))
        };
        site.values(self.property).iter().any(fits)
    }
}

impl Match {
    /// As few sites as show each value of these properties.
    pub(super) fn covering(properties: &[Property]) -> Self {
        let amount = if properties.is_empty() { Amount::All } else { Amount::Count(1) };
        Self { amount, cover: properties.to_vec(), ..Self::default() }
    }

    /// Whether it takes whatever is left.
    pub fn is_rest(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it takes every site that the other one would choose among: nothing is left for that one.
    pub(super) fn takes_all_of(&self, other: &Self) -> bool {
        let all = self.amount == Amount::All && self.cover.is_empty();
        all && self.criteria.iter().all(|criterion| other.criteria.contains(criterion))
    }

    /// The percentage that it asks for.
    pub(super) fn percent(&self) -> Option<u32> {
        if let Amount::Percent(percent) = self.amount { Some(u32::from(percent)) } else { None }
    }

    /// The places of the sites that the step chooses among.
    pub fn fitting(&self, sites: &[SiteTraits]) -> Vec<usize> {
        let criteria: Vec<Readied<'_>> = self.criteria.iter().map(Criterion::readied).collect();
        let fits = |site: &SiteTraits| criteria.iter().all(|criterion| criterion.holds(site));
        sites.iter().enumerate().filter(|(_, site)| fits(site)).map(|(place, _)| place).collect()
    }
}

/// A match, and the words in it that an inventory can be asked about.
pub(super) struct ReadMatch {
    pub fits: Match,
    pub mentions: Vec<Mention>,
}

/// A word that names what an inventory should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// What it names.
    pub property: Property,
    /// The word.
    pub word: Located<String>,
}

/// Reads `match:`: `rest`, or a table.
pub(super) fn read_match(field: &Field<'_>) -> Option<ReadMatch> {
    if !matches!(field.content(), Content::Mapping(_)) {
        field.choice([("rest", ())])?;
        return Some(ReadMatch { fits: Match::default(), mentions: Vec::new() });
    }
    let mut table = field.table("a match", "対象の条件")?;
    let (mut criteria, mut mentions) = (Vec::new(), Vec::new());
    for property in Property::ALL {
        let Some(field) = table.get(property.key()) else { continue };
        let words = read_words(&field, property);
        criteria.push(Criterion { property, patterns: words.iter().map(|word| word.value.clone()).collect() });
        mentions.extend(words.into_iter().map(|word| Mention { property, word }));
    }
    let fits = Match { criteria, ..read_size(&mut table) };
    let is_empty = table.is_empty();
    table.finish();
    if is_empty {
        field.report(field.key_error(&RolloutFinding::EmptyMatch));
        return None;
    }
    Some(ReadMatch { fits, mentions })
}

/// Reads `count:` or `percent:`, and `cover:`.
pub(super) fn read_size(table: &mut Table<'_>) -> Match {
    let (count, percent, cover) = (table.get("count"), table.get("percent"), table.get("cover"));
    if let (Some(_), Some(percent)) = (&count, &percent) {
        percent.report(percent.key_error(&RolloutFinding::CountAndPercent));
    }
    let count = count.and_then(|f| f.integer(1, MOST_SITES)).and_then(|count| usize::try_from(count).ok());
    let percent = percent.and_then(|f| f.integer(1, 100)).and_then(|percent| u8::try_from(percent).ok());
    let fits = cover.map(|f| Match::covering(&read_cover(&f))).unwrap_or_default();
    let amount = count.map(Amount::Count).or(percent.map(Amount::Percent)).unwrap_or(fits.amount);
    Match { amount, ..fits }
}

/// Reads `cover:`: `all`, or a list of properties.
fn read_cover(field: &Field<'_>) -> Vec<Property> {
    if !matches!(field.content(), Content::Sequence(_)) {
        return field.choice([("all", COVERED)]).map(Vec::from).unwrap_or_default();
    }
    if field.list().is_empty() {
        field.report(field.key_error(&RolloutFinding::EmptyList));
    }
    let word = |property: Property| (property.word(), property);
    let mut cover: Vec<Property> = field.list().iter().filter_map(|f| f.choice(COVERED.map(word))).collect();
    cover.sort();
    cover.dedup();
    cover
}

/// One word or a list of them.
fn read_words(field: &Field<'_>, property: Property) -> Vec<Located<String>> {
    let fields = if matches!(field.content(), Content::Sequence(_)) { field.list() } else { vec![field.clone()] };
    if fields.is_empty() || fields.len() > MOST_PATTERNS {
        field.report(field.key_error(&RolloutFinding::EmptyList));
    }
    fields.iter().take(MOST_PATTERNS).filter_map(|field| read_word(field, property)).collect()
}

fn read_word(field: &Field<'_>, property: Property) -> Option<Located<String>> {
    let text = field.text()?;
    let pattern = Pattern::parse(&text).filter(|_| !text.trim().is_empty() && text.len() <= 200);
    let Some(pattern) = pattern else {
        field.refuse(&RolloutFinding::NoPattern { text });
        return None;
    };
    if property == Property::Model && !model::all().iter().any(|model| pattern.matches(model.name)) {
        let near = suggestion(&text, model::all().iter().map(|model| model.name));
        field.refuse(&RolloutFinding::NoModel { model: text, near });
        return None;
    }
    Some(field.located(text))
}
