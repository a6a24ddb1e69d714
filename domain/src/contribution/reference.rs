//! What an implementation ref of a link names: a commit, a pull request or a claim.
//!
//! People write these by hand, so a few spellings mean the same: `PR#12`, `pr #12`, `PR:12`, `pull/12`, `#12`;
//! `forgejo:PR#12` by its forge, `codex:PR#12` and `owner/codex#12` by the repository's name here; `commit:0A1B2C3`, `sha:…`, bare digits of a commit; `claim:Slug`, `claim:domains/x/slug.md`; and the
//! addresses that forges give to pull requests and commits.

use super::people::handle_of;
use super::store::UnitReference;
use serde::{Deserialize, Serialize};

/// Hexadecimal digits that name a commit: fewer would name many.
const COMMIT_DIGITS: std::ops::RangeInclusive<usize> = 7..=64;
/// What stands before the number or the digits in an address.
const ADDRESSED: [&str; 6] = ["pull", "pulls", "merge_requests", "pull-requests", "pullrequest", "commit"];
/// Characters of a claim's name at the most.
const MAX_SLUG: usize = 300;

/// What a ref names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// Merged changes.
    Unit(UnitReference),
    /// A piece of knowledge.
    Claim {
        /// The name by which others cite it.
        slug: String,
        /// Its path or the end of it, where the ref tells: folders may share a name.
        path: Option<String>,
    },
}

/// How the search for what a ref names ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RefStatus {
    /// It leads to one change or claim.
    Resolved,
    /// Several have this name.
    Ambiguous,
    /// Nothing that was imported has it.
    Unknown,
    /// It names something else: a file, an address, a version.
    Other,
}

impl RefStatus {
    /// That of a ref which so many have for a name.
    pub const fn of_count(count: usize) -> Self {
        match count {
            0 => Self::Unknown,
            1 => Self::Resolved,
            _ => Self::Ambiguous,
        }
    }
}

impl Reference {
    /// What a ref names; none where it is nothing of the kind.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        address(text).or_else(|| pull_request(text)).or_else(|| commit(text)).or_else(|| claim(text))
    }
}

/// The part behind a prefix, whatever its case.
fn behind<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| rest.trim())
}

fn number(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|number| plain && *number > 0)
}

fn sha(digits: &str) -> Option<String> {
    let plain = COMMIT_DIGITS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| digits.to_ascii_lowercase())
}

/// `PR#12`, with a forge or a repository before it or not.
fn pull_request(text: &str) -> Option<Reference> {
    let numbered = |text: &str| {
        let rest = ["pull request", "pull", "pr", "mr"].iter().find_map(|word| behind(text, word));
        let rest = rest.unwrap_or(text).trim_start_matches([':', '-', ' ', '/']);
        let digits = rest.strip_prefix(['#', '!']);
        // A number alone names nothing.
        let digits = if rest.len() < text.len() { digits.or(Some(rest)) } else { digits };
        number(digits?.trim())
    };
    if let Some(number) = numbered(text) {
        return Some(Reference::Unit(UnitReference::PullRequest { place: None, number }));
    }
    let of =
        |place: String, number| Reference::Unit(UnitReference::PullRequest { place: Some(place), number });
    // Names of repositories are handles here; whose the repository is there, does not count.
    let plain = |it: char| it.is_alphanumeric() || matches!(it, '/' | '-' | '_' | '.');
    if let Some((place, digits)) = text.rsplit_once(['#', '!'])
        && let Some((owner, repository)) = place.rsplit_once('/')
        && let (Some(repository), Some(number)) = (handle_of(repository), number(digits))
        && !owner.is_empty()
        && place.chars().all(plain)
    {
        return Some(of(repository, number));
    }
    let (place, rest) = text.split_once(':')?;
    let place = place.trim().to_lowercase();
    let is_name = handle_of(&place).is_some_and(|handle| handle == place);
    let number = numbered(rest.trim()).filter(|_| is_name && place != "commit" && place != "claim")?;
    Some(of(place, number))
}

/// `commit:0a1b2c3`, or the digits alone.
fn commit(text: &str) -> Option<Reference> {
    let named = ["commit:", "commit ", "sha:", "git:"].iter().find_map(|prefix| behind(text, prefix));
    // Digits alone may be any number: a commit has a letter among them, or all forty.
    let bare = || {
        let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
        Some(text).filter(|_| letters || text.len() >= 40)
    };
    sha(named.or_else(bare)?).map(|sha| Reference::Unit(UnitReference::Commit(sha)))
}

/// A slug as it is written, whatever it holds, case-folded: only folders and `.md` are left out, as no slug has them.
pub fn slug_as_is(text: &str) -> Option<String> {
    let name = text.rsplit('/').next()?.trim().to_lowercase();
    let slug = name.strip_suffix(".md").unwrap_or(&name).trim();
    ((1..=MAX_SLUG).contains(&slug.chars().count())).then(|| slug.to_owned())
}

