//! Articles as one self-contained web page: to read, filter, print and pass on. It works without its script, too.
//!
//! ```text
//! ArticleRecord --article--> the text as it reads, tags beside it --+
//!               --summary--> counts by label and speaker, dyads ----+--> page
//! ```

mod article;
mod summary;

use super::page::{counted, label_name, page, palette::class, scrolling};
use super::{ArticleRecord, Dyads, SentenceRecord};
use crate::label::LabelSet;
use crate::text::Kind;
use indexmap::IndexMap;
use maud::{Markup, html};
use summary::summary;

/// More dyads than this are not for reading; there is `rhetor dyads` for them.
const MOST_DYADS: usize = 100;
const UNTITLED: &str = "(no headline)";

/// The articles put down so far.
pub(super) struct Pages {
    labels: LabelSet,
    model: String,
    articles: Vec<Entry>,
    dyads: Dyads,
    speakers: Speakers,
}

/// One article, ready.
struct Entry {
    title: String,
    source: String,
    counts: Counts,
    body: Markup,
}

/// Sentences, and tags by label.
#[derive(Debug, Clone, Default)]
struct Counts {
    sentences: usize,
    tagged: usize,
    labels: Vec<usize>,
}

/// Who speaks, numbered by first appearance, with the number of tags.
#[derive(Debug, Default)]
struct Speakers(IndexMap<String, usize>);

impl Pages {
    pub(super) fn new(labels: LabelSet) -> Self {
        Pages {
            labels,
            model: String::new(),
            articles: Vec::new(),
            dyads: Dyads::default(),
            speakers: Speakers::default(),
        }
    }

    /// Puts one article down.
    pub(super) fn add(&mut self, record: &ArticleRecord) {
        let counts = Counts::of(record, &self.labels);
        let mut dyads = Dyads::default();
        dyads.add(record, 0.0);
        self.dyads.add(record, 0.0);
        let number = self.articles.len() + 1;
        let body = html! {
            (article::article(record, number, &self.labels, &counts, &mut self.speakers))
            (summary(&dyads, &self.labels, usize::MAX))
        };
        self.model.clone_from(&record.model);
        self.articles.push(Entry {
            title: record.title.clone().unwrap_or_else(|| UNTITLED.into()),
            source: record.source.clone(),
            counts,
            body,
        });
    }

    /// The whole page.
    pub(super) fn page(&self) -> String {
        let title = match self.articles.as_slice() {
            [only] => only.title.clone(),
            all => counted(all.len(), "article"),
        };
        let own = (include_str!("style.css"), include_str!("script.js"));
        page(&format!("{title} – rhetor"), self.labels.len(), own, self.body())
    }

    fn body(&self) -> Markup {
        html! {
            header.top {
                h1 { "rhetor " span { (self.headline()) } }
                (self.filters())
            }
            main #main tabindex="-1" .many[self.articles.len() > 1] {
                @if self.articles.len() != 1 { (self.overview()) }
                @for (i, entry) in self.articles.iter().enumerate() { (self.sheet(i + 1, entry)) }
            }
            footer.about { (self.about()) }
        }
    }

    /// What the page is of: `accusation, threat, denial, appeal in 3 articles`.
    fn headline(&self) -> String {
        format!("{} in {}", self.labels, counted(self.articles.len(), "article"))
    }

    /// Shown by the script, without which it could do nothing.
    fn filters(&self) -> Markup {
        let totals = self.totals();
        html! {
            form #filters .screen hidden aria-label="Filter the tags" {
                fieldset {
                    legend.vh { "Labels" }
                    @for (i, name) in self.labels.names().enumerate() {
                        label.choice {
                            input type="checkbox" name="label" value=(i) checked;
                            (label_name(i, name)) " " span.soft { (totals.labels[i]) }
                        }
                    }
                }
                label.speaker { span { "Speaker" } (self.speakers.select()) }
                label.least {
                    span { "At least" }
                    input type="range" name="least" min="0" max="100" value="0" step="1";
                    output { "0%" }
                }
                button type="reset" { "Show all" }
                p role="status" {}
            }
        }
    }

    fn totals(&self) -> Counts {
        let none = Counts { labels: vec![0; self.labels.len()], ..Counts::default() };
        self.articles.iter().fold(none, |sum, entry| sum.plus(&entry.counts))
    }

    /// The list of articles, and the summary of all.
    fn overview(&self) -> Markup {
        html! {
            section #all {
                h2 { (counted(self.articles.len(), "article")) }
                (self.totals().bars(&self.labels))
                @if !self.articles.is_empty() { (self.list()) }
                (summary(&self.dyads, &self.labels, MOST_DYADS))
            }
        }
    }

    fn list(&self) -> Markup {
        let table = html! {
            table.list {
                caption.vh { "Articles" }
                thead {
                    tr {
                        th scope="col" { "Article" }
                        th.num scope="col" { "Sentences" }
                        th.num scope="col" { "Tagged" }
                        @for (i, name) in self.labels.names().enumerate() { th.num scope="col" { (label_name(i, name)) } }
                    }
                }
                tbody { @for (i, entry) in self.articles.iter().enumerate() { (list_line(i + 1, entry)) } }
            }
        };
        scrolling("Articles", table)
    }

    /// One article with the ways on from it.
    fn sheet(&self, number: usize, entry: &Entry) -> Markup {
        let title = |number: usize| self.articles.get(number - 1).map(|entry| entry.title.as_str());
        html! {
            article id=(format!("a{number}")) aria-labelledby=(format!("t{number}")) {
                (entry.body)
                @if self.articles.len() > 1 {
                    nav.screen aria-label=(format!("From article {number}")) {
                        a href="#all" { "All articles" }
                        @if let Some(next) = title(number + 1) {
                            a href=(format!("#a{}", number + 1)) { "Next: " (next) }
                        }
                    }
                }
            }
        }
    }

    fn about(&self) -> Markup {
        html! {
            p {
                "Tagged by rhetor " (env!("CARGO_PKG_VERSION"))
                @if !self.model.is_empty() { ", model " (self.model) }
                ". A tag says that the text reports such an act, not that the speaker is right. The percentage is the \
                 probability that a careful reader would give the tag, too: of ten tags at 70% about three are wrong."
            }
        }
    }
}

