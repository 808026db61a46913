#include "mlp.h"

#include "error.h"
#include "gelu.h"

namespace whirlygig {

void mlp_forward(const Matrix& input, const MlpParameters& parameters,
                 MlpActivations& activations) {
    // EXERCISE 7 mlp_forward
    throw NotWrittenYet("mlp_forward", 7);
    // END
}

void mlp_backward(const Matrix& input, const MlpParameters& parameters,
                  const MlpActivations& activations, MlpActivations& gradients,
                  Matrix& gradient_input, MlpParameters& gradient) {
    // 3. forward was: output = activated · down weights + bias
    linear_backward(gradients.output, activations.activated, parameters.down, gradients.activated,
                    gradient.down);
    // 2. forward was: activated = GELU of hidden
    gelu_backward(gradients.activated, activations.hidden, gradients.hidden);
    // 1. forward was: hidden = input · up weights + bias
    linear_backward(gradients.hidden, input, parameters.up, gradient_input, gradient.up);
}

} // namespace whirlygig
