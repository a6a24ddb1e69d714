//! Which pieces of knowledge a file holds, and what they say.

use super::{
    front_matter::{self, FrontMatter, Value},
    index::{Entry, Index, Person, numbered},
    issue::Reason,
    links::{self, Link, slug_of},
    markdown::{Section, heading_of, outside_code, sections},
};
use domain::contribution::{
    Attribution, Citation, CitationKind, KnowledgeKind, MAX_HANDLE, ObjectState, Paths, Role, Target,
    handle_of,
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// A piece of knowledge, its links not yet followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What stands in the index of it.
    pub entry: Entry,
    /// What it says, without citations and persons.
    pub state: ObjectState,
    /// What it names.
    names: Vec<(CitationKind, Link, Sure)>,
    /// The digest of its text, to see whether it was changed: of thousands of files, all texts would be too much.
    digest: [u8; 32],
}

/// Whether a name is a link for sure, or only where it leads somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sure {
    Link,
    IfThere,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Pieces of knowledge, by path.
    pub pieces: Vec<Piece>,
    /// What was not read as it was meant.
    pub problems: Vec<(Reason, String)>,
}

/// Words of `type:`, and what they are. Words that are not here leave it to the path.
const TYPES: [(&str, Option<KnowledgeKind>); 22] = [
    ("claim", Some(KnowledgeKind::Claim)),
    ("belief", Some(KnowledgeKind::Belief)),
    ("conviction", Some(KnowledgeKind::Belief)),
    ("position", Some(KnowledgeKind::Position)),
    ("challenge", Some(KnowledgeKind::Challenge)),
    ("source", Some(KnowledgeKind::Source)),
    ("entity", Some(KnowledgeKind::Entity)),
    ("person", Some(KnowledgeKind::Entity)),
    ("company", Some(KnowledgeKind::Entity)),
    ("organization", Some(KnowledgeKind::Entity)),
    ("decision_market", Some(KnowledgeKind::Entity)),
    ("product", Some(KnowledgeKind::Entity)),
    ("musing", None),
    ("journal", None),
    ("map", None),
    ("topic-map", None),
    ("moc", None),
    ("index", None),
    ("sector", None),
    ("timeline", None),
    ("schema", None),
    ("template", None),
];

/// What a file is: what its front matter says, else what its path says, but for indices among knowledge.
fn kind_of(path: &str, front: &FrontMatter, paths: &Paths) -> Option<KnowledgeKind> {
    let word = front.text("type").map(str::to_lowercase);
    if let Some((_, kind)) = TYPES.iter().find(|(known, _)| word.as_deref() == Some(known)) {
        return *kind;
    }
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let is_index = name.starts_with(['_', '.']) || matches!(&*name, "readme.md" | "index.md" | "claude.md");
    paths.kind_of(path).filter(|_| word.is_some() || !is_index)
}

/// Bytes of a path. Paths are keys of indexes, of which a row has its limit.
pub const MAX_PATH: usize = 1_000;

/// Whether a file of this name may hold knowledge, if its path is not too long.
pub fn is_named_so(path: &str) -> bool {
    path.len() > 3 && path.as_bytes()[path.len() - 3..].eq_ignore_ascii_case(b".md")
}

/// Whether a file of this path may hold knowledge.
pub fn may_hold(path: &str) -> bool {
    path.len() <= MAX_PATH && is_named_so(path)
}

/// Reads a file.
pub fn read(path: &str, text: &str, paths: &Paths) -> Held {
    let (front, body) = front_matter::read(text);
    let Some(kind) = kind_of(path, &front, paths) else { return Held::default() };
    let mut held = Held { pieces: vec![], problems: front.problems.clone() };
    if kind == KnowledgeKind::Claim {
        held.problems.extend(missing(path, &front));
    }
    held.problems.extend(attribution(&front).1);
    let several = if kind == KnowledgeKind::Belief { several(path, body) } else { vec![] };
    if several.is_empty() {
        let heading = outside_code(body).find_map(heading_of).map(|(_, text)| text);
        let title = front.text("title").or_else(|| front.text("name")).or(heading);
        let title = title.map_or_else(|| name_of(path), str::to_owned);
        held.pieces.push(piece(path.to_owned(), slug_of(path), kind, title, &front, (body, text)));
    }
    for (path, title, section) in several {
        let slug = links::slug_of_title(title);
        held.pieces.push(piece(path, slug, kind, title.to_owned(), &front, (section.text, section.text)));
    }
    held
}

/// The beliefs of a file that numbers them: `### 2. Tides turn` is `beliefs.md#2`.
fn several<'a>(path: &str, body: &'a str) -> Vec<(String, &'a str, Section<'a>)> {
    let mut seen: BTreeMap<u32, u32> = BTreeMap::new();
    let of_section = |section: Section<'a>| {
        let (number, title) = numbered(section.heading)?;
        let times = seen.entry(number).and_modify(|times| *times += 1).or_insert(1);
        // A number that stands there again is told apart.
        let path = if *times == 1 { format!("{path}#{number}") } else { format!("{path}#{number}.{times}") };
        Some((path, title, section))
    };
    sections(body).into_iter().filter_map(of_section).collect()
}

