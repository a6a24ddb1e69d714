//! Where the YAML stands that a Markdown file may begin with.

/// Cuts a text into its front matter, if it has one, and the rest.
pub fn split(text: &str) -> Result<(Option<&str>, &str), String> {
    let is_fence = |line: &str, fences: &[&str]| fences.contains(&line.trim_end());
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| is_fence(line, &["---"])) else { return Ok((None, text)) };
    let mut at = first.len();
    for line in lines {
        if is_fence(line, &["---", "..."]) {
            return Ok((Some(&text[first.len()..at]), &text[at + line.len()..]));
        }
        at += line.len();
    }
    Err("the front matter begins with --- in the first line and never ends with another ---".into())
}
