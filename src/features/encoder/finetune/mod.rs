//! Training the encoder on labels, with a linear head that is thrown away afterwards.
//!
//! ```text
//! rows --shuffle, join--> batches --deal--> shards --forward, backward--> gradients --add, clip--> AdamW step
//! epoch's end: score on held-out rows --> keep if better --> checkpoint
//! run's end: average with what the runs before kept --> begin again from the base
//! ```
//!
//! The result depends on the data, the parameters, the base and the kind of processor (its vector instructions decide how
//! sums are rounded) alone: not on the number of threads, nor on whether the training was interrupted.

mod batches;
mod checkpoint;
mod objective;
mod optimiser;
mod parameters;
mod state;

pub use checkpoint::Checkpoint;
pub use parameters::{CheckedFineTuneParameters, FineTuneParameters};

use super::dropout::Dropout;
use super::lanes::Lanes;
use super::tokens::{Packed, Tokens, joined};
use super::{Encoder, EncoderConfig, quantise};
use crate::error::{Error, Result};
use crate::ranking::macro_average_precision;
use batches::Purpose;
use candle_core::{Device, Tensor};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use state::{Network, Snapshot, State};

/// Texts and their labels: row i of `tags`, (n_texts, n_labels), belongs to text i.
#[derive(Debug, Clone, Copy)]
pub struct Labelled<'a> {
    /// The texts.
    pub texts: &'a [&'a str],
    /// One flag a label.
    pub tags: ArrayView2<'a, bool>,
}

/// What came of a training from the base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its epochs in order.
    pub epochs: Vec<Epoch>,
    /// Whose weights it kept, from 1.
    pub kept: usize,
}

/// What came of an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// The mean loss a row and label, with dropout on.
    pub loss: f64,
    /// Macro average precision on the held-out rows; none without any.
    pub average_precision: Option<f64>,
}

/// How far a training is, told after each step and each epoch.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Steps taken, those before a resumption included. An earlier run that stopped early counts in full.
    pub step: u64,
    /// Steps if no early stop comes.
    pub steps: u64,
    /// The run, from 1.
    pub run: usize,
    /// Its epoch, from 1.
    pub epoch: usize,
    /// The mean loss of the epoch up to here.
    pub loss: f64,
    /// At an epoch's end: what came of it.
    pub finished: Option<Epoch>,
}

/// The linear head that the encoder was trained with.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// (n_labels, width).
    pub weight: Array2<f32>,
    /// (n_labels).
    pub bias: Array1<f32>,
}

impl Head {
    /// Logits of pooled vectors, (n, width) to (n, n_labels).
    ///
    /// # Panics
    /// If the vectors are of another width.
    pub fn logits(&self, vectors: ArrayView2<'_, f32>) -> Array2<f32> {
        vectors.dot(&self.weight.t()) + &self.bias
    }
}

/// A fine-tuned encoder and how it became one.
#[derive(Debug, Clone)]
pub struct FineTuned {
    /// The encoder, in single precision: the mean of what the runs kept.
    pub encoder: Encoder,
    /// The head that it was trained with, a mean like it.
    pub head: Head,
    /// Macro average precision of the two on the held-out rows; none without any.
    pub average_precision: Option<f64>,
    /// The runs in order.
    pub runs: Vec<Run>,
}

