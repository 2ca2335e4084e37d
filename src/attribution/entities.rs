//! Mentions to entities: last names to full names, pronouns and offices to the last compatible person.

use super::names::{Named, is_office, named, names, owner};
use super::nouns::phrase_ending;
use super::phrases::{main_subject, sentence_subject};
use super::tokens::{Line, Page, Token};
use super::words::Class;
use super::{Mention, Party, over};
use crate::text::{Kind, one_line};
use std::collections::HashMap;
use std::ops::Range;

/// A person whom the article names.
#[derive(Debug, Clone)]
struct Person {
    /// As it stands where it is fullest.
    name: String,
    /// Its words in small letters.
    words: Vec<String>,
    role: Option<String>,
    affiliation: Option<String>,
    gender: Option<Class>,
}

/// Whom a pronoun may mean, by where they were last spoken of.
#[derive(Debug, Clone)]
enum Referent {
    Person(usize),
    Body(String),
}

/// All persons of an article, and who was spoken of last.
#[derive(Debug, Clone)]
pub(super) struct Cast {
    people: Vec<Person>,
    /// People by each word of their names.
    by_word: HashMap<String, Vec<usize>>,
    /// The referents so far with the paragraph each was spoken of in, the latest last.
    recent: Vec<(usize, Referent)>,
    /// The first line whose subject has not been taken into `recent`.
    next_line: usize,
}

/// Paragraphs over which a pronoun reaches back.
const REACH: usize = 4;

impl Cast {
    /// Collects the names of an article.
    pub(super) fn new(page: &Page) -> Self {
        let mut cast = Cast { people: Vec::new(), by_word: HashMap::new(), recent: Vec::new(), next_line: 0 };
        // Headlines may have a capital on every word.
        let body = |(_, line): &(usize, &Line)| line.sentence.kind == Kind::Body;
        let found: Vec<(usize, Named)> = page
            .lines
            .iter()
            .enumerate()
            .filter(body)
            .flat_map(|(index, line)| names(&line.tokens).into_iter().map(move |name| (index, name)))
            .collect();
        // Full names first, so that last names find them.
        for full in [true, false] {
            for (line, name) in found.iter().filter(|(_, name)| (name.name.len() > 1) == full) {
                cast.meet(page, &page.lines[*line].tokens, name);
            }
        }
        cast
    }

    /// The same persons, and what pronouns told of them, before anybody was spoken of.
    pub(super) fn rewound(&self) -> Self {
        Cast { recent: Vec::new(), next_line: 0, ..self.clone() }
    }

    /// Takes in one name.
    fn meet(&mut self, page: &Page, line: &[Token], named: &Named) {
        let words = lower(line, &named.name);
        let person = match self.find(&words, None) {
            Some(person) => person,
            None if named.name.len() > 1 && !is_body(line, &named.name) || named.is_person => {
                self.add(text(page, line, &named.name), &words)
            }
            None => return,
        };
        let text = |range: &Option<Range<usize>>| range.as_ref().map(|range| text(page, line, range));
        let (role, affiliation) = (text(&named.role), text(&named.affiliation));
        let gender = (named.name.start.saturating_sub(3)..named.name.start)
            .rev()
            .take_while(|at| is_office(&line[*at]))
            .find_map(|at| gender(&line[at]));
        let person = &mut self.people[person];
        person.role = person.role.take().or(role);
        person.affiliation = person.affiliation.take().or(affiliation);
        person.gender = person.gender.or(gender).or_else(|| person.role.as_deref().and_then(role_gender));
    }

    fn add(&mut self, name: String, words: &[String]) -> usize {
        let index = self.people.len();
        words.iter().for_each(|word| self.by_word.entry(word.clone()).or_default().push(index));
        self.people.push(Person { name, words: words.to_vec(), role: None, affiliation: None, gender: None });
        index
    }

