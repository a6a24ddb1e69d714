//! Reading.

use super::{Given, event};
use crate::given::{BEGINNING, Database, LINK, link_of_cost};
use chrono::TimeDelta;
use domain::{
    id::LinkId,
    link::LinkRecord,
    page::{Cursor, EventQuery, LinkQuery, LinkSort, Order, Page},
    store::{DayValue, StoreTotals},
};

const SORTS: [LinkSort; 5] =
    [LinkSort::Created, LinkSort::Updated, LinkSort::Value, LinkSort::Cost, LinkSort::Roi];

/// Every page of a list of links, one after the other.
async fn all_pages(given: &Given, query: &LinkQuery) -> Vec<LinkRecord> {
    let (mut query, mut all) = (query.clone(), Vec::new());
    loop {
        let Page { items, next_cursor } = given.store().links(&query).await.expect("a page");
        assert!(items.len() as i64 <= query.limit);
        all.extend(items);
        let Some(cursor) = next_cursor else { return all };
        query.cursor = Some(Cursor::decode(&cursor).expect("its own cursor"));
    }
}

pub async fn every_sort_pages_through_all_once(database: Database) {
    let given = Given::on(&database).await;
    given.source.stop_at(BEGINNING);
    // Ties in every key: costs 0 to 2, values 0 to 3, and only two times.
    for at in 0..24_i64 {
        if at == 12 {
            given.source.stop_at(BEGINNING + TimeDelta::microseconds(1));
        }
        let link = given.link(&link_of_cost("idea", &(at % 3).to_string())).await;
        if at % 4 > 0 {
            given.event(link.id, &event("api", &(at % 4).to_string(), "")).await;
        }
    }
    for sort in SORTS {
        for order in [Order::Desc, Order::Asc] {
            let key = |record: &LinkRecord| (sort.key_of(record), record.link.id);
            for limit in [1, 5, 8, 24, 500] {
                let query = LinkQuery { sort, order, limit, ..LinkQuery::default() };
                let all: Vec<(i64, LinkId)> = all_pages(&given, &query).await.iter().map(key).collect();
                let mut sorted = all.clone();
                sorted.sort_unstable();
                sorted.dedup();
                if order == Order::Desc {
                    sorted.reverse();
                }
                assert_eq!(all, sorted, "{sort:?} {order:?} by {limit}");
                assert_eq!(all.len(), 24, "{sort:?} {order:?} by {limit}");
            }
        }
    }
}

pub async fn search_finds_every_word_anywhere(database: Database) {
    let given = Given::on(&database).await;
    let seed = given.seed().await;
    let odd = r#"{"idea_id": "100%_done", "spec_id": "ÉTUDE", "contributors": {}, "estimated_cost": 1}"#;
    let odd = given.link(odd).await.id;
    for (search, found) in [
        ("", vec![odd, seed]),
        ("interface", vec![seed]),
        ("  INTERFACE   Dave ", vec![seed]),
        ("pr#26 rita 048", vec![seed]),
        ("commit:E616516", vec![seed]),
        ("interface nobody", vec![]),
        ("100%_d", vec![odd]),
        ("1__%", vec![]),
        ("étude", vec![odd]),
        ("'; DROP TABLE links; --", vec![]),
        ("\"", vec![]),
        (&seed.to_string().to_uppercase(), vec![seed]),
    ] {
        let query = LinkQuery { search: search.to_owned(), ..LinkQuery::default() };
        let ids: Vec<LinkId> = all_pages(&given, &query).await.iter().map(|record| record.link.id).collect();
        assert_eq!(ids, found, "{search:?}");
    }
}

pub async fn events_come_newest_first(database: Database) {
    let given = Given::on(&database).await;
    let (link, empty) = (given.seed().await, given.seed().await);
    for day in [3, 1, 2, 3, 3, 1] {
        let captured = format!(r#", "captured_at": "2026-01-0{day}T00:00:00Z""#);
        given.event(link, &event("api", "1", &captured)).await;
    }
    for limit in 1..=7 {
        let (mut query, mut days, mut ids) = (EventQuery { limit, cursor: None }, Vec::new(), Vec::new());
        loop {
            let page = given.store().events(link, &query).await.expect("a page");
            days.extend(page.items.iter().map(|event| event.captured_at.format("%d").to_string()));
            ids.extend(page.items.iter().map(|event| event.id));
            let Some(cursor) = page.next_cursor else { break };
            query.cursor = Some(Cursor::decode(&cursor).expect("its own cursor"));
        }
        assert_eq!(days, ["03", "03", "03", "02", "01", "01"], "by {limit}");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 6, "each once, by {limit}");
    }
    let none = given.store().events(empty, &EventQuery::default()).await.expect("a page");
    assert_eq!(none, Page { items: vec![], next_cursor: None });
}

