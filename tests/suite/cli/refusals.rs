//! What bad input gets: a line with the place and the remedy, the right exit code, nothing half-written.

use super::{lines, news, texts};
use crate::support::{Sandbox, small_model};
use rhetor::text::ARTICLE_LIMIT;
use std::fs;
use std::process::{Command, Stdio};

/// Refused as the only input: its own line, then that there is nothing left.
#[track_caller]
fn refused(sandbox: &Sandbox, input: &str, parts: &[&str]) {
    let run = sandbox.rhetor(&format!("classify {input} -o out.jsonl"));
    assert_eq!(run.complains(2, &[parts, &["nothing to read", "see the lines above"]]), "");
    assert!(!sandbox.names().contains(&"out.jsonl".to_string()));
}

#[test]
fn unreadable_inputs_are_refused_with_a_remedy() {
    let sandbox = Sandbox::new(&[
        ("empty.txt", b""),
        ("blank.txt", b" \n\n"),
        ("binary.txt", b"\x7fELF\0\0\x01\x02\0"),
        ("paper.pdf", b"%PDF-1.7\nstream"),
        ("folder/picture.png", b"\x89PNG"),
        ("other.csv", b"headline,body\nA,B\n"),
        ("header.csv", b"text\n"),
        ("news.txt", b"It rained."),
    ]);
    refused(&sandbox, "empty.txt", &["empty.txt: found an empty file", "leave the file out"]);
    refused(&sandbox, "blank.txt", &["blank.txt: found an empty file", "put text into it"]);
    refused(&sandbox, "binary.txt", &["binary.txt: found a binary file", "export its text first"]);
    refused(&sandbox, "paper.pdf", &["paper.pdf: found a binary file", "pdftotext"]);
    refused(
        &sandbox,
        "folder",
        &["folder: found a folder without readable files", ".txt", "name them one by one"],
    );
    refused(&sandbox, "other.csv", &["other.csv:1: found the columns `headline`, `body`", "--text-column"]);
    refused(&sandbox, "missing.txt", &["missing.txt: cannot open: No such file", "check the path"]);
    refused(&sandbox, "news.txt/below", &["news.txt/below: cannot open: Not a directory", "check the path"]);
    assert_eq!(sandbox.rhetor("classify header.csv").done(), "", "no records are not a fault");
    assert_eq!(sandbox.names().len(), 8);
}

#[test]
fn an_article_over_the_limit_is_refused_and_the_others_are_read() {
    let mut line = vec![b'a'; ARTICLE_LIMIT + 1];
    let sandbox = Sandbox::new(&[("long.txt", &line)]);
    refused(
        &sandbox,
        "long.txt",
        &["long.txt: found more than 16 MiB in one article", "split it into articles"],
    );
    line.splice(..0, b"{\"text\": \"One came.\"}\n{\"text\": \"".iter().copied());
    line.extend(b"\"}\n{\"text\": \"Two came.\"}\n");
    sandbox.write("long.jsonl", &line);
    let run = sandbox.rhetor("classify long.jsonl");
    let articles = lines(run.complains(1, &[&["long.jsonl:2: found more than 16 MiB", "split it"]]));
    assert_eq!((articles.len(), texts(&articles[1])), (2, vec!["Two came."]));
}

#[test]
fn good_records_are_output_though_others_are_bad() {
    let sandbox = Sandbox::new(&[
        (
            "feed.jsonl",
            b"{\"text\": \"One came.\"}\n{\"text\": \n{\"body\": \"x\"}\n{\"text\": \"Two came.\"}\n",
        ),
        ("feed.csv", b"text,id\nOne came.,1\nlost\nTwo came.,2\n"),
        ("bad.jsonl", b"[]\nnull\n"),
    ]);
    for arguments in ["classify feed.jsonl", "classify feed.jsonl -o out.jsonl"] {
        let run = sandbox.rhetor(arguments);
        let complaints: [&[&str]; 2] = [
            &[
                "feed.jsonl:2:8: found broken JSON (EOF while parsing a value)",
                "correct the record or leave it out",
            ],
            &["feed.jsonl:3: found only `body`", "a field `text`"],
        ];
        let output = run.complains(1, &complaints);
        let written = if arguments.contains("-o") { sandbox.read("out.jsonl") } else { output.to_string() };
        let articles = lines(&written);
        assert_eq!((texts(&articles[0]), texts(&articles[1])), (vec!["One came."], vec!["Two came."]));
    }
    let run = sandbox.rhetor("classify feed.csv");
    assert_eq!(lines(run.complains(1, &[&["feed.csv:3: found 1 fields; expected 2", "quote"]])).len(), 2);
    let run = sandbox.rhetor("classify feed.csv missing.txt -f json");
    let array: Vec<serde_json::Value> =
        serde_json::from_str(run.complains(1, &[&["feed.csv:3"], &["missing.txt: cannot open"]])).unwrap();
    assert_eq!(array.len(), 2);
    let run = sandbox.rhetor("classify bad.jsonl missing.txt");
    let nothing = ["bad.jsonl: found nothing to read"];
    assert_eq!(run.complains(2, &[&["bad.jsonl:1"], &["bad.jsonl:2"], &["missing.txt"], &nothing]), "");
}

