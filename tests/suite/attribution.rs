//! Who says what: the cases of `tests/attribution/*.txt`, the speakers of the annotated articles, and properties that hold
//! on any input.

use crate::support::{Case, files, malformed};
use ndarray::Array2;
use proptest::prelude::*;
use rhetor::LabelSet;
use rhetor::attribution::{Attribution, Mention, Voices};
use rhetor::text::{Article, sentences};
use std::fs;
use std::path::Path;

/// The share of sentences with an annotated speaker where a statement under a label that says nothing names it.
const SPEAKERS_RIGHT: f64 = 0.91;
/// The same, of the sentences that bear a label.
const SPEAKERS_OF_ACTS_RIGHT: f64 = 0.885;

/// The cases of a file. An attribution reads `source = name ; role ; affiliation | cue | content`, with what is unknown left
/// out and `-` for no source or cue.
fn cases(path: &Path) -> Result<Vec<Case>, String> {
    Case::read_all(path)?.into_iter().map(checked).collect()
}

fn checked(case: Case) -> Result<Case, String> {
    if case.expected.iter().any(|line| line.matches(" | ").count() != 2) {
        return Err(malformed(&case.place, "an attribution without its three parts"));
    }
    Ok(case)
}

fn read(text: &str) -> (Article, Vec<Attribution>) {
    let article = Article::from_text("-", None, None, text.to_string());
    let found = Voices::new(&article, &sentences(&article)).into_attributions();
    (article, found)
}

/// Who performs each sentence of an article, whatever act it may be.
fn performers(article: &Article) -> Vec<Option<Mention>> {
    let sentences = sentences(article);
    let labels = LabelSet::new(["utterance"]).unwrap();
    let tags = Array2::from_elem((sentences.len(), 1), true);
    let found = Voices::new(article, &sentences).statements(tags.view(), &labels);
    found.into_iter().map(|statement| statement.speaker).collect()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn show(text: &str, attribution: &Attribution) -> String {
    let source = attribution.source.as_ref().map_or("-".into(), |source| show_mention(text, source));
    let cue = attribution.cue.map_or("-", |cue| cue.of(text));
    format!("{source} | {cue} | {}", words(attribution.content.of(text)))
}

fn show_mention(text: &str, mention: &Mention) -> String {
    let mut shown = words(mention.span.of(text));
    if let Some(name) = &mention.name {
        shown += &format!(" = {name}");
    }
    for part in [&mention.role, &mention.affiliation].into_iter().flatten() {
        shown += &format!(" ; {part}");
    }
    shown
}

#[test]
fn cases_come_out_as_written() {
    let (mut count, mut failures) = (0, Vec::new());
    for path in files("tests/attribution", "txt") {
        for case in cases(&path).unwrap_or_else(|error| panic!("{error}")) {
            count += 1;
            let (article, found) = read(&case.input);
            let got: Vec<String> = found.iter().map(|attribution| show(&article.text, attribution)).collect();
            if got != case.expected {
                let (expected, got) = (case.expected.join("\n    "), got.join("\n    "));
                failures.push(format!("{}\n  expected\n    {expected}\n  got\n    {got}", case.place));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases fail\n{}", failures.len(), failures.join("\n"));
    assert!(count >= 60, "only {count} cases");
}

#[test]
fn malformed_cases_are_refused() {
    for lines in [&["# a", "One."][..], &["One.", "---"], &["# a", "One.", "---", "she said"]] {
        assert!(Case::read("x.txt:1".into(), lines).and_then(checked).is_err(), "{lines:?}");
    }
}

/// Whether a mention is the annotated one: the same words but for an article, or either within the other.
fn is_same(text: &str, mention: &Mention, annotated: &str) -> bool {
    let plain = |text: &str| {
        let words = words(&text.to_lowercase().replace('’', "'"));
        let bare = ["the ", "a ", "an "].iter().find_map(|article| words.strip_prefix(article));
        bare.unwrap_or(&words).to_string()
    };
    let within =
        |short: &str, long: &str| short.len() > 3 && format!(" {long} ").contains(&format!(" {short} "));
    let annotated = plain(annotated);
    let names = [Some(mention.span.of(text).to_string()), mention.name.clone()];
    names.iter().flatten().map(|name| plain(name)).any(|name| {
        name == annotated
            || within(&annotated, &name.replace("'s", " 's"))
            || within(&name, &annotated.replace("'s", " 's"))
    })
}

#[test]
fn speakers_of_the_annotated_articles() {
    let (mut right, mut all, mut acts_right, mut acts) = (0, 0, 0, 0);
    for path in files("data/articles", "csv") {
        let (article, _) = read(&fs::read_to_string(path.with_extension("txt")).unwrap());
        let (sentences, performers) = (sentences(&article), performers(&article));
        let mut rows = csv::Reader::from_path(&path).unwrap();
        for row in rows.records().map(Result::unwrap) {
            let is_row = |text: &str| words(text) == words(&row[0]);
            let sentence = sentences.iter().position(|sentence| is_row(sentence.span.of(&article.text)));
            let sentence =
                sentence.unwrap_or_else(|| panic!("{}: no sentence {:?}", path.display(), &row[0]));
            if row[2].is_empty() {
                continue;
            }
            let speaker = performers[sentence].as_ref();
            let good = usize::from(speaker.is_some_and(|speaker| is_same(&article.text, speaker, &row[2])));
            (right, all) = (right + good, all + 1);
            if &row[1] != "none" {
                (acts_right, acts) = (acts_right + good, acts + 1);
            }
        }
    }
    assert!(all > 600 && acts > 300, "only {all} speakers, {acts} of acts");
    let share = |part: usize, whole: usize| part as f64 / whole as f64;
    let shares = format!("{right} of {all} speakers right, {acts_right} of {acts} of acts");
    println!("{shares}");
    assert!(share(right, all) >= SPEAKERS_RIGHT, "{shares}");
    assert!(share(acts_right, acts) >= SPEAKERS_OF_ACTS_RIGHT, "{shares}");
}

/// Text in the shapes that the rules look at, and any text.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Dana",
        "Orel",
        "the",
        "mayor",
        "minister",
        "he",
        "who",
        "said",
        "told",
        "accused",
        "asked",
        "saying",
        "claim",
        "According",
        "to",
        "that",
        "by",
        "of",
        "was",
        "’s",
        "and",
        "as",
        "when",
        "Mr.",
        "U.S.",
        "2019",
        "Tuesday",
        ",",
        ".",
        ":",
        "?",
        ";",
        "—",
        "(",
        ")",
        "“",
        "”",
        "‘",
        "’",
        "\"",
        "'",
        "«",
        "»",
        " ",
        " ",
        " ",
        "\n\n",
        "é",
        "🙂",
        "\u{301}",
        "\u{200d}",
        "\u{a0}",
        "İ",
        "ß",
        "@orel",
        "#",
        "。",
        "「",
        "」",
        "\u{feff}",
        "``",
        "''",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat()), any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn any_text_is_read(text in texts()) {
        let (article, found) = read(&text);
        for attribution in &found {
            let source = attribution.source.as_ref().map(|source| source.span);
            for span in [Some(attribution.content), attribution.cue, source].into_iter().flatten() {
                prop_assert!(span.start < span.end);
                let _ = span.of(&article.text);
            }
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].content.start <= pair[1].content.start));
        for speaker in performers(&article).into_iter().flatten() {
            let _ = speaker.span.of(&article.text);
        }
    }
}