/// `claim:slug`; a path, `.md`, heading, alias and brackets are left out, as in links between claims.
fn claim(text: &str) -> Option<Reference> {
    let name = behind(text, "claim:")?;
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let name = name.split(['|', '#']).next()?.trim();
    let name = name.trim_start_matches('/');
    let name = name.strip_suffix(".md").unwrap_or(name).trim();
    let path = name.contains('/').then(|| format!("{name}.md"));
    let slug = name.rsplit('/').next()?.to_lowercase();
    ((1..=MAX_SLUG).contains(&slug.chars().count())).then_some(Reference::Claim { slug, path })
}

/// `https://github.com/owner/repo/pull/12`, `…/pulls/12`, `…/-/merge_requests/12`, `…/commit/0a1b2c3`.
fn address(text: &str) -> Option<Reference> {
    let rest = behind(text, "https://").or_else(|| behind(text, "http://"))?;
    let (host, path) = rest.split_once('/')?;
    let mut parts = path.split(['/', '?', '#']).skip_while(|part| !ADDRESSED.contains(part));
    let (kind, named) = (parts.next()?, parts.next()?);
    if kind == "commit" {
        return sha(named).map(|sha| Reference::Unit(UnitReference::Commit(sha)));
    }
    // The host tells the forge only where the forge is named after it.
    let place = host.eq_ignore_ascii_case("github.com").then(|| "github".to_owned());
    number(named).map(|number| Reference::Unit(UnitReference::PullRequest { place, number }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pr(place: Option<&str>, number: i64) -> Option<Reference> {
        let place = place.map(str::to_owned);
        Some(Reference::Unit(UnitReference::PullRequest { place, number }))
    }

    fn commit(sha: &str) -> Option<Reference> {
        Some(Reference::Unit(UnitReference::Commit(sha.to_owned())))
    }

    #[test]
    fn refs_are_read_however_people_spell_them() {
        let claim = |slug: &str, path: Option<&str>| {
            Some(Reference::Claim { slug: slug.to_owned(), path: path.map(str::to_owned) })
        };
        for (text, reference) in [
            ("PR#12", pr(None, 12)),
            (" pr #12 ", pr(None, 12)),
            ("PR:12", pr(None, 12)),
            ("PR-12", pr(None, 12)),
            ("pr12", pr(None, 12)),
            ("pull/12", pr(None, 12)),
            ("#12", pr(None, 12)),
            ("!12", pr(None, 12)),
            ("forgejo:PR#62", pr(Some("forgejo"), 62)),
            ("GitHub: pr#62", pr(Some("github"), 62)),
            ("codex:PR#62", pr(Some("codex"), 62)),
            ("gitlab:!62", pr(Some("gitlab"), 62)),
            ("bitbucket:PR#62", pr(Some("bitbucket"), 62)),
            ("azure: PR 62", pr(Some("azure"), 62)),
            ("my.codex_2: #62", pr(Some("my.codex_2"), 62)),
            ("sea/Codex#62", pr(Some("codex"), 62)),
            ("sea/deep/codex!62", pr(Some("codex"), 62)),
            ("https://github.com/o/r/pull/7", pr(Some("github"), 7)),
            ("https://gitlab.com/o/r/-/merge_requests/7", pr(None, 7)),
            ("https://bitbucket.org/o/r/pull-requests/7", pr(None, 7)),
            ("https://dev.azure.com/o/p/_git/r/pullrequest/7", pr(None, 7)),
            ("https://git.example.org/o/r/pulls/7", pr(None, 7)),
            ("commit:0A1B2C3", commit("0a1b2c3")),
            ("Commit: 0a1b2c3d", commit("0a1b2c3d")),
            ("0a1b2c3", commit("0a1b2c3")),
            ("https://github.com/o/r/commit/0a1b2c3d", commit("0a1b2c3d")),
            ("claim:Tides-Rise", claim("tides-rise", None)),
            ("claim:domains/sea/Tides rise.md", claim("tides rise", Some("domains/sea/Tides rise.md"))),
            ("claim:[[Tides rise|tides]]", claim("tides rise", None)),
        ] {
            assert_eq!(Reference::read(text), reference, "{text:?}");
        }
    }

    #[test]
    fn what_names_neither_a_change_nor_a_claim_is_nothing() {
        for text in [
            "",
            "12",
            "1234567",
            "PR#",
            "PR#0",
            "PR#-1",
            "PR#99999999999999999999",
            "commit:0a1b2",
            "commit:zzzzzzz",
            "claim:",
            "claim:.md",
            "server/src/main.rs",
            "v1.2.3",
            "product",
            "prefix",
            "codex#12",
            "/codex#12",
            "a b/codex#12",
            "sea/codex#",
            "https://example.org/a",
            "commit:PR#12",
            "é",
        ] {
            assert_eq!(Reference::read(text), None, "{text:?}");
        }
    }
}
