//! The n-grams of a sentence.

use super::LexicalParameters;
use super::tokens::Words;
use std::ops::RangeInclusive;

/// Which kind of n-gram: each has its own vocabulary and its own length normalisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Word,
    Char,
}

impl Family {
    pub(super) const ALL: [Family; 2] = [Family::Word, Family::Char];

    pub(super) fn name(self) -> &'static str {
        match self {
            Family::Word => "word",
            Family::Char => "char",
        }
    }
}

/// Calls `each` with every n-gram of a sentence, in order, repeats included.
pub(super) fn each_ngram(
    words: &Words,
    text: &str,
    parameters: &LexicalParameters,
    mut each: impl FnMut(Family, &str),
) {
    each_word_ngram(&words.of(text), &parameters.word_ngrams, |ngram| each(Family::Word, ngram));
    each_char_ngram(text, &parameters.char_ngrams, |ngram| each(Family::Char, ngram));
}

/// Word n-grams: neighbouring tokens joined by a space, as scikit-learn's `analyzer="word"` joins them.
pub(super) fn each_word_ngram(words: &[&str], sizes: &RangeInclusive<usize>, mut each: impl FnMut(&str)) {
    let mut ngram = String::new();
    for size in sizes.clone() {
        for window in words.windows(size) {
            ngram.clear();
            for (i, word) in window.iter().enumerate() {
                if i > 0 {
                    ngram.push(' ');
                }
                ngram.push_str(word);
            }
            each(&ngram);
        }
    }
}

/// Character n-grams within words, by scikit-learn's `analyzer="char_wb"`: lower case, each word padded with one
/// space on both sides; a padded word shorter than a size counts once, whole, and not again for larger sizes.
pub(super) fn each_char_ngram(text: &str, sizes: &RangeInclusive<usize>, mut each: impl FnMut(&str)) {
    let (mut padded, mut starts) = (String::new(), Vec::new());
    for word in text.to_lowercase().split_whitespace() {
        padded.clear();
        padded.extend([" ", word, " "]);
        starts.clear();
        starts.extend(padded.char_indices().map(|(i, _)| i).chain([padded.len()]));
        let length = starts.len() - 1;
        for size in sizes.clone() {
            if size >= length {
                each(&padded);
                break;
            }
            for first in 0..=length - size {
                each(&padded[starts[first]..starts[first + size]]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str, sizes: RangeInclusive<usize>) -> Vec<String> {
        let mut found = Vec::new();
        each_char_ngram(text, &sizes, |n| found.push(n.to_string()));
        found
    }

    #[test]
    fn words_are_joined_by_spaces() {
        let mut found = Vec::new();
        each_word_ngram(&["we", "will", "win"], &(1..=2), |n| found.push(n.to_string()));
        assert_eq!(found, ["we", "will", "win", "we will", "will win"]);
    }

    #[test]
    fn characters_stay_within_words() {
        assert_eq!(chars("Ab c", 3..=4), [" ab", "ab ", " ab ", " c "]);
    }

    #[test]
    fn characters_are_code_points() {
        assert_eq!(chars("“é”", 4..=4), [" “é”", "“é” "]);
    }
}
