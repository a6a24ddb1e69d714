//! What a piece says of itself comes first, and counts where the change adds it.

use super::build::{Change, attributed, people};
use domain::contribution::{KnowledgeKind, Role};

#[test]
fn a_block_names_everybody_and_no_rule_adds_to_it() {
    let change = Change::titled("rio: add")
        .adding_claim("a")
        .attributing("extractor", "clay")
        .attributing("sourcer", "bostrom")
        .attributing("reviewer", "ann")
        .attributing("challenger", "bob")
        .attributing("synthesizer", "cy")
        .now(|state| state.source_people.push("hanson".into()));
    assert_eq!(
        change.credits(),
        [
            "challenger bob a attribution_block",
            "extractor clay a attribution_block",
            "reviewer ann a attribution_block",
            "sourcer bostrom a attribution_block",
            "synthesizer cy a attribution_block",
        ]
    );
}

#[test]
fn only_entries_that_the_change_adds_count() {
    let known = |name: &'static str| {
        move |state: &mut domain::contribution::ObjectState| {
            state.attribution.push(attributed("sourcer", name));
        }
    };
    let change = Change::titled("rio: edit").changing_claim("a").always(known("bostrom"));
    assert_eq!(change.of(Role::Sourcer), [] as [String; 0]);
    assert_eq!(change.attributing("sourcer", "hanson").of(Role::Sourcer), ["hanson a attribution_block"]);
    // The same one under another of their names is not new.
    let renamed = Change::titled("rio: edit")
        .changing_claim("a")
        .known(people())
        .always(known("michael"))
        .now(|state| state.attribution = vec![attributed("sourcer", "mike")]);
    assert_eq!(renamed.of(Role::Sourcer), [] as [String; 0]);
}

#[test]
fn tools_in_a_block_are_not_credited_and_one_contributor_is_credited_once() {
    let change = Change::titled("rio: add")
        .adding_claim("a")
        .known(people())
        .attributing("extractor", "claude")
        .attributing("extractor", "mike")
        .attributing("extractor", "michael");
    assert_eq!(change.of(Role::Extractor), ["mike a attribution_block"]);
}

#[test]
fn the_block_of_a_challenge_is_for_what_it_challenges() {
    let change = Change::titled("rio: challenge")
        .adding(KnowledgeKind::Challenge, "challenge-tides")
        .attributing("challenger", "ann")
        .citing(domain::contribution::CitationKind::Challenges, "tides", "sea", true);
    assert_eq!(change.of(Role::Challenger), ["ann tides attribution_block"]);
}
