//! A few dense cues that n-grams cannot see.

use super::Sample;

/// How many cues.
pub(super) const COUNT: usize = NAMES.len();

/// Their names, for explanations.
pub(super) const NAMES: [&str; 2] = ["inside a quotation", "headline"];

/// One number from 0 to 1 a cue.
pub(super) fn cues(sample: &Sample) -> [f32; COUNT] {
    [f32::from(sample.quoted), f32::from(sample.headline)]
}
