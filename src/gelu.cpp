#include "gelu.h"

#include "exponential.h"

namespace whirlygig {
namespace {

constexpr Real slope = static_cast<Real>(gelu_slope);
constexpr Real cubic = static_cast<Real>(gelu_cubic);

} // namespace

Real gate(Real x) {
    // EXERCISE 7 gate
    // (1 + tanh(u)) / 2 is the same number as 1 / (1 + exp(−2u)), and exp is quicker than tanh.
    const Real u = slope * (x + cubic * x * x * x);
    return 1 / (1 + exponential(-2 * u));
    // END
}

void gelu_forward(const Matrix& hidden, Matrix& activated) {
    check_distinct("gelu_forward", hidden, activated);
    // EXERCISE 7 gelu_forward
    resize(activated, hidden.size1(), hidden.size2());
    for (std::size_t row = 0; row < hidden.size1(); ++row) {
        for (std::size_t column = 0; column < hidden.size2(); ++column) {
            activated(row, column) = hidden(row, column) * gate(hidden(row, column));
        }
    }
    // END
}

void gelu_backward(const Matrix& gradient_activated, const Matrix& hidden,
                   Matrix& gradient_hidden) {
    check_shape("gelu_backward", "gradient_activated", gradient_activated, hidden.size1(),
                hidden.size2());
    check_distinct("gelu_backward", hidden, gradient_hidden);
    check_distinct("gelu_backward", gradient_activated, gradient_hidden);
    // EXERCISE 10 gelu_backward
    resize(gradient_hidden, hidden.size1(), hidden.size2());
    for (std::size_t row = 0; row < hidden.size1(); ++row) {
        for (std::size_t column = 0; column < hidden.size2(); ++column) {
            // forward was: activated = x · gate(x); x moves the result directly and by the gate.
            const Real x = hidden(row, column);
            const Real open = gate(x);
            // tanh' = 1 − tanh², and 1 − tanh² = 4 · gate · (1 − gate)
            const Real gate_slope = 2 * open * (1 - open) * slope * (1 + 3 * cubic * x * x);
            gradient_hidden(row, column) =
                gradient_activated(row, column) * (open + x * gate_slope);
        }
    }
    // END
}

} // namespace whirlygig
