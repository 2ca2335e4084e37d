//! Reporting verbs and nouns in a sentence, each with who speaks and how the words reported are joined to it.

use super::nouns::{is_time, phrase_ending, phrase_starting};
use super::phrases::{Subject, after, before, main_subject};
use super::tails::{Tail, tail};
use super::tokens::Token;
use super::verbs::{fits, helpers, is_clause, is_part_of_name, is_verb, speaker_follows};
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

impl Site {
    fn new(cue: Range<usize>, frame: Frame, source: Option<Range<usize>>, lead: usize, tail: Tail) -> Self {
        Site { cue, frame, source, lead, tail, shared: false, content: None }
    }

    /// Whether the speaker follows the verb.
    pub(super) fn is_inverted(&self) -> bool {
        self.lead == self.cue.start && self.source.as_ref().is_some_and(|source| source.start >= self.cue.end)
    }
}

/// All sites of a sentence, by cue.
pub(super) fn sites(line: &[Token], headline: bool) -> Vec<Site> {
    let mut found: Vec<Site> = Vec::new();
    for at in (0..line.len()).filter(|at| !line[*at].quoted) {
        let site = according(line, at)
            .or_else(|| verbal(line, at, &found))
            .or_else(|| that_clause(line, at, &found))
            .or_else(|| nominal(line, at))
            .or_else(|| colon(line, at, headline, &found))
            .or_else(|| announced(line, at, &found));
        found.extend(site);
    }
    if found.iter().all(|site| site.frame == Frame::Nominal || site.shared) {
        found.extend(unlisted(line));
        found.sort_by_key(|site| site.cue.start);
    }
    found
}

/// "According to the report".
fn according(line: &[Token], at: usize) -> Option<Site> {
    if !line[at].says("according") || !line.get(at + 1)?.says("to") {
        return None;
    }
    let source = phrase_starting(line, at + 2)?;
    let lead = if at > 0 && line[at - 1].says("'s") { at - 1 } else { at };
    let tail = Tail::after_comma(line, source.end);
    Some(Site::new(at..at + 2, Frame::Say, Some(source), lead, tail))
}

/// A verb that the lists have.
fn verbal(line: &[Token], at: usize, earlier: &[Site]) -> Option<Site> {
    let has = |with| goes_with(line, at, with);
    let cue = line[at].cues.iter().find(|cue| cue.form != Form::Noun && cue.with.is_none_or(has))?;
    // "That said, …"
    let that = at == 1 && line[0].says("that") && line.get(2).is_some_and(|next| next.says(","));
    if is_part_of_name(line, at) || that {
        return None;
    }
    let be = line[helpers(line, at)..at].iter().any(|token| token.is(Class::Be));
    // "Guards accused of theft": nobody is accused by them.
    let reduced = cue.frame == Frame::Accuse && line.get(at + 1).is_some_and(|next| next.says("of"));
    match cue.form {
        Form::Past if at == 0 || line[at - 1].says("when") => asked(line, at, cue),
        Form::Past | Form::Participle if be || reduced => passive(line, at, cue),
        Form::Participle if helpers(line, at) == at => None,
        Form::Gerund if !be => participial(line, at, cue, earlier),
        Form::Base if is_infinitive(line, at) => infinitive(line, at, cue, earlier),
        _ => finite(line, at, cue, earlier),
    }
}

/// Whether the word that a cue asks for follows: at once, or where it is written ..as, soon and before no clause ("cast him as
/// a coward", not "painted it as she left").
fn goes_with(line: &[Token], at: usize, with: &str) -> bool {
    let soon = &line[at + 1..line.len().min(at + 10)];
    match with.strip_prefix("..") {
        Some(word) => soon.windows(2).any(|pair| pair[0].says(word) && !pair[1].is(Class::Subject)),
        None => soon.first().is_some_and(|next| next.says(with)),
    }
}

/// The verb, with the word that goes with it.
fn words(at: usize, cue: &Cue) -> Range<usize> {
    at..at + 1 + usize::from(cue.is_phrasal())
}

