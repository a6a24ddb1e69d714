//! The real command on either database.

use crate::given::{Database, EVENT, LINK, LINKS, Tributary};
use std::time::Duration;

pub async fn the_command_serves_and_verifies_it(database: Database) {
    tokio::task::spawn_blocking(move || {
        let server = Tributary::serve(&database.address, &[]).start();
        let mut client = server.client();
        let link = client.post(LINKS, LINK).expect("an answer").at("id");
        let event = client.post(&format!("{LINKS}/{link}/usage-events"), EVENT).expect("an answer");
        assert_eq!(event.status, 201, "{}", event.body);
        assert_eq!(client.get("/readyz").expect("an answer").status, 200);
        drop(client);
        server.signal("TERM");
        let (status, log) = server.ended(Duration::from_secs(10));
        assert_eq!(status.code(), Some(0), "{log}");
        let verify = Tributary::new(&["verify", "--database", &database.address]).output();
        let said = String::from_utf8_lossy(&verify.stdout).into_owned();
        assert_eq!(said, "1 links, 1 events, 2 ledger entries: every total agrees with its events\n");
        assert_eq!(verify.status.code(), Some(0));
    })
    .await
    .expect("served and verified");
}
