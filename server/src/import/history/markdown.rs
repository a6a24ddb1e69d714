//! Lines and headings of Markdown.

/// A heading and what stands below it, up to the next one that is not below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section<'a> {
    /// Its text, without marks.
    pub heading: &'a str,
    /// Itself and all below it.
    pub text: &'a str,
}

/// The lines that are in no code block, each with its place in the text.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut fence, mut next) = (None, 0);
    text.split_inclusive('\n').filter_map(move |line| {
        let (at, line) = (
            next,
            {
                next += line.len();
                line
            }
            .trim_end_matches(['\n', '\r']),
        );
        let begin = line.trim_start();
        match fence {
            Some(mark) if begin.starts_with(mark) => fence = None,
            Some(_) => {}
            None => {
                fence = ["```", "~~~"].into_iter().find(|mark| begin.starts_with(mark));
                return fence.is_none().then_some((at, line));
            }
        }
        None
    })
}

/// The lines that are in no code block.
pub fn outside_code(text: &str) -> impl Iterator<Item = &str> {
    lines(text).map(|(_, line)| line)
}

/// The level and text of a heading's line.
pub fn heading_of(line: &str) -> Option<(usize, &str)> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let is_heading = (1..=6).contains(&level) && text.starts_with([' ', '\t']);
    let text = text.trim().trim_end_matches('#').trim_end();
    (is_heading && !text.is_empty()).then_some((level, text))
}

/// Every heading with what stands below it.
pub fn sections(text: &str) -> Vec<Section<'_>> {
    let heads: Vec<_> = lines(text)
        .filter_map(|(at, line)| heading_of(line).map(|(level, heading)| (at, level, heading)))
        .collect();
    let end_of = |place: usize, level: usize| {
        heads[place + 1..].iter().find(|(_, other, _)| *other <= level).map_or(text.len(), |(end, ..)| *end)
    };
    let places = heads.iter().enumerate();
    places
        .map(|(place, &(begin, level, heading))| Section {
            heading,
            text: &text[begin..end_of(place, level)],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_goes_on_to_the_next_heading_of_its_level() {
        let text = "intro\n# A\na\n### 1. B\nb\n#### c\n```\n### 9. no\n```\n### 2. D ##\r\nd\n# E\n#none\n";
        let found: Vec<_> = sections(text).into_iter().map(|it| (it.heading, it.text.len())).collect();
        assert_eq!(
            found,
            [
                ("A", text.find("# E").unwrap() - text.find("# A").unwrap()),
                ("1. B", text.find("### 2").unwrap() - text.find("### 1").unwrap()),
                ("c", text.find("### 2").unwrap() - text.find("#### c").unwrap()),
                ("2. D", text.find("# E").unwrap() - text.find("### 2").unwrap()),
                ("E", "# E\n#none\n".len()),
            ]
        );
    }
}
