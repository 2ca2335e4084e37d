//! Texts to word pieces, and batches of them without padding.

use crate::error::{Error, Result};
use std::ops::Range;
use tokenizers::Tokenizer;

/// A text to encode, with an optional context: what was said before, or the headline.
pub type Input<'a> = (Option<&'a str>, &'a str);

/// The word pieces of one input, with the marks that BERT wants around them.
///
/// `[CLS] text [SEP]`, or `[CLS] context [SEP] text [SEP]` with the text as second segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tokens {
    ids: Vec<u32>,
    /// Where the text begins: 0 without context, else after the first `[SEP]`. These tokens are pooled.
    text: usize,
}

impl Tokens {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }
}

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

    /// The pieces of one input, at most `limit` with the marks (4 at least).
    ///
    /// A text too long loses its end; a context too long loses its beginning, and never costs the text a piece.
    pub(super) fn tokens(&self, (context, text): Input<'_>, limit: usize) -> Result<Tokens> {
        let mut text = self.pieces(text)?;
        text.truncate(limit.saturating_sub(2));
        let mut ids = vec![self.start];
        let room = limit.saturating_sub(text.len() + 3);
        if let Some(context) = context
            && room > 0
        {
            let context = self.pieces(context)?;
            ids.extend(&context[context.len().saturating_sub(room)..]);
            ids.push(self.end);
        }
        let start = if ids.len() > 1 { ids.len() } else { 0 };
        ids.extend(text);
        ids.push(self.end);
        Ok(Tokens { ids, text: start })
    }

    fn pieces(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self.tokenizer.encode_fast(text, false).map_err(|e| unusable(e.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }
}

fn unusable(problem: String) -> Error {
    Error::model("tokenizer.json", problem, "use the tokenizer that came with the encoder's weights")
}

/// A batch: the tokens of several inputs one after another, no padding between them.
#[derive(Debug, Default)]
pub(super) struct Packed {
    /// Word-piece numbers.
    pub(super) ids: Vec<u32>,
    /// Positions, from 0 in each input.
    pub(super) positions: Vec<u32>,
    /// Segments: 0, or 1 for a text that follows its context.
    pub(super) segments: Vec<u32>,
    /// The rows of each input: its tokens see each other only.
    pub(super) inputs: Vec<Range<usize>>,
    /// The rows that are pooled: the input without its context.
    pub(super) texts: Vec<Range<usize>>,
}

impl Packed {
    pub(super) fn new<'a>(inputs: impl IntoIterator<Item = &'a Tokens>) -> Self {
        let mut packed = Packed::default();
        inputs.into_iter().for_each(|tokens| packed.push(tokens));
        packed
    }

    fn push(&mut self, tokens: &Tokens) {
        let start = self.ids.len();
        let end = start + tokens.len();
        self.ids.extend(&tokens.ids);
        self.positions.extend((0..).take(tokens.len()));
        self.segments.extend((0..tokens.len()).map(|i| u32::from(tokens.text > 0 && i >= tokens.text)));
        self.inputs.push(start..end);
        self.texts.push(start + tokens.text..end);
    }
}
