//! The two programs as a user runs them: exit codes, messages, files that are there whole or not at all.

mod compare;
mod dyads;
mod evaluate;
mod manual;
mod models;
mod refusals;
mod review;
mod train;
mod widths;

use crate::support::Sandbox;
use serde_json::Value;

const NEWS: &str = "Velmora accused Tarsk of shelling the border village. “We never fired a single shell,” a spokesman \
    for Tarsk said. The talks will resume on Monday.";

fn news() -> Sandbox {
    Sandbox::new(&[("news.txt", NEWS.as_bytes())])
}

/// The articles of an output in JSON Lines.
#[track_caller]
fn lines(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The texts of an article's sentences.
fn texts(article: &Value) -> Vec<&str> {
    article["sentences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sentence| sentence["text"].as_str().unwrap())
        .collect()
}

#[test]
fn json_lines_go_into_a_pipe() {
    let output = news().rhetor("classify news.txt").done();
    let articles = lines(&output);
    assert_eq!(articles.len(), 1);
    assert_eq!(articles[0]["schema"], "rhetor.article/1");
    assert_eq!(articles[0]["source"], "news.txt");
    assert_eq!(
        texts(&articles[0]),
        [
            "Velmora accused Tarsk of shelling the border village.",
            "“We never fired a single shell,” a spokesman for Tarsk said.",
            "The talks will resume on Monday."
        ]
    );
    for sentence in articles[0]["sentences"].as_array().unwrap() {
        let (start, end) = (sentence["start"].as_u64().unwrap(), sentence["end"].as_u64().unwrap());
        let cut: String = NEWS.chars().skip(start as usize).take((end - start) as usize).collect();
        assert_eq!(cut, sentence["text"]);
        let scores = sentence["scores"].as_object().unwrap();
        assert_eq!(scores.keys().map(String::as_str).collect::<Vec<_>>().join(","), crate::support::LABELS);
        assert!(scores.values().all(|score| (0.0..=1.0).contains(&score.as_f64().unwrap())));
    }
    assert_eq!(articles[0]["sentences"][1]["quoted"], true);
}

#[test]
fn the_format_asked_for_or_that_of_the_outputs_name_is_written() {
    let sandbox = news();
    for (name, start) in [
        ("out.json", "[\n{"),
        ("out.jsonl", "{\"schema\""),
        ("out.csv", "source,id,index,kind,start,end,quoted,text,labels,accusation,"),
        ("out.txt", "(no headline)\nnews.txt\n"),
        ("out.dat", "{\"schema\""),
    ] {
        assert_eq!(sandbox.rhetor(&format!("classify news.txt -o {name}")).done(), "");
        assert!(sandbox.read(name).starts_with(start), "{name}: {}", sandbox.read(name));
    }
    sandbox.rhetor("classify news.txt --format csv -o out.json").done();
    assert!(sandbox.read("out.json").starts_with("source,id"));
    let array: Value = serde_json::from_str(&sandbox.rhetor("classify news.txt -f json").done()).unwrap();
    assert_eq!(array.as_array().unwrap().len(), 1);
    let table = sandbox.rhetor("classify news.txt --format csv").done();
    assert_eq!(csv::Reader::from_reader(table.as_bytes()).records().filter(|row| row.is_ok()).count(), 3);
}

#[test]
fn the_input_format_goes_by_name_by_looks_or_by_flag() {
    let page = b"<html><body><p>Velmora accused Tarsk of theft.</p></body></html>";
    let sandbox = Sandbox::new(&[
        ("page.html", page),
        ("page", page),
        (
            "feed.jsonl",
            b"{\"text\": \"One came.\", \"id\": 7, \"title\": \"Ferries\"}\n{\"text\": \"Two came.\"}\n",
        ),
        ("feed.csv", b"body,id\nOne came.,a\n"),
        ("feed.dat", b"text\tid\nOne came.\ta\n"),
    ]);
    for name in ["page.html", "page"] {
        let articles = lines(&sandbox.rhetor(&format!("classify {name}")).done());
        assert_eq!(texts(&articles[0]), ["Velmora accused Tarsk of theft."]);
        assert_eq!(articles[0]["text"], "Velmora accused Tarsk of theft.");
    }
    let articles = lines(&sandbox.rhetor("classify feed.jsonl").done());
    assert_eq!((&articles[0]["id"], &articles[0]["title"]), (&"7".into(), &"Ferries".into()));
    assert_eq!(articles[1]["source"], "feed.jsonl:2");
    let articles = lines(&sandbox.rhetor("classify feed.csv --text-column body").done());
    assert_eq!((&articles[0]["id"], texts(&articles[0])), (&"a".into(), vec!["One came."]));
    let articles = lines(&sandbox.rhetor("classify feed.dat --input-format tsv").done());
    assert_eq!(texts(&articles[0]), ["One came."]);
}

#[test]
fn standard_input_is_read() {
    let sandbox = Sandbox::new(&[]);
    for arguments in ["classify", "classify -"] {
        let articles = lines(&sandbox.rhetor_reading(NEWS.as_bytes(), arguments).done());
        assert_eq!((&articles[0]["source"], texts(&articles[0]).len()), (&"-".into(), 3));
    }
    let feed = b"{\"text\": \"One came.\"}\n{\"text\": \"Two came.\"}\n";
    assert_eq!(lines(&sandbox.rhetor_reading(feed, "classify").done()).len(), 2);
    let articles = lines(&sandbox.rhetor_reading(b"The caf\xe9 closed on Monday.", "classify").done());
    assert_eq!(texts(&articles[0]), ["The café closed on Monday."]);
    sandbox
        .rhetor_reading(b"", "classify")
        .complains(2, &[&["-: found an empty file"], &["nothing to read"]]);
}

#[test]
fn thresholds_and_only_choose_what_is_shown() {
    let sandbox = news();
    let sentences = |arguments: &str| {
        let articles = lines(&sandbox.rhetor(&format!("classify news.txt {arguments}")).done());
        articles[0]["sentences"].as_array().unwrap().clone()
    };
    let labels = |sentence: &Value| sentence["labels"].as_array().unwrap().len();
    assert!(sentences("--threshold 0").iter().all(|sentence| labels(sentence) == 4));
    assert!(sentences("--threshold 1").iter().all(|sentence| labels(sentence) == 0));
    assert!(
        sentences("-t 1,threat=0").iter().all(|sentence| sentence["labels"] == serde_json::json!(["threat"]))
    );
    assert_eq!(sentences("-t 1 --only threat").len(), 0);
    assert_eq!(sentences("-t 1,denial=0 --only threat,denial").len(), 3);
    let accusations = sentences("--only accusation");
    assert_eq!(accusations.len(), 1);
    assert_eq!((&accusations[0]["index"], labels(&accusations[0])), (&0.into(), 1));
}

#[test]
fn the_listing_shows_what_is_tagged_and_all_on_demand() {
    let sandbox = Sandbox::new(&[("news.txt", format!("{NEWS}\n\nAdvertisement\n\nIt rained.").as_bytes())]);
    let listing = sandbox.rhetor("classify news.txt --format text").done();
    assert!(listing.contains("accusation ") && listing.contains("4 sentences, "), "{listing}");
    assert!(!listing.contains("Advertisement") && !listing.contains("Monday"), "{listing}");
    let all = sandbox.rhetor("classify news.txt --format text --all").done();
    assert!(all.contains("furniture, not scored\n      Advertisement") && all.contains("Monday"), "{all}");
}

#[test]
fn a_pipe_gets_no_colours() {
    let sandbox = news();
    for arguments in
        ["classify news.txt -f text", "classify news.txt", "classify missing.txt", "--help", "nonsense"]
    {
        for no_colour in [false, true] {
            let mut command = sandbox.command(env!("CARGO_BIN_EXE_rhetor"), arguments);
            if no_colour {
                command.env("NO_COLOR", "1");
            }
            let output = command.output().unwrap();
            let written = [output.stdout, output.stderr].concat();
            assert!(!written.is_empty() && !written.contains(&0x1b), "{arguments}");
        }
    }
    sandbox.rhetor("classify news.txt -o out.txt").done();
    assert!(!sandbox.read("out.txt").contains('\u{1b}'));
}

#[test]
fn threads_do_not_change_the_output() {
    let feed: String =
        (0..200).map(|i| format!("{{\"text\": \"Envoy {i} denied it. Go home!\"}}\n")).collect();
    let sandbox = Sandbox::new(&[("feed.jsonl", feed.as_bytes())]);
    let one = sandbox.rhetor("classify feed.jsonl --threads 1").done();
    assert_eq!(lines(&one).len(), 200);
    assert_eq!(one, sandbox.rhetor("classify feed.jsonl --threads 3").done());
    assert_eq!(one, sandbox.rhetor("classify feed.jsonl").done());
}

#[test]
fn folders_are_read_file_by_file() {
    let sandbox = Sandbox::new(&[
        ("in/b.txt", b"Two came."),
        ("in/a/x.txt", b"One came."),
        ("in/picture.png", b"\x89PNG\0"),
        ("in/c.jsonl", b"{\"text\": \"Three came.\"}"),
    ]);
    let articles = lines(&sandbox.rhetor("classify in").done());
    let sources: Vec<&str> = articles.iter().map(|article| article["source"].as_str().unwrap()).collect();
    assert_eq!(sources, ["in/a/x.txt", "in/b.txt", "in/c.jsonl:1"]);
}

#[test]
fn help_and_version_are_given() {
    let sandbox = Sandbox::new(&[]);
    assert!(sandbox.rhetor("--version").done().starts_with("rhetor "));
    assert!(sandbox.rhetor("classify --help").done().contains("Examples:"));
    assert!(sandbox.train("--help").done().contains("rhetor-train check data"));
}
