//! Reporting verbs and nouns in a sentence, each with who speaks and how the words reported are joined to it.

use super::phrases::{Subject, after, before, is_time, main_subject, owns, phrase_starting};
use super::tokens::Token;
use super::words::{Class, Cue, Form, Frame};
use std::ops::Range;

/// How a sentence's words are reported there; all numbers are tokens of the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    pub(super) cue: Range<usize>,
    pub(super) frame: Frame,
    pub(super) source: Option<Range<usize>>,
    /// Where the reporting clause begins: at its subject, or its verb.
    pub(super) lead: usize,
    /// Where what follows the reporting clause begins, if anything does.
    pub(super) tail: Tail,
    /// Whether the verb stands without a subject of its own: "and said", "saying".
    pub(super) shared: bool,
    /// The words reported, where they stand at a place of their own: the subject of a passive.
    pub(super) content: Option<Range<usize>>,
}

/// What follows a reporting clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// The end of the sentence, or nothing that can be reported.
    Nothing,
    /// The words reported begin at this token.
    Content(usize),
    /// A comma at this token, then more of the sentence.
    Comma(usize),
}

/// All sites of a sentence, by cue.
pub(super) fn sites(line: &[Token], headline: bool) -> Vec<Site> {
    let mut found: Vec<Site> = Vec::new();
    for at in 0..line.len() {
        if line[at].quoted {
            continue;
        }
        let site = according(line, at)
            .or_else(|| verbal(line, at, &found))
            .or_else(|| that_clause(line, at, &found))
            .or_else(|| nominal(line, at))
            .or_else(|| colon(line, at, headline, &found));
        found.extend(site);
    }
    if found.iter().all(|site| site.frame == Frame::Nominal || site.shared) {
        found.extend(unlisted(line));
        found.sort_by_key(|site| site.cue.start);
    }
    found
}

/// A verb that no list has, between a quotation and the end of its sentence: “No,” she whispered.
fn unlisted(line: &[Token]) -> Option<Site> {
    let start = (1..line.len()).find(|at| line[at - 1].quoted && !line[*at].quoted)?;
    let stopped = start >= 2 && line[start - 2].says_any(&[",", "?", "!", "—"]) || line[start].says(",");
    let start = start + usize::from(line[start].says(","));
    if !stopped || !line.first()?.quoted {
        return None;
    }
    let is_past = |token: &Token| {
        !token.is_capital()
            && !token.quoted
            && (token.lower.ends_with("ed") || token.is_word() && token.classes == Default::default())
    };
    let first = line.get(start)?;
    let (cue, source) = if first.lower.ends_with("ed") && !first.is_capital() {
        (start, phrase_starting(line, start + 1)?)
    } else {
        let party = first.is_capital() || first.is(Class::Determiner) || first.is(Class::Subject);
        let cue = (start + 1..line.len().min(start + 8))
            .take_while(|at| !line[*at].quoted && line[*at].is_word())
            .find(|at| {
                is_past(&line[*at])
                    && (line[*at].lower.ends_with("ed")
                        || line[at - 1].is(Class::Subject)
                        || line[at - 1].is_name())
            })?;
        (cue, party.then_some(start..cue)?)
    };
    let end = source.end.max(cue + 1);
    let tail = (end..line.len())
        .find(|at| line[*at].says(",") && !line[*at].quoted)
        .map_or(Tail::Nothing, Tail::Comma);
    Some(Site {
        cue: cue..cue + 1,
        frame: Frame::Say,
        lead: start,
        source: Some(source),
        tail,
        shared: false,
        content: None,
    })
}

/// "According to NP".
fn according(line: &[Token], at: usize) -> Option<Site> {
    let phrase = line[at].says("according") && line.get(at + 1)?.says("to");
    if !phrase {
        return None;
    }
    let source = phrase_starting(line, at + 2)?;
    let tail = (source.end..line.len())
        .find(|at| !line[*at].quoted && line[*at].says(","))
        .map_or(Tail::Nothing, Tail::Comma);
    let lead = if at > 0 && line[at - 1].says("'s") { at - 1 } else { at };
    Some(Site {
        cue: at..at + 2,
        frame: Frame::Say,
        source: Some(source),
        lead,
        tail,
        shared: false,
        content: None,
    })
}

