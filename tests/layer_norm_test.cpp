#include "layer_norm.h"

#include "support/finite_differences.h"
#include "support/matrices.h"
#include "support/norm_mistakes.h"
#include "support/plain_loops.h"
#include "support/pytorch_numbers.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t tokens, width;
};
const Shape shapes[] = {{5, 6}, {1, 2}, {7, 3}, {2, 17}};

struct Example {
    Matrix input;
    NormParameters parameters;
    Matrix gradient_output;
    Matrix stream_start;  // the gradient that reached the input on its way straight on
    NormParameters start; // gradients by the parameters that were there before
};

Example make_example(const Shape& shape) {
    const auto [tokens, width] = shape;
    Random random(10 * tokens + width);
    return {random_matrix(random, tokens, width),
            {random_vector(random, width), random_vector(random, width), Real(1e-5)},
            random_matrix(random, tokens, width),
            random_matrix(random, tokens, width),
            {random_vector(random, width), random_vector(random, width), 0}};
}

Grid expected_output(const Example& e) {
    return plain::layer_norm(to_grid(e.input), to_grid(e.parameters.gain),
                             to_grid(e.parameters.shift), e.parameters.epsilon);
}

NormParameters plain_parameters(std::size_t width) {
    return {Vector(width, 1), Vector(width, 0), Real(1e-5)};
}

// All rows, each by itself.
void try_statistics(Teacher& teacher, const Grid& input, double epsilon) {
    const Matrix matrix = to_matrix(input);
    for (std::size_t row = 0; row < input.size(); ++row) {
        const auto [mean, spread] = mistakes::statistics_of(input[row], epsilon);
        const std::string given =
            shown({{"input", input}}) +
            fmt::format("given row {}, epsilon {}; mean and spread:\n", row, epsilon);
        RowStatistics got{};
        if (!teacher.runs(given,
                          [&] { got = row_statistics(matrix, row, static_cast<Real>(epsilon)); }))
            return;
        teacher.compare({given, {{mean, spread}}, mistakes::row_statistics(input, row, epsilon)},
                        {{got.mean, got.spread}});
    }
}

// The result may hold anything before; afterwards it holds what the next call finds there.
void try_norm(Teacher& teacher, const mistakes::NormExample& e, Matrix& output) {
    const Matrix input = to_matrix(e.input);
    const NormParameters parameters{to_vector(e.gain), to_vector(e.shift),
                                    static_cast<Real>(e.epsilon)};
    const std::string given = shown({{"input", e.input}, {"gain", e.gain}, {"shift", e.shift}}) +
                              fmt::format("given epsilon {}\n", e.epsilon);
    teacher.try_out({given, plain::layer_norm(e.input, e.gain, e.shift, e.epsilon),
                     mistakes::layer_norm_forward(e, to_grid(output))},
                    output, [&] { layer_norm_forward(input, parameters, output); });
}

mistakes::NormExample norm_example(const Shape& shape, double epsilon = 1e-5) {
    const Example e = make_example(shape);
    return {to_grid(e.input), to_grid(e.parameters.gain), to_grid(e.parameters.shift), epsilon};
}

const mistakes::NormExample small_example = {
    {{1, 3, 5, 7}, {2, 2, 2, 6}}, {{1, 2, 1, -1}}, {{0, 0, 10, 1}}, 1e-5};

} // namespace

TEST(RowStatistics, AreTheMeanAndTheSpreadOfARow) {
    Teacher teacher("row_statistics");
    try_statistics(teacher, {{1, 3, 5, 7}, {2, 2, 2, 6}, {0, 0, 0, 0}}, 0.25);
    for (const Shape& shape : shapes) {
        for (const double epsilon : {0.5, 1e-5})
            try_statistics(teacher, to_grid(make_example(shape).input), epsilon);
    }
}

