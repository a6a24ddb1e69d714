//! What gates found, to be shown.

use crate::error::Error;
use crate::gate::{Contract, GateReport, GateRun, GateSummary};
use crate::id::RunId;
use crate::page::{EventQuery, Page};
use crate::store::Store;

/// Every gate with its last run, in the order of its contracts.
pub async fn gates(store: &dyn Store, contracts: &[Contract]) -> Result<Vec<GateSummary>, Error> {
    let newest = EventQuery { limit: 1, cursor: None };
    let mut gates = Vec::with_capacity(contracts.len());
    for contract in contracts {
        let last_run = store.gate_runs(&contract.name, contract.official(), &newest).await?.items.pop();
        gates.push(GateSummary {
            name: contract.name.clone(),
            title: contract.title.clone(),
            summary: contract.summary.clone(),
            checks: contract.checks.iter().map(|check| check.name.clone()).collect(),
            last_run,
        });
    }
    Ok(gates)
}

/// A page of a gate's runs, newest first; of one subject where one is given.
pub async fn gate_runs(
    store: &dyn Store,
    gate: &str,
    subject: Option<&str>,
    query: &EventQuery,
) -> Result<Page<GateRun>, Error> {
    store.gate_runs(gate, subject, query).await
}

/// The report of a run.
pub async fn gate_report(store: &dyn Store, id: RunId) -> Result<GateReport, Error> {
    store.gate_report(id).await?.ok_or(Error::RunNotFound)
}

/// The report of a gate's last run; of one subject where one is given.
pub async fn last_gate_report(
    store: &dyn Store,
    gate: &str,
    subject: Option<&str>,
) -> Result<Option<GateReport>, Error> {
    let newest = EventQuery { limit: 1, cursor: None };
    match store.gate_runs(gate, subject, &newest).await?.items.pop() {
        Some(run) => store.gate_report(run.id).await,
        None => Ok(None),
    }
}
