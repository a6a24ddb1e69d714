//! Who judged it, and who may not judge their own.

use super::build::{Change, people};
use domain::contribution::{ContributorKind, KnowledgeKind, People, Role};

const NOBODY: [String; 0] = [];

fn proposed() -> Change {
    Change::titled("rio: add").adding_claim("a")
}

#[test]
fn trailers_name_reviewers_and_the_merger_stands_for_them_where_none_does() {
    assert_eq!(proposed().of(Role::Reviewer), ["leo a merger_proxy"]);
    let named = proposed().saying("reviewed-by", "Ann").saying("approved-by", "Bob");
    assert_eq!(named.of(Role::Reviewer), ["ann a trailer", "bob a trailer"]);
    assert_eq!(
        named.under(|policy| policy.rules.reviewer_trailer = false).of(Role::Reviewer),
        ["leo a merger_proxy"]
    );
    assert_eq!(proposed().under(|policy| policy.rules.reviewer_merger = false).of(Role::Reviewer), NOBODY);
    let edit = Change::titled("rio: edit").changing_claim("a");
    assert_eq!(edit.of(Role::Reviewer), ["leo - merger_proxy"], "of the change as such");
    let pieces =
        Change::titled("rio: add").adding(KnowledgeKind::Belief, "b").adding(KnowledgeKind::Source, "s");
    assert_eq!(pieces.of(Role::Reviewer), ["leo b merger_proxy"]);
}

#[test]
fn nobody_reviews_what_they_proposed_or_wrote() {
    let own = proposed().saying("reviewed-by", "Rio");
    assert_eq!(own.of(Role::Reviewer), ["leo a merger_proxy"], "so nobody else is named");
    assert_eq!(own.merged_by("RIO").of(Role::Reviewer), NOBODY);
    let wrote = proposed().attributing("extractor", "ann").saying("reviewed-by", "Ann");
    assert_eq!(wrote.of(Role::Reviewer), ["leo a merger_proxy"]);
    let block = proposed().attributing("reviewer", "rio");
    assert_eq!(block.of(Role::Reviewer), ["leo a merger_proxy"]);
    let by_alias = Change::titled("Add").by("Mike").adding_claim("a").known(people()).merged_by("Michael");
    assert_eq!(by_alias.of(Role::Reviewer), NOBODY);
}

#[test]
fn an_agent_s_principal_reviews_what_the_agent_proposed() {
    let change = proposed().known(people()).saying("reviewed-by", "Mike");
    assert_eq!(change.of(Role::Reviewer), ["mike a trailer"]);
    assert_eq!(proposed().known(people()).merged_by("Michael").of(Role::Reviewer), ["mike a merger_proxy"]);
}

#[test]
fn forges_bots_and_tools_review_nothing_by_merging() {
    for merger in ["GitHub", "renovate[bot]", "Teleo-Pipeline", "Claude"] {
        assert_eq!(proposed().merged_by(merger).of(Role::Reviewer), NOBODY, "{merger}");
    }
    let mut decided = People::default();
    decided.kinds.insert("leo".into(), ContributorKind::Infrastructure);
    assert_eq!(proposed().known(decided).of(Role::Reviewer), NOBODY);
}

#[test]
fn a_commit_that_its_author_put_onto_the_branch_was_merged_by_nobody() {
    let direct = proposed().direct();
    assert_eq!(direct.clone().by("Leo").of(Role::Reviewer), NOBODY);
    assert_eq!(direct.of(Role::Reviewer), ["leo a merger_proxy"], "Leo put Mike's commit there");
}

#[test]
fn of_several_ways_to_know_a_reviewer_the_surest_is_kept() {
    let change = proposed().attributing("reviewer", "ann").saying("reviewed-by", "Ann");
    assert_eq!(change.of(Role::Reviewer), ["ann a attribution_block"]);
}