/// What a claim lacks.
fn missing(path: &str, front: &FrontMatter) -> Vec<(Reason, String)> {
    if !front.is_there {
        return vec![(Reason::NoFrontMatter, String::new())];
    }
    let mut missing = Vec::new();
    if texts_of(front, &["source", "sources"]).is_empty() {
        missing.push((Reason::MissingSource, "neither source nor sources".into()));
    }
    if texts_of(front, &["domain", "domains"]).is_empty() {
        let told = folder_domain(path).map(|domain| format!("taken from its folder: {domain}"));
        missing.push((Reason::MissingDomain, told.unwrap_or_default()));
    }
    missing
}

/// The file's name as a title.
fn name_of(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name[..name.len().saturating_sub(3)].to_owned()
}

/// The folder under `domains/`.
fn folder_domain(path: &str) -> Option<String> {
    let (domain, _) = path.strip_prefix("domains/")?.split_once('/')?;
    Some(domain.to_owned())
}

fn texts_of<'a>(front: &'a FrontMatter, names: &[&str]) -> Vec<&'a str> {
    names.iter().flat_map(|name| front.texts(name)).collect()
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

/// Reads one piece; `texts` are the text whose links are its own, and all of it.
fn piece(
    path: String,
    slug: String,
    kind: KnowledgeKind,
    title: String,
    front: &FrontMatter,
    (body, text): (&str, &str),
) -> Piece {
    let mut domains = texts_of(front, &["domain", "domains"]).into_iter().map(str::to_owned);
    let domain = domains.next().or_else(|| folder_domain(&path));
    let mut secondary: Vec<String> = domains.collect();
    for other in front.texts("secondary_domains") {
        if !secondary.iter().any(|known| known == other) {
            secondary.push(other.to_owned());
        }
    }
    secondary.retain(|other| Some(other) != domain.as_ref());
    let sources = if kind == KnowledgeKind::Source { &["author", "authors"] } else { &["source", "sources"] };
    let person = (kind == KnowledgeKind::Entity).then(|| person(front, &slug, &title)).flatten();
    let proposer = ["proposed_by", "staked_by", "processed_by"].into_iter().find_map(|name| front.text(name));
    let state = ObjectState {
        title,
        domain: domain.clone(),
        secondary_domains: secondary,
        confidence: front.text("confidence").map(str::to_lowercase),
        status: front.text("status").map(str::to_lowercase),
        sources: owned(texts_of(front, sources)),
        source_people: vec![],
        challenged_by: owned(front.texts("challenged_by")),
        proposed_by: proposer.and_then(handle_of),
        attribution: attribution(front).0,
        citations: vec![],
        challenge_notes: challenge_notes(body),
        person: person.as_ref().map(|person| person.handle.clone()),
    };
    let names = names(kind, front, body);
    Piece {
        entry: Entry { path, slug, kind, domain, person },
        state,
        names,
        digest: Sha256::digest(text).into(),
    }
}

/// The person that an entity is about.
fn person(front: &FrontMatter, slug: &str, title: &str) -> Option<Person> {
    let says = |name: &str| front.text(name).is_some_and(|word| word.eq_ignore_ascii_case("person"));
    if !says("type") && !says("entity_type") {
        return None;
    }
    let given = ["attribution_handle", "handle", "handles", "twitter", "github"];
    let handle =
        given.into_iter().find_map(|name| handle_of(front.text(name)?)).or_else(|| handle_of(slug))?;
    Some(Person { handle, name: title.to_owned() })
}

/// The `attribution:` block: by role a list, a list that names its roles, or one name; and what of it names no role or
/// nobody. What is empty says that there is nobody.
fn attribution(front: &FrontMatter) -> (Vec<Attribution>, Vec<(Reason, String)>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let no_role = |name: &str| (Reason::BadAttribution, format!("{:?} is no role", told(name)));
    match front.get("attribution") {
        Some(Value::Map(roles)) => {
            for (name, value) in roles {
                let Some(role) = Role::named(&name.to_lowercase()) else {
                    problems.push(no_role(name));
                    continue;
                };
                match value {
                    Value::List(items) => found.extend(items.iter().map(|item| (role, item))),
                    Value::Text(text) if text.trim().is_empty() => {}
                    one => found.push((role, one)),
                }
            }
        }
        Some(Value::List(items)) => {
            for item in items {
                let name = item.get("role").and_then(Value::text).unwrap_or_default();
                match Role::named(&name.to_lowercase()) {
                    Some(role) => found.push((role, item)),
                    None => problems.push(no_role(name)),
                }
            }
        }
        Some(Value::Text(text)) if !text.trim().is_empty() => {
            let detail = format!("{:?} is a text, and no list of roles", told(text));
            problems.push((Reason::BadAttribution, detail));
        }
        Some(Value::Text(_)) | None => {}
    }
    let mut each: Vec<Attribution> = Vec::new();
    for (role, item) in found {
        match attributed(role, item, &mut problems) {
            None => {
                let detail = format!("an entry of {} names nobody", role.name());
                problems.push((Reason::BadAttribution, detail));
            }
            Some(one) if !each.contains(&one) => each.push(one),
            Some(_) => {}
        }
    }
    (each, problems)
}

