//! Sets of things that belong together, joined pair by pair (union-find).

use std::collections::HashMap;

/// A partition of `0..n`.
#[derive(Debug)]
pub(super) struct Union(Vec<usize>);

impl Union {
    /// Each of `0..n` alone.
    pub(super) fn new(n: usize) -> Self {
        Union((0..n).collect())
    }

    /// Joins all that have the same key.
    pub(super) fn join_equal(&mut self, keys: &[usize]) {
        let mut first = HashMap::new();
        for (item, key) in keys.iter().enumerate() {
            self.join(*first.entry(key).or_insert(item), item);
        }
    }

    /// Joins the sets of `a` and `b`.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    /// The number of each item's set, counted from 0 by first appearance.
    pub(super) fn numbers(mut self) -> Vec<usize> {
        let mut numbers = Vec::with_capacity(self.0.len());
        let mut next = 0;
        for item in 0..self.0.len() {
            // A root is the least of its set, so it has its number before the others need it.
            let root = self.root(item);
            numbers.push(if root == item { next } else { numbers[root] });
            next += usize::from(root == item);
        }
        numbers
    }

    fn root(&mut self, mut item: usize) -> usize {
        while self.0[item] != item {
            self.0[item] = self.0[self.0[item]];
            item = self.0[item];
        }
        item
    }
}
