//! Pages of lists: what to show, in which order, from where on.

use crate::error::Error;
use crate::link::LinkRecord;
use crate::origin::Origin;
use serde::{Deserialize, Serialize};

/// Items of a page where the request does not say.
pub const DEFAULT_LIMIT: i64 = 50;
/// Items of a page at the most.
pub const MAX_LIMIT: i64 = 500;
/// Characters of a search at the most.
pub const MAX_SEARCH: usize = 200;

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Where the next page begins; none on the last.
    pub next_cursor: Option<String>,
}

/// What a list of links is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LinkSort {
    /// When it was filed.
    Created,
    /// When it was last touched.
    #[default]
    Updated,
    /// Measured value.
    Value,
    /// Estimated cost.
    Cost,
    /// Value over cost.
    Roi,
}

impl LinkSort {
    /// All, as they are sent.
    pub const NAMES: [&'static str; 5] = ["created", "updated", "value", "cost", "roi"];
    const ALL: [Self; 5] = [Self::Created, Self::Updated, Self::Value, Self::Cost, Self::Roi];

    /// The name as it is sent.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The sort of a name as it is sent.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }

    /// What the sort compares, of a link.
    pub fn key_of(self, record: &LinkRecord) -> i64 {
        match self {
            Self::Created => record.link.created_at.timestamp_micros(),
            Self::Updated => record.link.updated_at.timestamp_micros(),
            Self::Value => record.totals.measured_value_total.micros(),
            Self::Cost => record.link.estimated_cost.micros(),
            Self::Roi => record.roi_ratio().sort_key(),
        }
    }
}

/// The direction of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Order {
    /// Largest or newest first.
    #[default]
    Desc,
    /// Smallest or oldest first.
    Asc,
}

/// Where a page begins: behind an item, by its sort key and id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The sort key of the item before.
    pub key: i64,
    /// The id of the item before.
    pub id: String,
}

impl Cursor {
    /// The cursor as it is sent.
    pub fn encode(&self) -> String {
        format!("{}.{}", self.key, self.id)
    }

    /// Reads a cursor as it was sent.
    pub fn decode(text: &str) -> Result<Self, Error> {
        text.split_once('.')
            .and_then(|(key, id)| Some(Self { key: key.parse().ok()?, id: id.to_owned() }))
            .filter(|cursor| {
                cursor.id.len() <= 64
                    && cursor.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            })
            .ok_or_else(|| Error::field("cursor", "must be a next_cursor of an earlier answer, unchanged"))
    }
}

/// Which links to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkQuery {
    /// Words that must all be in the link's ids, refs or names, whatever their case.
    pub search: String,
    /// Links of this origin only.
    pub origin: Origin,
    /// What to sort by.
    pub sort: LinkSort,
    /// In which direction.
    pub order: Order,
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for LinkQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            origin: Origin::default(),
            sort: LinkSort::default(),
            order: Order::default(),
            limit: DEFAULT_LIMIT,
            cursor: None,
        }
    }
}

/// Which events to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventQuery {
    /// How many.
    pub limit: i64,
    /// From where on.
    pub cursor: Option<Cursor>,
}

impl Default for EventQuery {
    fn default() -> Self {
        Self { limit: DEFAULT_LIMIT, cursor: None }
    }
}

/// A query's parameters as they were sent, each name at most once.
pub struct Parameters<'a>(pub &'a [(String, String)]);

impl Parameters<'_> {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|text| !text.is_empty())
    }

    pub(crate) fn limit(&self) -> Result<i64, Error> {
        let Some(text) = self.get("limit") else { return Ok(DEFAULT_LIMIT) };
        text.parse()
            .ok()
            .filter(|limit| (1..=MAX_LIMIT).contains(limit))
            .ok_or_else(|| Error::field("limit", format!("must be a whole number from 1 to {MAX_LIMIT}")))
    }

    pub(crate) fn cursor(&self) -> Result<Option<Cursor>, Error> {
        self.get("cursor").map(Cursor::decode).transpose()
    }

    /// `max_age`, in seconds.
    pub fn max_age(&self) -> Result<Option<u32>, Error> {
        self.known(&["max_age"])?;
        let number = |text: &str| {
            text.parse().map_err(|_| Error::field("max_age", "must be a whole number of seconds"))
        };
        self.get("max_age").map(number).transpose()
    }

    /// `sha`, a commit.
    pub fn sha(&self) -> Result<Option<String>, Error> {
        self.known(&["sha"])?;
        Ok(self.get("sha").map(str::to_owned))
    }

    pub(crate) fn search(&self) -> Result<String, Error> {
        let search = self.get("q").unwrap_or_default().trim().to_owned();
        if search.chars().count() > MAX_SEARCH || search.chars().any(char::is_control) {
            return Err(Error::field("q", format!("must be plain text of at most {MAX_SEARCH} characters")));
        }
        Ok(search)
    }

    /// An id of a spec or idea, which may be any text that a link may name.
    pub(crate) fn id(&self, name: &str) -> Result<Option<String>, Error> {
        match self.get(name) {
            Some(id) if id.chars().any(char::is_control) => Err(Error::field(name, "must be plain text")),
            id => Ok(id.map(str::to_owned)),
        }
    }

    pub(crate) fn order(&self) -> Result<Order, Error> {
        match self.get("order") {
            None | Some("desc") => Ok(Order::Desc),
            Some("asc") => Ok(Order::Asc),
            Some(_) => Err(Error::field("order", "must be desc or asc")),
        }
    }

    /// Refuses whatever is not one of these.
    pub fn only(&self, known: &[&str]) -> Result<(), Error> {
        self.known(known)
    }

    pub(crate) fn known(&self, known: &[&str]) -> Result<(), Error> {
        match self.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => {
                let message = format!("is not a known parameter; known are {}", known.join(", "));
                Err(Error::field(
                    name.chars().filter(|c| !c.is_control()).take(40).collect::<String>(),
                    message,
                ))
            }
        }
    }
}

impl LinkQuery {
    /// Reads `q`, `origin`, `sort`, `order`, `limit` and `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["q", "origin", "sort", "order", "limit", "cursor"])?;
        let search = parameters.search()?;
        let origin = match parameters.get("origin") {
            None => Origin::default(),
            Some(name) => Origin::named(name).ok_or_else(|| {
                Error::field("origin", format!("must be one of {}", Origin::NAMES.join(", ")))
            })?,
        };
        let sort = match parameters.get("sort") {
            None => LinkSort::default(),
            Some(name) => LinkSort::named(name).ok_or_else(|| {
                Error::field("sort", format!("must be one of {}", LinkSort::NAMES.join(", ")))
            })?,
        };
        let order = parameters.order()?;
        Ok(Self { search, origin, sort, order, limit: parameters.limit()?, cursor: parameters.cursor()? })
    }
}

impl EventQuery {
    /// Reads `limit` and `cursor`.
    pub fn read(parameters: &Parameters<'_>) -> Result<Self, Error> {
        parameters.known(&["limit", "cursor"])?;
        Ok(Self { limit: parameters.limit()?, cursor: parameters.cursor()? })
    }
}
