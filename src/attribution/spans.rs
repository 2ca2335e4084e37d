//! Which words each site of a sentence reports.

use super::nouns::is_time;
use super::sites::Site;
use super::tails::Tail;
use super::tokens::Token;
use super::words::{Class, Frame};
use std::ops::Range;

/// The tokens that a site reports, and whether its clause stands after or within them.
pub(super) fn content(line: &[Token], sites: &[Site], index: usize) -> Option<(Range<usize>, bool)> {
    let site = &sites[index];
    if let Some(content) = &site.content {
        return Some((content.clone(), false));
    }
    if matches!(site.tail, Tail::Content(start) if start >= line.len()) {
        return None;
    }
    if let Some(start) = led_by_as(line, site) {
        return forward(line, sites, index, start);
    }
    if follows(line, site) {
        return Some((around(line, sites, index)?, true));
    }
    match site.tail {
        Tail::Content(start) => forward(line, sites, index, start),
        Tail::Comma(comma) => forward(line, sites, index, comma + 1).filter(|_| opens(line, site, comma)),
        Tail::Nothing => None,
    }
}

/// "As Ruiz said, …" and "According to Ruiz, …": what follows the comma.
fn led_by_as(line: &[Token], site: &Site) -> Option<usize> {
    let as_before = site.lead > 0 && line[site.lead - 1].says("as");
    let leads = as_before && site.lead == 1 || site.lead <= 1 && line[site.cue.start].says("according");
    match site.tail {
        Tail::Comma(comma) if leads => Some(comma + 1),
        _ => None,
    }
}

/// Whether the reporting clause follows (part of) what it reports.
fn follows(line: &[Token], site: &Site) -> bool {
    let Some(before) = site.lead.checked_sub(1) else { return false };
    let previous = &line[before];
    let reports =
        matches!(site.frame, Frame::Say | Frame::Tell | Frame::Claim | Frame::Think) || previous.quoted;
    if site.shared || !reports || line[site.lead].is(Class::Relative) {
        return false;
    }
    if line[site.cue.start].says("according") {
        return true;
    }
    let parted = previous.quoted && !is_adverbial(line, before, site)
        || previous.says(",")
        || previous.is_dash()
        || previous.says("as");
    let told = match site.tail {
        Tail::Nothing => !line[line.len() - 1].says(":"),
        Tail::Comma(comma) => previous.quoted || !line.get(comma + 1).is_some_and(|next| next.quoted),
        Tail::Content(start) if previous.quoted => {
            !line[start].says_any(&["that", "to"]) && site.frame != Frame::Accuse
        }
        // “The plan has failed, he said in a long interview last week”: a rest too short to be what is said.
        Tail::Content(start) => {
            site.frame != Frame::Think
                && !line[start].quoted
                && start + 4 >= line.len()
                && start > site.cue.end + 2
                && before > 5
        }
    };
    parted && told
}

/// Whether the quotation that ends at `last` belongs to what leads up to the clause: On "Talk of the Town," the host asked
/// whether; to a question on the "reform," she said that.
fn is_adverbial(line: &[Token], last: usize, site: &Site) -> bool {
    let start = (0..last).rev().find(|at| !line[*at].quoted).map_or(0, |at| at + 1);
    let leads = line[0].is(Class::Preposition) && !line[0].quoted && last - start < 9;
    let title = line.get(start + 1).is_some_and(Token::is_capital);
    leads && (title || matches!(site.tail, Tail::Content(_)))
}

/// Whether what follows the comma after a clause that begins its sentence is what it reports: X said, “…”.
fn opens(line: &[Token], site: &Site, comma: usize) -> bool {
    let at_once = site.cue.end == comma
        && line.get(comma + 1).is_some_and(|next| next.is_capital() || next.is(Class::Determiner));
    line.get(comma + 1).is_some_and(|next| next.quoted)
        || at_once && matches!(site.frame, Frame::Say | Frame::Claim)
        || matches!(site.frame, Frame::Say) && line[comma + 1..].iter().any(|token| token.quoted)
}

/// What stands before the clause, and after it where the words go on.
fn around(line: &[Token], sites: &[Site], index: usize) -> Option<Range<usize>> {
    let site = &sites[index];
    let start = start_before(line, sites, index);
    let mut end = site.lead;
    while end > start && !line[end - 1].quoted && !line[end - 1].is_word() {
        end -= 1;
    }
    if end > start && line[end - 1].says("as") {
        end -= 1;
        while end > start && line[end - 1].says(",") {
            end -= 1;
        }
    }
    if let Tail::Comma(comma) = site.tail {
        end = resumed(line, sites, index, start, comma).unwrap_or(end);
    }
    (start < end).then_some(start..end)
}

