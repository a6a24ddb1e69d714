//! What an operator chooses of gates.

use super::webhook::Webhook;
use crate::Limits;
use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use domain::gate::{Contract, Expectations};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Options of gates.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Gates")]
pub struct GateArgs {
    /// Base address that deployment gates look at, such as `https://tributary.example`; this very server when absent
    #[arg(long, env = "TRIBUTARY_GATE_TARGET", value_name = "ADDRESS")]
    gate_target: Option<String>,
    /// File with the key that gates send to another target: one line, `name secret`
    #[arg(long, env = "TRIBUTARY_GATE_KEY_FILE", value_name = "FILE", requires = "gate_target")]
    gate_key_file: Option<PathBuf>,
    /// Commit that should be deployed, by 7 to 40 digits; the head of --branch when absent
    #[arg(long, env = "TRIBUTARY_GATE_EXPECT_SHA", value_name = "SHA")]
    gate_expect_sha: Option<String>,
    /// Let no gate pass where nobody can tell which commit should be deployed
    #[arg(long, env = "TRIBUTARY_GATE_REQUIRE_SHA")]
    gate_require_sha: bool,
    /// Version that should be deployed
    #[arg(long, env = "TRIBUTARY_GATE_EXPECT_VERSION", value_name = "VERSION")]
    gate_expect_version: Option<String>,
    /// Seconds for which a report is given again instead of running the gate anew
    #[arg(long, env = "TRIBUTARY_GATE_MAX_AGE_SECONDS", default_value_t = 60, value_name = "SECONDS")]
    gate_max_age_seconds: u32,
    /// Days for which the links that gates file are kept
    #[arg(long, env = "TRIBUTARY_GATE_RETENTION_DAYS", default_value_t = 7, value_name = "DAYS")]
    gate_retention_days: u32,
    /// Minutes between runs of every deployment gate by itself; none when absent
    #[arg(long, env = "TRIBUTARY_GATE_EVERY_MINUTES", value_name = "MINUTES",
        value_parser = clap::value_parser!(u32).range(1..))]
    gate_every_minutes: Option<u32>,
    /// File of a contract of your own; may be given again
    #[arg(long, env = "TRIBUTARY_GATE_CONTRACT", value_name = "FILE", value_delimiter = ',')]
    gate_contract: Vec<PathBuf>,
    /// Address that is told when a verdict changes to or from pass, and of a first one that is no pass
    #[arg(
        long,
        env = "TRIBUTARY_GATE_WEBHOOK",
        value_name = "ADDRESS",
        requires = "gate_webhook_secret_file"
    )]
    gate_webhook: Option<String>,
    /// File with the secret that signs what the webhook is sent: `whsec_` and base64
    #[arg(long, env = "TRIBUTARY_GATE_WEBHOOK_SECRET_FILE", value_name = "FILE", requires = "gate_webhook")]
    gate_webhook_secret_file: Option<PathBuf>,
    /// Git repository that is asked about commits: a clone or a mirror on this machine
    #[arg(long, env = "TRIBUTARY_REPOSITORY", value_name = "PATH")]
    repository: Option<PathBuf>,
    /// Its branch
    #[arg(long, env = "TRIBUTARY_BRANCH", default_value = "main", value_name = "NAME")]
    branch: String,
    /// Forge that is asked about approvals and check runs: `https://api.github.com/repos/OWNER/NAME`
    #[arg(long, env = "TRIBUTARY_FORGE", value_name = "ADDRESS")]
    forge: Option<String>,
    /// File with a token for the forge
    #[arg(long, env = "TRIBUTARY_FORGE_TOKEN_FILE", value_name = "FILE", requires = "forge")]
    forge_token_file: Option<PathBuf>,
    /// Let no commit pass without what only a forge can tell
    #[arg(long, env = "TRIBUTARY_REQUIRE_FORGE")]
    require_forge: bool,
}

/// What an operator chose, with every file read.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The base address that is looked at; this very server when none.
    pub target: Option<String>,
    /// The key that it is asked with.
    pub key: Option<String>,
    /// What is expected of a deployment, and what is insisted on.
    pub expected: Expectations,
    /// Seconds for which a report is given again.
    pub max_age_seconds: u32,
    /// Days for which what gates file is kept.
    pub retention_days: u32,
    /// How long an answer of this server may take, whoever waits for a gate's run included.
    pub answer_within: Duration,
    /// Minutes between runs by themselves.
    pub every_minutes: Option<u32>,
    /// Texts of further contracts.
    pub own_contracts: Vec<String>,
    /// Who is told of changes.
    pub webhook: Option<Webhook>,
    /// The repository that is asked about commits.
    pub repository: Option<PathBuf>,
    /// Its branch.
    pub branch: String,
    /// The forge's address.
    pub forge: Option<String>,
    /// Its token.
    pub forge_token: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            target: None,
            key: None,
            expected: Expectations::default(),
            max_age_seconds: 60,
            retention_days: 7,
            answer_within: Limits::default().timeout,
            every_minutes: None,
            own_contracts: Vec::new(),
            webhook: None,
            repository: None,
            branch: "main".into(),
            forge: None,
            forge_token: None,
        }
    }
}

impl Settings {
    /// How long a run may take for which somebody waits: so that it can still be kept and answered in time.
    pub fn run_within(&self) -> Duration {
        self.answer_within * 5 / 6
    }

    /// Every contract, in order: the built-in ones, then the operator's own.
    pub fn contracts(&self) -> Result<Vec<Contract>> {
        let mut contracts = Contract::built_in(&self.expected)?;
        for text in &self.own_contracts {
            let contract = Contract::from_toml(text, &self.expected)?;
            ensure!(
                Contract::named(&contracts, &contract.name).is_none() && !RESERVED.contains(&&*contract.name),
                "the name {:?} is taken by another gate or route",
                contract.name
            );
            ensure!(
                !contract.is_of_commit(),
                "{}: a contract of your own looks at a deployment",
                contract.name
            );
            contracts.push(contract);
        }
        Ok(contracts)
    }
}

