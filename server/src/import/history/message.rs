//! What the message of a commit tells.
//!
//! The raw first line is the title: forges put trailers right below it, and git's own subject would take them in.
//! Trailers are found wherever they stand: at the end, below the title, within a line, in the list of a squash.

use domain::contribution::{Names, RevertedNumber, Trailer};
use std::collections::BTreeSet;

/// Bytes of a message that are read.
const MAX_MESSAGE: usize = 64 * 1024;
/// Characters of a title that are kept, and of a branch.
const MAX_TITLE: usize = 500;
/// Trailers of one message that are kept.
const MAX_TRAILERS: usize = 100;
/// Reverts of one message that are kept.
const MAX_REVERTS: usize = 100;
/// Characters of a name.
const MAX_NAME: usize = 100;

/// What a message tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The raw first line.
    pub title: String,
    /// What stands before a `: ` at the start of the title, or of the title of the pull request, in lower case.
    pub label: Option<String>,
    /// The forge that wrote it, where its form tells.
    pub forge: Option<&'static str>,
    /// The number of the pull request.
    pub number: Option<i64>,
    /// The branch that was merged.
    pub branch: Option<String>,
    /// Trailers, each once, in order.
    pub trailers: Vec<Trailer>,
    /// Commits that it says it reverts, in order.
    pub reverts: Vec<String>,
    /// Pull requests that it says it reverts, in order.
    pub reverts_numbers: Vec<RevertedNumber>,
    /// What of it was cut, as it was longer than is read.
    pub cut: BTreeSet<&'static str>,
}

/// Keys of trailers: a policy's, and those in common use.
pub struct Keys(Vec<String>);

/// Trailers in common use, besides all that end with `-by`.
const COMMON: [&str; 2] = ["co-authored-by", "co-committed-by"];

impl Keys {
    /// The keys that a policy names, and those in common use.
    pub fn new(names: &Names) -> Self {
        let named = [&names.agent_trailers, &names.reviewer_trailers, &names.proposer_trailers];
        let named = named.into_iter().flatten().map(|key| key.to_lowercase());
        Self(named.chain(COMMON.map(str::to_owned)).collect())
    }

    /// Whether a key is one at the start of a line.
    fn leads(&self, key: &str) -> bool {
        key.ends_with("-by") || self.0.iter().any(|known| known == key)
    }

    /// Whether a key is one in the middle of a line, where one word with a colon is no trailer.
    fn stands_within(&self, key: &str) -> bool {
        key.contains('-') && self.leads(key)
    }
}

/// Reads a message, in time that grows with its length and no faster.
pub fn read(message: &str, keys: &Keys) -> Message {
    let whole = message.trim_start_matches(['\n', '\r']);
    let message = &whole[..whole.floor_char_boundary(MAX_MESSAGE)];
    let title = message.lines().next().unwrap_or_default().trim_end();
    let mut read = Message { title: cut(title), ..Message::default() };
    read.cut.extend((message.len() < whole.len()).then_some("the message: its first 65536 bytes were read"));
    read.cut
        .extend((read.title.len() < title.len()).then_some("the title: its first 500 characters are kept"));
    let proposed = read.read_title(title, message);
    read.read_reverted_title(proposed);
    if read.branch.as_ref().is_some_and(|branch| branch.chars().count() == MAX_TITLE) {
        read.cut.insert("the branch's name: its first 500 characters are kept");
    }
    for (place, line) in message.lines().enumerate() {
        // As long as the line itself: what is found in it is found there.
        let lower = line.to_ascii_lowercase();
        read.read_trailers(line, &lower, place == 0, keys);
        read.read_reverts(&lower);
        read.read_reverted_numbers(&lower);
    }
    read.read_below(message);
    if read.forge.is_none() && read.trailers.iter().any(|trailer| trailer.key == "co-committed-by") {
        // Nobody else writes this one.
        read.forge = Some("forgejo");
    }
    read
}

fn cut(title: &str) -> String {
    title.chars().take(MAX_TITLE).collect()
}

/// `(#12)` at the end of a text, and what stands before it.
fn numbered(text: &str) -> Option<(&str, i64)> {
    let (before, number) = text.trim_end().strip_suffix(')')?.rsplit_once("(#")?;
    Some((before, number_of(number)?))
}

