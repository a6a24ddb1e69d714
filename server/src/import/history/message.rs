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

/// As much of a title or a branch's name as is kept.
pub(super) fn cut(title: &str) -> String {
    title.chars().take(MAX_TITLE).collect()
}

impl Message {
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
pub(super) mod tests {
    use super::super::revert_lines::MAX_REVERTS;
    use super::*;
    use domain::contribution::{ContributionPolicy, DEFAULT_POLICY};
    use proptest::prelude::*;

    pub fn keys() -> Keys {
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
