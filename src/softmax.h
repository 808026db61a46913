// Softmax turns a row of any numbers into shares that sum to 1; the causal mask decides beforehand
// which numbers take part.
#pragma once

#include "matrix.h"

namespace whirlygig {

// probabilities(row, column) = exp(scores(row, column)) / sum of exp over the row
// (T, S) -> (T, S). The row's largest score is subtracted first, which changes no share and keeps
// exp from overflowing. A score of −∞ gets the share 0; a row of nothing but −∞ has no shares and
// throws an Error.
void softmax_forward(const Matrix& scores, Matrix& probabilities);

// Writes the gradient by the scores from the gradient by the probabilities, both (T, S).
void softmax_backward(const Matrix& gradient_probabilities, const Matrix& probabilities,
                      Matrix& gradient_scores);

// How many keys a query may look at: its own and those before it. The T queries are the last T of
// the S places that have keys, so that a query of a longer text that is continued sees all that
// came before it.
inline std::size_t visible_keys(const Matrix& scores, std::size_t query) {
    return query + 1 + scores.size2() - scores.size1();
}

// masked = scaled, but −∞ where the key comes after the query      (T, S) -> (T, S), S >= T
void causal_mask_forward(const Matrix& scaled, Matrix& masked);

// Writes the gradient by the scaled scores: as it comes in, but 0 where the mask fell.
void causal_mask_backward(const Matrix& gradient_masked, Matrix& gradient_scaled);

} // namespace whirlygig
