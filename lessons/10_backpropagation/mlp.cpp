#include "mlp.h"

#include "error.h"
#include "gelu.h"

namespace whirlygig {

void mlp_forward(const Matrix& input, const MlpParameters& parameters,
                 MlpActivations& activations) {
    // 1. Up to the hidden width.
    linear_forward(input, parameters.up, activations.hidden); // (T, d)(d, M) -> (T, M)
    // 2. Without this bend, up and down together would be a single linear layer.
    gelu_forward(activations.hidden, activations.activated);
    // 3. Down again.
    linear_forward(activations.activated, parameters.down,
                   activations.output); // (T, M)(M, d) -> (T, d)
}

void mlp_backward(const Matrix& input, const MlpParameters& parameters,
                  const MlpActivations& activations, MlpActivations& gradients,
                  Matrix& gradient_input, MlpParameters& gradient) {
    // EXERCISE 10 mlp_backward
    throw NotWrittenYet("mlp_backward", 10);
    // END
}

} // namespace whirlygig
