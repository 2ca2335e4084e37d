//! Which words drove a label: each is left out in turn, and the score of what remains is compared.
//!
//! ```text
//! sentence --words--> a variant without each word --score--> weight = logit p(sentence) − logit p(variant)
//! ```
//!
//! Leaving out (occlusion: Zeiler and Fergus, ECCV 2014; for text Li, Monroe and Jurafsky, arXiv:1612.08220) needs nothing
//! of the model but its probabilities, so that the encoder, the n-grams and both together are explained by one method, and a
//! weight says what a reader can check by deleting the word. N-grams are explained so, too: their exact contributions belong
//! to n-grams that overlap, in a row that is scaled to length 1, and dealing them out to words would be one more convention.
//!
//! Words that stand in for each other have small weights both, for without the one there is still the other.

use crate::classifier::log_odds;
use crate::error::Result;
use crate::model::Model;
use crate::text::Span;
use ndarray::Array2;
use std::collections::HashMap;
use unicode_segmentation::UnicodeSegmentation;

/// Probabilities are kept this far from 0 and 1, where log-odds are infinite.
const MARGIN: f64 = 1e-6;
/// More words than this do not stand out.
const MOST_TELLING: usize = 5;
/// A word stands out with at least this share of the greatest weight.
const TELLING_SHARE: f32 = 1.0 / 3.0;

/// What one word does for a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WordWeight {
    /// Where it stands in the text explained.
    pub span: Span,
    /// By how much it raises the label's log-odds; below 0: it lowers them.
    pub weight: f32,
}

/// The weight of each word of `text` for the label in column `label` of the model's scores, in the order of the text. A word
/// is one by Unicode's rules (UAX 29): letters and digits, no punctuation.
///
/// ```
/// use rhetor::{Model, explanation::{explain, telling}};
/// let model = Model::built_in("lexical").expect("built in")?;
/// let text = "On Monday Velmora accused Tarsk.";
/// let accusation = model.labels().index("accusation").expect("one of the four");
/// let words = explain(&model, text, accusation)?;
/// assert_eq!(words.len(), 5);
/// let strongest = telling(words.iter().map(|word| word.weight))[0];
/// assert_eq!(words[strongest].span.of(text), "accused");
/// # Ok::<(), rhetor::Error>(())
/// ```
///
/// # Errors
/// A sentence that an encoder's tokenizer refuses.
///
/// # Panics
/// If the model has no such label.
pub fn explain(model: &Model, text: &str, label: usize) -> Result<Vec<WordWeight>> {
    Ok(explain_all(model, &[(text, label)], &|_, _| {})?.remove(0))
}

/// [`explain`] for many texts and labels, all scored together; a text that comes several times is scored once. `progress`
/// hears how many variants of how many are scored.
///
/// # Errors
/// A sentence that an encoder's tokenizer refuses.
///
/// # Panics
/// If the model has no such label.
pub fn explain_all(
    model: &Model,
    questions: &[(&str, usize)],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Vec<Vec<WordWeight>>> {
    let mut places = HashMap::new();
    let mut texts: Vec<Occluded> = Vec::new();
    let mut variants: Vec<String> = Vec::new();
    for (text, _) in questions {
        places.entry(*text).or_insert_with(|| {
            texts.push(Occluded { words: words(text), first: variants.len() });
            variants.push((*text).into());
            variants.extend(words(text).into_iter().map(|word| without(text, word)));
            texts.len() - 1
        });
    }
    let variants: Vec<&str> = variants.iter().map(String::as_str).collect();
    let scores = model.score(&variants, &|done| progress(done, variants.len()))?;
    Ok(questions.iter().map(|(text, label)| texts[places[text]].weights(&scores, *label)).collect())
}

/// Which words stand out, the strongest first: at most five, whose weights are above 0 and at least a third of the greatest.
/// Of equal weights the earlier comes first.
///
/// ```
/// use rhetor::explanation::telling;
/// assert_eq!(telling([0.2, 1.5, -3.0, 3.0, 1.0].into_iter()), [3, 1, 4]);
/// ```
pub fn telling(weights: impl Iterator<Item = f32>) -> Vec<usize> {
    let mut ranked: Vec<(usize, f32)> = weights.enumerate().filter(|(_, weight)| *weight > 0.0).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let least = ranked.first().map_or(0.0, |(_, greatest)| greatest * TELLING_SHARE);
    let standing_out = ranked.into_iter().take(MOST_TELLING).take_while(|(_, weight)| *weight >= least);
    standing_out.map(|(word, _)| word).collect()
}

/// A text whose variants are scored: itself in row `first`, then without each of its words.
struct Occluded {
    words: Vec<Span>,
    first: usize,
}

impl Occluded {
    fn weights(&self, scores: &Array2<f32>, label: usize) -> Vec<WordWeight> {
        let score = |row: usize| log_odds(scores[[row, label]].into(), MARGIN) as f32;
        let whole = score(self.first);
        let weight =
            |(i, span): (usize, &Span)| WordWeight { span: *span, weight: whole - score(self.first + 1 + i) };
        self.words.iter().enumerate().map(weight).collect()
    }
}

fn words(text: &str) -> Vec<Span> {
    let span = |(start, word): (usize, &str)| Span { start, end: start + word.len() };
    text.unicode_word_indices().map(span).collect()
}

/// The text with a blank for the word: its neighbours must not grow together in scripts that part no words.
fn without(text: &str, word: Span) -> String {
    format!("{} {}", &text[..word.start], &text[word.end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_weight_is_the_fall_of_the_log_odds() {
        let text = Occluded { words: words("he lied"), first: 1 };
        let scores = array![[0.9, 0.9], [0.1, 0.75], [0.1, 0.75], [0.1, 0.25]];
        let weights: Vec<f32> = text.weights(&scores, 1).iter().map(|word| word.weight).collect();
        // Odds fall from 3 to 3, and from 3 to 1/3.
        assert_eq!(weights[0], 0.0);
        assert!((weights[1] - 9f32.ln()).abs() < 1e-6, "{weights:?}");
        assert!(text.weights(&scores, 0).iter().all(|word| word.weight == 0.0));
    }

    #[test]
    fn words_are_unicodes() {
        let found =
            |text: &'static str| -> Vec<&str> { words(text).into_iter().map(|word| word.of(text)).collect() };
        assert_eq!(found("“Zoë didn’t pay 4.5%,” he said…"), ["Zoë", "didn’t", "pay", "4.5", "he", "said"]);
        assert_eq!(found("hard-line"), ["hard", "line"]);
        assert!(found("").is_empty() && found(" — …").is_empty());
        assert_eq!(without("“Zoë lied,”", words("“Zoë lied,”")[0]), "“  lied,”");
    }

    #[test]
    fn nothing_stands_out_where_nothing_helps() {
        assert!(telling([0.0, -1.0].into_iter()).is_empty());
        assert!(telling([].into_iter()).is_empty());
        assert_eq!(telling([1.0; 7].into_iter()), [0, 1, 2, 3, 4]);
    }
}
