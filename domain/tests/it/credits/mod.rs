//! From changes to credits: each rule of the default policy, and where it ends.

mod blocks;
mod build;
mod names;
mod reviews;
mod structure;

use build::{Change, people};
use domain::contribution::{Counting, DEFAULT_POLICY, Role, UnitClass, classify};

#[test]
fn the_pipeline_and_anything_else_earn_nothing() {
    for path in ["inbox/archive/a.md", "entities/a.md", "README.md", "agents/rio/musings/a.md"] {
        let change = Change::titled("rio: archive sources").touching(path);
        assert_eq!(change.credits(), [] as [String; 0], "{path}");
    }
    let mixed = Change::titled("rio: add a claim").touching("inbox/a.md").adding_claim("tides");
    assert_eq!(mixed.credits(), ["extractor rio tides title_label", "reviewer leo tides merger_proxy"]);
    let paths = ["inbox/a.md", "domains/sea/tides.md"];
    assert_eq!(classify(paths, &mixed.policy.paths), UnitClass::Knowledge);
}

#[test]
fn a_role_counts_once_per_change_and_per_claim_where_the_policy_says_so() {
    let change = Change::titled("rio: three claims").adding_claim("a").adding_claim("b").adding_claim("c");
    let counted = |change: &Change| {
        let credits = change.derived();
        credits.iter().filter(|credit| credit.counted).map(|credit| credit.role.name()).collect::<Vec<_>>()
    };
    assert_eq!(change.derived().len(), 6);
    assert_eq!(counted(&change), ["reviewer", "extractor"]);
    let per_claim = change.under(|policy| policy.counting = Counting::PerClaim);
    assert_eq!(counted(&per_claim), ["reviewer"; 3].into_iter().chain(["extractor"; 3]).collect::<Vec<_>>());
}

#[test]
fn a_credit_has_its_weight_its_confidence_and_for_whom_it_was_earned() {
    let change = Change::titled("rio: a claim").adding_claim("a").known(people());
    let credits = change.derived();
    let extractor = credits.iter().find(|credit| credit.contributor == "rio").unwrap();
    assert_eq!(extractor.principal.as_deref(), Some("mike"));
    assert_eq!((extractor.weight.to_string(), extractor.weight_set.as_str()), ("0.05".into(), "ci-v1"));
    assert_eq!(
        (extractor.confidence.to_string(), extractor.outcome.to_string()),
        ("0.8".into(), "1.0".into())
    );
    assert_eq!(change.policy.name, DEFAULT_POLICY);
}

#[test]
fn a_claim_that_only_moved_earns_nobody_anything_new() {
    let moved = Change::titled("rio: move").adding_claim("tides").removing_claim("old/tides");
    assert_eq!(moved.credits(), ["reviewer leo - merger_proxy"]);
    let credited = Change::titled("rio: move")
        .adding_claim("tides")
        .attributing("sourcer", "bostrom")
        .removing_claim("old/tides");
    assert_eq!(credited.of(Role::Sourcer), ["bostrom tides attribution_block"], "it says so only now");
}

#[test]
fn a_claim_under_another_name_is_not_new_and_one_that_says_something_else_is() {
    let renamed = Change::titled("rio: rename").adding_claim("tides-rise").removing_claim("tides");
    assert_eq!(renamed.credits(), ["reviewer leo - merger_proxy"], "whoever renames it did not write it");
    let other = Change::titled("rio: replace").adding_claim("tides-rise");
    let other = other.now(|state| state.title = "Tides rise twice a day".into()).removing_claim("tides");
    assert_eq!(other.of(Role::Extractor), ["rio tides-rise title_label"]);
    // One goes and two come: one of them is new.
    let two = Change::titled("rio: split").adding_claim("a").adding_claim("b").removing_claim("tides");
    assert_eq!(two.of(Role::Extractor), ["rio b title_label"]);
    // What goes on under its own name in another folder was not renamed.
    let both =
        Change::titled("rio: move").adding_claim("tides").adding_claim("b").removing_claim("old/tides");
    assert_eq!(both.of(Role::Extractor), ["rio b title_label"]);
}
