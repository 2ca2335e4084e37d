//! What a terminal can do, and words to the person at it.

use anstyle::{AnsiColor, Color, Style};
use std::io::{BufWriter, IsTerminal, Write};

const ERROR: Style = Style::new().bold().fg_color(Some(Color::Ansi(AnsiColor::Red)));
/// Output that is not a terminal is folded as if it were this wide.
const DEFAULT_WIDTH: usize = 100;
/// Lines longer than this are hard to read, however wide the terminal.
const MOST_WIDTH: usize = 120;

/// One message on stderr, behind the program's name.
pub(super) fn complain(program: &str, message: &str) {
    // If stderr is gone there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "{ERROR}{program}:{ERROR:#} {message}");
}

/// Columns to fold text to: as the variable COLUMNS says, else as wide as the terminal.
pub(super) fn width() -> usize {
    let wished = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let own = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    wished.filter(|width| *width > 0).or_else(own).unwrap_or(DEFAULT_WIDTH).min(MOST_WIDTH)
}

/// Standard output: colours are left out of what is `for_people` where it takes none; data stay as they are, escape sequences
/// included.
pub(super) fn stdout(for_people: bool) -> Box<dyn Write> {
    if for_people {
        Box::new(BufWriter::new(anstream::stdout()))
    } else {
        Box::new(BufWriter::new(std::io::stdout()))
    }
}

/// Whether a person reads standard output.
pub(super) fn stdout_is_read() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether standard output takes colours: a terminal, NO_COLOR not set.
pub(super) fn stdout_has_colours() -> bool {
    anstream::AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never
}