/// A verb of reporting.
fn verbal(line: &[Token], at: usize, earlier: &[Site]) -> Option<Site> {
    let cue = line[at].cues.iter().find(|cue| {
        cue.form != Form::Noun
            && cue.with.is_none_or(|with| line.get(at + 1).is_some_and(|next| next.says(with)))
    })?;
    if is_part_of_name(line, at) {
        return None;
    }
    let helpers = helpers(line, at);
    let be = line[helpers..at].iter().any(|token| token.is(Class::Be));
    // "Guards accused of theft": nobody is accused by them.
    let reduced = cue.frame == Frame::Accuse && line.get(at + 1).is_some_and(|next| next.says("of"));
    match cue.form {
        Form::Past if at == 0 || line[at - 1].says("when") => asked(line, at, cue),
        Form::Past | Form::Participle if be || reduced => passive(line, at, helpers, cue),
        Form::Participle if helpers == at => None,
        Form::Gerund if !be => participial(line, at, cue, earlier),
        _ => finite(line, at, helpers, cue, earlier),
    }
}

/// A capital in the middle of a sentence that is no headline: "the United States".
fn is_part_of_name(line: &[Token], at: usize) -> bool {
    at > 0
        && line[at].is_capital()
        && line.iter().any(|token| token.is_word() && !token.is_capital() && token.lower.len() > 4)
}

/// A verb that no list has before "that": "ruled that", "pleaded that".
fn that_clause(line: &[Token], at: usize, earlier: &[Site]) -> Option<Site> {
    let token = &line[at];
    let verb =
        token.cues.is_empty() && token.lower.len() > 4 && token.lower.ends_with("ed") && !token.is_capital();
    let says = verb && line.get(at + 1).is_some_and(|next| next.says("that") && !next.quoted);
    let helpers = helpers(line, at);
    let passive = line[helpers..at].iter().any(|token| token.is(Class::Be));
    let clause = line.get(at + 2).is_some_and(|next| !next.says_any(&[",", "."]));
    if !says || passive || !clause {
        return None;
    }
    finite(line, at, helpers, &Cue { frame: Frame::Claim, form: Form::Past, with: None }, earlier)
}

/// The first of the auxiliaries and adverbs right before a verb.
fn helpers(line: &[Token], verb: usize) -> usize {
    let helps = |at: usize| {
        let token = &line[at];
        let listed =
            [Class::Be, Class::Have, Class::Modal, Class::Adverb].iter().any(|class| token.is(*class));
        !token.quoted && !owns(line, at) && (listed || token.lower.ends_with("ly"))
    };
    (0..verb).rev().find(|at| !helps(*at)).map_or(0, |at| at + 1)
}

/// "Asked if he would go, …": nobody is said to ask.
fn asked(line: &[Token], at: usize, cue: &Cue) -> Option<Site> {
    let next = line.get(at + 1)?;
    let questions = cue.frame == Frame::Urge
        && next.says_any(&["if", "whether", "why", "how", "what", "about", "when", "who"]);
    let start = at + 1 + usize::from(next.says("about"));
    questions.then(|| Site {
        cue: at..at + 1,
        frame: cue.frame,
        source: None,
        lead: at,
        tail: Tail::Content(start),
        shared: false,
        content: None,
    })
}

fn finite(line: &[Token], at: usize, helpers: usize, cue: &Cue, earlier: &[Site]) -> Option<Site> {
    if helpers > 0 && line[helpers - 1].says("to") && cue.form == Form::Base {
        return infinitive(line, at, cue, earlier);
    }
    let modal = line[helpers..at]
        .iter()
        .any(|token| token.is(Class::Modal) || token.is(Class::Have) || token.is(Class::Be));
    if !modal && !is_verb(line, at, cue) {
        return None;
    }
    let (source, lead, shared) = match before(line, at) {
        _ if speaker_follows(line, at, cue) => (Some(after(line, at)?), at, false),
        Subject::Phrase(phrase) => (Some(phrase.clone()), phrase.start, false),
        Subject::Relative(phrase) => (Some(phrase.clone()), phrase.start, false),
        Subject::Shared => (shared_source(line, at, earlier), at, true),
        Subject::Missing if follows_content(line, at) && cue.form != Form::Base => {
            (Some(after(line, at)?), at, false)
        }
        Subject::Missing => return None,
    };
    let inverted = lead == at && !shared;
    let from = match &source {
        Some(source) if inverted => source.end,
        _ => at + 1,
    };
    let quoted = lead > 0 && line[lead - 1].quoted;
    let tail = tail(
        line,
        from,
        cue,
        inverted || quoted && !matches!(cue.frame, Frame::Tell | Frame::Urge | Frame::Talk),
    )?;
    let vague = source.as_ref().is_some_and(|source| line[source.end - 1].says("you"));
    if vague || !fits(line, at, cue, tail) {
        return None;
    }
    Some(Site {
        cue: at..at + 1 + usize::from(cue.with.is_some()),
        frame: cue.frame,
        source,
        lead,
        tail,
        shared,
        content: None,
    })
}

