//! A Markdown text as its headings, list items and rows of tables, with where each stands.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A text and what it is built of.
pub struct Outline<'t> {
    text: &'t str,
    /// Every heading that stands by itself, in order.
    pub headings: Vec<Heading>,
    items: Vec<Item>,
    rows: Vec<TableRow>,
}

/// A heading.
#[derive(Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its words, without marks.
    pub text: String,
    place: Range<usize>,
}

/// An item of a list, on one line, without those nested in it.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Item {
    /// Its text as it was written.
    pub text: String,
    /// The code that it begins with, if it does.
    pub code: Option<String>,
    /// What follows that code.
    pub rest: String,
    /// Where it stands.
    pub at: usize,
}

/// A row of a table, without its head.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct TableRow {
    /// Its cells as they were written, each on one line.
    pub cells: Vec<String>,
    /// The words of the first cell, without marks.
    pub first: String,
    /// Where it stands.
    pub at: usize,
}

/// An item under reading: where its own text stands, and whether a nested list has begun.
#[derive(Default)]
struct Open {
    at: usize,
    place: Option<Range<usize>>,
    code: Option<(String, usize)>,
    closed: bool,
}

#[derive(Default)]
struct Reading {
    headings: Vec<Heading>,
    items: Vec<Item>,
    open: Vec<Open>,
    heading: Option<Heading>,
    quotes: usize,
    blocks: usize,
    rows: Vec<TableRow>,
    row: Option<TableRow>,
}

impl<'t> Outline<'t> {
    /// Reads a text.
    pub fn of(text: &'t str) -> Self {
        let mut reading = Reading::default();
        for (event, place) in
            Parser::new_ext(text, Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES).into_offset_iter()
        {
            reading.take(text, event, place);
        }
        // An item is done with after those nested in it.
        reading.items.sort_by_key(|item| item.at);
        Self { text, headings: reading.headings, items: reading.items, rows: reading.rows }
    }

    /// Where the text under the first heading stands that is called so: up to the next one of its rank or above.
    pub fn section(&self, is_called: impl Fn(&str) -> bool) -> Option<Range<usize>> {
        let at = self.headings.iter().position(|heading| is_called(&name(&heading.text)))?;
        let heading = &self.headings[at];
        let next = self.headings[at + 1..].iter().find(|next| next.level <= heading.level);
        Some(heading.place.end..next.map_or(self.text.len(), |next| next.place.start))
    }

    /// The text of a section as it was written.
    pub fn written(&self, section: Range<usize>) -> &'t str {
        self.text[section].trim()
    }

    /// The items of a section's lists, in order.
    pub fn items(&self, section: Range<usize>) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(move |item| section.contains(&item.at))
    }

    /// The rows of a section's tables, in order.
    pub fn rows(&self, section: Range<usize>) -> impl Iterator<Item = &TableRow> {
        self.rows.iter().filter(move |row| section.contains(&row.at))
    }
}

/// What a heading is called: in small letters, without a number before it or a colon behind it.
fn name(text: &str) -> String {
    let numbered = |character: char| character.is_ascii_digit() || matches!(character, '.' | ')' | ' ');
    text.trim_start_matches(numbered).trim_end_matches([':', ' ']).to_lowercase()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Reading {
    fn take(&mut self, text: &str, event: Event<'_>, place: Range<usize>) {
        match event {
            Event::Start(Tag::BlockQuote(_)) => self.quotes += 1,
            Event::End(TagEnd::BlockQuote(_)) => self.quotes -= 1,
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => self.blocks += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => self.blocks -= 1,
            Event::Start(Tag::Heading { level, .. }) if self.quotes == 0 && self.open.is_empty() => {
                self.heading = Some(Heading { level: level as u8, text: String::new(), place });
            }
            Event::End(TagEnd::Heading(_)) => self.headings.extend(self.heading.take()),
            Event::Start(Tag::Item) => self.open.push(Open { at: place.start, ..Open::default() }),
            Event::End(TagEnd::Item) => self.items.extend(self.open.pop().map(|open| open.item(text))),
            Event::Start(Tag::List(_)) => self.open.iter_mut().for_each(|open| open.closed = true),
            Event::Start(Tag::TableRow) => {
                self.row = Some(TableRow { at: place.start, ..TableRow::default() })
            }
            Event::End(TagEnd::TableRow) => self.rows.extend(self.row.take()),
            Event::Start(Tag::TableCell) => {
                let cell = one_line(text[place].trim_matches('|')).replace("\\|", "|");
                self.row.iter_mut().for_each(|row| row.cells.push(cell.clone()));
            }
            Event::Text(words) | Event::Code(words) if self.row.is_some() => {
                self.row
                    .iter_mut()
                    .filter(|row| row.cells.len() == 1)
                    .for_each(|row| row.first.push_str(&words));
            }
            Event::Text(words) | Event::Code(words) if self.heading.is_some() => {
                self.heading.iter_mut().for_each(|heading| heading.text.push_str(&words));
            }
            Event::SoftBreak | Event::HardBreak if self.heading.is_some() => {
                self.heading.iter_mut().for_each(|heading| heading.text.push(' '));
            }
            Event::Code(code) => self.add(place, Some(&code)),
            Event::Text(_) | Event::InlineHtml(_) => self.add(place, None),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Link { .. } | Tag::Image { .. }) => {
                self.add(place, None);
            }
            _ => {}
        }
    }

    /// Adds a piece to the item under reading.
    fn add(&mut self, place: Range<usize>, code: Option<&str>) {
        let Some(open) = self.open.last_mut().filter(|open| !open.closed && self.blocks == 0) else { return };
        if let (Some(code), None) = (code, &open.code)
            && open.place.as_ref().is_none_or(|before| place.end <= before.end)
        {
            open.code = Some((code.to_owned(), place.end));
        }
        let whole = open.place.get_or_insert_with(|| place.clone());
        whole.end = whole.end.max(place.end);
    }
}

impl Open {
    fn item(self, text: &str) -> Item {
        let Some(place) = self.place else { return Item { at: self.at, ..Item::default() } };
        let (code, rest) = match self.code {
            Some((code, end)) => (Some(code), one_line(&text[end..place.end])),
            None => (None, String::new()),
        };
        Item { text: one_line(&text[place]), code, rest, at: self.at }
    }
}
