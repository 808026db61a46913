#include "attention.h"

#include "error.h"
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
    throw NotWrittenYet("attention_scores", 3);
    // END
}

void attention_scores_backward(const Matrix& gradient_scores, const Matrix& queries,
                               const Matrix& keys, Matrix& gradient_queries,
                               Matrix& gradient_keys) {
    check_distinct("attention_scores_backward", gradient_queries, gradient_keys);
    // EXERCISE 11 attention_scores_backward
    throw NotWrittenYet("attention_scores_backward", 11);
    // END
}

void scale_scores(const Matrix& scores, std::size_t head_width, Matrix& scaled) {
    check_distinct("scale_scores", scores, scaled);
    // EXERCISE 4 scale_scores
    throw NotWrittenYet("scale_scores", 4);
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
    throw NotWrittenYet("mix_values", 3);
    // END
}

void mix_values_backward(const Matrix& gradient_mixed, const Matrix& attention_weights,
                         const Matrix& values, Matrix& gradient_attention_weights,
                         Matrix& gradient_values) {
    check_distinct("mix_values_backward", gradient_attention_weights, gradient_values);
    // EXERCISE 11 mix_values_backward
    throw NotWrittenYet("mix_values_backward", 11);
    // END
}

void attention_forward(Mask mask, HeadActivations& head) {
    if (mask == Mask::causal_unscaled) return attention_forward_without_scale(head);
    // EXERCISE 4 attention_forward
    throw NotWrittenYet("attention_forward", 4);
    // END
}

void attention_backward(Mask mask, const HeadActivations& head, HeadActivations& gradient) {
    if (mask == Mask::causal_unscaled) return attention_backward_without_scale(head, gradient);
    // EXERCISE 11 attention_backward
    throw NotWrittenYet("attention_backward", 11);
    // END
}

} // namespace whirlygig