/// "Used the speech to say that": the subject is that of the sentence.
fn infinitive(line: &[Token], at: usize, cue: &Cue, earlier: &[Site]) -> Option<Site> {
    let says = matches!(cue.frame, Frame::Say | Frame::Claim | Frame::Talk | Frame::Accuse);
    let tail = tail(line, at + 1, cue, false).filter(|tail| matches!(tail, Tail::Content(_)))?;
    let Tail::Content(start) = tail else { return None };
    let clause = line[start].says("that") || line[start].quoted || cue.with.is_some();
    if !says || !clause || at < 2 {
        return None;
    }
    let source = shared_source(line, at, earlier);
    Some(Site {
        cue: at..at + 1 + usize::from(cue.with.is_some()),
        frame: cue.frame,
        source,
        lead: at,
        tail,
        shared: true,
        content: None,
    })
}

/// Whether what follows a verb of saying or thinking is a clause, as it must be: no "posted a picture".
fn fits(line: &[Token], at: usize, cue: &Cue, tail: Tail) -> bool {
    let clausal = matches!(cue.frame, Frame::Say | Frame::Tell | Frame::Think);
    let Tail::Content(start) = tail else { return true };
    let opening = line[start].quoted
        || line[start].is(Class::Subordinator)
        || line[start].is(Class::Subject)
        || line[start - 1].says(":");
    let rest = &line[start..line.len().min(start + 25)];
    let verb = |token: &Token| {
        token.is(Class::Be)
            || token.is(Class::Have)
            || token.is(Class::Modal)
            || token.quoted
            || token.lower.ends_with("ed")
            || !token.cues.is_empty()
    };
    !clausal
        || line[at].says_any(&["said", "says", "say", "saying"])
        || opening
        || rest.iter().skip(1).any(verb) && !line[start].says("to")
}

/// Whether a word that may be a noun is a verb here, by its neighbours.
fn is_verb(line: &[Token], at: usize, cue: &Cue) -> bool {
    let Some(previous) = at.checked_sub(1).map(|before| &line[before]) else { return false };
    if cue.form == Form::Past || line[at].says_any(&["says", "say", "tells", "tell", "writes"]) {
        let party = previous.is(Class::Subject)
            || previous.is(Class::Relative)
            || previous.says_any(&["both", "all", "some", "many"]);
        let described = previous.is_number()
            && !line.get(at + 1).is_some_and(|next| next.is(Class::Preposition) || next.says("that"));
        return party
            || !(previous.is(Class::Preposition)
                || previous.is(Class::Determiner)
                || described && !matches!(cue.frame, Frame::Say | Frame::Tell));
    }
    if previous.quoted || previous.says(",") {
        return cue.form == Form::Third;
    }
    let nominal = previous.is(Class::Determiner)
        || previous.is(Class::Possessive)
        || previous.is_possessive_mark()
        || previous.is(Class::Preposition);
    let pronoun = previous.is(Class::Subject) || previous.is(Class::Relative);
    let plural = previous.lower.ends_with('s')
        || previous
            .says_any(&["people", "police", "men", "women", "some", "many", "most", "both", "critics"]);
    let subject = match cue.form {
        Form::Base => {
            pronoun && !previous.says_any(&["he", "she", "it"]) || plural && !previous.is(Class::Be)
        }
        _ => {
            pronoun
                || previous.is_name()
                || previous.is(Class::Party)
                || previous.is(Class::Conjunction)
                || previous.is(Class::Adverb)
        }
    };
    let clear = !line[at].is(Class::Noun);
    (!nominal || pronoun)
        && !previous.is_number()
        && subject
        && line.get(at + 1).is_some_and(|next| clear && next.is_word() || opens_complement(next))
}

fn opens_complement(token: &Token) -> bool {
    let opening = [
        Class::Determiner,
        Class::Subject,
        Class::Object,
        Class::Possessive,
        Class::Subordinator,
        Class::Relative,
        Class::Preposition,
    ];
    token.quoted
        || token.is_name()
        || token.says_any(&["to", ":", ",", "."])
        || token.is_number()
        || opening.iter().any(|class| token.is(*class))
        || token.lower.ends_with('s')
        || token.lower.ends_with("ing")
}

