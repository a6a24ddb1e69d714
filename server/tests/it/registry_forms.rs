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
        let fields = [
            ("version", "1"),
            ("title", title),
            ("evidence_refs", "c"),
            ("actual_cost", "7"),
            ("potential_value", ""),
        ];
        Call::form("/specs/quiet-alerts/edit", &fields)
    };
    assert_eq!(app.refuse(edit("")).await.status, 422);
    let saved = app.send(edit("Quieter")).await.assert_status(303);
    assert_eq!(saved.header("location"), Some("/specs/quiet-alerts?done=saved"));
    let spec = app.get("/api/spec-registry/quiet-alerts").await;
    assert_eq!((spec.at("title"), spec.at("version")), ("Quieter".into(), "2".into()));
    assert_eq!((spec.at("potential_value"), spec.at("evidence_refs[0]")), ("0.0".into(), "c".into()));
    assert_eq!(spec.at("summary"), "One line.\nAnother & <more>.", "what was not sent stays");
    let late = app.refuse(edit("Too late")).await;
    assert_eq!(late.status, 412);
    assert!(late.text.contains("Nothing was saved") && late.text.contains("Too late"), "{}", late.text);
}

const LISTS: [&str; 6] =
    ["implementation_refs", "evidence_refs", "source_files", "task_ids", "branches", "public_endpoints"];

