// The loss: how surprised the model is by the token that really comes next. At place t it is
// −log of the probability that the model gave to the token at place t + 1, in nats.
#pragma once

#include "matrix.h"

#include <vector>

namespace whirlygig {

// The token that each place should predict: the text shifted by one. The last place has none, so
// there is one target less than there are tokens.
std::vector<int> next_tokens(const std::vector<int>& ids);

// loss(t, 0) = −log probabilities(t, targets[t])      (T, V) -> (N, 1), with N <= T targets
// A probability that is too small for a Real counts as the smallest one above zero.
void cross_entropy_forward(const Matrix& probabilities, const std::vector<int>& targets,
                           Matrix& loss);

// Writes the gradient by the probabilities (T, V) from the gradient by each place's loss (N, 1).
void cross_entropy_backward(const Matrix& gradient_loss, const Matrix& probabilities,
                            const std::vector<int>& targets, Matrix& gradient_probabilities);

// Writes the gradient by the logits (T, V) in one step through softmax and cross-entropy. It is
// what softmax_backward would make of the gradient by the probabilities, but simpler and exact
// even where a probability is almost 0: (probability − 1 at the target) · gradient_loss.
void softmax_cross_entropy_backward(const Matrix& gradient_loss, const Matrix& probabilities,
                                    const std::vector<int>& targets, Matrix& gradient_logits);

} // namespace whirlygig
