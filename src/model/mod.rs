//! The artifact: everything needed to score a sentence, in one file.

mod card;
mod file;

pub use file::{FORMAT, MemberRecord, Provenance};

use crate::classifier::Classifier;
use crate::error::{Error, Result};
use crate::features::encoder::Encoder;
use crate::features::{Extractor, Features, Keywords};
use crate::label::LabelSet;
use ndarray::{Array2, Axis};

/// The models that ship with rhetor, compiled in: name and file.
const BUILT_IN: [(&str, &[u8]); 2] = [
    ("default", include_bytes!("../../models/default.safetensors")),
    ("lexical", include_bytes!("../../models/lexical.safetensors")),
];

/// How many sentences are scored at once: bounds the feature matrix to some tens of megabytes.
const BATCH: usize = 1024;

/// A trained model: labels, features, classifier, and where it comes from.
///
/// ```
/// use rhetor::Model;
/// let model = Model::shipped()?;
/// let scores = model.score(&["Islamabad accused Kabul of breaking the truce."], &|_| {})?;
/// let accusation = model.labels().index("accusation").expect("one of the four");
/// assert!(scores[[0, accusation]] > model.thresholds()[accusation]);
/// # Ok::<(), rhetor::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Model {
    pub(crate) labels: LabelSet,
    pub(crate) features: Features,
    pub(crate) classifier: Classifier,
    pub(crate) keywords: Keywords,
    pub(crate) provenance: Provenance,
    /// First 12 hexadecimal digits of the digest of everything above.
    pub(crate) fingerprint: String,
}

impl Model {
    /// The model that is used where no other is asked for.
    ///
    /// # Errors
    /// None in a program that was built whole.
    pub fn shipped() -> Result<Self> {
        let (name, bytes) = BUILT_IN[0];
        Model::from_bytes(bytes, name.as_ref())
    }

    /// A built-in model by name: `default` (an encoder and n-grams: accurate) or `lexical` (n-grams: small and fast). None if there is
    /// none of that name.
    pub fn built_in(name: &str) -> Option<Result<Self>> {
        let (name, bytes) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Some(Model::from_bytes(bytes, name.as_ref()))
    }

    /// The identity of each built-in model, without the work of making it ready.
    ///
    /// # Errors
    /// None in a program that was built whole.
    pub fn built_in_identities() -> Result<Vec<String>> {
        BUILT_IN.iter().map(|(name, bytes)| file::identity(bytes, name.as_ref())).collect()
    }

    /// A model from its fitted parts. Its fingerprint is taken from the bytes that [`save`](Self::save) will write.
    ///
    /// # Errors
    /// None that a caller could cause.
    pub(crate) fn new(
        labels: LabelSet,
        features: Features,
        classifier: Classifier,
        keywords: Keywords,
        provenance: Provenance,
    ) -> Result<Self> {
        let unnamed =
            Model { labels, features, classifier, keywords, provenance, fingerprint: String::new() };
        Model::from_bytes(&unnamed.to_bytes()?, "the new model".as_ref())
    }

    /// The label scheme: the columns of [`score`](Self::score).
    pub fn labels(&self) -> &LabelSet {
        &self.labels
    }

    /// The probability from which each label is given, one a label, from 0 to 1.
    pub fn thresholds(&self) -> &[f32] {
        &self.classifier.thresholds
    }

    /// The dictionary baseline learned from the same data.
    pub fn keywords(&self) -> &Keywords {
        &self.keywords
    }

    /// What it was trained on, and how.
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// Which features it uses: `lexical`, `encoder`, or `encoder + lexical`.
    pub fn kind(&self) -> String {
        self.features.kind()
    }

    /// Its encoder alone, for a new model on top of it.
    ///
    /// # Errors
    /// A model with lexical features only.
    pub fn into_encoder(self) -> Result<Encoder> {
        let identity = self.identity();
        let encoder = self.features.into_extractors().into_iter().find_map(|extractor| match extractor {
            Extractor::Encoder(encoder) => Some(*encoder),
            Extractor::Lexical(_) => None,
        });
        encoder.ok_or_else(|| {
            Error::model(
                identity,
                "has lexical features, no encoder",
                "give --encoder a model that has one, or train with --features lexical",
            )
        })
    }

    /// Its name, its date if it has one, and the first digits of its digest: `default 2026-12-01 3f9c01aa20be`.
    pub fn identity(&self) -> String {
        self.provenance.identity(&self.fingerprint)
    }

    /// Calibrated probabilities, shape (texts, labels), in batches of bounded size. `progress` hears how many sentences
    /// are done.
    ///
    /// # Errors
    /// A sentence that an encoder's tokenizer refuses.
    pub fn score(&self, texts: &[&str], progress: &(dyn Fn(usize) + Sync)) -> Result<Array2<f32>> {
        let mut scores = Array2::zeros((texts.len(), self.labels.len()));
        let batches = texts.chunks(BATCH).zip(scores.axis_chunks_iter_mut(Axis(0), BATCH));
        for (batch, (texts, mut rows)) in batches.enumerate() {
            let features = self.features.extract(texts, &|done| progress(batch * BATCH + done))?;
            rows.assign(&self.classifier.probabilities(features.view()));
        }
        Ok(scores)
    }
}
