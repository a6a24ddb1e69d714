//! What files say.

use super::{after, citations, claim, newest, objects, read};
use crate::given::Repository;

#[test]
fn a_claim_says_all_that_its_front_matter_does() {
    let repository = Repository::new();
    repository.write(
        "domains/ebb/high water.md",
        "---\ntype: claim\ndomain: ebb\nsecondary_domains: [flood, ebb]\nconfidence: Likely\nstatus: retired\n\
         source:\n  - Ann's survey\n  - 048\nchallenged_by: \"one gauge (bob, 2026-01-01)\"\ncreated: 2026-02-01\n\
         attribution:\n  extractor:\n    - handle: \"@Rio\"\n      agent_id: 1-2\n  sourcer: [ann]\n  reviewer: []\n---\n\n\
         # Water is high\n\n### Additional Evidence (challenge)\n*Source: [[survey]] | Added: 2026-02-02*\n\nIt was low.\n",
    );
    repository.commit("Begin");
    let unit = newest(&repository);
    let state = after(&unit, "domains/ebb/high water.md");
    assert_eq!((state.title.as_str(), state.domain.as_deref()), ("Water is high", Some("ebb")));
    assert_eq!(state.secondary_domains, ["flood"]);
    assert_eq!((state.confidence.as_deref(), state.status.as_deref()), (Some("likely"), Some("retired")));
    assert_eq!(state.sources, ["Ann's survey", "048"]);
    assert_eq!(state.challenged_by, ["one gauge (bob, 2026-01-01)"]);
    let credited: Vec<_> = state.attribution.iter().map(|it| (it.role.name(), it.handle.as_str())).collect();
    assert_eq!(credited, [("extractor", "rio"), ("sourcer", "ann")]);
    assert_eq!(
        state.challenge_notes,
        ["Additional Evidence (challenge): Source: [[survey]] | Added: 2026-02-02"]
    );
    assert_eq!(citations(state), ["source survey -> nowhere"]);
    assert_eq!(unit.objects[0].slug, "high water");
}

#[test]
fn what_a_file_is_follows_from_its_type_then_its_path() {
    let repository = Repository::new();
    let typed = |word: &str| format!("---\ntype: {word}\ndomain: d\nsource: s\n---\n");
    for (path, text) in [
        ("notes/a.md", typed("claim")),
        ("domains/d/musing.md", typed("musing")),
        ("domains/d/insight.md", typed("insight")),
        ("domains/d/_map.md", "# Map".to_owned()),
        ("domains/d/README.md", "# Read".to_owned()),
        ("domains/d/picture.png", "x".to_owned()),
        ("domains/d/challenge-a.md", typed("challenge")),
        ("agents/ann/positions/p.md", typed("position")),
        ("beliefs/b.md", "# B".to_owned()),
        ("convictions/c.md", typed("conviction")),
        ("inbox/archive/s.md", typed("evidence")),
        ("entities/e.md", typed("company")),
        ("README.md", "# Read".to_owned()),
    ] {
        repository.write(path, text);
    }
    repository.commit("Begin");
    assert_eq!(
        objects(&newest(&repository)),
        [
            "added position agents/ann/positions/p.md",
            "added belief beliefs/b.md",
            "added belief convictions/c.md",
            "added challenge domains/d/challenge-a.md",
            "added claim domains/d/insight.md",
            "added entity entities/e.md",
            "added source inbox/archive/s.md",
            "added claim notes/a.md",
        ]
    );
}

#[test]
fn pieces_are_added_changed_and_removed() {
    let repository = Repository::new();
    repository
        .write("domains/d/a.md", claim("d", "# A"))
        .write("domains/d/b.md", claim("d", "# B"))
        .commit("Begin");
    repository.write("domains/d/a.md", claim("d", "# A2")).remove("domains/d/b.md").commit("Go on");
    let unit = newest(&repository);
    assert_eq!(objects(&unit), ["changed claim domains/d/a.md", "removed claim domains/d/b.md"]);
    let titles = |at: usize| {
        let title =
            |state: &Option<domain::contribution::ObjectState>| state.as_ref().map(|it| it.title.clone());
        (title(&unit.objects[at].before), title(&unit.objects[at].after))
    };
    assert_eq!(titles(0), (Some("A".into()), Some("A2".into())));
    assert_eq!(titles(1), (Some("B".into()), None));
}