/// The subject that a verb without one shares.
fn shared_source(line: &[Token], at: usize, earlier: &[Site]) -> Option<Range<usize>> {
    earlier.last().and_then(|site| site.source.clone()).or_else(|| main_subject(line, at))
}

/// Whether the speaker follows the verb at the end of a retold sentence: "the plant is closing, said Ana Ruiz, a manager".
fn speaker_follows(line: &[Token], at: usize, cue: &Cue) -> bool {
    let said = matches!(cue.form, Form::Past | Form::Third) && matches!(cue.frame, Frame::Say | Frame::Claim);
    if !said || at < 4 || !line[at - 1].says(",") {
        return false;
    }
    let Some(source) = phrase_starting(line, at + 1) else { return false };
    let is_verb = |at: usize| {
        let token = &line[at];
        token.is(Class::Be) && !owns(line, at)
            || token.is(Class::Have)
            || token.is(Class::Modal)
            || token.lower.ends_with("ed")
    };
    let start = (0..at - 1).rev().find(|at| line[*at].says(",") || line[*at].quoted).map_or(0, |at| at + 1);
    let named = line[source.clone()].iter().all(Token::is_name) && !(source.end..line.len()).any(is_verb);
    let aside = |first: &Token| {
        first.is(Class::Relative)
            || first.is(Class::Preposition)
            || first.lower.ends_with("ing")
            || first.lower.ends_with("ed")
            || first.says("whose")
    };
    let clause = (start..at - 1).any(is_verb) && !line.get(start).is_some_and(aside)
        || named && (0..at - 1).any(is_verb);
    let last = line
        .get(source.end)
        .is_none_or(|next| next.says_any(&[",", "."]) || next.is(Class::Relative) || next.is(Class::Adjunct));
    let party = line[source.start].is_capital() || line[source.start].is(Class::Determiner);
    clause && last && party && !source.into_iter().any(is_verb)
}

/// Whether a quotation or a comma ends right before a verb.
fn follows_content(line: &[Token], at: usize) -> bool {
    at > 0 && (line[at - 1].quoted || line[at - 1].says(",") || line[at - 1].is_dash())
}

/// "Was accused by X of": the source follows "by".
fn passive(line: &[Token], at: usize, helpers: usize, cue: &Cue) -> Option<Site> {
    let stop =
        |token: &Token| token.quoted || token.says(",") || token.is_break() || token.is(Class::Conjunction);
    let by =
        (at + 1..line.len().min(at + 6)).take_while(|at| !stop(&line[*at])).find(|at| line[*at].says("by"));
    let source = by.and_then(|by| phrase_starting(line, by + 1));
    let Subject::Phrase(subject) = before(line, helpers) else { return None };
    let accused = matches!(cue.frame, Frame::Accuse | Frame::Urge | Frame::Tell);
    let from = source.as_ref().map_or(at + 1, |source| source.end);
    let tail = match line.get(from) {
        Some(next) if accused && next.says("about") => Tail::Content(from + 1),
        Some(next)
            if accused
                && (next.says_any(&["of", "for", "as", "about", "to", "that", "if", "whether"])
                    || next.quoted) =>
        {
            Tail::Content(from)
        }
        _ => Tail::Nothing,
    };
    if source.is_none() && (tail == Tail::Nothing || !accused) {
        return None;
    }
    let content = (tail == Tail::Nothing).then_some(subject.clone());
    Some(Site {
        cue: at..at + 1,
        frame: cue.frame,
        source,
        lead: subject.start,
        tail,
        shared: false,
        content,
    })
}

/// "…, saying that": the subject is that of the sentence.
fn participial(line: &[Token], at: usize, cue: &Cue, earlier: &[Site]) -> Option<Site> {
    let previous = line.get(helpers(line, at).checked_sub(1)?)?;
    let joined = previous.says(",")
        || previous.quoted
        || previous.is_dash()
        || previous.is(Class::Conjunction)
        || previous.says_any(&["while", "by"]);
    let own =
        !joined && line.get(at + 1).is_some_and(|next| next.says("that")) && !previous.is(Class::Preposition);
    if !joined && !own {
        return None;
    }
    let tail = tail(line, at + 1, cue, false)?;
    if tail == Tail::Nothing || !fits(line, at, cue, tail) {
        return None;
    }
    Some(Site {
        cue: at..at + 1 + usize::from(cue.with.is_some()),
        frame: cue.frame,
        source: if own {
            super::phrases::phrase_ending(line, helpers(line, at))
        } else {
            shared_source(line, at, earlier)
        },
        lead: at,
        tail,
        shared: true,
        content: None,
    })
}

