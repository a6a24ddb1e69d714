//! The little of SQL that both databases share: statements with numbered parameters, whole numbers and texts.
//!
//! One store is written against this, so that SQLite and Postgres cannot come to differ in their rules, only in
//! the words of a statement.

use domain::error::Error;
use sqlx::{
    AssertSqlSafe, Postgres, Row as _, SqlSafeStr as _, SqlStr, Sqlite,
    error::DatabaseError as _,
    pool::PoolConnection,
    postgres::{PgArguments, PgPool, PgRow},
    sqlite::{SqliteArguments, SqliteError, SqlitePool, SqliteRow},
};

/// A statement in the words of each database.
#[derive(Clone, Copy)]
pub struct Sql {
    sqlite: &'static str,
    postgres: &'static str,
}

impl Sql {
    /// The same words for both.
    pub const fn both(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }

    /// Words of its own for each.
    pub const fn each(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }
}

/// A parameter.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(&'a str),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

/// Connections to one of the databases.
#[derive(Clone)]
pub enum Pool {
    /// SQLite.
    Sqlite(SqlitePool),
    /// Postgres, or what speaks its protocol.
    Postgres(PgPool),
}

/// One connection.
pub enum Connection {
    /// To SQLite.
    Sqlite {
        /// The connection.
        connection: PoolConnection<Sqlite>,
        /// What its next statement begins with: a transaction is begun in the same turn of SQLite's thread.
        opening: &'static str,
    },
    /// To Postgres.
    Postgres(PoolConnection<Postgres>),
}

