//! Evaluation, calibration: small cases by hand, larger ones against scikit-learn, the report's contract.

use ndarray::{Array2, array};
use proptest::prelude::*;
use rhetor::LabelSet;
use rhetor::classifier::calibrate::Calibration;
use rhetor::classifier::threshold::{Objective, best};
use rhetor::evaluation::{
    Bootstrap, Comparison, Counts, DataFile, Report, Rival, Row, Scored, average_precision, bins, brier,
    calibration_error, write_errors, wrong_rows,
};
use rhetor::features::Keywords;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;

/// Probabilities, truth, thresholds and documents, to be scored.
struct Case {
    labels: LabelSet,
    probabilities: Array2<f32>,
    gold: Array2<bool>,
    thresholds: Vec<f32>,
    documents: Vec<usize>,
}

impl Case {
    fn scored(&self) -> Scored<'_> {
        let scored = Scored::new(&self.labels, self.probabilities.view(), self.gold.view(), &self.thresholds);
        scored.unwrap().by_document(&self.documents).unwrap()
    }

    fn report(&self, seed: u64) -> Report {
        Report::new(&self.scored(), "a model", Vec::new(), Bootstrap { replicates: 200, seed })
    }
}

/// Six rows of three documents. By hand:
/// accusation: tagged 1 2 3 5, borne 1 2 4 5: tp 3, fp 1, fn 1. threat: tagged 3, borne 3 and 6. denial: neither.
fn by_hand() -> Case {
    let probabilities = array![
        [0.9, 0.1, 0.1],
        [0.8, 0.2, 0.1],
        [0.7, 0.6, 0.1],
        [0.4, 0.2, 0.1],
        [0.6, 0.3, 0.1],
        [0.2, 0.1, 0.1],
    ];
    let gold = array![
        [true, false, false],
        [true, false, false],
        [false, true, false],
        [true, false, false],
        [true, false, false],
        [false, true, false],
    ];
    Case {
        labels: LabelSet::new(["accusation", "threat", "denial"]).unwrap(),
        probabilities,
        gold,
        thresholds: vec![0.5, 0.5, 0.25],
        documents: vec![7, 7, 9, 9, 4, 4],
    }
}

/// `n` rows, a label borne by every third, told apart better with a greater `sharpness`.
fn invented(n: usize, sharpness: f32) -> Case {
    let borne = |i: usize| i.is_multiple_of(3);
    let noise = |i: usize| ((i * 7919 + 13) % 101) as f32 / 101.0;
    let probability = |i: usize| {
        let aim = if borne(i) { 0.9 } else { 0.1 };
        sharpness * aim + (1.0 - sharpness) * noise(i)
    };
    Case {
        labels: LabelSet::new(["appeal"]).unwrap(),
        probabilities: Array2::from_shape_fn((n, 1), |(i, _)| probability(i)),
        gold: Array2::from_shape_fn((n, 1), |(i, _)| borne(i)),
        thresholds: vec![0.5],
        documents: (0..n).map(|i| i / 4).collect(),
    }
}

fn near(found: Option<f64>, expected: Option<f64>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-6,
        (found, expected) => found == expected,
    }
}

#[test]
fn a_small_case_counted_by_hand() {
    let report = by_hand().report(0);
    let accusation = &report.labels["accusation"];
    assert_eq!(
        (accusation.precision, accusation.recall, accusation.f1),
        (Some(0.75), Some(0.75), Some(0.75))
    );
    // Found at ranks 1, 2, 4 and 5.
    assert!(near(accusation.average_precision, Some((1.0 + 1.0 + 3.0 / 4.0 + 4.0 / 5.0) / 4.0)));
    let brier = (0.01 + 0.04 + 0.49 + 0.36 + 0.16 + 0.04) / 6.0;
    assert!(near(accusation.brier, Some(brier)));
    let threat = &report.labels["threat"];
    assert_eq!(
        (threat.precision, threat.recall, threat.support, threat.predicted),
        (Some(1.0), Some(0.5), 2, 1)
    );
    assert!(near(threat.f1, Some(2.0 / 3.0)));
    // First at rank 1, then last in the tie that ends at rank 6.
    assert!(near(threat.average_precision, Some((1.0 + 2.0 / 6.0) / 2.0)));
    assert!(near(report.macro_average.f1, Some((0.75 + 2.0 / 3.0) / 2.0)));
    assert!(near(report.micro.f1, Some(8.0 / 11.0)));
    assert!(near(report.exact_match, Some(0.5)));
    assert_eq!((report.rows, report.documents), (6, 3));
    let expected = [[3, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0], [1, 0, 0, 0]];
    assert_eq!(report.confusion.counts, expected.map(Vec::from));
}

