#include "gelu.h"

#include "support/backward_mistakes.h"
#include "support/finite_differences.h"
#include "support/gelu_mistakes.h"
#include "support/matrices.h"
#include "support/plain_loops.h"
#include "support/pytorch_numbers.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t rows, columns;
};
const Shape shapes[] = {{5, 10}, {1, 1}, {1, 7}, {9, 2}};

// At each of these numbers.
void try_gate(Teacher& teacher, const Grid& numbers) {
    Grid got = numbers;
    const std::string given = shown({{"x, one number after the other", numbers}}) + "the gates:\n";
    const bool ran = teacher.runs(given, [&] {
        for (double& number : got[0])
            number = gate(static_cast<Real>(number));
    });
    if (ran)
        teacher.compare(
            {given, mistakes::each(numbers, mistakes::gelu_gate), mistakes::gate(numbers)}, got);
}

// The result may hold anything before; afterwards it holds what the next call finds there.
void try_gelu(Teacher& teacher, const Grid& hidden, Matrix& activated) {
    const Matrix matrix = to_matrix(hidden);
    teacher.try_out({shown({{"hidden", hidden}}), plain::gelu(hidden),
                     mistakes::gelu_forward(hidden, to_grid(activated))},
                    activated, [&] { gelu_forward(matrix, activated); });
}

Grid random_hidden(const Shape& shape) {
    Random random(shape.columns);
    return to_grid(random_matrix(random, shape.rows, shape.columns, 2));
}

} // namespace

TEST(Gate, OpensBitByBitFromZeroToOne) {
    Teacher teacher("gate");
    try_gate(teacher, {{-3, -1, 0, 0.5, 1, 2}});
    try_gate(teacher, random_hidden({1, 17}));
}

TEST(Gate, FarAwayItIsShutOrOpen) {
    Teacher teacher("gate");
    try_gate(teacher, {{-1e6, -30, -8, 8, 30, 1e6}});
}

TEST(GeluForward, BendsEachNumberByItself) {
    Teacher teacher("gelu_forward");
    Matrix activated(2, 3, 100);
    try_gelu(teacher, {{-3, -1, -0.5}, {0, 1, 3}}, activated);
    for (const Shape& shape : shapes) {
        activated = Matrix(shape.rows, shape.columns, 100);
        try_gelu(teacher, random_hidden(shape), activated);
    }
}

TEST(GeluForward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("gelu_forward");
    Matrix activated; // has no rows at first, and later those of the call before
    try_gelu(teacher, {{-3, -1, -0.5}, {0, 1, 3}}, activated);
    for (const Shape& shape : shapes) {
        try_gelu(teacher, random_hidden(shape), activated);
        activated = stale_matrix(shape.rows, shape.columns);
        try_gelu(teacher, random_hidden(shape), activated);
    }
}

TEST(GeluForward, GivesTheNumbersOfPyTorch) {
    const PyTorchNumbers numbers("functions");
    Matrix activated;
    gelu_forward(to_matrix(numbers.grid("gelu.x")), activated);
    expect_close(activated, numbers.grid("gelu.y"));
}

// From the formula in the header, worked out by a second program in Python.
TEST(Gelu, HasTheseValuesInTheTanhForm) {
    Matrix activated;
    gelu_forward(to_matrix({{-3, -1, -0.5, 0, 0.5, 1, 3}}), activated);
    expect_close(activated, {{-0.0036373920817729943, -0.15880800939172324, -0.15428599017485606, 0,
                              0.34571400982514394, 0.8411919906082768, 2.996362607918227}});
    EXPECT_EQ(activated(0, 3), 0);
}

TEST(Gelu, FarAboveZeroChangesNothingAndFarBelowLetsNothingThrough) {
    Matrix activated;
    gelu_forward(to_matrix({{1e3, -1e3, 20, -100}}), activated);
    expect_equal(activated, {{1e3, 0, 20, 0}});
}

TEST(Gelu, BackwardIsTheGradientTimesTheSlope) {
    for (const Shape& shape : shapes) {
        Random random(shape.columns + 50);
        const Matrix hidden = random_matrix(random, shape.rows, shape.columns, 2);
        const Matrix gradient_activated = random_matrix(random, shape.rows, shape.columns);
        Matrix gradient_hidden = stale_matrix(shape.rows, shape.columns);
        gelu_backward(gradient_activated, hidden, gradient_hidden);
        expect_gradient(gradient_hidden, slopes(to_grid(hidden), [&](const Grid& changed) {
                            return plain::weighted_sum(to_grid(gradient_activated),
                                                       plain::gelu(changed));
                        }));
    }
}

