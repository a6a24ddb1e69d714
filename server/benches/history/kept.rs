//! A whole import into a database, and scoring by another weight set, which reads no git.

use anyhow::{Context as _, Result};
use domain::{contribution::ContributorQuery, ledger::Actor, page::Parameters, report, store::Store};
use server::{
    import::git::ImportGit,
    state::{Source as _, System},
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// What scoring again may take at the most.
const AIM: Duration = Duration::from_millis(50);

/// Imports a repository and scores it by two weight sets; what missed its aim.
pub async fn import_and_score(path: &Path) -> Result<Option<String>> {
    let folder = tempfile::tempdir()?;
    let address = format!("sqlite://{}", folder.path().join("bench.db").display());
    let store = server::store::open(&address).await?;
    let import = ImportGit {
        store: Some(store.clone()),
        source: Arc::new(System),
        actor: Actor::import(),
        path: path.to_owned(),
        branch: None,
        name: Some("bench".to_owned()),
        policy: None,
        until: None,
        again: false,
        dry_run: false,
    };
    let begin = Instant::now();
    let report = import.run(|_, _| ()).await?;
    let took = begin.elapsed();
    println!("import into SQLite: {:.1} s for {} units", took.as_secs_f64(), report.counts.units);
    let mut slowest = Duration::ZERO;
    for weights in ["ci-v1", "ci-v0"] {
        score(&*store, weights).await?;
        let begin = Instant::now();
        score(&*store, weights).await?;
        slowest = slowest.max(begin.elapsed());
    }
    store.close().await;
    println!(
        "scoring again by another weight set: {:.1} ms (aim {})",
        slowest.as_secs_f64() * 1_000.0,
        AIM.as_millis()
    );
    Ok((slowest > AIM).then(|| "scoring again".to_owned()))
}

async fn score(store: &dyn Store, weights: &str) -> Result<()> {
    let sent = [("weights".to_owned(), weights.to_owned())];
    let query = ContributorQuery::read(&Parameters(&sent))?;
    let list = report::contributors(store, &query, System.now()).await.context("scored")?;
    std::hint::black_box(list);
    Ok(())
}
