//! The backward passes against difference quotients of the forward passes.

use super::attention::attend;
use super::dropout::Dropout;
use super::ops::{activate, linear, masked, mean_rows, normalise};
use candle_core::{Device, Result, Tensor, Var};

/// Numbers without a pattern, from -1 to 1, the same each time.
fn numbers(shape: &[usize], seed: usize) -> Vec<f32> {
    let count = shape.iter().product();
    (0..count).map(|i| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1001.0 - 1.0).collect()
}

fn tensor(values: Vec<f32>, shape: &[usize]) -> Tensor {
    Tensor::from_vec(values, shape, &Device::Cpu).unwrap()
}

/// A number that depends on all outputs, each in its own measure.
fn total(output: &Tensor) -> Result<Tensor> {
    let measure = tensor(numbers(output.dims(), 5), output.dims());
    (output * measure)?.sum_all()
}

/// Compares the gradients of all inputs with (f(x + h) - f(x - h))/2h, element by element.
fn check(shapes: &[&[usize]], f: impl Fn(&[Tensor]) -> Result<Tensor>) {
    const STEP: f32 = 0.01;
    let values: Vec<Vec<f32>> = shapes.iter().enumerate().map(|(i, shape)| numbers(shape, i)).collect();
    let inputs = |values: &[Vec<f32>]| -> Vec<Tensor> {
        values.iter().zip(shapes).map(|(values, shape)| tensor(values.clone(), shape)).collect()
    };
    let variables: Vec<Var> = inputs(&values).iter().map(|x| Var::from_tensor(x).unwrap()).collect();
    let tracked: Vec<Tensor> = variables.iter().map(|x| x.as_tensor().clone()).collect();
    let slopes = total(&f(&tracked).unwrap()).unwrap().backward().unwrap();
    for (i, variable) in variables.iter().enumerate() {
        let slope: Vec<f32> = slopes.get(variable).unwrap().flatten_all().unwrap().to_vec1().unwrap();
        for (k, slope) in slope.into_iter().enumerate() {
            let at = |shift: f32| {
                let mut moved = values.clone();
                moved[i][k] += shift;
                total(&f(&inputs(&moved)).unwrap()).unwrap().to_scalar::<f32>().unwrap()
            };
            let quotient = (at(STEP) - at(-STEP)) / (2.0 * STEP);
            let tolerance = 2e-3 * (1.0 + quotient.abs());
            assert!((slope - quotient).abs() < tolerance, "input {i}, element {k}: {slope}, not {quotient}");
        }
    }
}

#[test]
fn linear_layer() {
    check(&[&[5, 3], &[4, 3], &[4]], |x| linear(&x[0], &x[1], &x[2]));
}

#[test]
fn activation() {
    check(&[&[4, 6]], |x| activate(&(&x[0] * 3.0)?));
}

#[test]
fn normalisation() {
    check(&[&[3, 8], &[8], &[8]], |x| normalise(&x[0], &x[1], &x[2], 1e-12));
}

#[test]
fn mean_of_rows() {
    check(&[&[6, 3]], |x| mean_rows(&x[0], vec![0..2, 2..6, 1..2]));
}

#[test]
fn mask() {
    check(&[&[2, 3]], |x| masked(&x[0], vec![0.0, 2.0, 1.0, 0.5, 0.0, 2.0]));
}

#[test]
fn attention() {
    for rate in [0.0, 0.3] {
        check(&[&[6, 12]], |x| {
            attend(&(&x[0] * 2.0)?, vec![0..2, 2..6].into(), 2, Dropout::new(rate, 11).mask())
        });
    }
}