/// A verb that no list has before "that": "ruled that", "reasoned that".
fn that_clause(line: &[Token], at: usize, earlier: &[Site]) -> Option<Site> {
    let token = &line[at];
    let verb =
        token.cues.is_empty() && token.lower.len() > 4 && token.lower.ends_with("ed") && !token.is_capital();
    if !verb || !line.get(at + 1)?.says("that") || line[at + 1].quoted {
        return None;
    }
    let passive = line[helpers(line, at)..at].iter().any(|token| token.is(Class::Be));
    // "Lifted that ban"
    let clause = line.get(at + 2..).is_some_and(|rest| !rest.is_empty() && is_clause(line, at + 2, rest));
    if passive || !clause || line.get(at + 2)?.says_any(&[",", "."]) {
        return None;
    }
    finite(line, at, &Cue { frame: Frame::Claim, form: Form::Past, with: None }, earlier)
}

/// "Asked if he would go, …": nobody is said to ask.
fn asked(line: &[Token], at: usize, cue: &Cue) -> Option<Site> {
    let next = line.get(at + 1)?;
    let question = next.says_any(&["if", "whether", "why", "how", "what", "about", "when", "who"]);
    let start = at + 1 + usize::from(next.says("about"));
    (cue.frame == Frame::Urge && question)
        .then(|| Site::new(at..at + 1, cue.frame, None, at, Tail::Content(start)))
}

/// A verb with a subject: before it, after it, or one that it shares.
fn finite(line: &[Token], at: usize, cue: &Cue, earlier: &[Site]) -> Option<Site> {
    let helped = cue.form != Form::Third && line[helpers(line, at)..at].iter().any(Token::is_helper);
    if !helped && !is_verb(line, at, cue) {
        return None;
    }
    let (source, lead, shared) = match before(line, at) {
        _ if speaker_follows(line, at, cue) => (after(line, at), at, false),
        Subject::Phrase(phrase) | Subject::Relative(phrase) => (Some(phrase.clone()), phrase.start, false),
        Subject::Shared => (shared_source(line, at, earlier), at, true),
        Subject::Missing if follows_content(line, at) && cue.form != Form::Base => {
            (Some(after(line, at)?), at, false)
        }
        Subject::Missing => return None,
    };
    let inverted = lead == at && !shared;
    let from = source.as_ref().filter(|_| inverted).map_or(at + 1, |source| source.end);
    let quoted =
        lead > 0 && line[lead - 1].quoted && !matches!(cue.frame, Frame::Tell | Frame::Urge | Frame::Talk);
    let tail = tail(line, from, cue, inverted || quoted)?;
    let vague = source.as_ref().is_some_and(|source| line[source.end - 1].says_any(&["you", "the", "there"]));
    if vague || is_supposed(line, at, lead, cue) || !fits(line, at, cue, tail, quoted) {
        return None;
    }
    let site = Site::new(words(at, cue), cue.frame, source, lead, tail);
    Some(Site { shared, ..site })
}

/// "Would welcome", "those who believe": nobody has said or thought so.
fn is_supposed(line: &[Token], at: usize, lead: usize, cue: &Cue) -> bool {
    // "Did not respond" is no supposition.
    let modal = |token: &Token| token.is(Class::Modal) && !token.lower.starts_with('d');
    let supposed = line[helpers(line, at)..at].iter().any(modal);
    supposed && matches!(cue.frame, Frame::Praise | Frame::Talk | Frame::Think)
        || cue.frame == Frame::Think && line[lead].is(Class::Relative)
}

fn is_infinitive(line: &[Token], at: usize) -> bool {
    helpers(line, at).checked_sub(1).is_some_and(|before| line[before].says("to"))
}

/// "Used the speech to say that": the subject is that of the sentence.
fn infinitive(line: &[Token], at: usize, cue: &Cue, earlier: &[Site]) -> Option<Site> {
    let says = matches!(cue.frame, Frame::Say | Frame::Claim | Frame::Talk | Frame::Accuse);
    let Tail::Content(start) = tail(line, at + 1, cue, false)? else { return None };
    let first = line.get(start)?;
    let clause = first.says("that") || first.quoted || cue.with.is_some();
    if !says || !clause || at < 2 {
        return None;
    }
    let site =
        Site::new(words(at, cue), cue.frame, shared_source(line, at, earlier), at, Tail::Content(start));
    Some(Site { shared: true, ..site })
}

