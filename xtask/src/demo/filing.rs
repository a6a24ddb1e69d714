//! What the demo files: the seed's example, then links from the git history.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::history::{self, History, Scope};
use crate::http::{Answer, Client};
use crate::shell;

pub const LINKS: &str = "/api/value-lineage/links";
pub const SPECS: &str = "/api/spec-registry";
/// The spec that this repository is built to, as registered.
pub const SPEC: &str = "value-lineage-and-payout-attribution";
/// What a link may carry.
const REFERENCES_AT_MOST: usize = 200;

/// The example of the specification, word for word.
const SEED_LINK: &str = include_str!("../../../docs/examples/link.json");
/// The spec's entry in the registry.
const SEED_SPEC: &str = include_str!("../../../docs/examples/spec.json");
/// Together the 100.0 that the specification measures.
const SEED_EVENTS: [&str; 2] = [
    r#"{"source": "api", "metric": "adoption_events", "value": 45.5}"#,
    r#"{"source": "api", "metric": "adoption_events", "value": 54.5}"#,
];

/// Registers the spec that this repository is built to, unless an earlier run did.
pub fn register_spec(client: &Client) -> Result<()> {
    if client.get(&format!("{SPECS}/{SPEC}"))?.body["registered"] == true {
        return Ok(());
    }
    let answer = client.post(SPECS, Some(&key("seed-spec", SEED_SPEC)), SEED_SPEC)?;
    match answer.is_success() || is_taken(&answer) {
        true => Ok(()),
        false => bail!("the server answered {}: {}", answer.status, answer.body),
    }
}

/// Files the seed's link and its two events; returns the link's id.
pub fn file_seed(client: &Client) -> Result<String> {
    let id = created(&client.post(LINKS, Some(&key("seed-link", SEED_LINK)), SEED_LINK)?)?;
    for (number, event) in SEED_EVENTS.into_iter().enumerate() {
        let key = key(&format!("seed-event-{number}"), event);
        created(&client.post(&format!("{LINKS}/{id}/usage-events"), Some(&key), event)?)?;
    }
    Ok(id)
}

/// Files one link per folder of this repository; returns their ids. Without a history to read, it says so and
/// files none.
pub fn file_history(client: &Client) -> Result<Vec<String>> {
    let history = match history::read() {
        Ok(history) if !history.scopes.is_empty() => history,
        Ok(_) => return Ok(Vec::new()),
        Err(why) => {
            shell::warn(&format!("only the seed's example is filed, no git history: {why:#}"));
            return Ok(Vec::new());
        }
    };
    println!(
        "From git: a unit of energy per commit, a unit of cost per hundred lines changed, and as value in use"
    );
    println!(
        "the files of the folder today. Git knows nothing of coherence: all scores are the neutral ones."
    );
    let mut ids = Vec::new();
    for (name, scope) in &history.scopes {
        ids.push(file_scope(client, &history, name, scope)?);
    }
    Ok(ids)
}

/// Files the link of one folder; where it is there already, from when the history was shorter, that one is shown.
///
/// The keys say which folder of which repository this is, not how long its history was: a demo that runs
/// again a hundred commits later must not count the older ones twice.
fn file_scope(client: &Client, history: &History, name: &str, scope: &Scope) -> Result<String> {
    let key = format!("demo-{}-{name}", history.root);
    let answer = client.post(LINKS, Some(&key), &link_of(name, scope).to_string())?;
    if is_taken(&answer) {
        println!("{name}: filed by an earlier run, and the history has grown since; left as it was.");
        let links = client.get(&format!("{LINKS}?idea_id={name}&limit=1"))?;
        return filed_before(&links).with_context(|| format!("the link of {name} from an earlier run"));
    }
    let id = created(&answer).with_context(|| format!("the link of {name}"))?;
    if scope.files > 0 {
        let event = json!({ "source": "git", "metric": "files_in_use", "value": scope.files });
        let path = format!("{LINKS}/{id}/usage-events");
        let answer = client.post(&path, Some(&format!("{key}-files-in-use")), &event.to_string())?;
        if !is_taken(&answer) {
            created(&answer).with_context(|| format!("the usage of {name}"))?;
        }
    }
    Ok(id)
}