/// "X’s accusation that".
fn nominal(line: &[Token], at: usize) -> Option<Site> {
    let noun = line[at].cues.iter().any(|cue| cue.frame == Frame::Nominal);
    let next = line.get(at + 1)?;
    if !noun || at == 0 || !(next.says_any(&["that", "to", "for", "of"])) {
        return None;
    }
    let possessor = (at.saturating_sub(2)..at)
        .rev()
        .find(|at| line[*at].is_possessive_mark() || line[*at].is(Class::Possessive));
    let source = possessor.and_then(|owner| {
        if line[owner].is_possessive_mark() {
            super::phrases::phrase_ending(line, owner)
        } else {
            Some(owner..owner + 1)
        }
    });
    let vague = line[at].says_any(&["allegations", "allegation", "accusations", "accusation", "claims"])
        && next.says_any(&["of", "that"]);
    if source.is_none() && !vague {
        return None;
    }
    let start = if next.says("that") || next.says("to") { at + 1 } else { at + 2 };
    let lead = source.as_ref().map_or(at, |source| source.start);
    Some(Site {
        cue: at..at + 1,
        frame: Frame::Nominal,
        source,
        lead,
        tail: Tail::Content(start),
        shared: false,
        content: None,
    })
}

/// "Ana Ruiz: “…”" at the start of a sentence; in a headline without quotation marks too.
fn colon(line: &[Token], at: usize, headline: bool, earlier: &[Site]) -> Option<Site> {
    let next = line.get(at + 1)?;
    let short = line[at].says(":") && (1..=if headline { 3 } else { 6 }).contains(&at) && earlier.is_empty();
    let spoken = next.quoted || headline && !line[0].is(Class::Determiner);
    let named =
        |token: &Token| token.is_name() || token.is(Class::Title) || token.says_any(&["of", "the", "on"]);
    if !short || !spoken || line[at].span.end == next.span.start || !line[..at].iter().all(named) {
        return None;
    }
    Some(Site {
        cue: at..at + 1,
        frame: Frame::Say,
        source: Some(0..at),
        lead: 0,
        tail: Tail::Content(at + 1),
        shared: false,
        content: None,
    })
}

/// What follows a verb at `from`; none where the verb cannot report it.
fn tail(line: &[Token], from: usize, cue: &Cue, inverted: bool) -> Option<Tail> {
    if cue.with.is_some() && cue.frame == Frame::Talk {
        let to = line.get(from + 1)?;
        return Some(if to.says(",") || to.says(".") { Tail::Nothing } else { Tail::Content(from + 1) });
    }
    let from = from + usize::from(cue.with.is_some());
    Some(match cue.frame {
        _ if inverted => adjuncts(line, from, true),
        Frame::Say => adjuncts(line, from, true),
        Frame::Tell => adjuncts(line, listener(line, from), true),
        Frame::Urge => urged(line, from),
        Frame::Claim | Frame::Think => adjuncts(line, from, false),
        Frame::Want => match adjuncts(line, from, false) {
            Tail::Content(start) => Tail::Content(start),
            other => other,
        },
        Frame::Accuse | Frame::Praise => adjuncts(line, from, false),
        Frame::Talk => {
            let preposition = line
                .get(from)
                .is_some_and(|token| token.says_any(&["about", "of", "for", "against", "on", "to"]));
            if !preposition {
                return None;
            }
            Tail::Content(from + 1)
        }
        Frame::Nominal => return None,
    })
}

/// The end of the listener of "told": "told reporters on Monday that".
fn listener(line: &[Token], from: usize) -> usize {
    let Some(first) = line.get(from) else { return from };
    if first.quoted && !first.is_quote() || first.says_any(&["that", ":", ","]) {
        return from;
    }
    if first.is(Class::Object) && !first.is(Class::Possessive)
        || first.says_any(&["reporters", "journalists", "her"])
    {
        return from + 1;
    }
    let that = (from..line.len().min(from + 14))
        .take_while(|at| !line[*at].says(",") && !line[*at].quoted)
        .find(|at| line[*at].says("that"));
    if let Some(that) = that {
        return that;
    }
    let mut at = from + 1;
    while let Some(token) = line.get(at) {
        let clause = token.is(Class::Subject) && !token.says("one")
            || token.is(Class::Determiner)
                && !line[at - 1].is(Class::Preposition)
                && !line[at - 1].is(Class::Determiner);
        if let Some(end) = titled(line, at) {
            at = end;
            continue;
        }
        let stops = token.quoted
            || token.says_any(&[",", ":", ".", "to"])
            || token.is(Class::Adjunct) && !token.says("of")
            || is_time(token);
        if clause || stops {
            break;
        }
        at += 1;
    }
    at
}