/// The subject that a verb without one shares.
fn shared_source(line: &[Token], at: usize, earlier: &[Site]) -> Option<Range<usize>> {
    earlier.last().and_then(|site| site.source.clone()).or_else(|| main_subject(line, at))
}

/// Whether a quotation or a comma ends right before a verb.
fn follows_content(line: &[Token], at: usize) -> bool {
    at > 0 && (line[at - 1].quoted || line[at - 1].says(",") || line[at - 1].is_dash())
}

/// "Was accused by X of": the source follows "by".
fn passive(line: &[Token], at: usize, cue: &Cue) -> Option<Site> {
    let Subject::Phrase(subject) = before(line, helpers(line, at)) else { return None };
    let plain = line[at].cues.iter().find(|plain| plain.with.is_none()).unwrap_or(cue);
    let accused = matches!(plain.frame, Frame::Accuse | Frame::Urge | Frame::Tell);
    let source = agent(line, at, accused);
    let from = source.as_ref().map_or(at + 1, |source| source.end);
    let tail = if accused { charge(line, from) } else { Tail::Nothing };
    let sure = plain.frame != Frame::Tell || line.get(from).is_some_and(|next| next.says("that"));
    if source.is_none() && (tail == Tail::Nothing || !sure) {
        return None;
    }
    let content = (tail == Tail::Nothing).then_some(subject.clone());
    let site = Site::new(at..at + 1, cue.frame, source, subject.start, tail);
    Some(Site { content, ..site })
}

/// The phrase after "by", without what it charges: "the union" of "by the union of lying".
fn agent(line: &[Token], verb: usize, accused: bool) -> Option<Range<usize>> {
    let stops =
        |token: &Token| token.quoted || token.says(",") || token.is_break() || token.is(Class::Conjunction);
    let near = (verb + 1..line.len().min(verb + 6)).take_while(|at| !stops(&line[*at]));
    let source = phrase_starting(line, near.into_iter().find(|at| line[*at].says("by"))? + 1)?;
    // "By March", "by 2019"; not "by 12 unions".
    if line[source.clone()].iter().all(is_time) {
        return None;
    }
    let charges = |at: &usize| {
        line[*at].says_any(&["of", "for"]) && line.get(at + 1).is_some_and(|next| next.lower.ends_with("ing"))
    };
    let end = source.clone().find(|at| accused && charges(at)).unwrap_or(source.end);
    Some(source.start..end)
}

/// What somebody is accused of or asked.
fn charge(line: &[Token], from: usize) -> Tail {
    match line.get(from) {
        Some(next) if next.says("about") => Tail::Content(from + 1),
        Some(next) if next.quoted || next.says_any(&["of", "for", "as", "to", "that", "if", "whether"]) => {
            Tail::Content(from)
        }
        _ => Tail::Nothing,
    }
}

/// "…, saying that": the subject is that of the sentence; "with Ruiz saying that": it is the phrase before.
fn participial(line: &[Token], at: usize, cue: &Cue, earlier: &[Site]) -> Option<Site> {
    let end = helpers(line, at);
    let previous = line.get(end.checked_sub(1)?)?;
    let joined = follows_content(line, end)
        || previous.is(Class::Conjunction)
        || previous.says_any(&["while", "by"])
        || tells_by_itself(line, at);
    let own = !joined
        && line.get(at + 1)?.says("that")
        && !previous.is(Class::Preposition)
        && cue.frame != Frame::Think;
    let tail = tail(line, at + 1, cue, false)?;
    if !joined && !own || tail == Tail::Nothing || !fits(line, at, cue, tail, false) {
        return None;
    }
    let source = match before(line, end) {
        Subject::Phrase(phrase) if own => Some(phrase),
        _ => shared_source(line, at, earlier),
    };
    let site = Site::new(words(at, cue), cue.frame, source, at, tail);
    Some(Site { shared: true, ..site })
}

/// Whether an -ing form needs no comma before it: after "a letter", before a quotation.
fn tells_by_itself(line: &[Token], at: usize) -> bool {
    let quotes = line.get(at + 1).is_some_and(|next| next.quoted);
    (quotes || line[at - 1].is(Class::Document)) && !line[at - 1].is_helper()
}

