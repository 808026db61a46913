// The MLP: each token by itself goes up to a hidden width, through GELU, and back down.
#pragma once

#include "linear.h"

namespace whirlygig {

// Empty in a model without MLPs.
struct MlpParameters {
    LinearParameters up;   // weights (d, M), bias (M)
    LinearParameters down; // weights (M, d), bias (d)
};

struct MlpActivations {
    Matrix hidden;    // (T, M): input · up weights + bias
    Matrix activated; // (T, M): GELU of hidden
    Matrix output;    // (T, d): activated · down weights + bias
};

// input (T, d) -> activations.output (T, d)
void mlp_forward(const Matrix& input, const MlpParameters& parameters, MlpActivations& activations);

// From gradients.output: writes the rest of `gradients` and the gradient by the input, and adds
// the gradients by the parameters to `gradient`.
void mlp_backward(const Matrix& input, const MlpParameters& parameters,
                  const MlpActivations& activations, MlpActivations& gradients,
                  Matrix& gradient_input, MlpParameters& gradient);

} // namespace whirlygig