#[test]
fn undefined_figures_are_null() {
    let report = serde_json::to_value(by_hand().report(0)).unwrap();
    let denial = &report["labels"]["denial"];
    for field in
        ["precision", "recall", "f1", "average_precision", "f1_interval", "average_precision_interval"]
    {
        assert_eq!(denial[field], Value::Null, "{field}");
    }
    assert_eq!((&denial["support"], &denial["predicted"]), (&json!(0), &json!(0)));
    assert_eq!(
        report["baselines"]["majority"]["labels"],
        json!({"accusation": 0.8, "threat": 0.0, "denial": null})
    );
    assert_eq!(report["baselines"]["keyword"]["f1"], Value::Null);

    let labels = LabelSet::new(["threat"]).unwrap();
    let (probabilities, gold) = (Array2::zeros((0, 1)), Array2::from_elem((0, 1), false));
    let none = Scored::new(&labels, probabilities.view(), gold.view(), &[0.5]).unwrap();
    let report = Report::new(&none, "a model", Vec::new(), Bootstrap::default());
    assert_eq!((report.exact_match, report.macro_average.f1, report.micro.f1), (None, None, None));
    assert!(report.text(80, false).contains('–'));
}

#[test]
fn the_json_keeps_the_contract() {
    let case = by_hand();
    let keyword = array![
        [true, false, false],
        [false, false, false],
        [false, true, false],
        [true, false, false],
        [false, false, false],
        [false, false, false],
    ];
    let scored = case.scored().with_keyword(keyword.view()).unwrap();
    let data = vec![DataFile { path: "dev.csv".into(), sha256: "3f9c".into(), rows: 6 }];
    let report = Report::new(&scored, "default 3f9c", data, Bootstrap::default());
    let json = serde_json::to_value(&report).unwrap();

    let fields = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let contract = ["schema", "model", "data", "labels", "macro", "micro", "exact_match", "baselines"];
    assert_eq!(fields(&json)[..8], contract);
    assert_eq!(json["schema"], "rhetor.report/1");
    assert_eq!(json["model"], "default 3f9c");
    assert_eq!(json["data"], json!([{"path": "dev.csv", "sha256": "3f9c", "rows": 6}]));
    assert_eq!(fields(&json["labels"]), ["accusation", "threat", "denial"]);
    let label = [
        "precision",
        "recall",
        "f1",
        "average_precision",
        "support",
        "predicted",
        "threshold",
        "brier",
        "ece",
    ];
    let accusation = &json["labels"]["accusation"];
    assert_eq!(fields(accusation)[..9], label);
    assert_eq!(fields(accusation)[9], "f1_interval");
    assert_eq!(accusation["threshold"], json!(0.5));
    assert_eq!(accusation["f1_interval"].as_array().unwrap().len(), 2);
    let figures = ["precision", "recall", "f1", "average_precision", "ece", "brier", "f1_interval"];
    assert_eq!(fields(&json["macro"])[..7], figures);
    assert_eq!(fields(&json["micro"])[..3], ["precision", "recall", "f1"]);
    assert_eq!(json["exact_match"], json!(0.5));
    // accusation 2 / 3: two of two right, two of four found; threat 2 / 3.
    assert!(near(json["baselines"]["keyword"]["f1"].as_f64(), Some(2.0 / 3.0)));
    assert!(near(json["baselines"]["majority"]["f1"].as_f64(), Some(0.4)));
    assert_eq!(json["confusion"]["labels"], json!(["accusation", "threat", "denial", "none"]));
    let bins = accusation["calibration"].as_array().unwrap();
    assert_eq!(bins.iter().map(|bin| bin["rows"].as_u64().unwrap()).sum::<u64>(), 6);
    assert_eq!(serde_json::from_value::<Report>(json).unwrap(), report);
}