/// The end of a quoted title at `at`, which is no quotation: ABC’s “Good Morning”, on “Talk of the Day”.
fn titled(line: &[Token], at: usize) -> Option<usize> {
    let previous = line.get(at.checked_sub(1)?)?;
    let opens = line[at].is_quote()
        && (previous.is_possessive_mark()
            || previous.is(Class::Preposition)
            || previous.is(Class::Determiner));
    let end = (at..line.len()).find(|at| !line[*at].quoted).unwrap_or(line.len());
    let capital = line.get(at + 1).is_some_and(Token::is_capital);
    (opens && capital && end - at <= 8).then_some(end)
}

/// What follows the party that is asked or urged.
fn urged(line: &[Token], from: usize) -> Tail {
    let Some(first) = line.get(from) else { return Tail::Nothing };
    if first.quoted
        || first.says_any(&[
            "reporters",
            "journalists",
            "that",
            "if",
            "whether",
            "to",
            "for",
            "about",
            ":",
            ",",
        ])
        || first.says(".")
    {
        return adjuncts(line, if first.says("about") || first.says("for") { from + 1 } else { from }, true);
    }
    let asks = |at: &usize| {
        line[*at].says_any(&["if", "whether", "why", "how", "what", "about"]) && !line[*at].quoted
    };
    let question =
        (from..line.len().min(from + 7)).take_while(|at| !line[*at].says_any(&["to", ","])).find(asks);
    match question {
        Some(at) if line[at].says("about") => Tail::Content(at + 1),
        Some(at) => Tail::Content(at),
        None => Tail::Content(from),
    }
}

/// Over "on Monday", "in a statement", "to reporters" to what follows; `all` for verbs that take no preposition themselves.
fn adjuncts(line: &[Token], from: usize, all: bool) -> Tail {
    let mut at = from;
    while let Some(token) = line.get(at) {
        if token.quoted || token.says("that") {
            return Tail::Content(at);
        }
        if token.says(":") {
            return if at + 1 < line.len() { Tail::Content(at + 1) } else { Tail::Nothing };
        }
        if token.says(",") {
            return Tail::Comma(at);
        }
        if token.says(".") || token.is_break() || token.is(Class::Conjunction) {
            return Tail::Nothing;
        }
        if token.says("at") && line.get(at + 1).is_some_and(|next| next.says_any(&["least", "most"])) {
            return Tail::Content(at);
        }
        let adverb = (token.is(Class::Adverb) || token.lower.ends_with("ly"))
            && !token.is(Class::Determiner)
            && !token.is_capital()
            && !token.says("there");
        let dated = token.says_any(&["this", "last", "early", "late", "next"])
            && line.get(at + 1).is_some_and(|next| is_time(next) && !next.is_number());
        if adverb || is_time(token) && !token.is_number() || dated {
            at += 1;
        } else if token.is(Class::Adjunct)
            && (all || token.says_any(&["on", "in", "at", "during"]))
            && !token.is_capital()
        {
            at = after_adjunct(line, at);
        } else {
            return Tail::Content(at);
        }
    }
    Tail::Nothing
}

/// The end of a prepositional phrase or clause that stands between a verb and what it reports.
fn after_adjunct(line: &[Token], from: usize) -> usize {
    let mut at = from + 1;
    let clause =
        line[from].is(Class::Subordinator) && !line[from].is(Class::Preposition) || line[from].says("as");
    while let Some(token) = line.get(at) {
        if let Some(end) = titled(line, at) {
            at = end;
            continue;
        }
        let ends = token.quoted || token.says_any(&["that", ",", ":", "."]) || token.is_break();
        let previous = &line[at - 1];
        let nouns = at > from + 1
            && !previous.is(Class::Preposition)
            && !previous.is(Class::Determiner)
            && !previous.is(Class::Conjunction);
        let subject = token.is(Class::Subject) && !token.says("one")
            || token.is(Class::Determiner) && nouns && !token.says("whose");
        if ends || !clause && at > from + 1 && subject {
            break;
        }
        at += 1;
        if !clause && is_time(token) && !token.is_number() {
            break;
        }
    }
    at
}
