//! A training interrupted between epochs, in one safetensors file.

use super::super::quantise::{Precision, restore_all, store};
use super::state::{Snapshot, State};
use super::{Epoch, Run};
use crate::atomic;
use crate::error::{Error, Result};
use crate::features::StoredTensor;
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// Where a training leaves its checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The file, replaced after each epoch.
    pub path: PathBuf,
    /// Whether to go on from the file if it is there.
    pub resume: bool,
}

/// All but the tensors.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    fingerprint: String,
    step: u64,
    epochs: Vec<Epoch>,
    kept: Option<usize>,
    finished: Vec<Run>,
}

const HEADER: &str = "training.json";

/// Writes the state in place of the file, at once or not at all.
pub(super) fn save(path: &Path, state: &State, fingerprint: &str) -> Result<()> {
    let header = Header {
        fingerprint: fingerprint.into(),
        step: state.step,
        epochs: state.epochs.clone(),
        kept: state.kept.as_ref().map(|(epoch, _)| *epoch),
        finished: state.finished.clone(),
    };
    let mut tensors =
        vec![(HEADER.into(), StoredTensor::raw(serde_json::to_vec(&header).map_err(Error::encoder)?))];
    tensors.extend(store(&state.weights(), "weights/", Precision::Single)?);
    tensors.extend(store(&state.moments(), "moments/", Precision::Single)?);
    let kept = state.kept.as_ref().map(|(_, kept)| kept);
    for (prefix, snapshot) in [("kept/", kept), ("earlier/", state.earlier.as_ref())] {
        if let Some(snapshot) = snapshot {
            tensors.extend(store(snapshot, prefix, Precision::Single)?);
        }
    }
    let bytes = safetensors::serialize(tensors, None).map_err(Error::encoder)?;
    atomic::write(path, |out| out.write_all(&bytes).map_err(|e| Error::io(path, "write", e)))
}

/// Puts the state in the file into `state`, which is about to begin. Without a file nothing happens.
pub(super) fn resume(path: &Path, state: &mut State, fingerprint: &str) -> Result<()> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(path, "read", error)),
    };
    let tensors = SafeTensors::deserialize(&bytes).map_err(|e| unusable(path, e))?;
    let header = tensors.tensor(HEADER).map_err(|e| unusable(path, e))?;
    let header: Header = serde_json::from_slice(header.data()).map_err(|e| unusable(path, e))?;
    if header.fingerprint != fingerprint {
        return Err(unusable(path, "it is of other data, other parameters or another encoder"));
    }
    let read = |prefix: &str| restore_all(&tensors, prefix);
    state.put(&read("weights/")?, &read("moments/")?).map_err(|e| unusable(path, e))?;
    state.earlier = Some(read("earlier/")?).filter(|tensors: &Snapshot| !tensors.is_empty());
    state.kept = header.kept.map(|epoch| Ok::<_, Error>((epoch, read("kept/")?))).transpose()?;
    (state.step, state.epochs, state.finished) = (header.step, header.epochs, header.finished);
    if state.finished.is_empty() != state.earlier.is_none() {
        return Err(unusable(path, "it lacks the weights of earlier runs"));
    }
    Ok(())
}

fn unusable(path: &Path, problem: impl ToString) -> Error {
    let problem = format!("cannot go on from this checkpoint: {}", problem.to_string());
    Error::model(path, problem, "train without resuming, or delete the file")
}
