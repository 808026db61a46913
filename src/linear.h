// A linear layer: each row of the input times a matrix of weights, plus a bias.
// Queries, keys, values, the attention's output and both halves of the MLP are linear layers.
#pragma once

#include "matrix.h"

namespace whirlygig {

// n numbers in, m numbers out.
struct LinearParameters {
    Matrix weights; // (n, m)
    Vector bias;    // (m)
};

// output = input · weights + bias      (T, n)(n, m) -> (T, m)
void linear_forward(const Matrix& input, const LinearParameters& parameters, Matrix& output);

// From the gradient of the loss by the output (T, m): writes the gradient by the input (T, n) and
// adds the gradients by the weights and the bias to `gradient`.
void linear_backward(const Matrix& gradient_output, const Matrix& input,
                     const LinearParameters& parameters, Matrix& gradient_input,
                     LinearParameters& gradient);

// The second half of linear_backward alone: adds the gradients by the weights and the bias.
void linear_parameters_backward(const Matrix& gradient_output, const Matrix& input,
                                LinearParameters& gradient);

} // namespace whirlygig
