// Layer norm (Ba, Kiros and Hinton 2016, equation 4): each row is moved to mean 0, rescaled to
// spread 1, and then stretched and shifted by what was learned.
#pragma once

#include "matrix.h"

namespace whirlygig {

struct NormParameters {
    Vector gain;         // (d), 1 before training; empty in a model without norms
    Vector shift;        // (d), 0 before training; empty in a model without norms
    Real epsilon = 1e-5; // not learned: keeps a row of equal numbers from a division by zero
};

struct RowStatistics {
    Real mean;
    Real spread; // √(variance + epsilon), the row's standard deviation
};

// The mean of the row's d numbers, and their spread. The variance is the mean of their squared
// distances from the mean: it divides by d.
RowStatistics row_statistics(const Matrix& input, std::size_t row, Real epsilon);

// output = (input − mean) / √(variance + epsilon) · gain + shift      (T, d) -> (T, d)
// Mean and variance are those of each row by itself.
void layer_norm_forward(const Matrix& input, const NormParameters& parameters, Matrix& output);

// From the gradient by the output (T, d): adds the gradient by the input to `gradient_input`
// (T, d), because the residual stream that is normalised also goes straight on, and adds the
// gradients by gain and shift to `gradient`.
void layer_norm_backward(const Matrix& gradient_output, const Matrix& input,
                         const NormParameters& parameters, Matrix& gradient_input,
                         NormParameters& gradient);

} // namespace whirlygig