#[test]
fn intervals_hang_on_the_seed_alone() {
    let case = invented(120, 0.5);
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let report = case.report(5);
    assert_eq!(one_thread.install(|| case.report(5)), report);
    assert_ne!(case.report(6).labels["appeal"].f1_interval, report.labels["appeal"].f1_interval);
    let (label, interval) = (&report.labels["appeal"], report.labels["appeal"].f1_interval.unwrap());
    assert!(interval.0 < label.f1.unwrap() && label.f1.unwrap() < interval.1);
}

#[test]
fn sentences_of_a_document_are_drawn_together() {
    // Forty documents of ten equal sentences say no more than forty sentences do.
    let width = |copies: usize, documents: &dyn Fn(usize) -> usize| {
        let small = invented(40, 0.35);
        let n = 40 * copies;
        let case = Case {
            probabilities: Array2::from_shape_fn((n, 1), |(i, j)| small.probabilities[[i / copies, j]]),
            gold: Array2::from_shape_fn((n, 1), |(i, j)| small.gold[[i / copies, j]]),
            documents: (0..n).map(documents).collect(),
            ..small
        };
        let interval = case.report(1).labels["appeal"].f1_interval.unwrap();
        interval.1 - interval.0
    };
    let (single, together, apart) = (width(1, &|i| i), width(10, &|i| i / 10), width(10, &|i| i));
    assert!((single - together).abs() < 1e-12, "{single} {together}");
    assert!(apart < 0.6 * together, "{apart} {together}");
}

#[test]
fn one_document_has_no_interval() {
    let case = Case { documents: vec![0; 30], ..invented(30, 0.5) };
    let report = case.report(0);
    assert_eq!((report.replicates, report.micro.f1_interval), (0, None));
}

#[test]
fn a_comparison_has_the_sign_of_the_better_model() {
    let (sharp, blunt) = (invented(300, 0.9), invented(300, 0.3));
    let (sharp, blunt) = (sharp.scored(), blunt.scored());
    let compare = |ours: &Scored, theirs: &Scored| {
        let ours = Rival { name: "ours", scored: ours };
        Comparison::new(ours, Rival { name: "theirs", scored: theirs }, Bootstrap::default()).unwrap()
    };
    let better = compare(&sharp, &blunt);
    let f1 = better.macro_average.f1;
    let interval = f1.interval.unwrap();
    assert!(f1.difference.unwrap() > 0.0 && interval.0 > 0.0 && f1.p.unwrap() < 0.01);
    assert!(better.text(80, false).contains("ours is better than theirs"));

    let worse = compare(&blunt, &sharp);
    assert_eq!(worse.macro_average.f1.difference, f1.difference.map(|d| -d));
    assert_eq!(worse.macro_average.f1.p, f1.p);
    assert!(worse.text(80, false).contains("theirs is better than ours"));

    let same = compare(&sharp, &sharp);
    assert_eq!((same.micro.f1.difference, same.micro.f1.p), (Some(0.0), Some(1.0)));
    assert!(same.text(80, false).contains("do not tell the two apart"));
    let json = serde_json::to_value(&better).unwrap();
    assert_eq!(json["schema"], "rhetor.comparison/1");
    assert_eq!(json["labels"]["appeal"]["f1"]["difference"], json!(better.labels["appeal"].f1.difference));
}

#[test]
fn other_rows_cannot_be_compared() {
    let compare = |theirs: &Case| {
        let ours = invented(60, 0.5);
        let (ours, theirs) = (ours.scored(), theirs.scored());
        let theirs = Rival { name: "theirs", scored: &theirs };
        Comparison::new(Rival { name: "ours", scored: &ours }, theirs, Bootstrap::default())
            .unwrap_err()
            .to_string()
    };
    assert!(compare(&invented(61, 0.5)).contains("shape (61, 1)"));
    assert!(compare(&Case { documents: vec![0; 60], ..invented(60, 0.5) }).contains("documents"));
    assert!(
        compare(&Case { labels: LabelSet::new(["plea"]).unwrap(), ..invented(60, 0.5) }).contains("plea")
    );
}