/// Names below `/api/gates/` that are no gates.
const RESERVED: [&str; 2] = ["main-head", "runs"];

impl GateArgs {
    /// Reads every file, and refuses what contradicts itself.
    pub fn read(&self) -> Result<Settings> {
        let webhook = match (&self.gate_webhook, &self.gate_webhook_secret_file) {
            (Some(address), Some(file)) => Some(Webhook::new(address, &secret(file)?)?),
            _ => None,
        };
        let own_contracts = self.gate_contract.iter().map(|file| {
            std::fs::read_to_string(file)
                .with_context(|| format!("the gate contract {} cannot be read", file.display()))
        });
        let settings = Settings {
            target: self.gate_target.clone(),
            key: self.gate_key_file.as_deref().map(key).transpose()?,
            expected: Expectations {
                sha: self.gate_expect_sha.clone(),
                require_sha: self.gate_require_sha,
                version: self.gate_expect_version.clone(),
                repository: self.repository.is_some(),
                forge: self.forge.is_some(),
                require_forge: self.require_forge,
            },
            max_age_seconds: self.gate_max_age_seconds,
            retention_days: self.gate_retention_days,
            answer_within: Limits::default().timeout,
            every_minutes: self.gate_every_minutes,
            own_contracts: own_contracts.collect::<Result<_>>()?,
            webhook,
            repository: self.repository.clone(),
            branch: self.branch.clone(),
            forge: self.forge.clone(),
            forge_token: self.forge_token_file.as_deref().map(secret).transpose()?,
        };
        ensure!(
            settings.retention_days > 0,
            "--gate-retention-days 0 would remove a gate's links while it still looks at them; give 1 or more"
        );
        settings.contracts()?;
        Ok(settings)
    }
}

/// A secret: the one line of its file.
fn secret(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the file {} cannot be read", file.display()))?;
    let text = text.trim();
    ensure!(!text.is_empty() && text.lines().count() == 1, "{} must hold one line", file.display());
    Ok(text.to_owned())
}

/// The secret of a line `name secret`, as `tributary new-key` prints it, or a secret by itself.
pub fn key(file: &Path) -> Result<String> {
    let line = secret(file)?;
    let mut words = line.split_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(_), Some(secret), None) | (Some(secret), None, None) => Ok(secret.to_owned()),
        _ => bail!("{} must hold a name and a secret, with a space between", file.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Options {
        #[command(flatten)]
        gates: GateArgs,
    }

    #[test]
    fn every_option_comes_to_its_setting() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.display().to_string()
        };
        let contract = "name = \"own\"\ntitle = \"Own\"\nsummary = \"Own.\"\npassed = \"own_passed\"\n\
                        timeout_seconds = 2\n[[check]]\nname = \"one\"\ntitle = \"One\"\nremedy = \"Look.\"\n\
                        kind = \"answer\"\npath = \"/livez\"\nstatus = 200\n";
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let (key, secret_file) = (file("key", "ci secret\n"), file("secret", secret));
        let (token, contract) = (file("token", "a-token\n"), file("own.toml", contract));
        let words = format!(
            "tributary --gate-target https://tributary.example --gate-key-file {key} --gate-expect-sha 0123456 \
             --gate-require-sha --gate-expect-version 1.2.3 --gate-max-age-seconds 30 --gate-retention-days 3 \
             --gate-every-minutes 15 --gate-contract {contract} --gate-webhook https://receiver.example/hook \
             --gate-webhook-secret-file {secret_file} --repository /srv/repository --branch trunk \
             --forge https://forge.example/repos/o/n --forge-token-file {token} --require-forge"
        );
        let settings = Options::parse_from(words.split(' ')).gates.read().unwrap();
        assert_eq!(settings.target.as_deref(), Some("https://tributary.example"));
        assert_eq!(settings.key.as_deref(), Some("secret"));
        let expected = Expectations {
            sha: Some("0123456".into()),
            require_sha: true,
            version: Some("1.2.3".into()),
            repository: true,
            forge: true,
            require_forge: true,
        };
        assert_eq!(settings.expected, expected);
        assert_eq!(
            (settings.max_age_seconds, settings.retention_days, settings.every_minutes),
            (30, 3, Some(15))
        );
        assert_eq!(settings.contracts().unwrap().last().unwrap().name, "own");
        let webhook = settings.webhook.unwrap();
        let same = Webhook::new("https://receiver.example/hook", secret).unwrap();
        assert_eq!(format!("{webhook:?}"), r#"Webhook("https://receiver.example/hook")"#);
        assert_eq!(webhook.sign("id", 1, "body"), same.sign("id", 1, "body"));
        assert_eq!(settings.repository, Some("/srv/repository".into()));
        assert_eq!(settings.branch, "trunk");
        assert_eq!(settings.forge.as_deref(), Some("https://forge.example/repos/o/n"));
        assert_eq!(settings.forge_token.as_deref(), Some("a-token"));
    }

    #[test]
    fn without_options_a_server_looks_at_itself() {
        let settings = Options::parse_from(["tributary"]).gates.read().unwrap();
        let defaults = Settings::default();
        assert_eq!(
            (settings.target, settings.expected, settings.branch),
            (None, Expectations::default(), "main".into())
        );
        assert_eq!(
            (settings.max_age_seconds, settings.retention_days, settings.every_minutes),
            (defaults.max_age_seconds, defaults.retention_days, None)
        );
    }
}
