//! Writes the implementations.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Field, Fields, Result};

use crate::attribute::{self, Case, Code, Explained, HintText, Wording};
use crate::format::Format;

/// A variant, or a struct as the only one.
struct Shape<'a> {
    /// `Self` or `Self::Variant`.
    path: TokenStream,
    fields: &'a Fields,
    explained: Explained,
}

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let shapes = shapes(input)?;
    let name = &input.ident;
    let (generics, types, conditions) = input.generics.split_for_impl();
    let mut entries = Vec::new();
    let (mut codes, mut texts, mut hints, mut sources, mut froms) = (vec![], vec![], vec![], vec![], vec![]);
    for shape in &shapes {
        let pattern = shape.pattern();
        match &shape.explained {
            Explained::Transparent => {
                let inner = shape.only_field()?;
                codes.push(quote! { #pattern => crate::message::Explain::code(&*#inner) });
                texts.push(quote! { #pattern => crate::message::Explain::text(&*#inner) });
                hints.push(quote! { #pattern => crate::message::Explain::hints(&*#inner) });
            }
            Explained::Cases(cases) => {
                codes.push(arm(&pattern, cases, |case| {
                    Ok(match &case.code {
                        Code::Own(code) => quote! { #code },
                        Code::Of(field) => quote! { crate::message::Explain::code(&*#field) },
                    })
                })?);
                texts.push(arm(&pattern, cases, text)?);
                hints.push(arm(&pattern, cases, hint_list)?);
                entries.extend(cases.iter().filter_map(entry));
            }
        }
        sources.push(shape.source_arm()?);
        froms.extend(shape.conversion(input)?);
    }
    Ok(quote! {
        #[automatically_derived]
        #[allow(unused_variables, clippy::all, clippy::pedantic)]
        impl #generics crate::message::Explain for #name #types #conditions {
            fn code(&self) -> &'static str {
                match self { #(#codes,)* }
            }
            fn text(&self) -> crate::message::Text {
                #[allow(unused_imports)]
                use crate::message::wording::{ByDisplay as _, ByExplain as _, ByLanguage as _, Said};
                match self { #(#texts,)* }
            }
            fn hints(&self) -> ::std::vec::Vec<crate::message::Text> {
                #[allow(unused_imports)]
                use crate::message::wording::{ByDisplay as _, ByExplain as _, ByLanguage as _, Said};
                match self { #(#hints,)* }
            }
        }

        #[automatically_derived]
        impl #generics ::std::fmt::Display for #name #types #conditions {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&crate::message::Explain::text(self).en)
            }
        }

        #[automatically_derived]
        #[allow(unused_variables)]
        impl #generics ::std::error::Error for #name #types #conditions {
            fn source(&self) -> ::std::option::Option<&(dyn ::std::error::Error + 'static)> {
                match self { #(#sources,)* }
            }
        }

        #[automatically_derived]
        impl #generics #name #types #conditions {
            /// Every code of this type, for the documents.
            pub(crate) const CODES: &'static [crate::message::CodeEntry] = &[#(#entries),*];
        }

        #(#froms)*
    })
}

fn shapes(input: &DeriveInput) -> Result<Vec<Shape<'_>>> {
    match &input.data {
        Data::Struct(data) => {
            let explained = attribute::read(&input.attrs, input.ident.span())?;
            Ok(vec![Shape { path: quote! { Self }, fields: &data.fields, explained }])
        }
        Data::Enum(data) => data
            .variants
            .iter()
            .map(|variant| {
                let explained = attribute::read(&variant.attrs, variant.ident.span())?;
                let ident = &variant.ident;
                Ok(Shape { path: quote! { Self::#ident }, fields: &variant.fields, explained })
            })
            .collect(),
        Data::Union(_) => Err(Error::new_spanned(&input.ident, "a union explains nothing")),
    }
}

/// The name under which the code of a variant knows a field.
fn bound(index: usize, field: &Field) -> Ident {
    field.ident.clone().unwrap_or_else(|| format_ident!("_{}", index))
}

impl Shape<'_> {
    fn names(&self) -> Vec<Ident> {
        self.fields.iter().enumerate().map(|(index, field)| bound(index, field)).collect()
    }

    fn pattern(&self) -> TokenStream {
        let (path, names) = (&self.path, self.names());
        match self.fields {
            Fields::Named(_) => quote! { #path { #(#names),* } },
            Fields::Unnamed(_) => quote! { #path(#(#names),*) },
            Fields::Unit => quote! { #path },
        }
    }

    fn only_field(&self) -> Result<Ident> {
        match (self.names().as_slice(), self.fields.iter().find(|field| from_attribute(field))) {
            ([only], _) => Ok(only.clone()),
            _ => Err(Error::new_spanned(&self.path, "`transparent` is for exactly one field")),
        }
    }

    fn source_arm(&self) -> Result<TokenStream> {
        let pattern = self.pattern();
        let marked = |field: &Field| from_attribute(field) || has(field, "source");
        let mut sources = self.fields.iter().enumerate().filter(|(_, field)| marked(field));
        let source = sources.next().map(|(index, field)| bound(index, field));
        if let Some((_, second)) = sources.next() {
            return Err(Error::new_spanned(second, "an error has one source"));
        }
        Ok(match (&self.explained, source) {
            // What explains itself is its own place in the chain.
            (Explained::Transparent, _) => {
                let inner = self.only_field()?;
                quote! { #pattern => ::std::error::Error::source(&*#inner) }
            }
            (Explained::Cases(_), Some(source)) => quote! { #pattern => ::std::option::Option::Some(&*#source) },
            (Explained::Cases(_), None) => quote! { #pattern => ::std::option::Option::None },
        })
    }

    fn conversion(&self, input: &DeriveInput) -> Result<Option<TokenStream>> {
        let Some(field) = self.fields.iter().find(|field| from_attribute(field)) else { return Ok(None) };
        if self.fields.len() != 1 {
            return Err(Error::new_spanned(field, "`#[from]` is for the only field"));
        }
        let (name, path, source) = (&input.ident, &self.path, &field.ty);
        let (generics, types, conditions) = input.generics.split_for_impl();
        let made = match &field.ident {
            Some(ident) => quote! { #path { #ident: source } },
            None => quote! { #path(source) },
        };
        Ok(Some(quote! {
            #[automatically_derived]
            impl #generics ::std::convert::From<#source> for #name #types #conditions {
                fn from(source: #source) -> Self { #made }
            }
        }))
    }
}

fn has(field: &Field, name: &str) -> bool {
    field.attrs.iter().any(|attribute| attribute.path().is_ident(name))
}

fn from_attribute(field: &Field) -> bool {
    has(field, "from")
}

/// `Pattern => if when { … } else { … }`
fn arm(pattern: &TokenStream, cases: &[Case], body: impl Fn(&Case) -> Result<TokenStream>) -> Result<TokenStream> {
    let mut written = TokenStream::new();
    for case in cases {
        let body = body(case)?;
        written.extend(match &case.when {
            Some(when) => quote! { if #when { #body } else },
            None => quote! { { #body } },
        });
    }
    Ok(quote! { #pattern => { #written } })
}

fn text(case: &Case) -> Result<TokenStream> {
    let values = values(case);
    let text = wording(&case.text)?;
    Ok(quote! { #(#values)* #text })
}

fn hint_list(case: &Case) -> Result<TokenStream> {
    let inner = match &case.code {
        Code::Own(_) => None,
        Code::Of(field) => Some(quote! { crate::message::Explain::hints(&*#field) }),
    };
    if case.hints.is_empty() && case.more_hints.is_none() && inner.is_none() {
        return Ok(quote! { ::std::vec::Vec::new() });
    }
    let values = values(case);
    let mut pushes = Vec::new();
    for hint in &case.hints {
        let text = match &hint.text {
            HintText::Own(text) => wording(text)?,
            HintText::Shared(shared) => quote! { crate::message::Text::from(#shared) },
        };
        pushes.push(match &hint.when {
            Some(when) => quote! { if #when { hints.push(#text); } },
            None => quote! { hints.push(#text); },
        });
    }
    if let Some((before, more)) = &case.more_hints {
        pushes.insert(*before, quote! { hints.extend(#more); });
    }
    let first = inner.unwrap_or_else(|| quote! { ::std::vec::Vec::new() });
    Ok(quote! {
        #(#values)*
        let mut hints = #first;
        #(#pushes)*
        hints
    })
}

fn values(case: &Case) -> Vec<TokenStream> {
    case.with.iter().map(|(name, value)| quote! { let #name = &(#value); }).collect()
}

/// The two wordings, each name said in the language of its text.
fn wording(wording: &Wording) -> Result<TokenStream> {
    let said = |literal, lang: TokenStream| -> Result<TokenStream> {
        let Format { text, names } = Format::read(literal)?;
        let names: Vec<Ident> = names.into_iter().collect();
        Ok(quote! { ::std::format!(#text, #(#names = (&&&Said(#names)).said(crate::message::Lang::#lang)),*) })
    };
    let (en, ja) = (said(&wording.en, quote! { En })?, said(&wording.ja, quote! { Ja })?);
    Ok(quote! { crate::message::Text { en: #en, ja: #ja } })
}

/// What is known of a text's code; one that is the code of an error inside is known there.
fn entry(case: &Case) -> Option<TokenStream> {
    let Code::Own(code) = &case.code else { return None };
    let pair = |wording: &Wording| {
        let (en, ja) = (&wording.en, &wording.ja);
        quote! { crate::message::Wording { en: #en, ja: #ja } }
    };
    let text = pair(&case.text);
    let hints = case.hints.iter().map(|hint| match &hint.text {
        HintText::Own(text) => pair(text),
        HintText::Shared(shared) => quote! { #shared },
    });
    let note = match &case.note {
        Some(note) => {
            let note = pair(note);
            quote! { ::std::option::Option::Some(#note) }
        }
        None => quote! { ::std::option::Option::None },
    };
    Some(quote! { crate::message::CodeEntry { code: #code, text: #text, hints: &[#(#hints),*], note: #note } })
}
