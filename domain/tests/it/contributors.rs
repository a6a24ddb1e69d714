//! Who made us better: lists and profiles of contributors, and what refs of links lead to.

use crate::given::{NOW, record_of};
use crate::kept::{Kept, card, contributor, credit, this_month, total};
use chrono::Days;
use domain::contribution::{
    ClaimUses, ContributionPolicy, ContributorKind, ContributorQuery, CreditEntry, CreditedObject,
    DEFAULT_POLICY, KnowledgeKind, KnowledgeObject, ReadUnit, RefStatus, Reverted, Role, ScoreBasis,
    Signature, UnitCard, UnitDetail, Usage, Usages, UsedRole, WeightSet, faded_uses,
};
use domain::error::Error;
use domain::page::Parameters;
use domain::payout::{PayoutPolicy, Pool, preview_under};
use domain::report::{self, ContributorList};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What a future answers that waits for nothing.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("nothing here waits"),
    }
}

/// An answer as it is sent, line by line.
fn pretty(answer: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(answer).unwrap()
}

/// Mike directs Rio and Clay; Ann works alone; a bot keeps things running; Bostrom is drawn on.
fn kept() -> Kept {
    let (month, before) = (this_month(), this_month() - 1);
    let totals = vec![
        total("mike", None, Role::Reviewer, before, 3, 100),
        total("rio", Some("mike"), Role::Extractor, before, 10, 120),
        total("rio", Some("mike"), Role::Challenger, month, 1, 150),
        // Before it worked for anybody.
        total("rio", None, Role::Extractor, before - 1, 4, 100),
        total("ann", None, Role::Synthesizer, month, 4, 50),
        total("ann", None, Role::Reviewer, month, -1, 100),
        total("bot", None, Role::Extractor, month, 100, 100),
        total("bostrom", None, Role::Sourcer, before, 6, 100),
    ];
    let uses = [(0, 8), (30, 8), (700, 1_000_000)].map(|(age, sessions)| ClaimUses {
        slug: "tides".into(),
        day: NOW.date_naive() - Days::new(age),
        sessions,
    });
    let used = |role, who: &str, principal: Option<&str>| UsedRole {
        slug: "tides".into(),
        repository: "codex".into(),
        role,
        contributor: who.into(),
        principal: principal.map(str::to_owned),
        earned_at: NOW - Days::new(60),
        ended_at: None,
    };
    let used_roles = vec![
        used(Role::Sourcer, "bostrom", None),
        used(Role::Extractor, "rio", Some("mike")),
        used(Role::Reviewer, "ann", None),
        used(Role::Reviewer, "mike", None),
    ];
    let contributors = vec![
        contributor("ann", ContributorKind::Person, None),
        contributor("bostrom", ContributorKind::External, None),
        contributor("bot", ContributorKind::Infrastructure, None),
        contributor("clay", ContributorKind::Agent, Some("mike")),
        contributor("mike", ContributorKind::Person, None),
        contributor("rio", ContributorKind::Agent, Some("mike")),
    ];
    let basis = ScoreBasis { totals, contributors, uses: uses.into(), used_roles };
    Kept { basis, ..Kept::default() }
}

fn listed(pairs: &[(&str, &str)]) -> ContributorList {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let query = ContributorQuery::read(&Parameters(&pairs)).unwrap();
    now(report::contributors(&kept(), &query, NOW)).unwrap()
}

fn handles(list: &ContributorList) -> Vec<&str> {
    list.items.iter().map(|item| item.handle.as_str()).collect()
}

#[test]
fn people_are_ranked_with_their_agents_beneath_them_and_never_mixed_with_anything_else() {
    insta::assert_snapshot!(pretty(&listed(&[])));
}

#[test]
fn each_version_and_weight_set_ranks_by_its_own() {
    let by = |version: &str| {
        let list = listed(&[("version", version), ("kind", "person")]);
        list.items
            .iter()
            .map(|item| format!("{} {} {}", item.rank, item.handle, item.score))
            .collect::<Vec<_>>()
    };
    assert_eq!(by("v1"), ["1 mike 1.45", "2 ann 0.8"]);
    assert_eq!(by("v2"), ["1 mike 1.725", "2 ann 0.3"]);
    // Twelve uses count: sourcer .15, reviewers .2 between two, extractor .05, of .4 together.
    assert_eq!(by("v3"), ["1 mike 4.5", "2 ann 3.0"]);
    let volume = listed(&[("weights", "ci-v0"), ("kind", "agent")]);
    assert_eq!(volume.items[0].score.to_string(), "5.8");
    assert_eq!(volume.under.weight_set, "ci-v0");
}

