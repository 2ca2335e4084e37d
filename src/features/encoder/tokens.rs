//! Texts to word pieces, and batches of them without padding.

use crate::error::{Error, Result};
use std::ops::Range;
use tokenizers::Tokenizer;

/// The word pieces of one text, with the marks that BERT wants around them: `[CLS] text [SEP]`.
pub(super) type Tokens = Vec<u32>;

/// The tokenizer with the ids of its marks.
#[derive(Debug, Clone)]
pub(super) struct WordPieces {
    tokenizer: Tokenizer,
    start: u32,
    end: u32,
}

impl WordPieces {
    /// Reads a `tokenizer.json`, whose ids must be below `vocabulary`.
    pub(super) fn read(json: &[u8], vocabulary: usize) -> Result<Self> {
        let mut tokenizer = Tokenizer::from_bytes(json).map_err(|e| unusable(e.to_string()))?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|e| unusable(e.to_string()))?;
        if let Some((word, id)) = tokenizer.get_vocab(true).iter().max_by_key(|(_, id)| **id)
            && *id as usize >= vocabulary
        {
            return Err(unusable(format!("{word:?} is number {id}, but there are {vocabulary} embeddings")));
        }
        let mark = |name: &str| {
            tokenizer.token_to_id(name).ok_or_else(|| unusable(format!("its vocabulary has no {name}")))
        };
        let (start, end) = (mark("[CLS]")?, mark("[SEP]")?);
        Ok(WordPieces { tokenizer, start, end })
    }

    /// The pieces of one text, at most `limit` with the marks; a text too long loses its end.
    pub(super) fn tokens(&self, text: &str, limit: usize) -> Result<Tokens> {
        let encoding = self.tokenizer.encode_fast(text, false).map_err(|e| unusable(e.to_string()))?;
        let pieces = encoding.get_ids().iter().take(limit.saturating_sub(2));
        Ok([self.start].iter().chain(pieces).chain([&self.end]).copied().collect())
    }
}

/// Two texts, one behind the other as if they were one: one pair of marks around both.
pub(super) fn joined(first: &Tokens, second: &Tokens) -> Tokens {
    [&first[..first.len() - 1], &second[1..]].concat()
}

fn unusable(problem: String) -> Error {
    Error::model("tokenizer.json", problem, "use the tokenizer that came with the encoder's weights")
}

/// A batch: the tokens of several texts one after another, no padding between them.
#[derive(Debug, Default)]
pub(super) struct Packed {
    /// Word-piece numbers.
    pub(super) ids: Vec<u32>,
    /// Positions, from 0 in each text.
    pub(super) positions: Vec<u32>,
    /// The rows of each text: its tokens see each other only.
    pub(super) texts: Vec<Range<usize>>,
}

impl Packed {
    pub(super) fn new<'a>(texts: impl IntoIterator<Item = &'a Tokens>) -> Self {
        let mut packed = Packed::default();
        texts.into_iter().for_each(|tokens| packed.push(tokens));
        packed
    }

    fn push(&mut self, tokens: &Tokens) {
        let start = self.ids.len();
        self.ids.extend(tokens);
        self.positions.extend((0..).take(tokens.len()));
        self.texts.push(start..self.ids.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_texts_have_one_pair_of_marks() {
        assert_eq!(joined(&vec![101, 7, 8, 102], &vec![101, 9, 102]), [101, 7, 8, 9, 102]);
    }
}
