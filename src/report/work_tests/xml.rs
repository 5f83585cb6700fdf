//! Reads an XML document that one of our own writers could have written, or the schema that it keeps to: elements, attributes, text and
//! comments. Whatever else XML has is refused, and so is what is not well-formed.

/// An element with all that is in it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    /// In their order.
    pub attributes: Vec<Attribute>,
    pub children: Vec<Element>,
    /// The text around the children.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    pub name: String,
    pub value: String,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|one| one.name == name).map(|one| one.value.as_str())
    }

    /// The children of this name.
    pub fn all<'e>(&'e self, name: &str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// The element that a document is.
pub fn parse(xml: &str) -> Result<Element, String> {
    if let Some(c) = xml.chars().find(|c| !is_of_xml(*c)) {
        return Err(format!("{c:?} is in no XML"));
    }
    let declared = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let mut rest = xml.strip_prefix(declared).ok_or("no declaration")?;
    // The first one represents the document.
    let mut open = vec![Element::default()];
    while let Some((text, piece)) = rest.split_once('<') {
        top(&mut open)?.text.push_str(&meant(text)?);
        if let Some(comment) = piece.strip_prefix("!--") {
            let (inside, after) = comment.split_once("--").ok_or("a comment without an end")?;
            rest = after.strip_prefix('>').ok_or_else(|| format!("two hyphens in a comment: {inside}"))?;
            continue;
        }
        let (inside, after) = piece.split_once('>').ok_or("a tag without an end")?;
        rest = after;
        match (inside.strip_prefix('/'), inside.strip_suffix('/')) {
            (Some(name), _) => {
                let done = open.pop().ok_or("nothing is open")?;
                if done.name != name {
                    return Err(format!("</{name}> for <{}>", done.name));
                }
                top(&mut open)?.children.push(done);
            }
            (None, Some(empty)) => {
                let element = opened(empty)?;
                top(&mut open)?.children.push(element);
            }
            (None, None) => open.push(opened(inside)?),
        }
    }
    let mut document = open.pop().ok_or("nothing is open")?;
    if !open.is_empty() || !rest.trim().is_empty() || !document.text.trim().is_empty() {
        return Err("something is not closed, or beside the element".to_owned());
    }
    match (document.children.pop(), document.children.len()) {
        (Some(only), 0) => Ok(only),
        _ => Err("not one element".to_owned()),
    }
}

/// Whether a character may be in a document at all: `Char` of XML 1.0.
fn is_of_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

fn top(open: &mut [Element]) -> Result<&mut Element, String> {
    open.last_mut().ok_or_else(|| "closed too often".to_owned())
}

/// A tag's name and attributes.
fn opened(inside: &str) -> Result<Element, String> {
    let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, mut rest) = inside.split_at(end);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || ":-_".contains(c)) {
        return Err(format!("a tag of the name {name:?}"));
    }
    let mut element = Element { name: name.to_owned(), ..Element::default() };
    while !rest.trim().is_empty() {
        let (name, value) = rest.split_once("=\"").ok_or_else(|| format!("no attribute: {rest}"))?;
        let (value, after) = value.split_once('"').ok_or_else(|| format!("a value without an end: {value}"))?;
        let bare = name.trim_start();
        if bare.len() == name.len() || element.attribute(bare).is_some() {
            return Err(format!("the attribute {name}"));
        }
        element.attributes.push(Attribute { name: bare.to_owned(), value: meant(value)? });
        rest = after;
    }
    Ok(element)
}

/// What a text means that has the five entities and numbers in it.
fn meant(text: &str) -> Result<String, String> {
    if text.contains("]]>") {
        return Err("`]]>` in a text".to_owned());
    }
    let mut pieces = text.split('&');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').ok_or_else(|| format!("no entity: &{piece}"))?;
        let number = name.strip_prefix('#').and_then(|number| number.parse().ok()).and_then(char::from_u32);
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => number.filter(|c| is_of_xml(*c)).ok_or_else(|| format!("no entity: &{name};"))?,
        });
        out.push_str(rest);
    }
    Ok(out)
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let document = |inside: &str| parse(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{inside}\n"));
    let a = document("<a b=\"1 &lt; 2\"><!-- c --><d/>x &amp; y</a>").unwrap();
    assert_eq!((a.attribute("b"), a.text.as_str(), a.all("d").count()), (Some("1 < 2"), "x & y", 1));
    for wrong in [
        "",
        "<a>",
        "</a>",
        "<a></b>",
        "<a/><b/>",
        "x<a/>",
        "<a/>x",
        "<a b=\"1\" b=\"2\"/>",
        "<a b='1'/>",
        "<a b=\"1\"c=\"2\"/>",
        "<a b/>",
        "<a b=\"1/>",
        "<a>&</a>",
        "<a>&b;</a>",
        "<a>&#0;</a>",
        "<a>]]></a>",
        "<a><![CDATA[x]]></a>",
        "<a><?b c?></a>",
        "<a>\u{1}</a>",
        "<a>\u{ffff}</a>",
        "<a><!-- b",
        "<a><!-- -- --></a>",
    ] {
        assert!(document(wrong).is_err(), "{wrong}");
    }
    assert!(parse("<a/>").is_err(), "no declaration");
}
