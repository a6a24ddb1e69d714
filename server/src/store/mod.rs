//! Where links, events and the ledger are kept: one store over two databases, chosen once from the address.

mod batch;
mod connection;
mod contributions;
mod gates;
mod governance;
mod plan;
mod port;
mod prepare;
mod reads;
mod registry;
mod rows;
mod statements;
mod verify;
mod writer;

use anyhow::Context as _;
use async_trait::async_trait;
use batch::Operation;
use chrono::{DateTime, NaiveDate, Utc};
use connection::{Pool, Sql};
use contributions::{Done, Work};
use domain::{
    change_request::{ChangeRequest, ChangeRequestQuery},
    error::Error,
    event::UsageEvent,
    gate::{GateReport, GateRun},
    id::{ChangeRequestId, EntryId, LinkId, RunId},
    idea::{IdeaQuery, IdeaRecord},
    ledger::{Change, RecordedChange},
    link::{LinkPeople, LinkRecord},
    page::{EventQuery, LinkQuery, LinksOf, Page},
    spec::{SpecCard, SpecImport, SpecQuery},
    store::{
        Announcement, DayValue, IdempotencyKey, Made, RecentEvent, SpecEntry, Store, StoreTotals,
        Verification, Write, Written,
    },
    valuation::Valuation,
};
use prepare::PreparedRows;
use sqlx::{
    ConnectOptions,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};
use writer::Writer;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// How long a connection is waited for.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Readers of a SQLite file.
const SQLITE_READERS: u32 = 8;
/// Readers of a Postgres database.
const POSTGRES_READERS: u32 = 16;
/// Shards of the totals that servers on one Postgres database spread over.
const SHARDS: i64 = 16;

/// A store over SQL.
struct SqlStore {
    readers: Pool,
    writing: Pool,
    writer: Writer,
    newest_migration: i64,
}

/// Opens the database at an address, `sqlite://FILE` or `postgres://…`, and brings it to the newest migration.
pub async fn open(address: &str) -> anyhow::Result<Arc<dyn Store>> {
    let store = connect(address, true).await?;
    // A decision that was stopped in the middle is followed to its end before anybody asks.
    if contributions::reads::any_waiting(&store.readers).await?
        && let Err(error) = store.writer.derive_waiting().await
    {
        // A policy of one's own may be missing, which whoever opens it need not have: it is tried again next time.
        tracing::error!(%error, "what a decision left to be derived was not");
    }
    Ok(Arc::new(store))
}

/// Opens a database only to look at it: it is neither made nor migrated. None where there is none yet.
pub async fn open_to_look(address: &str) -> anyhow::Result<Option<Arc<dyn Store>>> {
    if missing_file(address)?.is_some() {
        return Ok(None);
    }
    let store = connect(address, false).await?;
    if let Err(error) = store.ready().await {
        store.close().await;
        return Err(error).context(
            "the database is not that of this version, and looking at it does not migrate it: \
             a run that writes does, or the start of the server",
        );
    }
    Ok(Some(Arc::new(store)))
}

async fn connect(address: &str, migrate: bool) -> anyhow::Result<SqlStore> {
    match address.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => open_sqlite(address, migrate).await,
        Some("postgres" | "postgresql") => open_postgres(address, migrate).await,
        _ => anyhow::bail!("a database address begins with sqlite:// or postgres://, unlike {address:?}"),
    }
}

/// Opens a database that must be there already.
pub async fn open_existing(address: &str) -> anyhow::Result<Arc<dyn Store>> {
    if let Some(file) = missing_file(address)? {
        anyhow::bail!("there is no database {}; --database names another", file.display());
    }
    open(address).await
}

/// The file of a SQLite database that is not there.
pub fn missing_file(address: &str) -> anyhow::Result<Option<PathBuf>> {
    if !address.starts_with("sqlite:") {
        return Ok(None);
    }
    let options = SqliteConnectOptions::from_str(address).context("the SQLite address cannot be read")?;
    Ok(Some(options.get_filename().to_owned()).filter(|file| !file.is_file()))
}

async fn open_sqlite(address: &str, migrate: bool) -> anyhow::Result<SqlStore> {
    let options = SqliteConnectOptions::from_str(address).context("the SQLite address cannot be read")?;
    let file = options.get_filename().to_owned();
    anyhow::ensure!(
        !address.contains(":memory:") && !address.contains("mode=memory"),
        "a database in memory is one database per connection; name a file: sqlite://tributary.db"
    );
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("the folder of {} cannot be made", file.display()))?;
    }
    let options = options
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // An answer of 201 is a promise: FULL waits for the disk at every commit.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(ACQUIRE_TIMEOUT);
    let options = logging(options);
    let writing = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // A file does not go away as a server does: asking first would cost every use a turn of SQLite's thread.
        .test_before_acquire(false)
        .connect_with(options.clone())
        .await
        .with_context(|| format!("the database {} cannot be opened", file.display()))?;
    if migrate {
        SQLITE_MIGRATIONS.run(&writing).await.context("the database cannot be migrated")?;
    }
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .connect_with(options.read_only(true).create_if_missing(false))
        .await
        .context("the database cannot be opened for reading")?;
    Ok(SqlStore::new(Pool::Sqlite(readers), Pool::Sqlite(writing), 0, &SQLITE_MIGRATIONS))
}

