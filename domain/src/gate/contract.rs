//! Contracts: the checks of a gate as data, read from a file and refused where they could never pass.

use super::transaction::shares_by_policy;
use crate::canonical;
use crate::decimal;
use crate::money::Amount;
use crate::policy::DEFAULT_POLICY;
use crate::stage::{PerStage, Stage};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Seconds that a check may wait for an answer at the most.
const MAX_TIMEOUT_SECONDS: u64 = 300;
/// The subject of runs that looked for what the operator expects.
pub const OFFICIAL: &str = "";
/// Digits that name a commit: at least so many that hardly any two share them.
pub const SHA_DIGITS: std::ops::RangeInclusive<usize> = 7..=40;

/// A contract that cannot be used, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("gate contract: {0}")]
pub struct BadContract(String);

/// What is known of a deployment beforehand, and what of it is insisted on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expectations {
    /// The commit that should be deployed, by 7 to 40 hexadecimal digits.
    pub sha: Option<String>,
    /// Whether the gate must not pass where nobody can tell which commit should be deployed.
    pub require_sha: bool,
    /// The version that should be deployed.
    pub version: Option<String>,
    /// Whether a repository can be asked for its branch's head.
    pub repository: bool,
    /// Whether a forge can be asked for approvals and check runs.
    pub forge: bool,
    /// Whether the gate must not pass without what only a forge can tell.
    pub require_forge: bool,
}

/// A gate's contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Its name, as in addresses.
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// What it is for, in a sentence.
    pub summary: String,
    /// The `result` of a report that passed.
    pub passed: String,
    /// How long each request may take.
    pub timeout_seconds: u64,
    /// The checks, in order.
    pub checks: Vec<CheckSpec>,
    /// SHA-256 of the file, in hexadecimal digits.
    pub hash: String,
}

/// A check as a contract has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSpec {
    /// Its name in reports.
    pub name: String,
    /// Its name for a reader.
    pub title: String,
    /// Whether the contract says that the verdict never depends on it.
    pub optional: bool,
    /// Whether the verdict depends on it, as far as is known before a run.
    pub required: bool,
    /// What to do where it does not pass.
    pub remedy: String,
    /// What is looked at.
    pub kind: CheckKind,
}

/// What a check looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckKind {
    /// That a path answers as it should.
    Answer {
        /// The path.
        path: String,
        /// The status.
        status: u16,
        /// What `Content-Type` begins with.
        content_type: String,
        /// Texts that the body holds.
        contains: Vec<String>,
    },
    /// That a page answers as HTML, whole, with the landmark by which it is known.
    Page {
        /// The path.
        path: String,
        /// A text that only this page holds.
        landmark: String,
    },
    /// That the version deployed is the one expected.
    DeployedVersion {
        /// The path that tells it.
        path: String,
    },
    /// That the commit deployed is the one expected.
    DeployedCommit {
        /// The path that tells it.
        path: String,
    },
    /// That the API's document answers and names routes.
    OpenApi {
        /// The path.
        path: String,
        /// `METHOD /path` each.
        routes: Vec<(String, String)>,
    },
    /// That a live transaction keeps every promise.
    LiveTransaction {
        /// The pool that is shared.
        pool: Amount,
        /// What each stage must get of it.
        shares: PerStage<Option<Amount>>,
    },
    /// That the commit is in the repository.
    CommitReachable,
    /// That it is on the branch.
    CommitOnBranch,
    /// That a lineage link names it.
    LineageLink,
    /// That the spec of such a link is registered.
    Spec,
    /// That contributors are named.
    Contributors,
    /// That others approved the change.
    Approvals {
        /// How many.
        at_least: u32,
    },
    /// That the forge's check runs passed.
    CheckRuns,
}

impl CheckKind {
    /// Whether it looks at a commit rather than at a deployment.
    pub const fn is_of_commit(&self) -> bool {
        matches!(
            self,
            Self::CommitReachable
                | Self::CommitOnBranch
                | Self::LineageLink
                | Self::Spec
                | Self::Contributors
                | Self::Approvals { .. }
                | Self::CheckRuns
        )
    }

