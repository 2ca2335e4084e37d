//! What fine-tuning lowers.

use candle_core::{Result, Tensor};

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

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

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
}
