//! Front matter, read so that no file is lost over it.
//!
//! Desired properties:
//! - scalars are texts as they stand there: `048`, `2026-03-00` and `yes` stay what they are;
//! - of a key that stands there twice the last counts, and it is told;
//! - where the whole is not YAML, each key is read by itself, and one that is not YAML either is taken by its line;
//! - whatever was not read as it was meant is told.

use super::issue::Reason;
use crate::import::front_matter::split;
use chrono::NaiveDate;
use granit_parser::{Event, Parser, ScalarStyle};
use std::collections::HashMap;

/// How deep and how large front matter may be; aliases count as what they stand for.
const MAX_DEPTH: usize = 32;
const MAX_NODES: usize = 5_000;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A scalar as it stands there; null is the empty text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Names with values.
    Map(Vec<(String, Value)>),
}

/// Front matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// Whether there is any.
    pub is_there: bool,
    /// Names with values, each once, in order.
    pub fields: Vec<(String, Value)>,
    /// What was not read as it was meant.
    pub problems: Vec<(Reason, String)>,
}

impl Value {
    /// A scalar that is not empty.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// All scalars below it that are not empty, in order.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(_) => self.text().into_iter().collect(),
            Self::List(items) => items.iter().flat_map(Self::texts).collect(),
            Self::Map(fields) => fields.iter().flat_map(|(_, value)| value.texts()).collect(),
        }
    }

    /// A member.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(fields) => fields.iter().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

impl FrontMatter {
    /// A field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The first text of a field, be it a scalar or a list.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).into_iter().next()
    }

    /// The texts of a field, be it a scalar or a list.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        self.get(name).map(Value::texts).unwrap_or_default()
    }
}

/// Reads a file's front matter, and gives the rest of it.
pub fn read(text: &str) -> (FrontMatter, &str) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut front = FrontMatter::default();
    let (yaml, body) = match split(text) {
        Ok((None, body)) => return (front, body),
        Ok((Some(yaml), body)) => {
            let begin = text.find('\n').map_or(0, |at| at + 1);
            if text[begin + yaml.len()..].starts_with("...") {
                front.problems.push((Reason::FrontMatterOpen, "it ends with ... instead of ---".into()));
            }
            (yaml, body)
        }
        Err(problem) => {
            front.problems.push((Reason::FrontMatterOpen, problem));
            open(text)
        }
    };
    front.is_there = true;
    match parse(yaml) {
        Ok((Value::Map(fields), doubled)) => {
            front.fields = fields;
            front.problems.extend(doubled.into_iter().map(|key| (Reason::DuplicateKey, key)));
        }
        Ok((Value::Text(text), _)) if text.trim().is_empty() => {}
        Ok(_) => {
            front.problems.push((Reason::NotYaml, "it is no list of names with values".into()));
            by_lines(yaml, &mut front);
        }
        Err(problem) => {
            front.problems.push((Reason::NotYaml, problem));
            by_lines(yaml, &mut front);
        }
    }
    front.check_dates();
    (front, body)
}

/// Front matter that does not end: it goes on as long as its lines can be part of it.
fn open(text: &str) -> (&str, &str) {
    let begin = text.find('\n').map_or(text.len(), |at| at + 1);
    let mut end = begin;
    for line in text[begin..].split_inclusive('\n') {
        let belongs = key_of(line).is_some() || line.starts_with([' ', '\t', '-']) && !line.trim().is_empty();
        if !belongs {
            break;
        }
        end += line.len();
    }
    (&text[begin..end], &text[end..])
}

/// The key that a line begins with, and what stands behind it.
fn key_of(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(':')?;
    let is_key = key.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && key.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-'));
    (is_key && rest.chars().next().is_none_or(char::is_whitespace)).then_some((key, rest.trim()))
}

/// Reads each key by itself.
fn by_lines(yaml: &str, front: &mut FrontMatter) {
    let mut blocks: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for line in yaml.split_inclusive('\n') {
        if key_of(line).is_some() {
            blocks.push((at, at));
        }
        at += line.len();
        if let Some((_, end)) = blocks.last_mut() {
            *end = at;
        }
    }
    for (begin, end) in blocks {
        let block = &yaml[begin..end];
        match parse(block) {
            Ok((Value::Map(fields), doubled)) => {
                front.problems.extend(doubled.into_iter().map(|key| (Reason::DuplicateKey, key)));
                fields.into_iter().for_each(|(key, value)| front.put(key, value));
            }
            _ => front.take_line(block),
        }
    }
}