#[test]
fn shapes_that_do_not_match_are_refused() {
    let case = by_hand();
    let (labels, p, gold) = (&case.labels, case.probabilities.view(), case.gold.view());
    let one_label = LabelSet::new(["a"]).unwrap();
    assert!(Scored::new(labels, p, gold, &[0.5]).is_err());
    assert!(Scored::new(labels, p, gold, &[0.5, 0.5, f32::NAN]).is_err());
    assert!(Scored::new(labels, p, gold.split_at(ndarray::Axis(0), 3).0, &case.thresholds).is_err());
    assert!(Scored::new(&one_label, p, gold, &[0.5]).is_err());
    let wild = case.probabilities.mapv(|p| p + 0.5);
    assert!(
        Scored::new(labels, wild.view(), gold, &case.thresholds).unwrap_err().to_string().contains("1.4")
    );
    assert!(case.scored().by_document(&[0]).is_err());
    assert!(case.scored().with_keyword(array![[true]].view()).is_err());
}

#[test]
fn errors_come_worst_first() {
    let case = by_hand();
    let scored = case.scored();
    let rows: Vec<usize> = wrong_rows(&scored).iter().map(|wrong| wrong.row).collect();
    // Margins .4 (threat missed in row 5), .2 (accusation set in row 2), .1 (accusation missed in row 3).
    assert_eq!(rows, [5, 2, 3]);
    let described: Vec<Row> = (0..6)
        .map(|i| Row {
            file: Path::new("talks.csv"),
            line: i + 2,
            id: Some("s"),
            text: "He said \"no\",\nand left.",
        })
        .collect();
    let mut out = Vec::new();
    assert_eq!(write_errors(&mut out, &scored, &described).unwrap(), 3);
    let mut csv = csv::Reader::from_reader(out.as_slice());
    let header =
        ["file", "line", "id", "gold", "predicted", "wrong", "p_accusation", "p_threat", "p_denial", "text"];
    assert_eq!(csv.headers().unwrap(), &header[..]);
    let records: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    let second = ["talks.csv", "4", "s", "threat", "accusation|threat", "accusation", "0.7", "0.6", "0.1"];
    assert_eq!(records[1].iter().take(9).collect::<Vec<_>>(), second);
    assert_eq!(&records[1][9], "He said \"no\",\nand left.");
    assert!(write_errors(Vec::new(), &scored, &described[..2]).is_err());
}

#[test]
fn the_text_says_what_the_figures_mean() {
    let case = invented(300, 0.9);
    let keyword = case.gold.mapv(|_| true);
    let scored = case.scored().with_keyword(keyword.view()).unwrap();
    let report = Report::new(&scored, "default 3f9c", Vec::new(), Bootstrap::default());
    let text = report.text(100, false);
    assert!(text.starts_with("default 3f9c on 300 rows of 75 documents\n"), "{text}");
    for part in [
        "appeal",
        "macro",
        "micro",
        "majority",
        "keywords",
        "Of 100 tags that it sets, 100 are right",
        ".50 below it",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains('\u{1b}') && report.text(100, true).contains("\u{1b}[1m"));
    assert!(text.lines().all(|line| line.chars().count() <= 100 && line == line.trim_end()), "{text}");
    let narrow = report.text(70, false);
    assert!(narrow.lines().all(|line| line.chars().count() <= 70), "{narrow}");
    assert!(narrow.contains("Cutoff") && report.text(0, false).contains("appeal"));
    assert!(!text.contains("Fewer than"));
    assert!(
        by_hand()
            .report(0)
            .text(100, false)
            .contains("Fewer than 30 rows bear accusation (4), threat (2), denial (0)")
    );
}

