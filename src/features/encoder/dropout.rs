//! Dropout whose masks come from a seed: candle's own draws from an unseeded source on a CPU.

use super::ops::masked;
use candle_core::{Result, Tensor};
use ndarray::{Array2, Ix2};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// The dropout of one forward pass: hands a mask of its own to every place that asks.
#[derive(Debug, Default)]
pub(super) struct Dropout {
    rate: f32,
    seed: u64,
    places: u64,
}

impl Dropout {
    /// No dropout: for inference.
    pub(super) fn off() -> Self {
        Dropout::default()
    }

    /// Dropout of a share `rate` in 0..1, the same for the same seed.
    pub(super) fn new(rate: f32, seed: u64) -> Self {
        Dropout { rate, seed, places: 0 }
    }

    /// The next mask, none if nothing is dropped.
    pub(super) fn mask(&mut self) -> Option<Mask> {
        self.places += 1;
        (self.rate > 0.0).then_some(Mask { rate: self.rate, seed: self.seed, place: self.places })
    }

    /// Drops elements of x and scales up the others, so that the mean stays.
    pub(super) fn apply(&mut self, x: Tensor) -> Result<Tensor> {
        match self.mask() {
            Some(mask) => masked(&x, mask.stream().take(x.elem_count())),
            None => Ok(x),
        }
    }
}

/// A mask not yet drawn: draws the same factors each time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mask {
    rate: f32,
    seed: u64,
    place: u64,
}

impl Mask {
    pub(super) fn stream(&self) -> Factors {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(self.place);
        let dropped = (self.rate * 65_536.0).round().min(65_535.0);
        Factors { random, dropped: dropped as u16, scale: 65_536.0 / (65_536.0 - dropped) }
    }
}

/// Draws factors: 0 for what is dropped, 1/(1 - rate) for what stays.
pub(super) struct Factors {
    random: ChaCha8Rng,
    /// Of 65,536 equally likely draws, how many drop.
    dropped: u16,
    scale: f32,
}

impl Factors {
    /// The next `n` factors.
    pub(super) fn take(&mut self, n: usize) -> Vec<f32> {
        let mut bytes = vec![0; 2 * n];
        self.random.fill_bytes(&mut bytes);
        let draws = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        draws.map(|draw| if draw < self.dropped { 0.0 } else { self.scale }).collect()
    }

    /// The next factors as a matrix.
    pub(super) fn factors(&mut self, shape: Ix2) -> Array2<f32> {
        let mut values = self.take(shape[0] * shape[1]).into_iter();
        Array2::from_shape_simple_fn(shape, || values.next().unwrap_or(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_repeat_and_differ_by_place() {
        let mut dropout = Dropout::new(0.25, 7);
        let (first, second) = (dropout.mask().unwrap(), dropout.mask().unwrap());
        let drawn = first.stream().take(10_000);
        assert_eq!(drawn, first.stream().take(10_000));
        assert_ne!(drawn, second.stream().take(10_000));
        let mean = drawn.iter().sum::<f32>() / 10_000.0;
        assert!((mean - 1.0).abs() < 0.03, "mean {mean}");
        assert!(drawn.iter().all(|&factor| factor == 0.0 || (factor - 4.0 / 3.0).abs() < 1e-6));
    }

    #[test]
    fn off_leaves_the_tensor_alone() {
        assert!(Dropout::off().mask().is_none());
    }
}
