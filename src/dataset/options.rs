//! How labelled data are to be read.

use crate::label::LabelSet;

/// How to read labelled data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// The column of the texts; `text` if not given.
    pub text_column: Option<String>,
    /// The column of the labels; `label` or `labels` if not given.
    pub label_column: Option<String>,
    /// The column of the document names, which must then be there; `doc`, which may be missing, if not given.
    pub doc_column: Option<String>,
    /// The only labels allowed, in this order; the labels in the data, sorted by name, if not given.
    pub labels: Option<LabelSet>,
    /// Whether each label must have a row: so for learning, not for measuring.
    pub require_positives: bool,
    /// The labelling tool that has exported the files; if not given, JSON files show it themselves.
    pub tool: Option<Tool>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        ReadOptions {
            text_column: None,
            label_column: None,
            doc_column: None,
            labels: None,
            require_positives: true,
            tool: None,
        }
    }
}

impl ReadOptions {
    /// The name of the text column.
    pub(super) fn text(&self) -> &str {
        self.text_column.as_deref().unwrap_or("text")
    }

    /// The names that the label column may have.
    pub(super) fn label(&self) -> Vec<&str> {
        self.label_column.as_deref().map_or(vec!["label", "labels"], |name| vec![name])
    }

    /// The name of the document column.
    pub(super) fn doc(&self) -> &str {
        self.doc_column.as_deref().unwrap_or("doc")
    }
}

/// A tool in which people label texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Doccano: JSON Lines or JSON of a text classification or sequence labelling project.
    Doccano,
    /// Label Studio: its JSON export, with choices or with labelled regions.
    LabelStudio,
    /// Prodigy: JSON Lines of `db-out`.
    Prodigy,
}