/// Statements pass the log only where it asks for them (`--log sqlx::query=debug`): every read would pay for it.
fn logging<O: ConnectOptions>(options: O) -> O {
    if tracing::enabled!(target: "sqlx::query", tracing::Level::DEBUG) {
        options
    } else {
        options.disable_statement_logging()
    }
}

async fn open_postgres(address: &str, migrate: bool) -> anyhow::Result<SqlStore> {
    let options = PgConnectOptions::from_str(address).context("the Postgres address cannot be read")?;
    let options = logging(options);
    let pool = |connections| {
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options.clone())
    };
    let writing = pool(1).await.context("the Postgres database does not answer")?;
    if migrate {
        POSTGRES_MIGRATIONS.run(&writing).await.context("the database cannot be migrated")?;
    }
    let readers = pool(POSTGRES_READERS).await.context("the Postgres database does not answer")?;
    let shard = i64::from(std::process::id()) % SHARDS;
    Ok(SqlStore::new(Pool::Postgres(readers), Pool::Postgres(writing), shard, &POSTGRES_MIGRATIONS))
}

impl SqlStore {
    /// A change that is made by itself, with all that follows of it: a task of its own, so that what was decided is
    /// derived to the end, whoever goes away meanwhile.
    async fn write_alone(&self, write: Write) -> Result<Written<Made>, Error> {
        let decision = matches!(write.change, Change::EditContributor { .. });
        let writer = self.writer.clone();
        let doing = tokio::spawn(async move {
            let done = writer.alone(Work::Change(Box::new(write))).await?;
            if decision && let Err(error) = writer.derive_waiting().await {
                // The decision stands; the next one goes on, or whoever opens the database.
                tracing::error!(%error, "what a decision left to be derived was not");
            }
            Ok(done)
        });
        match doing.await.map_err(|error| Error::Store(error.to_string()))?? {
            Done::Written(written) => Ok(*written),
            _ => Err(Error::Store("a change came to something else".into())),
        }
    }

