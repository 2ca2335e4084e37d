//! What all web pages share: one file without any request to elsewhere, the look of paper and labels, small parts.

pub(super) mod palette;

use crate::label::{LabelSet, NONE};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use palette::{class, style};

/// Nothing is loaded from anywhere, even if something foreign should have got into the page.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
    form-action 'none'";

/// What each page has in its head.
pub(super) const GENERATED: &str = "<meta name=\"generator\" content=\"rhetor ";

/// A page with its style and script in it; `own` are the style and script of its kind.
pub(super) fn page(title: &str, labels: usize, own: (&str, &str), body: Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="generator" content=(concat!("rhetor ", env!("CARGO_PKG_VERSION")));
                title { (title) }
                style { (PreEscaped(style(labels))) (PreEscaped(include_str!("style.css"))) (PreEscaped(own.0)) }
            }
            body {
                a.skip href="#main" { "Skip to the text" }
                (body)
                script { (PreEscaped(own.1)) }
            }
        }
    }
    .into_string()
}

/// A label's name behind its mark; no label has none.
pub(super) fn label_name(index: usize, name: &str) -> Markup {
    html! { @if name == NONE { (name) } @else { span.label.(class(index)) { (name) } } }
}

/// A label by name, as it looks in a scheme.
pub(super) fn label_in(labels: &LabelSet, name: &str) -> Markup {
    html! { @match labels.index(name) { Some(index) => (label_name(index, name)), None => (name) } }
}

/// A table that scrolls by itself where it is wider than the page: then it must be reachable by keyboard.
pub(super) fn scrolling(caption: &str, table: Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label=(caption) { (table) } }
}

/// `95%`.
pub(super) fn percent(probability: f32) -> String {
    format!("{:.0}%", probability * 100.0)
}

/// `1 sentence`, `2 sentences`.
pub(super) fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
