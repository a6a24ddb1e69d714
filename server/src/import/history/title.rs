//! What a message tells of the pull request that it merges, as each forge writes it.

use super::{
    message::{Message, cut},
    revert_lines::numbered_word,
};
use std::collections::BTreeSet;

/// `(#12)` at the end of a text, and what stands before it.
pub(super) fn numbered(text: &str) -> Option<(&str, i64)> {
    let (before, number) = text.trim_end().strip_suffix(')')?.rsplit_once("(#")?;
    Some((before, number_of(number)?))
}

pub(super) fn number_of(digits: &str) -> Option<i64> {
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
    pub(super) fn read_title<'a>(&mut self, title: &'a str, message: &'a str) -> &'a str {
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
    pub(super) fn read_below(&mut self, message: &str) {
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

#[cfg(test)]
mod tests {
    use super::super::message::{read, tests::keys};

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
        ] {
            let read = read(message, &keys());
            let found = (read.forge, read.number, read.branch.as_deref(), read.label.as_deref());
            assert_eq!(found, (forge, number, branch, label), "{message}");
        }
    }

    #[test]
    fn lines_below_tell_pull_request_branch_and_label_as_its_forge_writes_them() {
        for (message, forge, number, branch, label) in [
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
}