#[test]
fn bytes_of_any_encoding_are_read() {
    let utf16: Vec<u8> = "\u{feff}The café closed.".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&b"\xef\xbb\xbfThe caf\xc3\xa9 closed."[..], b"The caf\xe9 closed.", &utf16] {
        let sandbox = Sandbox::new(&[("a.txt", bytes)]);
        assert_eq!(texts(&lines(&sandbox.rhetor("classify a.txt").done())[0]), ["The café closed."]);
    }
    let sandbox = Sandbox::new(&[("a.txt", b"It rained on \xff Monday. It \xc3 snowed.")]);
    assert_eq!(texts(&lines(&sandbox.rhetor("classify a.txt").done())[0]).len(), 2);
}

#[test]
fn unknown_labels_and_numbers_out_of_range_are_refused() {
    let sandbox = news();
    sandbox
        .rhetor("classify news.txt --only praise")
        .refuses(&["--only: found \"praise\"; expected one of accusation"]);
    sandbox
        .rhetor("classify news.txt -t praise=0.5")
        .refuses(&["--threshold: found \"praise\"; expected one of"]);
    for number in ["2", "-t=-1", "threat=x", "NaN"] {
        let run = sandbox.rhetor(&format!("classify news.txt --threshold {number}"));
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
        assert!(run.stderr.contains("--threshold") || run.stderr.contains("--help"), "{}", run.stderr);
    }
    for arguments in ["", "nonsense", "classify --format xml news.txt", "evaluate", "classify --nonsense"] {
        let run = sandbox.rhetor(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments}: {run:?}");
        assert!(!run.stderr.contains("panicked") && !run.stderr.is_empty());
    }
}

#[test]
fn an_output_that_cannot_be_written_is_named_and_nothing_is_left() {
    let sandbox = news();
    sandbox.write("folder/x", b"");
    sandbox
        .rhetor("classify news.txt -o no/out.csv")
        .refuses(&["no/out.csv: cannot create: ", "check the path"]);
    sandbox
        .rhetor("classify news.txt -o news.txt/out")
        .refuses(&["news.txt/out: cannot create: ", "check the path"]);
    sandbox.rhetor("classify news.txt -o folder").refuses(&["folder: cannot write: ", "name a file"]);
    assert_eq!(sandbox.names(), ["folder", "news.txt"]);
}

#[test]
fn a_failed_run_leaves_the_old_file_as_it_was() {
    let sandbox = Sandbox::new(&[("out.jsonl", b"old")]);
    assert_eq!(sandbox.rhetor("classify missing.txt -o out.jsonl").code, Some(2));
    assert_eq!((sandbox.names(), sandbox.read("out.jsonl")), (vec!["out.jsonl".to_string()], "old".into()));
}

