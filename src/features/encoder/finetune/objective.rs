//! What fine-tuning lowers, and what it is judged by.

use candle_core::{Result, Tensor};
use ndarray::{ArrayView1, ArrayView2, Axis};

/// The sum over rows and labels of the logistic loss, ln(1 + eᶻ) - z·y, for logits z and targets y in 0..=1, both
/// (rows, labels). Written so that no exponent overflows.
pub(super) fn logistic(logits: &Tensor, targets: &Tensor) -> Result<Tensor> {
    let tail = (logits.abs()?.neg()?.exp()? + 1.0)?.log()?;
    ((logits.relu()? - (logits * targets)?)? + tail)?.sum_all()
}

/// The sum over rows and labels of the mean of the two divergences between Bernoulli variables with logits a and b:
/// ½·(KL(a‖b) + KL(b‖a)) = ½·(σ(a) - σ(b))·(a - b).
pub(super) fn disagreement(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    // σ(a) - σ(b) = ½·(tanh(a/2) - tanh(b/2))
    let apart = ((a * 0.5)?.tanh()? - (b * 0.5)?.tanh()?)?;
    ((a - b)? * apart)?.sum_all()? * 0.25
}

/// The mean over labels of the average precision of their scores, (rows, labels). Labels without a row are left out;
/// `None` if that leaves none.
pub(super) fn macro_average_precision(
    scores: ArrayView2<'_, f32>,
    tags: ArrayView2<'_, bool>,
) -> Option<f64> {
    let columns = scores.axis_iter(Axis(1)).zip(tags.axis_iter(Axis(1)));
    let defined: Vec<f64> = columns.filter_map(|(scores, tags)| average_precision(scores, tags)).collect();
    (!defined.is_empty()).then(|| defined.iter().sum::<f64>() / defined.len() as f64)
}

/// The mean, over the tagged rows, of the precision among the rows down to it. Equal scores come all at once, as in
/// `evaluation`, which this stage may not use: a head that tells nothing apart must not score by the rows' order.
fn average_precision(scores: ArrayView1<'_, f32>, tags: ArrayView1<'_, bool>) -> Option<f64> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let (mut seen, mut hits, mut sum) = (0, 0, 0.0);
    for equal in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let tagged = equal.iter().filter(|row| tags[**row]).count();
        seen += equal.len();
        hits += tagged;
        sum += tagged as f64 * hits as f64 / seen as f64;
    }
    (hits > 0).then(|| sum / hits as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;
    use ndarray::array;

    fn tensor(values: &[[f32; 2]; 1]) -> Tensor {
        Tensor::new(values, &Device::Cpu).unwrap()
    }

    /// Expected: Python's -math.log(1/(1+math.exp(-2))) - math.log(1-1/(1+math.exp(-(-3)))).
    #[test]
    fn logistic_loss() {
        let loss = logistic(&tensor(&[[2.0, -3.0]]), &tensor(&[[1.0, 0.0]])).unwrap();
        assert!((loss.to_scalar::<f32>().unwrap() - 0.175_515_36).abs() < 1e-6);
        let far = logistic(&tensor(&[[400.0, -400.0]]), &tensor(&[[0.0, 0.0]])).unwrap();
        assert_eq!(far.to_scalar::<f32>().unwrap(), 400.0);
    }

    /// Expected: p = σ(1), q = σ(-1): half of p·ln(p/q) + (1-p)·ln((1-p)/(1-q)) and its mirror.
    #[test]
    fn disagreement_is_the_mean_divergence() {
        let value = disagreement(&tensor(&[[1.0, 0.3]]), &tensor(&[[-1.0, 0.3]])).unwrap();
        assert!((value.to_scalar::<f32>().unwrap() - 0.462_117_16).abs() < 1e-6);
    }

    /// Expected: scikit-learn's documentation of `average_precision_score`: 0.83 for these four.
    #[test]
    fn average_precision_of_four() {
        let scores = array![[0.1, 0.5], [0.4, 0.5], [0.35, 0.5], [0.8, 0.5]];
        let tags = array![[false, false], [false, false], [true, false], [true, false]];
        let value = macro_average_precision(scores.view(), tags.view()).unwrap();
        assert!((value - 5.0 / 6.0).abs() < 1e-9);
        let equal = array![[0.5, 0.0], [0.5, 0.0], [0.5, 0.0], [0.5, 0.0]];
        let first_two = array![[true, false], [true, false], [false, false], [false, false]];
        assert_eq!(macro_average_precision(equal.view(), first_two.view()), Some(0.5));
        assert_eq!(macro_average_precision(scores.view(), ndarray::Array2::default((4, 2)).view()), None);
    }
}