/// As much of a text as is told of it.
fn told(text: &str) -> String {
    text.chars().take(60).collect()
}

fn attributed(role: Role, item: &Value, problems: &mut Vec<(Reason, String)>) -> Option<Attribution> {
    let member = |name: &str| item.get(name).and_then(Value::text);
    let name = item.text().or_else(|| member("handle")).or_else(|| member("name"))?;
    let handle = handle_of(name)?;
    if name.chars().count() > MAX_HANDLE {
        let detail = format!("a name of {}: its first {MAX_HANDLE} characters are kept", role.name());
        problems.push((Reason::Cut, detail));
    }
    let own = |name: &str| member(name).map(str::to_owned);
    Some(Attribution { role, handle, agent_id: own("agent_id"), context: own("context"), date: own("date") })
}

/// Headings of evidence blocks that challenge, each with the line below it, which tells one from the next.
fn challenge_notes(body: &str) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    let mut lines = outside_code(body).filter(|line| !line.trim().is_empty()).peekable();
    while let Some(line) = lines.next() {
        let Some((_, heading)) = heading_of(line) else { continue };
        if !heading.to_lowercase().ends_with("(challenge)") {
            continue;
        }
        let below = lines.peek().filter(|line| heading_of(line).is_none());
        let below: String =
            below.map_or("", |line| line.trim().trim_matches('*')).chars().take(300).collect();
        let note = if below.is_empty() { heading.to_owned() } else { format!("{heading}: {below}") };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// Fields whose texts name others, how, and whether a text without a link is a name for sure.
const FIELDS: [(&str, CitationKind, bool); 9] = [
    ("depends_on", CitationKind::DependsOn, true),
    ("challenged_by", CitationKind::ChallengedBy, false),
    ("target_claim", CitationKind::Challenges, true),
    ("target", CitationKind::Challenges, false),
    ("challenges", CitationKind::Challenges, false),
    ("source", CitationKind::Source, false),
    ("sources", CitationKind::Source, false),
    ("claims_extracted", CitationKind::Source, true),
    ("enrichments_applied", CitationKind::Source, true),
];

/// What a piece names. A source names the claims that were taken from it.
fn names(kind: KnowledgeKind, front: &FrontMatter, body: &str) -> Vec<(CitationKind, Link, Sure)> {
    let mut names = Vec::new();
    for (name, value) in &front.fields {
        if name == "attribution" {
            continue;
        }
        let field = FIELDS.iter().find(|(known, ..)| known == name);
        for text in value.texts() {
            let linked = links::of_line(text);
            let (citation, is_name) = field.map_or((CitationKind::Cites, None), |(_, citation, sure)| {
                (*citation, Some(if *sure { Sure::Link } else { Sure::IfThere }))
            });
            if linked.is_empty() {
                names.extend(is_name.and_then(|sure| Some((citation, Link::named(text)?, sure))));
            }
            names.extend(linked.into_iter().map(|link| (citation, link, Sure::Link)));
        }
    }
    for (line, linked) in links::by_line(body) {
        // `*Source: [[x]] | Added: …` below an evidence block.
        let is_source = line.trim_start_matches([' ', '*', '>', '_']).starts_with("Source:");
        let takes = is_source && kind != KnowledgeKind::Source;
        let citation = if takes { CitationKind::Source } else { CitationKind::Cites };
        names.extend(linked.into_iter().map(|link| (citation, link, Sure::Link)));
    }
    names
}

impl Piece {
    /// What it says, its links followed in what stands on the branch. Whatever is in `added` was not there before.
    pub fn followed(&self, index: &Index, added: &BTreeSet<String>) -> ObjectState {
        let mut state = self.state.clone();
        let mut citations: BTreeMap<(CitationKind, &str), Option<Target>> = BTreeMap::new();
        for (kind, link, sure) in &self.names {
            let found = index.resolve(link, &self.entry.path, self.entry.kind);
            let is_own = found.is_some_and(|entry| entry.path == self.entry.path);
            if is_own || (found.is_none() && *sure == Sure::IfThere) {
                continue;
            }
            let target = found.map(|entry| Target {
                path: entry.path.clone(),
                kind: entry.kind,
                domain: entry.domain.clone(),
                existed_before: !added.contains(&entry.path),
            });
            let slug = found.map_or(link.slug.as_str(), |entry| entry.slug.as_str());
            let kept = citations.entry((*kind, slug)).or_insert(None);
            if kept.is_none() {
                *kept = target;
            }
        }
        let citation = |((kind, slug), target): ((CitationKind, &str), _)| Citation {
            kind,
            slug: slug.to_owned(),
            target,
        };
        state.citations = citations.into_iter().map(citation).collect();
        let people: BTreeSet<String> = state.sources.iter().flat_map(|text| index.people_in(text)).collect();
        state.source_people = people.into_iter().collect();
        state
    }
}
