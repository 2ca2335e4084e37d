//! The model card: what a person should know before using a model, in Markdown.

use super::Model;
use std::fmt::Write;

impl Model {
    /// The card in Markdown. `measured` is the accuracy table that belongs to it, `on` says what it was measured on.
    pub fn card(&self, measured: &str, on: &str) -> String {
        let p = &self.provenance;
        let mut card = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            card,
            "# Model card: {name}\n\n\
             | | |\n|---|---|\n\
             | identity | {identity} |\n\
             | trained by | rhetor {version}, seed {seed} |\n\
             | labels | {labels} |\n\
             | features | {kind}, {width} columns |\n\
             | classifier | for each label {regressions} ({members}) |\n\
             | thresholds | {thresholds} |\n\
             | training data | {rows} sentences, SHA-256 {data} |\n\
             | calibrated on | {calibrated} |\n\n\
             ## Accuracy\n\n{on}\n\n```text\n{measured}\n```\n\n\
             ## What it is for\n\n\
             Tagging sentences like those it was trained on with the labels above, in the sense that they have there. A\n\
             probability is the share of sentences like this one that bear the label, among sentences like those it was\n\
             calibrated on: where labels are rarer or the text is of another kind, measure with `rhetor evaluate` on\n\
             sentences of your own first.\n\n\
             ## What it is not for\n\n\
             Deciding what is true, or whether a speaker is right, honest or dangerous: a label says what a text does, not\n\
             whether it is right. Do not act against persons on its word alone.\n",
            name = p.name,
            identity = self.identity(),
            version = p.version,
            seed = p.seed,
            labels = self.labels,
            kind = self.kind(),
            width = self.features.width(),
            regressions = match self.provenance.members.len() {
                1 => "one logistic regression",
                _ => "one logistic regression on each kind of features, blended",
            },
            members = self.members(),
            thresholds = self.threshold_list(),
            rows = p.rows,
            data = p.data,
            calibrated = self.calibrated_on(),
            measured = measured.trim_end(),
        );
        card
    }

    /// What the members of the blend are and how much each counts.
    fn members(&self) -> String {
        let members = self.provenance.members.iter();
        let texts =
            members.map(|m| format!("{}: share {:.2}, penalties {:?}", m.features, m.share, m.alphas));
        texts.collect::<Vec<_>>().join("; ")
    }

    fn calibrated_on(&self) -> String {
        match &self.provenance.held_out {
            Some(hash) => format!("other sentences, SHA-256 {hash}"),
            None => "the training data, each part by regressions that had not seen it".into(),
        }
    }

    fn threshold_list(&self) -> String {
        let named = self.labels.names().zip(self.thresholds());
        named.map(|(name, threshold)| format!("{name} {threshold:.3}")).collect::<Vec<_>>().join(", ")
    }
}
