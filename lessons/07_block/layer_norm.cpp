#include "layer_norm.h"

#include "error.h"
#include "left_out.h"

#include <cmath>

namespace whirlygig {

RowStatistics row_statistics(const Matrix& input, std::size_t row, Real epsilon) {
    // EXERCISE 7 row_statistics
    throw NotWrittenYet("row_statistics", 7);
    // END
}

void layer_norm_forward(const Matrix& input, const NormParameters& parameters, Matrix& output) {
    if (is_left_out(parameters)) return forward_without_norm(input, output);
    const std::size_t width = input.size2();
    check_shape("layer_norm_forward", "gain", parameters.gain, width);
    check_shape("layer_norm_forward", "shift", parameters.shift, width);
    check_distinct("layer_norm_forward", input, output);
    // EXERCISE 7 layer_norm_forward
    throw NotWrittenYet("layer_norm_forward", 7);
    // END
}

void layer_norm_backward(const Matrix& gradient_output, const Matrix& input,
                         const NormParameters& parameters, Matrix& gradient_input,
                         NormParameters& gradient) {
    if (is_left_out(parameters)) return backward_without_norm(gradient_output, gradient_input);
    const std::size_t width = input.size2();
    check_shape("layer_norm_backward", "gradient_output", gradient_output, input.size1(), width);
    check_shape("layer_norm_backward", "gradient_input", gradient_input, input.size1(), width);
    check_shape("layer_norm_backward", "gradient gain", gradient.gain, width);
    check_shape("layer_norm_backward", "gradient shift", gradient.shift, width);
    check_distinct("layer_norm_backward", gradient_output, gradient_input);
    check_distinct("layer_norm_backward", input, gradient_input);
    for (std::size_t row = 0; row < input.size1(); ++row) {
        const RowStatistics statistics = row_statistics(input, row, parameters.epsilon);
        // forward was: output = normalised · gain + shift
        Real sum = 0;        // of the gradients by the row's normalised numbers
        Real projection = 0; // of the same gradients, each times its normalised number
        for (std::size_t column = 0; column < width; ++column) {
            const Real normalised = (input(row, column) - statistics.mean) / statistics.spread;
            gradient.gain(column) += gradient_output(row, column) * normalised;
            gradient.shift(column) += gradient_output(row, column);
            const Real by_normalised = gradient_output(row, column) * parameters.gain(column);
            sum += by_normalised;
            projection += by_normalised * normalised;
        }
        const Real mean = sum / static_cast<Real>(width);
        const Real slope = projection / static_cast<Real>(width);
        // forward was: normalised = (input − mean) / spread. Moving the whole row, or stretching
        // it, changes nothing: those two parts of the gradient are taken out.
        for (std::size_t column = 0; column < width; ++column) {
            const Real normalised = (input(row, column) - statistics.mean) / statistics.spread;
            const Real by_normalised = gradient_output(row, column) * parameters.gain(column);
            gradient_input(row, column) +=
                (by_normalised - mean - normalised * slope) / statistics.spread;
        }
    }
}

} // namespace whirlygig
