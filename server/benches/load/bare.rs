//! What Tributary is measured against: bare axum handlers that do the least that could be done.

use anyhow::Result;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
    routing::{get, post},
};
use serde_json::json;
use sqlx::{
    Row as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{mpsc, oneshot};

#[derive(Clone)]
struct Bare {
    readers: SqlitePool,
    writer: mpsc::Sender<(String, oneshot::Sender<i64>)>,
    answer: Bytes,
}

/// `/memory`: the bytes of a valuation. `/read/{id}`: the one indexed read of a valuation. `/events`: one row,
/// durable by group commit.
pub async fn router(file: &std::path::Path, link: &str) -> Result<Router> {
    let options = SqliteConnectOptions::new().filename(file).journal_mode(SqliteJournalMode::Wal);
    let readers =
        SqlitePoolOptions::new().max_connections(8).connect_with(options.clone().read_only(true)).await?;
    let beside = file.with_file_name("bare.db");
    let options = options.filename(beside).create_if_missing(true).synchronous(SqliteSynchronous::Full);
    let writing = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    sqlx::query(
        "CREATE TABLE events (id INTEGER PRIMARY KEY, link TEXT NOT NULL, body TEXT NOT NULL) STRICT",
    )
    .execute(&writing)
    .await?;
    let (writer, jobs) = mpsc::channel(8_192);
    tokio::spawn(write(writing, jobs));
    let answer = serde_json::to_vec(&json!({
        "lineage_id": link, "idea_id": "bench", "spec_id": "bench", "measured_value_total": 10.0,
        "estimated_cost": 120.0, "roi_ratio": 0.0833, "event_count": 10,
    }))?;
    Ok(Router::new()
        .route("/memory", get(memory))
        .route("/read/{id}", get(read))
        .route("/events", post(append))
        .with_state(Bare { readers, writer, answer: answer.into() }))
}

async fn memory(State(bare): State<Bare>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], bare.answer)
}

async fn read(State(bare): State<Bare>, Path(id): Path<String>) -> Result<impl IntoResponse, StatusCode> {
    let row = sqlx::query(
        "SELECT id, idea_id, spec_id, estimated_cost, measured_value_total, event_count FROM links WHERE id = $1",
    )
    .bind(id)
    .fetch_one(&bare.readers)
    .await
    .map_err(|_| StatusCode::NOT_FOUND)?;
    Ok(Json(json!({
        "lineage_id": row.get::<String, _>(0), "idea_id": row.get::<String, _>(1),
        "spec_id": row.get::<String, _>(2), "estimated_cost": row.get::<i64, _>(3),
        "measured_value_total": row.get::<i64, _>(4), "event_count": row.get::<i64, _>(5),
    })))
}

async fn append(State(bare): State<Bare>, body: String) -> Result<impl IntoResponse, StatusCode> {
    let (reply, written) = oneshot::channel();
    let failed = StatusCode::INTERNAL_SERVER_ERROR;
    bare.writer.send((body, reply)).await.map_err(|_| failed)?;
    let id = written.await.map_err(|_| failed)?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}

/// Group commit at its barest: whatever waits is one transaction of one insert each.
async fn write(pool: SqlitePool, mut jobs: mpsc::Receiver<(String, oneshot::Sender<i64>)>) -> Result<()> {
    let mut batch = Vec::new();
    while jobs.recv_many(&mut batch, 512).await > 0 {
        let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
        let mut replies = Vec::with_capacity(batch.len());
        for (body, reply) in batch.drain(..) {
            let row = sqlx::query("INSERT INTO events (link, body) VALUES ($1, $2)")
                .bind("lnk")
                .bind(body)
                .execute(&mut *transaction)
                .await?;
            replies.push((reply, row.last_insert_rowid()));
        }
        transaction.commit().await?;
        for (reply, id) in replies {
            let _ = reply.send(id);
        }
    }
    Ok(())
}
