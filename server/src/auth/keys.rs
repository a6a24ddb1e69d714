//! API keys: one a line in a file of the operator's, a name and a secret.

use anyhow::{Context as _, Result, bail, ensure};
use domain::canonical::hex;
use sha2::{Digest, Sha256};
use std::path::Path;
use subtle::{Choice, ConstantTimeEq as _};

/// Characters that a secret has at least: as many as 16 random bytes need in hexadecimal digits.
const MIN_SECRET: usize = 32;

/// A key, of which only its hash is held.
#[derive(Clone)]
struct ApiKey {
    name: String,
    digest: [u8; 32],
}

/// The keys of a server.
#[derive(Clone)]
pub struct ApiKeys(Vec<ApiKey>);

impl std::fmt::Debug for ApiKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.0.iter().map(|key| &key.name)).finish()
    }
}

impl ApiKeys {
    /// Reads a file of keys.
    pub fn from_file(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the API key file {} cannot be read", path.display()))?;
        Self::from_text(&text).with_context(|| format!("the API key file {}", path.display()))
    }

    /// Reads lines of `name secret`; blank lines and those that begin with `#` are passed over.
    pub fn from_text(text: &str) -> Result<Self> {
        let mut keys: Vec<ApiKey> = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut words = line.split_whitespace();
            let (Some(name), Some(secret), None) = (words.next(), words.next(), words.next()) else {
                bail!("line {}: write a name and a secret, with a space between", at + 1);
            };
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
            ensure!(
                name.len() <= 64 && name.bytes().all(plain),
                "line {}: a name has at most 64 letters, digits, - and _",
                at + 1
            );
            ensure!(
                secret.len() >= MIN_SECRET && secret.is_ascii(),
                "line {}: a secret has at least {MIN_SECRET} ASCII characters; `tributary new-key NAME` makes one",
                at + 1
            );
            ensure!(!keys.iter().any(|key| key.name == name), "line {}: {name} is named twice", at + 1);
            keys.push(ApiKey { name: name.to_owned(), digest: Sha256::digest(secret).into() });
        }
        ensure!(!keys.is_empty(), "it holds no key; `tributary new-key NAME` makes a line for it");
        Ok(Self(keys))
    }

    /// These keys and one more, which nobody but this server knows, with its secret. Its name has a space, which none
    /// of a file has.
    pub fn with_own(mut self) -> Result<(Self, String)> {
        let secret = random_secret()?;
        self.0.push(ApiKey { name: "own gates".into(), digest: Sha256::digest(&secret).into() });
        Ok((self, secret))
    }

    /// The name of the key with that secret. Takes the same time whichever it is, and whether it is one.
    pub fn name_of(&self, secret: &str) -> Option<&str> {
        let digest: [u8; 32] = Sha256::digest(secret).into();
        let mut found = None;
        for key in &self.0 {
            let same: Choice = key.digest.ct_eq(&digest);
            if bool::from(same) {
                found = Some(key.name.as_str());
            }
        }
        found
    }

    /// What sessions of a key are sealed with: its hash, so that they end when the key is taken away.
    pub fn seal_of(&self, name: &str) -> Option<&[u8; 32]> {
        self.0.iter().find(|key| key.name == name).map(|key| &key.digest)
    }
}

/// 32 random bytes in hexadecimal digits.
fn random_secret() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    Ok(hex(&bytes))
}

/// A new line for a file of keys: 32 random bytes in hexadecimal digits.
pub fn new_key(name: &str) -> Result<String> {
    let line = format!("{name} {}", random_secret()?);
    ApiKeys::from_text(&line)?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_known_by_its_secret_alone() {
        let line = new_key("ci").unwrap();
        let secret = line.split_whitespace().nth(1).unwrap();
        let keys = ApiKeys::from_text(&format!("# keys\n\n{line}\n")).unwrap();
        assert_eq!(keys.name_of(secret), Some("ci"));
        assert_eq!(keys.name_of(&secret[1..]), None);
        assert_eq!(keys.name_of(""), None);
        assert!(!format!("{keys:?}").contains(secret), "a secret is never printed");
    }

    #[test]
    fn refuses_a_file_that_would_lock_nobody_out() {
        let long = "x".repeat(MIN_SECRET);
        for text in [
            "",
            "# none",
            "ci",
            "ci short",
            &format!("ci {long} more"),
            &format!("c!i {long}"),
            &format!("ci {long}\nci {long}"),
        ] {
            assert!(ApiKeys::from_text(text).is_err(), "{text:?}");
        }
    }
}
