//! The model file: one safetensors file, readable by other tools, without code in it.
//!
//! The arrays are named `part.name`. The one metadata entry, `rhetor`, is a JSON object
//! `{"format": 2, "digest": "…", "header": {…}}`, where the digest is the SHA-256 of the header's text and of all arrays
//! (name, type, shape, bytes; in the order of their names). There is one entry only, because the order of several would
//! not be fixed, and the same model must give the same bytes.

use super::Model;
use crate::classifier::{Calibration, Classifier, Linear};
use crate::error::{Error, Result};
use crate::features::encoder::{Encoder, Precision};
use crate::features::{
    Extractor, Features, Keywords, Lexical, LexicalParameters, NamedTensor, StoredTensor, StoredTensors,
};
use crate::label::LabelSet;
use ndarray::{Array1, Array2};
use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::Path;

/// The version of the file's layout that this program writes and reads. 2: several extractors side by side.
pub const FORMAT: u32 = 2;

/// The key of the one metadata entry.
const METADATA: &str = "rhetor";

/// What to do about most broken files.
const REMEDY: &str = "give a file written by rhetor-train, or leave out --model to use the built-in model";

/// Where a model comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// The name it was given.
    pub name: String,
    /// The date it was given, if any, as `YYYY-MM-DD`. Not taken from a clock: the same data give the same bytes.
    pub date: Option<String>,
    /// The version of rhetor that trained it.
    pub version: String,
    /// The seed of all random choices.
    pub seed: u64,
    /// How many sentences it was trained on.
    pub rows: usize,
    /// SHA-256 over the texts and labels of the training rows, in hexadecimal.
    pub data: String,
    /// SHA-256 of the rows that calibrated it, if they were others than the training rows.
    pub held_out: Option<String>,
    /// The members of the blend, in the order of their columns; one alone has the whole share.
    pub members: Vec<MemberRecord>,
    /// Macro F1 and macro average precision on the rows that calibrated it, where defined.
    pub scores: [Option<f64>; 2],
}

/// How one family of features takes part in a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberRecord {
    /// The family's name.
    pub features: String,
    /// How much its log-odds count, from 0 to 1; the shares of all members sum to 1.
    pub share: f32,
    /// The penalty chosen for each label.
    pub alphas: Vec<f32>,
}

