//! Laws of what becomes of a spec that is read from a file.

use crate::given::{NOW, node};
use domain::error::Error;
use domain::money::Amount;
use domain::registry::InventorySource;
use domain::spec::{
    Decision, ImportedSpec, Kept, NewSpec, Spec, SpecCard, SpecContent, SpecImport, SpecTotals, TakenFields,
    TakenFile, decide,
};
use domain::store::SpecEntry;
use proptest::prelude::*;

const FILE: &str = r#"{"spec_id": "tides", "title": "Tides", "summary": "When to leave", "branches": ["a"]}"#;

fn imported(json: &str) -> ImportedSpec {
    ImportedSpec::read("specs/tides.md", &node(json)).unwrap()
}

fn entry(spec: &Spec) -> SpecEntry {
    let content = spec.content.clone();
    let card = SpecCard {
        spec_id: spec.spec_id.clone(),
        registered: spec.version > 0,
        title: content.title.clone(),
        excerpt: content.summary.clone(),
        idea_id: content.idea_id.clone(),
        inventory_source: spec.inventory_source,
        version: spec.version,
        potential_value: content.potential_value,
        estimated_cost: content.estimated_cost,
        given_cost: content.actual_cost,
        totals: SpecTotals::default(),
        has_implementation: false,
        has_evidence: false,
        created_at: NOW,
        updated_at: NOW,
    };
    SpecEntry { card, content }
}

/// A spec as the registry holds it after a file was taken, with what is remembered of the file.
fn taken(json: &str) -> (Spec, SpecImport) {
    let file = imported(json);
    let content = file.given.applied_to(&SpecContent::default());
    let spec = NewSpec { spec_id: file.spec_id, content }.registered(InventorySource::Import, NOW);
    (spec, SpecImport { file: file.file, version: 1 })
}

fn edited(spec: Spec, edit: impl FnOnce(&mut SpecContent)) -> Spec {
    let mut content = spec.content.clone();
    edit(&mut content);
    spec.edited(content, NOW)
}

/// What an update leaves of a spec.
fn updated(decision: Decision, spec: &Spec) -> SpecContent {
    match decision {
        Decision::Update { version, changes } if version == spec.version => changes.applied_to(&spec.content),
        other => panic!("no update of version {}: {other:?}", spec.version),
    }
}

#[test]
fn what_is_not_registered_is_registered_by_a_slug_or_the_name_that_a_link_gave_it() {
    let named = imported(&FILE.replace("tides", "Tide tables"));
    assert!(matches!(decide(&named, None, None, false), Err(Error::Invalid(_))));
    let mut stub = entry(&taken(FILE).0);
    stub.card.registered = false;
    assert_eq!(decide(&named, Some(&stub), None, false), Ok(Decision::Register));
    assert_eq!(decide(&imported(FILE), None, None, false), Ok(Decision::Register));
}

