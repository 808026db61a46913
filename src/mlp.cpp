#include "mlp.h"

#include "gelu.h"
#include "left_out.h"

namespace whirlygig {

void mlp_forward(const Matrix& input, const MlpParameters& parameters,
                 MlpActivations& activations) {
    if (is_left_out(parameters)) return forward_without_mlp(input, activations);
    // EXERCISE 7 mlp_forward
    // 1. Up to the hidden width.
    linear_forward(input, parameters.up, activations.hidden); // (T, d)(d, M) -> (T, M)
    // 2. Without this bend, up and down together would be a single linear layer.
    gelu_forward(activations.hidden, activations.activated);
    // 3. Down again.
    linear_forward(activations.activated, parameters.down,
                   activations.output); // (T, M)(M, d) -> (T, d)
    // END
}

void mlp_backward(const Matrix& input, const MlpParameters& parameters,
                  const MlpActivations& activations, MlpActivations& gradients,
                  Matrix& gradient_input, MlpParameters& gradient) {
    if (is_left_out(parameters)) return backward_without_mlp(input, gradient_input);
    // EXERCISE 10 mlp_backward
    // 3. forward was: output = activated · down weights + bias
    linear_backward(gradients.output, activations.activated, parameters.down, gradients.activated,
                    gradient.down);
    // 2. forward was: activated = GELU of hidden
    gelu_backward(gradients.activated, activations.hidden, gradients.hidden);
    // 1. forward was: hidden = input · up weights + bias
    linear_backward(gradients.hidden, input, parameters.up, gradient_input, gradient.up);
    // END
}

} // namespace whirlygig
