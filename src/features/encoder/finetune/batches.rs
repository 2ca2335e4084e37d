//! Which rows go together, in an order that comes from the seed.

use super::super::dropout::Dropout;
use super::super::tokens::Tokens;
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Rows in one pass. A batch is cut into shards of at most this size whatever the number of threads, so that the
/// gradients, and the order in which they are added, are the same with any.
const SHARD: usize = 16;

/// What a stream of random numbers is for; streams of one seed have nothing to do with each other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    HoldOut,
    /// The order of the rows in an epoch.
    Order(usize),
    /// Which rows of a step are joined with others.
    Join(u64),
    /// Which weights of a step are the base's.
    Mixout(u64),
    /// The dropout of a step's shard.
    Dropout(u64, usize),
}

/// The random numbers for a purpose.
pub(super) fn random(seed: u64, purpose: Purpose) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(match purpose {
        Purpose::HoldOut => 0,
        Purpose::Order(epoch) => 1 + epoch as u64,
        Purpose::Mixout(step) => (1 << 61) | step,
        Purpose::Join(step) => (1 << 62) | step,
        Purpose::Dropout(step, shard) => (1 << 63) | (step << 16) | shard as u64,
    });
    random
}

/// The masks for a purpose, each of which drops this share.
pub(super) fn dropout(share: f64, seed: u64, purpose: Purpose) -> Dropout {
    Dropout::new(share as f32, random(seed, purpose).next_u64())
}

/// Rows 0..n to train on and to hold out, both in order.
pub(super) fn hold_out(n: usize, share: f64, seed: u64) -> (Vec<usize>, Vec<usize>) {
    let mut rows: Vec<usize> = (0..n).collect();
    rows.shuffle(&mut random(seed, Purpose::HoldOut));
    let mut held_out = rows.split_off(n - (share * n as f64).round() as usize);
    rows.sort_unstable();
    held_out.sort_unstable();
    (rows, held_out)
}

/// The batches of an epoch, `size` rows each but the last.
pub(super) fn batches(n: usize, size: usize, seed: u64, epoch: usize) -> Vec<Vec<usize>> {
    let mut rows: Vec<usize> = (0..n).collect();
    rows.shuffle(&mut random(seed, Purpose::Order(epoch)));
    rows.chunks(size).map(<[usize]>::to_vec).collect()
}

/// What a step shows of its batch: each row by itself, or, with a probability of `share`, with any of the `n` rows behind it.
pub(super) fn join(
    batch: &[usize],
    n: usize,
    share: f64,
    seed: u64,
    step: u64,
) -> Vec<(usize, Option<usize>)> {
    let mut random = random(seed, Purpose::Join(step));
    let mut partner = || random.random_bool(share).then(|| random.random_range(0..n));
    batch.iter().map(|&row| (row, partner())).collect()
}

/// Cuts a batch of tokens into shards with about as many each: rows 0.. are dealt out from the longest, forwards and
/// backwards in turn.
pub(super) fn shards(tokens: &[Tokens]) -> Vec<Vec<usize>> {
    let mut rows: Vec<usize> = (0..tokens.len()).collect();
    rows.sort_by_key(|&row| (std::cmp::Reverse(tokens[row].len()), row));
    let count = rows.len().div_ceil(SHARD);
    let mut shards = vec![Vec::with_capacity(SHARD); count];
    for (round, chunk) in rows.chunks(count).enumerate() {
        for (i, &row) in chunk.iter().enumerate() {
            shards[if round % 2 == 0 { i } else { count - 1 - i }].push(row);
        }
    }
    shards
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_batch() {
        let epoch = batches(70, 32, 5, 2);
        assert_eq!(epoch.iter().map(Vec::len).collect::<Vec<_>>(), [32, 32, 6]);
        let mut rows = epoch.concat();
        assert_ne!(rows, batches(70, 32, 5, 3).concat());
        assert_eq!(rows, batches(70, 32, 5, 2).concat());
        rows.sort_unstable();
        assert_eq!(rows, (0..70).collect::<Vec<_>>());
    }

    #[test]
    fn a_share_of_the_rows_is_joined() {
        let batch: Vec<usize> = (0..1000).collect();
        let joined = join(&batch, 1000, 0.2, 7, 3);
        assert!(joined.iter().map(|(row, _)| *row).eq(0..1000));
        let pairs = joined.iter().filter(|(_, partner)| partner.is_some()).count();
        assert!((150..250).contains(&pairs), "{pairs} of 1000");
        assert_ne!(joined, join(&batch, 1000, 0.2, 7, 4));
        assert!(join(&batch, 1000, 0.0, 7, 3).iter().all(|(_, partner)| partner.is_none()));
    }

    #[test]
    fn held_out_rows_are_not_trained_on() {
        let (train, held_out) = hold_out(50, 0.1, 3);
        assert_eq!((train.len(), held_out.len()), (45, 5));
        assert!(held_out.iter().all(|row| !train.contains(row)));
        assert!(hold_out(50, 0.0, 3).1.is_empty());
    }
}
