#include "layer_norm.h"

#include "support/finite_differences.h"
#include "support/matrices.h"
#include "support/plain_loops.h"

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

} // namespace

TEST(LayerNorm, ForwardMovesRescalesStretchesAndShiftsEachRow) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        Matrix output = stale_matrix(shape.tokens, shape.width);
        layer_norm_forward(e.input, e.parameters, output);
        expect_close(output, expected_output(e));
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
