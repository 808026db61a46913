#include "linear.h"

#include "product.h"

namespace whirlygig {

void linear_forward(const Matrix& input, const LinearParameters& parameters, Matrix& output) {
    check_shape("linear_forward", "bias", parameters.bias, parameters.weights.size2());
    check_shape("linear_forward", "input", input, input.size1(), parameters.weights.size1());
    check_distinct("linear_forward", input, output);
    // EXERCISE 4 linear_forward
    // 1. Every output is a sum over the inputs, each with its weight.
    product(input, parameters.weights, output); // (T, n)(n, m) -> (T, m)
    // 2. The same bias is added to every row.
    for (std::size_t row = 0; row < output.size1(); ++row) {
        for (std::size_t column = 0; column < output.size2(); ++column) {
            output(row, column) += parameters.bias(column);
        }
    }
    // END
}

void linear_backward(const Matrix& gradient_output, const Matrix& input,
                     const LinearParameters& parameters, Matrix& gradient_input,
                     LinearParameters& gradient) {
    // EXERCISE 10 linear_backward
    linear_parameters_backward(gradient_output, input, gradient);
    // 1. forward was: output = input · weights; an input reached every output through one weight.
    product_a_bt(gradient_output, parameters.weights, gradient_input); // (T, m)(m, n) -> (T, n)
    // END
}

void linear_parameters_backward(const Matrix& gradient_output, const Matrix& input,
                                LinearParameters& gradient) {
    check_shape("linear_parameters_backward", "gradient bias", gradient.bias,
                gradient_output.size2());
    // EXERCISE 10 linear_parameters_backward
    // 2. forward was: output += bias; a bias reached every row.
    add_rows(gradient_output, gradient.bias); // T rows (m) -> (m)
    // 1. forward was: output = input · weights; a weight was used once in every row.
    add_product_at_b(input, gradient_output, gradient.weights); // (n, T)(T, m) -> (n, m)
    // END
}

} // namespace whirlygig