TEST(RowStatistics, ARowFarFromZeroLosesNoDigits) {
    Teacher teacher("row_statistics");
    const double far = real_is_double ? 1e6 : 1000;
    try_statistics(teacher, {{far + 1, far - 1, far + 1, far - 1}}, 1e-5);
}

TEST(LayerNormForward, MovesRescalesStretchesAndShiftsEachRow) {
    Teacher teacher("layer_norm_forward");
    Matrix output(2, 4, 100);
    try_norm(teacher, small_example, output);
    for (const Shape& shape : shapes) {
        for (const double epsilon : {1e-5, 0.5}) {
            output = Matrix(shape.tokens, shape.width, 100);
            try_norm(teacher, norm_example(shape, epsilon), output);
        }
    }
}

TEST(LayerNormForward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("layer_norm_forward");
    Matrix output; // has no rows at first, and later those of the call before
    try_norm(teacher, small_example, output);
    for (const Shape& shape : shapes) {
        try_norm(teacher, norm_example(shape), output);
        output = stale_matrix(shape.tokens, shape.width);
        try_norm(teacher, norm_example(shape), output);
    }
}

TEST(LayerNormForward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const std::string name = "transformer.h.0.ln_1.";
        const NormParameters parameters{to_vector(numbers.grid(name + "weight")),
                                        to_vector(numbers.grid(name + "bias")), Real(1e-5)};
        Matrix output;
        layer_norm_forward(to_matrix(numbers.grid("embedding.sum")), parameters, output);
        expect_close(output, numbers.grid("block.0.attention.norm"));
    }
}

TEST(LayerNorm, RowsOfDifferentSizesBecomeTheSame) {
    // Mean 0 and variance 1 already, then the same row times 100 and then moved by 1000.
    const Matrix input =
        to_matrix({{1, -1, 1, -1}, {100, -100, 100, -100}, {1001, 999, 1001, 999}});
    Matrix output;
    layer_norm_forward(input, plain_parameters(4), output);
    expect_close(output, Grid(3, {1, -1, 1, -1}), 1e-5);
}

TEST(LayerNorm, TheVarianceDividesByTheWidth) {
    Matrix output;
    layer_norm_forward(to_matrix({{0, 2}}), plain_parameters(2), output);
    const double one = 1 / std::sqrt(1.00001); // by the width less one, it would be 0.7
    expect_close(output, {{-one, one}});
}

TEST(LayerNorm, ARowOfEqualNumbersBecomesTheShift) {
    Example e = make_example({5, 6});
    fill(e.input, -3);
    Matrix output;
    layer_norm_forward(e.input, e.parameters, output);
    expect_close(output, Grid(5, to_grid(e.parameters.shift)[0]));
}

TEST(LayerNorm, ASingleNumberBecomesTheShift) {
    const NormParameters parameters{Vector(1, 5), Vector(1, 7), Real(1e-5)};
    Matrix output;
    layer_norm_forward(to_matrix({{1000}, {-2}}), parameters, output);
    expect_equal(output, {{7}, {7}});
}

TEST(LayerNorm, EpsilonIsAddedToTheVariance) {
    Example e = make_example({5, 6});
    e.parameters.epsilon = Real(0.5);
    Matrix output;
    layer_norm_forward(e.input, e.parameters, output);
    expect_close(output, expected_output(e));
}

TEST(LayerNorm, BackwardAddsTheGradientByTheInput) {
    for (const Shape& shape : shapes) {
        for (const double epsilon : {1e-5, 0.5}) {
            Example e = make_example(shape);
            e.parameters.epsilon = static_cast<Real>(epsilon);
            Matrix gradient_input = e.stream_start;
            layer_norm_backward(e.gradient_output, e.input, e.parameters, gradient_input, e.start);
            expect_gradient(difference(gradient_input, e.stream_start),
                            slopes(to_grid(e.input), [&](const Grid& input) {
                                return plain::weighted_sum(
                                    to_grid(e.gradient_output),
                                    plain::layer_norm(input, to_grid(e.parameters.gain),
                                                      to_grid(e.parameters.shift),
                                                      e.parameters.epsilon));
                            }));
        }
    }
}

