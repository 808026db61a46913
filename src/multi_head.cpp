#include "multi_head.h"

#include "error.h"
#include "product.h"

namespace whirlygig {
namespace {

// Keys or values of the input's tokens: as linear_forward makes them. When a text goes on, they
// come below those of the places before first_place, which `projected` holds already.
void project_below(const Matrix& input, const LinearParameters& parameters,
                   MultiHeadActivations& activations, Matrix& projected) {
    if (activations.first_place == 0) {
        linear_forward(input, parameters, projected); // (S, d)(d, D) -> (S, D)
        return;
    }
    if (projected.size1() != activations.first_place) {
        fail("multi_head_forward: the text goes on at place {} but the keys and values of {} "
             "places are known",
             activations.first_place, projected.size1());
    }
    linear_forward(input, parameters, activations.new_rows);
    append_rows(projected, activations.new_rows);
}

// One head's way back to the parameters of one projection and to the input that it projected.
void projection_backward(const Matrix& gradient_projected, const Matrix& input,
                         const LinearParameters& parameters, Matrix& gradient_input,
                         LinearParameters& gradient) {
    linear_parameters_backward(gradient_projected, input, gradient);
    add_product_a_bt(gradient_projected, parameters.weights,
                     gradient_input); // (T, D)(D, d) -> (T, d)
}

} // namespace

void multi_head_forward(const Matrix& query_input, const Matrix& key_value_input,
                        const MultiHeadParameters& parameters, Mask mask,
                        MultiHeadActivations& activations) {
    // EXERCISE 6 multi_head_forward
    activations.heads.resize(parameters.heads.size());
    for (std::size_t h = 0; h < parameters.heads.size(); ++h) {
        const HeadParameters& learned = parameters.heads[h];
        HeadActivations& head = activations.heads[h];
        // 1. Project: what each token asks, what it answers to, and what it has to give.
        linear_forward(query_input, learned.query, head.queries);
        project_below(key_value_input, learned.key, activations, head.keys);
        project_below(key_value_input, learned.value, activations, head.values);
        // 2. Look around.
        attention_forward(mask, head);
    }
    // 3. Join what the heads mixed.
    join_heads(activations.heads, activations.joined);
    // 4. Project back to the width of the stream.
    linear_forward(activations.joined, parameters.output, activations.output);
    // END
}

void multi_head_backward(const MultiHeadInputs& inputs, const MultiHeadParameters& parameters,
                         Mask mask, const MultiHeadActivations& activations,
                         MultiHeadActivations& gradients, MultiHeadParameters& gradient) {
    // EXERCISE 11 multi_head_backward
    // 4. forward was: output = joined · output weights + bias
    linear_backward(gradients.output, activations.joined, parameters.output, gradients.joined,
                    gradient.output);
    // 3. forward was: joined = the heads' mixed values side by side
    gradients.heads.resize(parameters.heads.size());
    join_heads_backward(gradients.joined, gradients.heads);
    for (std::size_t h = 0; h < parameters.heads.size(); ++h) {
        const HeadParameters& head_parameters = parameters.heads[h];
        HeadActivations& head_gradient = gradients.heads[h];
        // 2. forward was: mixed = what the head found
        attention_backward(mask, activations.heads[h], head_gradient);
        // 1. forward was: queries, keys and values = input · weights + bias
        projection_backward(head_gradient.queries, inputs.query_input, head_parameters.query,
                            inputs.gradient_query_input, gradient.heads[h].query);
        projection_backward(head_gradient.keys, inputs.key_value_input, head_parameters.key,
                            inputs.gradient_key_value_input, gradient.heads[h].key);
        projection_backward(head_gradient.values, inputs.key_value_input, head_parameters.value,
                            inputs.gradient_key_value_input, gradient.heads[h].value);
    }
    // END
}

void join_heads(const std::vector<HeadActivations>& heads, Matrix& joined) {
    const std::size_t tokens = heads.at(0).mixed.size1();
    const std::size_t head_width = heads.at(0).mixed.size2();
    for (const HeadActivations& head : heads)
        check_shape("join_heads", "mixed", head.mixed, tokens, head_width);
    // EXERCISE 6 join_heads
    resize(joined, tokens, heads.size() * head_width);
    for (std::size_t h = 0; h < heads.size(); ++h) {
        for (std::size_t row = 0; row < tokens; ++row) {
            for (std::size_t column = 0; column < head_width; ++column) {
                joined(row, h * head_width + column) = heads[h].mixed(row, column);
            }
        }
    }
    // END
}

void join_heads_backward(const Matrix& gradient_joined, std::vector<HeadActivations>& gradients) {
    const std::size_t head_width = gradient_joined.size2() / gradients.size();
    for (std::size_t h = 0; h < gradients.size(); ++h) {
        Matrix& gradient_mixed = gradients[h].mixed;
        resize(gradient_mixed, gradient_joined.size1(), head_width);
        for (std::size_t row = 0; row < gradient_joined.size1(); ++row) {
            for (std::size_t column = 0; column < head_width; ++column) {
                gradient_mixed(row, column) = gradient_joined(row, h * head_width + column);
            }
        }
    }
}

} // namespace whirlygig
