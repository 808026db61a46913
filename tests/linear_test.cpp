#include "linear.h"

#include "support/finite_differences.h"
#include "support/linear_mistakes.h"
#include "support/matrices.h"
#include "support/plain_loops.h"
#include "support/pytorch_numbers.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t tokens, inputs, outputs;
};
const Shape shapes[] = {{5, 6, 10}, {1, 1, 1}, {1, 7, 3}, {9, 2, 17}, {3, 4, 4}};

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

// `output` may hold anything before; afterwards it holds what the next call finds there.
void try_linear(Teacher& teacher, const Grid& input, const Grid& weights, const Grid& bias,
                Matrix& output) {
    const Matrix matrix = to_matrix(input);
    LinearParameters parameters{to_matrix(weights), Vector(bias[0].size())};
    for (std::size_t column = 0; column < bias[0].size(); ++column)
        parameters.bias(column) = static_cast<Real>(bias[0][column]);
    teacher.try_out({shown({{"input", input}, {"weights", weights}, {"bias", bias}}),
                     plain::linear(input, weights, bias),
                     mistakes::linear_forward(input, weights, bias, to_grid(output))},
                    output, [&] { linear_forward(matrix, parameters, output); });
}

void try_linear(Teacher& teacher, const Shape& shape, Matrix& output) {
    const Example e = make_example(shape);
    try_linear(teacher, to_grid(e.input), to_grid(e.parameters.weights), to_grid(e.parameters.bias),
               output);
}

} // namespace

TEST(LinearForward, IsInputTimesWeightsPlusBias) {
    Teacher teacher("linear_forward");
    Matrix output(2, 3, 500);
    try_linear(teacher, {{1, 2}, {3, 4}}, {{1, 0, 2}, {0, 1, 3}}, {{10, 20, 30}}, output);
    for (const Shape& shape : shapes) {
        output = Matrix(shape.tokens, shape.outputs, 500);
        try_linear(teacher, shape, output);
    }
}

TEST(LinearForward, TheSameBiasIsAddedToEveryRow) {
    Teacher teacher("linear_forward");
    Matrix output;
    const Grid input(5, {1, 1, 1}), weights = plain::zeros(3, 2), bias = {{4, -5}};
    expect_close(plain::linear(input, weights, bias), Grid(5, {4, -5}));
    try_linear(teacher, input, weights, bias, output);
}

TEST(LinearForward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("linear_forward");
    Matrix output; // has no rows at first, and later those of the call before
    try_linear(teacher, {{1, 2}, {3, 4}}, {{1, 0, 2}, {0, 1, 3}}, {{10, 20, 30}}, output);
    for (const Shape& shape : shapes) {
        try_linear(teacher, shape, output);
        output = stale_matrix(shape.tokens, shape.outputs);
        try_linear(teacher, shape, output);
    }
}

TEST(LinearForward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const Grid bias = numbers.grid("transformer.h.0.mlp.c_fc.bias");
        LinearParameters parameters{to_matrix(numbers.grid("transformer.h.0.mlp.c_fc.weight")),
                                    Vector(bias[0].size())};
        for (std::size_t column = 0; column < bias[0].size(); ++column)
            parameters.bias(column) = static_cast<Real>(bias[0][column]);
        Matrix output;
        linear_forward(to_matrix(numbers.grid("block.0.mlp.norm")), parameters, output);
        expect_close(output, numbers.grid("block.0.mlp.hidden"));
    }
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
                 {"linear_forward", "input", "(5, 7)", "(5, 6)"});
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
