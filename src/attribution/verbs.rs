//! Whether a word is a reporting verb where it stands, by its neighbours.

use super::nouns::{owns, phrase_starting};
use super::tails::Tail;
use super::tokens::Token;
use super::words::{Class, Cue, Form, Frame};

/// Words of which one follows a verb of asking.
const ASKED_FOR: [&str; 14] = [
    "to", "not", "that", "if", "whether", "why", "how", "what", "about", "for", "which", "who", "when",
    "where",
];
const PLURALS: [&str; 9] = ["people", "police", "men", "women", "some", "many", "most", "both", "critics"];

/// The first of the auxiliaries and adverbs right before a verb.
pub(super) fn helpers(line: &[Token], verb: usize) -> usize {
    let helps = |at: usize| {
        let token = &line[at];
        let listed = token.is_helper() || token.is(Class::Adverb) || token.lower.ends_with("ly");
        listed && !token.quoted && !owns(line, at)
    };
    (0..verb).rev().find(|at| !helps(*at)).map_or(0, |at| at + 1)
}

/// A capital in the middle of a sentence that is no headline: "the United States".
pub(super) fn is_part_of_name(line: &[Token], at: usize) -> bool {
    let small = |token: &Token| token.is_word() && !token.is_capital() && token.lower.len() > 4;
    at > 0 && line[at].is_capital() && line.iter().any(small)
}

/// Whether a word that may be a noun is a verb here.
pub(super) fn is_verb(line: &[Token], at: usize, cue: &Cue) -> bool {
    let Some(previous) = at.checked_sub(1).map(|before| &line[before]) else { return false };
    let next = line.get(at + 1);
    if matches!(cue.form, Form::Base | Form::Third)
        && matches!(line[at].lower.as_str(), "says" | "say" | "tells" | "tell" | "writes")
    {
        // "One in five say", not "a say".
        return !previous.is_any(&[Class::Preposition, Class::Possessive])
            && !previous.says_any(&["a", "an", "the", "no"]);
    }
    if cue.form == Form::Past {
        return !describes(previous, next, cue);
    }
    if previous.quoted || previous.says(",") {
        return cue.form == Form::Third;
    }
    let pronoun = previous.is_any(&[Class::Subject, Class::Relative]);
    let owned = previous.is_any(&[Class::Determiner, Class::Possessive, Class::Preposition])
        || previous.is_possessive_mark();
    let clear = !line[at].is(Class::Noun);
    (pronoun || !owned)
        && !previous.is_number()
        && is_subject(previous, cue.form)
        && next.is_some_and(|next| clear && next.is_word() || opens_complement(next))
}

/// Whether a past form describes a noun: "the reported sum", "1,200 pledged delegates".
fn describes(previous: &Token, next: Option<&Token>, cue: &Cue) -> bool {
    let party = previous.is_any(&[Class::Subject, Class::Relative])
        || previous.says_any(&["both", "all", "some", "many"]);
    let counted =
        previous.is_number() && !next.is_some_and(|next| next.is(Class::Preposition) || next.says("that"));
    let sure = matches!(cue.frame, Frame::Say | Frame::Tell);
    // "The strikes targeted alleged hideouts", "already threatened by floods".
    let participle =
        previous.lower.ends_with("ed") && !previous.is_capital() || next.is_some_and(|next| next.says("by"));
    !party && (previous.is_any(&[Class::Preposition, Class::Determiner]) || !sure && (counted || participle))
}

/// Whether a word may end the subject of a verb of this form.
fn is_subject(previous: &Token, form: Form) -> bool {
    let pronoun = previous.is_any(&[Class::Subject, Class::Relative]);
    let plural = previous.lower.ends_with('s') || previous.says_any(&PLURALS);
    match form {
        Form::Base => {
            pronoun && !previous.says_any(&["he", "she", "it"]) || plural && !previous.is(Class::Be)
        }
        _ => {
            pronoun
                || previous.is_name()
                || previous.is_any(&[Class::Party, Class::Conjunction, Class::Adverb])
        }
    }
}

/// Whether a word may open what a verb takes.
fn opens_complement(token: &Token) -> bool {
    let opening = [
        Class::Determiner,
        Class::Subject,
        Class::Object,
        Class::Possessive,
        Class::Subordinator,
        Class::Relative,
        Class::Preposition,
        Class::Party,
    ];
    token.quoted
        || token.is_name()
        || token.is_number()
        || token.is_any(&opening)
        || token.says_any(&["to", ":", ",", "."])
        || token.lower.ends_with('s')
        || token.lower.ends_with("ing")
}