/// A folder's history as a link.
fn link_of(name: &str, scope: &Scope) -> Value {
    let references = scope.commits.iter().take(REFERENCES_AT_MOST).map(|commit| format!("commit:{commit}"));
    let investments = scope.authors.iter().map(|(author, commits)| {
        json!({
            "stage": "implementation",
            "contributor": author,
            "energy_units": commits,
            "coherence_score": 0.7,
            "awareness_score": 0.7,
            "friction_score": 0.3,
        })
    });
    // Exact in hundredths: whole lines divided by a hundred.
    let cost = scope.lines as f64 / 100.0;
    json!({
        "idea_id": name,
        "spec_id": SPEC,
        "implementation_refs": references.collect::<Vec<_>>(),
        "contributors": { "implementation": scope.main_author() },
        "investments": investments.collect::<Vec<_>>(),
        "estimated_cost": cost,
    })
}

/// Whether the key was used before, for another body.
fn is_taken(answer: &Answer) -> bool {
    let detail = answer.body["detail"].to_string().to_lowercase();
    answer.status == 409 || (answer.status == 422 && detail.contains("idempotency"))
}

/// The id of what was made, or what the server said instead.
fn created(answer: &Answer) -> Result<String> {
    match answer.body["id"].as_str() {
        Some(id) if answer.is_success() => Ok(id.to_owned()),
        _ => bail!("the server answered {}: {}", answer.status, answer.body),
    }
}

/// The id of the first of the links listed.
fn filed_before(answer: &Answer) -> Result<String> {
    match answer.body["links"][0]["id"].as_str() {
        Some(id) => Ok(id.to_owned()),
        None => bail!("the server answered {}: {}", answer.status, answer.body),
    }
}

/// A key made from the content (FNV-1a): the same text is the same request, another text another.
fn key(name: &str, body: &str) -> String {
    let hash = body.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("demo-{name}-{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::{SEED_EVENTS, SEED_LINK, created, filed_before, is_taken, key, link_of};
    use crate::history::Scope;
    use crate::http::Answer;

    #[test]
    fn the_seed_is_json_and_measures_a_hundred() {
        let link: serde_json::Value = serde_json::from_str(SEED_LINK).unwrap();
        assert_eq!(link["estimated_cost"], 120.0);
        let values = SEED_EVENTS
            .map(|event| serde_json::from_str::<serde_json::Value>(event).unwrap()["value"].clone());
        assert_eq!(values.iter().filter_map(serde_json::Value::as_f64).sum::<f64>(), 100.0);
    }

    #[test]
    fn a_link_of_history_keeps_to_the_limits() {
        let commits: Vec<String> = (0..500).map(|number| format!("{number:012x}")).collect();
        let mut scope = Scope { commits, lines: 12_345, ..Scope::default() };
        scope.authors.extend([("ada".to_owned(), 499), ("bo".to_owned(), 1)]);
        let link = link_of("domain", &scope);
        assert_eq!(link["implementation_refs"].as_array().unwrap().len(), 200);
        assert_eq!(link["contributors"]["implementation"], "ada");
        assert_eq!(link["investments"].as_array().unwrap().len(), 2);
        assert_eq!(link["estimated_cost"].to_string(), "123.45");
    }

    #[test]
    fn a_used_key_is_told_from_a_refused_link() {
        let answer = |status: u16, body: &str| Answer { status, body: serde_json::from_str(body).unwrap() };
        assert!(is_taken(&answer(409, "null")));
        assert!(is_taken(&answer(422, r#"{"detail": "This Idempotency-Key was used for another body"}"#)));
        let refused = answer(422, r#"{"detail": "estimated_cost must not be negative"}"#);
        assert!(!is_taken(&refused));
        assert!(created(&refused).unwrap_err().to_string().contains("must not be negative"));
        assert_eq!(created(&answer(201, r#"{"id": "lnk_1"}"#)).unwrap(), "lnk_1");
    }

    #[test]
    fn a_link_of_an_earlier_run_is_shown_again() {
        let answer = |body: &str| Answer { status: 200, body: serde_json::from_str(body).unwrap() };
        assert_eq!(filed_before(&answer(r#"{"links": [{"id": "lnk_1"}]}"#)).unwrap(), "lnk_1");
        assert!(filed_before(&answer(r#"{"links": []}"#)).unwrap_err().to_string().contains("200"));
    }

    #[test]
    fn keys_follow_the_content() {
        assert_eq!(key("a", ""), "demo-a-cbf29ce484222325");
        assert_ne!(key("a", "x"), key("a", "y"));
    }
}
