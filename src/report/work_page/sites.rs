//! A page for each site, beside the page of a fleet: their names, which are ours and lead nowhere else.

use std::collections::BTreeMap;

/// The pages of sites, by the site's name: paths from the page of the fleet.
#[derive(Debug, Clone, Default)]
pub struct SitePages(BTreeMap<String, String>);

impl SitePages {
    /// The folder of these pages, beside the page of the fleet.
    pub const FOLDER: &'static str = "sites";

    /// A page for each of these sites.
    pub fn of<'s>(sites: impl IntoIterator<Item = &'s str>) -> Self {
        let mut pages = BTreeMap::new();
        for site in sites {
            let next = pages.len() + 1;
            pages.entry(site.to_owned()).or_insert_with(|| format!("{}/{}", Self::FOLDER, file(next, site)));
        }
        Self(pages)
    }

    /// The page of a site.
    pub fn page(&self, site: &str) -> Option<&str> {
        self.0.get(site).map(String::as_str)
    }
}

/// A file's name that is new for each site, and that every system takes: what is no letter or digit of ASCII is left out.
fn file(number: usize, site: &str) -> String {
    const LONGEST: usize = 48;
    let fits = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
    let name: String = site.chars().filter(fits).take(LONGEST).collect();
    let name = if name.is_empty() { "site".to_owned() } else { name };
    format!("{number:05}-{name}.html")
}

#[cfg(test)]
mod tests {
    use super::SitePages;

    #[test]
    fn a_page_is_in_its_folder_whatever_its_site_is_called() {
        let pages = SitePages::of(["sato", "../../etc/passwd", "佐藤", "sato", "CON"]);
        let page = |site| pages.page(site).unwrap_or_default();
        assert_eq!(page("sato"), "sites/00001-sato.html");
        assert_eq!(page("../../etc/passwd"), "sites/00002-etcpasswd.html");
        assert_eq!([page("佐藤"), page("CON")], ["sites/00003-site.html", "sites/00004-CON.html"]);
        assert_eq!(pages.page("none"), None);
    }
}
