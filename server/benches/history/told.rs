//! A whole reading, told by counts.

use super::{reader, steps};
use anyhow::Result;
use server::import::history::Index;
use std::{collections::BTreeMap, fmt, path::Path};

/// How many of what.
#[derive(Default)]
pub struct Counts(BTreeMap<String, usize>);

impl Counts {
    /// Reads a repository with all contents.
    pub fn of(path: &Path) -> Result<Self> {
        let reader = reader(path)?;
        let mut counts = Self::default();
        let mut index = Index::default();
        let steps = steps(&reader)?;
        for (step, position) in steps.iter().zip(0..) {
            let read = reader.read(step, position, &mut index)?;
            let unit = &read.unit;
            counts.add("units");
            counts.add(&format!(
                "merged by {:?}, forge {}",
                unit.kind,
                unit.forge.as_deref().unwrap_or("unknown")
            ));
            unit.trailers.iter().for_each(|trailer| counts.add(&format!("trailer {}", trailer.key)));
            unit.label.iter().for_each(|label| counts.add(&format!("label {label}")));
            unit.reverts.iter().for_each(|_| counts.add("reverts"));
            for object in &unit.objects {
                counts.add(&format!("change {} {:?}", object.kind.name(), object.change));
            }
            read.issues.iter().for_each(|issue| counts.add(&format!("issue {}", issue.reason.name())));
        }
        index.iter().for_each(|entry| counts.add(&format!("stands {}", entry.kind.name())));
        index.iter().filter(|entry| entry.person.is_some()).for_each(|_| counts.add("stands person"));
        let same = steps.last().is_none_or(|last| reader.index_at(&last.sha()).is_ok_and(|it| it == index));
        counts.add(if same { "index is that of the head" } else { "INDEX IS NOT THAT OF THE HEAD" });
        Ok(counts)
    }

    fn add(&mut self, what: &str) {
        *self.0.entry(what.to_owned()).or_default() += 1;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(what, count)| writeln!(formatter, "  {count:>7} {what}"))
    }
}
