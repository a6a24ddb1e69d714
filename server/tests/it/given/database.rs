//! A database of its own for each test.

use domain::store::Store;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};
use std::{
    env,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tempfile::TempDir;

/// Where a Postgres server is found on which databases may be made.
const POSTGRES: &str = "TRIBUTARY_TEST_POSTGRES";

/// A fresh database.
pub struct Database {
    pub address: String,
    folder: Option<TempDir>,
}

impl Database {
    /// A SQLite file in a folder of its own.
    pub fn sqlite() -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("tributary.db");
        Self { address: format!("sqlite://{}", file.display()), folder: Some(folder) }
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder.as_ref().expect("a SQLite database").path().join("tributary.db")
    }

    /// The folder that the file is in, for whatever else a test keeps.
    pub fn folder(&self) -> PathBuf {
        self.folder.as_ref().expect("a SQLite database").path().to_owned()
    }

    pub fn is_sqlite(&self) -> bool {
        self.folder.is_some()
    }

    pub async fn open(&self) -> Arc<dyn Store> {
        server::store::open(&self.address).await.expect("a store")
    }

    /// Runs statements behind the store's back.
    pub async fn run(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.is_sqlite() {
            let mut connection = SqliteConnection::connect(&self.address).await.expect("the file");
            sqlx::raw_sql(sql).execute(&mut connection).await.expect("a statement");
            connection.close().await.expect("closed");
        } else {
            let mut connection = PgConnection::connect(&self.address).await.expect("the database");
            sqlx::raw_sql(sql).execute(&mut connection).await.expect("a statement");
            connection.close().await.expect("closed");
        }
    }

    /// The rows of a query of one column of text.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.is_sqlite() {
            let mut connection = SqliteConnection::connect(&self.address).await.expect("the file");
            sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("rows")
        } else {
            let mut connection = PgConnection::connect(&self.address).await.expect("the database");
            sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("rows")
        }
    }

    /// The steps by which SQLite runs a statement of numbered parameters.
    pub async fn plan(&self, sql: &str) -> Vec<String> {
        let mut connection = SqliteConnection::connect(&self.address).await.expect("the file");
        let rows =
            sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&mut connection).await;
        rows.expect("a plan").iter().map(|row| row.get("detail")).collect()
    }

    /// Every row of every table of a SQLite file.
    pub async fn dump(&self) -> Vec<String> {
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '!_%' ESCAPE '!' \
                      AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name";
        let mut rows = Vec::new();
        for table in self.texts(tables).await {
            let columns = format!("SELECT 'quote(' || name || ')' FROM pragma_table_info('{table}')");
            let columns = self.texts(&columns).await.join(" || ' | ' || ");
            let sql = format!("SELECT '{table}: ' || {columns} FROM {table} ORDER BY 1");
            rows.extend(self.texts(&sql).await);
        }
        rows
    }
}

/// Runs a test on a fresh Postgres database and removes it; skips loudly where there is no server.
pub async fn on_postgres<T: Future<Output = ()> + Send + 'static>(test: impl FnOnce(Database) -> T) {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let Ok(server) = env::var(POSTGRES) else {
        assert_ne!(env::var("CI").as_deref(), Ok("true"), "{POSTGRES} is not set, and CI skips nothing");
        eprintln!("SKIPPED, NOT TESTED: this runs on Postgres; set {POSTGRES}=postgres://… to run it");
        return;
    };
    let name = format!("tributary_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::connect(&server).await.expect("the Postgres server");
    let run = |sql: String| sqlx::raw_sql(AssertSqlSafe(sql));
    run(format!("CREATE DATABASE {name}")).execute(&mut connection).await.expect("a new database");
    let (front, _) = server.rsplit_once('/').expect("an address with a database");
    let database = Database { address: format!("{front}/{name}"), folder: None };
    let outcome = tokio::spawn(test(database)).await;
    let dropped = run(format!("DROP DATABASE {name} WITH (FORCE)")).execute(&mut connection).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic.into_panic());
    }
    dropped.expect("the database is gone");
}
