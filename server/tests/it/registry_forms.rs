//! The forms of gates, specs and change requests, as a browser without JavaScript sends them.

use crate::given::{Call, LINK, TestApp};

const SPEC: [(&str, &str); 6] = [
    ("spec_id", "quiet-alerts"),
    ("title", " Quiet alerts "),
    ("potential_value", "250.5"),
    ("summary", "One line.\r\nAnother & <more>."),
    ("evidence_refs", "a\r\n\r\n b \r\n"),
    ("request_key", "once"),
];

#[tokio::test]
async fn a_spec_is_registered_once_by_its_form_and_its_page_shown() {
    let app = TestApp::new().await;
    for _ in 0..2 {
        let answer = app.send(Call::form("/specs/new", &SPEC)).await.assert_status(303);
        assert_eq!(answer.header("location"), Some("/specs/quiet-alerts?done=registered"));
    }
    let spec = app.get("/api/spec-registry/quiet-alerts").await.assert_status(200);
    assert_eq!((spec.at("title"), spec.at("version")), ("Quiet alerts".into(), "1".into()));
    assert_eq!((spec.at("potential_value"), spec.at("evidence_refs[1]")), ("250.5".into(), "b".into()));
    let page = app.get("/specs/quiet-alerts").await.assert_status(200);
    assert!(page.text.contains("Another &amp; &lt;more&gt;."), "what was typed is text");
    let refused = app.refuse(Call::form("/specs/new", &[("spec_id", "No Slug"), ("title", "kept")])).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Nothing was registered") && refused.text.contains("kept"));
}

#[tokio::test]
async fn a_spec_is_edited_at_the_version_that_was_seen() {
    let app = TestApp::new().await;
    app.send(Call::form("/specs/new", &SPEC)).await.assert_status(303);
    let page = app.get("/specs/quiet-alerts/edit").await.assert_status(200);
    assert!(
        page.text.contains(r#"name="version" value="1""#) && page.text.contains("250.5"),
        "{}",
        page.text
    );
    let edit = |title| {
        let fields = [("version", "1"), ("title", title), ("evidence_refs", "c"), ("actual_cost", "7")];
        Call::form("/specs/quiet-alerts/edit", &fields)
    };
    assert_eq!(app.refuse(edit("")).await.status, 422);
    let saved = app.send(edit("Quieter")).await.assert_status(303);
    assert_eq!(saved.header("location"), Some("/specs/quiet-alerts?done=saved"));
    let spec = app.get("/api/spec-registry/quiet-alerts").await;
    assert_eq!((spec.at("title"), spec.at("version")), ("Quieter".into(), "2".into()));
    assert_eq!((spec.at("potential_value"), spec.at("evidence_refs[0]")), ("0.0".into(), "c".into()));
    let late = app.refuse(edit("Too late")).await;
    assert_eq!(late.status, 412);
    assert!(late.text.contains("Nothing was saved") && late.text.contains("Too late"), "{}", late.text);
}

#[tokio::test]
async fn a_contributor_is_proposed_and_voted_on_by_forms() {
    let app = TestApp::new().await;
    let odd = "an/odd? spec%";
    let link = app.file_link(&LINK.replace("048-value-lineage-and-payout-attribution", odd)).await;
    let page = "/specs/an%2Fodd%3F%20spec%25";
    app.get(page).await.assert_status(200);
    let form = |contributor| {
        let fields = [("lineage_id", link.as_str()), ("stage", "review"), ("contributor", contributor)];
        Call::form(
            &format!("{page}/change-requests"),
            &[fields.as_slice(), &[("proposer", "carol")]].concat(),
        )
    };
    let refused = app.refuse(form("")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("Nothing was proposed"), "{}", refused.text);
    let proposed = app.send(form("grace")).await.assert_status(303);
    assert_eq!(proposed.header("location"), Some(format!("{page}?done=proposed#requests").as_str()));
    let list = app.get("/api/governance/change-requests").await;
    let request = list.at("change_requests[0].id");
    let votes = format!("/governance/change-requests/{request}/votes");
    let vote = |voter| Call::form(&votes, &[("voter", voter), ("vote", "yes")]);
    let own = app.refuse(vote("carol")).await;
    assert_eq!(own.status, 403);
    assert!(own.text.contains("Your vote was not taken"), "{}", own.text);
    let voted = app.send(vote("dave")).await.assert_status(303);
    let place = format!("/governance/change-requests?done=voted#{request}");
    assert_eq!(voted.header("location"), Some(place.as_str()));
    assert_eq!(app.link(&link).await.at("contributors.review"), "grace");
    assert_eq!(app.refuse(vote("erin")).await.status, 409, "once decided it never changes again");
    let gone = Call::form("/governance/change-requests/nonsense/votes", &[("voter", "x"), ("vote", "yes")]);
    assert_eq!(app.refuse(gone).await.status, 404);
}

#[tokio::test]
async fn a_gate_runs_from_its_page_and_what_another_expects_is_no_verdict_of_it() {
    let app = TestApp::new().await;
    let run = app.send(Call::form("/gates/run", &[("request_key", "once")])).await.assert_status(303);
    assert_eq!(run.header("location"), Some("/gates"));
    let page = app.get("/gates").await.assert_status(200);
    assert!(page.text.contains("<h1>Gates</h1>"), "the gate knows its page by this");
    assert!(page.text.contains("It could not be checked"), "nobody listens where this gate looks");
    let other = app.send(Call::form("/gates/run", &[("expected_sha", "0123abc")])).await.assert_status(303);
    assert!(other.header("location").expect("a location").starts_with("/gates/runs/run_"));
    let refused = app.refuse(Call::form("/gates/run", &[("expected_sha", "no commit")])).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("no commit") && refused.text.contains("No gate was run"));
    let nowhere = app.refuse(Call::form("/gates/merged", &[("sha", "0123abc")])).await;
    assert_eq!(nowhere.status, 404, "no repository is known");
}

#[tokio::test]
async fn who_may_not_write_is_led_to_sign_in_and_nothing_is_written() {
    let app = TestApp::with_keys("ops a-secret-of-some-length-0123456789\n").await;
    for path in ["/gates/run", "/gates/merged", "/specs/new", "/specs/a-spec/change-requests"] {
        let answer = app.send(Call::form(path, &SPEC)).await.assert_status(303);
        assert!(answer.header("location").expect("a location").starts_with("/sign-in?next=/"), "{path}");
    }
    assert_eq!(app.count("ledger_entries").await, 0);
}