#[test]
fn claims_of_one_name_share_their_uses_and_each_fades_by_its_own_repository() {
    let mut kept = kept();
    let elsewhere = |slug: &str, half_life_days| {
        let usage = ContributionPolicy::named(DEFAULT_POLICY).unwrap().usage.clone();
        (slug.to_owned(), Usage { half_life_days, ..usage })
    };
    let usages = [elsewhere("codex", 30), elsewhere("annals", 60)];
    let usages = Usages::new(usages.into(), elsewhere("", 1).1);
    let zoe = UsedRole {
        repository: "annals".into(),
        contributor: "zoe".into(),
        earned_at: NOW - Days::new(30),
        ..kept.basis.used_roles[1].clone()
    };
    kept.basis.used_roles = vec![kept.basis.used_roles[1].clone(), zoe];
    let uses =
        |sessions, age| ClaimUses { slug: "tides".into(), day: NOW.date_naive() - Days::new(age), sessions };
    // Sixty days ago only one of them had it.
    kept.basis.uses = vec![uses(8, 60), uses(8, 30), uses(8, 0)];
    let weights = WeightSet::named("ci-v1").unwrap();
    let shares = |basis: &ScoreBasis| -> Vec<String> {
        let faded = faded_uses(basis, &usages, NOW.date_naive());
        let line = |it: &domain::contribution::FadedUses<'_>| {
            let who =
                it.shared(weights).into_iter().map(|(holder, part)| format!("{} {part}", holder.contributor));
            format!("{} {} {}: {}", it.repository, it.sessions, it.uses, who.collect::<Vec<_>>().join(", "))
        };
        let mut lines: Vec<String> = faded.iter().map(line).collect();
        lines.sort();
        lines
    };
    assert_eq!(
        shares(&kept.basis),
        [
            "annals 8 2828427: zoe 2828427",
            "annals 8 4000000: zoe 4000000",
            "codex 8 2000000: rio 2000000",
            "codex 8 2000000: rio 2000000",
            "codex 8 4000000: rio 4000000",
        ]
    );
}

#[test]
fn a_window_of_months_shows_what_changed_in_it() {
    let month = domain::contribution::month_name(this_month());
    let list = listed(&[("from", &month), ("kind", "person"), ("order", "asc")]);
    let shown: Vec<_> = list.items.iter().map(|item| format!("{} {}", item.handle, item.score)).collect();
    assert_eq!(shown, ["mike 0.35", "ann 0.8"]);
    assert_eq!(list.under.from.as_deref(), Some(month.as_str()));
}

