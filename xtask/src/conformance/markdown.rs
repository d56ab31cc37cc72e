//! As much of Markdown as the checks need: prose without code blocks, code spans, tables, headings.

/// A table: its header and rows, cell by cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table<'a> {
    pub(super) header: Vec<&'a str>,
    pub(super) rows: Vec<Vec<&'a str>>,
}

impl<'a> Table<'a> {
    /// The cells below a header, with the first cell of their rows, which names them. None if there is no such column.
    pub(super) fn column(&self, header: &str) -> Option<impl Iterator<Item = (&'a str, &'a str)>> {
        let at = self.header.iter().position(|cell| *cell == header)?;
        let cell = move |row: &Vec<&'a str>, at: usize| row.get(at).copied().unwrap_or_default();
        Some(self.rows.iter().map(move |row| (cell(row, 0), cell(row, at))))
    }
}

/// The lines outside of fenced code blocks, with their numbers from 1.
pub(super) fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_code = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        (!in_code && !is_fence).then_some((index + 1, line))
    })
}

/// What is between backquotes in a line or cell.
pub(super) fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

pub(super) fn tables(text: &str) -> Vec<Table<'_>> {
    let mut tables: Vec<Table<'_>> = Vec::new();
    let mut inside = false;
    for (_, line) in prose(text) {
        let Some(cells) = cells(line) else {
            inside = false;
            continue;
        };
        match tables.last_mut().filter(|_| inside) {
            None => tables.push(Table {
                header: cells,
                rows: Vec::new(),
            }),
            Some(_) if is_rule(&cells) => {}
            Some(table) => table.rows.push(cells),
        }
        inside = true;
    }
    tables
}

/// A row's cells. A pipe after a backslash is text.
fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let mut cells = Vec::new();
    let mut begin = 0;
    for (at, _) in row.match_indices('|') {
        if !row[..at].ends_with('\\') {
            cells.push(row[begin..at].trim());
            begin = at + 1;
        }
    }
    cells.push(row[begin..].trim());
    Some(cells)
}

/// The line of dashes below a header.
fn is_rule(cells: &[&str]) -> bool {
    cells
        .iter()
        .all(|cell| !cell.is_empty() && cell.chars().all(|sign| matches!(sign, '-' | ':')))
}

/// What a heading is called in links, as GitHub makes it of its text: lower case, blanks as dashes, punctuation left out.
pub(super) fn anchors(text: &str) -> Vec<String> {
    prose(text)
        .filter(|(_, line)| line.starts_with('#'))
        .filter_map(|(_, line)| line.trim_start_matches('#').strip_prefix(' '))
        .map(|heading| {
            let kept = heading
                .trim()
                .chars()
                .filter(|sign| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_'));
            kept.collect::<String>().to_lowercase().replace(' ', "-")
        })
        .collect()
}

#[test]
fn tables_are_read_cell_by_cell_and_code_blocks_are_not_read() {
    let text = "a | b\n\n| id | what |\n|---|:--|\n| A | x\\|y |\n| B | |\n\n```\n| no | table |\n```\n| C |\n";
    let tables = tables(text);
    assert_eq!(tables.len(), 2);
    assert_eq!(tables[0].header, ["id", "what"]);
    assert_eq!(tables[0].rows, [["A", "x\\|y"], ["B", ""]]);
    assert_eq!(tables[1].header, ["C"]);
    let column: Vec<_> = tables[0].column("what").unwrap().collect();
    assert_eq!(column, [("A", "x\\|y"), ("B", "")]);
    assert!(tables[0].column("why").is_none());
}

#[test]
fn code_is_what_is_between_backquotes() {
    assert_eq!(code_spans("a `b` c `d e`").collect::<Vec<_>>(), ["b", "d e"]);
    assert_eq!(code_spans("no code").count(), 0);
}

#[test]
fn anchors_are_those_of_github() {
    let text = "# The issuer's keys\n## SP 800-63B-4: what is `met`\n```sh\n# a comment\n```\n#hashtag\n";
    assert_eq!(anchors(text), ["the-issuers-keys", "sp-800-63b-4-what-is-met"]);
}
