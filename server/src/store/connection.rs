//! The little of SQL that both databases share: statements with numbered parameters, whole numbers and texts.
//!
//! One store is written against this, so that SQLite and Postgres cannot come to differ in their rules, only in
//! the words of a statement.

use domain::error::Error;
use sqlx::{
    AssertSqlSafe, Postgres, Row as _, Sqlite,
    pool::PoolConnection,
    postgres::{PgArguments, PgPool, PgRow},
    sqlite::{SqliteArguments, SqlitePool, SqliteRow},
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
    Sqlite(PoolConnection<Sqlite>),
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
            Self::Sqlite(pool) => Connection::Sqlite(pool.acquire().await?),
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

impl Connection {
    /// Runs a statement that answers nothing.
    pub async fn run(&mut self, sql: Sql, values: &[Value<'_>]) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(connection) => {
                bind!(Sqlite, SqliteArguments, sql.sqlite, values).execute(&mut **connection).await.map(drop)
            }
            Self::Postgres(connection) => {
                bind!(Postgres, PgArguments, sql.postgres, values).execute(&mut **connection).await.map(drop)
            }
        }
    }

    /// Runs statements that answer nothing and take one parameter each.
    pub async fn run_all(&mut self, statements: &[(Sql, String)]) -> Result<(), sqlx::Error> {
        let Self::Sqlite(connection) = self else {
            for (sql, rows) in statements {
                self.run(*sql, &[rows.as_str().into()]).await?;
            }
            return Ok(());
        };
        // SQLite takes them as one text, which saves a turn of its thread for each. Every statement calls its
        // parameter $1; in one text they need numbers of their own.
        let numbered = statements.iter().enumerate().map(|(at, (sql, _))| match at {
            0 => sql.sqlite.to_owned(),
            _ => sql.sqlite.replace("$1", &format!("${}", at + 1)),
        });
        let text = numbered.collect::<Vec<_>>().join(";\n");
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
            Self::Sqlite(connection) => {
                let rows =
                    bind!(Sqlite, SqliteArguments, sql.sqlite, values).fetch_all(&mut **connection).await?;
                rows.into_iter().map(|row| Row::new(AnyRow::Sqlite(row), table)).collect()
            }
            Self::Postgres(connection) => {
                let rows =
                    bind!(Postgres, PgArguments, sql.postgres, values).fetch_all(&mut **connection).await?;
                rows.into_iter().map(|row| Row::new(AnyRow::Postgres(row), table)).collect()
            }
        })
    }

    /// Begins a transaction that will write.
    pub async fn begin(&mut self) -> Result<(), sqlx::Error> {
        // SQLite takes its one write lock at once: taking it later can fail without waiting.
        self.run(Sql::each("BEGIN IMMEDIATE", "BEGIN"), &[]).await
    }

    /// Begins a transaction that reads everything as it is at one moment, whatever is written meanwhile.
    pub async fn begin_reading(&mut self) -> Result<(), sqlx::Error> {
        self.run(Sql::each("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), &[]).await
    }

    /// Makes it durable.
    pub async fn commit(&mut self) -> Result<(), sqlx::Error> {
        self.run(Sql::both("COMMIT"), &[]).await
    }

    /// Undoes it; a connection that cannot even do this is thrown away.
    pub async fn roll_back(mut self) {
        if self.run(Sql::both("ROLLBACK"), &[]).await.is_err() {
            match self {
                Self::Sqlite(connection) => drop(connection.detach()),
                Self::Postgres(connection) => drop(connection.detach()),
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
        other => Error::Store(other.to_string()),
    }
}
