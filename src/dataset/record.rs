//! Records as read, before they have a label scheme: what every format yields.

use crate::error::Place;

/// A row as it stands in a file, whatever the format.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) text: String,
    /// Names in the order of the cell, `none` left out.
    pub(super) labels: Vec<String>,
    pub(super) id: Option<String>,
    pub(super) doc: Option<String>,
    pub(super) domain: Option<String>,
    pub(super) extra: Vec<(String, String)>,
}

/// A row with its places.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) fields: Fields,
    /// Where the text stands.
    pub(super) place: Place,
    /// Where the labels stand.
    pub(super) label_place: Place,
    /// Whether anybody has said which labels it bears, be it none.
    pub(super) answered: bool,
}