/// A row of an answer.
enum AnyRow {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A row under reading, column after column.
pub struct Row {
    row: AnyRow,
    table: &'static str,
    next: usize,
}

/// Binds parameters to a query of either database.
macro_rules! bind {
    ($database:ty, $arguments:ty, $text:expr, $values:expr) => {{
        let mut query: sqlx::query::Query<'_, $database, $arguments> = sqlx::query($text);
        for value in $values {
            query = match *value {
                Value::Integer(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
            };
        }
        query
    }};
}

impl Pool {
    /// All rows of an answer. `table` names what is read, for the error of a row that cannot be.
    pub async fn all(&self, sql: Sql, values: &[Value<'_>], table: &'static str) -> Result<Vec<Row>, Error> {
        Ok(match self {
            Self::Sqlite(pool) => {
                let rows = bind!(Sqlite, SqliteArguments, sql.sqlite, values).fetch_all(pool).await;
                rows.map_err(unavailable)?
                    .into_iter()
                    .map(|row| Row::new(AnyRow::Sqlite(row), table))
                    .collect()
            }
            Self::Postgres(pool) => {
                let rows = bind!(Postgres, PgArguments, sql.postgres, values).fetch_all(pool).await;
                rows.map_err(unavailable)?
                    .into_iter()
                    .map(|row| Row::new(AnyRow::Postgres(row), table))
                    .collect()
            }
        })
    }

    /// The one row of an answer, or none.
    pub async fn one(
        &self,
        sql: Sql,
        values: &[Value<'_>],
        table: &'static str,
    ) -> Result<Option<Row>, Error> {
        let row = match self {
            Self::Sqlite(pool) => bind!(Sqlite, SqliteArguments, sql.sqlite, values)
                .fetch_optional(pool)
                .await
                .map(|row| row.map(AnyRow::Sqlite)),
            Self::Postgres(pool) => bind!(Postgres, PgArguments, sql.postgres, values)
                .fetch_optional(pool)
                .await
                .map(|row| row.map(AnyRow::Postgres)),
        };
        Ok(row.map_err(unavailable)?.map(|row| Row::new(row, table)))
    }

    /// A connection of its own.
    pub async fn acquire(&self) -> Result<Connection, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(pool) => Connection::Sqlite { connection: pool.acquire().await?, opening: "" },
            Self::Postgres(pool) => Connection::Postgres(pool.acquire().await?),
        })
    }

    /// Lets go of every connection, once it is done with.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// What begins a transaction of SQLite that will write: it takes the one write lock at once, as taking it later can
/// fail without waiting.
const BEGIN_WRITING: &str = "BEGIN IMMEDIATE;\n";

/// The text of a statement, after what it is to begin with.
fn opened(opening: &mut &'static str, text: &'static str) -> SqlStr {
    match std::mem::take(opening) {
        "" => text.into_sql_str(),
        // Safe: both are this crate's own.
        opening => AssertSqlSafe(format!("{opening}{text}")).into_sql_str(),
    }
}

/// Why nothing was committed, as far as is known.
pub struct NotCommitted {
    /// What the database said.
    pub error: sqlx::Error,
    /// Whether it may have been committed all the same.
    pub perhaps: bool,
}

impl Connection {
    /// Runs a statement that answers nothing.
    pub async fn run(&mut self, sql: Sql, values: &[Value<'_>]) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite { connection, opening } => {
                let text = opened(opening, sql.sqlite);
                bind!(Sqlite, SqliteArguments, text, values).execute(&mut **connection).await.map(drop)
            }
            Self::Postgres(connection) => {
                bind!(Postgres, PgArguments, sql.postgres, values).execute(&mut **connection).await.map(drop)
            }
        }
    }

    /// Runs statements that answer nothing and take one parameter each.
    pub async fn run_all(&mut self, statements: &[(Sql, String)]) -> Result<(), sqlx::Error> {
        self.run_all_and(statements, "").await
    }

    /// Runs statements as [`Self::run_all`] does; on SQLite with more at their end.
    async fn run_all_and(&mut self, statements: &[(Sql, String)], end: &str) -> Result<(), sqlx::Error> {
        let Self::Sqlite { connection, opening } = self else {
            for (sql, rows) in statements {
                self.run(*sql, &[rows.as_str().into()]).await?;
            }
            return Ok(());
        };
        // SQLite takes them as one text, which saves a turn of its thread for each. Every statement calls its
        // parameter $1; in one text they need numbers of their own.
        let mut text = std::mem::take(opening).to_owned();
        for (at, (sql, _)) in statements.iter().enumerate() {
            match at {
                0 => text.push_str(sql.sqlite),
                _ => text.push_str(&sql.sqlite.replace("$1", &format!("${}", at + 1))),
            }
            text.push_str(";\n");
        }
        text.push_str(end);
        // Safe: joined from this crate's own statements.
        let mut query: sqlx::query::Query<'_, Sqlite, SqliteArguments> = sqlx::query(AssertSqlSafe(text));
        for (_, rows) in statements {
            query = query.bind(rows.as_str());
        }
        query.execute(&mut **connection).await.map(drop)
    }

    /// All rows of an answer.
    pub async fn all(
        &mut self,
        sql: Sql,
        values: &[Value<'_>],
        table: &'static str,
    ) -> Result<Vec<Row>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite { connection, opening } => {
                let text = opened(opening, sql.sqlite);
                let rows = bind!(Sqlite, SqliteArguments, text, values).fetch_all(&mut **connection).await?;
                rows.into_iter().map(|row| Row::new(AnyRow::Sqlite(row), table)).collect()
            }
            Self::Postgres(connection) => {
                let rows =
                    bind!(Postgres, PgArguments, sql.postgres, values).fetch_all(&mut **connection).await?;
                rows.into_iter().map(|row| Row::new(AnyRow::Postgres(row), table)).collect()
            }
        })
    }

    /// Begins a transaction that will write; on SQLite with its first statement.
    pub async fn begin(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite { opening, .. } => {
                *opening = BEGIN_WRITING;
                Ok(())
            }
            Self::Postgres(_) => self.run(Sql::both("BEGIN"), &[]).await,
        }
    }

    /// Begins a transaction that reads everything as it is at one moment, whatever is written meanwhile.
    pub async fn begin_reading(&mut self) -> Result<(), sqlx::Error> {
        self.run(Sql::each("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), &[]).await
    }

    /// Runs the last statements of a transaction and makes it durable; on SQLite in one turn of its thread. Without
    /// success it is undone.
    pub async fn commit_after(mut self, statements: &[(Sql, String)]) -> Result<(), NotCommitted> {
        let outcome = match &self {
            Self::Sqlite { .. } => {
                self.run_all_and(statements, "COMMIT").await.map_err(|error| (error, false))
            }
            Self::Postgres(_) => match self.run_all(statements).await {
                Ok(()) => self.run(Sql::both("COMMIT"), &[]).await.map_err(|error| (error, true)),
                Err(error) => Err((error, false)),
            },
        };
        match outcome {
            Ok(()) => Ok(()),
            Err((error, committing)) => {
                // What can still be undone was not committed: so SQLite tells a statement that failed from a commit
                // that did. Where not even the beginning succeeded it says perhaps too, which only keeps the batch from
                // being tried again one by one.
                let sqlite = matches!(self, Self::Sqlite { .. });
                let undone = self.roll_back().await;
                Err(NotCommitted { error, perhaps: if sqlite { !undone } else { committing } })
            }
        }
    }

    /// Undoes a transaction, and tells whether there was one to undo; a connection that cannot even do this is thrown
    /// away.
    pub async fn roll_back(mut self) -> bool {
        if let Self::Sqlite { opening, .. } = &mut self {
            *opening = "";
        }
        match self.run(Sql::both("ROLLBACK"), &[]).await {
            Ok(()) => true,
            Err(error) => {
                if !error.to_string().contains("no transaction is active") {
                    match self {
                        Self::Sqlite { connection, .. } => drop(connection.detach()),
                        Self::Postgres(connection) => drop(connection.detach()),
                    }
                }
                false
            }
        }
    }
}

impl Row {
    const fn new(row: AnyRow, table: &'static str) -> Self {
        Self { row, table, next: 0 }
    }

    /// The next column, a whole number.
    pub fn integer(&mut self) -> Result<i64, Error> {
        let at = self.step();
        let read = match &self.row {
            AnyRow::Sqlite(row) => row.try_get(at),
            AnyRow::Postgres(row) => row.try_get(at),
        };
        read.map_err(|error| self.corrupt(at, &error))
    }

    /// The next column, a whole number or nothing.
    pub fn optional_integer(&mut self) -> Result<Option<i64>, Error> {
        let at = self.step();
        let read = match &self.row {
            AnyRow::Sqlite(row) => row.try_get(at),
            AnyRow::Postgres(row) => row.try_get(at),
        };
        read.map_err(|error| self.corrupt(at, &error))
    }

    /// The next column, a text.
    pub fn text(&mut self) -> Result<String, Error> {
        let at = self.step();
        let read = match &self.row {
            AnyRow::Sqlite(row) => row.try_get(at),
            AnyRow::Postgres(row) => row.try_get(at),
        };
        read.map_err(|error| self.corrupt(at, &error))
    }

    /// The next column, a text or nothing.
    pub fn optional_text(&mut self) -> Result<Option<String>, Error> {
        let at = self.step();
        let read = match &self.row {
            AnyRow::Sqlite(row) => row.try_get(at),
            AnyRow::Postgres(row) => row.try_get(at),
        };
        read.map_err(|error| self.corrupt(at, &error))
    }

    /// The next column, read by `read` from its text.
    pub fn parsed<T, E: std::fmt::Display>(
        &mut self,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> Result<T, Error> {
        let at = self.next;
        let text = self.text()?;
        read(&text).map_err(|error| self.corrupt(at, &error))
    }

    /// The error of a value that cannot be what it should.
    pub fn corrupt(&self, at: usize, error: &dyn std::fmt::Display) -> Error {
        let (column, id) = match &self.row {
            AnyRow::Sqlite(row) => (column_name(row, at), row.try_get::<String, _>(0).unwrap_or_default()),
            AnyRow::Postgres(row) => (column_name(row, at), row.try_get::<String, _>(0).unwrap_or_default()),
        };
        Error::Store(format!("corrupt row in {}: column {column} of {id}: {error}", self.table))
    }

    const fn step(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }
}

fn column_name<R: sqlx::Row>(row: &R, at: usize) -> String {
    use sqlx::Column as _;
    row.columns().get(at).map_or_else(|| at.to_string(), |column| column.name().to_owned())
}

/// Tells a store that does not answer from one that answered with an error.
pub fn unavailable(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => Error::Unavailable(error.to_string()),
        error if is_locked(&error) => Error::Unavailable(error.to_string()),
        other => Error::Store(other.to_string()),
    }
}

/// Whether another process has held a SQLite file for longer than is waited.
pub fn is_locked(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    let Some(error) = error.try_downcast_ref::<SqliteError>() else { return false };
    // The low byte is the kind of an extended code: SQLITE_BUSY.
    error.code().and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 5)
}
