//! What the demo shows in the terminal once everything is filed.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::filing::{LINKS, SPEC};
use crate::http::Client;

/// Valuations of all links, the payout of the seed's, and where to look in a browser.
pub fn everything(client: &Client, seed: &str, links: &[String]) -> Result<()> {
    valuations(client, seed, links)?;
    payout(client, seed)?;
    contributors(client)?;
    gate(client)?;
    println!("\nPages");
    let pages = [
        ("/".to_owned(), "where it starts"),
        ("/links".to_owned(), "every link"),
        (format!("/links/{seed}"), "the seed's example, with its valuation"),
        (format!("/links/{seed}/payout"), "who would get what, and why"),
        (format!("/specs/{SPEC}"), "what was meant, and what came of it"),
        ("/contributors".to_owned(), "who made it better, and by how much"),
        ("/governance".to_owned(), "flags, vetoes, autonomy"),
        ("/gates".to_owned(), "may this deployment be trusted?"),
        ("/links/new".to_owned(), "file one yourself"),
        ("/api/docs".to_owned(), "the JSON API"),
    ];
    for (path, meaning) in pages {
        println!("  {:<72} {meaning}", client.address(&path));
    }
    Ok(())
}

/// Those who rank first, by this repository's own history.
fn contributors(client: &Client) -> Result<()> {
    let answer = client.get("/api/contributors?kind=person&limit=5")?;
    ensure!(answer.is_success(), "no contributors: {} {}", answer.status, answer.body);
    let people = answer.body["contributors"].as_array().map(Vec::as_slice).unwrap_or_default();
    if people.is_empty() {
        return Ok(());
    }
    println!(
        "\nContribution Index {} by {}",
        plain(&answer.body["under"]["version"]),
        plain(&answer.body["under"]["weight_set"])
    );
    for person in people {
        println!(
            "  {:<32} {:>8} in {:>5} credits",
            plain(&person["handle"]),
            plain(&person["score"]),
            plain(&person["credits"])
        );
    }
    Ok(())
}

/// Has the server try itself, as a pipeline would after a deployment.
fn gate(client: &Client) -> Result<()> {
    let answer = client.post("/api/gates/public-deploy-contract/runs", None, "{}")?;
    ensure!(answer.is_success(), "the gate did not run: {} {}", answer.status, answer.body);
    let report = &answer.body;
    println!("\nThe gate {} against {}", plain(&report["gate"]), plain(&report["target"]));
    for check in report["checks"].as_array().into_iter().flatten() {
        println!(
            "  {:<13} {:<20} {:>5} ms   {}",
            plain(&check["verdict"]),
            plain(&check["name"]),
            plain(&check["duration_ms"]),
            plain(&check["observed"])
        );
    }
    println!("  verdict: {} ({})", plain(&report["verdict"]), plain(&report["result"]));
    ensure!(report["verdict"] == "pass", "the gate did not pass: {}", plain(&report["reason"]));
    Ok(())
}

fn valuations(client: &Client, seed: &str, links: &[String]) -> Result<()> {
    println!("\n{:<32} {:>12} {:>12} {:>8} {:>7}", "Idea", "value", "cost", "ROI", "events");
    for id in std::iter::once(seed).chain(links.iter().map(String::as_str)) {
        let answer = client.get(&format!("{LINKS}/{id}/valuation"))?;
        ensure!(answer.is_success(), "no valuation of {id}: {} {}", answer.status, answer.body);
        let field = |name: &str| plain(&answer.body[name]);
        println!(
            "{:<32} {:>12} {:>12} {:>8} {:>7}",
            field("idea_id"),
            field("measured_value_total"),
            field("estimated_cost"),
            field("roi_ratio"),
            field("event_count"),
        );
    }
    Ok(())
}

fn payout(client: &Client, seed: &str) -> Result<()> {
    // Without a key: a preview changes nothing, and a remembered answer could be an old one.
    let answer =
        client.post(&format!("{LINKS}/{seed}/payout-preview"), None, r#"{"payout_pool": 1000.0}"#)?;
    ensure!(answer.is_success(), "no payout preview: {} {}", answer.status, answer.body);
    println!(
        "\nA pool of {} shared by {}",
        plain(&answer.body["payout_pool"]),
        plain(&answer.body["schema_version"])
    );
    for row in answer.body["payouts"].as_array().into_iter().flatten() {
        let field = |name: &str| plain(&row[name]);
        println!(
            "  {:<16} {:<16} {:>12}   weight {}",
            field("role"),
            field("contributor"),
            field("amount"),
            field("effective_weight")
        );
    }
    Ok(())
}

/// Text without its quotes; anything else as JSON writes it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
