#include "linear.h"

#include "error.h"
#include "product.h"

namespace whirlygig {

void linear_forward(const Matrix& input, const LinearParameters& parameters, Matrix& output) {
    check_shape("linear_forward", "bias", parameters.bias, parameters.weights.size2());
    check_shape("linear_forward", "input", input, input.size1(), parameters.weights.size1());
    check_distinct("linear_forward", input, output);
    // EXERCISE 4 linear_forward
    throw NotWrittenYet("linear_forward", 4);
    // END
}

void linear_backward(const Matrix& gradient_output, const Matrix& input,
                     const LinearParameters& parameters, Matrix& gradient_input,
                     LinearParameters& gradient) {
    // EXERCISE 10 linear_backward
    throw NotWrittenYet("linear_backward", 10);
    // END
}

void linear_parameters_backward(const Matrix& gradient_output, const Matrix& input,
                                LinearParameters& gradient) {
    check_shape("linear_parameters_backward", "gradient bias", gradient.bias,
                gradient_output.size2());
    // EXERCISE 10 linear_parameters_backward
    throw NotWrittenYet("linear_parameters_backward", 10);
    // END
}

} // namespace whirlygig