fn number_of(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

fn plain_branch(branch: &str) -> String {
    cut(branch.trim().strip_prefix("origin/").unwrap_or(branch.trim()))
}

/// What stands before a `: `, where it may name somebody.
fn label_of(title: &str) -> Option<String> {
    let (label, rest) = title.split_once(':')?;
    let label = label.trim_end_matches('!');
    let may_name = (1..=40).contains(&label.len())
        && label.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | '@'))
        && rest.starts_with(' ');
    may_name.then(|| label.trim_start_matches('@').to_lowercase()).filter(|label| !label.is_empty())
}

impl Message {
    /// Reads the title as the forges write it; how the pull request is titled, where that stands elsewhere, else it.
    fn read_title<'a>(&mut self, title: &'a str, message: &'a str) -> &'a str {
        self.label = label_of(title);
        let below =
            || message.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
        if let Some(rest) = title.strip_prefix("Merge pull request '") {
            // Forgejo: 'TITLE' (#12) from BRANCH into main; the title may hold anything.
            let Some(at) = rest.rfind("' (#") else { return title };
            let Some((digits, tail)) = rest[at + 4..].split_once(')') else { return title };
            self.number = number_of(digits);
            self.forge = self.number.map(|_| "forgejo");
            self.label = label_of(&rest[..at]);
            let branch = tail.strip_prefix(" from ").map(|tail| tail.split(" into ").next().unwrap_or(tail));
            self.branch = branch.map(plain_branch);
            return &rest[..at];
        }
        if let Some(rest) = title.strip_prefix("Merge pull request #") {
            let (digits, tail) = rest.split_once(' ').unwrap_or((rest, ""));
            self.number = number_of(digits);
            self.label = label_of(below());
            if let Some((_, from)) = tail.strip_prefix("in ").and_then(|tail| tail.split_once(" from ")) {
                // Bitbucket: #12 in PROJECT/repository from BRANCH to main, and the title of the pull request below.
                self.forge = self.number.map(|_| "bitbucket");
                self.branch = Some(plain_branch(from.split(" to ").next().unwrap_or(from)));
                return below();
            }
            // GitHub: #12 from owner/BRANCH, and the title of the pull request below.
            self.forge = self.number.map(|_| "github");
            let from = tail.strip_prefix("from ").map(str::trim);
            self.branch =
                from.map(|from| plain_branch(from.split_once('/').map_or(from, |(_, branch)| branch)));
            return below();
        }
        if let Some((branch, digits)) =
            title.strip_prefix("Merged in ").and_then(|rest| rest.split_once(" (pull request #"))
        {
            // Bitbucket: BRANCH (pull request #12), and the title of the pull request below.
            self.number = digits.strip_suffix(')').and_then(number_of);
            self.forge = self.number.map(|_| "bitbucket");
            self.branch = self.number.map(|_| plain_branch(branch));
            self.label = label_of(below());
            return below();
        }
        if let Some((digits, proposed)) =
            title.strip_prefix("Merged PR ").and_then(|rest| rest.split_once(": "))
            && let Some(number) = number_of(digits)
        {
            // Azure: 12: the title of the pull request.
            (self.number, self.forge, self.label) = (Some(number), Some("azure"), label_of(proposed));
            return proposed;
        }
        if let Some(rest) = title
            .strip_prefix("Merge branch '")
            .or_else(|| title.strip_prefix("Merge remote-tracking branch '"))
        {
            self.branch = rest.split('\'').next().map(plain_branch).filter(|branch| !branch.is_empty());
            return title;
        }
        self.number = numbered(title).map(|(_, number)| number);
        title
    }