TEST(LayerNorm, BackwardAddsTheGradientsByGainAndShift) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        NormParameters gradient = e.start;
        Matrix gradient_input = e.stream_start;
        layer_norm_backward(e.gradient_output, e.input, e.parameters, gradient_input, gradient);
        const auto loss = [&](const Grid& gain, const Grid& shift) {
            return plain::weighted_sum(
                to_grid(e.gradient_output),
                plain::layer_norm(to_grid(e.input), gain, shift, e.parameters.epsilon));
        };
        const Grid gain = to_grid(e.parameters.gain), shift = to_grid(e.parameters.shift);
        expect_gradient(difference(gradient.gain, e.start.gain),
                        slopes(gain, [&](const Grid& changed) { return loss(changed, shift); }));
        expect_gradient(difference(gradient.shift, e.start.shift),
                        slopes(shift, [&](const Grid& changed) { return loss(gain, changed); }));
    }
}

TEST(LayerNorm, BackwardOfARowOfEqualNumbersIsFinite) {
    // Where nothing spreads, the output is (input − mean) / √epsilon: only the mean is taken out.
    NormParameters gradient = plain_parameters(4);
    Matrix gradient_input(1, 4, 0);
    NormParameters parameters = plain_parameters(4);
    parameters.epsilon = Real(0.25); // √ is 1/2
    layer_norm_backward(to_matrix({{1, 2, 3, 6}}), Matrix(1, 4, 9), parameters, gradient_input,
                        gradient);
    expect_close(gradient_input, {{-4, -2, 0, 6}});
}

TEST(LayerNorm, ErrorsNameTheFunctionAndBothShapes) {
    const Matrix input(5, 6, 1);
    Matrix output, right(5, 6, 0), wrong(5, 7, 0);
    NormParameters parameters = plain_parameters(6), narrow = plain_parameters(6);
    narrow.gain.resize(5);
    expect_error([&] { layer_norm_forward(input, narrow, output); },
                 {"layer_norm_forward", "gain", "(5)", "(6)"});
    expect_error([&] { layer_norm_backward(right, input, parameters, right, narrow); },
                 {"layer_norm_backward", "gain", "(5)", "(6)"});
    narrow = plain_parameters(6);
    narrow.shift.resize(7);
    expect_error([&] { layer_norm_forward(input, narrow, output); },
                 {"layer_norm_forward", "shift", "(7)", "(6)"});
    expect_error([&] { layer_norm_backward(wrong, input, parameters, right, parameters); },
                 {"layer_norm_backward", "gradient_output", "(5, 7)", "(5, 6)"});
    expect_error([&] { layer_norm_backward(right, input, parameters, wrong, parameters); },
                 {"layer_norm_backward", "gradient_input", "(5, 7)", "(5, 6)"});
}

TEST(LayerNorm, ResultsMayNotBeWrittenOverWhatTheyAreMadeFrom) {
    Matrix input(5, 6, 1), gradient_output(5, 6, 1);
    NormParameters parameters = plain_parameters(6), gradient = parameters;
    expect_error([&] { layer_norm_forward(input, parameters, input); },
                 {"layer_norm_forward", "written over"});
    expect_error([&] { layer_norm_backward(gradient_output, input, parameters, input, gradient); },
                 {"layer_norm_backward", "written over"});
    expect_error(
        [&] { layer_norm_backward(gradient_output, input, parameters, gradient_output, gradient); },
        {"layer_norm_backward", "written over"});
}

TEST(LayerNorm, TheOutputKeepsItsMemory) {
    const Example e = make_example({5, 6});
    Matrix output;
    layer_norm_forward(e.input, e.parameters, output);
    const Real* before = address(output);
    layer_norm_forward(e.input, e.parameters, output);
    EXPECT_EQ(address(output), before);
}
