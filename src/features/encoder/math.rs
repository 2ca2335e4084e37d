//! Branch-free single-precision functions that the compiler turns into vector code.

use std::f32::consts::{FRAC_1_SQRT_2, LOG2_E};

/// 1/√(2π).
const FRAC_1_SQRT_2PI: f32 = 0.398_942_3;

/// eˣ with a relative error below 3e-7; x is clamped to -87..=88, so the result is finite and positive.
///
/// x = n·ln 2 + r with |r| ≤ ½·ln 2: eʳ by its Taylor series, 2ⁿ by adding n to the exponent bits.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    /// 1.5·2²³: a small number added to it is rounded to an integer that stands in the low bits.
    const ROUND: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4; // exact in 12 bits, so that n·LN_2_HIGH is exact
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN_2_HIGH - n * LN_2_LOW;
    let tail = 1.0 / 24.0 + r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0)));
    let power = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * tail)));
    f32::from_bits(power.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// The standard normal distribution function Φ(x) and density φ(x), within 1e-7.
///
/// Φ by formula 7.1.26 for erfc in Abramowitz and Stegun, *Handbook of Mathematical Functions* (1964).
#[inline(always)]
#[allow(clippy::excessive_precision)] // as printed there
fn normal(x: f32) -> (f32, f32) {
    let bell = exp(-0.5 * x * x);
    let t = 1.0 / (1.0 + 0.327_591_1 * FRAC_1_SQRT_2 * x.abs());
    let series = 1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429);
    let series = t * (0.254_829_592 + t * (-0.284_496_736 + t * series));
    let tail = 0.5 * series * bell;
    (if x < 0.0 { tail } else { 1.0 - tail }, FRAC_1_SQRT_2PI * bell)
}

/// The Gaussian error linear unit, x·Φ(x), as in BERT (Hendrycks and Gimpel 2016, the exact form).
#[inline(always)]
pub(super) fn gelu(x: f32) -> f32 {
    x * normal(x).0
}

/// The derivative of [`gelu`]: Φ(x) + x·φ(x).
#[inline(always)]
pub(super) fn gelu_slope(x: f32) -> f32 {
    let (below, density) = normal(x);
    below + x * density
}

/// Turns a row of logits into probabilities that sum to 1.
pub(super) fn softmax(row: &mut [f32]) {
    let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.iter_mut().for_each(|x| *x = exp(*x - top));
    let scale = 1.0 / row.iter().sum::<f32>();
    row.iter_mut().for_each(|x| *x *= scale);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_follows_the_standard_library() {
        for step in -8000..8000 {
            let x = step as f32 * 0.01;
            assert!((exp(x) / x.exp() - 1.0).abs() < 3e-7, "exp({x})");
        }
    }

    /// Expected values: Python's `x * 0.5 * math.erfc(-x / math.sqrt(2))`.
    #[test]
    fn gelu_matches_the_error_function() {
        for (x, expected) in [
            (-6.0, -5.919_525_870_2e-9),
            (-1.0, -0.158_655_253_93),
            (-0.1, -0.046_017_216_27),
            (0.0, 0.0),
            (0.7, 0.530_625_443_44),
            (3.0, 2.995_950_305_91),
        ] {
            assert!((f64::from(gelu(x)) - expected).abs() < 4e-7, "gelu({x}) = {}", gelu(x));
        }
    }

    #[test]
    fn the_slope_is_the_derivative() {
        for step in -40..40 {
            let x = step as f32 * 0.1;
            let difference = (gelu(x + 0.01) - gelu(x - 0.01)) / 0.02;
            assert!((gelu_slope(x) - difference).abs() < 1e-4, "at {x}");
        }
    }

    #[test]
    fn softmax_sums_to_one() {
        let mut row = [1.0, 3.0, -200.0];
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!((row[1] / row[0] - 2f32.exp()).abs() < 1e-5);
    }
}
