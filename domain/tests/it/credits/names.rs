//! Who proposed a change.

use super::build::{Change, people};
use domain::contribution::{
    ContributorKind, NameRule, ProposerRule, Role, Sighting, assumed_kind, sightings,
};

#[test]
fn trailers_come_before_labels_labels_before_branches_and_the_author_last() {
    let plain = || Change::titled("Add a claim").adding_claim("a");
    assert_eq!(plain().proposer(), "mike author");
    assert_eq!(plain().on_branch("clay/tides").proposer(), "clay branch_name");
    assert_eq!(plain().on_branch("contrib/Ann/tides").proposer(), "ann branch_name");
    for branch in ["extract/2026-03-05-tides", "feature/tides", "main", "contrib/tides", "/"] {
        assert_eq!(plain().on_branch(branch).proposer(), "mike author", "{branch}");
    }
    let labelled = || Change::titled("rio: add a claim").adding_claim("a");
    assert_eq!(labelled().on_branch("clay/tides").proposer(), "rio title_label");
    assert_eq!(
        labelled().saying("contributor", "Ann").saying("pentagon-agent", "Rio").proposer(),
        "ann trailer"
    );
    assert_eq!(plain().saying("pentagon-agent", "Vida").proposer(), "vida trailer");
}

#[test]
fn a_label_that_the_trailer_contradicts_names_the_proposer_where_the_trailer_names_the_merger() {
    let labelled = || Change::titled("rio: add a claim").adding_claim("a");
    assert_eq!(labelled().saying("pentagon-agent", "Leo").proposer(), "rio title_label", "Leo merged it");
    // Anybody may write any label: one that nobody knows is no name against a trailer.
    assert_eq!(labelled().saying("pentagon-agent", "Vida").proposer(), "vida trailer");
    let known = labelled().saying("pentagon-agent", "Vida").known(people());
    assert_eq!(known.proposer(), "rio title_label");
    let both = labelled().saying("pentagon-agent", "Leo").saying("pentagon-agent", "Rio");
    assert_eq!(both.proposer(), "rio trailer", "they agree");
}

#[test]
fn words_that_say_what_kind_of_change_it_is_name_nobody() {
    for title in ["feat: tides", "fix: tides", "docs: tides"] {
        assert_eq!(Change::titled(title).proposer(), "mike author", "{title}");
    }
    let software = |title: &str| Change::titled(title).of_software();
    assert_eq!(software("server: tides").proposer(), "mike author", "a part of the software");
    assert_eq!(software("rio: tides").saying("co-authored-by", "Rio").proposer(), "rio title_label");
    assert_eq!(software("rio: tides").known(people()).proposer(), "rio title_label");
    let off = Change::titled("rio: tides").under(|policy| policy.rules.proposer_label = NameRule::Off);
    assert_eq!(off.proposer(), "mike author");
}

#[test]
fn which_branches_name_a_proposer_is_the_policy_s() {
    let on = |rule: NameRule| {
        move |branch: &str| {
            let change = Change::titled("Add a claim").adding_claim("a").on_branch(branch);
            change.under(|policy| policy.rules.proposer_branch = rule)
        }
    };
    let (any, known, off) = (on(NameRule::Any), on(NameRule::Known), on(NameRule::Off));
    assert_eq!(any("clay/tides").proposer(), "clay branch_name");
    assert_eq!(known("clay/tides").proposer(), "mike author", "nobody knows of clay");
    assert_eq!(
        known("rio/tides").known(people()).proposer(),
        "rio branch_name",
        "somebody decided about rio"
    );
    assert_eq!(known("clay/tides").saying("co-authored-by", "Clay").proposer(), "clay branch_name");
    assert_eq!(
        known("contrib/ann/tides").proposer(),
        "ann branch_name",
        "it says that it is a contributor's"
    );
    for branch in ["clay/tides", "rio/tides", "contrib/ann/tides"] {
        let change = off(branch).known(people()).saying("co-authored-by", "Clay");
        assert_eq!(change.proposer(), "mike author", "{branch}");
    }
}

#[test]
fn a_person_whose_name_ends_like_a_program_s_is_a_person() {
    let kind = |name: &str| {
        let change = Change::titled("Add a claim").by(name).adding_claim("a");
        let seen = sightings(&change.unit, &change.people, &change.policy);
        let kind = seen.iter().find(|seen| seen.name == name).map(|seen| seen.kind);
        (kind, change.saying("co-authored-by", "Rio").proposer())
    };
    let [person, _, _, infrastructure] = ContributorKind::ALL;
    assert_eq!(kind("trade-bot"), (Some(person), "trade-bot author".into()));
    assert_eq!(kind("Trade Bot"), (Some(person), "trade-bot author".into()));
    assert_eq!(kind("trade[bot]"), (Some(infrastructure), "rio trailer".into()));
}