#[test]
fn contributors_are_sorted_by_credits_and_by_when_they_were_seen() {
    let mut kept = kept();
    for (at, record) in kept.basis.contributors.iter_mut().enumerate() {
        // Whoever was there first was not there last.
        record.first_at = Some(NOW - Days::new(at as u64));
        record.last_at = Some(NOW + Days::new(at as u64));
    }
    let sorted = |sort: &str, order: &str| {
        let pairs = [("sort", sort), ("order", order), ("kind", "person")];
        let pairs: Vec<_> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let query = ContributorQuery::read(&Parameters(&pairs)).unwrap();
        let list = now(report::contributors(&kept, &query, NOW)).unwrap();
        handles(&list).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(sorted("credits", "desc"), ["ann", "mike"], "three each: by handle");
    assert_eq!(sorted("credits", "asc"), ["ann", "mike"]);
    assert_eq!(sorted("first", "asc"), ["mike", "ann"]);
    assert_eq!(sorted("first", "desc"), ["ann", "mike"]);
    assert_eq!(sorted("last", "asc"), ["ann", "mike"]);
    assert_eq!(sorted("last", "desc"), ["mike", "ann"]);
    let agents = listed(&[("sort", "credits"), ("kind", "agent")]);
    assert_eq!(handles(&agents), ["rio", "clay"]);
    let agents = listed(&[("sort", "credits"), ("kind", "agent"), ("order", "asc")]);
    assert_eq!(handles(&agents), ["clay", "rio"]);
}

#[test]
fn a_cursor_whose_contributor_is_gone_goes_on_behind_where_they_stood() {
    let page = |kept: &Kept, cursor: &str| {
        let mut pairs = vec![("limit".to_owned(), "1".to_owned()), ("kind".to_owned(), "person".to_owned())];
        if !cursor.is_empty() {
            pairs.push(("cursor".to_owned(), cursor.to_owned()));
        }
        now(report::contributors(kept, &ContributorQuery::read(&Parameters(&pairs)).unwrap(), NOW)).unwrap()
    };
    let mut kept = kept();
    let first = page(&kept, "");
    assert_eq!(handles(&first), ["mike"]);
    // Mike is another's alias by now, and nobody has what was his.
    kept.basis.contributors.retain(|record| record.handle != "mike");
    kept.basis.totals.retain(|total| total.contributor == "ann");
    kept.basis.used_roles.clear();
    let rest = page(&kept, &first.next_cursor.expect("more"));
    assert_eq!((handles(&rest), rest.next_cursor.clone()), (vec!["ann"], None));
}

#[test]
fn pages_follow_one_another_and_a_search_looks_at_names() {
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for _ in 0..10 {
        let mut pairs = vec![("limit", "2"), ("sort", "ci")];
        if !cursor.is_empty() {
            pairs.push(("cursor", &cursor));
        }
        let list = listed(&pairs);
        assert_eq!(list.matching, 6);
        seen.extend(handles(&list).into_iter().map(str::to_owned));
        match list.next_cursor {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(seen, ["mike", "ann", "rio", "clay", "bostrom", "bot"]);
    assert_eq!(handles(&listed(&[("q", "IO")])), ["rio"]);
    assert_eq!(handles(&listed(&[("sort", "handle"), ("order", "asc"), ("kind", "agent")])), ["clay", "rio"]);
}

#[test]
fn a_profile_has_the_course_and_every_number_explained() {
    let weights = WeightSet::named("ci-v1").unwrap();
    insta::assert_snapshot!(pretty(&now(report::contributor(&kept(), "mike", weights, NOW)).unwrap()));
    let nobody = now(report::contributor(&kept(), "nobody", weights, NOW));
    assert_eq!(nobody, Err(Error::ContributorNotFound));
}

/// A change as it was read: by Rio, merged by Leo.
fn read_as(card: &UnitCard) -> ReadUnit {
    let signed = |name: &str| Signature { name: name.into(), email: String::new() };
    ReadUnit {
        repository: card.repository.clone(),
        sha: card.sha.clone(),
        position: 0,
        kind: card.kind,
        forge: card.forge.clone(),
        number: card.number,
        branch: None,
        title: card.title.clone(),
        label: None,
        author: signed("Rio"),
        merger: signed("Leo"),
        merged_at: card.merged_at,
        trailers: Vec::new(),
        reverts: Vec::new(),
        reverted: Reverted::default(),
        paths: Vec::new(),
        lines_added: 150,
        lines_removed: 0,
        lines_partial: false,
        objects: Vec::new(),
    }
}

/// Two forges have a change 12; a claim stands in one folder and was removed from another.
fn with_changes() -> Kept {
    let unit = |sha: &str, forge: &str, number| {
        let mut card = card(&sha.repeat(10), number, 3, 150);
        card.forge = Some(forge.into());
        let mut credits = vec![
            credit(card.id, "leo", None, Role::Reviewer, None),
            credit(card.id, "rio", Some("mike"), Role::Extractor, Some("domains/sea/tides.md")),
            credit(card.id, "rio", Some("mike"), Role::Extractor, Some("domains/sea/waves.md")),
        ];
        credits[2].counted = false;
        UnitDetail { read: read_as(&card), card, credits }
    };
    let units = vec![
        unit("abcd", "forgejo", Some(12)),
        unit("bcde", "github", Some(12)),
        unit("cdef", "github", Some(13)),
    ];
    let claim = |path: &str, slug: &str, removed: bool| {
        let first = &units[0];
        let object = KnowledgeObject {
            repository: "codex".into(),
            path: path.into(),
            slug: slug.into(),
            kind: KnowledgeKind::Claim,
            title: slug.into(),
            domain: None,
            confidence: None,
            status: None,
            sources: Vec::new(),
            added_by: first.card.id,
            touched_by: first.card.id,
            removed_by: removed.then_some(first.card.id),
        };
        let of_claim = first.credits.iter().filter(|credit| credit.claim.as_deref() == Some(path));
        let entry = |credit: &domain::contribution::Credit| CreditEntry {
            credit: credit.clone(),
            repository: "codex".into(),
            sha: first.card.sha.clone(),
            title: first.card.title.clone(),
            claim_slug: Some(slug.into()),
        };
        CreditedObject { object, credits: of_claim.map(entry).collect() }
    };
    let claims = vec![
        claim("domains/sea/tides.md", "tides", false),
        claim("domains/old/tides.md", "tides", true),
        claim("domains/sea/waves.md", "waves", false),
        claim("domains/a/twin.md", "twin", false),
        claim("domains/b/twin.md", "twin", false),
    ];
    Kept { units, claims, ..Kept::default() }
}

fn resolved(refs: &[&str]) -> report::ResolvedRefs {
    let refs: Vec<String> = refs.iter().map(|text| (*text).to_owned()).collect();
    now(report::resolve(&with_changes(), &refs)).unwrap()
}

#[test]
fn refs_lead_to_one_thing_or_say_why_not() {
    let found = resolved(&[
        "commit:abcdabc",
        "PR#13",
        "PR#12",
        "github:PR#12",
        "PR#99",
        "claim:Tides",
        "claim:twin",
        "claim:b/twin.md",
        "claim:nothing",
        "server/src/main.rs",
    ]);
    let shown = found.refs.iter().map(|of| {
        let message = of.message.as_deref().unwrap_or_default();
        format!("{} {:?} {} {} {message}", of.reference, of.status, of.units.len(), of.claims.len())
    });
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"));
    let cost = found.cost.unwrap();
    assert_eq!((cost.cost.to_string(), cost.parts.len()), ("2.55".into(), 3), "0.85 each");
}

#[test]
fn a_pool_is_shared_by_what_a_link_names_and_once() {
    let preview = |refs: &[&str], principals| {
        let policy = PayoutPolicy::named("contribution-index-v1").unwrap();
        let drawn = resolved(refs).contributions();
        let pool = Pool::of_units(10_000, 2, None);
        preview_under(policy, &record_of(Vec::new()), &pool, &drawn, principals)
    };
    let paid = |refs: &[&str], principals| {
        let shown = preview(refs, principals);
        let rows = shown.payouts.iter();
        rows.map(|row| format!("{} {} {}", row.role.name(), row.contributor, row.amount)).collect::<Vec<_>>()
    };
    let both = ["reviewer leo 80.0", "extractor rio 20.0"];
    assert_eq!(paid(&["commit:abcdabc"], false), both);
    assert_eq!(paid(&["commit:abcdabc", "forgejo:PR#12", "claim:tides", "claim:waves"], false), both);
    assert_eq!(paid(&["commit:abcdabc"], true), ["reviewer leo 80.0", "extractor mike 20.0"]);
    // The credit that counts is for the other claim of the same change; it stands for this one.
    assert_eq!(paid(&["claim:waves"], false), ["extractor rio 100.0"]);
    assert_eq!(paid(&["PR#12"], false), [] as [String; 0], "two forges have it");
    insta::assert_snapshot!("preview_of_a_change", pretty(&preview(&["forgejo:PR#12", "PR#99"], true)));
    insta::assert_snapshot!("preview_of_nothing", pretty(&preview(&["PR#99"], false)));
    // Each is a read, so only so many are looked up, and the others are said not to be.
    let many = vec!["PR#13"; report::MAX_RESOLVED + 1];
    let found = resolved(&many).refs;
    assert!(found[..report::MAX_RESOLVED].iter().all(|it| it.status == RefStatus::Resolved));
    let last = &found[report::MAX_RESOLVED];
    assert_eq!(last.status, RefStatus::Unknown);
    assert!(format!("{last:?}").contains("only the first 200 refs of a link are"), "{last:?}");
    assert_eq!(resolved(&["PR#99"]).refs[0].status, RefStatus::Unknown);
}
