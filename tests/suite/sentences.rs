//! Sentence boundaries: the cases of `tests/sentences/*.txt`, and properties that hold on any input.

use crate::support::{Case, files};
use proptest::prelude::*;
use rhetor::text::{Article, Block, Kind, Sentence, Span, decode, is_binary, quotations, sentences};

/// The sentences that a case expects, each with whether it is inside a quotation, which `> ` marks.
fn expected(case: &Case) -> Vec<(bool, String)> {
    let sentence = |line: &String| match line.strip_prefix("> ") {
        Some(text) => (true, text.to_string()),
        None => (false, line.clone()),
    };
    case.expected.iter().map(sentence).collect()
}

/// White space within a sentence (a line break of a wrapped paragraph) counts as one blank.
fn found(input: &str) -> Vec<(bool, String)> {
    let article = if input.starts_with('<') {
        Article::from_html("-", None, None, input)
    } else {
        Article::from_text("-", None, None, input.to_string())
    };
    let text = |sentence: &Sentence| {
        sentence.span.of(&article.text).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    sentences(&article).iter().map(|sentence| (sentence.quoted, text(sentence))).collect()
}

fn show(sentences: &[(bool, String)]) -> String {
    let show = |(quoted, text): &(bool, String)| format!("    {}{text}\n", if *quoted { "> " } else { "" });
    sentences.iter().map(show).collect()
}

#[test]
fn cases_come_out_as_written() {
    let (mut count, mut failures) = (0, Vec::new());
    for path in files("tests/sentences", "txt") {
        for case in Case::read_all(&path).unwrap_or_else(|error| panic!("{error}")) {
            count += 1;
            let (expected, got) = (expected(&case), found(&case.input));
            if got != expected {
                let (place, expected, got) = (case.place, show(&expected), show(&got));
                failures.push(format!("{place}\n  expected\n{expected}  got\n{got}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases fail\n{}", failures.len(), failures.join("\n"));
    assert!(count >= 120, "only {count} cases");
}

#[test]
fn malformed_cases_are_refused() {
    for lines in [
        &["# a", "One."][..],
        &["# a", "---", "One."],
        &["One.", "---", "One."],
        &["# a", "One.", "---", "One.", "---"],
    ] {
        assert!(Case::read("x.txt:1".into(), lines).is_err(), "{lines:?}");
    }
}

/// Text in the shapes that the rules look at, and any text.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "Talks",
        "failed",
        "he",
        "said",
        "Mr.",
        "U.S.",
        "No.",
        "Oct.",
        "29",
        "4.3",
        "p.m.",
        ".",
        "...",
        "…",
        "?",
        "!",
        ",",
        " ",
        " ",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "“",
        "”",
        "‘",
        "’",
        "\"",
        "'",
        "«",
        "»",
        "„",
        "``",
        "''",
        "(",
        ")",
        "[1]",
        "—",
        "•",
        "# ",
        "Advertisement",
        "LEAVE A REPLY",
        "By Ana Ruiz",
        "।",
        "。",
        "\u{a0}",
        "é",
        "\u{feff}",
        "$5",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat()), any::<String>()]
}

fn inside(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.start <= inner.end && inner.end <= outer.end
}

/// Blocks and sentences are in order, trimmed and not overlapping, and sentences cover what is scored.
fn check(article: &Article) {
    let text = &article.text;
    let whole = Span { start: 0, end: text.len() };
    let found = sentences(article);
    for spans in
        [article.blocks.iter().map(|b| b.span).collect(), found.iter().map(|s| s.span).collect::<Vec<_>>()]
    {
        for span in &spans {
            assert!(inside(*span, whole) && span.start < span.end);
            assert_eq!(span.of(text), span.of(text).trim());
        }
        assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
    for block in &article.blocks {
        let within: Vec<&Sentence> =
            found.iter().filter(|sentence| inside(sentence.span, block.span)).collect();
        assert!(within.iter().all(|sentence| sentence.kind == block.kind));
        let size = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let covered: usize = within.iter().map(|sentence| size(sentence.span.of(text))).sum();
        assert_eq!(covered, if block.kind == Kind::Furniture { 0 } else { size(block.span.of(text)) });
    }
    for quotation in quotations(text, &article.blocks) {
        assert!(inside(quotation.content, quotation.span));
        assert!(article.blocks.iter().any(|block| inside(quotation.span, block.span)));
        let _ = quotation.span.of(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn sentences_partition_every_text(text in texts()) {
        check(&Article::from_text("-", None, None, text));
    }

    #[test]
    fn pages_are_read_whatever_is_in_them(text in texts(), tag in "<(p|h1|li|br|q|figcaption|/p|!--)>") {
        check(&Article::from_html("-", None, None, &format!("{text}{tag}{text}{tag}")));
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = is_binary(&bytes);
        check(&Article::from_text("-", None, None, decode(&bytes).text));
    }

    #[test]
    fn quotations_do_not_cross(text in texts()) {
        let blocks = [Block { kind: Kind::Body, span: Span { start: 0, end: text.len() } }];
        let found = quotations(&text, &blocks);
        for (index, one) in found.iter().enumerate() {
            for other in &found[index + 1..] {
                let apart = one.span.end <= other.span.start || other.span.end <= one.span.start;
                assert!(apart || inside(other.span, one.span) || inside(one.span, other.span));
            }
        }
    }
}