    /// Reads the lines below the title in which forges tell of the pull request; where they tell of several, none of
    /// them is its own.
    fn read_below(&mut self, message: &str) {
        if self.forge.is_some() {
            return;
        }
        let (mut of_gitlab, mut of_forgejo, mut of_bitbucket) = (BTreeSet::new(), BTreeSet::new(), None);
        for line in message.lines().skip(1) {
            of_gitlab.extend(line.strip_prefix("See merge request ").and_then(merge_request));
            of_forgejo.extend(line.strip_prefix("Reviewed-on: ").and_then(reviewed_on));
            if let Some((_, from)) = line.strip_prefix("Merge in ").and_then(|line| line.split_once(" from "))
            {
                of_bitbucket = of_bitbucket.or(from.split_once(" to ").map(|(branch, _)| branch));
            }
        }
        let own = |numbers: &BTreeSet<i64>| {
            let only = numbers.first().copied().filter(|_| numbers.len() == 1);
            only.filter(|number| self.number.is_none_or(|known| known == *number))
        };
        let pull_request = || {
            let (digits, proposed) = self.title.strip_prefix("Pull request #")?.split_once(": ")?;
            Some((number_of(digits)?, label_of(proposed)))
        };
        if let (Some((number, label)), Some(branch)) = (pull_request(), of_bitbucket) {
            // Bitbucket: #12: TITLE, and the branch below.
            (self.number, self.forge, self.label) = (Some(number), Some("bitbucket"), label);
            self.branch = Some(plain_branch(branch));
        } else if let Some(number) = own(&of_gitlab) {
            // GitLab: of a merge, the title of the merge request stands below.
            if self.branch.is_some() {
                let below = message.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default();
                self.label = label_of(below);
                self.read_reverted_title(below);
            }
            (self.number, self.forge) = (Some(number), Some("gitlab"));
        } else if let Some(number) = own(&of_forgejo) {
            (self.number, self.forge) = (Some(number), Some("forgejo"));
        }
    }

    /// `Revert "Tides (#12)"`, and what a forge puts into the quotes of a merge.
    fn read_reverted_title(&mut self, title: &str) {
        let quoted = title.strip_prefix("Revert \"").and_then(|rest| rest.rsplit_once('"'));
        let Some((inner, behind)) = quoted else { return };
        let mut reverted = Self::default();
        reverted.read_title(inner, "");
        match (reverted.number, numbered(behind)) {
            (Some(number), _) => self.push_number(number, None),
            // This may be its own number: what it reverts must be titled so.
            (None, Some((_, number))) => self.push_number(number, Some(cut(inner))),
            (None, None) => {
                // GitHub names the branch after what it reverts.
                let branch = self.branch.as_deref().filter(|_| self.forge == Some("github"));
                let digits = branch.and_then(|branch| branch.strip_prefix("revert-")?.split('-').next());
                if let Some(number) = digits.and_then(number_of) {
                    self.push_number(number, None);
                }
            }
        }
    }

    /// `Reverts #12`, `Reverts owner/repo#12`, `This reverts merge request !12`.
    fn read_reverted_numbers(&mut self, lower: &str) {
        const WORDS: [&str; 4] = ["pull request ", "merge request ", "pr ", "mr "];
        let line = lower.trim_start_matches([' ', '\t', '*', '-', '>']);
        let line = line.strip_prefix("this ").unwrap_or(line);
        let Some(rest) = line.strip_prefix("reverts ") else { return };
        let rest = WORDS.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
        for word in rest.split([' ', ',']).filter(|word| !matches!(*word, "" | "and")) {
            let Some(number) = numbered_word(word) else { return };
            self.push_number(number, None);
        }
    }

    fn push_number(&mut self, number: i64, title: Option<String>) {
        let reverted = RevertedNumber { number, title };
        if number <= 0 || self.reverts_numbers.contains(&reverted) {
            return;
        }
        if self.reverts_numbers.len() >= MAX_REVERTS {
            self.cut.insert("what it reverts: the first 100 are kept");
            return;
        }
        self.reverts_numbers.push(reverted);
    }

    fn read_trailers(&mut self, line: &str, lower: &str, is_title: bool, keys: &Keys) {
        // At the start, or behind the mark of a list or of emphasis.
        let marks = line.find(|it: char| !it.is_whitespace() && !"*->".contains(it)).unwrap_or(line.len());
        let mut found = Vec::new();
        for (at, _) in line.match_indices(':') {
            let begin = line[..at]
                .rfind(|it: char| !it.is_ascii_alphanumeric() && it != '-')
                .map_or(0, |before| before + line[before..].chars().next().map_or(1, char::len_utf8));
            let key = &lower[begin..at];
            let leads = !is_title && begin <= marks;
            let is_key = if leads { keys.leads(key) } else { keys.stands_within(key) };
            if is_key && key.len() <= MAX_NAME {
                found.push((begin, at + 1, key));
            }
        }
        for (place, (_, value, key)) in found.iter().enumerate() {
            let end = found.get(place + 1).map_or(line.len(), |next| next.0);
            self.keep(key, line[*value..end].trim_matches([' ', '\t', '*']));
        }
        if found.is_empty() {
            self.read_prose(line, lower, keys);
        }
    }

