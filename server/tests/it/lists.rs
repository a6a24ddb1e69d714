//! Lists of links and of events, as the API gives them.

use crate::given::{Answer, Call, LINK, LINKS, TestApp, link_of_cost};
use std::fmt::Write as _;

/// An app with the seed's link and links of these ideas, filed in this order, by id.
async fn with_links(ideas: &[&str]) -> (TestApp, Vec<String>) {
    let app = TestApp::new().await;
    let mut ids = Vec::new();
    for idea in ideas {
        ids.push(app.file_link(&link_of_cost(idea, "10")).await);
    }
    (app, ids)
}

fn ideas(list: &Answer) -> Vec<String> {
    list.json().each("links", "idea_id")
}

async fn list(app: &TestApp, query: &str) -> Answer {
    app.get(&format!("{LINKS}?{query}")).await.assert_status(200)
}

#[tokio::test]
async fn parameters_that_cannot_be_taken_are_a_422_that_says_why() {
    let app = TestApp::new().await;
    let id = app.file_link(LINK).await;
    let long = format!("q={}", "x".repeat(201));
    let mut shown = String::new();
    let of_links = [
        "limit=0",
        "limit=501",
        "limit=-1",
        "limit=ten",
        "limit=1.5",
        "sort=name",
        "sort=VALUE",
        "order=up",
        "cursor=garbage",
        "cursor=1",
        "cursor=1.a%20b",
        "cursor=99999999999999999999.x",
        "page=2",
        "q=%00",
        &long,
    ];
    let of_events = ["limit=0", "limit=501", "cursor=x", "sort=value", "q=x"];
    let links = of_links.map(|query| (LINKS.to_owned(), query));
    let events = of_events.map(|query| (format!("{LINKS}/{id}/usage-events"), query));
    for (path, query) in links.into_iter().chain(events) {
        let answer = app.refuse(Call::get(&format!("{path}?{query}"))).await.assert_status(422);
        assert_eq!(answer.json().len("errors"), 1);
        let list = path.rsplit('/').next().unwrap_or_default();
        let _ = writeln!(shown, "{list}?{query:.20}: {}", answer.at("detail"));
    }
    insta::assert_snapshot!(shown);
    assert_eq!(list(&app, "limit=&q=&sort=&order=&cursor=").await.json().len("links"), 1, "blank is absent");
}

