//! Edits of registry entries: what can be edited, how it is read, and merge patches of it (RFC 7396).
//!
//! Desired properties:
//! - a field is read by one rule, whether it is registered, edited or proposed;
//! - an edit touches what it names and nothing else; applied twice it is the same as once;
//! - what an edit did can be told field by field, before and after.

use crate::input::{Errors, Fields, Node, Range, list, number, prose, text};
use crate::link::{MAX_NAME, MAX_REF};
use crate::money::Amount;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::value::RawValue;

/// Characters that a summary may have.
pub const MAX_PROSE: usize = 10_000;
/// Items that a list of an entry may have.
pub const MAX_LIST: usize = 200;

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing, in a field that may be empty.
    Nothing,
    /// A text.
    Text(String),
    /// Texts.
    Texts(Vec<String>),
    /// Money or value.
    Amount(Amount),
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line that must be there, of at most [`MAX_NAME`] characters.
    Title,
    /// A text of several lines, of at most [`MAX_PROSE`] characters; null empties it.
    Prose,
    /// At most [`MAX_LIST`] lines of at most [`MAX_REF`] characters; null empties it.
    Texts,
    /// A line of at most [`MAX_NAME`] characters; null takes it away.
    Name,
    /// Money or value; null is zero.
    Amount,
    /// Money or value; null takes it away.
    OptionalAmount,
}

/// A field of an entry of type `C`.
pub struct Field<C> {
    /// Its name, as it is sent.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it holds.
    pub get: fn(&C) -> Value,
    /// Sets it, where the value is of its kind.
    pub set: fn(&mut C, Value),
}

/// The content of an entry, field by field.
pub trait Editable: Default + Clone + 'static {
    /// Every field, in the order in which it is shown.
    const FIELDS: &'static [Field<Self>];
}

/// Declares the field of a struct's member of the same name.
macro_rules! field {
    ($name:ident: Prose) => { field!(@ $name, Prose, Value::Text, |content, text| content.$name = text) };
    ($name:ident: Title) => { field!(@ $name, Title, Value::Text, |content, text| content.$name = text) };
    ($name:ident: Texts) => { field!(@ $name, Texts, Value::Texts, |content, texts| content.$name = texts) };
    ($name:ident: Amount) => {
        $crate::edit::Field {
            name: stringify!($name),
            kind: $crate::edit::Kind::Amount,
            get: |content| $crate::edit::Value::Amount(content.$name),
            set: |content, value| if let $crate::edit::Value::Amount(amount) = value { content.$name = amount },
        }
    };
    ($name:ident: OptionalAmount) => { field!(? $name, OptionalAmount, Amount) };
    ($name:ident: Name) => { field!(? $name, Name, Text) };
    (@ $name:ident, $kind:ident, Value::$value:ident, |$content:ident, $new:ident| $set:expr) => {
        $crate::edit::Field {
            name: stringify!($name),
            kind: $crate::edit::Kind::$kind,
            get: |content| $crate::edit::Value::$value(content.$name.clone()),
            set: |$content, value| if let $crate::edit::Value::$value($new) = value { $set },
        }
    };
    (? $name:ident, $kind:ident, $value:ident) => {
        $crate::edit::Field {
            name: stringify!($name),
            kind: $crate::edit::Kind::$kind,
            get: |content| {
                content.$name.clone().map_or($crate::edit::Value::Nothing, $crate::edit::Value::$value)
            },
            set: |content, value| match value {
                $crate::edit::Value::$value(new) => content.$name = Some(new),
                $crate::edit::Value::Nothing => content.$name = None,
                _ => {}
            },
        }
    };
}
pub(crate) use field;

/// New values for some fields of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch<C> {
    values: Vec<(&'static str, Value)>,
    of: std::marker::PhantomData<C>,
}

