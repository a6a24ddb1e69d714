//! Policies that come along, and those that an operator adds to them: once, as a process begins and before any is asked
//! for, so that all of a process sees the same.

use crate::policy::BadPolicy;
use std::sync::OnceLock;

/// Policies of a kind.
pub(crate) struct Catalog<T: 'static> {
    come_along: fn() -> Vec<T>,
    name: fn(&T) -> &str,
    own: OnceLock<Vec<T>>,
    all: OnceLock<Vec<T>>,
}

impl<T: Clone> Catalog<T> {
    /// Of those that come along, and how each tells its name.
    pub(crate) const fn new(come_along: fn() -> Vec<T>, name: fn(&T) -> &str) -> Self {
        Self { come_along, name, own: OnceLock::new(), all: OnceLock::new() }
    }

    /// Those that come along, then one's own.
    pub(crate) fn all(&self) -> &[T] {
        self.all.get_or_init(|| {
            let mut all = (self.come_along)();
            all.extend(self.own.get_or_init(Vec::new).iter().cloned());
            all
        })
    }

    /// Adds one's own. What a name stands for never changes, so each needs a name that is not taken.
    pub(crate) fn add(&self, own: Vec<T>) -> Result<(), BadPolicy> {
        let come_along = (self.come_along)();
        for (place, one) in own.iter().enumerate() {
            let name = (self.name)(one);
            if come_along.iter().chain(&own[..place]).any(|other| (self.name)(other) == name) {
                return Err(BadPolicy::new(format!(
                    "{name} is the name of another: give yours one of its own"
                )));
            }
        }
        self.own.set(own).map_err(|_| BadPolicy::new("it came when others were in use already".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog<&'static str> {
        Catalog::new(|| vec!["a", "b"], |name| name)
    }

    #[test]
    fn ones_own_stand_behind_those_that_come_along() {
        let catalog = catalog();
        catalog.add(vec!["c", "d"]).unwrap();
        assert_eq!(catalog.all(), ["a", "b", "c", "d"]);
        assert!(catalog.add(vec!["e"]).is_err(), "once");
    }

    #[test]
    fn a_name_that_is_taken_is_refused_and_so_is_what_comes_too_late() {
        assert!(catalog().add(vec!["b"]).is_err());
        assert!(catalog().add(vec!["c", "c"]).is_err());
        let catalog = catalog();
        assert_eq!(catalog.all(), ["a", "b"]);
        assert!(catalog.add(vec!["c"]).is_err());
    }
}
