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

/// How deep and how large front matter may be; aliases count as what they stand for. No more bytes of scalars either than
/// its file has.
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
    match parse(yaml, &mut Budget::of(text)) {
        Ok((Value::Map(fields), doubled)) => {
            front.fields = fields;
            front.problems.extend(doubled.into_iter().map(|key| (Reason::DuplicateKey, key)));
        }
        Ok((Value::Text(text), _)) if text.trim().is_empty() => {}
        Ok(_) => {
            front.problems.push((Reason::NotYaml, "it is no list of names with values".into()));
            by_lines(yaml, text, &mut front);
        }
        Err(problem) => {
            front.problems.push((Reason::NotYaml, problem));
            by_lines(yaml, text, &mut front);
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
fn by_lines(yaml: &str, text: &str, front: &mut FrontMatter) {
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
    // All blocks together are no larger than the whole may be.
    let mut budget = Budget::of(text);
    let mut fields = Fields::default();
    let mut doubled = Vec::new();
    for (begin, end) in blocks {
        let block = &yaml[begin..end];
        let read = match parse(block, &mut budget) {
            Ok((Value::Map(read), again)) => {
                doubled.extend(again);
                read
            }
            _ => by_line(block).into_iter().collect(),
        };
        doubled.extend(read.into_iter().filter_map(|(key, value)| fields.put(key, value)));
    }
    front.fields = fields.fields;
    front.problems.extend(doubled.into_iter().map(|key| (Reason::DuplicateKey, key)));
}

/// A key that is not YAML, by its line or by the `- ` lines below it.
fn by_line(block: &str) -> Option<(String, Value)> {
    let mut lines = block.lines();
    let (key, rest) = lines.next().and_then(key_of)?;
    let item =
        |line: &str| line.trim_start().strip_prefix("- ").map(|item| Value::Text(unquoted(item).to_owned()));
    let value = if rest.is_empty() {
        Value::List(lines.map_while(item).collect())
    } else {
        Value::Text(unquoted(rest).to_owned())
    };
    Some((key.to_owned(), value))
}

impl FrontMatter {
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

/// Values by their keys, in order.
#[derive(Default)]
struct Fields {
    fields: Vec<(String, Value)>,
    places: HashMap<String, usize>,
}

impl Fields {
    /// Puts a value under its key; the key, if it was there before.
    fn put(&mut self, key: String, value: Value) -> Option<String> {
        if let Some(place) = self.places.get(&key) {
            self.fields[*place].1 = value;
            return Some(key);
        }
        self.places.insert(key.clone(), self.fields.len());
        self.fields.push((key, value));
        None
    }
}

/// What may still be read.
struct Budget {
    nodes: usize,
    bytes: usize,
}

impl Budget {
    const fn of(file: &str) -> Self {
        Self { nodes: MAX_NODES, bytes: file.len() }
    }

    fn spend(&mut self, size: Size) -> Result<(), String> {
        let nodes = self.nodes.checked_sub(size.nodes);
        self.nodes = nodes.ok_or_else(|| format!("it has more than {MAX_NODES} values"))?;
        let bytes = self.bytes.checked_sub(size.bytes);
        self.bytes = bytes.ok_or("its aliases stand for more than all of the file")?;
        Ok(())
    }
}

/// How large a value is.
#[derive(Debug, Clone, Copy)]
struct Size {
    nodes: usize,
    bytes: usize,
}

/// Reads YAML; also the keys that stand there more than once.
fn parse(yaml: &str, budget: &mut Budget) -> Result<(Value, Vec<String>), String> {
    let mut reader =
        Yaml { parser: Parser::new_from_str(yaml), anchors: HashMap::new(), budget, doubled: vec![] };
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
    anchors: HashMap<usize, (Value, Size)>,
    budget: &'a mut Budget,
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

    fn value(&mut self, event: Event<'a>, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err(format!("it is nested more than {MAX_DEPTH} deep"));
        }
        let before = Size { nodes: self.budget.nodes, bytes: self.budget.bytes };
        let bytes = if let Event::Scalar(text, ..) = &event { text.len() } else { 0 };
        self.budget.spend(Size { nodes: 1, bytes })?;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "~" | "null" | "Null" | "NULL");
                (Value::Text(if is_null { String::new() } else { text.into_owned() }), anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.list(depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.map(depth)?, anchor),
            Event::Alias(anchor) => {
                // What is too large is not even copied once.
                let (value, size) = self.anchors.get(&anchor).ok_or("an alias stands for nothing")?;
                self.budget.spend(*size)?;
                (value.clone(), 0)
            }
            _ => return Err("a value is missing".into()),
        };
        if anchor > 0 {
            let size =
                Size { nodes: before.nodes - self.budget.nodes, bytes: before.bytes - self.budget.bytes };
            self.anchors.insert(anchor, (value.clone(), size));
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
        let mut fields = Fields::default();
        loop {
            let key = match self.next()? {
                Event::MappingEnd => return Ok(Value::Map(fields.fields)),
                event => self.value(event, depth + 1)?,
            };
            let event = self.next()?;
            let value = self.value(event, depth + 1)?;
            let key = key.text().unwrap_or_default().to_owned();
            self.doubled.extend(fields.put(key, value));
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

    #[test]
    fn aliases_stand_for_no_more_bytes_than_the_file_has() {
        let long = "x".repeat(10_000);
        let (front, _) = read(&format!("---\na: &a {long}\nb: [*a, *a]\n---\n"));
        assert_eq!(reasons(&front), [Reason::NotYaml]);
        assert!(front.problems[0].1.contains("aliases"), "{:?}", front.problems);
        assert_eq!(fields(&front), format!("a={long} b=[*a, *a]"), "each line as it stands there");
        let (front, _) = read(&format!("---\na: &a short\nb: [*a, *a]\n---\n{long}"));
        assert_eq!((fields(&front), reasons(&front)), ("a=short b=short+short".into(), vec![]));
        // Read line by line, no block has a limit of its own.
        let blocks: String = (0..40).map(|at| format!("k{at}: [&a y{long}, *a, *a, *a]\n")).collect();
        let (front, _) = read(&format!("---\n{blocks}- no: yaml: here\n---\n"));
        let bytes: usize = front.fields.iter().flat_map(|(_, value)| value.texts()).map(str::len).sum();
        assert!((front.fields.len(), bytes < 2 * blocks.len()) == (40, true), "{bytes}");
    }

    #[test]
    fn many_keys_take_no_longer_than_they_must() {
        let began = std::time::Instant::now();
        let keys: String = (0..60_000).map(|at| format!("key-{at}: 1\n")).collect();
        let (front, _) = read(&format!("---\n{keys}---\n"));
        assert_eq!((front.fields.len(), reasons(&front)), (60_000, vec![Reason::NotYaml]));
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
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