    /// Whether only a forge can tell.
    pub const fn needs_forge(&self) -> bool {
        matches!(self, Self::Approvals { .. } | Self::CheckRuns)
    }

    /// The status that it wants, where it asks for a path.
    pub(super) fn wants(&self) -> Option<u16> {
        self.asks().map(|(_, status)| status)
    }

    /// The path that it asks for, and the status that it wants.
    fn asks(&self) -> Option<(&str, u16)> {
        match self {
            Self::Answer { path, status, .. } => Some((path, *status)),
            Self::Page { path, .. }
            | Self::OpenApi { path, .. }
            | Self::DeployedVersion { path }
            | Self::DeployedCommit { path } => Some((path, 200)),
            _ => None,
        }
    }
}

/// A contract's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ContractFile {
    name: String,
    title: String,
    summary: String,
    passed: String,
    timeout_seconds: u64,
    #[serde(default)]
    check: Vec<CheckFile>,
}

/// A check in a contract's file. Which fields it has depends on its kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckFile {
    name: String,
    title: String,
    #[serde(default)]
    optional: bool,
    remedy: String,
    kind: String,
    path: Option<String>,
    status: Option<u16>,
    content_type: Option<String>,
    contains: Option<Vec<String>>,
    landmark: Option<String>,
    routes: Option<Vec<String>>,
    pool: Option<String>,
    shares: Option<BTreeMap<String, String>>,
    at_least: Option<u32>,
}

fn bad<T>(why: impl Into<String>) -> Result<T, BadContract> {
    Err(BadContract(why.into()))
}

impl Contract {
    /// The gates that come with Tributary.
    pub fn built_in(expectations: &Expectations) -> Result<Vec<Self>, BadContract> {
        let files = [
            include_str!("../../gates/public-deploy-contract.toml"),
            include_str!("../../gates/merged-contract.toml"),
        ];
        files.into_iter().map(|text| Self::from_toml(text, expectations)).collect()
    }

    /// Reads a contract, and refuses one that could never pass, or that would pass whatever happens.
    pub fn from_toml(text: &str, expectations: &Expectations) -> Result<Self, BadContract> {
        let file: ContractFile = toml::from_str(text).map_err(|error| BadContract(error.to_string()))?;
        if !is_slug(&file.name) {
            return bad(format!("name {:?} must be lower-case letters, digits and hyphens", file.name));
        }
        if !(1..=MAX_TIMEOUT_SECONDS).contains(&file.timeout_seconds) {
            return bad(format!("timeout_seconds must be 1 to {MAX_TIMEOUT_SECONDS}"));
        }
        if file.passed.is_empty() || file.passed == super::report::BLOCKED {
            return bad("passed must name the result of a report that passed, and not blocked");
        }
        let checks =
            file.check.into_iter().map(|check| check.read(expectations)).collect::<Result<Vec<_>, _>>()?;
        let hash = canonical::hex(&Sha256::digest(text));
        let ContractFile { name, title, summary, passed, timeout_seconds, .. } = file;
        let contract = Self { name, title, summary, passed, timeout_seconds, checks, hash };
        contract.can_pass()?;
        contract.fits(expectations)?;
        Ok(contract)
    }