/// The end of what goes on after a clause in the middle: “…,” he said, “…”; the plan, he said, would fail.
fn resumed(line: &[Token], sites: &[Site], index: usize, start: usize, comma: usize) -> Option<usize> {
    let next = line.get(comma + 1)?;
    let before_quoted = line[sites[index].lead - 1].quoted && line[start].quoted;
    if sites[index].is_inverted() && !before_quoted && !next.quoted {
        return None;
    }
    let closing = start + 3 < sites[index].lead && next.lower.ends_with("ing") && !next.quoted
        || next.is(Class::Relative)
        || next.is(Class::Conjunction) && before_quoted
        || start + 3 < sites[index].lead && next.says_any(&["while", "although", "though", "but"])
        || next.is(Class::Determiner) && before_quoted
        || next.is(Class::Subordinator) && before_quoted;
    let taken = sites.get(index + 1).is_some_and(|site| site.shared);
    if !next.quoted && (before_quoted || closing || taken) {
        // A quotation that goes on after a phrase: “…,” she said, her voice low, “…”
        let again = (comma + 1..line.len()).find(|at| line[*at].quoted)?;
        let plain = before_quoted && !taken && line[again - 1].says(",");
        return plain.then(|| quote_end(line, again));
    }
    let end = cut(line, sites, index, comma + 1);
    Some(if next.quoted { quote_end(line, comma + 1).max(if before_quoted { 0 } else { end }) } else { end })
}

/// The end of the quoted tokens from `at`.
fn quote_end(line: &[Token], at: usize) -> usize {
    (at..line.len()).find(|at| !line[*at].quoted).unwrap_or(line.len())
}

/// Where what stands before a clause begins: at the start of the sentence, or after an earlier site.
fn start_before(line: &[Token], sites: &[Site], index: usize) -> usize {
    let lead = sites[index].lead;
    let earlier = sites[..index]
        .iter()
        .rev()
        .find(|site| site.lead < lead && line[site.cue.end..lead].iter().any(|token| token.quoted));
    let quoted_end = lead > 0 && line[lead - 1].quoted;
    let opening = (0..lead).rev().find(|at| !line[*at].quoted).filter(|at| quoted_end && line[*at].says(":"));
    if let Some(colon) = opening {
        return colon + 1;
    }
    match earlier {
        Some(site) if quoted_end => (site.cue.end..lead).find(|at| line[*at].quoted).unwrap_or(0),
        _ => usize::from(line.first().is_some_and(|first| first.is(Class::Conjunction) && !first.quoted)),
    }
}

/// From `start` to the end of the sentence, or to where another clause begins.
fn forward(line: &[Token], sites: &[Site], index: usize, start: usize) -> Option<(Range<usize>, bool)> {
    if start >= line.len() {
        return None;
    }
    let end = cut(line, sites, index, start);
    (start < end).then_some((start..end, false))
}

fn cut(line: &[Token], sites: &[Site], index: usize, start: usize) -> usize {
    let next = sites[index + 1..]
        .iter()
        .filter(|site| site.lead > start)
        .find_map(|site| clause_start(line, site, start));
    let thing = is_thing(line, &sites[index], start);
    let mark = (start + 1..line.len()).find(|at| breaks_off(line, *at, thing));
    let subordinate = subordinate_end(line, &sites[index], start);
    let mut end =
        [next, mark, subordinate, quoted_out(line, start)].into_iter().flatten().min().unwrap_or(line.len());
    while end > start && !line[end - 1].quoted && !line[end - 1].is_word() && !line[end - 1].says(")") {
        end -= 1;
    }
    end
}

/// Whether what is reported ends before this token, whatever follows: at "; ", ", while", " – and".
fn breaks_off(line: &[Token], at: usize, thing: bool) -> bool {
    let (token, next) = (&line[at], line.get(at + 1));
    if token.quoted {
        return false;
    }
    let Some(next) = next.filter(|next| !next.quoted) else { return token.says(";") };
    let acts = next.lower.ends_with("ed");
    let after = line.get(at + 2).is_some_and(|after| {
        after.lower.ends_with("ed") || after.is(Class::Subject) || !after.cues.is_empty()
    });
    let adds = next.is(Class::Relative)
        || next.is(Class::Conjunction) && after
        || next.is(Class::Subordinator) && !next.says("as")
        || next.says_any(&["something", "even", "just"]);
    // "…, though small, …" is a parenthesis.
    let aside = (at + 2..line.len().min(at + 6)).any(|at| line[at].says(","));
    token.says(";")
        || starts_comment(line, at)
        || token.says(",") && next.says_any(&["while", "although", "though", "whereas"]) && !aside
        || token.says(",") && thing && adds
        || token.is_dash() && (next.is(Class::Conjunction) || next.says("even"))
        || thing && token.says("and") && acts
        || thing && token.says_any(&["before", "after", "until", "when", "while"])
}

