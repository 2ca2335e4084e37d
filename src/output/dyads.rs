//! Who does what to whom, and how often: statements counted over many articles.

use super::record::rounded;
use super::{ArticleRecord, Codes, StatementRecord, unwrapped};
use crate::attribution::is_pronoun;
use crate::error::{Error, Result};
use crate::grid::Grid;
use crate::text::one_line;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::path::Path;

/// What stands in a table for a party that no text names.
const UNKNOWN: &str = "?";
/// A table narrower than this has both parties in one column: in two there would not be the room for a long word.
const NARROW: usize = 60;
pub(super) const COLUMNS: [&str; 8] =
    ["source", "target", "label", "cameo", "plover", "count", "probability", "articles"];

/// The shape in which dyads are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DyadFormat {
    /// A table at most so many columns wide.
    Table(usize),
    /// One line a dyad, with a header; articles joined by `|`.
    Csv,
    /// One JSON object.
    Json,
}

/// Counts of source × target × label.
///
/// A party is counted under its fullest name in the article, else under the words that mention it, unless they are a bare
/// pronoun; the same name in two articles is the same party.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dyads {
    counts: BTreeMap<Dyad, Tally>,
    articles: usize,
    /// The names under which articles are listed so far.
    names: HashSet<String>,
}

/// A dyad with its count.
#[derive(Debug, Clone, Copy)]
pub(super) struct DyadRow<'a> {
    pub(super) source: Option<&'a str>,
    pub(super) target: Option<&'a str>,
    pub(super) label: &'a str,
    pub(super) count: usize,
    /// The mean of its statements' probabilities.
    pub(super) probability: f64,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Dyad {
    source: Option<String>,
    target: Option<String>,
    label: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Tally {
    count: usize,
    /// The sum of the statements' probabilities.
    probability: f64,
    /// Each article's name once, in reading order.
    articles: Vec<String>,
    /// The number of the article counted last, from 1.
    last: usize,
}

impl Dyads {
    /// Counts the statements of an article whose probability is at least `least`.
    pub fn add(&mut self, article: &ArticleRecord, least: f32) {
        self.articles += 1;
        let name = self.name(article);
        let statements = article.sentences.iter().flat_map(|sentence| &sentence.statements);
        for statement in statements.filter(|statement| statement.probability >= least) {
            let tally = self.counts.entry(Dyad::new(statement)).or_default();
            tally.count += 1;
            tally.probability += f64::from(statement.probability);
            if tally.last != self.articles {
                tally.last = self.articles;
                tally.articles.push(name.clone());
            }
        }
    }

    /// What an article is listed under: its id, or its source where it has none or an earlier article had the same, as in
    /// files that are each numbered from 1.
    fn name(&mut self, article: &ArticleRecord) -> String {
        let id = article.id.iter().find(|id| !self.names.contains(*id));
        let name = id.unwrap_or(&article.source).clone();
        self.names.insert(name.clone());
        name
    }

    /// Writes the dyads, the most frequent first, then by source, target and label. `name` stands for `out` in messages.
    ///
    /// # Errors
    /// When the output cannot be written to.
    pub fn write(&self, format: DyadFormat, model: &str, out: &mut dyn Write, name: &Path) -> Result<()> {
        let written = match format {
            DyadFormat::Table(width) => writeln!(out, "{}", self.table(width)),
            DyadFormat::Csv => self.csv(out),
            DyadFormat::Json => self.json(model, out),
        };
        written.and_then(|()| out.flush()).map_err(|e| Error::io(name, "write", e))
    }

    /// The dyads, the most frequent first, then by source, target and label.
    pub(super) fn rows(&self) -> Vec<DyadRow<'_>> {
        let rows = self.sorted().into_iter().map(|(dyad, tally)| DyadRow {
            source: dyad.source.as_deref(),
            target: dyad.target.as_deref(),
            label: &dyad.label,
            count: tally.count,
            probability: tally.mean(),
        });
        rows.collect()
    }

    fn sorted(&self) -> Vec<(&Dyad, &Tally)> {
        let mut dyads: Vec<(&Dyad, &Tally)> = self.counts.iter().collect();
        dyads.sort_by_key(|(dyad, tally)| (Reverse(tally.count), *dyad));
        dyads
    }

    /// The table, with the number of articles instead of their names.
    fn table(&self, width: usize) -> String {
        let narrow = width < NARROW;
        let figures = ["Label", "Count", "Prob.", "Articles", "CAMEO", "PLOVER"];
        let mut table = if narrow {
            Grid::new(["Source → target"].into_iter().chain(figures)).aligned(1, 2).spare(&[6, 5, 4, 3])
        } else {
            Grid::new(["Source", "Target"].into_iter().chain(figures)).aligned(2, 3).spare(&[7, 6, 5, 4])
        };
        for (dyad, tally) in self.sorted() {
            let [source, target] =
                [&dyad.source, &dyad.target].map(|party| party.clone().unwrap_or(UNKNOWN.into()));
            let parties = if narrow { vec![format!("{source} → {target}")] } else { vec![source, target] };
            table.push(parties.into_iter().chain(dyad.figures(tally)));
        }
        let statements: usize = self.counts.values().map(|tally| tally.count).sum();
        format!("{}\n\n{statements} statements in {} articles", table.text(width), self.articles)
    }

    fn csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(COLUMNS).map_err(unwrapped)?;
        for (dyad, tally) in self.sorted() {
            let [source, target] = [&dyad.source, &dyad.target].map(|party| party.as_deref().unwrap_or(""));
            let codes = Codes::of(&dyad.label);
            let [cameo, plover] = codes.map_or(["", ""], |codes| [codes.cameo, codes.plover]);
            let count = tally.count.to_string();
            let probability = tally.mean().to_string();
            let articles = tally.articles.join("|");
            writer
                .write_record([source, target, &dyad.label, cameo, plover, &count, &probability, &articles])
                .map_err(unwrapped)?;
        }
        writer.flush()
    }

    fn json(&self, model: &str, out: &mut dyn Write) -> io::Result<()> {
        let dyads: Vec<Value> = self.sorted().into_iter().map(|(dyad, tally)| dyad.json(tally)).collect();
        let whole = json!({
            "schema": "rhetor.dyads/1", "model": model, "articles": self.articles, "dyads": dyads,
        });
        serde_json::to_writer_pretty(&mut *out, &whole)?;
        writeln!(out)
    }
}

