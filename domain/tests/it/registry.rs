//! Laws of specs, edits and votes.

use crate::given::{NOW, node};
use domain::change_request::{
    Ballot, ChangeRequest, LinkContributor, NewChangeRequest, NewVote, Ruling, SpecChange, Status, Vote,
};
use domain::edit::{Patch, changed};
use domain::error::Error;
use domain::id::ChangeRequestId;
use domain::input::Errors;
use domain::ledger::Actor;
use domain::link::NewLink;
use domain::money::{Amount, Ratio};
use domain::origin::Origin;
use domain::registry::InventorySource;
use domain::spec::{
    CostSource, Missing, MissingKind, NewSpec, Spec, SpecCard, SpecContent, SpecSort, SpecTotals, roi_key,
};
use domain::stage::Stage;
use proptest::prelude::*;
use uuid::Uuid;

fn patch(json: &str) -> Patch<SpecContent> {
    let mut errors = Errors::default();
    let read = Patch::read_all(&node(json), "", &mut errors);
    errors.finish(read).unwrap()
}

fn registered(json: &str) -> Spec {
    NewSpec::read(&node(json)).unwrap().registered(InventorySource::Local, NOW)
}

/// A spec's figures, of micro-units.
fn card(potential: i64, estimated: i64, given: Option<i64>, value: i64, link_cost: i64) -> SpecCard {
    SpecCard {
        spec_id: "s p/é".into(),
        registered: true,
        title: String::new(),
        excerpt: String::new(),
        idea_id: None,
        inventory_source: InventorySource::Local,
        version: 1,
        potential_value: Amount::from_micros(potential),
        estimated_cost: Amount::from_micros(estimated),
        given_cost: given.map(Amount::from_micros),
        totals: SpecTotals {
            actual_value: Amount::from_micros(value),
            link_cost: Amount::from_micros(link_cost),
            ..SpecTotals::default()
        },
        has_implementation: false,
        has_evidence: false,
        created_at: NOW,
        updated_at: NOW,
    }
}

#[test]
fn figures_are_derived_as_the_registry_says() {
    let seed = card(0, 0, None, 1_000_000, 1_000_000);
    let shown = [seed.value_gap(), seed.cost_gap(), seed.actual_cost()].map(|amount| amount.to_string());
    assert_eq!(shown, ["0.0", "1.0", "1.0"], "the page of the seed");
    assert_eq!([seed.estimated_roi().to_string(), seed.actual_roi().to_string()], ["0.0", "1.0"]);
    assert_eq!(seed.actual_cost_source(), CostSource::Links);
    let given = card(500_000_000, 100_000_000, Some(40_000_000), 120_000_000, 999);
    assert_eq!(given.value_gap().to_string(), "380.0");
    assert_eq!(given.cost_gap().to_string(), "-60.0", "it cost less");
    assert_eq!(given.actual_cost_source(), CostSource::Given);
    assert_eq!([given.estimated_roi().to_string(), given.actual_roi().to_string()], ["5.0", "3.0"]);
    let free = card(5, 0, Some(0), 7, 999);
    assert_eq!([free.estimated_roi(), free.actual_roi()], [Ratio::ZERO; 2], "0 where the cost is 0");
}