    /// The person whose name ends with these words, or begins with them; of several the one spoken of last, else the first.
    fn find(&self, words: &[String], gender: Option<Class>) -> Option<usize> {
        let candidates = self.by_word.get(words.last()?)?;
        let fits = |index: &&usize| {
            let person = &self.people[**index];
            let compatible = gender.is_none() || person.gender.is_none() || person.gender == gender;
            compatible
                && (person.words.ends_with(words) || person.words.starts_with(words) && words.len() > 1)
        };
        let fitting: Vec<usize> = candidates.iter().filter(fits).copied().collect();
        let spoken = self.recent.iter().rev().find_map(|(_, referent)| match referent {
            Referent::Person(index) if fitting.contains(index) => Some(*index),
            _ => None,
        });
        spoken.or_else(|| fitting.first().copied()).or_else(|| self.first_named(candidates, words))
    }

    /// Names that go by their first word: "Kim" for "Kim Jong-un".
    fn first_named(&self, candidates: &[usize], words: &[String]) -> Option<usize> {
        candidates
            .iter()
            .copied()
            .find(|index| words.len() == 1 && self.people[*index].words.first() == words.first())
    }

    /// Resolves a party; parties must come in the order of the text.
    pub(super) fn resolve(&mut self, page: &Page, party: &Party) -> Mention {
        self.catch_up(page, party.line);
        let line = &page.lines[party.line];
        let span = over(&line.tokens, &party.tokens);
        let referent = self.referent(page, line, &party.tokens);
        let own = |range: Option<Range<usize>>| range.map(|range| text(page, &line.tokens, &range));
        let parts = describe(&line.tokens, &core(&line.tokens, &party.tokens));
        let (mut role, mut affiliation) = (own(parts.role), own(parts.affiliation));
        let name = match &referent {
            Some(Referent::Person(index)) => {
                let person = &self.people[*index];
                role = person.role.clone().or(role);
                affiliation = person.affiliation.clone().or(affiliation);
                Some(person.name.clone())
            }
            Some(Referent::Body(name)) => {
                (role, affiliation) = (None, None);
                Some(name.clone())
            }
            None => None,
        };
        let remembered = referent.or_else(|| {
            Some(Referent::Body(span.of(page.text).to_string()))
                .filter(|_| !is_pronoun(&line.tokens, &party.tokens))
        });
        self.recent.extend(remembered.map(|referent| (line.block, referent)));
        Mention { span, name, role, affiliation }
    }

    /// Remembers the subjects of the sentences before `line`.
    fn catch_up(&mut self, page: &Page, line: usize) {
        for before in self.next_line..line {
            let tokens = &page.lines[before].tokens;
            let subject = sentence_subject(tokens).filter(|subject| !is_pronoun(tokens, subject));
            let person = subject.and_then(|subject| {
                self.person(tokens, &subject).or_else(|| self.apposed(tokens, subject.end))
            });
            self.recent.extend(person.map(|person| (page.lines[before].block, Referent::Person(person))));
        }
        self.next_line = self.next_line.max(line);
    }

    fn referent(&mut self, page: &Page, line: &Line, phrase: &Range<usize>) -> Option<Referent> {
        let tokens = &line.tokens;
        let first = &tokens[phrase.start];
        if phrase.len() == 1 && first.is(Class::Relative) {
            let end = phrase.start - usize::from(phrase.start > 0 && tokens[phrase.start - 1].says(","));
            let before = antecedent(tokens, phrase_ending(tokens, end)?);
            let described = tokens[before.start].is(Class::Determiner) || tokens[before.start].is_capital();
            let text = text(page, tokens, &before);
            return self.referent(page, line, &before).or(described.then_some(Referent::Body(text)));
        }
        if is_pronoun(tokens, phrase) {
            self.recent
                .extend(self.subject_before(page, tokens, phrase.start).map(|subject| (line.block, subject)));
            return self.pronoun(line.block, first);
        }
        if let Some(person) = self.person(tokens, phrase) {
            return Some(Referent::Person(person));
        }
        let core = core(tokens, phrase);
        if let Some(person) = self.apposed(tokens, phrase.end).or_else(|| self.office(tokens, &core)) {
            return Some(Referent::Person(person));
        }
        body(page, tokens, phrase).map(Referent::Body)
    }