#[test]
fn numbered_beliefs_are_each_a_piece() {
    let repository = Repository::new();
    let path = "agents/ann/beliefs.md";
    repository.write("domains/d/gauges.md", claim("d", "# Gauges")).commit("Begin");
    repository
        .write(path, "# Beliefs\n\n### 1. Tides turn\n[[Gauges]]\n\n### 2. Ebb is slow\ntext\n")
        .commit("Believe");
    let unit = newest(&repository);
    assert_eq!(objects(&unit), [format!("added belief {path}#1"), format!("added belief {path}#2")]);
    assert_eq!(
        (unit.objects[0].slug.as_str(), unit.objects[0].after.as_ref().unwrap().title.as_str()),
        ("tides turn", "Tides turn")
    );
    assert_eq!(citations(after(&unit, &format!("{path}#1"))), ["cites gauges -> domains/d/gauges.md"]);
    assert!(citations(after(&unit, &format!("{path}#2"))).is_empty());
    repository.write(
        path,
        "# Beliefs\n\n### 1. Tides turn\n[[Gauges]]\n\n### 2. Ebb is slow\nmore\n### 2. Again\n",
    );
    repository
        .write("agents/bob/positions/p.md", "---\ndepends_on:\n  - \"[[tides turn]]\"\n  - gauges\n---\n")
        .commit("Go on");
    let unit = newest(&repository);
    assert_eq!(
        objects(&unit),
        [
            format!("changed belief {path}#2"),
            format!("added belief {path}#2.2"),
            "added position agents/bob/positions/p.md".into()
        ]
    );
    assert_eq!(
        citations(after(&unit, "agents/bob/positions/p.md")),
        ["depends_on gauges -> domains/d/gauges.md", "depends_on tides turn -> agents/ann/beliefs.md#1"]
    );
}

#[test]
fn links_lead_to_what_stands_there_after_the_unit() {
    let repository = Repository::new();
    repository.write("domains/d/old.md", claim("d", "# Old [[late]]")).commit("Begin");
    let text = "[[Old]] [[new|so]] [[domains/d/OLD.md#x]] [[none]] [[self]]\n```\n[[code]]\n```";
    repository
        .write("domains/d/self.md", claim("d", text))
        .write("domains/d/new.md", claim("d", ""))
        .commit("Go on");
    let unit = newest(&repository);
    assert_eq!(
        citations(after(&unit, "domains/d/self.md")),
        ["cites new -> domains/d/new.md (new)", "cites none -> nowhere", "cites old -> domains/d/old.md"]
    );
    let units = read(repository.path());
    assert_eq!(citations(after(&units[0].unit, "domains/d/old.md")), ["cites late -> nowhere"]);
}

#[test]
fn challenges_and_sources_name_what_they_are_about() {
    let repository = Repository::new();
    repository.write("domains/d/a.md", claim("d", "# A")).commit("Begin");
    repository
        .write("domains/d/challenge-a.md", "---\ntype: challenge\ntarget_claim: a.md\n---\n")
        .write("inbox/s.md", "---\ntype: source\nauthor: Ann Tide (@ann)\nprocessed_by: Rio\nclaims_extracted: [A, lost]\n---\n")
        .write("entities/ann-tide.md", "---\ntype: entity\nentity_type: person\nname: Ann Tide\nhandle: \"@AnnT\"\n---\n")
        .write("domains/d/b.md", "---\ntype: claim\ndomain: d\nsource: \"[[s]], by ann tide\"\nchallenged_by: [a, some prose]\n---\n")
        .commit("Go on");
    let unit = newest(&repository);
    assert_eq!(citations(after(&unit, "domains/d/challenge-a.md")), ["challenges a -> domains/d/a.md"]);
    let source = after(&unit, "inbox/s.md");
    assert_eq!(citations(source), ["source a -> domains/d/a.md", "source lost -> nowhere"]);
    assert_eq!(
        (source.proposed_by.as_deref(), &source.source_people[..]),
        (Some("rio"), &["annt".to_owned()][..])
    );
    assert_eq!(after(&unit, "entities/ann-tide.md").person.as_deref(), Some("annt"));
    let b = after(&unit, "domains/d/b.md");
    assert_eq!(citations(b), ["challenged_by a -> domains/d/a.md", "source s -> inbox/s.md (new)"]);
    assert_eq!(b.source_people, ["annt"]);
}
