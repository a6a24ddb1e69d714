//! A contract that can never pass, or that would pass whatever happens, is refused when it is loaded.

use super::{report, served::Served, texts};
use crate::given::Call;
use domain::gate::{Contract, Expectations};
use server::gate::Settings;

const HEAD: &str =
    "name = \"own\"\ntitle = \"Own\"\nsummary = \"Own.\"\npassed = \"own_passed\"\ntimeout_seconds = 2\n";

fn check(fields: &str) -> String {
    format!("{HEAD}[[check]]\nname = \"one\"\ntitle = \"One\"\nremedy = \"Look.\"\n{fields}\n")
}

fn refused(text: &str, expectations: &Expectations) -> String {
    Contract::from_toml(text, expectations).expect_err(text).to_string()
}

#[test]
fn contracts_that_can_never_pass_are_refused_with_the_reason() {
    let nobody = Expectations::default();
    let shares = |pool: &str, shares: &str| {
        check(&format!("kind = \"live_transaction\"\npool = \"{pool}\"\nshares = {{ {shares} }}"))
    };
    let sound = check("kind = \"answer\"\npath = \"/livez\"\nstatus = 200");
    Contract::from_toml(&sound, &nobody).expect("a sound contract");
    let twice = format!("{sound}{}", &sound[HEAD.len()..]);
    let contrary = format!("{sound}{}", sound[HEAD.len()..].replace("one", "two").replace("200", "404"));
    let both = format!("{sound}{}", &check("kind = \"spec\"").replace("one", "two")[HEAD.len()..]);
    for (text, reason) in [
        (HEAD.to_owned(), "no check is required"),
        (sound.replace("remedy", "optional = true\nremedy"), "no check is required"),
        (twice, "two checks are named"),
        (contrary, "can never pass"),
        (both, "not about both"),
        (sound.replace("200", "99"), "status must be one that a server answers with"),
        (sound.replace("/livez", "livez"), "path must begin with one slash"),
        (sound.replace("/livez", "//elsewhere.example"), "path must begin with one slash"),
        (sound.replace("seconds = 2", "seconds = 0"), "timeout_seconds must be 1 to 300"),
        (sound.replace("own_passed", "blocked"), "passed must name"),
        (sound.replace("remedy = \"Look.\"", "remedy = \" \""), "a remedy that says what to do"),
        (sound.replace("\"answer\"", "\"anser\""), "no kind of check"),
        (format!("{sound}colour = \"red\""), "unknown field"),
        (check("kind = \"page\"\npath = \"/\"\nlandmark = \" \""), "landmark must be a text of the page"),
        (check("kind = \"openapi\"\npath = \"/api/openapi.json\"\nroutes = []"), "routes must name"),
        (check("kind = \"openapi\"\npath = \"/o\"\nroutes = [\"/api\"]"), "must be a method and a path"),
        (shares("100", "idea = \"10\", spec = \"20\""), "the whole pool"),
        (shares("0", ""), "the whole pool"),
        (shares("100", "idea = \"100\""), "idea gets 10.0 of 100.0 by energy-balanced-v1, not 100.0"),
        (
            shares("100", "idea = \"10\", spec = \"20\", implementation = \"50\", research = \"20\""),
            "research gets 0.0 of 100.0",
        ),
        (sound.replace("200", "204\ncontains = [\"ok\"]"), "an answer of 204 has no body"),
        (shares("100", "ideas = \"100\""), "is no stage"),
        (shares("100", "idea = \"-100\""), "must be a plain amount"),
        (check("kind = \"approvals\"\nat_least = 0"), "at_least must be 1 to 100"),
    ] {
        let said = refused(&text, &nobody);
        assert!(said.contains(reason), "{said} does not say {reason}");
    }
}

