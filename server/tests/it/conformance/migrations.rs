//! Migrations, each of which both databases have under the same number and name.

use super::{Given, event};
use crate::given::Database;
use domain::error::Error;
use std::path::Path;

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
        let files = std::fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            files.map(|file| file.expect("a file").file_name().into_string().expect("text")).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    let mut last = 0;
    for name in names("sqlite") {
        let number = name.get(..4).and_then(|digits| digits.parse::<u32>().ok());
        assert!(number.is_some_and(|number| number > last) && name[4..].starts_with('_'), "{name}");
        assert!(name.ends_with(".sql"), "{name}");
        last = number.unwrap_or_default();
    }
}

/// What was applied, in order.
const APPLIED: &str = "SELECT version || ' ' || description FROM _sqlx_migrations ORDER BY version";

pub async fn migrations_are_applied_once(database: Database) {
    let first = database.open().await;
    let applied = database.texts(APPLIED).await;
    assert_eq!(applied[0], "1 links and events");
    // A second server, while the first runs; and a third, after both.
    let second = database.open().await;
    first.close().await;
    second.close().await;
    let third = database.open().await;
    third.ready().await.expect("ready");
    assert_eq!(database.texts(APPLIED).await, applied);
}

pub async fn a_filled_database_is_migrated_as_it_is(database: Database) {
    let given = Given::on(&database).await;
    let link = given.seed().await;
    let appended = given.event(link, &event("api", "45.5", r#", "external_id": "one""#)).await;
    let kept = given.store().link(link).await;
    given.store().close().await;
    let again = Given::on(&database).await;
    assert_eq!(again.store().link(link).await, kept);
    let replayed = again.try_event(link, &event("api", "45.5", r#", "external_id": "one""#), None).await;
    assert_eq!(replayed.expect("the first").made, appended);
    again.assert_verified().await;
}

pub async fn a_database_that_lags_behind_is_not_ready(database: Database) {
    let store = database.open().await;
    store.ready().await.expect("ready");
    database.run("DELETE FROM _sqlx_migrations").await;
    assert!(matches!(store.ready().await, Err(Error::Unavailable(_))));
    store.close().await;
}