#[test]
fn keywords_are_a_baseline_of_the_report() {
    let labels = LabelSet::new(["denial", "appeal"]).unwrap();
    let texts = [
        "Orm denies the charge.",
        "Kell denies everything, and urges calm.",
        "The council denies it.",
        "She urges a truce.",
        "He urges both sides to talk.",
        "It rained on the talks.",
    ];
    let gold = Array2::from_shape_fn((6, 2), |(i, j)| if j == 0 { i < 3 } else { [1, 3, 4].contains(&i) });
    let keywords = Keywords::fit(&labels, &texts, gold.view()).unwrap();
    let lists: Vec<(&str, &[String])> = keywords.lists().collect();
    assert_eq!(lists, [("denial", &["denies".to_string()][..]), ("appeal", &["urges".to_string()][..])]);
    let (probabilities, tags) = (Array2::zeros((6, 2)), keywords.predict(&texts));
    let scored = Scored::new(&labels, probabilities.view(), gold.view(), &[0.5, 0.5]).unwrap();
    let report =
        Report::new(&scored.with_keyword(tags.view()).unwrap(), "m", Vec::new(), Bootstrap::default());
    assert_eq!(report.baselines.keyword.f1, Some(1.0));
    assert!(report.text(80, false).contains("a list of words would do better"));

    // Nobody appeals here, and the model finds no appeal, but the keywords do: their mean has a label more.
    let gold = Array2::from_shape_fn((6, 2), |(i, j)| j == 0 && i < 3);
    let mut probabilities = Array2::zeros((6, 2));
    probabilities[[0, 0]] = 1.0;
    let scored = Scored::new(&labels, probabilities.view(), gold.view(), &[0.5, 0.5]).unwrap();
    let report =
        Report::new(&scored.with_keyword(tags.view()).unwrap(), "m", Vec::new(), Bootstrap::default());
    assert_eq!((report.macro_average.f1, report.baselines.keyword.f1), (Some(0.5), Some(0.5)));
    assert!(!report.text(80, false).contains("lists of keywords reach"));
}

#[derive(Deserialize)]
struct Oracle {
    metrics: Vec<OracleMetrics>,
    calibration: Vec<OracleCalibration>,
}

#[derive(Deserialize)]
struct OracleMetrics {
    name: String,
    probabilities: Vec<Vec<f32>>,
    gold: Vec<Vec<bool>>,
    thresholds: Vec<f32>,
    labels: Vec<OracleLabel>,
    micro: OracleMicro,
    macro_f1: Option<f64>,
    exact_match: f64,
}

#[derive(Deserialize)]
struct OracleLabel {
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
    average_precision: Option<f64>,
    brier: f64,
    ece: f64,
    support: u64,
    predicted: u64,
}

#[derive(Deserialize)]
struct OracleMicro {
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
}

#[derive(Deserialize)]
struct OracleCalibration {
    name: String,
    scores: Vec<f32>,
    gold: Vec<bool>,
    sigmoid: OracleCurve,
    platt: OracleCurve,
    isotonic_blocks: Vec<(f32, f32)>,
}

#[derive(Deserialize)]
struct OracleCurve {
    slope: f64,
    intercept: f64,
    probabilities: Option<Vec<f32>>,
}

/// Made by tests/oracle/metrics.py.
fn oracle() -> Oracle {
    serde_json::from_str(include_str!("../oracle/metrics.json")).unwrap()
}

#[test]
fn metrics_are_scikit_learns() {
    for case in oracle().metrics {
        let shape = (case.gold.len(), case.thresholds.len());
        let scored = Case {
            labels: LabelSet::new((0..shape.1).map(|j| format!("label {j}"))).unwrap(),
            probabilities: Array2::from_shape_vec(shape, case.probabilities.concat()).unwrap(),
            gold: Array2::from_shape_vec(shape, case.gold.concat()).unwrap(),
            thresholds: case.thresholds,
            documents: (0..shape.0).collect(),
        };
        let report = scored.report(0);
        for (label, expected) in report.labels.values().zip(&case.labels) {
            let pairs = [
                (label.precision, expected.precision),
                (label.recall, expected.recall),
                (label.f1, expected.f1),
                (label.average_precision, expected.average_precision),
                (label.brier, Some(expected.brier)),
                (label.ece, Some(expected.ece)),
            ];
            assert!(
                pairs.iter().all(|(found, expected)| near(*found, *expected)),
                "{}: {pairs:?}",
                case.name
            );
            assert_eq!(
                (label.support, label.predicted),
                (expected.support, expected.predicted),
                "{}",
                case.name
            );
        }
        assert!(near(report.micro.precision, case.micro.precision), "{}", case.name);
        assert!(near(report.micro.recall, case.micro.recall), "{}", case.name);
        assert!(near(report.micro.f1, case.micro.f1), "{}", case.name);
        assert!(near(report.exact_match, Some(case.exact_match)), "{}", case.name);
        assert!(case.macro_f1.is_none() || near(report.macro_average.f1, case.macro_f1), "{}", case.name);
    }
}

