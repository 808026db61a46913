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
    resize(probabilities, scores.size1(), scores.size2());
    for (std::size_t row = 0; row < scores.size1(); ++row) {
        // 1. The largest score of the row.
        const Real largest = largest_in_row(scores, row);
        // 2. The exponentials, each between 0 and 1, and their sum.
        Real sum = 0;
        for (std::size_t column = 0; column < scores.size2(); ++column) {
            probabilities(row, column) = exponential(scores(row, column) - largest);
            sum += probabilities(row, column);
        }
        // 3. Each one's share of the sum.
        for (std::size_t column = 0; column < scores.size2(); ++column) {
            probabilities(row, column) /= sum;
        }
    }
    // END
}

void softmax_backward(const Matrix& gradient_probabilities, const Matrix& probabilities,
                      Matrix& gradient_scores) {
    check_shape("softmax_backward", "gradient_probabilities", gradient_probabilities,
                probabilities.size1(), probabilities.size2());
    check_distinct("softmax_backward", probabilities, gradient_scores);
    check_distinct("softmax_backward", gradient_probabilities, gradient_scores);
    // EXERCISE 11 softmax_backward
    resize(gradient_scores, probabilities.size1(), probabilities.size2());
    for (std::size_t row = 0; row < probabilities.size1(); ++row) {
        // forward was: shares of one sum. What one share gains, the others lose together, so only
        // being better than the row's average counts; the average is weighted by the shares.
        Real average = 0;
        for (std::size_t column = 0; column < probabilities.size2(); ++column) {
            average += gradient_probabilities(row, column) * probabilities(row, column);
        }
        for (std::size_t column = 0; column < probabilities.size2(); ++column) {
            gradient_scores(row, column) =
                probabilities(row, column) * (gradient_probabilities(row, column) - average);
        }
    }
    // END
}

void causal_mask_forward(const Matrix& scaled, Matrix& masked) {
    check_distinct("causal_mask_forward", scaled, masked);
    check_enough_keys("causal_mask_forward", scaled);
    // EXERCISE 5 causal_mask_forward
    masked = scaled;
    for (std::size_t query = 0; query < scaled.size1(); ++query) {
        const std::size_t visible = visible_keys(scaled, query);
        for (std::size_t key = visible; key < scaled.size2(); ++key)
            masked(query, key) = minus_infinity;
    }
    // END
}

void causal_mask_backward(const Matrix& gradient_masked, Matrix& gradient_scaled) {
    check_distinct("causal_mask_backward", gradient_masked, gradient_scaled);
    check_enough_keys("causal_mask_backward", gradient_masked);
    // EXERCISE 11 causal_mask_backward
    gradient_scaled = gradient_masked;
    for (std::size_t query = 0; query < gradient_masked.size1(); ++query) {
        const std::size_t visible = visible_keys(gradient_masked, query);
        for (std::size_t key = visible; key < gradient_masked.size2(); ++key)
            gradient_scaled(query, key) = 0;
    }
    // END
}

} // namespace whirlygig