/// Trains a copy of `base` to tell the labels of `data` apart.
///
/// Without `validation` a share of the rows is held out to choose the best epoch by
/// ([`FineTuneParameters::held_out_share`]); pass validation rows where rows belong together (one document's, say).
/// With a `checkpoint` the file is written after each epoch, and training can go on from it. `progress` is called on
/// the caller's thread. A step takes 1.4 times as long where candle has threads of its own besides: programs should run with
/// `CANDLE_NUM_THREADS=1`, as rhetor's do.
///
/// ```no_run
/// use rhetor::features::encoder::{Encoder, EncoderConfig, FineTuneParameters, Labelled, fine_tune};
/// # fn example(base: &Encoder) -> rhetor::Result<()> {
/// let texts = ["You burned the mill.", "The mill stands by the river."];
/// let tags = ndarray::array![[true], [false]];
/// let parameters = FineTuneParameters { held_out_share: 0.0, ..Default::default() }.check()?;
/// let data = Labelled { texts: &texts, tags: tags.view() };
/// let tuned = fine_tune(base, data, None, &parameters, None, &|progress| println!("{:.3}", progress.loss))?;
/// let vectors = tuned.encoder.encode(&texts, &|_| ())?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// No rows, no labels, not as many tags as texts; more tokens than the encoder has positions; a checkpoint that
/// cannot be written or read, or is of another training; a loss that is no longer a number.
pub fn fine_tune(
    base: &Encoder,
    data: Labelled<'_>,
    validation: Option<Labelled<'_>>,
    parameters: &CheckedFineTuneParameters,
    checkpoint: Option<&Checkpoint>,
    progress: &dyn Fn(Progress),
) -> Result<FineTuned> {
    let training = Training::new(base, data, validation, parameters.get())?;
    let mut state = training.begin()?;
    let fingerprint = training.fingerprint()?;
    if let Some(checkpoint) = checkpoint.filter(|checkpoint| checkpoint.resume) {
        checkpoint::resume(&checkpoint.path, &mut state, &fingerprint)?;
    }
    loop {
        while !training.is_over(&state) {
            training.epoch(&mut state, progress)?;
            if let Some(checkpoint) = checkpoint {
                checkpoint::save(&checkpoint.path, &state, &fingerprint)?;
            }
        }
        let (runs, mean) = state.conclude().map_err(Error::encoder)?;
        if runs.len() >= training.parameters.runs {
            return training.finish(runs, mean);
        }
        state = training.begin()?.after(runs, mean);
    }
}

/// What stays the same during a training.
struct Training<'a> {
    parameters: &'a FineTuneParameters,
    /// The base, with the configuration that the result will have.
    base: Encoder,
    /// Rows to train on.
    rows: Rows<'a>,
    /// Rows to judge by, perhaps none.
    held_out: Rows<'a>,
    /// Tokens of the rows to train on.
    tokens: Vec<Tokens>,
    lanes: Lanes,
}

/// Texts and tags picked from [`Labelled`].
struct Rows<'a> {
    texts: Vec<&'a str>,
    tags: Array2<bool>,
}

/// What a step learns from.
struct Batch {
    tokens: Vec<Tokens>,
    /// (rows, labels).
    tags: Array2<bool>,
}

impl<'a> Rows<'a> {
    fn pick(data: Labelled<'a>, rows: &[usize]) -> Self {
        Rows {
            texts: rows.iter().map(|&row| data.texts[row]).collect(),
            tags: data.tags.select(Axis(0), rows),
        }
    }

    fn all(data: Labelled<'a>) -> Self {
        Rows { texts: data.texts.to_vec(), tags: data.tags.to_owned() }
    }
}

impl<'a> Training<'a> {
    fn new<'b: 'a, 'c: 'a>(
        base: &Encoder,
        data: Labelled<'b>,
        validation: Option<Labelled<'c>>,
        parameters: &'a FineTuneParameters,
    ) -> Result<Self> {
        check(data)?;
        let (rows, held_out) = match validation {
            Some(validation) => {
                check(validation)?;
                (Rows::all(data), Rows::all(validation))
            }
            None => {
                let (rows, held_out) =
                    batches::hold_out(data.texts.len(), parameters.held_out_share, parameters.seed);
                (Rows::pick(data, &rows), Rows::pick(data, &held_out))
            }
        };
        if rows.texts.is_empty() {
            return Err(Error::fit(
                "the encoder",
                "no row is left to train on",
                "give more, or hold out fewer",
            ));
        }
        let (labels, judged) = (rows.tags.ncols(), held_out.tags.ncols());
        if labels != judged {
            return Err(Error::parameter("labels of the validation rows", judged, labels.to_string()));
        }
        let positions = base.config.max_position_embeddings;
        if parameters.max_tokens > positions {
            let expected = format!("at most {positions}, the encoder's positions");
            return Err(Error::parameter("max_tokens", parameters.max_tokens, expected));
        }
        let config = EncoderConfig {
            max_tokens: parameters.max_tokens,
            pooling: parameters.pooling,
            ..base.config.clone()
        };
        let base = base.with(config, base.weights.clone())?;
        let tokens = base.tokens(&rows.texts)?;
        Ok(Training { parameters, base, rows, held_out, tokens, lanes: Lanes::new()? })
    }

