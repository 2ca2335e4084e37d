//! Web pages to articles: `dom_smoothie` finds the story, its blocks are walked one by one so that none are glued.

use super::layout::{Hint, Passage};
use super::{Article, Span, one_line};
use dom_query::{Document, NodeRef};
use dom_smoothie::Readability;
use std::borrow::Cow;

/// How deeply elements may nest (browsers allow 512): parser and search take quadratic time in the depth.
const DEEPEST: usize = 256;

/// Elements that need no end tag, so that their start tags say nothing of the depth.
const UNENDED: [&str; 28] = [
    "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "br", "img", "hr", "input",
    "meta", "link", "source", "area", "base", "col", "colgroup", "embed", "track", "wbr", "html", "head",
    "body",
];

/// Elements whose content is text alone, whatever looks like a tag in it.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// Elements whose text is no part of a story.
const SKIPPED: [&str; 22] = [
    "script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "select", "option",
    "button", "textarea", "form", "nav", "footer", "aside", "dialog", "canvas", "video", "audio", "menu",
];

/// Elements that stand within a line; all others begin and end one.
const INLINE: [&str; 36] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
    "i", "img", "ins", "kbd", "label", "mark", "meta", "q", "ruby", "s", "samp", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
];

impl Article {
    /// An article from a web page. Positions refer to the text extracted, not to the page.
    ///
    /// ```
    /// use rhetor::Article;
    /// let page = "<h1>Ferries stop over pay</h1><p>They stopped.<p>Nobody knew why.<nav>Home</nav>";
    /// let article = Article::from_html("ferries.html", None, None, page);
    /// assert_eq!(article.text, "Ferries stop over pay\n\nThey stopped.\n\nNobody knew why.");
    /// ```
    pub fn from_html(
        source: impl Into<String>,
        id: Option<String>,
        title: Option<String>,
        html: &str,
    ) -> Self {
        let page = Document::from(&*flatten(html));
        let (found_title, story) = extract(page.clone());
        let mut walk = story.as_ref().map(|story| Walk::over(&story.root())).unwrap_or_default();
        if walk.is_empty() {
            walk = page.body().map(|body| Walk::over(&body)).unwrap_or_default();
        }
        if let Some(headline) = headline(&page, &found_title) {
            walk.put_first(&headline);
        }
        let article = Article::from_passages(source.into(), id, title, walk.text, &walk.passages);
        Article { extracted: true, ..article }
    }
}

/// Whether text is a page by the look of its beginning.
pub(crate) fn looks_like_html(text: &str) -> bool {
    let head: String = text.trim_start().chars().take(1024).collect::<String>().to_ascii_lowercase();
    let tags = ["<!doctype html", "<html", "<head", "<body", "<article", "<div", "<p>", "<p ", "<h1"];
    head.starts_with("<!doctype html") || (head.starts_with('<') && tags.iter().any(|tag| head.contains(tag)))
}

/// The page without the tags that nest too deeply; their text stays.
fn flatten(html: &str) -> Cow<'_, str> {
    let (mut flat, mut copied, mut read) = (String::new(), 0, 0);
    // Drawings are in XML, where `<path/>` has ended.
    let (mut depth, mut drawings) = (0usize, 0usize);
    for (at, _) in html.match_indices('<') {
        if at < read {
            continue;
        }
        if html[at..].starts_with("<!--") {
            read = html[at..].find("-->").map_or(html.len(), |end| at + end);
            continue;
        }
        let Some(tag) = Tag::at(html, at) else { continue };
        read = if tag.is(&RAW) && !tag.ends { end_of_raw(html, &tag) } else { tag.end };
        if tag.is(&UNENDED) || (drawings > 0 && tag.closes_itself) {
            continue;
        }
        if depth > DEEPEST {
            flat.push_str(&html[copied..at]);
            if !flat.ends_with(' ') {
                flat.push(' ');
            }
            copied = read;
        }
        if tag.is(&RAW) {
            continue;
        }
        let step = |count: usize| if tag.ends { count.saturating_sub(1) } else { count + 1 };
        depth = step(depth);
        if tag.is(&["svg", "math"]) {
            drawings = step(drawings);
        }
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    flat.push_str(&html[copied..]);
    Cow::Owned(flat)
}

