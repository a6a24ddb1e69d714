//! Which file each spec was last written from.

use super::super::connection::{Connection, Pool, Sql};
use super::super::prepare::{JsonRows, to_json};
use super::super::statements::from_rows;
use super::super::verify::{all, compare};
use domain::{
    error::Error,
    spec::{SpecImport, TakenFile},
    store::Difference,
};
use serde_json::json;
use std::collections::BTreeMap;

/// Which files specs were written from.
pub const PUT_SPEC_IMPORTS: Sql = from_rows!(
    "INSERT INTO spec_imports (spec_id, path, digest, version, fields) SELECT item.value ->> 0, item.value ->> 1, \
     item.value ->> 2, CAST(item.value ->> 3 AS BIGINT), item.value ->> 4",
    "TRUE ON CONFLICT (spec_id) DO UPDATE SET path = excluded.path, digest = excluded.digest, \
     version = excluded.version, fields = excluded.fields"
);

/// The rows of imports, by spec.
pub fn rows(imports: &BTreeMap<String, SpecImport>) -> Result<JsonRows, Error> {
    let mut rows = JsonRows::default();
    for (spec_id, SpecImport { file, version }) in imports {
        let TakenFile { path, digest, fields } = file;
        rows.push(&json!([spec_id, path, digest, version, to_json(fields)?]).to_string());
    }
    Ok(rows)
}

/// What the last import took of a spec.
pub async fn spec_import(pool: &Pool, spec_id: &str) -> Result<Option<SpecImport>, Error> {
    const SQL: Sql = Sql::both("SELECT path, digest, version, fields FROM spec_imports WHERE spec_id = $1");
    let Some(mut row) = pool.one(SQL, &[spec_id.into()], "spec_imports").await? else { return Ok(None) };
    let (path, digest, version) = (row.text()?, row.text()?, row.integer()?);
    let fields = row.parsed(|text| serde_json::from_str(text))?;
    Ok(Some(SpecImport { file: TakenFile { path, digest, fields }, version }))
}

/// Files that a version of a spec is said to be written from which there never was.
pub async fn verify_imports(
    connection: &mut Connection,
    differences: &mut Vec<Difference>,
) -> Result<(), Error> {
    const SQL: Sql = Sql::both(
        "SELECT 'spec ' || spec_imports.spec_id, spec_imports.version, COALESCE(specs.version, 0) \
         FROM spec_imports LEFT JOIN specs ON specs.spec_id = spec_imports.spec_id \
         WHERE spec_imports.version > COALESCE(specs.version, 0)",
    );
    for mut row in all(connection, SQL, "spec_imports").await? {
        let subject = row.text()?;
        let (kept, newest) = (row.integer()?, row.integer()?);
        compare(differences, &subject, "imported version", kept.to_string(), newest.to_string());
    }
    Ok(())
}