    fn begin(&self) -> Result<State> {
        let n = self.rows.tags.nrows() as f32;
        let log_odds = |column: ndarray::ArrayView1<'_, bool>| {
            let positive = column.iter().filter(|on| **on).count() as f32;
            ((positive + 0.5) / (n - positive + 0.5)).ln()
        };
        let log_odds: Vec<f32> = self.rows.tags.axis_iter(Axis(1)).map(log_odds).collect();
        State::new(&self.base.config, &self.base.weights, &log_odds, self.parameters).map_err(Error::encoder)
    }

    /// Whether the state's run is.
    fn is_over(&self, state: &State) -> bool {
        let (done, patience) = (state.epochs.len(), self.parameters.patience);
        done >= self.parameters.epochs || (patience > 0 && done >= best_epoch(&state.epochs) + patience)
    }

    fn steps_per_epoch(&self) -> usize {
        self.rows.texts.len().div_ceil(self.parameters.batch)
    }

    fn steps_per_run(&self) -> usize {
        self.parameters.epochs * self.steps_per_epoch()
    }

    /// Each run shuffles and drops in its own way. Trainings to compare want seeds that are further apart than they have runs.
    fn seed(&self, state: &State) -> u64 {
        self.parameters.seed.wrapping_add(state.finished.len() as u64)
    }

    /// One pass over the rows, then the verdict on it.
    fn epoch(&self, state: &mut State, progress: &dyn Fn(Progress)) -> Result<()> {
        let (run, epoch) = (state.finished.len() + 1, state.epochs.len() + 1);
        let of_runs = |runs: usize| (runs as u64).saturating_mul(self.steps_per_run() as u64);
        let (before, steps) = (of_runs(run - 1), of_runs(self.parameters.runs));
        let (mut sum, mut seen) = (0.0, 0);
        for batch in batches::batches(self.rows.texts.len(), self.parameters.batch, self.seed(state), epoch) {
            sum += self.step(state, &batch)? * batch.len() as f64;
            seen += batch.len();
            let (step, loss) = (before + state.step, sum / seen as f64);
            progress(Progress { step, steps, run, epoch, loss, finished: None });
        }
        let loss = sum / seen as f64;
        let finished = Epoch { loss, average_precision: self.judge(state)? };
        state.epochs.push(finished.clone());
        let step = before + state.step;
        progress(Progress { step, steps, run, epoch, loss, finished: Some(finished) });
        Ok(())
    }

    /// The rows of a step, some of them joined with others.
    fn batch(&self, rows: &[usize], seed: u64, step: u64) -> Batch {
        let FineTuneParameters { joined_share, max_tokens, .. } = *self.parameters;
        let mut batch = Batch { tokens: Vec::new(), tags: self.rows.tags.select(Axis(0), rows) };
        let examples = batches::join(rows, self.tokens.len(), joined_share, seed, step);
        for ((row, partner), mut tags) in examples.into_iter().zip(batch.tags.rows_mut()) {
            let alone = &self.tokens[row];
            // A pair that is too long would lose words, but not the labels that they earn.
            let pair = partner.map(|other| (other, joined(alone, &self.tokens[other])));
            match pair.filter(|(_, tokens)| tokens.len() <= max_tokens) {
                Some((other, tokens)) => {
                    tags.zip_mut_with(&self.rows.tags.row(other), |tag, of_other| *tag |= of_other);
                    batch.tokens.push(tokens);
                }
                None => batch.tokens.push(alone.clone()),
            }
        }
        batch
    }

    /// One step along the gradient of a batch's mean loss, which is returned.
    fn step(&self, state: &mut State, rows: &[usize]) -> Result<f64> {
        let (seed, step) = (self.seed(state), state.step);
        let batch = self.batch(rows, seed, step);
        let shards: Vec<(usize, Vec<usize>)> =
            batches::shards(&batch.tokens).into_iter().enumerate().collect();
        let mixout = batches::dropout(self.parameters.mixout, seed, Purpose::Mixout(step));
        let dropout = |shard| batches::dropout(self.parameters.dropout, seed, Purpose::Dropout(step, shard));
        let network = state.network(&self.base.weights, mixout).map_err(Error::encoder)?;
        let parts = self
            .lanes
            .map(&shards, |(index, rows)| self.gradients(&network, &batch, rows, dropout(*index)))
            .map_err(Error::encoder)?;
        let loss: f64 = parts.iter().map(|(loss, _)| loss).sum();
        if !loss.is_finite() {
            return Err(Error::fit(
                "the encoder",
                "the loss is no longer a number",
                "lower the learning rate",
            ));
        }
        let parts: Vec<Vec<Tensor>> = parts.into_iter().map(|(_, gradients)| gradients).collect();
        let schedule = optimiser::schedule(self.parameters, step as usize, self.steps_per_run());
        state.step += 1;
        optimiser::step(&state.tensors, &parts, self.parameters.clip_norm, state.step, schedule)
            .map_err(Error::encoder)?;
        Ok(loss)
    }

    /// A shard's part of the batch's mean loss, and of its gradient: one tensor for each in training.
    fn gradients(
        &self,
        network: &Network,
        batch: &Batch,
        rows: &[usize],
        dropout: Dropout,
    ) -> candle_core::Result<(f64, Vec<Tensor>)> {
        let packed = Packed::new(rows.iter().map(|&row| &batch.tokens[row]));
        let logits = network.logits(&packed, dropout)?;
        let targets = batch.tags.select(Axis(0), rows).mapv(f32::from);
        let targets = Tensor::from_iter(targets, &Device::Cpu)?.reshape(logits.shape())?;
        let loss = (objective::logistic(&logits, &targets)? / batch.tags.len() as f64)?;
        Ok((f64::from(loss.to_scalar::<f32>()?), network.gradients(&loss)?))
    }

    /// Scores the weights on the held-out rows, and keeps them if none were better; without rows, anyway.
    fn judge(&self, state: &mut State) -> Result<Option<f64>> {
        let candidate = state.snapshot().map_err(Error::encoder)?;
        let (encoder, head) = self.assemble(candidate.clone())?;
        let score = self.score(&encoder, &head)?;
        let best = state.epochs.iter().filter_map(|epoch| epoch.average_precision).fold(f64::MIN, f64::max);
        if score.is_none_or(|score| score >= best) {
            state.kept = Some((state.epochs.len() + 1, candidate));
        }
        Ok(score)
    }

    /// Macro average precision on the held-out rows; none without any.
    fn score(&self, encoder: &Encoder, head: &Head) -> Result<Option<f64>> {
        let vectors = encoder.encode(&self.held_out.texts, &|_| ())?;
        Ok(macro_average_precision(head.logits(vectors.view()).view(), self.held_out.tags.view()))
    }

    fn assemble(&self, mut snapshot: Snapshot) -> Result<(Encoder, Head)> {
        let missing = || Error::encoder("the head is missing");
        let (weight, bias) = state::take_head(&mut snapshot).ok_or_else(missing)?;
        let shape = (self.rows.tags.ncols(), self.base.config.width());
        let weight = Array2::from_shape_vec(shape, quantise::values(&weight)?).map_err(Error::encoder)?;
        let mut weights = self.base.weights.clone();
        weights.extend(snapshot);
        let encoder = self.base.with(self.base.config.clone(), weights)?;
        Ok((encoder, Head { weight, bias: quantise::values(&bias)?.into() }))
    }

    fn finish(&self, runs: Vec<Run>, mean: Snapshot) -> Result<FineTuned> {
        let (encoder, head) = self.assemble(mean)?;
        let average_precision = match &runs[..] {
            [only] => only.epochs[only.kept - 1].average_precision,
            _ => self.score(&encoder, &head)?,
        };
        Ok(FineTuned { encoder, head, average_precision, runs })
    }

    /// A hash of all that the result depends on.
    fn fingerprint(&self) -> Result<String> {
        let mut hash = Sha256::new();
        hash.update(serde_json::to_vec(&(self.parameters, &self.base.config)).map_err(Error::encoder)?);
        hash.update(&self.base.tokenizer);
        for rows in [&self.rows, &self.held_out] {
            hash.update(serde_json::to_vec(&rows.texts).map_err(Error::encoder)?);
            hash.update(rows.tags.iter().map(|&tag| u8::from(tag)).collect::<Vec<u8>>());
        }
        for (_, tensor) in quantise::store(&self.base.weights, "", quantise::Precision::Single)? {
            hash.update(&tensor.bytes);
        }
        Ok(format!("{:x}", hash.finalize()))
    }
}

/// The first epoch, from 1, that none exceeds; the last one if there are no scores.
fn best_epoch(epochs: &[Epoch]) -> usize {
    let mut best = 0;
    for (i, epoch) in epochs.iter().enumerate() {
        if best == 0
            || epoch.average_precision.is_none()
            || epoch.average_precision > epochs[best - 1].average_precision
        {
            best = i + 1;
        }
    }
    best
}

fn check(data: Labelled<'_>) -> Result<()> {
    let (texts, (rows, labels)) = (data.texts.len(), data.tags.dim());
    if texts == 0 || labels == 0 || texts != rows {
        let problem = format!("there are {texts} texts, {rows} rows of tags, {labels} labels");
        return Err(Error::fit(
            "the encoder",
            problem,
            "give each text one row of tags, and one label at least",
        ));
    }
    Ok(())
}