    /// The person that a phrase names, if it ends with a name.
    fn person(&self, line: &[Token], phrase: &Range<usize>) -> Option<usize> {
        let core = core(line, phrase);
        let name = describe(line, &core).name;
        let several = line[phrase.clone()].iter().any(|token| token.says("and"));
        if name.is_empty() || several {
            return None;
        }
        let gender = line[core.start..name.start].iter().find_map(gender);
        self.find(&lower(line, &name), gender)
    }

    /// The subject of the sentence so far, where it is no pronoun.
    fn subject_before(&self, page: &Page, line: &[Token], end: usize) -> Option<Referent> {
        let subject =
            main_subject(line, end).filter(|subject| !is_pronoun(line, subject) && subject.end < end)?;
        let person = self.person(line, &subject).or_else(|| self.apposed(line, subject.end));
        person.map(Referent::Person).or_else(|| body(page, line, &subject).map(Referent::Body))
    }

    /// "The mediator, General Ruiz, said": the name that follows a description.
    fn apposed(&self, line: &[Token], end: usize) -> Option<usize> {
        let comma = line.get(end).is_some_and(|next| next.says(",") && !next.quoted);
        let closes = |named: &Named| {
            line.get(named.name.end).is_some_and(|next| !next.is_word() && !next.is_possessive_mark())
        };
        let named = names(&line[..line.len().min(end + 12)])
            .into_iter()
            .find(|named| named.name.start > end && closes(named))?;
        let between = &line[end + 1..named.name.start];
        let leads = between.iter().all(|token| {
            token.is_word() && (is_office(token) || token.is_name() || token.says_any(&["retired", "the"]))
        });
        if !comma || !leads {
            return None;
        }
        self.find(&lower(line, &named.name), None)
    }

    /// "He": the last person spoken of who may be meant; "it" and "they": the last body.
    fn pronoun(&mut self, block: usize, word: &Token) -> Option<Referent> {
        let gender = gender(word);
        let bodily = word.says_any(&["it", "its", "they", "their"]);
        let near = self.recent.iter().rev().take_while(|(at, _)| block - at.min(&block) <= REACH);
        let found = near.into_iter().find_map(|(_, referent)| match referent {
            Referent::Person(index) if gender.is_some() => {
                let own = self.people[*index].gender;
                (own.is_none() || own == gender).then(|| referent.clone())
            }
            Referent::Body(_) if bodily => Some(referent.clone()),
            _ => None,
        })?;
        if let Referent::Person(index) = found {
            self.people[index].gender = gender;
        }
        Some(found)
    }

    /// "The minister": the last person spoken of who is one.
    fn office(&self, line: &[Token], core: &Range<usize>) -> Option<usize> {
        let head = line.get(core.end.checked_sub(1)?)?;
        let definite = line[core.start].says_any(&["the", "his", "her", "their"])
            || line[core.clone()].iter().any(Token::is_possessive_mark);
        if !definite || !head.is(Class::Party) {
            return None;
        }
        // The last word of the office: a spokeswoman of the ministry is not "the ministry".
        let office =
            |person: &Person| person.role.as_deref()?.split_whitespace().last().map(str::to_lowercase);
        let holds = |person: &Person| office(person).is_some_and(|office| office == head.lower);
        self.recent.iter().rev().find_map(|(_, referent)| match referent {
            Referent::Person(index) if holds(&self.people[*index]) => Some(*index),
            _ => None,
        })
    }
}

/// What a relative pronoun after a phrase means: the part behind its last preposition but "of", "a lawyer" in "according to a lawyer".
fn antecedent(line: &[Token], phrase: Range<usize>) -> Range<usize> {
    let links = |at: &usize| {
        let (at, token) = (*at, &line[*at]);
        let opens = line[at + 1].is_capital() || line[at + 1].is_any(&[Class::Determiner, Class::Possessive]);
        opens
            && token.is(Class::Preposition)
            && !token.is_capital()
            && !token.says_any(&["of", "for", "from"])
    };
    let last = (phrase.start..phrase.end - 1).rev().find(links);
    last.map_or(phrase.start, |at| at + 1)..phrase.end
}