impl FrontMatter {
    fn put(&mut self, key: String, value: Value) {
        if put(&mut self.fields, &key, value) {
            self.problems.push((Reason::DuplicateKey, key));
        }
    }

    /// Takes a key that is not YAML by its line, or by the `- ` lines below it.
    fn take_line(&mut self, block: &str) {
        let mut lines = block.lines();
        let Some((key, rest)) = lines.next().and_then(key_of) else { return };
        let item = |line: &str| {
            line.trim_start().strip_prefix("- ").map(|item| Value::Text(unquoted(item).to_owned()))
        };
        let value = if rest.is_empty() {
            Value::List(lines.map_while(item).collect())
        } else {
            Value::Text(unquoted(rest).to_owned())
        };
        self.put(key.to_owned(), value);
    }

    /// Texts that are meant as dates and are none.
    fn check_dates(&mut self) {
        for (key, value) in &self.fields {
            for text in value.texts() {
                if looks_like_date(text) && date_of(text).is_none() {
                    self.problems.push((Reason::BadDate, format!("{key}: {text}")));
                }
            }
        }
        if let Some(text) = self.text("created").filter(|text| !looks_like_date(text)) {
            let told: String = text.chars().take(60).collect();
            self.problems.push((Reason::BadDate, format!("created: {told}")));
        }
    }
}

/// Without the quotes around it, if there are any.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inside = ['"', '\''].into_iter().find_map(|mark| text.strip_prefix(mark)?.strip_suffix(mark));
    inside.unwrap_or(text)
}

/// Whether a text is ten characters of the shape of a date, alone or with a time behind them.
fn looks_like_date(text: &str) -> bool {
    let shape = |(place, byte): (usize, &u8)| match place {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(shape)
        && bytes.get(10).is_none_or(|byte| matches!(byte, b'T' | b't'))
}

fn date_of(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok()
}

/// Puts a value under its key; whether it was there before.
fn put(fields: &mut Vec<(String, Value)>, key: &str, value: Value) -> bool {
    match fields.iter_mut().find(|(known, _)| known == key) {
        Some((_, before)) => {
            *before = value;
            true
        }
        None => {
            fields.push((key.to_owned(), value));
            false
        }
    }
}

/// Reads YAML; also the keys that stand there more than once.
fn parse(yaml: &str) -> Result<(Value, Vec<String>), String> {
    let mut reader =
        Yaml { parser: Parser::new_from_str(yaml), anchors: HashMap::new(), nodes: 0, doubled: vec![] };
    loop {
        match reader.next()? {
            Event::StreamEnd => return Ok((Value::Text(String::new()), vec![])),
            Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
            event => {
                let value = reader.value(event, 0)?;
                // The rest must be YAML as well.
                while !matches!(reader.next()?, Event::StreamEnd) {}
                return Ok((value, reader.doubled));
            }
        }
    }
}

struct Yaml<'a> {
    parser: Parser<'a, granit_parser::StrInput<'a>>,
    anchors: HashMap<usize, (Value, usize)>,
    nodes: usize,
    doubled: Vec<String>,
}

