//! Heights of all rows or blocks, true or estimated, and their sums, by a Fenwick tree.
//!
//! Changing one height and finding the block at a distance both cost the logarithm of the number
//! of blocks. `f64`, because a tall article has more points than `f32` can tell apart.

#[derive(Clone, Debug, Default)]
pub(crate) struct Heights {
    values: Vec<f32>,
    /// `tree[i]` is the sum of the `i & -i` values up to `i` (counting from 1).
    tree: Vec<f64>,
}

impl Heights {
    pub(crate) fn new(values: impl Iterator<Item = f32>) -> Self {
        let values: Vec<f32> = values.collect();
        let mut tree = vec![0.0; values.len() + 1];
        for (i, &value) in values.iter().enumerate() {
            let at = i + 1;
            let own = tree.get(at).copied().unwrap_or(0.0) + f64::from(value);
            if let Some(slot) = tree.get_mut(at) {
                *slot = own;
            }
            if let Some(parent) = tree.get_mut(at + lowest_bit(at)) {
                *parent += own;
            }
        }
        Self { values, tree }
    }

    pub(crate) fn get(&self, index: usize) -> f32 {
        self.values.get(index).copied().unwrap_or(0.0)
    }

    pub(crate) fn set(&mut self, index: usize, height: f32) {
        let Some(value) = self.values.get_mut(index) else {
            return;
        };
        let change = f64::from(height) - f64::from(*value);
        if change == 0.0 {
            return;
        }
        *value = height;
        let mut at = index + 1;
        while let Some(slot) = self.tree.get_mut(at) {
            *slot += change;
            at += lowest_bit(at);
        }
    }

    /// The sum of the heights before a block.
    pub(crate) fn before(&self, index: usize) -> f64 {
        let mut at = index.min(self.values.len());
        let mut sum = 0.0;
        while at > 0 {
            sum += self.tree.get(at).copied().unwrap_or(0.0);
            at -= lowest_bit(at);
        }
        sum
    }

    pub(crate) fn total(&self) -> f64 {
        self.before(self.values.len())
    }

    /// The block at a distance from the top, and how far into it the distance reaches.
    pub(crate) fn at(&self, distance: f64) -> (usize, f64) {
        let mut at = 0;
        let mut left = distance.max(0.0);
        let mut step = self.values.len().next_power_of_two();
        while step > 0 {
            if let Some(&sum) = self.tree.get(at + step)
                && sum <= left
            {
                at += step;
                left -= sum;
            }
            step /= 2;
        }
        let last = self.values.len().saturating_sub(1);
        if at > last {
            return (last, f64::from(self.get(last)));
        }
        (at, left)
    }
}

fn lowest_bit(i: usize) -> usize {
    i & i.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sums_equal_adding_up(
            start in prop::collection::vec(1u8..50, 1..70),
            changes in prop::collection::vec((0usize..70, 1u8..50), 0..20),
            distance in 0u32..4000,
        ) {
            let mut plain: Vec<f32> = start.iter().map(|&h| f32::from(h)).collect();
            let mut heights = Heights::new(plain.iter().copied());
            for (i, h) in changes {
                if i < plain.len() {
                    plain[i] = f32::from(h);
                    heights.set(i, f32::from(h));
                }
            }
            for i in 0..=plain.len() {
                prop_assert_eq!(heights.before(i), plain[..i].iter().map(|&h| f64::from(h)).sum::<f64>());
            }
            let (index, into) = heights.at(f64::from(distance));
            if f64::from(distance) < heights.total() {
                prop_assert_eq!(heights.before(index) + into, f64::from(distance));
                prop_assert!(into < f64::from(heights.get(index)));
            } else {
                prop_assert_eq!(index, plain.len() - 1);
            }
        }
    }
}
