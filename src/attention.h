// One attention head. Each query is compared with every key; what it finds decides in which
// proportions the values are mixed (Vaswani et al. 2017, equation 1).
//
// The queries may come from one sequence of T tokens and the keys and values from another of S
// tokens. Self-attention is the case in which both are the same sequence.
#pragma once

#include "matrix.h"

namespace whirlygig {

enum class Mask {
    none,            // every query may look at every key
    causal,          // a query may not look at keys that come after it
    causal_unscaled, // the same in a model that was trained without 1/√D (without.h)
};

// Everything that one head computes in a forward pass. The gradients of the loss by these matrices
// have the same shapes and are kept in a second HeadActivations.
struct HeadActivations {
    Matrix queries;           // (T, D)
    Matrix keys;              // (S, D)
    Matrix values;            // (S, D)
    Matrix scores;            // (T, S): queries · keysᵀ
    Matrix scaled;            // (T, S): scores / √D; empty without a scale
    Matrix masked;            // (T, S): −∞ where looking is not allowed; empty without a mask
    Matrix attention_weights; // (T, S): the attention map; row looks at column, rows sum to 1
    Matrix mixed;             // (T, D): attention weights · values
};

// scores = queries · keysᵀ: how well each query matches each key.
void attention_scores(const Matrix& queries, const Matrix& keys, Matrix& scores);
void attention_scores_backward(const Matrix& gradient_scores, const Matrix& queries,
                               const Matrix& keys, Matrix& gradient_queries, Matrix& gradient_keys);

// scaled = scores / √D, so that wider heads do not have larger scores.
void scale_scores(const Matrix& scores, std::size_t head_width, Matrix& scaled);
void scale_scores_backward(const Matrix& gradient_scaled, std::size_t head_width,
                           Matrix& gradient_scores);

// mixed = attention weights · values: each query's blend of the values.
void mix_values(const Matrix& attention_weights, const Matrix& values, Matrix& mixed);
void mix_values_backward(const Matrix& gradient_mixed, const Matrix& attention_weights,
                         const Matrix& values, Matrix& gradient_attention_weights,
                         Matrix& gradient_values);

// From head.queries, .keys and .values computes the rest of the record.
void attention_forward(Mask mask, HeadActivations& head);

// From gradient.mixed computes the rest of the gradients, down to queries, keys and values.
void attention_backward(Mask mask, const HeadActivations& head, HeadActivations& gradient);

} // namespace whirlygig