TEST(Gelu, TheSlopeIsOneHalfAtZeroAndOneOrZeroFarAway) {
    Matrix gradient_hidden;
    gelu_backward(Matrix(1, 5, 2), to_matrix({{0, 20, -20, 1e3, -1e3}}), gradient_hidden);
    expect_close(gradient_hidden, {{1, 2, 0, 2, 0}});
}

namespace {

// `result` may hold anything before; afterwards it holds what the next call finds there.
void try_gelu_backward(Teacher& teacher, const Grid& gradient, const Grid& hidden, Matrix& result) {
    const Matrix by_activated = to_matrix(gradient), before_the_bend = to_matrix(hidden);
    teacher.try_out({shown({{"gradient_activated", gradient}, {"hidden", hidden}}),
                     plain::gelu_backward(gradient, hidden),
                     mistakes::gelu_backward(gradient, hidden, to_grid(result))},
                    result, [&] { gelu_backward(by_activated, before_the_bend, result); });
}

void try_gelu_backward(Teacher& teacher, const Shape& shape, Matrix& result) {
    Random random(shape.columns + 50);
    const Grid hidden = to_grid(random_matrix(random, shape.rows, shape.columns, 2));
    const Grid gradient = to_grid(random_matrix(random, shape.rows, shape.columns));
    try_gelu_backward(teacher, gradient, hidden, result);
}

} // namespace

TEST(GeluBackward, IsTheGradientTimesTheSlope) {
    Teacher teacher("gelu_backward");
    Matrix result(2, 3, 50);
    try_gelu_backward(teacher, {{1, 1, 1}, {2, -4, 8}}, {{0, 1, -1}, {0.5, 3, -2}}, result);
    for (const Shape& shape : shapes) {
        result = Matrix(shape.rows, shape.columns, 50);
        try_gelu_backward(teacher, shape, result);
    }
}

TEST(GeluBackward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("gelu_backward");
    Matrix result; // has no rows at first, and later those of the call before
    try_gelu_backward(teacher, {{1, 1, 1}}, {{0, 1, -1}}, result);
    for (const Shape& shape : shapes) {
        try_gelu_backward(teacher, shape, result);
        result = stale_matrix(shape.rows, shape.columns);
        try_gelu_backward(teacher, shape, result);
    }
}

TEST(GeluBackward, GivesTheSlopesOfPyTorch) {
    const PyTorchNumbers numbers("functions");
    const Grid hidden = numbers.grid("gelu.x");
    Matrix slope;
    gelu_backward(Matrix(1, hidden[0].size(), 1), to_matrix(hidden), slope);
    expect_close(slope, numbers.grid("gelu.derivative"));
}

TEST(Gelu, ErrorsNameTheFunctionAndBothShapes) {
    Matrix gradient_hidden;
    expect_error([&] { gelu_backward(Matrix(5, 9), Matrix(5, 10), gradient_hidden); },
                 {"gelu_backward", "gradient_activated", "(5, 9)", "(5, 10)"});
}

TEST(Gelu, ResultsMayNotBeWrittenOverWhatTheyAreMadeFrom) {
    Matrix hidden(5, 10, 1), gradient(5, 10, 1);
    expect_error([&] { gelu_forward(hidden, hidden); }, {"gelu_forward", "written over"});
    expect_error([&] { gelu_backward(gradient, hidden, hidden); },
                 {"gelu_backward", "written over"});
    expect_error([&] { gelu_backward(gradient, hidden, gradient); },
                 {"gelu_backward", "written over"});
}

TEST(Gelu, ResultsKeepTheirMemory) {
    const Matrix hidden(5, 10, 1);
    Matrix activated, gradient_hidden;
    gelu_forward(hidden, activated);
    gelu_backward(hidden, hidden, gradient_hidden);
    const Real *of_activated = address(activated), *of_gradient = address(gradient_hidden);
    gelu_forward(hidden, activated);
    gelu_backward(hidden, hidden, gradient_hidden);
    EXPECT_EQ(address(activated), of_activated);
    EXPECT_EQ(address(gradient_hidden), of_gradient);
}