fn list_line(number: usize, entry: &Entry) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href=(format!("#a{number}")) { (entry.title) } br;
                span.soft { (shown_source(&entry.source)) }
            }
            td.num { (entry.counts.sentences) }
            td.num { (entry.counts.tagged) }
            @for count in &entry.counts.labels { td.num { @if *count > 0 { (count) } @else { span.soft { "·" } } } }
        }
    }
}

fn shown_source(source: &str) -> &str {
    if source == "-" { "standard input" } else { source }
}

impl Counts {
    fn of(record: &ArticleRecord, labels: &LabelSet) -> Self {
        let scored = |s: &&SentenceRecord| s.kind != Kind::Furniture;
        let bearing = |name: &str| {
            record.sentences.iter().filter(|s| s.labels.iter().any(|label| label == name)).count()
        };
        Counts {
            sentences: record.sentences.iter().filter(scored).count(),
            tagged: record.sentences.iter().filter(|s| !s.labels.is_empty()).count(),
            labels: labels.names().map(bearing).collect(),
        }
    }

    fn plus(mut self, other: &Counts) -> Self {
        self.sentences += other.sentences;
        self.tagged += other.tagged;
        self.labels.iter_mut().zip(&other.labels).for_each(|(sum, n)| *sum += n);
        self
    }

    /// Counts by label as bars, each as long as its share of the greatest.
    fn bars(&self, labels: &LabelSet) -> Markup {
        let most = self.labels.iter().copied().max().unwrap_or(0).max(1);
        html! {
            table.bars {
                caption { (counted(self.sentences, "sentence")) ", " (self.tagged) " tagged" }
                thead.vh { tr { th scope="col" { "Label" } th scope="col" { "Tags" } } }
                tbody {
                    @for (i, (name, count)) in labels.names().zip(&self.labels).enumerate() {
                        tr {
                            th scope="row" { (label_name(i, name)) }
                            td.(class(i)) style=(format!("--share:{:.3}", *count as f64 / most as f64)) {
                                span.bar {} (count)
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Speakers {
    /// The number of a speaker, counted once more.
    fn number(&mut self, name: &str) -> usize {
        let entry = self.0.entry(name.to_string());
        let number = entry.index();
        *entry.or_insert(0) += 1;
        number
    }

    /// A choice among them, the most heard first.
    fn select(&self) -> Markup {
        let mut speakers: Vec<(usize, &String, usize)> =
            self.0.iter().enumerate().map(|(number, (name, count))| (number, name, *count)).collect();
        speakers.sort_by_key(|(_, name, count)| (usize::MAX - count, *name));
        html! {
            select name="speaker" {
                option value="" { "everybody" }
                option value="none" { "no speaker named" }
                @for (number, name, count) in speakers { option value=(number) { (name) " (" (count) ")" } }
            }
        }
    }
}