/// A pronoun, alone.
fn is_pronoun(line: &[Token], phrase: &Range<usize>) -> bool {
    let first = &line[phrase.start];
    let pronoun = first.is(Class::Subject)
        || first.is(Class::Object)
        || first.is(Class::Possessive)
        || first.is(Class::Relative);
    phrase.len() == 1 && pronoun
}

/// The phrase up to what qualifies it: "a spokesman" of "a spokesman for the ministry".
fn core(line: &[Token], phrase: &Range<usize>) -> Range<usize> {
    let cuts = |at: &usize| {
        let token = &line[*at];
        token.is(Class::Preposition) && !token.is_capital()
            || token.is(Class::Relative)
            || !token.is_word() && !token.is_possessive_mark()
    };
    phrase.start..(phrase.start + 1..phrase.end).find(cuts).unwrap_or(phrase.end)
}

/// The name at the end of a phrase, with its office; an office alone where there is no name.
fn describe(line: &[Token], core: &Range<usize>) -> Named {
    let part = |at: &usize| {
        line[*at].is_name() && !is_office(&line[*at])
            || line[*at].is(Class::Particle)
            || line[*at].is_capital() && at + 1 == core.end && !is_office(&line[*at])
    };
    let start = core.clone().rev().take_while(part).last().unwrap_or(core.end);
    if start < core.end {
        return named(line, start..core.end);
    }
    let role =
        core.clone().rev().take_while(|at| is_office(&line[*at]) && !line[*at].is_possessive_mark()).last();
    let role = role.filter(|_| line[core.end - 1].is(Class::Party)).map(|start| start..core.end);
    let affiliation =
        role.as_ref().and_then(|role| owner(line, role.start)).filter(|owner| owner.start >= core.start);
    Named { name: core.end..core.end, role, affiliation, ..Named::default() }
}

/// The name of a body or place: a phrase in capitals, without its article.
fn body(page: &Page, line: &[Token], phrase: &Range<usize>) -> Option<String> {
    let core = core(line, phrase);
    let start = core.start + usize::from(line[core.start].says("the"));
    let capitals = start < core.end
        && core
            .clone()
            .skip(start - core.start)
            .all(|at| line[at].is_capital() || line[at].is_possessive_mark() || line[at].is(Class::Particle));
    // "Critics" has its capital from the sentence.
    let opening = phrase.start == 0 && core.len() == 1 && line[0].is_any(&[Class::Party, Class::Determiner]);
    (capitals && !opening).then(|| text(page, line, &(start..phrase.end)))
}

/// Whether a name of several words is that of a body or place: after "the", in capitals throughout, with its initials in
/// brackets behind it.
fn is_body(line: &[Token], name: &Range<usize>) -> bool {
    let article = name.start > 0 && line[name.start - 1].says("the");
    let shouted = line[name.clone()]
        .iter()
        .all(|token| token.text.len() > 1 && !token.text.chars().any(char::is_lowercase));
    let initials = |token: &Token| token.text.len() > 1 && token.text.chars().all(char::is_uppercase);
    let shortened =
        matches!(line.get(name.end..name.end + 2), Some([open, short]) if open.says("(") && initials(short));
    let followed = line.get(name.end).is_some_and(is_office);
    article || shouted || shortened || followed
}

fn gender(token: &Token) -> Option<Class> {
    [Class::Male, Class::Female].into_iter().find(|gender| token.is(*gender))
}

fn role_gender(role: &str) -> Option<Class> {
    role.split_whitespace().find_map(|word| {
        let classes = super::words::classes(&word.to_lowercase());
        [Class::Male, Class::Female].into_iter().find(|gender| classes.has(*gender))
    })
}

fn lower(line: &[Token], range: &Range<usize>) -> Vec<String> {
    line[range.clone()]
        .iter()
        .filter(|token| !token.is_possessive_mark())
        .map(|token| token.lower.clone())
        .collect()
}

fn text(page: &Page, line: &[Token], range: &Range<usize>) -> String {
    one_line(over(line, range).of(page.text))
}