/// What stands between `<` and `>`.
struct Tag<'a> {
    name: &'a str,
    /// `</p>`.
    ends: bool,
    /// `<path/>`.
    closes_itself: bool,
    /// Behind the `>`.
    end: usize,
}

impl<'a> Tag<'a> {
    /// The tag that begins with the `<` at a place, if it is one.
    fn at(html: &'a str, at: usize) -> Option<Self> {
        let inner = &html[at + 1..];
        let ends = inner.starts_with('/');
        let name = &inner[usize::from(ends)..];
        let name = &name[..name.bytes().take(12).take_while(u8::is_ascii_alphanumeric).count()];
        let length = inner.find('>').unwrap_or(inner.len());
        let end = (at + 1 + length + 1).min(html.len());
        (!name.is_empty()).then(|| Tag { name, ends, closes_itself: inner[..length].ends_with('/'), end })
    }

    fn is(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// Behind the end tag of an element whose content is text; the page's end if there is none.
fn end_of_raw(html: &str, start: &Tag) -> usize {
    let is_own = |at: &usize| {
        let name = html[at + 2..].get(..start.name.len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(start.name))
    };
    let mut ends = html[start.end..].match_indices("</").map(|(at, _)| start.end + at);
    ends.find(is_own).and_then(|at| Tag::at(html, at)).map_or(html.len(), |tag| tag.end)
}

/// The page's title as cleaned of the site's name, and the story if one is found.
fn extract(page: Document) -> (String, Option<Document>) {
    let Ok(mut readability) = Readability::with_document(page, None, None) else {
        return (String::new(), None);
    };
    match readability.parse() {
        Ok(story) => (story.title, Some(Document::from(story.content))),
        Err(_) => (readability.get_article_title().to_string(), None),
    }
}

/// The first heading that the page's title repeats, else the first of three words, else the title.
fn headline(page: &Document, title: &str) -> Option<String> {
    let headings: Vec<String> = page
        .select("h1")
        .nodes()
        .iter()
        .map(|node| one_line(&Walk::over(node).text))
        .filter(|text| !text.is_empty())
        .collect();
    let repeated = headings
        .iter()
        .find(|heading| title.contains(*heading) || (!title.is_empty() && heading.contains(title)));
    let long = || headings.iter().find(|heading| heading.split(' ').count() > 2);
    repeated.or_else(long).cloned().or_else(|| Some(one_line(title)).filter(|title| !title.is_empty()))
}

/// The passages of a tree, and their text joined by blank lines.
#[derive(Default)]
struct Walk {
    text: String,
    passages: Vec<Passage>,
    line: String,
    hints: Vec<Hint>,
    group: usize,
}

impl Walk {
    /// Visits the tree without recursion: pages may nest as deeply as they like.
    fn over(root: &NodeRef) -> Self {
        let mut walk = Walk::default();
        let mut node = *root;
        loop {
            if walk.enter(&node)
                && let Some(child) = node.first_child()
            {
                node = child;
                continue;
            }
            loop {
                walk.leave(&node);
                if node.id == root.id {
                    walk.flush();
                    return walk;
                }
                if let Some(next) = node.next_sibling() {
                    node = next;
                    break;
                }
                match node.parent() {
                    Some(parent) => node = parent,
                    None => return walk,
                }
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.passages.is_empty()
    }

    /// Whether to visit what is below.
    fn enter(&mut self, node: &NodeRef) -> bool {
        if node.is_text() {
            self.line.push_str(&node.text());
            return false;
        }
        let Some(name) = node.node_name() else { return true };
        if is_skipped(node, &name) {
            return false;
        }
        self.part(&name);
        if let Some(hint) = hint(&name) {
            self.hints.push(hint);
        }
        true
    }

    fn leave(&mut self, node: &NodeRef) {
        let Some(name) = node.node_name() else { return };
        if is_skipped(node, &name) {
            return;
        }
        self.part(&name);
        if hint(&name).is_some() {
            self.hints.pop();
        }
    }

    /// Parts what stands before an element's beginning or end from what stands behind it.
    fn part(&mut self, name: &str) {
        if name == "br" && self.hints.last() == Some(&Hint::Heading) {
            self.line.push(' ');
        } else if !INLINE.contains(&name) {
            self.flush();
        }
    }

    /// Ends the line: it becomes a passage, unless it is blank.
    fn flush(&mut self) {
        let line = one_line(&self.line);
        self.line.clear();
        if line.is_empty() {
            return;
        }
        let hint = self.hints.last().copied().unwrap_or(Hint::Plain);
        // Items stand together with what introduces their list.
        self.group += usize::from(hint != Hint::Item);
        self.push(&line, hint);
    }

    fn push(&mut self, line: &str, hint: Hint) {
        if !self.text.is_empty() {
            self.text.push_str("\n\n");
        }
        let start = self.text.len();
        self.text.push_str(line);
        self.passages.push(Passage { span: Span { start, end: self.text.len() }, group: self.group, hint });
    }

    /// Puts the headline first, unless it is a heading of the story or among the first lines already.
    fn put_first(&mut self, headline: &str) {
        let same = |(index, passage): &(usize, &mut Passage)| {
            (*index < 4 || passage.hint == Hint::Heading)
                && passage.span.of(&self.text).eq_ignore_ascii_case(headline)
        };
        if let Some((_, passage)) = self.passages.iter_mut().enumerate().find(same) {
            passage.hint = Hint::Heading;
            return;
        }
        let mut walk = Walk { group: self.group + 1, ..Walk::default() };
        walk.push(headline, Hint::Heading);
        for passage in &self.passages {
            walk.group = passage.group;
            walk.push(passage.span.of(&self.text), passage.hint);
        }
        *self = walk;
    }
}

/// Whether an element's text is no part of a story. Some systems put the whole page, headline and all, into a form.
fn is_skipped(node: &NodeRef, name: &str) -> bool {
    let is_page = || node.descendants_it().any(|inner| inner.has_name("h1"));
    node.has_attr("hidden") || (SKIPPED.contains(&name) && !(name == "form" && is_page()))
}

fn hint(name: &str) -> Option<Hint> {
    match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some(Hint::Heading),
        "li" => Some(Hint::Item),
        "figcaption" => Some(Hint::Caption),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Kind, sentences};

    const PAGE: &str = "<!DOCTYPE html><html><head><title>Ferries stop over pay - Fjord Gazette</title></head><body>\
        <nav><a href=/>Home</a><a href=/news>News</a></nav><article><h1>Ferries stop over pay</h1>\
        <p>By Ana Ruiz</p><figure><img src=x.jpg><figcaption>The quay at dawn.</figcaption></figure>\
        <p>The ferries stopped on Monday, and the crews said that they would not sail again before they were paid for the \
        nights they had worked since the spring.</p><p>“They lied to us,” said <b>Per</b> <i>Holm</i>, a mate.<br>He left.</p>\
        <h2>What happens next</h2><ul><li>A meeting is set for May 4.</li><li>The courts may rule before then.</li></ul>\
        <p>The owners &amp; the union have met three times, in a hotel near the station, without an agreement on anything \
        that either of them was ready to name.</p></article><footer>All rights reserved.</footer></body></html>";

    #[test]
    fn blocks_are_not_glued() {
        let article = Article::from_html("page.html", None, None, PAGE);
        let found: Vec<(Kind, &str)> =
            sentences(&article).iter().map(|s| (s.kind, s.span.of(&article.text))).collect();
        assert_eq!(article.title.as_deref(), Some("Ferries stop over pay"));
        assert_eq!(found.len(), 8, "{found:#?}");
        assert_eq!(found[0], (Kind::Headline, "Ferries stop over pay"));
        assert_eq!(found[2], (Kind::Body, "“They lied to us,” said Per Holm, a mate."));
        assert_eq!(found[3], (Kind::Body, "He left."));
        assert_eq!(found[4], (Kind::Headline, "What happens next"));
        assert!(found[7].1.starts_with("The owners & the union"));
    }

    #[test]
    fn deep_pages_lose_tags_but_no_text() {
        let page = format!("{}<p>One came.{}<p>Two went.", "<div>".repeat(5000), "</div>".repeat(5000));
        let article = Article::from_html("-", None, None, &page);
        assert_eq!(article.text, "One came.\n\nTwo went.");
        assert!(matches!(flatten(PAGE), Cow::Borrowed(_)));
    }

    #[test]
    fn what_only_looks_like_tags_does_not_count() {
        for before in [
            format!("<script>{}</script>", "for(i=0;i<n;i++)f(i);".repeat(600)),
            format!(r#"<script>var t=["{}"]</script>"#, r#"<a href=\"x\">y<\/a>"#.repeat(600)),
            "<svg><path d=x/><circle r=1 /></svg>".repeat(300),
            format!("<!--{}-->", "<div>".repeat(600)),
        ] {
            let page = PAGE.replace("<nav>", &format!("{before}<nav>"));
            assert!(matches!(flatten(&page), Cow::Borrowed(_)), "{}", &before[..40]);
            let article = Article::from_html("-", None, None, &page);
            assert_eq!(article.text, Article::from_html("-", None, None, PAGE).text);
        }
        for endless in ["<p", "<div", "<!--", "<script>", "</script", "<script></scrip"] {
            Article::from_html("-", None, None, &endless.repeat(100_000));
        }
        let deep = format!("{}<p>One came.<script>if(a<b)f()</script>", "<div>".repeat(300));
        assert_eq!(Article::from_html("-", None, None, &deep).text, "One came.");
    }

    #[test]
    fn a_headline_of_two_lines_is_one() {
        let page = PAGE.replace("<h1>Ferries stop over", "<h1>Ferries stop<br>over");
        let article = Article::from_html("-", None, None, &page);
        assert_eq!(article.text, Article::from_html("-", None, None, PAGE).text);
        assert_eq!(article.title.as_deref(), Some("Ferries stop over pay"));
    }

    #[test]
    fn a_headline_below_section_names_is_not_doubled() {
        let sections = "<div>World</div><div>Europe</div><div>Norway</div><div>Nov 5, 2025</div><h1>";
        let article = Article::from_html("-", None, None, &PAGE.replace("<h1>", sections));
        assert_eq!(article.text.matches("Ferries stop over pay").count(), 1, "{}", article.text);
    }

    #[test]
    fn a_page_in_a_form_is_read() {
        let page = "<body><form method=post><nav>Home</nav><h1>Ferries stop over pay</h1><p>They stopped.<p>They left.</form>";
        let article = Article::from_html("-", None, None, page);
        assert_eq!(article.text, "Ferries stop over pay\n\nThey stopped.\n\nThey left.");
    }

    #[test]
    fn fragments_and_nonsense_are_read() {
        for html in
            ["", "<", "<p>", "<html></html>", "<div>One went.</div>", "<p>One <q>went</q>.</p></div></div>"]
        {
            assert!(Article::from_html("-", None, None, html).extracted);
        }
        let article = Article::from_html("-", None, None, "<div>One went.</div><div>Two came.</div>");
        assert_eq!(sentences(&article).len(), 2);
    }
}