#[test]
fn what_the_import_wrote_last_follows_its_file_and_nothing_else() {
    let (spec, before) = taken(FILE);
    let changed = imported(r#"{"spec_id": "tides", "title": "Tide tables", "potential_value": 7}"#);
    let content = updated(decide(&changed, Some(&entry(&spec)), Some(&before), false).unwrap(), &spec);
    let said = (content.title.as_str(), content.potential_value.to_string());
    assert_eq!(said, ("Tide tables", "7.0".into()));
    assert_eq!(
        (content.summary.as_str(), content.branches.len()),
        ("", 0),
        "what it says no more is emptied"
    );
    // The idea came from a link, and no file ever said anything of it.
    let stub = edited(spec, |content| content.idea_id = Some("idea".into()));
    let before = SpecImport { version: 2, ..before };
    let content = updated(decide(&changed, Some(&entry(&stub)), Some(&before), false).unwrap(), &stub);
    assert_eq!(content.idea_id.as_deref(), Some("idea"));
}

#[test]
fn what_somebody_edited_stays_unless_overwriting_is_asked_for() {
    let (spec, before) = taken(FILE);
    let by_hand = edited(spec, |content| {
        content.title = "By hand".into();
        content.evidence_refs = vec!["PR#1".into()];
    });
    let kept = entry(&by_hand);
    let decided = |json: &str, force| decide(&imported(json), Some(&kept), Some(&before), force).unwrap();
    let changed = FILE.replace("leave", "sail");
    let keep = |file_changed| Decision::Keep(Kept::EditedByHand { file_changed });
    assert_eq!((decided(FILE, false), decided(&changed, false)), (keep(false), keep(true)));
    let content = updated(decided(&changed, true), &by_hand);
    assert_eq!((content.title.as_str(), content.summary.as_str()), ("Tides", "When to sail"));
    assert_eq!(content.evidence_refs, ["PR#1"], "of which the file says nothing");
}

#[test]
fn what_somebody_wrote_beside_the_file_stops_no_import_of_it() {
    let (spec, before) = taken(FILE);
    let by_hand = edited(spec, |content| {
        content.evidence_refs = vec!["PR#1".into()];
        content.potential_value = Amount::from_micros(500_000_000);
    });
    let kept = entry(&by_hand);
    let changed = imported(&FILE.replace("leave", "sail").replace(r#", "branches": ["a"]"#, ""));
    let content = updated(decide(&changed, Some(&kept), Some(&before), false).unwrap(), &by_hand);
    assert_eq!((content.summary.as_str(), content.branches.len()), ("When to sail", 0));
    assert_eq!((content.evidence_refs.len(), content.potential_value.to_string()), (1, "500.0".into()));
    // As soon as the file says something of it too, there are two who say it.
    let both = imported(&FILE.replace(r#""branches""#, r#""potential_value": 7, "branches""#));
    let keep = Ok(Decision::Keep(Kept::EditedByHand { file_changed: true }));
    assert_eq!(decide(&both, Some(&kept), Some(&before), false), keep);
    let same = imported(
        &FILE.replace("leave", "sail").replace(r#""branches""#, r#""potential_value": 500, "branches""#),
    );
    assert!(matches!(decide(&same, Some(&kept), Some(&before), false), Ok(Decision::Update { .. })));
}

#[test]
fn what_was_taken_before_fields_had_digests_is_kept_as_it_was() {
    let (spec, before) = taken(FILE);
    let names: TakenFields = serde_json::from_str(r#"["title", "summary", "branches"]"#).unwrap();
    let file = TakenFile { fields: names, ..before.file.clone() };
    let before = SpecImport { file, ..before };
    let changed = imported(&FILE.replace("leave", "sail"));
    let followed = decide(&changed, Some(&entry(&spec)), Some(&before), false).unwrap();
    assert_eq!(updated(followed, &spec).summary, "When to sail");
    let by_hand = edited(spec, |content| content.evidence_refs = vec!["PR#1".into()]);
    let keep = Ok(Decision::Keep(Kept::EditedByHand { file_changed: true }));
    assert_eq!(decide(&changed, Some(&entry(&by_hand)), Some(&before), false), keep);
    let json = serde_json::to_string(&imported(FILE).file.fields).unwrap();
    assert_eq!(serde_json::from_str::<TakenFields>(&json).unwrap(), imported(FILE).file.fields);
}

#[test]
fn what_was_registered_by_hand_stays_unless_it_says_the_same() {
    let (spec, _) = taken(FILE);
    let same = edited(spec.clone(), |content| content.task_ids = vec!["12".into()]);
    assert_eq!(decide(&imported(FILE), Some(&entry(&same)), None, false), Ok(Decision::Unchanged));
    let other = edited(spec, |content| content.summary = "Mine".into());
    let keep = Decision::Keep(Kept::RegisteredByHand);
    assert_eq!(decide(&imported(FILE), Some(&entry(&other)), None, false), Ok(keep));
    let forced = decide(&imported(FILE), Some(&entry(&other)), None, true).unwrap();
    assert_eq!(updated(forced, &other).summary, "When to leave");
}

/// A file of any of some fields.
fn files() -> impl Strategy<Value = String> {
    let fields = [
        r#""summary": "S""#,
        r#""summary": """#,
        r#""branches": ["b"]"#,
        r#""idea_id": "i""#,
        r#""idea_id": null"#,
        r#""actual_cost": 1"#,
        r#""potential_value": 0"#,
    ];
    let some = proptest::sample::subsequence(fields.to_vec(), 0..=fields.len());
    some.prop_map(|fields| {
        let mut names: Vec<&str> = Vec::new();
        let mut json = r#"{"spec_id": "tides", "title": "T""#.to_owned();
        for field in fields {
            let name = field.split(':').next().unwrap_or_default();
            if !names.contains(&name) {
                names.push(name);
                json = format!("{json}, {field}");
            }
        }
        json + "}"
    })
}

proptest! {
    #[test]
    fn a_file_that_was_taken_changes_nothing_the_second_time(first in files(), second in files(), by_hand in any::<bool>()) {
        let (mut spec, before) = taken(&first);
        if by_hand {
            spec = edited(spec, |content| content.title = "By hand".into());
        }
        let file = imported(&second);
        if let Decision::Update { changes, .. } = decide(&file, Some(&entry(&spec)), Some(&before), true).unwrap() {
            let content = changes.applied_to(&spec.content);
            spec = spec.edited(content, NOW);
        }
        for (before, force) in [(Some(&before), false), (Some(&before), true), (None, false)] {
            prop_assert_eq!(decide(&file, Some(&entry(&spec)), before, force), Ok(Decision::Unchanged));
        }
        let remembered = SpecImport { file: file.file.clone(), version: spec.version };
        prop_assert_eq!(decide(&file, Some(&entry(&spec)), Some(&remembered), false), Ok(Decision::Unchanged));
    }
}