    /// `Reviewed by Ann (tides) and Bob.`, `Reviewed by: Ann (approved), Bob (approved)`.
    fn read_prose(&mut self, line: &str, lower: &str, keys: &Keys) {
        if !keys.0.iter().any(|key| key == "reviewed-by") {
            return;
        }
        let Some(at) = lower.find("reviewed by").filter(|at| {
            line[..*at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '-')
        }) else {
            return;
        };
        let rest = line[at + "reviewed by".len()..].trim_start_matches([':', '*', ' ']);
        for name in prose_names(rest) {
            self.push("reviewed-by", &name, None);
        }
    }

    /// Keeps a trailer with what its value names.
    fn keep(&mut self, key: &str, value: &str) {
        match value.split_once('<').and_then(|(name, rest)| Some((name, rest.split_once('>')?.0))) {
            Some((name, bracket)) => {
                let bracket = Some(bracket.trim().to_owned()).filter(|bracket| !bracket.is_empty());
                self.push(key, name.trim(), bracket);
            }
            // Without one, a list of names and what they said is all that there may be.
            None => prose_names(value).into_iter().for_each(|name| self.push(key, &name, None)),
        }
    }

    fn push(&mut self, key: &str, name: &str, bracket: Option<String>) {
        let whole = name.trim_matches(['"', ' ']);
        let name: String = whole.chars().take(MAX_NAME).collect();
        if name.len() < whole.len() {
            self.cut.insert("a name in a trailer: its first 100 characters are kept");
        }
        let trailer = Trailer { key: key.to_owned(), name, bracket };
        if trailer.name.is_empty() || self.trailers.contains(&trailer) {
            return;
        }
        if self.trailers.len() >= MAX_TRAILERS {
            self.cut.insert("trailers: the first 100 of a message are kept");
            return;
        }
        self.trailers.push(trailer);
    }

    /// `This reverts commit 0123456789.`
    fn read_reverts(&mut self, lower: &str) {
        for rest in lower.split("reverts commit ").skip(1) {
            let end = rest.find(|it: char| !it.is_ascii_hexdigit()).unwrap_or(rest.len());
            let sha = &rest[..end];
            if !(7..=64).contains(&end) || self.reverts.iter().any(|known| known == sha) {
                continue;
            }
            if self.reverts.len() >= MAX_REVERTS {
                self.cut.insert("what it reverts: the first 100 are kept");
                return;
            }
            self.reverts.push(sha.to_owned());
        }
    }
}

/// `#12`, `!12`, `owner/repo#12` and `group/project!12`, whatever ends the sentence.
fn numbered_word(word: &str) -> Option<i64> {
    let word = word.trim_end_matches(['.', ';', ':', ')']);
    let (place, digits) = word.rsplit_once(['#', '!'])?;
    let plain = |it: char| it.is_alphanumeric() || matches!(it, '/' | '-' | '_' | '.');
    let is_place = place.is_empty() || place.contains('/') && place.chars().all(plain);
    number_of(digits).filter(|_| is_place)
}

/// `group/project!12`: a merge request as GitLab writes it.
fn merge_request(text: &str) -> Option<i64> {
    let text = text.trim();
    text.contains('!').then(|| numbered_word(text)).flatten()
}

/// `https://git.example.org/owner/repo/pulls/12`: a pull request as Forgejo and Gitea write it. Other tools write the
/// same line with other addresses.
fn reviewed_on(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('/');
    let address = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let (place, digits) = address.rsplit_once("/pulls/")?;
    number_of(digits).filter(|_| place.split('/').count() >= 3)
}

/// What somebody who reviewed may have said, behind their name.
const SAID: [&str; 8] = ["approved", "approves", "approve", "accepted", "accepts", "accept", "lgtm", "ok"];

/// What is said of nobody by name.
const NOBODY: [&str; 6] = ["all", "both", "none", "everyone", "nobody", "the"];

