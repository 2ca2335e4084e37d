//! Where words come from: the tokenizers crate.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use tokenizers::models::wordlevel::{WordLevel, WordLevelTrainer};
use tokenizers::models::wordpiece::{WordPiece, WordPieceTrainer};
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::{AddedToken, Model, TokenizerImpl, Trainer};
use tokenizers::{DecoderWrapper, PostProcessorWrapper, Tokenizer};

/// How a sentence is cut into words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tokens {
    /// Whole words and single punctuation marks of the training text.
    Words,
    /// Word pieces learned from the training text: a vocabulary of this size.
    WordPieces(usize),
}

/// What stands for a word that the vocabulary does not have.
const UNKNOWN: &str = "[UNK]";

/// A fitted tokenizer and its vocabulary by id.
///
/// The vocabulary is held beside it because the fast way of encoding gives ids alone, without the tokens' text.
#[derive(Debug, Clone)]
pub(super) struct Words {
    tokenizer: Tokenizer,
    vocabulary: Vec<String>,
}

impl Words {
    /// Fits a tokenizer to the training text: lower case, accents stripped, split at white space and punctuation as
    /// BERT does, so that a word is the same token wherever it stands.
    pub(super) fn fit(tokens: Tokens, texts: &[&str]) -> Result<Self> {
        train(tokens, texts)
            .map(Words::from)
            .map_err(|e| Error::fit("the tokenizer", e.to_string(), "check the training text"))
    }

    /// The words of a sentence, in order.
    pub(super) fn of(&self, text: &str) -> Vec<&str> {
        // Encoding cannot fail: the model has an unknown token, and no network or file stands behind it.
        let ids =
            self.tokenizer.encode_fast(text, false).map_or_else(|_| Vec::new(), |e| e.get_ids().to_vec());
        ids.into_iter().map(|id| self.vocabulary[id as usize].as_str()).collect()
    }

    /// The tokenizer as the JSON text that the tokenizers crate reads.
    pub(super) fn to_json(&self) -> Result<String> {
        self.tokenizer.to_string(false).map_err(|e| {
            Error::fit("the tokenizer", e.to_string(), "this is a fault of rhetor: please report it")
        })
    }
}

impl FromStr for Words {
    type Err = tokenizers::Error;
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        json.parse().map(|tokenizer: Tokenizer| tokenizer.into())
    }
}

impl From<Tokenizer> for Words {
    fn from(tokenizer: Tokenizer) -> Self {
        let ids = tokenizer.get_vocab(true).into_values().max().map_or(0, |highest| highest + 1);
        let vocabulary = (0..ids).map(|id| tokenizer.id_to_token(id).unwrap_or_default()).collect();
        Words { tokenizer, vocabulary }
    }
}

fn train(tokens: Tokens, texts: &[&str]) -> tokenizers::Result<Tokenizer> {
    let special_tokens = vec![AddedToken::from(UNKNOWN, true)];
    match tokens {
        Tokens::Words => {
            let model = WordLevel::builder().unk_token(UNKNOWN.into()).build()?;
            let trainer = WordLevelTrainer::builder()
                .vocab_size(usize::MAX)
                .show_progress(false)
                .special_tokens(special_tokens)
                .build()?;
            train_model(model, trainer, texts)
        }
        Tokens::WordPieces(size) => {
            let model = WordPiece::builder().unk_token(UNKNOWN.into()).build()?;
            let trainer = WordPieceTrainer::builder().vocab_size(size).show_progress(false);
            train_model(model, trainer.special_tokens(special_tokens).build(), texts)
        }
    }
}

fn train_model<M, T>(model: M, mut trainer: T, texts: &[&str]) -> tokenizers::Result<Tokenizer>
where
    M: Model + Send + Sync + Into<tokenizers::ModelWrapper>,
    T: Trainer<Model = M> + Sync,
{
    let mut tokenizer: TokenizerImpl<
        M,
        BertNormalizer,
        BertPreTokenizer,
        PostProcessorWrapper,
        DecoderWrapper,
    > = TokenizerImpl::new(model);
    tokenizer.with_normalizer(Some(BertNormalizer::default()))?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    tokenizer.train(&mut trainer, texts.iter())?;
    Ok(tokenizer.into())
}
