//! Fields of a spec that are too long to be edited beside the others: what of them is on one page.
//!
//! Desired properties:
//! - a page stays light whatever a spec holds, and every line of it can be edited;
//! - what a page does not show it does not send, and so leaves as it is.

use crate::components::field::{area, escaped};
use crate::components::url::address;
use crate::context::{SentForm, Visit};
use crate::pages::spec_fields::{Purpose, area_named, areas, is_list};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// Bytes of HTML that the long fields of one page may take.
const ROOM: usize = 60_000;
/// Lines of the one field.
const ROWS: u8 = 20;

/// A field by itself, or a part of its lines.
pub(crate) struct Alone {
    /// Its name.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// What to type.
    words: &'static str,
    /// The lines that are shown, of a list.
    lines: Option<Range<usize>>,
    /// All parts that it is edited in, each with the lines that it shows.
    parts: Vec<Range<usize>>,
}

/// Takes away the fields for which there is no room beside those before them.
pub(crate) fn fit(typed: &mut BTreeMap<String, String>) {
    let mut room = ROOM;
    for name in areas() {
        let length = typed.get(name).map_or(0, |text| escaped(text).len());
        match room.checked_sub(length) {
            Some(left) => room = left,
            None => drop(typed.remove(name)),
        }
    }
}

/// The parts of a list, none of them with more lines than there is room for.
fn parts(lines: &[&str]) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut room) = (Vec::new(), 0, ROOM);
    for (at, line) in lines.iter().enumerate() {
        let length = escaped(line).len() + 1;
        if length > room && at > start {
            parts.push(start..at);
            (start, room) = (at, ROOM);
        }
        room = room.saturating_sub(length);
    }
    parts.push(start..lines.len());
    parts
}

impl Alone {
    /// The field that an address asks for, with the line from which on; leaves of what is kept only that.
    pub(crate) fn asked(
        name: &str,
        from: Option<&str>,
        typed: &mut BTreeMap<String, String>,
    ) -> Option<Self> {
        let (name, label, words) = area_named(name)?;
        let kept = typed.remove(name).unwrap_or_default();
        typed.clear();
        if !is_list(name) {
            typed.insert(name.to_owned(), kept);
            return Some(Self { name, label, words, lines: None, parts: Vec::new() });
        }
        let lines: Vec<&str> = kept.lines().collect();
        let parts = parts(&lines);
        let from: usize = from.and_then(|from| from.parse().ok()).unwrap_or_default();
        let shown = parts.iter().rfind(|part| part.start <= from)?.clone();
        typed.insert(name.to_owned(), lines[shown.clone()].join("\n"));
        let lines = (parts.len() > 1).then_some(shown);
        Some(Self { name, label, words, lines, parts })
    }

    /// The field that was sent, where a form held only one.
    pub(crate) fn sent(form: &SentForm) -> Option<Self> {
        let (name, label, words) = area_named(form.typed("part_of")?)?;
        let number = |name: &str| form.typed(name)?.parse::<usize>().ok();
        let lines = number("part_from").zip(number("part_until")).map(|(from, until)| from..until);
        Some(Self { name, label, words, lines, parts: Vec::new() })
    }

    /// The form that edits it.
    pub(crate) fn form(&self, form: &SentForm, visit: &Visit, purpose: Purpose) -> AnyView {
        let key = form.typed("request_key").unwrap_or(&visit.request_key).to_owned();
        let version = form.typed("version").map(str::to_owned);
        let version = version.or(purpose.version.map(|version| version.to_string()));
        let hidden =
            [("request_key", Some(key)), ("version", version), ("part_of", Some(self.name.to_owned()))];
        let lines = self.lines.as_ref();
        let range =
            [("part_from", lines.map(|lines| lines.start)), ("part_until", lines.map(|lines| lines.end))];
        let range = range.map(|(name, number)| (name, number.map(|number| number.to_string())));
        let hidden = hidden.into_iter().chain(range).filter_map(|(name, value)| Some((name, value?)));
        let hidden = hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
        let label = match lines {
            Some(lines) => format!("{}, {}", self.label, told(lines)),
            None => self.label.to_owned(),
        };
        let (others, action) = (self.others(&purpose.action), purpose.action.clone());
        view! {
            <form class="form" method="post" action=action>
                {hidden.collect::<Vec<_>>()}
                {area(form, self.name, label, self.words, ROWS)}
                {others}
                <div class="actions group">
                    <button class="button primary" type="submit">{purpose.verb}</button>
                    <a class="button" href=purpose.action>"Other fields"</a>
                    <a class="button" href=purpose.back>"Cancel"</a>
                </div>
            </form>
        }
        .into_any()
    }

    /// The way to the other lines.
    fn others(&self, edit: &str) -> Option<AnyView> {
        let link = |part: &Range<usize>| {
            let text = told(part);
            if Some(part) == self.lines.as_ref() {
                return view! { <li aria-current="true">{text}</li> }.into_any();
            }
            let href = address(edit, &[("field", self.name), ("from", &part.start.to_string())]);
            view! { <li><a href=href>{text}</a></li> }.into_any()
        };
        (self.parts.len() > 1).then(|| {
            view! {
                <nav aria-label="Lines">
                    <p class="hint">"The list is long, so it is edited in parts; save before you go to another."</p>
                    <ul>{self.parts.iter().map(link).collect::<Vec<_>>()}</ul>
                </nav>
            }
            .into_any()
        })
    }
}

/// Lines as a reader counts them.
fn told(lines: &Range<usize>) -> String {
    format!("lines {} to {}", lines.start + 1, lines.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_every_line_once_and_no_more_than_there_is_room_for() {
        for (length, count) in [(0, 0), (1, 1), (500, 200), (3_000, 200), (ROOM, 3), (2 * ROOM, 2)] {
            let line = "&".repeat(length / 5) + &"x".repeat(length % 5);
            let lines = vec![line.as_str(); count];
            let parts = parts(&lines);
            let held: Vec<usize> = parts.iter().cloned().flatten().collect();
            assert_eq!(held, (0..count).collect::<Vec<_>>());
            for part in parts {
                let size: usize = lines[part.clone()].iter().map(|line| escaped(line).len() + 1).sum();
                assert!(size <= ROOM || part.len() == 1, "{size} bytes in {part:?}");
            }
        }
    }
}