#[test]
fn tools_propose_nothing_and_infrastructure_only_where_nobody_else_wrote_it() {
    let plain = || Change::titled("Add a claim").adding_claim("a");
    assert_eq!(plain().by("Claude").proposer(), "nobody");
    assert_eq!(plain().by("Claude Opus 4.6").saying("co-authored-by", "Ann").proposer(), "ann trailer");
    assert_eq!(plain().by("Claudette").proposer(), "claudette author");
    assert_eq!(plain().saying("pentagon-agent", "Claude").proposer(), "mike author");
    assert_eq!(plain().by("dependabot[bot]").proposer(), "dependabot-bot author");
    assert_eq!(plain().by("GitHub").saying("co-authored-by", "Rio").proposer(), "rio trailer");
    let mut named = people();
    named.kinds.insert("claude".into(), ContributorKind::Agent);
    assert_eq!(
        plain().by("Claude").known(named).proposer(),
        "claude author",
        "somebody decided that it is one"
    );
}

#[test]
fn an_alias_is_whoever_it_belongs_to() {
    let change = Change::titled("Add a claim").by("Michael").adding_claim("a").known(people());
    assert_eq!(change.proposer(), "mike author");
    let credit = &change.derived()[1];
    assert_eq!((credit.contributor.as_str(), credit.named_as.as_str()), ("mike", "michael"));
}

#[test]
fn the_proposer_of_claims_is_their_extractor_as_the_policy_says() {
    let claims = Change::titled("rio: add").adding_claim("a");
    let edit = Change::titled("rio: edit").changing_claim("a");
    assert_eq!(claims.of(Role::Extractor), ["rio a title_label"]);
    assert_eq!(edit.of(Role::Extractor), [] as [String; 0]);
    let knowledge = |change: &Change| {
        change.under(|policy| policy.rules.extractor_proposer = ProposerRule::Knowledge).of(Role::Extractor)
    };
    assert_eq!(knowledge(&claims), ["rio a title_label"]);
    assert_eq!(knowledge(&edit), ["rio - title_label"]);
    let off = claims.under(|policy| policy.rules.extractor_proposer = ProposerRule::Off);
    assert_eq!(off.of(Role::Extractor), [] as [String; 0]);
    let software = Change::titled("Add tides").of_software().touching("src/tides.rs");
    assert_eq!(software.credits(), ["extractor mike - author", "reviewer leo - merger_proxy"]);
    assert_eq!(Change::titled("Lock").of_software().touching("Cargo.lock").credits(), [] as [String; 0]);
}

#[test]
fn what_somebody_is_assumed_to_be_follows_from_where_they_are_named() {
    let change = Change::titled("rio: add")
        .saying("pentagon-agent", "Rio")
        .saying("reviewed-by", "teleo-pipeline")
        .saying("reviewed-by", "Ann Lee")
        .adding_claim("a")
        .now(|state| state.source_people.push("bostrom".into()));
    let seen = sightings(&change.unit, &change.people, &change.policy);
    let shown: Vec<_> = seen
        .iter()
        .map(|Sighting { contributor, name, kind }| (contributor.as_str(), name.as_str(), *kind))
        .collect();
    assert_eq!(
        shown,
        [
            ("ann-lee", "Ann Lee", ContributorKind::Person),
            ("bostrom", "bostrom", ContributorKind::External),
            ("rio", "Rio", ContributorKind::Agent),
            ("teleo-pipeline", "teleo-pipeline", ContributorKind::Infrastructure),
        ]
    );
    let [person, agent, external, infrastructure] = ContributorKind::ALL;
    assert_eq!(assumed_kind([external, person, agent]), agent);
    assert_eq!(assumed_kind([agent, infrastructure]), infrastructure);
    assert_eq!(assumed_kind([person, external]), person);
    let pipeline = Change::titled("ingestion: archive").touching("inbox/a.md");
    let seen = sightings(&pipeline.unit, &pipeline.people, &pipeline.policy);
    assert_eq!(seen.len(), 1, "whoever merged a change of the pipeline did nothing that counts");
    assert_eq!(seen[0].kind, ContributorKind::Infrastructure);
}
