//! Wiki links: `[[name]]`, `[[folder/name.md#heading|alias]]`.

use super::markdown::outside_code;

/// Characters of a name. Names are keys of indexes, of which a row has its limit.
const MAX_NAME: usize = 300;

/// What a wiki link, or a name in a list, names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The name, case-folded, without folder, `.md`, heading and alias.
    pub slug: String,
    /// The folders before it, case-folded, where it has any.
    pub folder: Option<String>,
    /// The heading behind it, case-folded, where it has one.
    pub heading: Option<String>,
}

impl Link {
    /// What the inside of a link, or a bare name, stands for. None where nothing is left, or more than a name has.
    pub fn named(text: &str) -> Option<Self> {
        let target = text.split('|').next().unwrap_or_default();
        let (target, heading) = match target.split_once('#') {
            Some((target, heading)) => (target, Some(fold(heading)).filter(|heading| !heading.is_empty())),
            None => (target, None),
        };
        let target = fold(target);
        let (folder, name) = match target.rsplit_once('/') {
            Some((folder, name)) => (Some(folder.trim_start_matches(['.', '/'])), name),
            None => (None, &*target),
        };
        let slug = name.strip_suffix(".md").unwrap_or(name).trim();
        let folder = folder.filter(|folder| !folder.is_empty()).map(str::to_owned);
        let is_name = !slug.is_empty() && slug.chars().nth(MAX_NAME).is_none();
        is_name.then(|| Self { slug: slug.to_owned(), folder, heading })
    }
}

/// The name by which others cite a file.
pub fn slug_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folded = fold(name);
    cut(folded.strip_suffix(".md").map_or(&*folded, str::trim))
}

/// The name by which others cite what has a title.
pub fn slug_of_title(title: &str) -> String {
    cut(&fold(title))
}

fn cut(slug: &str) -> String {
    slug.chars().take(MAX_NAME).collect()
}

/// In lower case, with one space between words.
pub fn fold(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The wiki links of a line or a value.
pub fn of_line(line: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut rest = line;
    while let Some(begin) = rest.find("[[") {
        rest = &rest[begin + 2..];
        let Some(end) = rest.find("]]") else { break };
        // `[[a [[b]]` names b.
        let inside = &rest[..end];
        let inside = inside.rfind("[[").map_or(inside, |again| &inside[again + 2..]);
        links.extend(Link::named(inside));
        rest = &rest[end + 2..];
    }
    links
}

/// The wiki links of a text, line by line: code blocks are passed over.
pub fn by_line(text: &str) -> impl Iterator<Item = (&str, Vec<Link>)> {
    outside_code(text).filter(|line| line.contains("[[")).map(|line| (line, of_line(line)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn link(slug: &str, folder: Option<&str>, heading: Option<&str>) -> Link {
        Link { slug: slug.into(), folder: folder.map(Into::into), heading: heading.map(Into::into) }
    }

    #[test]
    fn a_link_names_a_file_however_it_is_written() {
        for (text, named) in [
            ("[[high water]]", link("high water", None, None)),
            ("[[High  Water ]]", link("high water", None, None)),
            ("[[high water.md]]", link("high water", None, None)),
            ("[[high water|when it is high]]", link("high water", None, None)),
            ("[[high water#Neap tides|so]]", link("high water", None, Some("neap tides"))),
            ("![[Domains/Tides/high water.md]]", link("high water", Some("domains/tides"), None)),
            ("[[../tides/high water]]", link("high water", Some("tides"), None)),
            ("[[ÉBB — and flow]]", link("ébb — and flow", None, None)),
            ("[[broken [[high water]]", link("high water", None, None)),
        ] {
            assert_eq!(of_line(text), [named], "{text}");
        }
        assert_eq!(of_line("no [[ ]] and [[#only a heading]] and [[open"), []);
        assert_eq!(of_line("[[a]], [[b]]").len(), 2);
    }

    #[test]
    fn code_names_nothing() {
        let text = "[[a]]\n```\n[[b]]\n```\n~~~md\n[[c]]\n```\n~~~\n[[d]]\n";
        let slugs: Vec<_> = by_line(text).flat_map(|(_, links)| links).map(|link| link.slug).collect();
        assert_eq!(slugs, ["a", "d"]);
    }

    #[test]
    fn a_file_is_cited_by_its_name() {
        for (path, slug) in [("domains/tides/High Water.md", "high water"), ("a.MD", "a"), ("a.txt", "a.txt")]
        {
            assert_eq!(slug_of(path), slug);
        }
    }

    #[test]
    fn a_name_has_its_limit() {
        let (longest, longer) = ("é".repeat(MAX_NAME), "é".repeat(MAX_NAME + 1));
        assert_eq!(Link::named(&format!("a/{longest}.md#b|c")), Some(link(&longest, Some("a"), Some("b"))));
        assert_eq!((Link::named(&longer), of_line(&format!("[[{longer}]]"))), (None, vec![]));
        assert_eq!((slug_of(&format!("a/{longer}.md")), slug_of_title(&longer)), (longest.clone(), longest));
    }

    proptest! {
        #[test]
        fn a_link_to_a_file_s_name_or_path_always_finds_its_slug(folder in "[a-zé]{1,5}", name in "[A-Za-zé—,.' -]{0,20}[a-z]") {
            let path = format!("{folder}/{name}.md");
            let slug = slug_of(&path);
            prop_assert_eq!(&of_line(&format!("[[{name}]]"))[0].slug, &slug);
            prop_assert_eq!(&of_line(&format!("[[{path}|x]]"))[0].slug, &slug);
        }

        #[test]
        fn no_text_is_too_strange(text in "[\\[\\]|#/.a\\n`é]{0,40}") {
            let _ = by_line(&text).count();
        }
    }
}