#[test]
fn platt_is_scikit_learns() {
    for case in oracle().calibration {
        let map = Calibration::fit_platt(&case.scores, &case.gold).unwrap();
        let Calibration::Platt { slope, intercept } = map else { panic!("{map:?}") };
        // scikit-learn stops its L-BFGS earlier than the solver of `platt`.
        for (expected, tolerance) in [(&case.platt, 1e-8), (&case.sigmoid, 2e-6)] {
            assert!((slope - expected.slope).abs() < tolerance, "{}: {slope} {}", case.name, expected.slope);
            assert!((intercept - expected.intercept).abs() < tolerance, "{}: {intercept}", case.name);
        }
        for (score, expected) in case.scores.iter().zip(case.platt.probabilities.unwrap()) {
            assert!((map.probability(*score) - expected).abs() < 1e-6, "{}", case.name);
        }
    }
}

#[test]
fn isotonic_blocks_are_scikit_learns() {
    for case in oracle().calibration {
        let map = Calibration::fit_isotonic(&case.scores, &case.gold).unwrap();
        let Value::Array(knots) = serde_json::to_value(&map).unwrap()["knots"].take() else {
            panic!("{map:?}")
        };
        assert_eq!(knots.len(), case.isotonic_blocks.len(), "{}", case.name);
        for (centre, level) in &case.isotonic_blocks {
            assert!((map.probability(*centre) - level).abs() < 1e-5, "{}: {centre} {level}", case.name);
        }
    }
}

proptest! {
    #[test]
    fn any_rows_give_a_report(
        rows in prop::collection::vec((0u8..=10, any::<bool>(), 0usize..5), 0..40),
        threshold in -1f32..2.0,
    ) {
        let case = Case {
            labels: LabelSet::new(["threat"]).unwrap(),
            probabilities: Array2::from_shape_fn((rows.len(), 1), |(i, _)| f32::from(rows[i].0) / 10.0),
            gold: Array2::from_shape_fn((rows.len(), 1), |(i, _)| rows[i].1),
            thresholds: vec![threshold],
            documents: rows.iter().map(|row| row.2).collect(),
        };
        let report = Report::new(&case.scored(), "m", Vec::new(), Bootstrap { replicates: 20, seed: 0 });
        let label = &report.labels["threat"];
        let figures = [label.precision, label.recall, label.f1, label.average_precision, label.brier, label.ece];
        prop_assert!(figures.iter().flatten().all(|x| (0.0..=1.0).contains(x)));
        prop_assert_eq!(report.confusion.counts.iter().flatten().sum::<u64>() as usize, rows.len());
        let json = serde_json::to_string(&report).unwrap();
        prop_assert_eq!(serde_json::from_str::<Report>(&json).unwrap().labels["threat"].support, label.support);
        prop_assert!(report.text(60, true).contains("threat"));
    }

    #[test]
    fn calibrated_scores_keep_their_order(rows in prop::collection::vec((-5f32..5.0, any::<bool>()), 2..40)) {
        let (scores, mut gold): (Vec<f32>, Vec<bool>) = rows.into_iter().unzip();
        (gold[0], gold[1]) = (true, false);
        let map = Calibration::fit(&scores, &gold).unwrap();
        let probabilities: Vec<f32> = scores.iter().map(|s| map.probability(*s)).collect();
        let threshold = best(&probabilities, &gold, Objective::F1);
        prop_assert!((0.0..=1.0).contains(&threshold));
        for (i, j) in (0..scores.len()).flat_map(|i| (0..i).map(move |j| (i, j))) {
            prop_assert!(scores[i] >= scores[j] || probabilities[i] <= probabilities[j]);
        }
        let error = calibration_error(&bins(&probabilities, &gold)).unwrap();
        prop_assert!(error <= 1.0 && brier(&probabilities, &gold).unwrap() <= 1.0);
        prop_assert!(average_precision(&probabilities, &gold).is_some());
        prop_assert_eq!(Counts::of(gold.iter().map(|g| (*g, *g))).f1(), Some(1.0));
    }
}
