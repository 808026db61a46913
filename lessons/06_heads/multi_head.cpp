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
    throw NotWrittenYet("multi_head_forward", 6);
    // END
}

void multi_head_backward(const MultiHeadInputs& inputs, const MultiHeadParameters& parameters,
                         Mask mask, const MultiHeadActivations& activations,
                         MultiHeadActivations& gradients, MultiHeadParameters& gradient) {
    // EXERCISE 11 multi_head_backward
    throw NotWrittenYet("multi_head_backward", 11);
    // END
}

void join_heads(const std::vector<HeadActivations>& heads, Matrix& joined) {
    const std::size_t tokens = heads.at(0).mixed.size1();
    const std::size_t head_width = heads.at(0).mixed.size2();
    for (const HeadActivations& head : heads)
        check_shape("join_heads", "mixed", head.mixed, tokens, head_width);
    // EXERCISE 6 join_heads
    throw NotWrittenYet("join_heads", 6);
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
