//! What operators of a page take: numbers, names and strings, and the matrices that numbers make.
//!
//! Operands that are missing or of another kind are none; what becomes of an operator without them
//! is decided in `content`.

use hayro_syntax::object::{self, Name, Object};

/// A matrix that maps (x, y) to (ax + cy + e, bx + dy + f).
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// First `self`, then `other`.
    pub(super) fn then(self, other: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [ao, bo, co, d_o, eo, fo] = other.0;
        Self([
            a * ao + b * co,
            a * bo + b * d_o,
            c * ao + d * co,
            c * bo + d * d_o,
            e * ao + f * co + eo,
            e * bo + f * d_o + fo,
        ])
    }

    pub(super) fn moved(self, x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y]).then(self)
    }
}

/// Operands of one operator.
pub(super) struct Operands<'b, 'a>(pub(super) Vec<&'b Object<'a>>);

impl<'b, 'a> Operands<'b, 'a> {
    /// The last so many, as numbers.
    pub(super) fn numbers<const N: usize>(&self) -> Option<[f64; N]> {
        let from = self.0.len().checked_sub(N)?;
        let mut numbers = [0.0; N];
        for (number, operand) in numbers.iter_mut().zip(self.0.get(from..)?) {
            let Object::Number(value) = operand else {
                return None;
            };
            *number = value.as_f64();
        }
        numbers
            .iter()
            .all(|number| number.abs() < 1e12)
            .then_some(numbers)
    }

    pub(super) fn name(&self) -> Option<&'b Name<'a>> {
        self.0.iter().rev().find_map(|operand| match operand {
            Object::Name(name) => Some(name),
            _ => None,
        })
    }

    pub(super) fn string(&self) -> Option<&'b object::String<'a>> {
        self.0.iter().rev().find_map(|operand| match operand {
            Object::String(string) => Some(string),
            _ => None,
        })
    }
}