impl Dyad {
    fn new(statement: &StatementRecord) -> Self {
        Dyad {
            source: statement.speaker().and_then(party),
            target: statement.target.as_ref().and_then(|target| party(target.shown())),
            label: statement.label.clone(),
        }
    }

    /// What a table tells of it beside its parties.
    fn figures(&self, tally: &Tally) -> [String; 6] {
        let codes = Codes::of(&self.label);
        let [cameo, plover] = codes.map_or(["", ""], |codes| [codes.cameo, codes.plover]).map(String::from);
        let probability = format!("{:.2}", tally.mean());
        let [count, articles] = [tally.count, tally.articles.len()].map(|count| count.to_string());
        [self.label.clone(), count, probability, articles, cameo, plover]
    }

    fn json(&self, tally: &Tally) -> Value {
        let codes = Codes::of(&self.label);
        json!({
            "source": self.source, "target": self.target, "label": self.label,
            "cameo": codes.map(|codes| codes.cameo),
            "plover": codes.map(|codes| codes.plover).filter(|code| !code.is_empty()),
            "count": tally.count, "probability": tally.mean(), "articles": tally.articles,
        })
    }
}

/// The name under which a party is counted: none for a bare pronoun, which is somebody else in every article; an article
/// at the start in lower case.
fn party(name: &str) -> Option<String> {
    let name = one_line(name);
    let (first, rest) = name.split_once(' ').unwrap_or((&name, ""));
    match first {
        "The" | "A" | "An" if !rest.is_empty() => Some(format!("{} {rest}", first.to_lowercase())),
        _ => (!is_pronoun(&name)).then_some(name),
    }
}

impl Tally {
    /// The mean probability, to four decimals.
    fn mean(&self) -> f64 {
        rounded((self.probability / self.count as f64) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parties_are_counted_under_names_only() {
        assert_eq!(party("The Council of Elders").as_deref(), Some("the Council of Elders"));
        assert_eq!(party("Orlan Dey").as_deref(), Some("Orlan Dey"));
        assert_eq!(party("The\nharbour board").as_deref(), Some("the harbour board"));
        for pronoun in ["He", "they", "who"] {
            assert_eq!(party(pronoun), None, "{pronoun}");
        }
    }
}