/// Day, value and events of each, as text.
fn shown(days: &[DayValue]) -> Vec<String> {
    days.iter().map(|day| format!("{} {} {}", day.day, day.value, day.event_count)).collect()
}

pub async fn days_are_of_utc_and_oldest_first(database: Database) {
    let given = Given::on(&database).await;
    let (link, other) = (given.seed().await, given.seed().await);
    for (of, captured_at) in [
        (link, "2026-02-01T23:59:59.999999Z"),
        (link, "2026-02-02T00:00:00Z"),
        (link, "2026-02-02T23:30:00-01:00"),
        (link, "1970-01-01T00:00:00Z"),
        (other, "2026-02-02T12:00:00Z"),
    ] {
        given.event(of, &event("api", "1.5", &format!(r#", "captured_at": "{captured_at}""#))).await;
    }
    let of_link = given.store().link_days(link, 10).await.expect("days");
    assert_eq!(
        shown(&of_link),
        ["1970-01-01 1.5 1", "2026-02-01 1.5 1", "2026-02-02 1.5 1", "2026-02-03 1.5 1"]
    );
    let of_all = given.store().store_days(10).await.expect("days");
    assert_eq!(
        shown(&of_all),
        ["1970-01-01 1.5 1", "2026-02-01 1.5 1", "2026-02-02 3.0 2", "2026-02-03 1.5 1"]
    );
    let last_two = given.store().store_days(2).await.expect("days");
    assert_eq!(last_two, of_all[2..], "the last days that have any");
    assert_eq!(given.store().link_days(link, 1).await.expect("days"), of_link[3..]);
    let from = of_link[2].day;
    let mut of_both = given.store().days_of(&[link, other], from).await.expect("days");
    of_both.sort_by_key(|(id, day)| (*id != link, day.day));
    let of_other = given.store().link_days(other, 10).await.expect("days");
    let expected = [(link, of_link[2]), (link, of_link[3]), (other, of_other[0])];
    assert_eq!(of_both, expected, "of each link, from the day on");
    assert_eq!(given.store().days_of(&[], from).await, Ok(vec![]));
    given.assert_verified().await;
}

pub async fn totals_are_of_everything(database: Database) {
    let given = Given::on(&database).await;
    assert_eq!(given.store().totals().await, Ok(StoreTotals::default()));
    for cost in ["0.000001", "120"] {
        let link = given.link(&link_of_cost("idea", cost)).await.id;
        given.event(link, &event("api", "45.5", "")).await;
    }
    let totals = given.store().totals().await.expect("totals");
    assert_eq!((totals.link_count, totals.event_count), (2, 2));
    assert_eq!(totals.measured_value_total.to_string(), "91.0");
    assert_eq!(totals.estimated_cost.to_string(), "120.000001");
}

pub async fn recent_events_are_those_that_arrived_last(database: Database) {
    let given = Given::on(&database).await;
    let link = given.seed().await;
    let other = given.link(&link_of_cost("other", "1")).await.id;
    let mut arrived = Vec::new();
    for (of, day) in [(link, 3), (other, 1), (link, 2)] {
        let captured = format!(r#", "captured_at": "2026-01-0{day}T00:00:00Z""#);
        arrived.push(given.event(of, &event("api", "0.1", &captured)).await);
    }
    given.link(LINK).await;
    let recent = given.store().recent_events(2).await.expect("events");
    let ideas: Vec<&str> = recent.iter().map(|recent| recent.idea_id.as_str()).collect();
    assert_eq!(ideas, ["oss-interface-alignment", "other"]);
    assert_eq!(
        [&recent[0].event, &recent[1].event],
        [&arrived[2], &arrived[1]],
        "every field as it was kept"
    );
    assert_eq!(given.store().recent_events(50).await.expect("events").len(), 3);
}
