//! Reads `#[explain(…)]`: what was written, checked for completeness, with the place of every mistake.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Expr, Ident, LitStr, Result, Token, parenthesized};

/// What is on a variant.
pub enum Explained {
    /// The one field explains itself.
    Transparent,
    /// Said here: one case after the other, the last one for everything else.
    Cases(Vec<Case>),
}

/// One `#[explain(…)]` that says something.
pub struct Case {
    pub when: Option<Expr>,
    pub code: Code,
    pub text: Wording,
    pub with: Vec<(Ident, Expr)>,
    pub hints: Vec<Hint>,
    /// More hints, and how many of the others are written before them.
    pub more_hints: Option<(usize, Expr)>,
    pub note: Option<Wording>,
}

/// Whose code a text has.
pub enum Code {
    /// Its own.
    Own(LitStr),
    /// That of the error in this field, whose hints it has too.
    Of(Ident),
}

/// A text in both languages.
pub struct Wording {
    pub en: LitStr,
    pub ja: LitStr,
}

/// What to do, perhaps only in some cases.
pub struct Hint {
    pub when: Option<Expr>,
    pub text: HintText,
}

/// Where the text of a hint is written.
pub enum HintText {
    /// Here.
    Own(Wording),
    /// In a constant `Wording`, which several errors share.
    Shared(Expr),
}

/// Reads the attributes of one variant or struct, `span` being its name.
pub fn read(attributes: &[Attribute], span: Span) -> Result<Explained> {
    let mut cases = Vec::new();
    let ours: Vec<_> = attributes.iter().filter(|attribute| attribute.path().is_ident("explain")).collect();
    for (index, attribute) in ours.iter().enumerate() {
        match attribute.parse_args::<Argument>()? {
            Argument::Transparent if ours.len() == 1 => return Ok(Explained::Transparent),
            Argument::Transparent => return Err(Error::new_spanned(attribute, "`transparent` goes alone")),
            Argument::Case(case) => {
                let last = index + 1 == ours.len();
                if last == case.when.is_some() {
                    let rule = "every `explain` but the last has `when`, and the last has none";
                    return Err(Error::new_spanned(attribute, rule));
                }
                cases.push(*case);
            }
        }
    }
    if cases.is_empty() {
        return Err(Error::new(span, "`#[explain(…)]` is missing: a code, `en` and `ja`, or `transparent`"));
    }
    Ok(Explained::Cases(cases))
}

enum Argument {
    Transparent,
    Case(Box<Case>),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Ident) && input.fork().parse::<Ident>()? == "transparent" {
            input.parse::<Ident>()?;
            return Ok(Self::Transparent);
        }
        Ok(Self::Case(Box::new(input.parse()?)))
    }
}

impl Parse for Case {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let (mut when, mut code, mut of, mut en, mut ja) = (None, None, None, None, None);
        let (mut with, mut hints, mut more_hints, mut note) = (Vec::new(), Vec::new(), None, None);
        while !input.is_empty() {
            let name = Ident::parse_any(input)?;
            match name.to_string().as_str() {
                "when" => once(&mut when, value(input)?, &name)?,
                "code" => once(&mut code, value(input)?, &name)?,
                "of" => once(&mut of, value(input)?, &name)?,
                "en" => once(&mut en, value(input)?, &name)?,
                "ja" => once(&mut ja, value(input)?, &name)?,
                "hints" => once(&mut more_hints, (hints.len(), value(input)?), &name)?,
                "hint" => hints.push(in_brackets(input)?),
                "note" => once(&mut note, in_brackets::<Hint>(input)?.always()?, &name)?,
                "with" => with.extend(in_brackets::<Values>(input)?.0),
                _ => return Err(Error::new(name.span(), "no argument of `explain`")),
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let missing = |what| Error::new(input.span(), format!("`{what}` is missing"));
        let text = Wording { en: en.ok_or_else(|| missing("en"))?, ja: ja.ok_or_else(|| missing("ja"))? };
        let code = match (code, of) {
            (Some(code), None) => Code::Own(code),
            (None, Some(field)) if note.is_none() => Code::Of(field),
            (None, Some(field)) => return Err(Error::new(field.span(), "the note belongs to the error of this field")),
            (Some(_), Some(field)) => return Err(Error::new(field.span(), "either `code` or `of`")),
            (None, None) => return Err(missing("code")),
        };
        Ok(Self { when, code, text, with, hints, more_hints, note })
    }
}

impl Parse for Hint {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let (mut when, mut en, mut ja, mut shared) = (None, None, None, None);
        while !input.is_empty() {
            let name = Ident::parse_any(input)?;
            match name.to_string().as_str() {
                "when" => once(&mut when, value(input)?, &name)?,
                "en" => once(&mut en, value(input)?, &name)?,
                "ja" => once(&mut ja, value(input)?, &name)?,
                "shared" => once(&mut shared, value(input)?, &name)?,
                _ => return Err(Error::new(name.span(), "here go `en` and `ja`, or `shared`, and `when`")),
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let text = match (en, ja, shared) {
            (Some(en), Some(ja), None) => HintText::Own(Wording { en, ja }),
            (None, None, Some(shared)) => HintText::Shared(shared),
            _ => return Err(input.error("both `en` and `ja` are needed, or `shared` alone")),
        };
        Ok(Self { when, text })
    }
}

impl Hint {
    /// The text of something that may have no condition.
    fn always(self) -> Result<Wording> {
        match (self.when, self.text) {
            (Some(when), _) => Err(Error::new_spanned(when, "a note is for every case")),
            (None, HintText::Shared(shared)) => Err(Error::new_spanned(shared, "a note is written where it is said")),
            (None, HintText::Own(text)) => Ok(text),
        }
    }
}

/// `name = expression, …`
struct Values(Vec<(Ident, Expr)>);

impl Parse for Values {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let pair = |input: ParseStream<'_>| {
            let name = input.parse()?;
            Ok((name, value(input)?))
        };
        Ok(Self(Punctuated::<_, Token![,]>::parse_terminated_with(input, pair)?.into_iter().collect()))
    }
}

fn value<T: Parse>(input: ParseStream<'_>) -> Result<T> {
    input.parse::<Token![=]>()?;
    input.parse()
}

fn in_brackets<T: Parse>(input: ParseStream<'_>) -> Result<T> {
    let content;
    parenthesized!(content in input);
    content.parse()
}

fn once<T>(place: &mut Option<T>, value: T, name: &Ident) -> Result<()> {
    match place.replace(value) {
        Some(_) => Err(Error::new(name.span(), "given twice")),
        None => Ok(()),
    }
}