impl<C: Editable> Patch<C> {
    /// The names of all fields.
    pub fn names() -> Vec<&'static str> {
        C::FIELDS.iter().map(|field| field.name).collect()
    }

    /// Reads the fields that an object holds, noting every wrong one.
    pub fn read(fields: &Fields<'_>, errors: &mut Errors) -> Self {
        let mut values = Vec::new();
        for field in C::FIELDS {
            if let Some(node) = fields.find(field.name)
                && let Some(value) = read_value(node, &fields.path(field.name), field.kind, errors)
            {
                values.push((field.name, value));
            }
        }
        Self { values, of: std::marker::PhantomData }
    }

    /// Reads an object at a path that holds fields of the entry and nothing else.
    pub fn read_all(node: &Node, path: &str, errors: &mut Errors) -> Option<Self> {
        Fields::open(node, path, &Self::names(), errors).map(|fields| Self::read(&fields, errors))
    }

    /// Whether it names no field.
    pub const fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The names of the fields that it names.
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.values.iter().map(|(name, _)| *name)
    }

    /// The new value of a field.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.values.iter().find(|(name, _)| *name == field).map(|(_, value)| value)
    }

    /// The same patch, which also empties those of `names` that it does not name.
    pub fn emptying(mut self, names: &[String]) -> Self {
        let empty = C::default();
        for field in C::FIELDS {
            let named = self.fields().any(|name| name == field.name);
            if !named && names.iter().any(|name| name == field.name) {
                self.values.push((field.name, (field.get)(&empty)));
            }
        }
        self
    }

    /// The content with the new values in it.
    pub fn applied_to(&self, content: &C) -> C {
        let mut edited = content.clone();
        for (name, value) in &self.values {
            if let Some(field) = C::FIELDS.iter().find(|field| field.name == *name) {
                (field.set)(&mut edited, value.clone());
            }
        }
        edited
    }
}

/// A merge patch: the fields that it names, in their order.
impl<C: Editable> Serialize for Patch<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.values.len()))?;
        for (name, value) in &self.values {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de, C: Editable> Deserialize<'de> for Patch<C> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let node = Node::from_json(raw.get().as_bytes()).map_err(D::Error::custom)?;
        let mut errors = Errors::default();
        let read = Self::read_all(&node, "", &mut errors);
        errors.finish(read).map_err(D::Error::custom)
    }
}

fn read_value(node: &Node, path: &str, kind: Kind, errors: &mut Errors) -> Option<Value> {
    let amount = |errors: &mut Errors| {
        number(node, path, Range::UpTo(Amount::MAX.micros()), errors)
            .map(|micros| Value::Amount(Amount::from_micros(micros)))
    };
    match (kind, node) {
        (Kind::Prose, Node::Null) => Some(Value::Text(String::new())),
        (Kind::Texts, Node::Null) => Some(Value::Texts(Vec::new())),
        (Kind::Amount, Node::Null) => Some(Value::Amount(Amount::ZERO)),
        (Kind::Name | Kind::OptionalAmount, Node::Null) => Some(Value::Nothing),
        (Kind::Title | Kind::Name, _) => text(node, path, MAX_NAME, errors).map(Value::Text),
        (Kind::Prose, _) => prose(node, path, MAX_PROSE, errors).map(Value::Text),
        (Kind::Texts, _) => texts(node, path, errors).map(Value::Texts),
        (Kind::Amount | Kind::OptionalAmount, _) => amount(errors),
    }
}

fn texts(node: &Node, path: &str, errors: &mut Errors) -> Option<Vec<String>> {
    let items = list(node, path, MAX_LIST, errors)?;
    let read =
        items.iter().enumerate().map(|(at, item)| text(item, &format!("{path}[{at}]"), MAX_REF, errors));
    // Collected before judged, so that every wrong item is named.
    read.collect::<Vec<_>>().into_iter().collect()
}

/// A value as JSON, digit for digit.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = serde_json::Value))]
pub struct Json(String);

impl Json {
    /// The JSON of a value.
    pub fn of(value: &impl Serialize) -> Self {
        // Own types only: their names are texts and their numbers finite, so this cannot fail.
        Self(serde_json::to_string(value).expect("own types serialise"))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(|raw| Self(raw.get().to_owned()))
    }
}

/// What an edit did to a field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changed {
    /// The field.
    #[cfg_attr(feature = "openapi", schema(example = "title"))]
    pub field: String,
    /// What it held.
    pub before: Json,
    /// What it holds.
    pub after: Json,
}

/// Every field in which two contents differ.
pub fn changed<C: Editable>(before: &C, after: &C) -> Vec<Changed> {
    let pairs = C::FIELDS.iter().map(|field| (field.name, (field.get)(before), (field.get)(after)));
    pairs
        .filter(|(_, before, after)| before != after)
        .map(|(name, before, after)| Changed {
            field: name.to_owned(),
            before: Json::of(&before),
            after: Json::of(&after),
        })
        .collect()
}