    /// The contract of a name.
    pub fn named<'c>(contracts: &'c [Self], name: &str) -> Option<&'c Self> {
        contracts.iter().find(|contract| contract.name == name)
    }

    /// Whether it is about a commit rather than about a deployment.
    pub fn is_of_commit(&self) -> bool {
        self.checks.iter().any(|check| check.kind.is_of_commit())
    }

    /// The subject under which the gate's own verdicts are kept. Runs that looked for the commit that somebody else
    /// expected answer that question, and are no verdict of this deployment; of commits any run is.
    pub fn official(&self) -> Option<&'static str> {
        (!self.is_of_commit()).then_some(OFFICIAL)
    }

    /// Refuses what contradicts itself.
    fn can_pass(&self) -> Result<(), BadContract> {
        if !self.checks.iter().any(|check| check.required) {
            return bad("no check is required, so it would find nothing out and can never pass");
        }
        let mut names = BTreeSet::new();
        if let Some(check) = self.checks.iter().find(|check| !names.insert(&check.name)) {
            return bad(format!("two checks are named {:?}", check.name));
        }
        let mut wanted: BTreeMap<&str, (u16, &str)> = BTreeMap::new();
        for check in self.checks.iter().filter(|check| check.required) {
            let Some((path, status)) = check.kind.asks() else { continue };
            if let Some((other, name)) = wanted.insert(path, (status, &check.name))
                && other != status
            {
                return bad(format!(
                    "{name} wants {other} of {path} and {} wants {status}: both can never pass",
                    check.name
                ));
            }
        }
        let of_commit = self.checks.iter().filter(|check| check.kind.is_of_commit()).count();
        if of_commit != 0 && of_commit != self.checks.len() {
            return bad("a contract is about a deployment or about a commit, not about both");
        }
        Ok(())
    }

    /// Refuses what can never pass for want of anybody who could tell.
    fn fits(&self, expectations: &Expectations) -> Result<(), BadContract> {
        let told = expectations.sha.is_some() || expectations.repository;
        if expectations.require_sha && !told {
            return bad(
                "the expected commit is required, but nobody can tell it, so no gate could pass: give it, or a \
                 repository whose branch head it is",
            );
        }
        if let Some(sha) = &expectations.sha
            && !is_sha(sha)
        {
            return bad(format!("the expected commit {sha:?} must be 7 to 40 hexadecimal digits"));
        }
        if expectations.require_forge && !expectations.forge {
            return bad("approvals are required, but no forge is configured that could tell of any");
        }
        Ok(())
    }
}

impl CheckFile {
    fn read(self, expectations: &Expectations) -> Result<CheckSpec, BadContract> {
        let name = self.name.clone();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if name.is_empty() || !name.bytes().all(plain) {
            return bad(format!("check name {name:?} must be lower-case letters, digits and underscores"));
        }
        let (title, remedy, optional) = (self.title.clone(), self.remedy.clone(), self.optional);
        if title.trim().is_empty() || remedy.trim().is_empty() {
            return bad(format!("{name} needs a title, and a remedy that says what to do where it fails"));
        }
        let kind = self.kind().map_err(|BadContract(why)| BadContract(format!("{name}: {why}")))?;
        let told = match &kind {
            CheckKind::DeployedCommit { .. } => expectations.sha.is_some() || expectations.require_sha,
            CheckKind::DeployedVersion { .. } => expectations.version.is_some(),
            kind if kind.needs_forge() => expectations.forge,
            _ => true,
        };
        Ok(CheckSpec { name, title, optional, required: told && !optional, remedy, kind })
    }