#[test]
fn what_is_missing_says_what_closes_it() {
    let link = domain::id::LinkId::new(Uuid::from_u128(7));
    let bare = card(0, 0, None, 0, 0);
    let shown = |card: &SpecCard, link| {
        let missing = Missing::of(card, link);
        let line = |missing: &Missing| {
            let action = &missing.action;
            format!(
                "{:?}: {} | {} | {} {}",
                missing.kind, missing.message, action.label, action.method, action.href
            )
        };
        missing.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let mut stub = SpecCard { registered: false, version: 0, ..bare.clone() };
    stub.totals.link_count = 1;
    insta::assert_snapshot!(format!("{}\n\n{}", shown(&bare, None), shown(&stub, Some(link))));
    let first = Missing::of(&stub, None).into_iter().map(|missing| missing.action.label).nth(1);
    assert_eq!(
        first,
        Some("Submit a change request with contributor attribution"),
        "as its links are counted"
    );
    assert_eq!(shown(&bare, Some(link)), shown(&bare, None), "what is not counted is not acted on");
    let mut whole = SpecCard { has_implementation: true, has_evidence: true, ..bare };
    whole.totals = SpecTotals { link_count: 2, named_link_count: 2, event_count: 1, ..whole.totals };
    assert_eq!(whole.missing(), []);
    whole.totals.named_link_count = 1;
    assert_eq!(whole.missing(), [MissingKind::ContributorLinkage], "one link names nobody");
}

proptest! {
    #[test]
    fn gaps_never_hide_what_came_or_went(
        potential in 0..i64::MAX / 4, estimated in 0..i64::MAX / 4, value in 0..i64::MAX / 4, cost in 0..i64::MAX / 4
    ) {
        let card = card(potential, estimated, None, value, cost);
        prop_assert_eq!(card.value_gap().micros(), (potential - value).max(0));
        prop_assert_eq!(card.cost_gap().micros() + estimated, cost);
    }

    #[test]
    fn the_key_of_a_return_is_the_return_rounded_down(value in 0..i64::MAX, cost in 1..900_000_000_000_000_i64) {
        let exact = i128::from(value) * 10_000 / i128::from(cost);
        let key = roi_key(Amount::from_micros(value), Amount::from_micros(cost));
        if key == i64::MAX {
            prop_assert!(exact >= i128::from(i64::MAX / 10_000) * 10_000);
        } else {
            prop_assert_eq!(i128::from(key), exact);
        }
    }

    #[test]
    fn more_value_never_sorts_lower(value in 0..i64::MAX - 1, more in 0..i64::MAX, cost in 0..i64::MAX) {
        let amount = Amount::from_micros;
        let more = value.saturating_add(more);
        prop_assert!(roi_key(amount(value), amount(cost)) <= roi_key(amount(more), amount(cost)));
    }
}

#[test]
fn a_sort_is_found_by_its_name() {
    for sort in SpecSort::ALL {
        assert_eq!(SpecSort::named(sort.name()), Some(sort));
    }
}

#[test]
fn an_edit_touches_what_it_names_and_twice_is_the_same_as_once() {
    let before = registered(
        r#"{"spec_id": "s", "title": "T", "summary": "S", "branches": ["a", "b"], "idea_id": "i",
            "potential_value": 5, "actual_cost": 3}"#,
    );
    let edit = patch(r#"{"branches": ["b"], "actual_cost": null, "idea_id": "j", "summary": null}"#);
    let once = edit.applied_to(&before.content);
    assert_eq!(edit.applied_to(&once), once);
    assert_eq!((once.title.as_str(), once.summary.as_str()), ("T", ""));
    assert_eq!((once.branches.as_slice(), once.actual_cost), (&["b".to_owned()][..], None));
    let said: Vec<String> = changed(&before.content, &once)
        .iter()
        .map(|change| format!("{}: {} → {}", change.field, change.before.as_str(), change.after.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            r#"summary: "S" → """#,
            r#"branches: ["a","b"] → ["b"]"#,
            r#"idea_id: "i" → "j""#,
            "actual_cost: 3.0 → null"
        ]
    );
    assert_eq!(changed(&once, &once), []);
    assert_eq!(patch("{}").applied_to(&once), once);
}

#[test]
fn what_is_kept_is_read_back_digit_for_digit() {
    let spec = registered(
        r#"{"spec_id": "s", "title": "T\"\\", "potential_value": 999999999999.999999, "actual_cost": 0.1,
            "source_files": ["ü"]}"#,
    );
    let text = serde_json::to_string(&spec).unwrap();
    assert_eq!(serde_json::from_str::<Spec>(&text).unwrap(), spec);
    let request = naming(2);
    let text = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<ChangeRequest>(&text).unwrap(), request);
    let edit = request_of(
        r#"{"kind": "spec", "spec_id": "s", "proposer": "c",
            "changes": {"potential_value": 999999999999.999999, "actual_cost": null, "branches": ["x"]}}"#,
    );
    let text = serde_json::to_string(&edit).unwrap();
    assert_eq!(serde_json::from_str::<ChangeRequest>(&text).unwrap(), edit);
}

fn request_of(json: &str) -> ChangeRequest {
    let id = ChangeRequestId::new(Uuid::from_u128(1));
    NewChangeRequest::read(&node(json)).unwrap().proposed(id, Actor::key("proposer"), Vec::new(), NOW)
}

/// A request of carol's that needs so many approvals.
fn naming(required: i64) -> ChangeRequest {
    request_of(&format!(
        r#"{{"kind": "link_contributor", "lineage_id": "lnk_01h455vb4pex5vsknk084sn02q", "stage": "review",
            "contributor": "rita", "proposer": "Carol", "required_approvals": {required}}}"#
    ))
}