/// A process that may write no file larger than some kilobytes is one whose disk is full.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_file_as_it_was() {
    let feed: String = (0..2000).map(|i| format!("{{\"text\": \"Envoy {i} denied it.\"}}\n")).collect();
    let sandbox = Sandbox::new(&[("feed.jsonl", feed.as_bytes()), ("out.jsonl", b"old")]);
    for format in ["jsonl", "json", "csv", "text"] {
        let script = format!(
            "trap '' XFSZ; ulimit -f 8; exec '{}' classify feed.jsonl -f {format} -o out.jsonl",
            env!("CARGO_BIN_EXE_rhetor")
        );
        let output = sandbox.command("sh", "-c").arg(script).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
        assert!(
            said.contains("out.jsonl: cannot write: ") && said.contains("make room on the disk"),
            "{said}"
        );
        assert_eq!((sandbox.names().len(), sandbox.read("out.jsonl")), (2, "old".into()));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_named() {
    let sandbox = news();
    sandbox.write("labelled.csv", b"text,label\nIt rained.,none\nHe denied it.,denial\n");
    for arguments in [
        "classify news.txt",
        "classify news.txt -f text",
        "evaluate labelled.csv",
        "evaluate labelled.csv -f json",
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_rhetor"))
            .current_dir(sandbox.path(""))
            .args(arguments.split_whitespace())
            .stdout(full)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{arguments}: {said}");
        assert!(
            said.contains("standard output: cannot write: No space left") && said.contains("make room"),
            "{said}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_as_output_is_written_to_and_not_replaced() {
    let sandbox = news();
    assert_eq!(sandbox.rhetor("classify news.txt -o /dev/stdout").done().lines().count(), 1);
    sandbox.rhetor("classify news.txt -o /dev/null").done();
    use std::os::unix::fs::FileTypeExt;
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    std::os::unix::fs::symlink("real.csv", sandbox.path("link.csv")).unwrap();
    sandbox.write("real.csv", b"old");
    sandbox.rhetor("classify news.txt -o link.csv").done();
    assert!(sandbox.path("link.csv").is_symlink() && sandbox.read("real.csv").starts_with("source,"));
}

#[cfg(unix)]
#[test]
fn no_permission_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = news();
    fs::set_permissions(sandbox.path("news.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(sandbox.path("news.txt")).is_ok() {
        return; // the superuser may read everything; a path below a file, tested above, is refused to all
    }
    refused(&sandbox, "news.txt", &["news.txt: cannot open: Permission denied", "ask its owner for access"]);
}

/// Output of each kind into a pipe that nobody reads, larger than the pipe and all buffers.
#[test]
fn a_closed_pipe_is_silence() {
    let long = "Envoys denied that they had lied. ".repeat(6000);
    let feed: String = (0..3000).map(|i| format!("{{\"text\": \"Envoy {i} denied it.\"}}\n")).collect();
    let sandbox = Sandbox::new(&[
        ("long.txt", long.as_bytes()),
        ("feed.jsonl", feed.as_bytes()),
        ("labelled.csv", b"text,label\nIt rained.,none\nHe denied it.,denial\n"),
    ]);
    let mut runs = vec!["evaluate labelled.csv".to_string(), "evaluate labelled.csv -f json".to_string()];
    for input in ["long.txt", "feed.jsonl"] {
        runs.extend(["jsonl", "json", "csv", "text"].map(|format| format!("classify {input} -f {format}")));
    }
    for arguments in runs {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rhetor"))
            .current_dir(sandbox.path(""))
            .args(arguments.split_whitespace())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""), "{arguments}");
    }
}

#[test]
fn an_output_is_no_input() {
    let sandbox = Sandbox::new(&[("art/news.txt", b"It rained."), ("a.csv", b"text\nIt rained.\n")]);
    let again = || {
        sandbox.rhetor("classify art --fast -o art/all.csv").done();
        sandbox.read("art/all.csv")
    };
    assert_eq!(again(), again());
    for verb in ["classify", "dyads"] {
        let run = sandbox.rhetor(&format!("{verb} a.csv --fast -o ./a.csv"));
        run.refuses(&["--output: found ./a.csv; expected another file than the input a.csv"]);
    }
    assert_eq!(sandbox.read("a.csv"), "text\nIt rained.\n");
}

#[test]
fn an_output_takes_the_place_of_nothing_that_is_read() {
    let data = b"text,label\nIt rained.,none\nHe denied it.,denial\n";
    let sandbox =
        Sandbox::new(&[("art/news.txt", b"It rained."), ("d.csv", data), ("m.safetensors", small_model())]);
    for output in ["art/news.txt", "./art/../art/news.txt"] {
        let run = sandbox.rhetor(&format!("classify art --fast -o {output}"));
        run.refuses(&["--output: found", "expected another file than one to be read in art"]);
    }
    let other = "expected another file than the input m.safetensors";
    sandbox.rhetor("classify art -m m.safetensors -o m.safetensors").refuses(&["--output", other]);
    sandbox.rhetor("evaluate d.csv -m m.safetensors -o m.safetensors").refuses(&["--output", other]);
    sandbox
        .rhetor("evaluate d.csv --compare m.safetensors --errors m.safetensors")
        .refuses(&["--errors", other]);
    sandbox.rhetor("review art -m m.safetensors -o m.safetensors").refuses(&["--output", other]);
    let train = "d.csv --folds 2 --encoder m.safetensors -o n.safetensors --report m.safetensors";
    sandbox.train(train).refuses(&["--report", other]);
    #[cfg(unix)]
    {
        sandbox.write("store/far.txt", b"It snowed.");
        std::os::unix::fs::symlink(sandbox.path("store/far.txt"), sandbox.path("art/far.txt")).unwrap();
        sandbox.rhetor("classify art --fast -o store/far.txt").refuses(&["one to be read in art"]);
        fs::remove_file(sandbox.path("art/far.txt")).unwrap();
    }
    assert_eq!(sandbox.read("art/news.txt"), "It rained.");
    assert_eq!(fs::read(sandbox.path("m.safetensors")).unwrap(), small_model());
    // What an earlier run has written shows it, and may be written again.
    for name in ["all.jsonl", "all.json", "all.csv", "all.html"] {
        for _ in 0..2 {
            sandbox.rhetor(&format!("classify art --fast -o art/{name}")).done();
        }
        fs::remove_file(sandbox.path(&format!("art/{name}"))).unwrap();
    }
}

#[test]
fn an_output_has_the_shape_of_its_name() {
    let sandbox =
        Sandbox::new(&[("a.txt", b"They lied, he said."), ("d.csv", b"text,label\nNo.,denial\nYes.,none\n")]);
    sandbox.rhetor("classify a.txt --fast -o a.CSV").done();
    assert!(sandbox.read("a.CSV").starts_with("source,id,"));
    for (arguments, expected) in [
        ("classify a.txt --fast -o b.tsv", ".txt, .jsonl, .ndjson, .json, .csv, .html, .htm"),
        ("dyads a.txt --fast -o b.html", ".txt, .csv, .json"),
        ("evaluate d.csv -m lexical -o b.csv", ".txt, .json, .html, .htm"),
        ("review a.txt --fast -o b.html", ".csv"),
        ("evaluate d.csv -m lexical --errors b.json", ".csv"),
    ] {
        sandbox.rhetor(arguments).refuses(&["found b.", &format!("a name that ends in {expected}")]);
    }
    sandbox
        .train("convert d.csv -o b.jsonl")
        .refuses(&["--output: found b.jsonl", "a name that ends in .csv"]);
    sandbox.rhetor("classify a.txt --fast -f csv -o b.tsv").done();
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_shell_appends_to_is_not_replaced() {
    let sandbox = Sandbox::new(&[("a.txt", b"It rained."), ("log.jsonl", b"{}\n")]);
    let log = fs::File::options().append(true).open(sandbox.path("log.jsonl")).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_rhetor"))
        .current_dir(sandbox.path(""))
        .args(["classify", "a.txt", "--fast", "-o", "/dev/stdout"])
        .stdout(log)
        .status();
    assert!(status.unwrap().success());
    let lines = sandbox.read("log.jsonl");
    assert!(lines.starts_with("{}\n{\"schema\""), "{lines}");
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    for end in ["\n", "\r\n"] {
        let table = ["id,text", "7,The army denied it.", "8", "", "9,\"It", "rained.\"", "10,It snowed.", ""]
            .join(end);
        let sandbox = Sandbox::new(&[("a.csv", table.as_bytes())]);
        let run = sandbox.rhetor("classify a.csv --fast");
        let articles = lines(run.complains(1, &[&["a.csv:3: found 1 fields"]]));
        let sources: Vec<&str> = articles.iter().map(|article| article["source"].as_str().unwrap()).collect();
        assert_eq!(sources, ["a.csv:2", "a.csv:5", "a.csv:7"], "{end:?}");
    }
}

#[test]
fn data_are_the_same_in_a_pipe_as_in_a_file() {
    let coloured = "“They lied,” said Ana \u{1b}[1mRuiz\u{1b}[0m of the army. He\u{7f} left.";
    let sandbox = Sandbox::new(&[("a.txt", coloured.as_bytes())]);
    for command in ["classify a.txt --format csv", "classify a.txt --format html", "dyads a.txt --format csv"]
    {
        let piped = sandbox.rhetor(&format!("{command} --fast")).done();
        sandbox.rhetor(&format!("{command} --fast -o out")).done();
        assert_eq!(piped, sandbox.read("out"), "{command}");
    }
}