#[tokio::test]
async fn an_empty_list_is_a_list() {
    let app = TestApp::new().await;
    assert_eq!(list(&app, "").await.text, r#"{"links":[],"next_cursor":null}"#);
    let id = app.file_link(LINK).await;
    assert_eq!(app.events(&id).await.text, r#"{"usage_events":[],"next_cursor":null}"#);
}

#[tokio::test]
async fn listed_links_carry_their_totals() {
    let app = TestApp::new().await;
    let id = app.file_link(LINK).await;
    app.append_value(&id, "45.5").await;
    app.append_value(&id, "54.5").await;
    let list = list(&app, "").await;
    insta::assert_snapshot!(list.shown());
    let link = app.link(&id).await.text;
    let listed = format!(
        r#"{},"measured_value_total":100.0,"roi_ratio":0.8333,"event_count":2}}"#,
        &link[..link.len() - 1]
    );
    assert_eq!(
        list.text,
        format!(r#"{{"links":[{listed}],"next_cursor":null}}"#),
        "all of the link, and its totals"
    );
}

#[tokio::test]
async fn the_link_that_was_touched_last_comes_first() {
    let (app, ids) = with_links(&["a", "b", "c"]).await;
    assert_eq!(ideas(&list(&app, "").await), ["c", "b", "a"]);
    app.append_value(&ids[0], "1").await;
    assert_eq!(ideas(&list(&app, "").await), ["a", "c", "b"], "an event touches its link");
    let late = r#"{"source": "s", "metric": "m", "value": 1, "captured_at": "2020-01-01T00:00:00Z"}"#;
    app.append_event(&ids[1], late).await;
    assert_eq!(ideas(&list(&app, "").await), ["b", "a", "c"], "a late one as well");
    let touched = app.link(&ids[1]).await;
    assert!(touched.at("updated_at") > touched.at("created_at"));
    let path = format!("{LINKS}/{}/usage-events", ids[2]);
    app.refuse(Call::post(&path, "{}")).await;
    app.preview(&ids[2], r#"{"payout_pool": 1}"#).await;
    app.valuation(&ids[2]).await;
    assert_eq!(ideas(&list(&app, "").await), ["b", "a", "c"], "what changes nothing touches nothing");
}

#[tokio::test]
async fn links_are_sorted_by_what_is_asked_for() {
    let app = TestApp::new().await;
    for (idea, cost, value) in
        [("small", "1", "3"), ("large", "100", "50"), ("free", "0", "7"), ("middle", "10", "20")]
    {
        let id = app.file_link(&link_of_cost(idea, cost)).await;
        app.append_value(&id, value).await;
    }
    for (sort, ascending) in [
        ("created", ["small", "large", "free", "middle"]),
        ("updated", ["small", "large", "free", "middle"]),
        ("value", ["small", "free", "middle", "large"]),
        ("cost", ["free", "small", "middle", "large"]),
        ("roi", ["free", "large", "middle", "small"]),
    ] {
        assert_eq!(ideas(&list(&app, &format!("sort={sort}&order=asc")).await), ascending, "{sort}");
        let mut descending = ascending;
        descending.reverse();
        assert_eq!(ideas(&list(&app, &format!("sort={sort}&order=desc")).await), descending, "{sort}");
        assert_eq!(ideas(&list(&app, &format!("sort={sort}")).await), descending, "{sort} without an order");
    }
}

#[tokio::test]
async fn pages_hold_every_link_once_though_others_are_filed_meanwhile() {
    let names: Vec<String> = (0..25).map(|at| format!("idea-{at:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (app, _) = with_links(&names).await;
    let (mut cursor, mut seen, mut pages) = (String::new(), Vec::new(), 0);
    while cursor != "Null" {
        let page = list(&app, &format!("sort=cost&order=asc&limit=10&cursor={cursor}")).await;
        seen.extend(ideas(&page));
        cursor = page.at("next_cursor");
        pages += 1;
        // Of the same cost and a later id: behind all that were there.
        app.file_link(&link_of_cost(&format!("new-{pages}"), "10")).await;
    }
    seen.retain(|idea| idea.starts_with("idea"));
    assert_eq!(seen, names);
    assert_eq!(pages, 3);
    let all = list(&app, "limit=500").await;
    assert_eq!((all.json().len("links"), all.at("next_cursor").as_str()), (28, "Null"));
    assert_eq!(list(&app, "").await.json().len("links"), 28, "up to 50 where nothing is said");
    let exactly = list(&app, "limit=28").await;
    assert_eq!(exactly.at("next_cursor"), "Null", "no cursor to an empty page");
}

#[tokio::test]
async fn links_are_found_by_words_of_any_of_their_names_whatever_the_case() {
    let (app, _) = with_links(&["other"]).await;
    let id = app.file_link(LINK).await;
    for query in
        ["INTERFACE", "048-value", "pr%2326", "e616516", "Alice", "carol", &id, "rita+oss+PAYOUT", "++dave++"]
    {
        assert_eq!(ideas(&list(&app, &format!("q={query}")).await), ["oss-interface-alignment"], "{query}");
    }
    for query in ["mallory", "alice+mallory", "%25", "o_s"] {
        assert!(ideas(&list(&app, &format!("q={query}")).await).is_empty(), "{query}");
    }
    let filtered = list(&app, "q=OTHER&sort=value&limit=1").await;
    assert_eq!((ideas(&filtered), filtered.at("next_cursor").as_str()), (vec!["other".into()], "Null"));
}

#[tokio::test]
async fn events_come_newest_first_by_the_time_they_were_measured_page_by_page() {
    let app = TestApp::new().await;
    let id = app.file_link(LINK).await;
    for (value, day) in [(1, 5), (2, 3), (3, 4), (4, 3), (5, 9)] {
        let body = format!(
            r#"{{"source": "s", "metric": "m", "value": {value}, "captured_at": "2026-01-0{day}T00:00:00Z"}}"#
        );
        app.append_event(&id, &body).await;
    }
    app.append_value(&id, "6").await;
    let (mut cursor, mut values, mut pages) = (String::new(), Vec::new(), 0);
    while cursor != "Null" {
        let page =
            app.get(&format!("{LINKS}/{id}/usage-events?limit=2&cursor={cursor}")).await.assert_status(200);
        values.extend(page.json().each("usage_events", "value"));
        cursor = page.at("next_cursor");
        pages += 1;
    }
    assert_eq!(values, ["6.0", "5.0", "1.0", "3.0", "4.0", "2.0"]);
    assert_eq!(pages, 3);
}

#[tokio::test]
async fn returns_beyond_any_column_are_sorted_and_paged_as_well() {
    let app = TestApp::new().await;
    for (idea, cost) in [("huge", "0.000001"), ("huge too", "0.000002"), ("small", "1000000000000")] {
        let id = app.file_link(&link_of_cost(idea, cost)).await;
        app.append_value(&id, "1000000000000").await;
    }
    for (order, expected) in [("asc", ["small", "huge", "huge too"]), ("desc", ["huge too", "huge", "small"])]
    {
        let (mut cursor, mut seen) = (String::new(), Vec::new());
        while cursor != "Null" {
            let page = list(&app, &format!("sort=roi&order={order}&limit=1&cursor={cursor}")).await;
            seen.extend(ideas(&page));
            cursor = page.at("next_cursor");
        }
        assert_eq!(seen, expected, "{order}");
    }
    let huge = list(&app, "q=huge&sort=created&order=asc").await;
    assert_eq!(huge.at("links[0].roi_ratio"), "1000000000000000000.0", "shown as it is");
    app.assert_verified().await;
}

#[tokio::test]
async fn a_page_of_links_stays_light_whatever_their_names() {
    let app = TestApp::new().await;
    for at in 0..60 {
        let name = |stage: &str| format!("{stage} {at} {}", "n".repeat(180));
        let [idea, research, spec, upgrade, implementation, review] =
            ["idea", "research", "spec", "spec_upgrade", "implementation", "review"].map(name);
        let body = format!(
            r#"{{"idea_id": "{at}-{long}", "spec_id": "{at}-{long}", "estimated_cost": 1, "contributors": {{
                "idea": "{idea}", "research": "{research}", "spec": "{spec}", "spec_upgrade": "{upgrade}",
                "implementation": "{implementation}", "review": "{review}"}}}}"#,
            long = "x".repeat(190)
        );
        app.file_link(&body).await;
    }
    for path in ["/links", "/links?limit=500"] {
        let page = app.get(path).await.assert_status(200).text;
        assert!(page.len() < 100_000, "{path} has {} bytes", page.len());
        assert_eq!(page.matches("<tr").count(), 51, "a head and fifty rows");
        assert!(page.contains("cursor="), "and the rest on the next");
    }
    assert_eq!(app.get(&format!("{LINKS}?limit=500")).await.json().len("links"), 60);
}
