//! Makes what a document shows like what another shows, touching only what differs.
//!
//! What stays is the same element as before: it keeps its focus, what was typed into it, how far it is scrolled and,
//! of `details`, whether it is open.

use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Document, Element, Node};

/// What a reader opens and closes, and no new version of the page does.
const OF_THE_READER: [&str; 1] = ["open"];

/// Gives an element the children of another, which is of another document.
pub(super) fn take_over(document: &Document, into: &Element, from: &Element) {
    let mut at = into.first_child();
    let mut new = from.first_child();
    while let Some(wanted) = new {
        let kept = counterpart(at.clone(), &wanted);
        match &kept {
            Some(kept) => {
                // Whatever stood before it is not wanted any more, or comes later.
                if at.as_ref() != Some(kept) {
                    let _ = into.insert_before(kept, at.as_ref());
                } else {
                    at = kept.next_sibling();
                }
                become_like(document, kept, &wanted);
            }
            None => {
                if let Ok(copy) = document.import_node_with_deep(&wanted, true) {
                    let _ = into.insert_before(&copy, at.as_ref());
                }
            }
        }
        new = wanted.next_sibling();
    }
    while let Some(left) = at {
        at = left.next_sibling();
        let _ = into.remove_child(&left);
    }
}

/// The node, from one on, that shows what another is to show: with the same name among named ones, else the very next
/// if it is of the same kind.
fn counterpart(mut at: Option<Node>, wanted: &Node) -> Option<Node> {
    if name(wanted).is_none() {
        return at.filter(|node| name(node).is_none() && node.node_name() == wanted.node_name());
    }
    while let Some(node) = at {
        if node.node_name() == wanted.node_name() && name(&node) == name(wanted) {
            return Some(node);
        }
        at = node.next_sibling();
    }
    None
}

/// By what an element is told from its siblings.
fn name(node: &Node) -> Option<String> {
    let element = node.dyn_ref::<Element>()?;
    element.get_attribute("id").or_else(|| element.get_attribute("aria-labelledby"))
}

fn become_like(document: &Document, node: &Node, wanted: &Node) {
    match (node.dyn_ref::<Element>(), wanted.dyn_ref::<Element>()) {
        (Some(element), Some(wanted)) => {
            take_attributes(element, wanted);
            take_over(document, element, wanted);
        }
        _ if node.node_value() != wanted.node_value() => node.set_node_value(wanted.node_value().as_deref()),
        _ => {}
    }
}

fn take_attributes(element: &Element, wanted: &Element) {
    let names = |of: &Element| {
        let names: Vec<String> =
            of.get_attribute_names().iter().filter_map(|name| name.as_string()).collect();
        names.into_iter().filter(|name| !OF_THE_READER.contains(&name.as_str()))
    };
    for name in names(element) {
        if !wanted.has_attribute(&name) {
            let _ = element.remove_attribute(&name);
        }
    }
    for name in names(wanted) {
        let value = wanted.get_attribute(&name);
        if element.get_attribute(&name) != value {
            let _ = element.set_attribute(&name, &value.unwrap_or_default());
        }
    }
}