/// "X’s accusation that".
fn nominal(line: &[Token], at: usize) -> Option<Site> {
    let noun = line[at].cues.iter().any(|cue| cue.frame == Frame::Nominal);
    if !noun {
        return None;
    }
    // "Her statement on the dam", "her statement Friday that"
    let after = (at + 1..line.len()).find(|at| !is_time(&line[*at]))?;
    let next = &line[after];
    if !next.says_any(&["that", "to", "for", "of"]) || after > at + 1 && !next.says("that") {
        return None;
    }
    let owns = |at: &usize| line[*at].is_possessive_mark() || line[*at].is(Class::Possessive);
    let source = match (at.saturating_sub(2)..at).rev().find(owns)? {
        owner if line[owner].is_possessive_mark() => phrase_ending(line, owner)?,
        owner => owner..owner + 1,
    };
    let start = after + usize::from(next.says_any(&["for", "of"]));
    let lead = source.start;
    Some(Site::new(at..at + 1, Frame::Nominal, Some(source), lead, Tail::Content(start)))
}

/// "Ana Ruiz: “…”" at the start of a sentence; in a headline without quotation marks too.
fn colon(line: &[Token], at: usize, headline: bool, earlier: &[Site]) -> Option<Site> {
    let next = line.get(at + 1)?;
    let longest = if headline { 3 } else { 6 };
    let short = line[at].says(":") && (1..=longest).contains(&at) && earlier.is_empty();
    let spoken = next.quoted || headline && !line[0].is(Class::Determiner);
    let named =
        |token: &Token| token.is_name() || token.is(Class::Title) || token.says_any(&["of", "the", "on"]);
    if !short || !spoken || line[at].span.end == next.span.start || !line[..at].iter().all(named) {
        return None;
    }
    Some(Site::new(at..at + 1, Frame::Say, Some(0..at), 0, Tail::Content(at + 1)))
}

/// "Her letter is clear: “…”": the subject of a sentence that no verb of reporting makes to lead up to a quotation.
fn announced(line: &[Token], at: usize, earlier: &[Site]) -> Option<Site> {
    if !line[at].says(":") || !line.get(at + 1)?.quoted {
        return None;
    }
    let later = line[at + 1..].iter().any(|token| !token.quoted && !token.cues.is_empty());
    if later || earlier.iter().any(|site| site.frame != Frame::Nominal) {
        return None;
    }
    let source = main_subject(line, at)?;
    let lead = source.start;
    Some(Site::new(at..at + 1, Frame::Say, Some(source), lead, Tail::Content(at + 1)))
}

/// A verb that no list has, between a quotation and the end of its sentence: “No,” she whispered.
fn unlisted(line: &[Token]) -> Option<Site> {
    let end = (1..line.len()).find(|at| line[at - 1].quoted && !line[*at].quoted)?;
    let stopped = end >= 2 && line[end - 2].says_any(&[",", "?", "!", "—"]) || line[end].says(",");
    let start = end + usize::from(line[end].says(","));
    let short = line[end..].iter().filter(|token| token.is_word()).count() < 6;
    if !stopped || !line[0].quoted && !short {
        return None;
    }
    let named = line.get(start + 1).is_some_and(Token::is_name) && end > 4;
    let first = line.get(start)?;
    let verb = first.lower.ends_with("ed") || first.says("read") || named && first.lower.ends_with('s');
    let (cue, source) = match first {
        _ if verb && !first.is_capital() => (start, phrase_starting(line, start + 1)?),
        _ if first.is_capital() || first.is_any(&[Class::Determiner, Class::Subject]) => {
            let cue = unlisted_verb(line, start + 1)?;
            (cue, start..cue)
        }
        _ => return None,
    };
    let tail = Tail::after_comma(line, source.end.max(cue + 1));
    Some(Site::new(cue..cue + 1, Frame::Say, Some(source), start, tail))
}

/// The first word from `from` on that looks like a past tense, or stands where a name's verb would.
fn unlisted_verb(line: &[Token], from: usize) -> Option<usize> {
    let near = (from..line.len().min(from + 7)).take_while(|at| !line[*at].quoted && line[*at].is_word());
    near.into_iter().find(|at| {
        let (token, previous) = (&line[*at], &line[at - 1]);
        let plain =
            token.classes == Default::default() && (previous.is(Class::Subject) || previous.is_name());
        !token.is_capital() && (token.lower.ends_with("ed") || plain)
    })
}
