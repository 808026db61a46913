#include "attention.h"

#include "left_out.h"
#include "product.h"
#include "softmax.h"

#include <cmath>

namespace whirlygig {

void attention_scores(const Matrix& queries, const Matrix& keys, Matrix& scores) {
    check_columns("attention_scores", "keys", keys, queries.size2());
    check_distinct("attention_scores", queries, scores);
    check_distinct("attention_scores", keys, scores);
    // EXERCISE 3 attention_scores
    product_a_bt(queries, keys, scores); // (T, D)(D, S) -> (T, S)
    // END
}

void attention_scores_backward(const Matrix& gradient_scores, const Matrix& queries,
                               const Matrix& keys, Matrix& gradient_queries,
                               Matrix& gradient_keys) {
    check_distinct("attention_scores_backward", gradient_queries, gradient_keys);
    // EXERCISE 11 attention_scores_backward
    // forward was: scores = queries · keysᵀ
    product(gradient_scores, keys, gradient_queries);      // (T, S)(S, D) -> (T, D)
    product_at_b(gradient_scores, queries, gradient_keys); // (S, T)(T, D) -> (S, D)
    // END
}

void scale_scores(const Matrix& scores, std::size_t head_width, Matrix& scaled) {
    check_distinct("scale_scores", scores, scaled);
    // EXERCISE 4 scale_scores
    resize(scaled, scores.size1(), scores.size2());
    noalias(scaled) = scores / std::sqrt(static_cast<Real>(head_width));
    // END
}

void scale_scores_backward(const Matrix& gradient_scaled, std::size_t head_width,
                           Matrix& gradient_scores) {
    // forward was: scaled = scores / √D
    scale_scores(gradient_scaled, head_width, gradient_scores);
}

void mix_values(const Matrix& attention_weights, const Matrix& values, Matrix& mixed) {
    check_shape("mix_values", "values", values, attention_weights.size2(), values.size2());
    check_distinct("mix_values", attention_weights, mixed);
    check_distinct("mix_values", values, mixed);
    // EXERCISE 3 mix_values
    product(attention_weights, values, mixed); // (T, S)(S, D) -> (T, D)
    // END
}

void mix_values_backward(const Matrix& gradient_mixed, const Matrix& attention_weights,
                         const Matrix& values, Matrix& gradient_attention_weights,
                         Matrix& gradient_values) {
    check_distinct("mix_values_backward", gradient_attention_weights, gradient_values);
    // EXERCISE 11 mix_values_backward
    // forward was: mixed = attention weights · values
    product_a_bt(gradient_mixed, values, gradient_attention_weights); // (T, D)(D, S) -> (T, S)
    product_at_b(attention_weights, gradient_mixed, gradient_values); // (S, T)(T, D) -> (S, D)
    // END
}

void attention_forward(Mask mask, HeadActivations& head) {
    if (mask == Mask::causal_unscaled) return attention_forward_without_scale(head);
    // EXERCISE 4 attention_forward
    // 1. Compare every query with every key.
    attention_scores(head.queries, head.keys, head.scores);
    // 2. Keep the scores' size independent of the head's width.
    scale_scores(head.scores, head.queries.size2(), head.scaled);
    // 3. Forbid looking ahead.
    if (mask == Mask::causal) causal_mask_forward(head.scaled, head.masked);
    // 4. Turn each query's scores into shares.
    const Matrix& allowed = mask == Mask::causal ? head.masked : head.scaled;
    softmax_forward(allowed, head.attention_weights);
    // 5. Mix the values in these proportions.
    mix_values(head.attention_weights, head.values, head.mixed);
    // END
}

void attention_backward(Mask mask, const HeadActivations& head, HeadActivations& gradient) {
    if (mask == Mask::causal_unscaled) return attention_backward_without_scale(head, gradient);
    // EXERCISE 11 attention_backward
    // 5. forward was: mixed = attention weights · values
    mix_values_backward(gradient.mixed, head.attention_weights, head.values,
                        gradient.attention_weights, gradient.values);
    // 4. forward was: attention weights = softmax of each row
    Matrix& gradient_allowed = mask == Mask::causal ? gradient.masked : gradient.scaled;
    softmax_backward(gradient.attention_weights, head.attention_weights, gradient_allowed);
    // 3. forward was: masked = scaled, but −∞ ahead
    if (mask == Mask::causal) causal_mask_backward(gradient.masked, gradient.scaled);
    // 2. forward was: scaled = scores / √D
    scale_scores_backward(gradient.scaled, head.queries.size2(), gradient.scores);
    // 1. forward was: scores = queries · keysᵀ
    attention_scores_backward(gradient.scores, head.queries, head.keys, gradient.queries,
                              gradient.keys);
    // END
}

} // namespace whirlygig
