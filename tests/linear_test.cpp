#include "linear.h"

#include "support/finite_differences.h"
#include "support/matrices.h"
#include "support/plain_loops.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t tokens, inputs, outputs;
};
const Shape shapes[] = {{5, 6, 10}, {1, 1, 1}, {1, 7, 3}, {9, 2, 17}};

struct Example {
    Matrix input;
    LinearParameters parameters;
    Matrix gradient_output; // any numbers do: they stand for what the later stages sent back
    LinearParameters start; // gradients that were there before
};

Example make_example(const Shape& shape) {
    const auto [tokens, inputs, outputs] = shape;
    Random random(100 * tokens + 10 * inputs + outputs);
    return {random_matrix(random, tokens, inputs),
            {random_matrix(random, inputs, outputs), random_vector(random, outputs)},
            random_matrix(random, tokens, outputs),
            {random_matrix(random, inputs, outputs), random_vector(random, outputs)}};
}

} // namespace

TEST(LinearForward, IsInputTimesWeightsPlusBias) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        Matrix output = stale_matrix(shape.tokens, shape.outputs);
        linear_forward(e.input, e.parameters, output);
        expect_close(output, plain::linear(to_grid(e.input), to_grid(e.parameters.weights),
                                           to_grid(e.parameters.bias)));
    }
}

TEST(LinearForward, TheSameBiasIsAddedToEveryRow) {
    LinearParameters parameters{Matrix(3, 2, 0), Vector(2)};
    parameters.bias(0) = 4;
    parameters.bias(1) = -5;
    Matrix output;
    linear_forward(Matrix(5, 3, 1), parameters, output);
    expect_equal(output, Grid(5, {4, -5}));
}

TEST(Linear, BackwardWritesTheGradientByTheInput) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        Matrix gradient_input = stale_matrix(shape.tokens, shape.inputs);
        LinearParameters gradient = e.start;
        linear_backward(e.gradient_output, e.input, e.parameters, gradient_input, gradient);
        expect_gradient(gradient_input, slopes(to_grid(e.input), [&](const Grid& input) {
                            return plain::weighted_sum(to_grid(e.gradient_output),
                                                       plain::linear(input,
                                                                     to_grid(e.parameters.weights),
                                                                     to_grid(e.parameters.bias)));
                        }));
    }
}

TEST(Linear, BackwardAddsTheGradientsByWeightsAndBias) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Grid by_weights = slopes(to_grid(e.parameters.weights), [&](const Grid& weights) {
            return plain::weighted_sum(
                to_grid(e.gradient_output),
                plain::linear(to_grid(e.input), weights, to_grid(e.parameters.bias)));
        });
        const Grid by_bias = slopes(to_grid(e.parameters.bias), [&](const Grid& bias) {
            return plain::weighted_sum(
                to_grid(e.gradient_output),
                plain::linear(to_grid(e.input), to_grid(e.parameters.weights), bias));
        });
        Matrix gradient_input;
        LinearParameters gradient = e.start;
        linear_backward(e.gradient_output, e.input, e.parameters, gradient_input, gradient);
        expect_gradient(difference(gradient.weights, e.start.weights), by_weights);
        expect_gradient(difference(gradient.bias, e.start.bias), by_bias);

        gradient = e.start;
        linear_parameters_backward(e.gradient_output, e.input, gradient);
        expect_gradient(difference(gradient.weights, e.start.weights), by_weights);
        expect_gradient(difference(gradient.bias, e.start.bias), by_bias);
    }
}

TEST(Linear, ErrorsNameTheFunctionAndBothShapes) {
    const LinearParameters parameters{Matrix(6, 10, 0), Vector(10, 0)};
    const LinearParameters short_bias{Matrix(6, 10, 0), Vector(9, 0)};
    Matrix output;
    expect_error([&] { linear_forward(Matrix(5, 7, 0), parameters, output); },
                 {"linear_forward", "input", "(5, 7)", "6 columns"});
    expect_error([&] { linear_forward(Matrix(5, 6, 0), short_bias, output); },
                 {"linear_forward", "bias", "(9)", "(10)"});

    LinearParameters gradient = parameters, short_gradient = short_bias;
    LinearParameters turned{Matrix(10, 6, 0), Vector(10, 0)};
    const Matrix input(5, 6, 0), gradient_output(5, 10, 0);
    Matrix gradient_input;
    expect_error(
        [&] { linear_backward(Matrix(4, 10, 0), input, parameters, gradient_input, gradient); },
        {"product", "(5, 6)", "(4, 10)"});
    expect_error([&] { linear_parameters_backward(gradient_output, input, short_gradient); },
                 {"linear_parameters_backward", "gradient bias", "(9)", "(10)"});
    expect_error([&] { linear_parameters_backward(gradient_output, input, turned); },
                 {"product", "(10, 6)", "(6, 10)"});
}

TEST(Linear, ResultsMayNotBeWrittenOverWhatTheyAreMadeFrom) {
    LinearParameters parameters{Matrix(4, 4, 1), Vector(4, 1)}, gradient = parameters;
    Matrix input(4, 4, 1), gradient_output(4, 4, 1);
    expect_error([&] { linear_forward(input, parameters, input); }, {"written over"});
    expect_error(
        [&] { linear_backward(gradient_output, input, parameters, gradient_output, gradient); },
        {"written over"});
}

TEST(Linear, ResultsKeepTheirMemory) {
    const Example e = make_example({5, 6, 10});
    Matrix output, gradient_input;
    LinearParameters gradient = e.start;
    const Real* before[2] = {};
    for (int pass = 0; pass < 2; ++pass) {
        linear_forward(e.input, e.parameters, output);
        linear_backward(e.gradient_output, e.input, e.parameters, gradient_input, gradient);
        if (pass == 1) {
            EXPECT_EQ(address(output), before[0]);
            EXPECT_EQ(address(gradient_input), before[1]);
        }
        before[0] = address(output);
        before[1] = address(gradient_input);
    }
}
