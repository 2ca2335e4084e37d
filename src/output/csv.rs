//! One line a sentence.

use super::record::rounded;
use super::{ArticleRecord, Codes, SentenceRecord, StatementRecord, unwrapped};
use crate::label::{LabelSet, NONE};
use crate::text::Kind;
use std::io::{Result, Write};

/// The columns before the labels' own.
pub(super) const COLUMNS: [&str; 9] =
    ["source", "id", "index", "kind", "start", "end", "quoted", "text", "labels"];
/// The columns behind the labels' own: a value for each label given, in the order of the column `labels`, joined by `|`.
const STATEMENT_COLUMNS: [&str; 4] = ["speaker", "target", "cameo", "plover"];

pub(super) fn header<W: Write>(labels: &LabelSet, out: &mut ::csv::Writer<W>) -> Result<()> {
    out.write_record(COLUMNS.into_iter().chain(labels.names()).chain(STATEMENT_COLUMNS))
        .map_err(unwrapped)?;
    out.flush()
}

pub(super) fn rows<W: Write>(
    article: &ArticleRecord,
    labels: &LabelSet,
    first: bool,
    out: &mut ::csv::Writer<W>,
) -> Result<()> {
    if first {
        header(labels, out)?;
    }
    for sentence in article.sentences.iter().filter(|sentence| sentence.kind != Kind::Furniture) {
        let tagged = if sentence.labels.is_empty() { NONE.into() } else { sentence.labels.join("|") };
        let kind = if sentence.kind == Kind::Headline { "headline" } else { "body" };
        let fields = [
            article.source.clone(),
            article.id.clone().unwrap_or_default(),
            sentence.index.to_string(),
            kind.into(),
            sentence.start.to_string(),
            sentence.end.to_string(),
            sentence.quoted.to_string(),
            sentence.text.clone(),
            tagged,
        ];
        let scores = sentence
            .scores
            .0
            .iter()
            .map(|(_, score)| score.map(|s| rounded(s).to_string()).unwrap_or_default());
        let told = told(sentence);
        out.write_record(fields.into_iter().chain(scores).chain(told)).map_err(unwrapped)?;
    }
    out.flush()
}

/// Who performs the acts, towards whom, and the codes of the acts.
fn told(sentence: &SentenceRecord) -> [String; 4] {
    let joined = |value: &dyn Fn(&StatementRecord) -> String| {
        sentence.statements.iter().map(value).collect::<Vec<_>>().join("|")
    };
    let code = |statement: &StatementRecord| Codes::of(&statement.label);
    [
        joined(&|statement| cell(statement.speaker())),
        joined(&|statement| cell(statement.target.as_ref().map(|target| target.shown()))),
        joined(&|statement| cell(code(statement).map(|codes| codes.cameo))),
        joined(&|statement| cell(code(statement).map(|codes| codes.plover))),
    ]
}

/// A value that does not hold what joins values.
fn cell(value: Option<&str>) -> String {
    value.unwrap_or_default().replace('|', "/")
}
