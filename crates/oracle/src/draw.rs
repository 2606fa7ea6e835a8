//! Choices out of a reproducible stream.

use ostiary_testkit::SeededRng;
use rand_core::Rng as _;

/// A source of choices; the same seed makes the same ones.
pub struct Draw(SeededRng);

impl Draw {
    /// From a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(SeededRng::new(seed))
    }

    /// A number below `bound`; 0 for 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u64::try_from(bound).unwrap_or(u64::MAX);
        self.0.next_u64().checked_rem(wide).and_then(|n| usize::try_from(n).ok()).unwrap_or_default()
    }

    /// `true` in that many of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them; the default for none.
    pub fn pick<T: Copy + Default>(&mut self, all: &[T]) -> T {
        all.get(self.below(all.len())).copied().unwrap_or_default()
    }

    /// In another order.
    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last.saturating_add(1)));
        }
    }
}
