//! What the headings of a spec stand for.

use super::fields::{Count, Found};
use super::outline::{Item, Outline, TableRow};
use domain::{
    edit::{MAX_LIST, MAX_PROSE},
    input::Node,
    link::MAX_REF,
};

/// What a Markdown text says.
#[derive(Debug, Default)]
pub struct Headings {
    /// What it was read as.
    pub found: Vec<Found>,
    /// What could not be taken whole.
    pub notes: Vec<String>,
    /// Whether anything in it says that it is a spec, and not some other text with a title.
    pub is_spec: bool,
}

/// What a title may begin with that is not part of it.
const TITLE_MARK: &str = "spec:";
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Reads a spec's headings.
pub fn read(text: &str) -> Headings {
    let outline = Outline::of(text);
    let mut headings = Headings::default();
    headings.title(&outline);
    headings.prose("summary", &outline, |name| name == "purpose");
    headings.requirements(&outline);
    headings.prose("pseudocode_summary", &outline, |name| {
        name.starts_with("pseudocode") || name.starts_with("algorithm")
    });
    headings.files(&outline);
    headings.endpoints(&outline);
    headings
}

impl Headings {
    fn add(&mut self, field: &'static str, node: Node, count: Option<Count>) {
        self.found.push(Found { field, node, count });
    }

    fn title(&mut self, outline: &Outline<'_>) {
        let Some(heading) = outline.headings.iter().find(|heading| heading.level == 1) else { return };
        let text = heading.text.trim();
        let marked = text.get(..TITLE_MARK.len()).is_some_and(|mark| mark.eq_ignore_ascii_case(TITLE_MARK));
        let title = if marked { text[TITLE_MARK.len()..].trim() } else { text };
        self.is_spec |= marked;
        if !title.is_empty() {
            self.add("title", Node::Text(title.to_owned()), None);
        }
    }

    /// A section whose text is taken as it was written.
    fn prose(&mut self, field: &'static str, outline: &Outline<'_>, is_called: impl Fn(&str) -> bool) {
        let Some(section) = outline.section(is_called) else { return };
        self.is_spec = true;
        let written = outline.written(section);
        let length = written.chars().count();
        let text: String = written.chars().take(MAX_PROSE).collect();
        if length > MAX_PROSE {
            self.notes.push(format!("{field}: only its first {MAX_PROSE} of {length} characters were taken"));
        }
        if !text.is_empty() {
            self.add(field, Node::Text(text), None);
        }
    }

    /// The requirements, one after the other; or whatever is written there, where it is no list.
    fn requirements(&mut self, outline: &Outline<'_>) {
        let is_called = |name: &str| name == "requirements";
        let Some(section) = outline.section(is_called) else { return };
        let items: Vec<String> = outline.items(section).map(|item| item.text.clone()).collect();
        if items.is_empty() {
            return self.prose("process_summary", outline, is_called);
        }
        self.is_spec = true;
        self.join("process_summary", items, "requirement");
    }

    /// The files that it is to be built in, each with what is to be done there.
    fn files(&mut self, outline: &Outline<'_>) {
        let Some(section) = outline.section(|name| name.starts_with("files to ")) else { return };
        self.is_spec = true;
        let listed = outline.items(section.clone()).map(|item| (item.at, Some(file_entry(item))));
        let tabled = outline.rows(section).map(|row| (row.at, row_entry(row)));
        let mut all: Vec<(usize, Option<String>)> = listed.chain(tabled).collect();
        all.sort_by_key(|(at, _)| *at);
        let pathless = all.iter().filter(|(_, entry)| entry.is_none()).count();
        if pathless > 0 {
            let rows = if pathless == 1 { "1 row".to_owned() } else { format!("{pathless} rows") };
            self.notes.push(format!(
                "implementation_summary: {rows} of a table without a path in the first column"
            ));
        }
        let entries = all.into_iter().filter_map(|(_, entry)| entry).collect();
        self.join("implementation_summary", entries, "file");
    }

    /// Texts as one, as many as there is room for.
    fn join(&mut self, field: &'static str, texts: Vec<String>, of: &'static str) {
        let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        let mut room = MAX_PROSE;
        let fits = |text: &&String| {
            let needed = text.chars().count() + "; ".len();
            room = room.saturating_sub(needed);
            room > 0
        };
        let taken: Vec<&str> = texts.iter().take_while(fits).map(String::as_str).collect();
        if taken.len() < texts.len() {
            let (items, all) = (taken.len(), texts.len());
            self.notes.push(format!("{field}: only {items} of {all} {of}s fit into {MAX_PROSE} characters"));
        }
        if !taken.is_empty() {
            self.add(field, Node::Text(taken.join("; ")), Some(Count { items: taken.len(), of }));
        }
    }

    /// Headings such as `POST /api/links`, and items of the contract that begin so.
    fn endpoints(&mut self, outline: &Outline<'_>) {
        let contract = outline.section(|name| name == "api contract");
        self.is_spec |= contract.is_some();
        let headings = outline.headings.iter().map(|heading| heading.text.as_str());
        let items = contract.into_iter().flat_map(|section| outline.items(section));
        let named = headings.chain(items.filter_map(|item| item.code.as_deref()));
        let mut endpoints: Vec<String> = Vec::new();
        for endpoint in named.filter_map(endpoint) {
            if endpoint.chars().count() > MAX_REF || endpoints.len() == MAX_LIST {
                self.notes.push(format!("public_endpoints: no room for {:.60}", endpoint));
            } else if !endpoints.contains(&endpoint) {
                endpoints.push(endpoint);
            }
        }
        if !endpoints.is_empty() {
            let count = Count { items: endpoints.len(), of: "endpoint" };
            let list = endpoints.into_iter().map(Node::Text).collect();
            self.add("public_endpoints", Node::List(list), Some(count));
        }
    }
}

/// A file and what is to be done in it: `src/gate.rs (runs the checks)`.
fn file_entry(item: &Item) -> String {
    let Some(path) = &item.code else { return item.text.clone() };
    let between =
        |character: char| character.is_whitespace() || matches!(character, '—' | '–' | '-' | ':' | '*');
    match item.rest.trim_start_matches(between) {
        "" => path.clone(),
        what => format!("{path} ({what})"),
    }
}

/// The file of a table's row, and what its other cells say: `src/gate.rs (modify, runs the checks)`. None where the
/// first cell holds no path.
fn row_entry(row: &TableRow) -> Option<String> {
    let path = row.first.trim();
    let is_path = path.contains(['/', '.', '\\']) && !path.contains(char::is_whitespace);
    let others = row.cells.iter().skip(1).filter(|cell| !cell.is_empty() && !is_dash(cell));
    let what: Vec<&str> = others.map(String::as_str).collect();
    is_path.then(|| if what.is_empty() { path.to_owned() } else { format!("{path} ({})", what.join(", ")) })
}

/// Whether a cell says that there is nothing to say.
fn is_dash(cell: &str) -> bool {
    cell.chars().all(|character| matches!(character, '-' | '–' | '—'))
}

/// A method and a path, where a text is nothing else.
fn endpoint(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let (method, path) = (words.next()?, words.next()?);
    let is_endpoint = METHODS.contains(&method) && path.starts_with('/') && words.next().is_none();
    is_endpoint.then(|| format!("{method} {path}"))
}
