//! Fields of forms: what was typed, and beside each field what is wrong with it.

use crate::context::{SentForm, is_about};
use domain::stage::Stage;
use leptos::prelude::*;

/// A line to type into.
pub(crate) struct Line {
    /// Its name, the path of the API: `investments[0].energy_units`.
    pub name: String,
    /// Which of several forms of the page it is in, where they have fields of the same name; empty else.
    pub of: String,
    /// Its label.
    pub label: AnyView,
    /// What to type.
    pub hint: &'static str,
    /// Whether it may be left empty, and says so.
    pub optional: bool,
    /// Whether it must be filled.
    pub required: bool,
    /// Whether it holds a number.
    pub numeric: bool,
    /// An example in the empty field.
    pub placeholder: &'static str,
}

impl Line {
    /// A field of text.
    pub(crate) fn new(name: impl Into<String>, label: impl IntoView + 'static) -> Self {
        Self {
            name: name.into(),
            of: String::new(),
            label: label.into_any(),
            hint: "",
            optional: false,
            required: false,
            numeric: false,
            placeholder: "",
        }
    }

    /// The same in one of several forms that have it.
    pub(crate) fn of(self, of: &str) -> Self {
        Self { of: of.to_owned(), ..self }
    }

    /// The same with a hint.
    pub(crate) fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// The same, to be filled.
    pub(crate) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The same, which says that it may be left empty.
    pub(crate) fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The same for a number.
    pub(crate) fn numeric(self) -> Self {
        Self { numeric: true, ..self }
    }

    /// The same with an example.
    pub(crate) fn placeholder(self, placeholder: &'static str) -> Self {
        Self { placeholder, ..self }
    }

    /// The field as a form shows it.
    pub(crate) fn show(self, form: &SentForm) -> AnyView {
        let id = field_id_of(&self.name, &self.of);
        let value = form.typed(&self.name).unwrap_or_default().to_owned();
        let problem = Problem::of(form, &self.name);
        let described = problem.described_by(&id, !self.hint.is_empty());
        let given = |text: &'static str| (!text.is_empty()).then_some(text);
        view! {
            <div class="field">
                <label for=id.clone()>{self.label}{self.optional.then(optional_word)}</label>
                <input
                    class=if self.numeric { "input num" } else { "input" }
                    id=id.clone()
                    name=self.name
                    value=value
                    autocomplete="off"
                    required=self.required
                    inputmode=self.numeric.then_some("decimal")
                    placeholder=given(self.placeholder)
                    aria-invalid=problem.mark()
                    aria-describedby=described
                />
                {problem.show(&id)}
                {hint(&id, self.hint)}
            </div>
        }
        .into_any()
    }
}

/// The word beside the label of a field that may be left empty.
pub(crate) fn optional_word() -> impl IntoView {
    view! { " "<span class="opt">"optional"</span> }
}

/// What to type, under a field.
pub(crate) fn hint(id: &str, text: &'static str) -> impl IntoView + use<> {
    (!text.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{text}</p> })
}

/// A field of several lines.
pub(crate) fn area(
    form: &SentForm,
    name: &'static str,
    label: String,
    words: &'static str,
    rows: u8,
) -> AnyView {
    let id = field_id(name);
    let problem = Problem::of(form, name);
    // A text area's own first line break is not part of its value.
    let typed = escaped(form.typed(name).unwrap_or_default());
    view! {
        <div class="field">
            <label for=id.clone()>{label}{optional_word()}</label>
            <textarea
                class="input" id=id.clone() name=name rows=rows.to_string() spellcheck="false"
                aria-invalid=problem.mark() aria-describedby=problem.described_by(&id, true)
                inner_html=format!("\n{typed}")
            ></textarea>
            {problem.show(&id)}
            {hint(&id, words)}
        </div>
    }
    .into_any()
}

