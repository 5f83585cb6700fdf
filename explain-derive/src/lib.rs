//! `#[derive(Explain)]`: an error is written once, with its code, its two languages and its hints beside the variant.
//!
//! ```text
//! #[derive(Debug, Explain)]
//! pub enum FileError {
//!     #[explain(
//!         code = "file.too-large",
//!         en = "`{path}` is larger than {limit} bytes",
//!         ja = "`{path}` が {limit} バイトを超えています",
//!         hint(en = "check that it is the file you mean", ja = "指定したファイルが正しいか確認してください")
//!     )]
//!     TooLarge { path: PathBuf, limit: u64 },
//!     #[explain(transparent)]
//!     System(#[from] SystemError),
//! }
//! ```
//!
//! What it makes: `Explain` (code, text, hints), `Display` (the English text), `std::error::Error` with the source, `From` for a
//! `#[from]` field, and `CODES`, the entries from which `docs/errors.md` is made.
//!
//! | argument | what it is |
//! |---|---|
//! | `code = "area.matter"` | the stable code |
//! | `of = field` | instead of `code`: the text is said around the error in this field, which gives the code and the first hints |
//! | `en = "…"`, `ja = "…"` | the text; `{field}`, `{0}` and names of `with` are filled in, each in the language of the text |
//! | `with(name = expression, …)` | values for the texts, made from the fields, which are references there |
//! | `hint(en = "…", ja = "…")` | what to do, the most useful first; `when = expression` gives it only then |
//! | `hint(shared = CONSTANT)` | the same with a constant `Wording`, for a hint of several errors |
//! | `hints = expression` | more hints, texts made from the fields; they come where they are written among the others |
//! | `note(en = "…", ja = "…")` | said in the documents alone, where the text and the hints leave something open |
//! | `when = expression` | this attribute is for these values only; several attributes on a variant, the last one without it |
//! | `transparent` | the one field explains itself |
//!
//! This crate decides nothing about wording or layout, and knows no error.

mod attribute;
mod expand;
mod format;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives `Explain` and what goes with it; see the head of this crate.
#[proc_macro_derive(Explain, attributes(explain, from, source))]
pub fn explain(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