/// Whether the narrator's own words begin after this token: ", a sum that …", ", who …", ", compared with …", " – though …",
/// "before leaving". An explanation with "a" or "who" only where the sentence does not go on behind it.
fn starts_comment(line: &[Token], at: usize) -> bool {
    let (token, rest) = (&line[at], &line[at + 1..]);
    let next = &rest[0];
    let apposed = next.says_any(&["a", "an"]) && !rest.iter().any(|token| token.says(","));
    let aside = next.says_any(&["a", "an", "though"]) && !rest.iter().any(Token::is_dash);
    // "Before leaving", not "before Beijing", "before morning", "before anything".
    let leaving =
        next.lower.ends_with("ing") && !next.lower.ends_with("thing") && !next.is_capital() && !is_time(next);
    let who = next.says("who") && !rest.iter().any(|token| token.says(","));
    token.says(",") && (apposed || who || next.says_any(&["compared", "up", "down"]))
        || token.is_dash() && aside
        || token.says("before") && leaving
}

/// Whether what is reported is a thing, not a clause.
fn is_thing(line: &[Token], site: &Site, start: usize) -> bool {
    let first = &line[start];
    let that = start > 0 && line[start - 1].says("that");
    let clause = that || first.quoted || first.is(Class::Subject) || first.is(Class::Subordinator);
    match site.frame {
        Frame::Accuse | Frame::Praise | Frame::Talk | Frame::Nominal => true,
        Frame::Claim => !clause,
        _ => false,
    }
}

/// Where the clause ends that a conjunction of time or concession opens: "While she said that it was late, he"
fn subordinate_end(line: &[Token], site: &Site, start: usize) -> Option<usize> {
    let opening = [
        "while", "when", "after", "although", "though", "if", "since", "because", "before", "as", "now",
        "asked", "once", "until",
    ];
    let comma = (start + 1..line.len()).find(|at| closes_clause(line, *at));
    if site.frame == Frame::Nominal {
        return comma;
    }
    let first = (0..site.lead.min(3)).find(|at| line[*at].says_any(&opening));
    let inserted = line[0].is(Class::Preposition) || site.lead > 1 && line[site.lead - 1].says(",");
    if line[site.lead].is(Class::Relative) && inserted {
        return comma;
    }
    let parted = |from: usize| line[from..site.lead].iter().any(|token| token.says(",") || token.quoted);
    let opens = site.source.is_none() && site.lead == 0 || first.is_some_and(|first| !parted(first));
    comma.filter(|_| opens)
}

/// Whether a clause may end before this token: a comma that does not stand between adjectives ("a long, dull report"), or what
/// follows a quotation that ends with a comma.
fn closes_clause(line: &[Token], at: usize) -> bool {
    let adjectives = line[at - 1].is_word() && at > 1 && line[at - 2].says_any(&["a", "an"]);
    let quotation = at > 1 && line[at - 1].quoted && line[at - 2].says(",") && !line[at].quoted;
    let quotation = quotation && !line[at].is(Class::Conjunction);
    line[at].says(",")
        && !line[at].quoted
        && !(adjectives && is_small(line, at - 1) && is_small(line, at + 1))
        || quotation
}

fn is_small(line: &[Token], at: usize) -> bool {
    line.get(at)
        .is_some_and(|token| token.is_word() && !token.is_capital() && token.classes == Default::default())
}

/// Where a quotation ends that closes what is reported: it begins it, or ends with a comma or a stop.
fn quoted_out(line: &[Token], start: usize) -> Option<usize> {
    let end = (start + 1..line.len()).rev().find(|at| line[at - 1].quoted && !line[*at].quoted)?;
    let stopped = end >= 2 && line[end - 2].says_any(&[",", ".", "!", "?"]);
    let next = &line[end];
    let parts = !next.is_word() && !next.is_possessive_mark()
        || next.is(Class::Conjunction) && !line.get(end + 1).is_some_and(|after| after.quoted)
        || next.is(Class::Subordinator) && !next.says("because");
    let begins = line[start].quoted && line[start..end].iter().all(|token| token.quoted);
    (parts && (stopped || begins) || stopped && (next.says("with") || next.is(Class::Relative)))
        .then_some(end)
}

/// Where a later clause parts from what stands before it: before ", and", ", saying", ", according to".
fn clause_start(line: &[Token], site: &Site, start: usize) -> Option<usize> {
    let mut at = site.lead;
    if at > start && line[at - 1].says("to") {
        return None;
    }
    while at > start
        && (line[at - 1].is(Class::Adverb) || line[at - 1].lower.ends_with("ly"))
        && !line[at - 1].quoted
    {
        at -= 1;
    }
    let joined = at > start
        && !line[at - 1].quoted
        && (line[at - 1].is(Class::Conjunction) || line[at - 1].says("while"));
    if joined {
        at -= 1;
    }
    let comma = at > start && line[at - 1].says(",");
    let splits = site.shared || line[site.cue.start].says("according") || joined && comma;
    splits.then_some(if comma { at - 1 } else { at })
}