    fn kind(self) -> Result<CheckKind, BadContract> {
        Ok(match self.kind.as_str() {
            "answer" => self.read_answer()?,
            "page" => CheckKind::Page {
                path: self.read_path()?,
                landmark: self.landmark.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
                    BadContract("landmark must be a text of the page; any page holds nothing".into())
                })?,
            },
            "deployed_version" => CheckKind::DeployedVersion { path: self.read_path()? },
            "deployed_commit" => CheckKind::DeployedCommit { path: self.read_path()? },
            "openapi" => CheckKind::OpenApi { path: self.read_path()?, routes: self.read_routes()? },
            "live_transaction" => {
                let (pool, shares) = self.read_shares()?;
                CheckKind::LiveTransaction { pool, shares }
            }
            "commit_reachable" => CheckKind::CommitReachable,
            "commit_on_branch" => CheckKind::CommitOnBranch,
            "lineage_link" => CheckKind::LineageLink,
            "spec" => CheckKind::Spec,
            "contributors" => CheckKind::Contributors,
            "approvals" => CheckKind::Approvals {
                at_least: self
                    .at_least
                    .filter(|count| (1..=100).contains(count))
                    .ok_or_else(|| BadContract("at_least must be 1 to 100".into()))?,
            },
            "check_runs" => CheckKind::CheckRuns,
            other => return bad(format!("{other:?} is no kind of check")),
        })
    }

    fn read_answer(self) -> Result<CheckKind, BadContract> {
        const WITHOUT_BODY: [u16; 3] = [204, 205, 304];
        let path = self.read_path()?;
        let Some(status) = self.status.filter(|status| (200..=599).contains(status)) else {
            return bad("status must be one that a server answers with, 200 to 599");
        };
        let contains = self.contains.unwrap_or_default();
        if WITHOUT_BODY.contains(&status) && contains.iter().any(|text| !text.is_empty()) {
            return bad(format!(
                "an answer of {status} has no body, so nothing that it contains can ever pass"
            ));
        }
        Ok(CheckKind::Answer { path, status, content_type: self.content_type.unwrap_or_default(), contains })
    }

    fn read_path(&self) -> Result<String, BadContract> {
        match &self.path {
            Some(path) if path.starts_with('/') && !path.starts_with("//") => Ok(path.clone()),
            _ => bad("path must begin with one slash: it is below the target, never elsewhere"),
        }
    }

    fn read_routes(&self) -> Result<Vec<(String, String)>, BadContract> {
        let routes = self.routes.as_deref().unwrap_or_default();
        if routes.is_empty() {
            return bad("routes must name what the document has to hold");
        }
        let read = |route: &String| match route.split_once(' ') {
            Some((method @ ("GET" | "POST" | "PATCH" | "PUT" | "DELETE"), path)) if path.starts_with('/') => {
                Ok((method.to_ascii_lowercase(), path.to_owned()))
            }
            _ => bad(format!("{route:?} must be a method and a path, such as GET /api/gates")),
        };
        routes.iter().map(read).collect()
    }

    /// The pool and what each stage must get of it: all of it, and to each what the payout policy gives.
    fn read_shares(&self) -> Result<(Amount, PerStage<Option<Amount>>), BadContract> {
        let amount = |text: &str| -> Result<Amount, BadContract> {
            let read = decimal::read(text).ok().filter(|read| read.fits_places(4) && !read.is_negative());
            let micros = read.and_then(|read| i64::try_from(read.micros).ok());
            micros.map(Amount::from_micros).ok_or_else(|| {
                BadContract(format!("{text:?} must be a plain amount of at most four places, such as 12.5"))
            })
        };
        let pool = amount(self.pool.as_deref().unwrap_or_default())?;
        let mut shares = PerStage::from_fn(|_| None);
        let mut sum = Some(Amount::ZERO);
        for (name, text) in self.shares.iter().flatten() {
            let share = amount(text)?;
            let Some(stage) = Stage::named(name) else { return bad(format!("{name:?} is no stage")) };
            *shares.get_mut(stage) = Some(share);
            sum = sum.and_then(|sum| sum.checked_add(share));
        }
        if pool == Amount::ZERO || sum != Some(pool) {
            return bad(format!("the shares must come to the whole pool of {pool}, or it can never pass"));
        }
        let paid = shares_by_policy(pool)
            .map_err(|error| BadContract(format!("the pool of {pool} cannot be shared: {error}")))?;
        let differs = |stage: &Stage| paid.get(*stage) != shares.get(*stage);
        if let Some(stage) = Stage::ALL.into_iter().find(differs) {
            let share = |share: &Option<Amount>| share.unwrap_or(Amount::ZERO);
            return bad(format!(
                "{} gets {} of {pool} by {DEFAULT_POLICY}, not {}: it can never pass",
                stage.name(),
                share(paid.get(stage)),
                share(shares.get(stage))
            ));
        }
        Ok((pool, shares))
    }
}

/// Whether a text can name a commit.
pub fn is_sha(text: &str) -> bool {
    SHA_DIGITS.contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The commit that a ref names, in lower-case digits: by `commit:…`, or by an address that ends so.
pub fn commit_of(reference: &str) -> Option<String> {
    let name = reference.rsplit([':', '/', '@']).next().unwrap_or_default().to_lowercase();
    is_sha(&name).then_some(name)
}

/// The first digits of a commit's name: as many as every name of it has at least.
pub fn first_digits(sha: &str) -> &str {
    sha.get(..*SHA_DIGITS.start()).unwrap_or(sha)
}

/// Whether two names of commits, of whatever length, can be of the same.
pub fn same_commit(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