impl Provenance {
    /// A model's name, its date if it has one, and its fingerprint.
    pub(super) fn identity(&self, fingerprint: &str) -> String {
        let parts = [Some(self.name.as_str()), self.date.as_deref(), Some(fingerprint)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Everything in the file that is not an array.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Header {
    labels: LabelSet,
    features: Vec<ExtractorHeader>,
    calibrations: Vec<Calibration>,
    thresholds: Vec<f32>,
    keywords: Keywords,
    provenance: Provenance,
}

/// Which family of features, and how it was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ExtractorHeader {
    Lexical(LexicalParameters),
    /// Its dimensions are among its arrays.
    Encoder,
}

impl ExtractorHeader {
    fn of(extractor: &Extractor) -> Self {
        match extractor {
            Extractor::Lexical(lexical) => ExtractorHeader::Lexical(lexical.parameters().clone()),
            Extractor::Encoder(_) => ExtractorHeader::Encoder,
        }
    }

    /// The extractor whose arrays are stored.
    fn restore(self, stored: &StoredTensors) -> Result<Extractor> {
        Ok(match self {
            ExtractorHeader::Lexical(parameters) => {
                Extractor::Lexical(Box::new(Lexical::from_tensors(stored, parameters)?))
            }
            ExtractorHeader::Encoder => {
                Extractor::Encoder(Box::new(Encoder::from_tensors(&stored.tensors, ENCODER)?))
            }
        })
    }
}

/// What the names of an encoder's arrays begin with.
const ENCODER: &str = "encoder.";

/// The metadata entry.
#[derive(Serialize, Deserialize)]
struct Envelope {
    format: u32,
    digest: String,
    header: Box<RawValue>,
}

impl Model {
    /// Writes the file: to a temporary name beside `path` first, then renamed, so that no half file is left.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn save(&self, path: &Path) -> Result<()> {
        crate::atomic::write(path, |out| {
            out.write_all(&self.to_bytes()?).map_err(|e| Error::io(path, "write", e))
        })
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// A file that cannot be read, is no model, is cut short, was altered, or was written in a newer format: the message
    /// says which, and what to do.
    pub fn load(path: &Path) -> Result<Self> {
        if path.is_dir() {
            return Err(Error::model(path, "is a folder, not a model file", REMEDY));
        }
        let bytes = std::fs::read(path).map_err(|e| Error::io(path, "read the model", e))?;
        Model::from_bytes(&bytes, path)
    }

    /// The file's bytes; the same model gives the same bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let fault = |e: String| Error::model("the model", e, "this is a fault of rhetor: please report it");
        let header = serde_json::to_string(&self.header()).map_err(|e| fault(e.to_string()))?;
        let tensors = self.tensors()?;
        let envelope = Envelope {
            format: FORMAT,
            digest: digest(
                &header,
                tensors.iter().map(|(name, t)| (name.as_str(), t.dtype, &t.shape[..], &t.bytes[..])),
            ),
            header: RawValue::from_string(header).map_err(|e| fault(e.to_string()))?,
        };
        let metadata = serde_json::to_string(&envelope).map_err(|e| fault(e.to_string()))?;
        safetensors::serialize(tensors, Some(HashMap::from([(METADATA.into(), metadata)])))
            .map_err(|e| fault(e.to_string()))
    }

    /// Reads a model from the bytes of its file; `name` stands for the file in messages.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn from_bytes(bytes: &[u8], name: &Path) -> Result<Self> {
        let (envelope, tensors) = open(bytes, name)?;
        let views = tensors.tensors();
        let arrays =
            views.iter().map(|(name, view)| (name.as_str(), view.dtype(), view.shape(), view.data()));
        if digest(envelope.header.get(), arrays) != envelope.digest {
            return Err(Error::model(name, "was altered: its contents do not match its digest", REMEDY));
        }
        let header: Header = serde_json::from_str(envelope.header.get())
            .map_err(|e| Error::model(name, format!("has a header that cannot be read ({e})"), REMEDY))?;
        let stored = StoredTensors { file: name, tensors };
        Model::assemble(header, &stored, &envelope.digest)
    }

    fn header(&self) -> Header {
        Header {
            labels: self.labels.clone(),
            features: self.features.extractors().iter().map(ExtractorHeader::of).collect(),
            calibrations: self.classifier.calibrations.clone(),
            thresholds: self.classifier.thresholds.clone(),
            keywords: self.keywords.clone(),
            provenance: self.provenance.clone(),
        }
    }

    /// All arrays with their names.
    fn tensors(&self) -> Result<Vec<NamedTensor>> {
        let Linear { weights, intercepts } = &self.classifier.linear;
        let mut tensors = Vec::new();
        for extractor in self.features.extractors() {
            tensors.extend(match extractor {
                Extractor::Lexical(lexical) => lexical.to_tensors()?,
                Extractor::Encoder(encoder) => encoder.to_tensors(ENCODER, Precision::Int8)?,
            });
        }
        let weights = StoredTensor::floats(&weights.iter().copied().collect::<Vec<_>>(), weights.shape());
        tensors.push(("classifier.weights".into(), weights));
        let intercepts = StoredTensor::floats(&intercepts.to_vec(), intercepts.shape());
        tensors.push(("classifier.intercepts".into(), intercepts));
        Ok(tensors)
    }