fn vote(voter: &str, ballot: &str, actor: &Actor) -> Vote {
    let new = NewVote::read(&node(&format!(r#"{{"voter": "{voter}", "vote": "{ballot}"}}"#))).unwrap();
    new.cast(actor.clone(), NOW)
}

#[test]
fn nobody_decides_on_their_own_proposal_and_nobody_votes_twice() {
    let anyone = Actor::anonymous();
    for voter in ["Carol", "carol", "CAROL"] {
        assert_eq!(naming(1).voted(vote(voter, "yes", &anyone)).unwrap_err(), Error::OwnProposal);
        assert_eq!(naming(1).voted(vote(voter, "no", &anyone)).unwrap_err(), Error::OwnProposal);
    }
    let same_key = vote("dave", "yes", &Actor::key("proposer"));
    assert_eq!(
        naming(1).voted(same_key).unwrap_err(),
        Error::OwnProposal,
        "the same API key by another name"
    );
    let (request, ruling) = naming(2).voted(vote("dave", "yes", &Actor::key("one"))).unwrap();
    assert_eq!(ruling, Ruling::Undecided);
    for (voter, key) in [("DAVE", "two"), ("erin", "one")] {
        let again = request.clone().voted(vote(voter, "yes", &Actor::key(key)));
        assert_eq!(again.unwrap_err(), Error::VotedAlready("dave".into()), "{voter} {key}");
    }
    let (request, ruling) = request.voted(vote("erin", "yes", &Actor::key("two"))).unwrap();
    assert_eq!((ruling, request.votes.len()), (Ruling::Approved, 2));
}

#[test]
fn without_keys_names_are_all_that_tells_people_apart() {
    let anyone = Actor::anonymous();
    let request = ChangeRequest { actor: anyone.clone(), ..naming(2) };
    let (request, _) = request.voted(vote("dave", "yes", &anyone)).unwrap();
    let (_, ruling) = request.voted(vote("erin", "yes", &anyone)).unwrap();
    assert_eq!(ruling, Ruling::Approved);
}

#[test]
fn a_decided_request_takes_no_more_votes() {
    let anyone = Actor::anonymous();
    let declined = naming(1).declined(NOW);
    let error = declined.voted(vote("dave", "yes", &anyone)).unwrap_err();
    assert_eq!(error, Error::RequestDecided("declined"));
    let failed = naming(1).approved(Err("gone".into()), NOW);
    assert_eq!(failed.status, Status::Failed);
    assert_eq!(failed.applied_result.as_ref().unwrap().summary, "gone");
    assert_eq!(failed.voted(vote("dave", "yes", &anyone)).unwrap_err(), Error::RequestDecided("failed"));
}

proptest! {
    /// A second, simpler count: the first side to reach the number decides.
    #[test]
    fn the_first_side_to_reach_the_number_decides(required in 1..=10_i64, ballots in prop::collection::vec(any::<bool>(), 0..25)) {
        let (mut request, mut decided) = (naming(required), None);
        let (mut yes, mut no) = (0, 0);
        for (at, &ballot) in ballots.iter().enumerate() {
            let cast = vote(&format!("voter-{at}"), if ballot { "yes" } else { "no" }, &Actor::anonymous());
            let (next, ruling) = request.voted(cast).unwrap();
            request = next;
            if ballot { yes += 1 } else { no += 1 }
            prop_assert_eq!((request.count(Ballot::Yes), request.count(Ballot::No)), (yes, no));
            if ruling != Ruling::Undecided {
                decided = Some(ruling);
                break;
            }
        }
        let expected = match (yes >= required, no >= required) {
            (true, _) => Some(Ruling::Approved),
            (_, true) => Some(Ruling::Declined),
            _ => None,
        };
        prop_assert_eq!(decided, expected);
    }
}

#[test]
fn naming_a_contributor_says_who_was_there_before() {
    let link = NewLink::read(&node(crate::given::SEED_LINK)).unwrap();
    let link = link.filed(domain::id::LinkId::new(Uuid::from_u128(7)), Origin::Work, NOW);
    let later = NOW + chrono::TimeDelta::seconds(5);
    let name = |stage, who: &str| LinkContributor { lineage_id: link.id, stage, contributor: who.into() };
    for (stage, who) in [(Stage::Review, "rita"), (Stage::SpecUpgrade, "rita"), (Stage::Idea, "alice")] {
        let (named, result) = name(stage, who).apply(link.clone(), later);
        assert_eq!(named.contributors.get(stage).as_deref(), Some(who));
        assert_eq!(named.updated_at, later);
        insta::assert_snapshot!(
            format!("naming_{who}_for_{stage}"),
            serde_json::to_string_pretty(&result).unwrap()
        );
    }
}

#[test]
fn a_proposed_edit_makes_the_next_version_and_says_what_it_did() {
    let spec = registered(r#"{"spec_id": "s", "title": "T", "potential_value": 1}"#);
    let change =
        SpecChange { spec_id: "s".into(), changes: patch(r#"{"title": "U", "potential_value": 2.5}"#) };
    let (edited, result) = change.apply(spec, NOW);
    assert_eq!((edited.version, edited.content.title.as_str()), (2, "U"));
    assert_eq!(result.summary, "Changed title, potential_value of the spec s, now version 2");
    let (same, again) = change.apply(edited, NOW);
    assert_eq!((same.version, again.version), (2, None));
    assert_eq!(again.summary, "Changed nothing of the spec s: it is so already");
}
