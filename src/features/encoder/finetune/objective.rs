//! What fine-tuning lowers.

use candle_core::{Result, Tensor};

/// The sum over rows and labels of the logistic loss, ln(1 + eᶻ) - z·y, for logits z and targets y in 0..=1, both
/// (rows, labels). Written so that no exponent overflows.
pub(super) fn logistic(logits: &Tensor, targets: &Tensor) -> Result<Tensor> {
    let tail = (logits.abs()?.neg()?.exp()? + 1.0)?.log()?;
    ((logits.relu()? - (logits * targets)?)? + tail)?.sum_all()
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
}
