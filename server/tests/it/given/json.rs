//! JSON with its members in order and its numbers digit for digit.

use domain::input::Node;

/// A JSON text, read and as it was.
pub struct Json {
    node: Node,
}

impl Json {
    pub fn read(text: &str) -> Self {
        let node = Node::from_json(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        Self { node }
    }

    /// The value at a path such as `payouts[0].amount`.
    pub fn at(&self, path: &str) -> &Node {
        let names = path.split(['.', '[']).map(|name| name.trim_end_matches(']'));
        names.filter(|name| !name.is_empty()).fold(&self.node, |node, name| match node {
            Node::List(items) => &items[name.parse::<usize>().expect("an index")],
            Node::Object(members) => {
                let found = members.iter().find(|(member, _)| member == name);
                &found.unwrap_or_else(|| panic!("no {name} of {path} in {members:?}")).1
            }
            other => panic!("no {name} of {path} in {other:?}"),
        })
    }

    /// A text or number at a path, as it was written.
    pub fn text(&self, path: &str) -> String {
        match self.at(path) {
            Node::Text(text) | Node::Number(text) => text.clone(),
            other => format!("{other:?}"),
        }
    }

    /// The text of a member whose name may be anything.
    pub fn member(&self, name: &str) -> String {
        let Node::Object(members) = &self.node else { panic!("no object but {:?}", self.node) };
        match members.iter().find(|(member, _)| member == name) {
            Some((_, Node::Text(text))) => text.clone(),
            other => panic!("{name} is no text but {other:?}"),
        }
    }

    /// How many items a list at a path has.
    pub fn len(&self, path: &str) -> usize {
        match self.at(path) {
            Node::List(items) => items.len(),
            other => panic!("{path} is no list but {other:?}"),
        }
    }

    /// An item of a list, by itself.
    pub fn item(&self, list: &str, at: usize) -> Self {
        Self { node: self.at(&format!("{list}[{at}]")).clone() }
    }

    /// The texts at a path within each item of a list.
    pub fn each(&self, list: &str, path: &str) -> Vec<String> {
        (0..self.len(list)).map(|at| self.text(&format!("{list}[{at}].{path}"))).collect()
    }

    /// Every path with its kind of value, in order; of a list, those of its first item.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        collect(&self.node, "", &mut paths);
        paths
    }
}

fn collect(node: &Node, path: &str, paths: &mut Vec<String>) {
    match node {
        Node::Object(members) => {
            members.iter().for_each(|(name, node)| collect(node, &format!("{path}.{name}"), paths));
        }
        Node::List(items) => items.iter().take(1).for_each(|item| collect(item, &format!("{path}[]"), paths)),
        Node::Number(_) => paths.push(format!("{path}: number")),
        Node::Text(_) => paths.push(format!("{path}: text")),
        Node::Bool(_) => paths.push(format!("{path}: flag")),
        Node::Null => paths.push(format!("{path}: null")),
    }
}

/// The same JSON without the white space between its tokens.
pub fn minified(text: &str) -> String {
    let mut out = String::new();
    walk(text, |token, in_text| {
        if in_text || !token.is_whitespace() {
            out.push(token);
        }
    });
    out
}

/// The same tokens in the same order, one member a line.
pub fn indented(text: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0_usize);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    let mut before = ' ';
    walk(&minified(text), |token, in_text| {
        let empty = matches!((before, token), ('{', '}') | ('[', ']'));
        if !in_text && matches!(token, '}' | ']') {
            depth -= 1;
            if !empty {
                line(&mut out, depth);
            }
        } else if matches!(before, '{' | '[') {
            line(&mut out, depth);
        }
        out.push(token);
        before = if in_text { 'x' } else { token };
        match token {
            _ if in_text => {}
            '{' | '[' => depth += 1,
            ',' => line(&mut out, depth),
            ':' => out.push(' '),
            _ => {}
        }
    });
    out
}

/// Every character, with whether it is part of a text (its quotes included).
fn walk(text: &str, mut each: impl FnMut(char, bool)) {
    let (mut in_text, mut escaped) = (false, false);
    for character in text.chars() {
        let quote = character == '"' && !escaped;
        each(character, in_text || quote);
        escaped = in_text && character == '\\' && !escaped;
        in_text ^= quote;
    }
}