impl<'a> Yaml<'a> {
    fn next(&mut self) -> Result<Event<'a>, String> {
        match self.parser.next() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => Err(error.to_string()),
            None => Ok(Event::StreamEnd),
        }
    }

    fn count(&mut self, nodes: usize) -> Result<(), String> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES { Err(format!("it has more than {MAX_NODES} values")) } else { Ok(()) }
    }

    fn value(&mut self, event: Event<'a>, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err(format!("it is nested more than {MAX_DEPTH} deep"));
        }
        let before = self.nodes;
        self.count(1)?;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "~" | "null" | "Null" | "NULL");
                (Value::Text(if is_null { String::new() } else { text.into_owned() }), anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.list(depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.map(depth)?, anchor),
            Event::Alias(anchor) => {
                let (value, nodes) =
                    self.anchors.get(&anchor).cloned().ok_or("an alias stands for nothing")?;
                self.count(nodes)?;
                (value, 0)
            }
            _ => return Err("a value is missing".into()),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), self.nodes - before));
        }
        Ok(value)
    }

    fn list(&mut self, depth: usize) -> Result<Value, String> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Value::List(items)),
                event => items.push(self.value(event, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, String> {
        let mut fields = Vec::new();
        loop {
            let key = match self.next()? {
                Event::MappingEnd => return Ok(Value::Map(fields)),
                event => self.value(event, depth + 1)?,
            };
            let event = self.next()?;
            let value = self.value(event, depth + 1)?;
            let key = key.text().unwrap_or_default().to_owned();
            if put(&mut fields, &key, value) {
                self.doubled.push(key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(front: &FrontMatter) -> String {
        let one = |(key, value): &(String, Value)| format!("{key}={}", value.texts().join("+"));
        front.fields.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn reasons(front: &FrontMatter) -> Vec<Reason> {
        front.problems.iter().map(|(reason, _)| *reason).collect()
    }

    #[test]
    fn scalars_stay_as_they_stand_there() {
        let (front, body) =
            read("---\na: 048\nb: yes\nc: \"x: y\"\nd: ~\ne: [1.10, 2]\nf:\n  - g\n# c\n---\nrest");
        assert_eq!(fields(&front), "a=048 b=yes c=x: y d= e=1.10+2 f=g");
        assert_eq!((body, front.text("d"), front.problems.len()), ("rest", None, 0));
    }

    #[test]
    fn what_is_malformed_is_read_as_far_as_it_goes_and_told() {
        for (text, read_as, told) in [
            ("---\na: 1\na: 2\n---\n", "a=2", vec![Reason::DuplicateKey]),
            ("---\na: 1\nb: x: y\nc: [1, 2]\n---\n", "a=1 b=x: y c=1+2", vec![Reason::NotYaml]),
            ("---\na: 'x\nb: 2\n---\n", "a='x b=2", vec![Reason::NotYaml]),
            ("---\na: 1\nb:\n  - \"p\" q\n  - r\n---\n", "a=1 b=\"p\" q+r", vec![Reason::NotYaml]),
            (
                "---\na: 1\ncreated: 2026-03-05\n\n### Evidence\n*Source: [[x]] | b*\n\ntext\n---\n",
                "a=1 created=2026-03-05",
                vec![Reason::NotYaml],
            ),
            ("---\na: 1\nb:\n  - c\n\n# Title\n\ntext: no\n", "a=1 b=c", vec![Reason::FrontMatterOpen]),
            (
                "---\ncreated: 2026-03-00\nd: 2026-13-01T00:00:00Z\n---\n",
                "created=2026-03-00 d=2026-13-01T00:00:00Z",
                vec![Reason::BadDate, Reason::BadDate],
            ),
            ("---\na: 1\n...\nb: 2\n", "a=1", vec![Reason::FrontMatterOpen]),
            ("---\ncreated: last week\n---\n", "created=last week", vec![Reason::BadDate]),
            ("---\n- a\n- b\n---\n", "", vec![Reason::NotYaml]),
            ("---\na: &x [1]\nb: *y\n---\n", "a=1 b=*y", vec![Reason::NotYaml]),
            ("---\n---\n", "", vec![]),
            ("no front matter\n---\na: 1\n---\n", "", vec![]),
            ("\u{feff}---\r\na: 1\r\n---\r\n", "a=1", vec![]),
        ] {
            let (front, _) = read(text);
            assert_eq!((fields(&front), reasons(&front)), (read_as.to_owned(), told), "{text:?} {front:?}");
        }
    }

    #[test]
    fn aliases_that_grow_without_end_are_refused() {
        let mut yaml = String::from("---\na0: &a0 [x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let items = vec![format!("*a{}", level - 1); 8].join(", ");
            yaml += &format!("a{level}: &a{level} [{items}]\n");
        }
        let (front, _) = read(&format!("{yaml}---\n"));
        assert_eq!(front.problems[0].0, Reason::NotYaml);
        let deep = format!("---\na: {}\n---\n", "[".repeat(5_000));
        assert_eq!(read(&deep).0.problems[0].0, Reason::NotYaml);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(---\n)?([a-c]: ?[\\[\\]{}&*'\"|>#a0-9 :-]{0,8}\n){0,6}(---\n)?") {
            let (front, _) = read(&text);
            let keys: std::collections::BTreeSet<_> = front.fields.iter().map(|(key, _)| key).collect();
            prop_assert_eq!(keys.len(), front.fields.len(), "each key once");
        }
    }
}
