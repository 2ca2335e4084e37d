//! The web pages: nothing from the article becomes code, nothing is loaded from elsewhere, figures are those of the JSON,
//! any label scheme has its look. How they look and behave is tested in a browser: `tests/browser/pages.py`.

use crate::support::{LABELS, Sandbox, repository, small_model};
use dom_query::Document;
use rhetor::output::{ArticleRecord, Format, Scores, SentenceRecord, Writer};
use rhetor::{Kind, LabelSet};
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};

/// An article that would take a page over.
const HOSTILE: &str = "Minister <script>alert(1)</script> accuses \"Tarsk\" & <img src=x onerror=alert(2)>\n\n\
    The party </mark></span><script>alert(3)</script> accused Tarsk of shelling the border village, Ada Lorn said.\n\n\
    \"We deny it,\" said the spokesman of <b onclick='alert(4)'>Tarsk</b>.";

fn page_of(text: &str, arguments: &str) -> String {
    let sandbox = Sandbox::new(&[("a \"b\" <i>.txt", text.as_bytes()), ("m.safetensors", small_model())]);
    let mut command =
        sandbox.command(env!("CARGO_BIN_EXE_rhetor"), &format!("classify -m m.safetensors {arguments}"));
    let output = command.arg("a \"b\" <i>.txt").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn an_article_stays_text() {
    let page = page_of(HOSTILE, "-f html -t 0.2");
    let document = Document::from(page.as_str());
    assert_eq!(document.select("script").length(), 1, "only our own");
    assert_eq!(document.select("img, b[onclick], i, [onerror]").length(), 0);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let text = document.select("article").text();
    for part in
        ["<script>alert(1)</script>", "<img src=x onerror=alert(2)>", "</mark></span>", "a \"b\" <i>.txt"]
    {
        assert!(text.contains(part), "{part} is not to be read in {text}");
    }
}

#[test]
fn a_page_needs_nothing_but_itself() {
    let sandbox = Sandbox::new(&[("m.safetensors", small_model())]);
    let data = repository("tests/golden/train.csv");
    let report = sandbox.rhetor(&format!("evaluate {} -m m.safetensors -f html", data.display())).done();
    for page in [page_of("Velmora accused Tarsk of theft.", "-f html"), report] {
        let document = Document::from(page.as_str());
        assert_eq!(document.select("[src], link, iframe, object, embed, base, style[src]").length(), 0);
        let outward =
            document.select("a").iter().filter(|a| !a.attr("href").is_some_and(|href| href.starts_with('#')));
        assert_eq!(outward.count(), 0);
        let policy = document.select("meta[http-equiv='Content-Security-Policy']").attr("content").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!page.contains("url(") && !page.contains("@import") && !page.contains("fetch("));
    }
}

#[test]
fn the_article_reads_as_it_was_written() {
    let text = "Velmora accuses Tarsk\n\nVelmora accused Tarsk of theft. It rained.\n\nShare\nTweet\n\nThe talks go on.";
    let document = Document::from(page_of(text, "-f html").as_str());
    assert_eq!(
        document.select("article h2").text().split_whitespace().take(3).collect::<Vec<_>>().join(" "),
        "Velmora accuses Tarsk"
    );
    let paragraphs: Vec<String> = document.select(".text > p").iter().map(|p| p.text().to_string()).collect();
    assert_eq!(paragraphs.len(), 2, "{paragraphs:?}");
    assert!(paragraphs[0].contains("of theft.") && paragraphs[0].contains("It rained."));
    assert_eq!(document.select(".text > details.furniture p").length(), 2);
    assert!(
        document.select("span[title^='accusation ']").length()
            + document.select("mark[title^='accusation ']").length()
            >= 3
    );
    let tag = document.select(".tag[data-label='0']");
    assert!(tag.length() > 0, "an accusation is tagged");
    let shown = tag.text();
    assert!(shown.contains("accusation") && shown.contains('%'), "{shown}");
}

