//! Specs that are read from files: whether what a file says is to be written.
//!
//! Desired properties:
//! - the same file twice changes nothing the second time;
//! - what somebody else wrote last is not overwritten, unless that is asked for; what they wrote beside it stops nothing;
//! - an import touches what its file says, and what the file said before and says no more; nothing else.

use super::{NewSpec, SpecContent};
use crate::canonical;
use crate::edit::{Editable as _, Field, Patch, Value};
use crate::error::Error;
use crate::input::Node;
use crate::registry::{is_slug, not_a_slug};
use crate::store::SpecEntry;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What is remembered of a file that a spec was written from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenFile {
    /// Where the file was found.
    pub path: String,
    /// SHA-256 of what was taken of it, in hexadecimal digits.
    pub digest: String,
    /// The fields that were taken of it.
    pub fields: TakenFields,
}

/// Fields that were taken of a file, each with the SHA-256 of its value in hexadecimal digits: by it, what somebody wrote
/// there since is told from what the file said. None where it was taken before such digests were kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TakenFields(BTreeMap<String, Option<String>>);

/// Reads also the list of mere names that was kept once.
impl<'de> Deserialize<'de> for TakenFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Kept {
            Digests(BTreeMap<String, Option<String>>),
            Names(Vec<String>),
        }
        Ok(Self(match Kept::deserialize(deserializer)? {
            Kept::Digests(fields) => fields,
            Kept::Names(names) => names.into_iter().map(|name| (name, None)).collect(),
        }))
    }
}

impl TakenFields {
    fn of(given: &Patch<SpecContent>) -> Self {
        let field = |name: &str| Some((name.to_owned(), Some(digest(given.value(name)?))));
        Self(given.fields().filter_map(field).collect())
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// Whether somebody else wrote a field since: it holds neither what was taken, nor nothing where nothing was.
    fn was_edited(&self, field: &Field<SpecContent>, kept: &SpecContent) -> bool {
        let now = (field.get)(kept);
        match self.0.get(field.name) {
            Some(Some(taken)) => *taken != digest(&now),
            Some(None) => true,
            None => now != (field.get)(&SpecContent::default()),
        }
    }
}

fn digest(value: &Value) -> String {
    canonical::hex(&Sha256::digest(canonical::bytes(value)))
}

/// What the last import took of a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecImport {
    /// The file.
    pub file: TakenFile,
    /// The version of the spec that it made.
    pub version: i64,
}

/// A spec as a file has it, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedSpec {
    /// Its id.
    pub spec_id: String,
    /// What the file says of it.
    pub given: Patch<SpecContent>,
    /// What is to be remembered of the file.
    pub file: TakenFile,
}

impl ImportedSpec {
    /// Checks what was read of the file at a path, by the rule of [`NewSpec::read`].
    pub fn read(path: &str, node: &Node) -> Result<Self, Error> {
        let (spec_id, given) = NewSpec::read_given(node)?;
        let file = TakenFile {
            path: path.to_owned(),
            digest: canonical::hex(&Sha256::digest(canonical::bytes(&given))),
            fields: TakenFields::of(&given),
        };
        Ok(Self { spec_id, given, file })
    }
}

/// What becomes of a spec that was read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is registered.
    Register,
    /// What is registered, at this version, is edited.
    Update {
        /// The version that the edit is made to.
        version: i64,
        /// The edit.
        changes: Patch<SpecContent>,
    },
    /// The registry says the same already.
    Unchanged,
    /// What is registered stays.
    Keep(Kept),
}

/// Why what is registered stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// No import ever wrote it.
    RegisteredByHand,
    /// Somebody edited what the file says since the last import.
    EditedByHand {
        /// Whether the file says something else now than at that import.
        file_changed: bool,
    },
}

/// Decides, by the first of these that holds:
/// 1. nothing is registered, or a stub: register, by the name that others gave it already or a slug;
/// 2. the registry says what the file says, whoever wrote it: unchanged;
/// 3. the import wrote it last, or wrote last whatever the file says otherwise now: update;
/// 4. overwriting is asked for (`force`): update;
/// 5. keep.
pub fn decide(
    spec: &ImportedSpec,
    kept: Option<&SpecEntry>,
    before: Option<&SpecImport>,
    force: bool,
) -> Result<Decision, Error> {
    let kept = match kept {
        None if !is_slug(&spec.spec_id) => return Err(not_a_slug("spec_id")),
        Some(kept) if kept.card.registered => kept,
        _ => return Ok(Decision::Register),
    };
    let fields_before = before.map(|before| before.file.fields.names()).unwrap_or_default();
    let changes = spec.given.clone().emptying(&fields_before);
    if changes.applied_to(&kept.content) == kept.content {
        return Ok(Decision::Unchanged);
    }
    let version = kept.card.version;
    Ok(match before {
        Some(before) if before.version == version || !conflict(&changes, &before.file.fields, kept) => {
            Decision::Update { version, changes }
        }
        _ if force => Decision::Update { version, changes },
        Some(before) => {
            Decision::Keep(Kept::EditedByHand { file_changed: before.file.digest != spec.file.digest })
        }
        None => Decision::Keep(Kept::RegisteredByHand),
    })
}

/// Whether a change would overwrite what somebody else wrote.
fn conflict(changes: &Patch<SpecContent>, taken: &TakenFields, kept: &SpecEntry) -> bool {
    SpecContent::FIELDS.iter().any(|field| {
        let changed = changes.value(field.name).is_some_and(|new| *new != (field.get)(&kept.content));
        changed && taken.was_edited(field, &kept.content)
    })
}