/// What a hidden field of a page holds.
fn hidden(page: &str, name: &str) -> String {
    let rest = page.split(&format!(r#"name="{name}" value=""#)).nth(1).unwrap_or_else(|| panic!("{name}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// The lines of a page's text area, as a browser would send them.
fn lines(page: &str, name: &str) -> Vec<String> {
    let area =
        page.split("<textarea").find(|area| area.contains(&format!(r#"name="{name}""#))).expect("an area");
    let text = area.split_once('>').expect("its text").1.split("</textarea>").next().unwrap_or_default();
    text.trim().lines().map(|line| line.replace("&lt;", "<").replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn a_spec_filled_to_every_limit_is_edited_on_light_pages() {
    let app = TestApp::new().await;
    let refs =
        |name: &str| (0..200).map(|at| format!("{name} {at} & {}", "<".repeat(450))).collect::<Vec<_>>();
    let lists = LISTS.map(|name| {
        let lines: Vec<String> = refs(name).iter().map(|line| format!("\"{line}\"")).collect();
        format!("\"{name}\": [{}]", lines.join(","))
    });
    let texts = ["summary", "process_summary", "pseudocode_summary", "implementation_summary"]
        .map(|name| format!("\"{name}\": \"{}\"", "ü".repeat(10_000)));
    let title = "t".repeat(200);
    let whole = [texts.as_slice(), lists.as_slice()].concat().join(",");
    app.register_spec(&format!(
        r#"{{"spec_id": "full", "title": "{title}", "idea_id": "{title}", {whole}}}"#
    ))
    .await;
    let page = async |path: &str| {
        let page = app.get(path).await.assert_status(200).text;
        assert!(page.len() < 100_000, "{path}: {} bytes", page.len());
        page
    };
    page("/specs/full").await;
    let edit = page("/specs/full/edit").await;
    assert!(edit.contains("name=\"summary\"") && !edit.contains("name=\"source_files\""));
    for name in LISTS {
        assert!(edit.contains(&format!("/specs/full/edit?field={name}\"")), "{name}");
    }
    // What the page of all fields does not send stays as it is.
    let fields = [("version", "1"), ("title", "Full"), ("summary", "")];
    app.send(Call::form("/specs/full/edit", &fields)).await.assert_status(303);
    let spec = app.get("/api/spec-registry/full").await;
    assert_eq!(
        (spec.at("title"), spec.at("summary"), spec.json().len("task_ids")),
        ("Full".into(), "".into(), 200)
    );
    // Part by part, every line can be edited.
    let (mut from, mut seen) = (0, Vec::new());
    while from < 200 {
        let part = page(&format!("/specs/full/edit?field=task_ids&from={from}")).await;
        assert_eq!(hidden(&part, "part_from"), from.to_string());
        seen.extend(lines(&part, "task_ids"));
        from = hidden(&part, "part_until").parse().expect("a number");
    }
    assert_eq!(seen, refs("task_ids"));
    let second = hidden(&page("/specs/full/edit?field=task_ids").await, "part_until");
    let part = page(&format!("/specs/full/edit?field=task_ids&from={second}")).await;
    let sent = |version: &str, text: &str| {
        let names = ["part_of", "part_from", "part_until"];
        let kept = names.map(|name| (name, hidden(&part, name)));
        let mut fields = vec![("version", version), ("task_ids", text)];
        fields.extend(kept.iter().map(|(name, value)| (*name, value.as_str())));
        Call::form("/specs/full/edit", &fields)
    };
    let refused = app.refuse(sent("2", &"x".repeat(501))).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.len() < 100_000 && hidden(&refused.text, "part_from") == second, "{}", refused.text);
    app.send(sent("2", "first\r\nsecond")).await.assert_status(303);
    let spec = app.get("/api/spec-registry/full").await;
    let (start, end) =
        (second.parse::<usize>().expect("a number"), hidden(&part, "part_until").parse().expect("one"));
    let mut expected = refs("task_ids");
    expected.splice(start..end, ["first".to_owned(), "second".to_owned()]);
    let kept: Vec<String> = (0..expected.len()).map(|at| spec.at(&format!("task_ids[{at}]"))).collect();
    assert_eq!((kept, spec.json().len("task_ids")), (expected.clone(), expected.len()));
    assert_eq!(app.refuse(sent("2", "late")).await.status, 412, "another version has other lines there");
    let page = app.get("/specs/full/edit?field=nothing-such").await.assert_status(200).text;
    assert!(page.contains("name=\"title\""), "what it does not know it shows whole");
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
    let place = format!("/governance/change-requests/{request}?done=voted");
    assert_eq!(voted.header("location"), Some(place.as_str()));
    assert_eq!(app.link(&link).await.at("contributors.review"), "grace");
    let page = app.get(&place).await.assert_status(200);
    assert!(page.text.contains("Your vote is on record") && page.text.contains("dave"));
    assert!(page.text.contains("applied") && page.text.contains("grace"), "{}", page.text);
    assert_eq!(app.get("/governance/change-requests/nonsense").await.status, 404);
    assert_eq!(app.refuse(vote("erin")).await.status, 409, "once decided it never changes again");
    let gone = Call::form("/governance/change-requests/nonsense/votes", &[("voter", "x"), ("vote", "yes")]);
    assert_eq!(app.refuse(gone).await.status, 404);
}

#[tokio::test]
async fn a_change_of_a_spec_or_idea_is_proposed_by_its_page_and_voted_on_with_a_reason() {
    let app = TestApp::new().await;
    app.register_spec(r#"{"spec_id": "quiet", "title": "Quiet", "idea_id": "calm", "potential_value": 5}"#)
        .await;
    app.post("/api/ideas", r#"{"idea_id": "calm", "title": "Calm"}"#).await.assert_status(201);
    for (page, field, value, shown) in [
        ("/specs/quiet", "evidence_refs", "PR#1\r\n\r\n PR#2 ", "evidence_refs"),
        ("/specs/quiet", "potential_value", "", "potential_value"),
        ("/ideas/calm", "summary", "Fewer alerts.", "Fewer alerts."),
    ] {
        let form = app.get(page).await.assert_status(200).text;
        assert!(form.contains("Propose a change") && form.contains(&format!("value=\"{field}\"")), "{page}");
        let fields = [
            ("change_field", field),
            ("change_value", value),
            ("change_proposer", "carol"),
            ("change_reason", "It is time"),
            ("change_approvals", "2"),
        ];
        let path = format!("{page}/proposals");
        let proposed = app.send(Call::form(&path, &fields)).await.assert_status(303);
        assert_eq!(proposed.header("location"), Some(&*format!("{page}?done=proposed#requests")));
        let request = app.get("/api/governance/change-requests").await.at("change_requests[0].id");
        let votes = format!("/governance/change-requests/{request}/votes");
        for (voter, reason) in [("dave", "Looks right"), ("erin", "")] {
            let vote = [("voter", voter), ("vote", "yes"), ("reason", reason)];
            app.send(Call::form(&votes, &vote)).await.assert_status(303);
        }
        let answer = app.get(&format!("/api/governance/change-requests/{request}")).await;
        assert_eq!((answer.at("status"), answer.at("required_approvals")), ("applied".into(), "2".into()));
        assert_eq!(answer.at("votes[0].reason"), "Looks right");
        let after = app.get(&format!("{page}?done=proposed")).await.assert_status(200).text;
        assert!(after.contains(shown) && after.contains("Looks right") && after.contains("Change requested"));
    }
    let spec = app.get("/api/spec-registry/quiet").await;
    assert_eq!((spec.at("evidence_refs[1]"), spec.at("potential_value")), ("PR#2".into(), "0.0".into()));
    assert_eq!(app.get("/api/ideas/calm").await.at("summary"), "Fewer alerts.");
    let wrong = [("change_field", "title"), ("change_value", ""), ("change_approvals", "11")];
    for page in ["/specs/quiet", "/ideas/calm"] {
        let refused = app.refuse(Call::form(&format!("{page}/proposals"), &wrong)).await;
        assert_eq!(refused.status, 422);
        for field in ["change_value", "change_proposer", "change_approvals"] {
            assert!(refused.text.contains(&format!("href=\"#field-{field}\"")), "{page} {field}");
            assert!(refused.text.contains(&format!("id=\"field-{field}-error\"")), "{page} {field}");
        }
    }
}

#[tokio::test]
async fn a_contributor_may_need_more_than_one_approval() {
    let app = TestApp::new().await;
    let link = app.file_link(&LINK.replace("048-value-lineage-and-payout-attribution", "s")).await;
    let fields = [
        ("lineage_id", link.as_str()),
        ("stage", "review"),
        ("contributor", "grace"),
        ("proposer", "carol"),
        ("required_approvals", "3"),
    ];
    app.send(Call::form("/specs/s/change-requests", &fields)).await.assert_status(303);
    let request = app.get("/api/governance/change-requests").await;
    assert_eq!(request.at("change_requests[0].required_approvals"), "3");
    let wrong = [fields.as_slice(), &[("required_approvals", "many")]].concat();
    let refused = app.refuse(Call::form("/specs/s/change-requests", &wrong)).await;
    assert!(refused.text.contains("field-required_approvals-error"), "{}", refused.text);
}

#[tokio::test]
async fn an_idea_that_is_only_named_is_registered_then_edited_by_its_form() {
    let app = TestApp::new().await;
    app.file_link(&LINK.replace("oss-interface-alignment", "an/odd idea")).await;
    let page = "/ideas/an%2Fodd%20idea";
    let stub = app.get(page).await.assert_status(200).text;
    assert!(stub.contains("Register idea") && !stub.contains("Propose a change"), "{stub}");
    let edit = format!("{page}/edit");
    let form = app.get(&edit).await.assert_status(200).text;
    assert!(form.contains("Register idea") && !form.contains(r#"name="version""#), "{form}");
    assert_eq!(app.refuse(Call::form(&edit, &[("title", "")])).await.status, 422);
    let fields = [("title", " Odd "), ("summary", "One.\r\nTwo."), ("request_key", "once")];
    for _ in 0..2 {
        let registered = app.send(Call::form(&edit, &fields)).await.assert_status(303);
        assert_eq!(registered.header("location"), Some(&*format!("{page}?done=registered")));
    }
    let idea = app.get("/api/ideas/an%2Fodd%20idea").await;
    assert_eq!(
        (idea.at("title"), idea.at("summary"), idea.at("version")),
        ("Odd".into(), "One.\nTwo.".into(), "1".into())
    );
    let form = app.get(&edit).await.assert_status(200).text;
    assert!(form.contains(r#"name="version" value="1""#) && form.contains("One.\nTwo."), "{form}");
    let saved = |title| Call::form(&edit, &[("version", "1"), ("title", title), ("summary", "")]);
    let done = app.send(saved("Even")).await.assert_status(303);
    assert_eq!(done.header("location"), Some(&*format!("{page}?done=saved")));
    let idea = app.get("/api/ideas/an%2Fodd%20idea").await;
    assert_eq!(
        (idea.at("title"), idea.at("summary"), idea.at("version")),
        ("Even".into(), "".into(), "2".into())
    );
    let late = app.refuse(saved("Too late")).await;
    assert_eq!(late.status, 412);
    assert!(late.text.contains("Nothing was saved") && late.text.contains("Too late"), "{}", late.text);
    assert_eq!(app.get("/ideas/nobody-knows-it/edit").await.status, 404);
}

#[tokio::test]
async fn all_specs_of_an_idea_are_reached_from_its_page() {
    let app = TestApp::new().await;
    for at in 0..52 {
        app.register_spec(&format!(r#"{{"spec_id": "of-{at:02}", "title": "T", "idea_id": "many"}}"#)).await;
    }
    app.file_link(
        &LINK
            .replace("048-value-lineage-and-payout-attribution", "named")
            .replace("oss-interface-alignment", "many"),
    )
    .await;
    app.register_spec(r#"{"spec_id": "another", "title": "T", "idea_id": "else"}"#).await;
    let page = app.get("/ideas/many").await.assert_status(200).text;
    assert!(page.contains(r#"href="/specs?idea_id=many""#) && page.contains("Show all 53 specs"), "{page}");
    let (mut seen, mut next) = (Vec::new(), "/api/spec-registry?idea_id=many&limit=20".to_owned());
    loop {
        let answer = app.get(&next).await.assert_status(200);
        seen.extend(answer.json().each("specs", "spec_id"));
        match answer.at("next_cursor").as_str() {
            "Null" => break,
            cursor => next = format!("/api/spec-registry?idea_id=many&limit=20&cursor={cursor}"),
        }
    }
    seen.sort();
    let mut expected: Vec<String> = (0..52).map(|at| format!("of-{at:02}")).collect();
    expected.insert(0, "named".into());
    assert_eq!(seen, expected);
    let list = app.get("/specs?idea_id=many").await.assert_status(200).text;
    assert!(list.contains("Specs of idea many") && list.contains("idea_id=many&amp;cursor="), "{list}");
    assert!(!list.contains(">another<"));
    let few = app.get("/ideas/else").await.assert_status(200).text;
    assert!(!few.contains("/specs?idea_id="), "all of them stand there");
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
    let kept = app.send(Call::form("/specs/new", &SPEC)).await.assert_status(401);
    assert!(kept.text.contains("value=\"quiet-alerts\""), "a long form is shown again as it was typed");
    for path in ["/gates/run", "/gates/merged", "/specs/a-spec/change-requests"] {
        let answer = app.send(Call::form(path, &SPEC)).await.assert_status(303);
        assert!(answer.header("location").expect("a location").starts_with("/sign-in?next=/"), "{path}");
    }
    let request = "chg_01h455vb4pex5vsknk084sn02q";
    for (path, back) in [
        ("/specs/an%2Fodd%3F%20spec%25/edit", "/specs/an%2Fodd%3F%20spec%25/edit"),
        ("/specs/an%2Fodd%3F%20spec%25/change-requests", "/specs/an%2Fodd%3F%20spec%25#contribute"),
        (
            &format!("/governance/change-requests/{request}/votes"),
            &format!("/governance/change-requests/{request}"),
        ),
    ] {
        let led = app.send(Call::form(path, &SPEC)).await.assert_status(303);
        let (_, query) = led.header("location").expect("a location").split_once('?').expect("a query");
        let next = form_urlencoded::parse(query.as_bytes()).next().expect("next").1.into_owned();
        assert_eq!(next, back);
        let fields = [("key", "a-secret-of-some-length-0123456789"), ("next", next.as_str())];
        let signed_in = app.send(Call::form("/sign-in", &fields)).await.assert_status(303);
        assert_eq!(signed_in.header("location"), Some(back), "back to where it was typed");
    }
    assert_eq!(app.count("ledger_entries").await, 0);
}
