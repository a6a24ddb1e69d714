//! Where Markdown files are found: a file, a folder, or a branch of a git repository.

use super::{MAX_FILE_BYTES, repository};
use anyhow::{Context as _, Result, bail, ensure};
use gix::{ObjectId, Repository};
use std::{
    fs,
    io::Read as _,
    path::{Component, Path, PathBuf},
};

/// Folders that hold what others wrote, or what was built.
const SKIPPED: [&str; 2] = ["target", "node_modules"];

/// Files that were found.
pub struct Files {
    /// Whether it is one file that was named, and so is meant to be a spec.
    pub one_was_named: bool,
    repository: Option<Repository>,
    listed: Vec<Listed>,
}

/// A file that was found.
#[derive(Debug)]
pub struct Listed {
    /// Where, as it is told: from the root of its repository on, or from the folder that was named. It is the same
    /// wherever the command is run from, as it is kept.
    pub path: String,
    place: Place,
}

#[derive(Debug)]
pub(super) enum Place {
    File(PathBuf),
    Blob(ObjectId),
    Problem(String),
}

impl Listed {
    pub(super) const fn new(path: String, place: Place) -> Self {
        Self { path, place }
    }
}

impl Files {
    /// Finds the Markdown files of a path. A branch is read from the repository's own store, as is a bare repository,
    /// by the branch that it stands on; everything else is read from disk.
    pub fn find(path: &Path, branch: Option<&str>, folder: Option<&Path>) -> Result<Self> {
        if let Some(folder) = folder {
            let plain =
                folder.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
            ensure!(plain, "--folder {} does not lie below {}", folder.display(), path.display());
        }
        let path = path.canonicalize().with_context(|| format!("there is nothing at {}", path.display()))?;
        let (repository, mut listed) = match repository::open(&path, branch)? {
            Some(repository) => {
                let listed = repository::list(&repository, branch, folder)?;
                (Some(repository), listed)
            }
            None => (None, on_disk(&path, folder)?),
        };
        listed.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { one_was_named: path.is_file(), repository, listed })
    }

    /// Every file, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Listed> {
        self.listed.iter()
    }

    /// Reads one of them.
    pub fn read(&self, listed: &Listed) -> Result<Vec<u8>, String> {
        match (&listed.place, &self.repository) {
            (Place::File(file), _) => read_file(file),
            (Place::Blob(id), Some(repository)) => repository::read(repository, *id),
            (Place::Blob(_), None) => Err("its repository is gone".into()),
            (Place::Problem(problem), _) => Err(problem.clone()),
        }
    }
}

/// Whether a folder of this name is gone into.
pub(super) fn is_entered(name: &str) -> bool {
    !name.starts_with('.') && !SKIPPED.contains(&name)
}

/// Whether a file of this name is read.
pub(super) fn is_markdown(name: &str) -> bool {
    !name.starts_with('.') && name.to_lowercase().ends_with(".md")
}

/// What is wrong with a file of this size, if anything.
pub(super) fn too_large(bytes: u64) -> Result<(), String> {
    if bytes > MAX_FILE_BYTES {
        return Err(format!("it has {bytes} bytes, and {MAX_FILE_BYTES} is the most that is read"));
    }
    Ok(())
}

fn on_disk(path: &Path, folder: Option<&Path>) -> Result<Vec<Listed>> {
    // Told from the root of the repository on, or else from the folder's own name.
    let root = path.ancestors().find(|folder| folder.join(".git").exists()).or_else(|| {
        let named = if path.is_dir() { path } else { path.parent()? };
        named.parent()
    });
    let told = |file: &Path| slashed(root.and_then(|root| file.strip_prefix(root).ok()).unwrap_or(file));
    if path.is_file() {
        ensure!(
            folder.is_none(),
            "--folder limits a folder or a repository, and {} is a file",
            path.display()
        );
        return Ok(vec![Listed::new(told(path), Place::File(path.to_owned()))]);
    }
    let start = folder.map_or_else(|| path.to_owned(), |folder| path.join(folder));
    if !start.is_dir() {
        bail!("there is no folder {}", start.display());
    }
    let (mut listed, mut folders) = (Vec::new(), vec![start]);
    while let Some(folder) = folders.pop() {
        if let Err(error) = list_folder(&folder, &told, &mut listed, &mut folders) {
            listed.push(Listed::new(told(&folder), Place::Problem(error.to_string())));
        }
    }
    Ok(listed)
}

fn list_folder(
    folder: &Path,
    told: &impl Fn(&Path) -> String,
    listed: &mut Vec<Listed>,
    folders: &mut Vec<PathBuf>,
) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
        // Links to folders are not followed: they may lead in circles.
        if entry.file_type()?.is_dir() {
            folders.extend(is_entered(&name).then_some(path));
        } else if is_markdown(&name) && !path.is_dir() {
            listed.push(Listed::new(told(&path), Place::File(path)));
        }
    }
    Ok(())
}

/// A path as it is told on every system.
fn slashed(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/").replace("//", "/")
}

fn read_file(file: &Path) -> Result<Vec<u8>, String> {
    let read = || -> std::io::Result<Result<Vec<u8>, String>> {
        let about = fs::metadata(file)?;
        if !about.is_file() {
            return Ok(Err("it is no file".into()));
        }
        if let Err(problem) = too_large(about.len()) {
            return Ok(Err(problem));
        }
        let mut bytes = Vec::new();
        // It may have grown since.
        fs::File::open(file)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(too_large(bytes.len() as u64).map(|()| bytes))
    };
    read().unwrap_or_else(|error| Err(error.to_string()))
}
