//! Addresses with parameters.

pub(crate) use domain::registry::percent_encoded as encoded;

use domain::contribution::DEFAULT_WEIGHTS;
use domain::registry::entry_path;

/// A path with its parameters, encoded; empty ones are left out.
pub(crate) fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = given.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// The page of a spec, whose id may be any text.
pub(crate) fn spec_page(spec_id: &str) -> String {
    entry_path("/specs", spec_id)
}

/// The page of an idea, whose id may be any text.
pub(crate) fn idea_page(idea_id: &str) -> String {
    entry_path("/ideas", idea_id)
}

/// The page of a contributor.
pub(crate) fn contributor_page(handle: &str) -> String {
    entry_path("/contributors", handle)
}

/// The page of a contributor, scored under a weight set.
pub(crate) fn contributor_under(handle: &str, weights: &str) -> String {
    address(&contributor_page(handle), &[("weights", weights_parameter(weights))])
}

/// A weight set as a parameter: nothing where it is the one that is taken anyway.
pub(crate) fn weights_parameter(weights: &str) -> &str {
    if weights == DEFAULT_WEIGHTS { "" } else { weights }
}

/// The page of a claim, by the name that others cite it by.
pub(crate) fn claim_page(slug: &str) -> String {
    entry_path("/claims", slug)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_empty_ones_left_out() {
        assert_eq!(address("/links", &[("q", ""), ("sort", "roi")]), "/links?sort=roi");
        assert_eq!(address("/links", &[("q", "a&b=é #1")]), "/links?q=a%26b%3D%C3%A9%20%231");
        assert_eq!(address("/links", &[]), "/links");
    }
}
