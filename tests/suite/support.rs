//! What several modules need: the programs run in a folder of their own, and a small model.

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// The four labels in the order of the built-in model.
pub const LABELS: &str = "accusation,threat,denial,appeal";

/// How the small model is trained.
pub const SMALL_MODEL: &str = "--features lexical -o golden.safetensors --labels accusation,threat,denial,appeal --ngrams 400 --folds 6 \
    --date 2026-01-01";

/// A path in the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a folder of the repository that end so, by name; at least one.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no .{extension} in {folder}");
    paths
}

/// One case of a file that a linguist can edit: an input, and the lines that should come of it.
#[derive(Debug)]
pub struct Case {
    /// Its file and first line.
    pub place: String,
    pub input: String,
    pub expected: Vec<String>,
}

impl Case {
    /// Cases are parted by `===`, input and expected lines by `---`; `#` lines name the case.
    pub fn read_all(path: &Path) -> Result<Vec<Case>, String> {
        let file = path.file_name().unwrap().to_string_lossy();
        let content = fs::read_to_string(path).map_err(|error| format!("{file}: {error}"))?;
        let (mut cases, mut lines, mut first) = (Vec::new(), Vec::new(), 1);
        for (number, line) in content.lines().chain(["==="]).enumerate() {
            if line == "===" {
                cases.push(Case::read(format!("{file}:{first}"), &lines)?);
                (lines, first) = (Vec::new(), number + 2);
            } else {
                lines.push(line);
            }
        }
        Ok(cases)
    }

    /// The case in these lines.
    pub fn read(place: String, lines: &[&str]) -> Result<Case, String> {
        if !lines.iter().any(|line| line.starts_with('#')) {
            return Err(malformed(&place, "no `# name`"));
        }
        let lines: Vec<&str> = lines.iter().copied().filter(|line| !line.starts_with('#')).collect();
        let mut parts = lines.split(|line| *line == "---");
        let (Some(input), Some(expected), None) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed(&place, "not exactly one `---`"));
        };
        let input = input.join("\n").trim().to_string();
        if input.is_empty() {
            return Err(malformed(&place, "no input"));
        }
        let expected = expected.iter().filter(|line| !line.is_empty()).map(|line| line.to_string()).collect();
        Ok(Case { place, input, expected })
    }
}

/// What is said of a case that breaks the form.
pub fn malformed(place: &str, what: &str) -> String {
    format!("{place}: malformed case: {what}")
}

/// A temporary folder in which the programs run.
pub struct Sandbox(TempDir);

impl Sandbox {
    /// A folder with these files.
    pub fn new(files: &[(&str, &[u8])]) -> Self {
        let sandbox = Sandbox(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            sandbox.write(name, bytes);
        }
        sandbox
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: &str, bytes: &[u8]) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Where a name in the folder is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The text of a file.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names in the folder, sorted.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs `rhetor` with arguments separated by blanks.
    pub fn rhetor(&self, arguments: &str) -> Run {
        Run::of(&mut self.command(env!("CARGO_BIN_EXE_rhetor"), arguments))
    }

    /// Runs `rhetor-train`.
    pub fn train(&self, arguments: &str) -> Run {
        Run::of(&mut self.command(env!("CARGO_BIN_EXE_rhetor-train"), arguments))
    }

    /// Runs `rhetor` with something on its standard input.
    pub fn rhetor_reading(&self, input: &[u8], arguments: &str) -> Run {
        Run::of(self.command(env!("CARGO_BIN_EXE_rhetor"), arguments).write_stdin(input))
    }

    /// A program in this folder, its surroundings' wishes for colours and widths left out.
    pub fn command(&self, program: &str, arguments: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.0.path()).args(arguments.split_whitespace());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(variable);
        }
        command
    }
}

/// How a program ended, and what it said.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn of(command: &mut Command) -> Run {
        let output = command.output().unwrap();
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Ended well and silently: what it wrote.
    #[track_caller]
    pub fn done(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{}", self.stdout);
        self.stdout
    }

    /// Ended with this code and these lines on stderr: each line given is the parts that its own must have.
    #[track_caller]
    pub fn complains(&self, code: i32, lines: &[&[&str]]) -> &str {
        assert_eq!(self.code, Some(code), "{self:?}");
        let said: Vec<&str> = self.stderr.lines().collect();
        assert_eq!(said.len(), lines.len(), "{}", self.stderr);
        for (said, parts) in said.iter().zip(lines) {
            for part in *parts {
                assert!(said.contains(part), "{part:?} is not in {said:?}");
            }
            assert!(!said.contains('\u{1b}') && !said.contains("panicked"), "{said}");
        }
        &self.stdout
    }

    /// Ended with code 2 and one line with these parts, after nothing on standard output.
    #[track_caller]
    pub fn refuses(&self, parts: &[&str]) {
        assert_eq!(self.complains(2, &[parts]), "");
        assert!(self.stderr.starts_with("rhetor"), "{}", self.stderr);
    }
}

/// The bytes of a small model of the four labels, trained by `rhetor-train` on `tests/golden/train.csv`.
pub fn small_model() -> &'static [u8] {
    static MODEL: OnceLock<Vec<u8>> = OnceLock::new();
    MODEL.get_or_init(|| {
        let sandbox = Sandbox::new(&[]);
        let data = repository("tests/golden/train.csv");
        let trained = sandbox.train(&format!("{} {SMALL_MODEL}", data.display()));
        assert_eq!(trained.code, Some(0), "{}", trained.stderr);
        fs::read(sandbox.path("golden.safetensors")).unwrap()
    })
}