#[test]
fn several_articles_are_listed_and_linked() {
    let feed = "{\"text\": \"Velmora accused Tarsk of theft.\", \"title\": \"One\"}\n{\"text\": \"It rained.\", \"title\": \"Two\"}\n";
    let sandbox = Sandbox::new(&[
        ("feed.jsonl", feed.as_bytes()),
        ("none.jsonl", b""),
        ("m.safetensors", small_model()),
    ]);
    assert_eq!(sandbox.rhetor("classify feed.jsonl -m m.safetensors -o report.html").done(), "");
    let page = sandbox.read("report.html");
    let document = Document::from(page.as_str());
    let links: Vec<String> = document
        .select("#all .list a")
        .iter()
        .map(|a| format!("{} {}", a.attr("href").unwrap(), a.text()))
        .collect();
    assert_eq!(links, ["#a1 One", "#a2 Two"]);
    assert_eq!((document.select("article#a1").length(), document.select("article#a2").length()), (1, 1));
    assert_eq!(document.select("#a1 nav a[href='#a2']").length(), 1);
    let other = sandbox.rhetor("classify feed.jsonl -m m.safetensors -f html").done();
    assert_eq!(page, other, "the same bytes each time");
}

/// An article of so many sentences under a scheme of so many labels, each sentence with two of them.
fn invented(sentences: usize, labels: &LabelSet) -> ArticleRecord {
    let sentence = |index: usize| {
        let text = format!(
            "Envoy {index} of the northern provinces told reporters on Monday that the council had kept the river gauges \
             from them, and asked it to publish what it knew."
        );
        let given =
            [index % labels.len(), (index + 1) % labels.len()].map(|label| labels.name(label).to_string());
        SentenceRecord {
            index,
            paragraph: index / 3,
            kind: Kind::Body,
            start: index * 200,
            end: index * 200 + text.chars().count(),
            text,
            quoted: false,
            labels: given.to_vec(),
            scores: Scores(labels.names().map(|name| (name.to_string(), Some(0.75))).collect()),
            statements: Vec::new(),
        }
    };
    ArticleRecord {
        schema: "rhetor.article/1",
        model: "invented".into(),
        source: "invented".into(),
        id: None,
        title: Some("River gauges".into()),
        text: None,
        whole: String::new(),
        sentences: (0..sentences).map(sentence).collect(),
        attributions: Vec::new(),
    }
}