    /// Puts the parts together, after checking that they fit.
    fn assemble(header: Header, stored: &StoredTensors, digest: &str) -> Result<Self> {
        let unfit = || stored.broken("has parts that do not fit together".into());
        let extractors = header.features.into_iter().map(|one| one.restore(stored)).collect::<Result<_>>()?;
        let features = Features::new(extractors).ok_or_else(unfit)?;
        let (shape, weights) = stored.floats("classifier.weights")?;
        let (_, intercepts) = stored.floats("classifier.intercepts")?;
        let labels = header.labels.len();
        let fits = shape == [features.width(), labels]
            && [intercepts.len(), header.calibrations.len(), header.thresholds.len()] == [labels; 3];
        let weights = Array2::from_shape_vec((features.width(), labels), weights).ok().filter(|_| fits);
        let weights = weights.ok_or_else(unfit)?;
        Ok(Model {
            labels: header.labels,
            features,
            classifier: Classifier {
                linear: Linear { weights, intercepts: Array1::from(intercepts) },
                calibrations: header.calibrations,
                thresholds: header.thresholds,
            },
            keywords: header.keywords,
            provenance: header.provenance,
            fingerprint: fingerprint(digest),
        })
    }
}

/// The identity of the model in the bytes of a file, read off its header alone: that the rest is whole is not checked.
pub(super) fn identity(bytes: &[u8], name: &Path) -> Result<String> {
    let (envelope, _) = open(bytes, name)?;
    let header: Header = serde_json::from_str(envelope.header.get())
        .map_err(|e| Error::model(name, format!("has a header that cannot be read ({e})"), REMEDY))?;
    Ok(header.provenance.identity(&fingerprint(&envelope.digest)))
}

/// The short form of a digest, for people.
pub(super) fn fingerprint(digest: &str) -> String {
    digest.chars().take(12).collect()
}

/// The envelope and the arrays, if the file is a rhetor model of a format that this program knows.
fn open<'a>(bytes: &'a [u8], name: &Path) -> Result<(Envelope, SafeTensors<'a>)> {
    let foreign = || Error::model(name, "is not a rhetor model", REMEDY);
    if bytes.is_empty() {
        return Err(Error::model(name, "is empty", REMEDY));
    }
    let tensors = SafeTensors::deserialize(bytes).map_err(|e| match e {
        _ if is_cut_within_header(bytes) => {
            Error::model(name, "is cut short: its header is not whole", REMEDY)
        }
        safetensors::SafeTensorError::MetadataIncompleteBuffer => Error::model(
            name,
            "is cut short or has something added: its length is not what it says itself",
            REMEDY,
        ),
        _ => foreign(),
    })?;
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|_| foreign())?;
    let entry = metadata.metadata().as_ref().and_then(|entries| entries.get(METADATA)).ok_or_else(foreign)?;
    let envelope: Envelope = serde_json::from_str(entry).map_err(|_| foreign())?;
    if envelope.format != FORMAT {
        let problem = format!("has format {}; this rhetor reads format {FORMAT}", envelope.format);
        let age = if envelope.format > FORMAT { "a newer" } else { "an older" };
        return Err(Error::model(
            name,
            problem,
            format!("use {age} rhetor, or train the model again with this one"),
        ));
    }
    Ok((envelope, tensors))
}

/// Whether the bytes begin as a safetensors file does, with the length of a JSON header, and end before that header.
fn is_cut_within_header(bytes: &[u8]) -> bool {
    let Some((length, header)) = bytes.split_first_chunk() else { return false };
    header.starts_with(b"{\"") && u64::from_le_bytes(*length) > header.len() as u64
}

/// One array as the digest sees it: name, type, shape, bytes.
type Array<'a> = (&'a str, Dtype, &'a [usize], &'a [u8]);

/// SHA-256 over the header's text and all arrays in the order of their names, in hexadecimal.
fn digest<'a>(header: &str, arrays: impl Iterator<Item = Array<'a>>) -> String {
    let mut sorted: Vec<Array> = arrays.collect();
    sorted.sort_by_key(|(name, ..)| *name);
    let mut hash = Sha256::new();
    hash.update(header);
    for (name, dtype, shape, bytes) in sorted {
        hash.update(format!("\n{name} {dtype:?} {shape:?}\n"));
        hash.update(bytes);
    }
    format!("{:x}", hash.finalize())
}
