//! What a forge answered about a commit is given again for a minute: a crowd that asks about commits must not use up what
//! the forge allows the operator to ask.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::gate::{
    merged::{CheckRun, Forge},
    run::Clock,
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// For how long an answer is given again, also one that the forge refused.
const MAX_AGE: TimeDelta = TimeDelta::seconds(60);

/// Answers by commit, each with when it came. Looks at commits come one after the other, so a minute holds few of them.
type Answers<T> = Mutex<HashMap<String, (DateTime<Utc>, Result<T, String>)>>;

/// What a forge answered lately.
#[derive(Default)]
pub struct ForgeCache {
    approvers: Answers<Vec<String>>,
    check_runs: Answers<Vec<CheckRun>>,
}

/// A forge that is asked once a minute about a commit.
pub struct CachedForge<'f> {
    /// The forge.
    pub forge: &'f dyn Forge,
    /// What it answered.
    pub cache: &'f ForgeCache,
    /// The clock.
    pub clock: &'f dyn Clock,
}

impl CachedForge<'_> {
    async fn answer<T: Clone>(
        &self,
        answers: &Answers<T>,
        sha: &str,
        asked: impl Future<Output = Result<T, String>>,
    ) -> Result<T, String> {
        let now = self.clock.now();
        if let Some(answer) = kept(answers, sha, now) {
            return answer;
        }
        let answer = asked.await;
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(sha.to_owned(), (now, answer.clone()));
        answer
    }
}

/// The answer about a commit that is young enough; those that are not are forgotten.
fn kept<T: Clone>(answers: &Answers<T>, sha: &str, now: DateTime<Utc>) -> Option<Result<T, String>> {
    let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
    answers.retain(|_, (at, _)| now < *at + MAX_AGE);
    answers.get(sha).map(|(_, answer)| answer.clone())
}

#[async_trait]
impl Forge for CachedForge<'_> {
    async fn approvers(&self, sha: &str) -> Result<Vec<String>, String> {
        self.answer(&self.cache.approvers, sha, self.forge.approvers(sha)).await
    }

    async fn check_runs(&self, sha: &str) -> Result<Vec<CheckRun>, String> {
        self.answer(&self.cache.check_runs, sha, self.forge.check_runs(sha)).await
    }
}
