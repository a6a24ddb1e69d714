//! What a message says that it reverts.

use super::{
    message::{Message, cut},
    title::{number_of, numbered},
};
use domain::contribution::RevertedNumber;

/// Reverts of one message that are kept.
pub(super) const MAX_REVERTS: usize = 100;

impl Message {
    /// `Revert "Tides (#12)"`, and what a forge puts into the quotes of a merge.
    pub(super) fn read_reverted_title(&mut self, title: &str) {
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
    pub(super) fn read_reverted_numbers(&mut self, lower: &str) {
        const WORDS: [&str; 4] = ["pull request ", "merge request ", "pr ", "mr "];
        let line = lower.trim_start_matches([' ', '\t', '*', '-', '>']);
        let line = line.strip_prefix("this ").unwrap_or(line);
        let Some(rest) = line.strip_prefix("reverts ") else { return };
        let rest = WORDS.iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
        let words = rest.split([' ', ',']).filter(|word| !matches!(*word, "" | "and"));
        // A line that says more than that is none of these: "in part", "by somebody".
        let Some(numbers) = words.map(numbered_word).collect::<Option<Vec<i64>>>() else { return };
        for number in numbers {
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

    /// `This reverts commit 0123456789.`
    pub(super) fn read_reverts(&mut self, lower: &str) {
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
pub(super) fn numbered_word(word: &str) -> Option<i64> {
    let word = word.trim_end_matches(['.', ';', ':', ')']);
    let (place, digits) = word.rsplit_once(['#', '!'])?;
    let plain = |it: char| it.is_alphanumeric() || matches!(it, '/' | '-' | '_' | '.');
    let is_place = place.is_empty() || place.contains('/') && place.chars().all(plain);
    number_of(digits).filter(|_| is_place)
}

#[cfg(test)]
mod tests {
    use super::super::message::{read, tests::keys};

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
            ("Ebb\n\nReverts #12 in part\n- Reverts #13 by @ann\n", vec![]),
            ("Ebb\n\nReverts colour#12, Reverts #0", vec![]),
        ] {
            let read = read(message, &keys());
            let numbers: Vec<_> =
                read.reverts_numbers.iter().map(|it| (it.number, it.title.as_deref())).collect();
            assert_eq!(numbers, found, "{message}");
        }
    }
}
