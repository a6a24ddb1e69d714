//! What the browser fetches beside pages, from the binary itself.

use crate::given::{Call, TestApp};

/// The address of the page's style sheet.
async fn stylesheet(app: &TestApp) -> String {
    let page = app.get("/").await.assert_status(200);
    let rest = page.text.split_once("rel=\"stylesheet\" href=\"").expect("a style sheet").1;
    rest.split('"').next().expect("an address").to_owned()
}

#[tokio::test]
async fn what_is_not_there_is_a_404() {
    let app = TestApp::new().await;
    for path in [
        "/assets/0/nothing.css",
        "/assets/0/..%2f..%2fCargo.toml",
        "/assets/0/%2fetc%2fpasswd",
        "/pkg/..%2ftributary.css",
        "/pkg/nothing.wasm",
    ] {
        app.get(path).await.assert_status(404);
    }
}

#[tokio::test]
async fn the_style_sheet_is_kept_for_good_and_answered_once() {
    let app = TestApp::new().await;
    let address = stylesheet(&app).await;
    let sheet = app.get(&address).await.assert_status(200);
    assert_eq!(sheet.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(sheet.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert!(!sheet.text.contains("http://") && !sheet.text.contains("https://"), "nothing from elsewhere");
    let tag = sheet.header("etag").expect("a tag");
    let again = app.send(Call::get(&address).with("if-none-match", tag)).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
}

#[tokio::test]
async fn pages_are_compressed_and_never_kept() {
    let app = TestApp::new().await;
    let plain = app.get("/").await;
    assert_eq!(plain.header("cache-control"), Some("no-store"));
    for encoding in ["gzip", "br"] {
        let packed = app.send(Call::get("/").with("accept-encoding", encoding)).await.assert_status(200);
        assert_eq!(packed.header("content-encoding"), Some(encoding));
        assert!(packed.text.len() < plain.text.len());
    }
}

#[tokio::test]
async fn head_is_answered_without_a_body() {
    let app = TestApp::new().await;
    for path in ["/", "/links", "/api/health", "/api/value-lineage/links", "/favicon.svg"] {
        let answer = app.send(Call::new("HEAD", path)).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""), "{path}");
    }
}