#[test]
fn what_nobody_could_tell_cannot_be_required() {
    let required = Expectations { require_sha: true, ..Expectations::default() };
    let built_in = |expectations: &Expectations| Contract::built_in(expectations).map(drop);
    assert!(built_in(&required).expect_err("nobody").to_string().contains("nobody can tell it"));
    assert_eq!(built_in(&Expectations { repository: true, ..required.clone() }), Ok(()));
    assert_eq!(built_in(&Expectations { sha: Some("0123456".into()), ..required }), Ok(()));
    let no_sha = Expectations { sha: Some("main".into()), ..Expectations::default() };
    assert!(built_in(&no_sha).expect_err("no commit").to_string().contains("7 to 40"));
    let approvals = Expectations { require_forge: true, ..Expectations::default() };
    assert!(built_in(&approvals).expect_err("no forge").to_string().contains("no forge is configured"));
}

#[tokio::test]
async fn a_contract_of_the_operator_s_own_is_a_gate_like_any_other() {
    let own = check(
        "kind = \"answer\"\npath = \"/api/health\"\nstatus = 200\ncontains = [\"\\\"status\\\":\\\"ok\\\"\"]",
    );
    let served = Served::with(Settings { own_contracts: vec![own.clone()], ..Settings::default() }).await;
    let passed = report(&served.get("/api/gates/own").await.assert_status(200));
    assert_eq!((&passed["result"], &passed["verdict"]), (&"own_passed".into(), &"pass".into()));
    let gates = report(&served.get("/api/gates").await);
    let names: Vec<&str> = gates["gates"]
        .as_array()
        .expect("gates")
        .iter()
        .map(|it| it["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["public-deploy-contract", "merged-contract", "own"]);
    let broken = own.replace("ok", "splendid");
    let served = Served::with(Settings { own_contracts: vec![broken], ..Settings::default() }).await;
    let failed = report(&served.send(Call::new("POST", "/api/gates/own/runs")).await.assert_status(201));
    assert_eq!(texts(&failed["failing_checks"]), ["one"]);
    let taken = own.replace("\"own\"", "\"runs\"");
    assert!(Settings { own_contracts: vec![taken], ..Settings::default() }.contracts().is_err());
}

#[tokio::test]
async fn a_contract_of_one_s_own_has_a_page_with_a_button_and_its_history() {
    let own = check("kind = \"answer\"\npath = \"/livez\"\nstatus = 200");
    let served =
        Served::with(Settings { own_contracts: vec![own], max_age_seconds: 90, ..Settings::default() }).await;
    let page = served.get("/gates").await.assert_status(200).text;
    assert!(page.contains(r#"href="/gates?gate=own""#), "the list leads there: {page}");
    assert!(page.contains("at most 90 seconds old") && page.contains("max_age=90"), "{page}");
    assert!(!page.contains("--key-file"), "anybody may write");
    let before = served.get("/gates?gate=own").await.assert_status(200).text;
    assert!(before.contains("<h1>Own</h1>") && before.contains("Nobody has asked yet"), "{before}");
    assert!(before.contains(r#"name="gate" value="own""#) && before.contains("--contract own.toml"));
    for _ in 0..2 {
        let ran = served.send(Call::form("/gates/run", &[("gate", "own")])).await.assert_status(303);
        assert_eq!(ran.header("location"), Some("/gates?gate=own"));
    }
    let after = served.get("/gates?gate=own").await.assert_status(200).text;
    assert!(after.contains("This deployment may be trusted") && after.contains("Last runs, oldest first"));
    assert_eq!(served.database.texts("SELECT gate FROM gate_runs").await, ["own", "own"]);
    let commits = served.get("/gates?gate=merged-contract").await.assert_status(200).text;
    assert!(commits.contains("Check a merged commit") && !commits.contains("Run now"), "{commits}");
    served.get("/gates?gate=nothing").await.assert_status(404);
    assert_eq!(served.send(Call::form("/gates/run", &[("gate", "nothing")])).await.status, 404);
    let of_commit = served.send(Call::form("/gates/run", &[("gate", "merged-contract")])).await;
    assert_eq!(of_commit.status, 422);
}

#[tokio::test]
async fn a_pipeline_of_a_locked_server_is_told_of_the_key() {
    let served = Served::locked("ci 0123456789abcdef0123456789abcdef").await;
    let page = served.get("/gates").await.assert_status(200).text;
    assert!(page.contains("--key-file") && page.contains("at most a minute old"), "{page}");
}
