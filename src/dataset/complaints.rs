//! The list of what is wrong with labelled data: reading goes on after a fault to find the others.

use crate::error::{Complaint, Error, Place, Result};

/// How many complaints are listed; the rest is counted.
pub(super) const LISTED: usize = 20;

/// A value, else what is wrong with what stands in its place. Boxed: a complaint is large, and rare.
pub(super) type Checked<T> = std::result::Result<T, Box<Complaint>>;

/// Complaints, in any order.
#[derive(Debug, Default)]
pub(super) struct Complaints(Vec<Complaint>);

impl Complaints {
    /// Adds a complaint.
    pub(super) fn push(&mut self, complaint: Complaint) {
        self.0.push(complaint);
    }

    /// Adds a complaint given by its parts.
    pub(super) fn add(
        &mut self,
        place: Place,
        found: impl Into<String>,
        expected: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.push(Complaint::new(place, found, expected, remedy));
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// All of them in the order of their places.
    pub(super) fn into_sorted(mut self) -> Vec<Complaint> {
        self.0.sort_by(|a, b| a.place.cmp(&b.place));
        self.0
    }

    /// The first of them as one error, with the number of the others, if there are any.
    pub(super) fn into_result(self) -> Result<()> {
        let mut complaints = self.into_sorted();
        let unlisted = complaints.len().saturating_sub(LISTED);
        complaints.truncate(LISTED);
        if complaints.is_empty() { Ok(()) } else { Err(Error::dataset(complaints, unlisted)) }
    }
}

/// The beginning of a text, short enough for one line of a message.
pub(super) fn excerpt(text: &str) -> String {
    const CHARACTERS: usize = 60;
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// Names as a list in prose: `a`, `b`.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
