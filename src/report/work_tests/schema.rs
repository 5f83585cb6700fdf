//! Whether a document keeps to an XML Schema: as much of the language as `tests/data/junit.xsd` uses, read from that file. What this
//! does not know in a schema is refused, so that nothing is passed over; `xmllint` says the same where it is installed (`.ci/run`).

use std::collections::HashMap;

use regex::Regex;

use super::xml::{self, Element};

/// A schema.
pub struct Schema {
    schema: Element,
    /// Its patterns, read once.
    patterns: HashMap<String, Regex>,
}

impl Schema {
    pub fn parse(xsd: &str) -> Self {
        let schema = xml::parse(xsd).unwrap();
        assert_eq!(schema.name, "xs:schema");
        schema.children.iter().for_each(is_known);
        let mut patterns = HashMap::new();
        for restriction in schema.all("xs:simpleType").flat_map(|simple| simple.all("xs:restriction")) {
            for pattern in restriction.all("xs:pattern").map(|facet| facet.attribute("value").unwrap()) {
                patterns.insert(pattern.to_owned(), Regex::new(&format!("^(?:{pattern})$")).unwrap());
            }
        }
        Self { schema, patterns }
    }

    /// Insists that a document keeps to it; what is wrong, where it does not.
    pub fn check(&self, document: &str) -> Result<Element, String> {
        let found = xml::parse(document)?;
        let root = self.schema.all("xs:element").find(|one| one.attribute("name") == Some(&found.name));
        let root = root.ok_or_else(|| format!("<{}> is no document", found.name))?;
        self.element(&found, kind_of(root))?;
        Ok(found)
    }

    fn named(&self, kind: &str, of: &str) -> Option<&Element> {
        self.schema.all(of).find(|one| one.attribute("name") == Some(kind))
    }

    fn element(&self, found: &Element, kind: &str) -> Result<(), String> {
        let Some(complex) = self.named(kind, "xs:complexType") else {
            let is_bare = found.attributes.is_empty() && found.children.is_empty();
            return if is_bare { self.value(&found.text, kind) } else { Err(format!("<{}> is a text", found.name)) };
        };
        self.attributes(found, complex)?;
        if complex.attribute("mixed") != Some("true") && !found.text.trim().is_empty() {
            return Err(format!("text in <{}>: {}", found.name, found.text.trim()));
        }
        let mut rest = found.children.as_slice();
        for model in &complex.children {
            rest = match model.name.as_str() {
                "xs:sequence" => model.children.iter().try_fold(rest, |rest, part| self.occurrences(rest, part))?,
                "xs:choice" => self.choice(rest, model)?,
                _ => rest,
            };
        }
        match rest.first() {
            Some(child) => Err(format!("<{}> in <{}>", child.name, found.name)),
            None => Ok(()),
        }
    }

    /// Takes as many as there are of an element from the beginning.
    fn occurrences<'e>(&self, children: &'e [Element], part: &Element) -> Result<&'e [Element], String> {
        let name = part.attribute("name").unwrap();
        let bound = |name| part.attribute(name).unwrap_or("1").parse().unwrap_or(usize::MAX);
        let count = children.iter().take(bound("maxOccurs")).take_while(|child| child.name == name).count();
        if count < bound("minOccurs") {
            return Err(format!("{count} of <{name}>"));
        }
        let (taken, rest) = children.split_at(count);
        taken.iter().try_for_each(|child| self.element(child, kind_of(part)))?;
        Ok(rest)
    }

    /// Takes one of several elements, or none where none is needed.
    fn choice<'e>(&self, children: &'e [Element], model: &Element) -> Result<&'e [Element], String> {
        let chosen = children.first().and_then(|child| {
            model.children.iter().find(|part| part.attribute("name") == Some(&child.name)).map(|part| (child, part))
        });
        match chosen {
            Some((child, part)) => self.element(child, kind_of(part)).map(|()| &children[1..]),
            None if model.attribute("minOccurs") == Some("0") => Ok(children),
            None => Err("none of a choice".to_owned()),
        }
    }

    fn attributes(&self, found: &Element, complex: &Element) -> Result<(), String> {
        let declared = |name: &str| complex.all("xs:attribute").find(|one| one.attribute("name") == Some(name));
        for one in &found.attributes {
            let known = declared(&one.name).ok_or_else(|| format!("{} of <{}>", one.name, found.name))?;
            self.value(&one.value, kind_of(known)).map_err(|why| format!("{} of <{}>: {why}", one.name, found.name))?;
        }
        let missing = complex.all("xs:attribute").find(|one| {
            one.attribute("use") == Some("required") && found.attribute(one.attribute("name").unwrap()).is_none()
        });
        match missing {
            Some(missing) => Err(format!("<{}> without {}", found.name, missing.attribute("name").unwrap())),
            None => Ok(()),
        }
    }

    /// A value of a simple type.
    fn value(&self, value: &str, kind: &str) -> Result<(), String> {
        let collapsed = value.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        let no = || Err(format!("{value:?} is no {kind}"));
        if let Some(simple) = self.named(kind, "xs:simpleType") {
            let restriction = simple.all("xs:restriction").next().unwrap();
            self.value(value, restriction.attribute("base").unwrap())?;
            for facet in &restriction.children {
                let bound = facet.attribute("value").unwrap();
                let fits = match facet.name.as_str() {
                    "xs:minLength" => collapsed.chars().count() >= bound.parse().unwrap(),
                    _ => self.patterns[bound].is_match(&collapsed),
                };
                if !fits {
                    return no();
                }
            }
            return Ok(());
        }
        let fits = match kind {
            "xs:string" | "xs:token" => true,
            "xs:int" => collapsed.parse::<i32>().is_ok(),
            "xs:decimal" => collapsed.parse::<f64>().is_ok() && !collapsed.contains(['e', 'E', 'n', 'N']),
            "xs:dateTime" => collapsed.parse::<jiff::civil::DateTime>().is_ok(),
            other => panic!("{other} is a type that is not known here"),
        };
        if fits { Ok(()) } else { no() }
    }
}

fn kind_of(declared: &Element) -> &str {
    declared.attribute("type").unwrap()
}

/// Insists that a part of a schema says nothing that is passed over here.
fn is_known(part: &Element) {
    let attributes: &[&str] = match part.name.as_str() {
        "xs:element" => &["name", "type", "minOccurs", "maxOccurs"],
        "xs:attribute" => &["name", "type", "use"],
        "xs:complexType" => &["name", "mixed"],
        "xs:choice" => &["minOccurs"],
        "xs:simpleType" => &["name"],
        "xs:restriction" => &["base"],
        "xs:minLength" | "xs:pattern" => &["value"],
        "xs:sequence" => &[],
        other => panic!("<{other}> is not known here"),
    };
    let unknown = part.attributes.iter().find(|one| !attributes.contains(&one.name.as_str()));
    assert_eq!(unknown, None, "in <{}>", part.name);
    part.children.iter().for_each(is_known);
}
