//! `rhetor review`: articles in, the sentences to label next out.

use super::args::ReviewArgs;
use super::inputs::open;
use super::progress::Bar;
use super::{Outcome, outputs};
use crate::atomic;
use crate::classifier::tags;
use crate::dataset::{Dataset, ReadOptions};
use crate::error::Result;
use crate::model::Model;
use crate::output::{Queued, write_queue};
use crate::review::{Choice, choose};
use crate::text::{Article, Sentence, sentences};
use ndarray::{Array2, Axis};
use rayon::prelude::*;
use std::collections::HashSet;
use std::io::BufWriter;
use std::path::PathBuf;

/// Reads, scores, chooses, writes.
pub(super) fn run(args: &ReviewArgs) -> anyhow::Result<Outcome> {
    outputs::only("--output", args.output.as_ref(), "csv")?;
    let model = open(args.articles.model())?;
    let given = args.labelled.iter().map(PathBuf::as_path).chain(args.articles.paths());
    outputs::check(&[("--output", args.output.as_ref())], given)?;
    let known = known(&args.labelled)?;
    let (articles, outcome) = read(args)?;
    let pool = Pool::new(&articles, &known);
    let queue = pool.queue(&model, args.count)?;
    let labels = model.labels();
    match &args.output {
        Some(path) => atomic::write(path, |out| write_queue(labels, &queue, out, path))?,
        None => {
            write_queue(labels, &queue, &mut BufWriter::new(std::io::stdout()), "standard output".as_ref())?
        }
    }
    Ok(outcome)
}

/// The texts that are labelled already.
fn known(paths: &[PathBuf]) -> Result<HashSet<String>> {
    if paths.is_empty() {
        return Ok(HashSet::new());
    }
    let texts = Dataset::read_texts(paths, &ReadOptions::default())?;
    Ok(texts.iter().map(|text| text.trim().to_string()).collect())
}

/// All articles that can be read, at least one; the others are complained of.
fn read(args: &ReviewArgs) -> Result<(Vec<Article>, Outcome)> {
    let reading = args.articles.reading(args.output.as_ref());
    let mut found = Vec::new();
    let outcome = reading.each(
        || (),
        |article| {
            found.push(article);
            Ok(())
        },
    )?;
    if found.is_empty() {
        return Err(reading.complaint("nothing to choose from", "name other files"));
    }
    Ok((found, outcome))
}

/// The sentences to choose from, with their places among all.
struct Pool<'a> {
    /// Every sentence of every article.
    sentences: Vec<(&'a Article, Sentence)>,
    /// Those that are not labelled yet.
    open: Vec<usize>,
}

impl<'a> Pool<'a> {
    fn new(articles: &'a [Article], known: &HashSet<String>) -> Self {
        let split: Vec<Vec<Sentence>> = articles.par_iter().map(sentences).collect();
        let sentences: Vec<(&Article, Sentence)> = articles
            .iter()
            .zip(split)
            .flat_map(|(article, sentences)| sentences.into_iter().map(move |sentence| (article, sentence)))
            .collect();
        let is_open = |index: &usize| {
            let (article, sentence) = &sentences[*index];
            !known.contains(sentence.span.of(&article.text).trim())
        };
        let open = (0..sentences.len()).filter(is_open).collect();
        Pool { sentences, open }
    }

    fn queue(&self, model: &Model, count: usize) -> Result<Vec<Queued>> {
        let text = |index: &usize| {
            let (article, sentence) = &self.sentences[*index];
            sentence.span.of(&article.text)
        };
        let texts: Vec<&str> = self.open.iter().map(text).collect();
        let bar = Bar::new("scoring");
        let scores = model.score(&texts, &|done| bar.set(done, Some(texts.len())))?;
        bar.clear();
        let chosen = choose(&texts, scores.view(), count);
        Ok(chosen.into_iter().map(|choice| self.queued(choice, model, &scores)).collect())
    }

    fn queued(&self, choice: Choice, model: &Model, scores: &Array2<f32>) -> Queued {
        let index = self.open[choice.row];
        let (article, sentence) = &self.sentences[index];
        let row = scores.row(choice.row);
        let given = tags(row.insert_axis(Axis(0)), model.thresholds());
        Queued {
            text: sentence.span.of(&article.text).to_string(),
            suggested: model.labels().format(&given.row(0).to_vec()),
            unsure: model.labels().name(choice.label).to_string(),
            scores: row.to_vec(),
            doc: article.source.clone(),
            before: self.neighbour(article, index.checked_sub(1)),
            after: self.neighbour(article, Some(index + 1)),
        }
    }

    /// The text of a sentence if there is one and it is of this article; else nothing.
    fn neighbour(&self, article: &Article, index: Option<usize>) -> String {
        match index.and_then(|index| self.sentences.get(index)) {
            Some((own, sentence)) if std::ptr::eq(*own, article) => sentence.span.of(&own.text).to_string(),
            _ => String::new(),
        }
    }
}
