//! The reading of git history, over repositories that each test makes commit by commit.

mod chain;
mod knowledge;
mod malformed;
mod units;

use crate::given::Repository;
use domain::contribution::{
    ChangeKind, ContributionPolicy, DEFAULT_POLICY, ObjectChange, ObjectState, ReadUnit,
};
use server::import::history::{Chain, Index, Read, Reader, Step};
use std::path::Path;

fn reader(path: &Path) -> Reader {
    let policy = ContributionPolicy::named(DEFAULT_POLICY).expect("it comes along");
    Reader::open(path, None, "tides", policy.clone()).expect("a repository")
}

/// The commits behind one, which must be there.
fn steps(reader: &Reader, since: Option<&str>) -> Vec<Step> {
    match reader.chain(since).expect("a chain") {
        Chain::Steps(steps) => steps,
        other => panic!("{other:?}"),
    }
}

/// Reads all of it in one go.
fn read(path: &Path) -> Vec<Read> {
    let reader = reader(path);
    let mut index = Index::default();
    read_on(&reader, &steps(&reader, None), 0, &mut index)
}

fn read_on(reader: &Reader, steps: &[Step], first: i64, index: &mut Index) -> Vec<Read> {
    let each = steps.iter().zip(first..);
    each.map(|(step, position)| reader.read(step, position, index).expect("a unit")).collect()
}

/// The unit of the newest commit.
fn newest(repository: &Repository) -> ReadUnit {
    read(repository.path()).pop().expect("a unit").unit
}

/// Pieces that a unit touches, each as one line.
fn objects(unit: &ReadUnit) -> Vec<String> {
    let change = |object: &ObjectChange| match object.change {
        ChangeKind::Added => "added",
        ChangeKind::Changed => "changed",
        ChangeKind::Removed => "removed",
    };
    unit.objects
        .iter()
        .map(|object| format!("{} {} {}", change(object), object.kind.name(), object.path))
        .collect()
}

/// What is said of a piece after a unit.
fn after<'a>(unit: &'a ReadUnit, path: &str) -> &'a ObjectState {
    let object = unit.objects.iter().find(|object| object.path == path);
    object.and_then(|object| object.after.as_ref()).unwrap_or_else(|| panic!("{path} in {:#?}", unit.objects))
}

/// Citations of a piece, each as one line.
fn citations(state: &ObjectState) -> Vec<String> {
    let citation = |it: &domain::contribution::Citation| {
        let target = it.target.as_ref().map_or("nowhere".to_owned(), |target| {
            format!("{}{}", target.path, if target.existed_before { "" } else { " (new)" })
        });
        format!("{} {} -> {target}", it.kind.name(), it.slug)
    };
    state.citations.iter().map(citation).collect()
}

/// A claim's file with a text.
fn claim(domain: &str, text: &str) -> String {
    format!("---\ntype: claim\ndomain: {domain}\nsource: a survey\ncreated: 2026-02-01\n---\n\n{text}\n")
}
