// GELU, the MLP's bend (Hendrycks and Gimpel 2016), in the tanh form that GPT-2 uses:
// gelu(x) = x/2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))).
#pragma once

#include "matrix.h"

namespace whirlygig {

constexpr double gelu_slope = 0.7978845608028654; // √(2/π)
constexpr double gelu_cubic = 0.044715;

// How far the gate is open at x: (1 + tanh(√(2/π) · (x + 0.044715 · x³))) / 2. Near 0 far below
// zero, near 1 far above, and 1/2 at zero. gelu(x) = x · gate(x).
Real gate(Real x);

// activated = gelu(hidden), number by number      (T, M) -> (T, M)
// Flattened: the gate becomes a part of the loop, and the compiler opens 8 or 16 gates at once.
[[gnu::flatten]] void gelu_forward(const Matrix& hidden, Matrix& activated);

// Writes the gradient by hidden: the gradient by activated times the slope of GELU there.
[[gnu::flatten]] void gelu_backward(const Matrix& gradient_activated, const Matrix& hidden,
                                    Matrix& gradient_hidden);

} // namespace whirlygig