/// Whether what follows a verb is what it takes: a clause after verbs of saying ("posted a picture" reports nothing), an
/// infinitive or a question after those of asking.
///
/// `told` where the words reported stand before the verb.
pub(super) fn fits(line: &[Token], at: usize, cue: &Cue, tail: Tail, told: bool) -> bool {
    if line[at].lower.starts_with("continu") && !goes_on_speaking(line) || is_reflexive(line, at + 1) {
        return false;
    }
    let Tail::Content(start) = tail else { return true };
    let Some(rest) = line.get(start..line.len().min(start + 25)).filter(|rest| !rest.is_empty()) else {
        return false;
    };
    let clear = line[at].says_any(&["said", "says", "say", "saying"]);
    match cue.frame {
        _ if line[start].says_any(&["up", "off", "down", "out"]) => false,
        Frame::Think if rest[0].says("for") => false,
        Frame::Want
            if rest[0].says("to") && rest.get(1).is_some_and(|next| next.is_number() || next.says("$")) =>
        {
            false
        }
        Frame::Say | Frame::Tell | Frame::Think => told || clear || is_clause(line, start, rest),
        Frame::Urge => rest[0].quoted || rest.iter().any(|token| token.says_any(&ASKED_FOR)),
        _ => true,
    }
}

/// Whether "continued" may mean speech: there is a quotation, or a colon before one.
fn goes_on_speaking(line: &[Token]) -> bool {
    line.iter().any(|token| token.quoted) || line.last().is_some_and(|last| last.says(":"))
}

/// "Calls itself" reports nothing.
fn is_reflexive(line: &[Token], at: usize) -> bool {
    line.get(at).is_some_and(|next| next.says_any(&["itself", "himself", "herself", "themselves"]))
}

/// Whether a clause, or a quotation, starts at `start`.
pub(super) fn is_clause(line: &[Token], start: usize, rest: &[Token]) -> bool {
    let first = &rest[0];
    let opens =
        first.quoted || first.is_any(&[Class::Subordinator, Class::Subject]) || line[start - 1].says(":");
    let is_verb = |token: &Token| {
        token.is_helper() || token.quoted || token.lower.ends_with("ed") || !token.cues.is_empty()
    };
    let stops = |token: &&Token| {
        !(token.says(",") || token.is_any(&[Class::Relative, Class::Conjunction]) || token.says("at"))
    };
    opens || !first.says("to") && rest.iter().skip(1).take_while(stops).any(is_verb)
}

/// Whether the speaker follows the verb at the end of a retold sentence: "the plant is closing, said Ana Ruiz, a manager".
pub(super) fn speaker_follows(line: &[Token], at: usize, cue: &Cue) -> bool {
    let said = matches!(cue.form, Form::Past | Form::Third) && matches!(cue.frame, Frame::Say | Frame::Claim);
    if !said || at < 4 || !line[at - 1].says(",") {
        return false;
    }
    let Some(source) = phrase_starting(line, at + 1) else { return false };
    let first = &line[source.start];
    let party = first.is_capital() || first.is_any(&[Class::Determiner, Class::Title]);
    let next = line.get(source.end);
    let ends =
        next.is_none_or(|next| next.says_any(&[",", "."]) || next.is_any(&[Class::Relative, Class::Adjunct]));
    let apposed = next.is_some_and(|next| next.says(",") || next.is(Class::Relative));
    let goes_on = (source.end..line.len()).any(|at| acts(line, at));
    let named = !goes_on && line[source.clone()].iter().all(Token::is_name);
    party
        && ends
        && (apposed || !goes_on)
        && !source.into_iter().any(|at| acts(line, at))
        && tells(line, at - 1, named)
}

/// Whether what ends before `end` is a clause, not the apposition of a subject; `named` where the speaker is sure anyway.
fn tells(line: &[Token], end: usize, named: bool) -> bool {
    let start = (0..end).rev().find(|at| line[*at].says(",") || line[*at].quoted).map_or(0, |at| at + 1);
    let aside = line.get(start).is_some_and(|first| {
        first.is_any(&[Class::Relative, Class::Preposition])
            || first.lower.ends_with("ing")
            || first.lower.ends_with("ed")
            || first.says("whose")
    });
    let from = if named { 0 } else { start };
    (named || !aside) && (from..end).any(|at| acts(line, at))
}

/// Whether a word is a verb for certain.
fn acts(line: &[Token], at: usize) -> bool {
    line[at].is_helper() && !owns(line, at) || line[at].lower.ends_with("ed")
}