/// The names of `Ann (tides), Bob and Cy approved. And more.`: at most three words each, the first a capital, a digit
/// being none, or one word alone.
fn prose_names(text: &str) -> Vec<String> {
    // A sentence ends at a full stop before a space or the end.
    let sentence = text.split(". ").next().unwrap_or(text).trim_end_matches('.');
    let mut plain = String::new();
    let mut depth = 0_usize;
    for character in sentence.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    let parts = plain.split([',', ';', '&']).flat_map(|part| part.split(" and "));
    let names = parts.map(|part| {
        let mut words: Vec<&str> = part.split_whitespace().filter(|word| *word != "and").collect();
        if let Some(at) = words.iter().position(|word| SAID.contains(&word.to_lowercase().as_str())) {
            words.truncate(at);
        }
        words
    });
    let is_name = |words: &Vec<&str>| {
        if words.first().is_some_and(|word| NOBODY.contains(&word.to_lowercase().as_str())) {
            return false;
        }
        let first = words.first().and_then(|word| word.chars().next());
        match words.len() {
            1 => first.is_some_and(|it| it.is_alphabetic() || it == '@'),
            2 | 3 => first.is_some_and(char::is_uppercase),
            _ => false,
        }
    };
    names.filter(is_name).map(|words| words.join(" ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::contribution::{ContributionPolicy, DEFAULT_POLICY};
    use proptest::prelude::*;

    fn keys() -> Keys {
        Keys::new(&ContributionPolicy::named(DEFAULT_POLICY).unwrap().names)
    }

    fn trailers(message: &str) -> Vec<String> {
        let one = |it: Trailer| match it.bracket {
            Some(bracket) => format!("{}={}<{bracket}>", it.key, it.name),
            None => format!("{}={}", it.key, it.name),
        };
        read(message, &keys()).trailers.into_iter().map(one).collect()
    }

    #[test]
    fn a_title_tells_pull_request_branch_and_label_as_its_forge_writes_it() {
        for (message, forge, number, branch, label) in [
            ("ann: tides (#12)", None, Some(12), None, Some("ann")),
            ("Tides", None, None, None, None),
            ("Tides (#12) again", None, None, None, None),
            ("Tides (#x)", None, None, None, None),
            ("Auto-Fix: links", None, None, None, Some("auto-fix")),
            ("two words: no label", None, None, None, None),
            ("https://example.org is no label", None, None, None, None),
            (
                "Merge pull request 'ann: it's (#3) here' (#12) from ann/tides into main",
                Some("forgejo"),
                Some(12),
                Some("ann/tides"),
                Some("ann"),
            ),
            (
                "Merge pull request #7 from owner/bob/ebb-tides\n\nbob: ebb tides\n",
                Some("github"),
                Some(7),
                Some("bob/ebb-tides"),
                Some("bob"),
            ),
            ("Merge branch 'ann/tides' into main", None, None, Some("ann/tides"), None),
            ("Merge remote-tracking branch 'origin/tides'", None, None, Some("tides"), None),
            (
                "tides (#806)\nCo-authored-by: Ann <a@b>\nCo-committed-by: Ann <a@b>",
                Some("forgejo"),
                Some(806),
                None,
                None,
            ),
            (
                "Merge branch 'bob/tides' into 'main'\n\nbob: ebb\n\nSee merge request sea/codex!12",
                Some("gitlab"),
                Some(12),
                Some("bob/tides"),
                Some("bob"),
            ),
            ("bob: ebb\n\nSee merge request sea/deep/codex!12", Some("gitlab"), Some(12), None, Some("bob")),
            ("Ebb\n\nSee merge request a/b!12\nSee merge request a/b!13", None, None, None, None),
            ("Ebb\n\nSee merge request #12 for why", None, None, None, None),
            (
                "Merged in bob/tides (pull request #12)\n\nbob: ebb\n\nApproved-by: Ann",
                Some("bitbucket"),
                Some(12),
                Some("bob/tides"),
                Some("bob"),
            ),
            ("Merged in bob/tides", None, None, None, None),
            (
                "Merge pull request #12 in SEA/codex from bob/tides to main\n\n* commit 'x'",
                Some("bitbucket"),
                Some(12),
                Some("bob/tides"),
                None,
            ),
            (
                "Pull request #12: bob: ebb\n\nMerge in SEA/codex from bob/tides to main",
                Some("bitbucket"),
                Some(12),
                Some("bob/tides"),
                Some("bob"),
            ),
            ("Pull request #12: what it was", None, None, None, None),
            (
                "ebb (#12)\n\nReviewed-on: https://git.example.org/sea/codex/pulls/12",
                Some("forgejo"),
                Some(12),
                None,
                None,
            ),
            (
                "ebb\n\nReviewed-on: https://git.example.org/sea/codex/pulls/12\n",
                Some("forgejo"),
                Some(12),
                None,
                None,
            ),
            (
                "ebb (#7)\n\nReviewed-on: https://git.example.org/sea/codex/pulls/12",
                None,
                Some(7),
                None,
                None,
            ),
            ("ebb\n\nReviewed-on: https://review.example.org/c/codex/+/12", None, None, None, None),
            ("Merged PR 12: bob: ebb", Some("azure"), Some(12), None, Some("bob")),
            ("Merged PR twelve: ebb", None, None, None, None),
        ] {
            let read = read(message, &keys());
            let found = (read.forge, read.number, read.branch.as_deref(), read.label.as_deref());
            assert_eq!(found, (forge, number, branch, label), "{message}");
        }
    }

    #[test]
    fn the_title_is_the_raw_first_line() {
        let read = read("tides (#806)\nCo-authored-by: Ann <ann@example.org>\n", &keys());
        assert_eq!(read.title, "tides (#806)");
        assert_eq!(super::read("", &keys()).title, "");
        assert_eq!(super::read("\n\nlate\r\nx", &keys()).title, "late");
    }

    #[test]
    fn trailers_are_found_wherever_they_stand() {
        for (message, found) in [
            ("t\n\ntext\n\nPentagon-Agent: Ann <HEADLESS>\n", vec!["pentagon-agent=Ann<HEADLESS>"]),
            ("t (#1)\nCo-authored-by: Ann <a@b>", vec!["co-authored-by=Ann<a@b>"]),
            (
                "ann: tides. Pentagon-Agent: Ann <1-2>. Reviewed-By: Bob <3>",
                vec!["pentagon-agent=Ann<1-2>", "reviewed-by=Bob<3>"],
            ),
            ("t\n\nIt is done. Reviewed-by: Bob. And more.", vec!["reviewed-by=Bob"]),
            ("t\n\n* ann: one\n\n* Signed-off-by: Ann <a@b>", vec!["signed-off-by=Ann<a@b>"]),
            (
                "t\n\nReviewed by Ann (tides) and Bob (gauges). Both approved.",
                vec!["reviewed-by=Ann", "reviewed-by=Bob"],
            ),
            (
                "t\n\n- Reviewed by: Ann (approved), Bob (approved)",
                vec!["reviewed-by=Ann", "reviewed-by=Bob"],
            ),
            ("t\n\nReview: Ann approved.", vec!["review=Ann"]),
            ("t\n\n**Review:** All 4 agents approved (Ann, Bob).", vec![]),
            ("t\n\nReviewed by the author of the last three tide tables.", vec![]),
            ("t\n\nContributor: @ann", vec!["contributor=@ann"]),
            ("t\n\nNote: see also: this, and Source: that", vec![]),
            ("Review: the tide tables", vec![]),
            ("t\n\nReviewed-by: Ann <a@b>\nReviewed-by: Ann <a@b>", vec!["reviewed-by=Ann<a@b>"]),
            ("t\n\nReviewed-by: <a@b>", vec![]),
            ("t\n\nReviewed-by:", vec![]),
            ("t\n\nReviewed-by: Søren Ø. <s@b>", vec!["reviewed-by=Søren Ø.<s@b>"]),
        ] {
            assert_eq!(trailers(message), found, "{message}");
        }
    }

    #[test]
    fn reverts_name_their_commits() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        let message = format!(
            "Revert \"x\"\n\nThis reverts commit {sha}, reversing\nchanges made to 99.\nThis reverts commit abc1234.\nreverts commit xyz"
        );
        assert_eq!(read(&message, &keys()).reverts, [sha, "abc1234"]);
    }

    #[test]
    fn reverts_name_pull_requests_by_their_numbers() {
        for (message, found) in [
            ("Ebb\n\nReverts #12.", vec![(12, None)]),
            ("Ebb\n\nReverts #12, #13 and #14", vec![(12, None), (13, None), (14, None)]),
            ("Ebb\n\nReverts owner/repo#12", vec![(12, None)]),
            ("Ebb\n\nThis reverts merge request !12", vec![(12, None)]),
            ("Ebb\n\n- Reverts PR #12", vec![(12, None)]),
            ("Revert \"Tides (#12)\"", vec![(12, None)]),
            ("Revert \"Tides (#12)\" (#15)", vec![(12, None)]),
            ("Revert \"Revert \"Tides (#12)\" (#15)\" (#20)", vec![(15, None)]),
            ("Revert \"Tides\" (#15)", vec![(15, Some("Tides"))]),
            ("Revert \"Merge pull request #12 from owner/tides\"", vec![(12, None)]),
            ("Merge pull request 'Revert \"Tides (#12)\"' (#15) from ann/back into main", vec![(12, None)]),
            ("Merge pull request #15 from owner/revert-12-tides\n\nRevert \"Tides\"", vec![(12, None)]),
            ("Merge pull request #15 from owner/revert-12-tides\n\nTides", vec![]),
            (
                "Merge branch 'a' into 'main'\n\nRevert \"Tides (#12)\"\n\nSee merge request sea/codex!15",
                vec![(12, None)],
            ),
            ("Revert \"Tides\"", vec![]),
            ("Ebb\n\nPartly reverts #12. It reverts #13 in part", vec![]),
            ("Ebb\n\nReverts part of #12", vec![]),
            ("Ebb\n\nReverts colour#12, Reverts #0", vec![]),
        ] {
            let read = read(message, &keys());
            let numbers: Vec<_> =
                read.reverts_numbers.iter().map(|it| (it.number, it.title.as_deref())).collect();
            assert_eq!(numbers, found, "{message}");
        }
    }

    #[test]
    fn what_is_cut_is_told() {
        let many = |line: fn(usize) -> String| (0..101).map(line).collect::<String>();
        for (message, told) in [
            ("t\n\nReviewed-by: Ann <a@b>".to_owned(), &[][..]),
            ("é".repeat(501), &["the title"]),
            (format!("t\n\n{}", "x".repeat(MAX_MESSAGE)), &["the message"]),
            (format!("Merge branch '{}'", "b".repeat(501)), &["the branch's name", "the title"]),
            (format!("t\n\nReviewed-by: {} <a@b>", "n".repeat(101)), &["a name in a trailer"]),
            (format!("t\n\n{}", many(|at| format!("Reviewed-by: n{at} <a@b>\n"))), &["trailers"]),
            (format!("t\n\n{}", many(|at| format!("reverts commit {at:07}\n"))), &["what it reverts"]),
            (format!("t\n\n{}", many(|at| format!("Reverts #{}\n", at + 1))), &["what it reverts"]),
        ] {
            let read = read(&message, &keys());
            let cut: Vec<_> = read.cut.iter().filter_map(|it| Some(it.split_once(": ")?.0)).collect();
            assert_eq!(cut, told, "{}", message.chars().take(80).collect::<String>());
        }
    }

    #[test]
    fn of_a_message_without_end_as_much_as_is_kept_is_read_at_once() {
        let began = std::time::Instant::now();
        for part in [
            "*:",
            ":",
            "a-by: ",
            "reverts commit ",
            "reverts commit abc1234 ",
            "é",
            "x-by:\n",
            "reviewed by ",
        ] {
            let read = read(&format!("t\n\n{}{}", "*".repeat(32_000), part.repeat(500_000)), &keys());
            assert!(read.trailers.len() <= MAX_TRAILERS && read.reverts.len() <= MAX_REVERTS, "{part}");
        }
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
        let reverts: String = (0..1_000).map(|at| format!("reverts commit {at:07}\n")).collect();
        assert_eq!(read(&reverts, &keys()).reverts.len(), MAX_REVERTS);
        let far = format!("t\n\n{}\nReviewed-by: Ann <a@b>", "é".repeat(MAX_MESSAGE));
        assert_eq!(read(&far, &keys()).trailers, []);
        let long = read(&format!("{} (#7)", "é".repeat(600)), &keys());
        assert_eq!((long.title.chars().count(), long.number), (MAX_TITLE, Some(7)));
    }

    proptest! {
        #[test]
        fn no_message_is_too_strange(message in "[A-Za-zİé:<>()#'. \\n-]{0,80}") {
            let message = format!("Merge pull request '{message}");
            let _ = read(&message, &keys());
            let _ = read(&format!("reviewed by {message}\nReverts commit {message}"), &keys());
        }
    }
}
