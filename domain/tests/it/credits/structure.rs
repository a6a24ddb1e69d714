//! What a change does shows who challenged, who connected, and whose work was drawn on.

use super::build::{Change, people};
use domain::contribution::{CitationKind, KnowledgeKind, Role};

const NOBODY: [String; 0] = [];

#[test]
fn whoever_proposes_a_challenge_of_what_was_there_is_the_challenger() {
    let edit = || Change::titled("rio: edit").changing_claim("a");
    let admits = edit().now(|state| state.challenged_by.push("the moon (ann)".into()));
    assert_eq!(admits.of(Role::Challenger), ["rio a structural_test"]);
    let noted = edit().now(|state| state.challenge_notes.push("Additional Evidence (challenge)".into()));
    assert_eq!(noted.of(Role::Challenger), ["rio a structural_test"]);
    let old = edit().always(|state| state.challenged_by.push("the moon".into()));
    assert_eq!(old.of(Role::Challenger), NOBODY, "it was challenged before");
    let empty = edit().now(|state| state.challenged_by.push(" ".into()));
    assert_eq!(empty.of(Role::Challenger), NOBODY);
    let new = Change::titled("rio: add").adding_claim("a").now(|state| state.challenged_by.push("x".into()));
    assert_eq!(new.of(Role::Challenger), NOBODY, "it was not there before");
    for kind in [KnowledgeKind::Challenge, KnowledgeKind::Claim] {
        let against = |existed| {
            Change::titled("rio: counter").adding(kind, "b").citing(
                CitationKind::Challenges,
                "a",
                "sea",
                existed,
            )
        };
        assert_eq!(against(true).of(Role::Challenger), ["rio a structural_test"], "{kind:?}");
        assert_eq!(against(false).of(Role::Challenger), NOBODY, "made to be challenged");
    }
    let off = admits.under(|policy| policy.rules.challenger_structure = false);
    assert_eq!(off.of(Role::Challenger), NOBODY);
}

#[test]
fn a_challenger_whom_the_change_names_comes_before_its_proposer() {
    let change = Change::titled("rio: edit")
        .changing_claim("a")
        .now(|state| state.challenged_by.push("the moon".into()))
        .attributing("challenger", "ann");
    assert_eq!(change.of(Role::Challenger), ["ann a attribution_block"]);
}

#[test]
fn a_claim_that_names_a_foreign_domain_and_cites_a_claim_in_it_connects_them() {
    let add = || Change::titled("rio: add").adding_claim("a");
    let names = |change: Change, domain: &'static str| {
        change.now(|state| state.secondary_domains.push(domain.to_owned()))
    };
    let connected = names(add(), "Finance").citing(CitationKind::DependsOn, "rates", "finance", true);
    assert_eq!(connected.of(Role::Synthesizer), ["rio a structural_test"]);
    let unnamed = add().citing(CitationKind::Cites, "rates", "finance", true);
    let uncited = names(add(), "finance");
    let elsewhere = names(add(), "finance").citing(CitationKind::Cites, "cells", "health", true);
    let own = names(add(), "sea").citing(CitationKind::Cites, "tides", "sea", true);
    let against = names(add(), "finance").citing(CitationKind::Challenges, "rates", "finance", true);
    for change in [unnamed, uncited, elsewhere, own, against] {
        assert_eq!(change.of(Role::Synthesizer), NOBODY);
    }
    let off = connected.under(|policy| policy.rules.synthesizer_structure = false);
    assert_eq!(off.of(Role::Synthesizer), NOBODY);
    let edited = names(Change::titled("rio: edit").changing_claim("a"), "finance").citing(
        CitationKind::Cites,
        "rates",
        "finance",
        true,
    );
    assert_eq!(edited.of(Role::Synthesizer), ["rio a structural_test"], "it connects them now");
    let mut again = edited.clone();
    again.unit.objects[0].before = again.unit.objects[0].after.clone();
    assert_eq!(again.of(Role::Synthesizer), NOBODY, "it did before");
}

#[test]
fn known_people_whom_a_source_newly_names_are_sourcers() {
    let mut known = people();
    known.known_names.insert("robin hanson".into(), "hanson".into());
    known.known_names.insert("bo".into(), "bo".into());
    let from = |text: &'static str| {
        let change = Change::titled("rio: add").adding_claim("a").known(known.clone());
        change.now(|state| state.sources.push(text.to_owned()))
    };
    assert_eq!(from("Robin Hanson, Overcoming Bias (2009)").of(Role::Sourcer), ["hanson a source_text"]);
    assert_eq!(from("Robin Hansons, a band").of(Role::Sourcer), NOBODY, "whole names only");
    assert_eq!(from("bo wrote it").of(Role::Sourcer), NOBODY, "too short to look for");
    let entity = from("see notes").now(|state| state.source_people.push("michael".into()));
    assert_eq!(entity.of(Role::Sourcer), ["mike a source_text"]);
    let off = entity.under(|policy| policy.rules.sourcer_text = false);
    assert_eq!(off.of(Role::Sourcer), NOBODY);
    let edit = Change::titled("rio: edit").changing_claim("a").known(known.clone());
    let old = edit.always(|state| state.sources.push("Robin Hanson".into()));
    assert_eq!(old.of(Role::Sourcer), NOBODY);
}
