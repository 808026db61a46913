#include "linear.h"

#include "support/backward_mistakes.h"
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

namespace {

Parts to_parts(const LinearParameters& gradient) {
    return mistakes::linear_parts(to_grid(gradient.weights), to_grid(gradient.bias));
}

struct WayBack {
    Grid gradient, input, weights;      // (T, m), (T, n), (n, m)
    Grid started_weights, started_bias; // gradients that were there before
};

WayBack way_back(const Shape& shape) {
    const Example e = make_example(shape);
    return {to_grid(e.gradient_output), to_grid(e.input), to_grid(e.parameters.weights),
            to_grid(e.start.weights), to_grid(e.start.bias)};
}

const WayBack small_way_back = {{{1, 2, 0}, {10, 0, 5}},
                                {{1, 2}, {3, 4}},
                                {{1, 0, 2}, {0, 1, 3}},
                                Grid(2, {100, 200, 300}),
                                {{1000, 2000, 3000}}};

LinearParameters started(const WayBack& e) {
    LinearParameters gradient{to_matrix(e.started_weights), Vector(e.started_bias[0].size())};
    for (std::size_t column = 0; column < gradient.bias.size(); ++column)
        gradient.bias(column) = static_cast<Real>(e.started_bias[0][column]);
    return gradient;
}

void try_parameters_backward(Teacher& teacher, const WayBack& e) {
    const Matrix gradient_output = to_matrix(e.gradient), input = to_matrix(e.input);
    LinearParameters gradient = started(e);
    const Parts start = to_parts(gradient);
    const std::string given = shown({{"gradient_output", e.gradient},
                                     {"input", e.input},
                                     {"gradient.weights, before", start[0].second},
                                     {"gradient.bias, before", start[1].second}});
    if (!teacher.runs(given, [&] { linear_parameters_backward(gradient_output, input, gradient); }))
        return;
    compare_parts(teacher,
                  {given, mistakes::linear_parameters_backward_right(e.gradient, e.input, start),
                   mistakes::linear_parameters_backward(e.gradient, e.input, start), start},
                  to_parts(gradient));
}

// `gradient_input` may hold anything before; afterwards it holds what the next call finds there.
void try_backward(Teacher& teacher, const WayBack& e, Matrix& gradient_input) {
    const Matrix gradient_output = to_matrix(e.gradient), input = to_matrix(e.input);
    LinearParameters gradient = started(e), parameters = gradient;
    parameters.weights = to_matrix(e.weights);
    const mistakes::LinearBack example{e.gradient, e.input, e.weights, to_parts(gradient),
                                       to_grid(gradient_input)};
    const std::string given =
        shown({{"gradient_output", e.gradient}, {"input", e.input}, {"weights", e.weights}});
    if (!teacher.runs(given, [&] {
            linear_backward(gradient_output, input, parameters, gradient_input, gradient);
        }))
        return;
    compare_parts(teacher,
                  {given, mistakes::linear_backward_right(example),
                   mistakes::linear_backward(example),
                   mistakes::linear_back(example.before, example.start)},
                  mistakes::linear_back(to_grid(gradient_input), to_parts(gradient)));
}

} // namespace

TEST(LinearParametersBackward, WeightsAndBiasCollectWhatEveryRowSendsBack) {
    Teacher teacher("linear_parameters_backward");
    try_parameters_backward(teacher, small_way_back);
    for (const Shape& shape : shapes)
        try_parameters_backward(teacher, way_back(shape));
}

TEST(LinearParametersBackward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const Grid weights = numbers.grid("gradient.transformer.h.0.mlp.c_fc.weight");
        const Grid bias = numbers.grid("gradient.transformer.h.0.mlp.c_fc.bias");
        LinearParameters gradient{Matrix(weights.size(), bias[0].size(), 0),
                                  Vector(bias[0].size(), 0)};
        linear_parameters_backward(to_matrix(numbers.grid("gradient.block.0.mlp.hidden")),
                                   to_matrix(numbers.grid("block.0.mlp.norm")), gradient);
        expect_close(gradient.weights, weights);
        expect_close(gradient.bias, bias);
    }
}

TEST(LinearBackward, AnInputCollectsWhatEveryOutputSendsBack) {
    Teacher teacher("linear_backward");
    Matrix gradient_input(2, 2, 500);
    try_backward(teacher, small_way_back, gradient_input);
    for (const Shape& shape : shapes) {
        gradient_input = Matrix(shape.tokens, shape.inputs, 500);
        try_backward(teacher, way_back(shape), gradient_input);
    }
}

TEST(LinearBackward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("linear_backward");
    Matrix gradient_input; // has no rows at first, and later those of the call before
    try_backward(teacher, small_way_back, gradient_input);
    for (const Shape& shape : shapes) {
        try_backward(teacher, way_back(shape), gradient_input);
        gradient_input = stale_matrix(shape.tokens, shape.inputs);
        try_backward(teacher, way_back(shape), gradient_input);
    }
}

TEST(LinearBackward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const Matrix weights = to_matrix(numbers.grid("transformer.h.0.mlp.c_fc.weight"));
        const LinearParameters parameters{weights, Vector(weights.size2(), 0)};
        LinearParameters gradient{Matrix(weights.size1(), weights.size2(), 0),
                                  Vector(weights.size2(), 0)};
        Matrix gradient_input;
        linear_backward(to_matrix(numbers.grid("gradient.block.0.mlp.hidden")),
                        to_matrix(numbers.grid("block.0.mlp.norm")), parameters, gradient_input,
                        gradient);
        expect_close(gradient_input, numbers.grid("gradient.block.0.mlp.norm"));
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
