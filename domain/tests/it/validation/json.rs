//! Bodies that are no JSON, or no JSON that can be understood in one way only.

use domain::input::Node;

fn refused(body: &str) -> String {
    match Node::from_json(body.as_bytes()) {
        Ok(_) => panic!("taken: {body}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn says_where_the_json_breaks() {
    let bodies = [
        "",
        "   ",
        "{",
        r#"{"a": 1,}"#,
        r#"{"a" 1}"#,
        "{'a': 1}",
        r#"{"a": 01}"#,
        r#"{"a": +1}"#,
        r#"{"a": .5}"#,
        r#"{"a": 1NaN}"#,
        r#"{"a": nan}"#,
        r#"{"a": "\ud800"}"#,
        "{\"a\": \"two\nlines\"}",
        "{} {}",
        "idea_id=i&spec_id=s",
        "<xml/>",
    ];
    let told: Vec<String> = bodies.iter().map(|body| format!("{body:?}\n  {}", refused(body))).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn refuses_a_name_given_twice_wherever_it_is() {
    let bodies = [
        r#"{"payout_pool": 1, "payout_pool": 2}"#,
        r#"{"a": [{"b": 1, "c": 2, "b": 1}]}"#,
        r#"{"a": 1, "\u0061": 1}"#,
    ];
    let told: Vec<String> = bodies.iter().map(|body| format!("{body}\n  {}", refused(body))).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn refuses_lists_and_objects_too_deep_in_one_another() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Node::from_json(nested(16).as_bytes()).is_ok());
    assert!(refused(&nested(17)).contains("16 lists and objects"));
    assert!(!refused(&nested(1_000_000)).is_empty());
    let objects = format!("{}1{}", r#"{"a":"#.repeat(17), "}".repeat(17));
    assert!(refused(&objects).contains("16 lists and objects"));
}

#[test]
fn refuses_bytes_that_are_no_text() {
    assert!(Node::from_json(b"{\"a\": \"\xff\"}").is_err());
    assert!(Node::from_json(b"\xef\xbb\xbf{}").is_err(), "a byte order mark is no JSON");
}