    fn new(readers: Pool, writing: Pool, shard: i64, migrations: &Migrator) -> Self {
        let newest_migration = migrations.iter().map(|migration| migration.version).max().unwrap_or_default();
        let writer = Writer::start(writing.clone(), shard);
        Self { readers, writing, writer, newest_migration }
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn write(&self, write: Write) -> Result<Written<Made>, Error> {
        if contributions::stands_alone(&write.change) {
            return self.write_alone(write).await;
        }
        let rows = PreparedRows::of(&write)?;
        self.writer.submit(Operation::Write(write, rows)).await
    }

    async fn remember(
        &self,
        key: IdempotencyKey,
        answer: String,
        at: DateTime<Utc>,
    ) -> Result<Written<Made>, Error> {
        self.writer.submit(Operation::Remember { key, answer, at: at.timestamp_micros() }).await
    }

    async fn remembered(&self, key: &IdempotencyKey) -> Result<Option<Written<Made>>, Error> {
        reads::remembered(&self.readers, key).await
    }

    async fn link(&self, id: LinkId) -> Result<Option<LinkRecord>, Error> {
        reads::link(&self.readers, id).await
    }

    async fn valuation(&self, id: LinkId) -> Result<Option<Valuation>, Error> {
        reads::valuation(&self.readers, id).await
    }

    async fn links(&self, query: &LinkQuery) -> Result<Page<LinkRecord>, Error> {
        reads::links(&self.readers, query).await
    }

    async fn events(&self, id: LinkId, query: &EventQuery) -> Result<Page<UsageEvent>, Error> {
        reads::events(&self.readers, id, query).await
    }

    async fn link_days(&self, id: LinkId, days: i64) -> Result<Vec<DayValue>, Error> {
        reads::link_days(&self.readers, id, days).await
    }

    async fn days_of(&self, ids: &[LinkId], from: NaiveDate) -> Result<Vec<(LinkId, DayValue)>, Error> {
        reads::days_of(&self.readers, ids, from).await
    }

    async fn store_days(&self, days: i64) -> Result<Vec<DayValue>, Error> {
        reads::store_days(&self.readers, days).await
    }

    async fn totals(&self) -> Result<StoreTotals, Error> {
        reads::totals(&self.readers).await
    }

    async fn recent_events(&self, limit: i64) -> Result<Vec<RecentEvent>, Error> {
        reads::recent_events(&self.readers, limit).await
    }

    async fn gate_links_before(&self, time: DateTime<Utc>, limit: i64) -> Result<Vec<LinkId>, Error> {
        reads::gate_links_before(&self.readers, time, limit).await
    }

    async fn spec(&self, spec_id: &str) -> Result<Option<SpecEntry>, Error> {
        registry::reads::spec(&self.readers, spec_id).await
    }

    async fn spec_import(&self, spec_id: &str) -> Result<Option<SpecImport>, Error> {
        registry::imports::spec_import(&self.readers, spec_id).await
    }

    async fn specs(&self, query: &SpecQuery) -> Result<Page<SpecCard>, Error> {
        registry::reads::specs(&self.readers, query).await
    }

    async fn links_of_spec(&self, spec_id: &str, limit: i64) -> Result<Vec<LinkRecord>, Error> {
        registry::reads::links_of_spec(&self.readers, spec_id, limit).await
    }

    async fn idea(&self, idea_id: &str) -> Result<Option<IdeaRecord>, Error> {
        registry::reads::idea(&self.readers, idea_id).await
    }

    async fn ideas(&self, query: &IdeaQuery) -> Result<Page<IdeaRecord>, Error> {
        registry::reads::ideas(&self.readers, query).await
    }

    async fn links_of_idea(&self, idea_id: &str, limit: i64) -> Result<Vec<LinkRecord>, Error> {
        registry::reads::links_of_idea(&self.readers, idea_id, limit).await
    }

    async fn specs_of_idea(&self, idea_id: &str, limit: i64) -> Result<Vec<SpecCard>, Error> {
        registry::reads::specs_of_idea(&self.readers, idea_id, limit).await
    }

    async fn specs_naming(&self, digits: &str, limit: i64) -> Result<Vec<SpecEntry>, Error> {
        registry::reads::specs_naming(&self.readers, digits, limit).await
    }

    async fn people_of_links(
        &self,
        of: LinksOf<'_>,
        before: LinkId,
        limit: i64,
    ) -> Result<Vec<LinkPeople>, Error> {
        registry::reads::people_of_links(&self.readers, of, before, limit).await
    }

    async fn change_request(&self, id: ChangeRequestId) -> Result<Option<ChangeRequest>, Error> {
        registry::reads::change_request(&self.readers, id).await
    }

    async fn change_requests(&self, query: &ChangeRequestQuery) -> Result<Page<ChangeRequest>, Error> {
        registry::reads::change_requests(&self.readers, query).await
    }

    async fn gate_runs(
        &self,
        gate: &str,
        subject: Option<&str>,
        query: &EventQuery,
    ) -> Result<Page<GateRun>, Error> {
        gates::gate_runs(&self.readers, gate, subject, query).await
    }

    async fn keep_unknown_commit(&self, subject: &str, report: &GateReport, most: i64) -> Result<(), Error> {
        gates::keep_unknown_commit(&self.writing, subject, report, most).await
    }

    async fn unknown_commit(&self, gate: &str, subject: &str) -> Result<Option<GateReport>, Error> {
        gates::unknown_commit(&self.readers, gate, subject).await
    }

    async fn gate_report(&self, id: RunId) -> Result<Option<GateReport>, Error> {
        gates::gate_report(&self.readers, id).await
    }

    async fn changes_after(&self, id: EntryId, limit: i64) -> Result<Vec<RecordedChange>, Error> {
        reads::changes_after(&self.readers, id, limit).await
    }

    async fn last_entry(&self) -> Result<Option<EntryId>, Error> {
        reads::last_entry(&self.readers).await
    }

    async fn announcements_due(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<Announcement>, Error> {
        gates::announcements_due(&self.readers, now, limit).await
    }

    async fn claim_announcement(&self, due: &Announcement, until: DateTime<Utc>) -> Result<bool, Error> {
        gates::claim_announcement(&self.writing, due, until).await
    }

    async fn announced(&self, run: RunId, again: Option<(DateTime<Utc>, String)>) -> Result<(), Error> {
        gates::announced(&self.writing, run, again).await
    }

    async fn ready(&self) -> Result<(), Error> {
        const SQL: Sql = Sql::both("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations");
        let row = self.readers.one(SQL, &[], "_sqlx_migrations").await?;
        let version = row.map(|mut row| row.integer()).transpose()?.unwrap_or_default();
        if version < self.newest_migration {
            return Err(Error::Unavailable(format!(
                "the database is at migration {version}, not {}",
                self.newest_migration
            )));
        }
        Ok(())
    }

    async fn verify(&self) -> Result<Verification, Error> {
        verify::verify(self.readers.clone()).await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writing.close().await;
    }
}
