//! What kind of work a change is, by the paths it touches.

use super::paths::any_matches;
use super::policy::Paths;
use super::unit::UnitClass;

/// A pattern that means every path.
const ANYTHING: &str = "**";

/// The class of a change: knowledge where any path is knowledge, else pipeline where any is, else other.
///
/// Where knowledge is everything (`**`), a path of the pipeline is pipeline first: a policy that counts all but what keeps
/// things running says so by these two lists.
pub fn classify<'a>(touched: impl IntoIterator<Item = &'a str>, paths: &Paths) -> UnitClass {
    let named: Vec<String> = paths.knowledge.iter().filter(|pattern| *pattern != ANYTHING).cloned().collect();
    let anything = named.len() < paths.knowledge.len();
    let mut class = UnitClass::Other;
    for path in touched {
        let pipeline = any_matches(&paths.pipeline, path);
        if any_matches(&named, path) || (anything && !pipeline) {
            return UnitClass::Knowledge;
        }
        if pipeline {
            class = UnitClass::Pipeline;
        }
    }
    class
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contribution::ContributionPolicy;

    #[test]
    fn any_path_of_knowledge_makes_a_change_knowledge() {
        let paths = &ContributionPolicy::named("knowledge-base-v1").unwrap().paths;
        for (touched, class) in [
            (&["inbox/a.md", "domains/x/a.md"][..], UnitClass::Knowledge),
            (&["agents/rio/positions/a.md"], UnitClass::Knowledge),
            (&["inbox/a.md", "README.md"], UnitClass::Pipeline),
            (&["README.md"], UnitClass::Other),
            (&[], UnitClass::Other),
        ] {
            assert_eq!(classify(touched.iter().copied(), paths), class, "{touched:?}");
        }
    }

    #[test]
    fn of_software_everything_counts_but_the_pipeline() {
        let paths = &ContributionPolicy::named("software-project-v1").unwrap().paths;
        for (touched, class) in [
            (&["Cargo.lock", ".ci/run"][..], UnitClass::Pipeline),
            (&["Cargo.lock", "src/main.rs"], UnitClass::Knowledge),
            (&["README.md"], UnitClass::Knowledge),
        ] {
            assert_eq!(classify(touched.iter().copied(), paths), class, "{touched:?}");
        }
    }
}