/// A text as the HTML of a text area has it.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Values to choose from, each with its label, under the name of their group, which may be empty.
pub(crate) type Group = (&'static str, Vec<(String, String)>);

/// A field to choose from values.
pub(crate) fn choice(
    form: &SentForm,
    name: &'static str,
    label: &'static str,
    groups: Vec<Group>,
) -> AnyView {
    let id = field_id(name);
    let problem = Problem::of(form, name);
    let typed = form.typed(name).unwrap_or_default().to_owned();
    let option = |(value, label): (String, String)| {
        let selected = value == typed;
        view! { <option value=value selected=selected>{label}</option> }
    };
    let group = |(label, values): Group| {
        let options: Vec<_> = values.into_iter().map(option).collect();
        if label.is_empty() {
            options.into_any()
        } else {
            view! { <optgroup label=label>{options}</optgroup> }.into_any()
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                class="input" id=id.clone() name=name
                aria-invalid=problem.mark() aria-describedby=problem.described_by(&id, false)
            >
                {groups.into_iter().map(group).collect::<Vec<_>>()}
            </select>
            {problem.show(&id)}
        </div>
    }
    .into_any()
}

/// What is wrong with a field.
pub(crate) struct Problem(Option<String>);

impl Problem {
    /// What a refused form says of a field.
    pub(crate) fn of(form: &SentForm, name: &str) -> Self {
        let mut errors = form.errors_of(name).map(|error| match line_of(&error.field, name) {
            Some(line) => format!("Line {line} {}.", error.message),
            None => sentence(asked(&error.message)),
        });
        let first = errors.next();
        Self(first.map(|first| errors.fold(first, |text, next| format!("{text} {next}"))))
    }

    /// The value of `aria-invalid`.
    pub(crate) fn mark(&self) -> Option<&'static str> {
        self.0.as_ref().map(|_| "true")
    }

    /// The value of `aria-describedby`.
    pub(crate) fn described_by(&self, id: &str, hinted: bool) -> Option<String> {
        let error = self.0.as_ref().map(|_| format!("{id}-error"));
        let hint = hinted.then(|| format!("{id}-hint"));
        let both: Vec<String> = [error, hint].into_iter().flatten().collect();
        (!both.is_empty()).then(|| both.join(" "))
    }

    /// The words under the field.
    pub(crate) fn show(self, id: &str) -> impl IntoView + use<> {
        let id = format!("{id}-error");
        self.0.map(|text| view! { <p class="error" id=id>{text}</p> })
    }
}

/// What is wrong with a sent form, on top of it, with the way to each field.
pub(crate) fn summary(form: &SentForm, done: &str, names: &[String]) -> AnyView {
    if !form.is_refused() {
        return ().into_any();
    }
    let count = form.errors.len();
    let title = match count {
        0 => done.to_owned(),
        1 => format!("{done}: one field needs a change"),
        _ => format!("{done}: {count} fields need a change"),
    };
    let item = |error: &domain::error::FieldError| {
        let text = format!("{} {}", label_of(&error.field), asked(&error.message));
        match names.iter().find(|name| is_about(&error.field, name)) {
            Some(name) => view! { <li><a href=format!("#{}", field_id(name))>{text}</a></li> }.into_any(),
            None => view! { <li>{text}</li> }.into_any(),
        }
    };
    let items: Vec<_> = form.errors.iter().map(item).collect();
    let message = form.message.clone().map(|message| view! { <p>{message}</p> });
    view! {
        <div class="notice fail" id="form-errors" role="alert" tabindex="-1">
            <h2>{title}</h2>
            {message}
            {(count > 0).then(|| view! { <ul>{items}</ul> })}
        </div>
    }
    .into_any()
}

/// The id of a field's element.
pub(crate) fn field_id(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|part| !part.is_empty());
    parts.fold(String::from("field"), |id, part| format!("{id}-{part}"))
}

/// The id of a field's element in one of several forms that have it.
pub(crate) fn field_id_of(name: &str, of: &str) -> String {
    if of.is_empty() { field_id(name) } else { format!("{}-{of}", field_id(name)) }
}

/// The line of a list's field that an error is about, from 1.
fn line_of(path: &str, name: &str) -> Option<usize> {
    let index = path.strip_prefix(name)?.strip_prefix('[')?.split_once(']')?.0;
    index.parse::<usize>().ok().map(|index| index + 1)
}

/// A field's name for a reader: `Investment 1: energy units`.
fn label_of(path: &str) -> String {
    if let Some(line) = line_of(path, "implementation_refs") {
        return format!("Implementation ref {line}");
    }
    if let Some((row, field)) =
        line_of(path, "investments").zip(path.split_once("].").map(|(_, field)| field))
    {
        return format!("Investment {row}: {}", plain(field));
    }
    if let Some(stage) = path.strip_prefix("contributors.").and_then(Stage::named) {
        return format!("Contributor of {}", stage.label().to_lowercase());
    }
    capitalised(&plain(path))
}

fn plain(name: &str) -> String {
    name.replace('_', " ")
}

/// A message as a form says it: to a reader with the field before them, not to a machine that left it out.
fn asked(message: &str) -> &str {
    if message == "is required" { "must be filled in" } else { message }
}

/// A message as a sentence: `Must be above zero.`
fn sentence(message: &str) -> String {
    let text = capitalised(message);
    if text.ends_with(['.', '?', '!']) { text } else { format!("{text}.") }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_fields_are_plain_words() {
        assert_eq!(field_id("idea_id"), "field-idea_id");
        assert_eq!(field_id("investments[0].energy_units"), "field-investments-0-energy_units");
    }

    #[test]
    fn errors_name_their_field_as_the_page_does() {
        assert_eq!(label_of("spec_id"), "Spec id");
        assert_eq!(label_of("investments[1].coherence_score"), "Investment 2: coherence score");
        assert_eq!(label_of("implementation_refs[0]"), "Implementation ref 1");
        assert_eq!(label_of("contributors.spec_upgrade"), "Contributor of spec upgrade");
        assert_eq!(label_of("investments"), "Investments");
        assert_eq!(sentence("must be above zero"), "Must be above zero.");
        assert_eq!(sentence("must be one of a, b; did you mean a?"), "Must be one of a, b; did you mean a?");
    }
}
