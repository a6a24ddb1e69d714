//! The order in which rows of a payout are shown.

use domain::payout::PayoutPreview;

/// The places of the rows, largest amount first; equal ones stay in the order of stages and names.
pub fn largest_first(preview: &PayoutPreview) -> Vec<usize> {
    let mut places: Vec<usize> = (0..preview.payouts.len()).collect();
    places.sort_by_key(|&at| std::cmp::Reverse(preview.payouts[at].amount));
    places
}
