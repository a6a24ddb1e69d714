//! Asks a forge about approvals and check runs: GitHub's REST API, and what speaks it.

use super::http::{base_address, client, reason};
use anyhow::Result;
use async_trait::async_trait;
use domain::gate::merged::{CheckRun, Forge};
use reqwest::Client;
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A repository of a forge, by its API's address: `https://api.github.com/repos/OWNER/NAME`.
pub struct HttpForge {
    base: String,
    token: Option<String>,
    branch: String,
    client: Client,
}

#[derive(Deserialize)]
struct Change {
    number: u64,
    user: Option<User>,
    merged_at: Option<String>,
    base: Base,
}

#[derive(Deserialize)]
struct Base {
    r#ref: String,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct Review {
    user: Option<User>,
    state: String,
}

#[derive(Deserialize)]
struct Runs {
    check_runs: Vec<Run>,
}

/// Items of a page of a forge's list, and pages that are read at the most.
const PAGE: usize = 100;
const MAX_PAGES: usize = 20;

#[derive(Deserialize)]
struct Run {
    name: String,
    conclusion: Option<String>,
}

impl HttpForge {
    /// A repository of a forge.
    pub fn new(address: &str, token: Option<String>, branch: String) -> Result<Self> {
        Ok(Self { base: base_address(address)?, token, branch, client: client(TIMEOUT)? })
    }

    /// Every item of a list, page after page: what stands on the last page counts as much.
    async fn all<T: DeserializeOwned, I>(
        &self,
        path: &str,
        items: impl Fn(T) -> Vec<I>,
    ) -> Result<Vec<I>, String> {
        let mut all = Vec::new();
        for page in 1..=MAX_PAGES {
            let some = items(self.get(&format!("{path}?per_page={PAGE}&page={page}")).await?);
            let last = some.len() < PAGE;
            all.extend(some);
            if last {
                return Ok(all);
            }
        }
        Err(format!("the forge lists more than {} of them", PAGE * MAX_PAGES))
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, String> {
        let mut asked =
            self.client.get(format!("{}{path}", self.base)).header("Accept", "application/vnd.github+json");
        if let Some(token) = &self.token {
            asked = asked.bearer_auth(token);
        }
        let told = |error: reqwest::Error| format!("the forge does not answer: {}", reason(&error));
        let response = asked.send().await.map_err(told)?;
        let status = response.status();
        if !status.is_success() {
            return Err(format!("the forge answers {status}"));
        }
        let body = response.bytes().await.map_err(told)?;
        serde_json::from_slice(&body).map_err(|error| format!("the forge's answer cannot be read: {error}"))
    }
}

#[async_trait]
impl Forge for HttpForge {
    async fn approvers(&self, sha: &str) -> Result<Vec<String>, String> {
        let changes: Vec<Change> = self.all(&format!("/commits/{sha}/pulls"), |changes| changes).await?;
        // A change that holds the commit but never came onto the branch says nothing of it.
        let merged = changes.into_iter().filter(|it| it.merged_at.is_some() && it.base.r#ref == self.branch);
        let mut approvers = BTreeSet::new();
        for change in merged {
            let author = change.user.map(|user| user.login);
            let path = format!("/pulls/{}/reviews", change.number);
            let reviews: Vec<Review> = self.all(&path, |reviews| reviews).await?;
            // Reviews come in order of time: each person's last that decides anything is the one that counts.
            let mut last: BTreeMap<String, bool> = BTreeMap::new();
            for review in reviews {
                let Some(User { login }) = review.user else { continue };
                match review.state.as_str() {
                    "APPROVED" => last.insert(login, true),
                    "CHANGES_REQUESTED" | "DISMISSED" => last.insert(login, false),
                    _ => continue,
                };
            }
            let approved = last.into_iter().filter(|(_, approved)| *approved).map(|(login, _)| login);
            approvers.extend(approved.filter(|login| Some(login) != author.as_ref()));
        }
        Ok(approvers.into_iter().collect())
    }

    async fn check_runs(&self, sha: &str) -> Result<Vec<CheckRun>, String> {
        let path = format!("/commits/{sha}/check-runs");
        let runs = self.all(&path, |page: Runs| page.check_runs).await?;
        Ok(runs.into_iter().map(|Run { name, conclusion }| CheckRun { name, conclusion }).collect())
    }
}
