//! Completions, manual pages, versions; colours and widths of a terminal.

use super::news;
use crate::support::Sandbox;
use textwrap::core::display_width;

#[test]
fn the_version_names_the_built_in_models() {
    let sandbox = news();
    let version = sandbox.rhetor("--version").done();
    let article: serde_json::Value =
        serde_json::from_str(&sandbox.rhetor("classify news.txt").done()).unwrap();
    let identity = article["model"].as_str().unwrap();
    assert!(version.lines().any(|line| line.ends_with(identity)), "{identity} is not in {version}");
    assert_eq!(sandbox.rhetor("-V").done(), format!("rhetor {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn shells_get_the_commands_and_options() {
    let sandbox = Sandbox::new(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = sandbox.rhetor(&format!("completions {shell}")).done();
        for word in ["classify", "review", "threshold"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        // These two do not complete values.
        assert!(script.contains("label-studio") || ["elvish", "powershell"].contains(&shell), "{shell}");
        assert!(sandbox.train(&format!("completions {shell}")).done().contains("convert"), "{shell}");
    }
    assert_eq!(sandbox.rhetor("completions tcsh").code, Some(2));
}

#[test]
fn every_command_has_a_manual_page() {
    let sandbox = Sandbox::new(&[]);
    assert_eq!(sandbox.rhetor("man pages").done(), "");
    for (page, words) in [
        ("rhetor", "classify"),
        ("rhetor-classify", "\\-\\-threshold"),
        ("rhetor-evaluate", "\\-\\-errors"),
        ("rhetor-review", "\\-\\-count"),
        ("rhetor-train", "\\-\\-fine\\-tune"),
        ("rhetor-train-convert", "\\-\\-from"),
    ] {
        let text = sandbox.read(&format!("pages/{page}.1"));
        assert!(text.contains(".TH") && text.contains(words), "{page}: {text}");
    }
    sandbox.write("file", b"");
    sandbox.rhetor("man file/pages").refuses(&["file/pages: cannot create"]);
}

#[test]
fn colours_are_given_when_forced_and_never_against_no_color() {
    let sandbox = news();
    let written = |variables: &[(&str, &str)]| {
        let mut command =
            sandbox.command(env!("CARGO_BIN_EXE_rhetor"), "classify news.txt --fast --format text");
        String::from_utf8(command.envs(variables.iter().copied()).output().unwrap().stdout).unwrap()
    };
    let plain = written(&[("NO_COLOR", "1")]);
    assert!(plain.contains("denial ") && !plain.contains('\u{1b}'), "{plain}");
    assert!(written(&[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert_eq!(written(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
}

#[test]
fn lines_fit_a_narrow_terminal() {
    let sandbox = news();
    let widest = |columns: &str| {
        let arguments = "classify news.txt --fast --format text --all";
        let output = sandbox
            .command(env!("CARGO_BIN_EXE_rhetor"), arguments)
            .env("COLUMNS", columns)
            .output()
            .unwrap();
        let listing = String::from_utf8(output.stdout).unwrap();
        listing.lines().map(display_width).max().unwrap()
    };
    let (narrow, wide) = (widest("40"), widest("90"));
    assert!(narrow <= 40, "{narrow}");
    assert!((60..=90).contains(&wide), "{wide}");
    assert!(widest("nonsense") > 60 && widest("0") > 60);
}
