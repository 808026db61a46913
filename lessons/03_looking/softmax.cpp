#include "softmax.h"

#include "error.h"
#include "exponential.h"
#include "row_maximum.h"

#include <limits>

namespace whirlygig {

namespace {

constexpr Real minus_infinity = -std::numeric_limits<Real>::infinity();

// Refuses a row without any.
Real largest_in_row(const Matrix& scores, std::size_t row) {
    const Real largest = row_maximum(scores, row);
    if (largest == minus_infinity) {
        fail("softmax_forward: row {} has no number above −∞, so there is nothing to share out",
             row);
    }
    return largest;
}

void check_enough_keys(const char* function, const Matrix& scores) {
    if (scores.size2() >= scores.size1()) return;
    fail("{}: {} queries are more than the {} keys", function, scores.size1(), scores.size2());
}

} // namespace

void softmax_forward(const Matrix& scores, Matrix& probabilities) {
    check_distinct("softmax_forward", scores, probabilities);
    // EXERCISE 3 softmax_forward
    throw NotWrittenYet("softmax_forward", 3);
    // END
}

void softmax_backward(const Matrix& gradient_probabilities, const Matrix& probabilities,
                      Matrix& gradient_scores) {
    check_shape("softmax_backward", "gradient_probabilities", gradient_probabilities,
                probabilities.size1(), probabilities.size2());
    check_distinct("softmax_backward", probabilities, gradient_scores);
    check_distinct("softmax_backward", gradient_probabilities, gradient_scores);
    // EXERCISE 11 softmax_backward
    throw NotWrittenYet("softmax_backward", 11);
    // END
}

void causal_mask_forward(const Matrix& scaled, Matrix& masked) {
    check_distinct("causal_mask_forward", scaled, masked);
    check_enough_keys("causal_mask_forward", scaled);
    // EXERCISE 5 causal_mask_forward
    throw NotWrittenYet("causal_mask_forward", 5);
    // END
}

void causal_mask_backward(const Matrix& gradient_masked, Matrix& gradient_scaled) {
    check_distinct("causal_mask_backward", gradient_masked, gradient_scaled);
    check_enough_keys("causal_mask_backward", gradient_masked);
    // EXERCISE 11 causal_mask_backward
    throw NotWrittenYet("causal_mask_backward", 11);
    // END
}

} // namespace whirlygig