fn written(article: &ArticleRecord, labels: &LabelSet) -> String {
    let mut out = Vec::new();
    let mut writer = Writer::new(Format::Html, labels.clone(), &mut out, Path::new("page"));
    writer.write(article).unwrap();
    writer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_long_article_is_small_and_quick() {
    let labels = LabelSet::new(LABELS.split(',')).unwrap();
    let article = invented(300, &labels);
    let start = Instant::now();
    let page = written(&article, &labels);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
    assert_eq!(Document::from(page.as_str()).select("mark").length(), 300);
}

#[test]
fn any_scheme_has_its_look() {
    let labels = LabelSet::new((0..11).map(|i| format!("act {i} <&>"))).unwrap();
    let page = written(&invented(22, &labels), &labels);
    let document = Document::from(page.as_str());
    for label in 0..11 {
        assert!(page.contains(&format!(".l{label}{{--c:var(")), "{label} has no style");
        assert!(document.select(&format!(".hit .tag.l{label}")).length() > 0);
    }
    assert!(document.select("form").text().contains("act 10 <&>"));
}

/// The exact values behind the figures of a line of a page.
fn values(document: &Document, line: &str) -> Vec<Option<f64>> {
    let figures = document.select(&format!("{line} data"));
    let numbers = figures.iter().flat_map(|data| {
        let value = data.attr("value").unwrap().to_string();
        value.split(' ').map(|number| number.parse::<f64>().ok()).collect::<Vec<_>>()
    });
    numbers.collect()
}

/// The numbers in a part of a report, in the order given; an interval gives two.
fn numbers(part: &Value, fields: &[&str]) -> Vec<Option<f64>> {
    let flat = |field: &&str| match &part[*field] {
        Value::Array(both) => both.iter().map(Value::as_f64).collect(),
        Value::Null => Vec::new(),
        number => vec![number.as_f64()],
    };
    fields.iter().flat_map(flat).collect()
}

/// The report of one evaluation, as JSON and as a page.
fn evaluated() -> (Value, Document) {
    let data = repository("tests/golden/train.csv");
    let sandbox = Sandbox::new(&[("m.safetensors", small_model())]);
    let evaluate = format!("evaluate {} -m m.safetensors -o", data.display());
    sandbox.rhetor(&format!("{evaluate} r.json")).done();
    sandbox.rhetor(&format!("{evaluate} r.html")).done();
    let report = serde_json::from_str(&sandbox.read("r.json")).unwrap();
    (report, Document::from(sandbox.read("r.html").as_str()))
}

#[test]
fn the_report_page_has_the_figures_of_the_json() {
    let (report, document) = evaluated();
    let four = ["precision", "recall", "f1", "average_precision"]
        .map(|name| [name.to_string(), format!("{name}_interval")]);
    let mut fields: Vec<&str> = four.as_flattened().iter().map(String::as_str).collect();
    for label in LABELS.split(',') {
        let own = [fields.as_slice(), &["threshold", "brier", "ece"]].concat();
        let expected = numbers(&report["labels"][label], &own);
        let found = values(&document, &format!("[data-row='{label}']"));
        assert!(expected.len() >= 11, "{expected:?}");
        // The threshold is a 32 bit number in one and the same as 64 bits in the other.
        let near = |(a, b): (&Option<f64>, &Option<f64>)| (a.unwrap() - b.unwrap()).abs() < 1e-7;
        assert!(
            expected.len() == found.len() && expected.iter().zip(&found).all(near),
            "{expected:?} {found:?}"
        );
    }
    fields.extend(["brier", "ece"]);
    assert_eq!(values(&document, "[data-row=macro]"), numbers(&report["macro"], &fields));
    assert_eq!(
        values(&document, "[data-row=micro]"),
        numbers(&report["micro"], &["precision", "recall", "f1", "f1_interval"])
    );
    for (by, slices) in report["slices"].as_object().unwrap() {
        for (value, slice) in slices.as_object().unwrap() {
            let found = values(&document, &format!("[data-slice='{by}={value}']"));
            let micro = numbers(&slice["micro"], &["precision", "recall", "f1"]);
            let labels = LABELS.split(',').flat_map(|label| numbers(&slice["labels"][label], &["f1"]));
            assert_eq!(found, micro.into_iter().chain(labels).collect::<Vec<_>>(), "{by} {value}");
        }
    }
    assert!(report["slices"]["length"].as_object().unwrap().len() > 1);
}

#[test]
fn the_slider_begins_at_the_threshold_in_use() {
    let (report, document) = evaluated();
    let points: Value = serde_json::from_str(&document.select("#points").text()).unwrap();
    for (j, label) in LABELS.split(',').enumerate() {
        let slider = document.select(&format!(".explorer[data-label='{j}'] input"));
        let place: usize = slider.attr("value").unwrap().parse().unwrap();
        let point = &points[j]["points"][place];
        let own = &report["labels"][label];
        assert_eq!((&point[1], &points[j]["support"]), (&own["predicted"], &own["support"]), "{label}");
        let precision = point[2].as_f64().unwrap() / point[1].as_f64().unwrap();
        assert_eq!(Some(precision), own["precision"].as_f64(), "{label}");
        assert_eq!(points[j]["points"][0][1], report["rows"], "all rows are tagged from 0 up");
    }
}

#[test]
fn training_reports_as_a_page() {
    let sandbox = Sandbox::new(&[]);
    let data = repository("tests/golden/train.csv");
    let train =
        format!("{} --features lexical --folds 6 -o m.safetensors --ngrams 400 --report", data.display());
    assert_eq!(sandbox.train(&format!("{train} x.html")).code, Some(0));
    assert_eq!(sandbox.train(&format!("{train} x.json")).code, Some(0));
    let report: Value = serde_json::from_str(&sandbox.read("x.json")).unwrap();
    let document = Document::from(sandbox.read("x.html").as_str());
    assert_eq!(values(&document, "[data-row=micro]")[2], report["micro"]["f1"].as_f64());
    assert!(document.select("h1").text().starts_with("m "), "{}", document.select("h1").text());
    assert!(document.select(".errors li").length() > 0 && document.select("svg").length() == 8);
}
