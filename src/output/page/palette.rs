//! How labels look: by their place in the scheme, so that any scheme has a look and always the same one.

use std::fmt::Write;

/// Colours on light and on dark paper. Chosen by search for the greatest least distance between any two, for the usual
/// eye and for three kinds of colour blindness (tested below), and for contrast with the paper.
const COLOURS: [(&str, &str); 6] = [
    ("#fb4d11", "#dc5729"),
    ("#9d4bd9", "#9872a5"),
    ("#1c4f7d", "#347eff"),
    ("#369786", "#89f8dd"),
    ("#724f05", "#fedf58"),
    ("#601c33", "#de9aa2"),
];
/// Marks, for readers without colour. Seven, so that colour and mark together repeat only after 42 labels.
const MARKS: [char; 7] = ['▲', '◆', '●', '■', '★', '▼', '✚'];
const LINES: [&str; 5] = ["solid", "dashed", "dotted", "double", "wavy"];

/// The paper, light and dark, on which the colours were chosen.
const PAPER: (&str, &str) = ("#fdfcf9", "#15171a");

/// The class of a label: its colour `--c`, its line `--line` and its mark `--mark`.
pub(in crate::output) fn class(label: usize) -> String {
    format!("l{label}")
}

/// The mark of a label.
pub(in crate::output) fn mark(label: usize) -> char {
    MARKS[label % MARKS.len()]
}

/// The style of so many labels, and of the paper.
pub(super) fn style(labels: usize) -> String {
    let mut style = String::new();
    let colours = |dark: bool| {
        let pick =
            |(light_one, dark_one): (&'static str, &'static str)| if dark { dark_one } else { light_one };
        let variables = COLOURS.iter().enumerate().map(|(i, both)| format!("--c{i}:{};", pick(*both)));
        format!(":root{{--paper:{};{}}}", pick(PAPER), variables.collect::<String>())
    };
    let _ = writeln!(
        style,
        "{}\n@media screen and (prefers-color-scheme:dark){{{}}}",
        colours(false),
        colours(true)
    );
    for label in 0..labels {
        let (colour, line) = (label % COLOURS.len(), LINES[label % LINES.len()]);
        let _ = writeln!(style, ".l{label}{{--c:var(--c{colour});--line:{line};--mark:\"{}\"}}", mark(label));
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Severity 1.0 matrices of Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of
    /// color vision deficiency", for linear RGB: protan, deutan, tritan; and the usual eye.
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ];

    fn times(matrix: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(v).map(|(m, x)| m * x).sum())
    }

    /// sRGB in hexadecimal to linear RGB (IEC 61966-2-1).
    fn linear(colour: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| {
            let c = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Linear RGB to Oklab (Ottosson 2020).
    fn oklab(rgb: [f64; 3]) -> [f64; 3] {
        let lms = times(
            &[
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ],
            rgb,
        );
        times(
            &[
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ],
            lms.map(|x| x.max(0.0).cbrt()),
        )
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let luminance =
            |c: &str| linear(c).iter().zip([0.2126, 0.7152, 0.0722]).map(|(x, w)| x * w).sum::<f64>();
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn colours_differ_for_every_eye() {
        for eye in &EYES {
            for of in [|c: &(&'static str, &'static str)| c.0, |c: &(&'static str, &'static str)| c.1] {
                let seen: Vec<[f64; 3]> = COLOURS.iter().map(|c| oklab(times(eye, linear(of(c))))).collect();
                for (i, a) in seen.iter().enumerate() {
                    for b in &seen[..i] {
                        let distance = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                        assert!(distance > 0.12, "colour {i}: {distance:.3}");
                    }
                }
            }
        }
    }

    #[test]
    fn colours_stand_out_from_the_paper() {
        // 3:1 is what WCAG 2.2 asks of graphics (success criterion 1.4.11). Text is never set in these colours.
        for (light, dark) in COLOURS {
            assert!(contrast(light, PAPER.0) >= 3.0 && contrast(dark, PAPER.1) >= 3.0, "{light} {dark}");
        }
    }

    #[test]
    fn forty_labels_look_forty_ways() {
        let looks: std::collections::BTreeSet<(usize, char)> =
            (0..40).map(|l| (l % COLOURS.len(), mark(l))).collect();
        assert_eq!(looks.len(), 40);
        assert!(style(9).contains(".l8{--c:var(--c2);--line:double;--mark:\"◆\"}"));
    }
}
