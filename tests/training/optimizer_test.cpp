#include "training/optimizer.h"

#include "support/descent_mistakes.h"
#include "support/error_sentence.h"
#include "support/optimizer_mistakes.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace whirlygig;

namespace {

constexpr double tolerance = sizeof(Real) == 4 ? 1e-6 : 1e-14;
using Numbers = std::vector<Real>;

// A matrix and a vector, in the form of a list of parameters.
struct TwoParameters {
    Numbers table{1, -2, 3, -4, 5, -6};
    Numbers bias{10, 20, 30};

    std::vector<NamedParameter<Real>> list() {
        return {{"table", ParameterKind::weights, 2, 3, table},
                {"bias", ParameterKind::bias, 1, 3, bias}};
    }
};

TwoParameters all(Real number) {
    return {Numbers(6, number), Numbers(3, number)};
}

using support::Grid;

Numbers numbers_of(const mistakes::Row& row) {
    return {row.begin(), row.end()};
}

mistakes::Row row_of(const Numbers& numbers) {
    return {numbers.begin(), numbers.end()};
}

void try_descent(support::Teacher& teacher, const Grid& gradient, double rate,
                 const Grid& parameter) {
    const std::string given =
        support::shown({{"gradient", gradient}}) + fmt::format("given rate: {}\n", rate) +
        support::shown({{"parameter", parameter}}) + "the parameter afterwards:\n";
    const Numbers g = numbers_of(gradient);
    Numbers p = numbers_of(parameter);
    if (!teacher.runs(given, [&] { gradient_descent_step(g, rate, p); })) return;
    teacher.compare({given, mistakes::descended(gradient, rate, parameter),
                     mistakes::gradient_descent_step(gradient, rate, parameter)},
                    Grid{{p.begin(), p.end()}}, parameter);
}

support::Grid random_rows(std::uint64_t seed, std::size_t rows, std::size_t columns, double size) {
    Random random(seed);
    support::Grid grid(rows, mistakes::Row(columns));
    for (mistakes::Row& row : grid) {
        for (double& number : row)
            number = size * random.normal();
    }
    return grid;
}

void try_momentum(support::Teacher& teacher, const mistakes::MomentumSteps& steps) {
    const auto right = [&](double g, double& v, double& p) {
        mistakes::right_momentum(steps.rate, steps.momentum, g, v, p);
    };
    const std::string given =
        support::shown({{"gradients, a row for each step", steps.gradients},
                        {"velocity and parameter before", {steps.velocity, steps.parameter}}}) +
        fmt::format("given rate: {}\ngiven momentum: {}\nvelocity and parameter after {}:\n",
                    steps.rate, steps.momentum, steps.gradients.size() == 1 ? "it" : "them all");
    Numbers velocity = numbers_of(steps.velocity), parameter = numbers_of(steps.parameter);
    const bool ran = teacher.runs(given, [&] {
        for (const mistakes::Row& gradient : steps.gradients)
            momentum_step(numbers_of(gradient), steps.rate, steps.momentum, velocity, parameter);
    });
    if (!ran) return;
    teacher.compare({given, mistakes::after_steps(steps, right), mistakes::momentum_step(steps)},
                    {row_of(velocity), row_of(parameter)});
}

// The corrections are right here, whoever wrote bias_correction.
void try_adam(support::Teacher& teacher, const mistakes::AdamSteps& steps) {
    const std::string given =
        support::shown({{"gradients, a row for each step", steps.gradients},
                        {"mean, mean square and parameter before",
                         {steps.mean, steps.mean_square, steps.parameter}}}) +
        fmt::format("given rate: {}\ngiven beta1: {}, beta2: {}\n"
                    "given corrections for step {}{}\nmean, mean square and parameter after:\n",
                    steps.rate, steps.beta1, steps.beta2, steps.first_step,
                    steps.gradients.size() == 1 ? "" : " and those after it");
    Numbers mean = numbers_of(steps.mean), mean_square = numbers_of(steps.mean_square);
    Numbers parameter = numbers_of(steps.parameter);
    OptimizerOptions options;
    options.beta1 = steps.beta1;
    options.beta2 = steps.beta2;
    const bool ran = teacher.runs(given, [&] {
        auto t = static_cast<double>(steps.first_step);
        for (const mistakes::Row& gradient : steps.gradients) {
            const BiasCorrection correction{1 - std::pow(steps.beta1, t),
                                            1 - std::pow(steps.beta2, t)};
            adam_step(numbers_of(gradient), steps.rate, options, correction, mean, mean_square,
                      parameter);
            ++t;
        }
    });
    if (!ran) return;
    teacher.compare(
        {given, mistakes::after_steps(steps, mistakes::right_adam), mistakes::adam_step(steps)},
        {row_of(mean), row_of(mean_square), row_of(parameter)});
}

void try_correction(support::Teacher& teacher, double beta1, double beta2,
                    const std::vector<std::uint64_t>& steps) {
    const std::string given = fmt::format(
        "given beta1: {}, beta2: {}\na row for each t of {}: the correction of the mean "
        "and that of the mean square:\n",
        beta1, beta2, fmt::join(steps, ", "));
    OptimizerOptions options;
    options.beta1 = beta1;
    options.beta2 = beta2;
    support::Grid got;
    const bool ran = teacher.runs(given, [&] {
        for (const std::uint64_t t : steps) {
            const BiasCorrection correction = bias_correction(options, t);
            got.push_back({correction.mean, correction.mean_square});
        }
    });
    if (!ran) return;
    const auto right = [](double beta, double t) { return 1 - std::pow(beta, t); };
    teacher.compare({given, mistakes::corrections(beta1, beta2, steps, right),
                     mistakes::bias_correction(beta1, beta2, steps)},
                    got);
}

// Two rows of a table and one of a bias.
void try_clip(support::Teacher& teacher, const support::Grid& gradient, double limit) {
    Numbers table = numbers_of(gradient[0]), bias = numbers_of(gradient[2]);
    const std::size_t columns = bias.size();
    for (const double number : gradient[1])
        table.push_back(static_cast<Real>(number));
    const std::vector<NamedParameter<Real>> list{
        {"table", ParameterKind::weights, 2, columns, table},
        {"bias", ParameterKind::bias, 1, columns, bias}};
    const std::string given =
        support::shown({{"gradient (two rows of a table, one of a bias)", gradient}}) +
        fmt::format("given limit: {}\nthe gradient afterwards and, in every column of the last "
                    "row, what the function returned:\n",
                    limit);
    double returned = 0;
    if (!teacher.runs(given, [&] { returned = clip_gradient(list, limit); })) return;
    const auto middle = table.begin() + static_cast<std::ptrdiff_t>(columns);
    teacher.compare({given, mistakes::clip_gradient_right(gradient, limit),
                     mistakes::clip_gradient(gradient, limit)},
                    {mistakes::Row(table.begin(), middle), mistakes::Row(middle, table.end()),
                     row_of(bias), mistakes::Row(columns, returned)});
}

} // namespace

TEST(GradientDescentStep, EveryNumberGoesAgainstItsSlope) {
    support::Teacher teacher("gradient_descent_step");
    try_descent(teacher, {{2, -4, 0}}, 0.25, {{1, 1, 1}});
    try_descent(teacher, {{0.5, 3, -1, 8, -0.25}}, 0.125, {{10, -2, 0, 4, 7}});
    try_descent(teacher, {{-3}}, 2, {{5}});
}

TEST(GradientDescentStep, AFlatPlaceIsLeftAlone) {
    support::Teacher teacher("gradient_descent_step");
    try_descent(teacher, {{0, 0, 0, 0}}, 0.5, {{3, -1, 2, 8}});
}

TEST(GradientDescentStep, TheRateSaysHowFar) {
    support::Teacher teacher("gradient_descent_step");
    for (const double rate : {0.0, 0.0625, 0.5, 1.0, 3.0})
        try_descent(teacher, {{1, -2, 4}}, rate, {{8, 16, -32}});
}

TEST(Optimizer, GradientDescentGoesAgainstTheGradient) {
    const Numbers gradient{2, -4, 0};
    Numbers parameter{1, 1, 1};
    gradient_descent_step(gradient, 0.25, parameter);
    EXPECT_EQ(parameter, (Numbers{0.5, 2, 1}));
}

TEST(MomentumStep, KeepsAShareOfItsVelocity) {
    support::Teacher teacher("momentum_step");
    try_momentum(teacher, {{{2, -4, 1}}, 0.25, 0.5, {0, 8, -6}, {1, 1, 2}});
    try_momentum(teacher, {{{2, -4, 1}, {0, 4, -2}, {1, 1, 8}}, 0.25, 0.5, {0, 8, 2}, {1, 1, 2}});
    for (const std::size_t numbers : {1, 5, 64}) {
        const support::Grid rows = random_rows(numbers, 2, numbers, 3);
        try_momentum(teacher,
                     {random_rows(7 * numbers, 4, numbers, 1), 0.3, 0.9, rows[0], rows[1]});
    }
}

TEST(MomentumStep, WithoutMomentumItIsGradientDescent) {
    support::Teacher teacher("momentum_step");
    try_momentum(teacher, {{{2, -4}, {1, 3}}, 0.5, 0, {7, -9}, {1, 1}});
}

TEST(BiasCorrection, MakesUpForTheStartAtZero) {
    support::Teacher teacher("bias_correction");
    try_correction(teacher, 0.5, 0.75, {1, 2, 3});
    try_correction(teacher, 0.9, 0.99, {1, 2, 10, 500});
    try_correction(teacher, 0.9, 0.999, {1, 7, 100'000});
}

TEST(AdamStep, DividesTheMeanByTheRootOfTheMeanSquare) {
    support::Teacher teacher("adam_step");
    try_adam(teacher, {{{3, -2, 4}}, 0.1, 0.5, 0.75, {0, 0, 0}, {0, 0, 0}, {10, 1, -5}});
    try_adam(teacher,
             {{{3, -2, 4}, {-1, -2, 0}}, 0.1, 0.5, 0.75, {0, 0, 0}, {0, 0, 0}, {10, 1, -5}});
    try_adam(teacher, {{{3, -2}, {-1, 5}}, 0.2, 0.25, 0.75, {1, 2}, {4, 9}, {1, 2}, 4});
    for (const std::size_t numbers : {1, 5, 64}) {
        const support::Grid rows = random_rows(numbers, 3, numbers, 1);
        mistakes::Row squares = rows[1];
        for (double& number : squares)
            number *= number;
        try_adam(teacher, {random_rows(7 * numbers, 4, numbers, 1), 0.01, 0.9, 0.99, rows[0],
                           squares, rows[2], 3});
    }
}

// The first step is the rate, whatever the gradient's size; unless it is as small as 1e-8.
TEST(AdamStep, TheGradientsSizeDoesNotMatter) {
    support::Teacher teacher("adam_step");
    try_adam(teacher,
             {{{1e-3, -7, 500, 2e-8}}, 0.125, 0.9, 0.99, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}});
}

TEST(AdamStep, AParameterWithoutGradientStays) {
    support::Teacher teacher("adam_step");
    try_adam(teacher, {{{0, 1}, {0, 2}}, 0.1, 0.9, 0.99, {0, 0}, {0, 0}, {5, 6}});
}

TEST(Optimizer, OnlyMatricesDecayAndOnlyUnderAdamW) {
    for (const OptimizerKind kind : {OptimizerKind::adam, OptimizerKind::adamw}) {
        TwoParameters parameters, gradient = all(0);
        OptimizerOptions options;
        options.kind = kind;
        options.weight_decay = 0.5;
        OptimizerState state;
        optimizer_step(options, 0.1, gradient.list(), parameters.list(), state);
        const double kept = kind == OptimizerKind::adamw ? 0.95 : 1;
        for (std::size_t i = 0; i < 6; ++i)
            EXPECT_NEAR(parameters.table[i], kept * TwoParameters().table[i], 6 * tolerance);
        EXPECT_EQ(parameters.bias, TwoParameters().bias);
    }
}

TEST(Optimizer, EachKindRemembersOnlyWhatItNeeds) {
    for (const OptimizerKind kind : {OptimizerKind::gradient_descent, OptimizerKind::momentum,
                                     OptimizerKind::adam, OptimizerKind::adamw}) {
        TwoParameters parameters, gradient = all(1);
        OptimizerOptions options;
        options.kind = kind;
        OptimizerState state;
        EXPECT_TRUE(list_state(state, parameters.list()).empty());
        optimizer_step(options, 0.1, gradient.list(), parameters.list(), state);
        EXPECT_EQ(state.steps, 1u);
        const bool adam = kind == OptimizerKind::adam || kind == OptimizerKind::adamw;
        EXPECT_EQ(state.velocity.size(), kind == OptimizerKind::momentum ? 2u : 0u);
        EXPECT_EQ(state.mean.size(), adam ? 2u : 0u);
        EXPECT_EQ(state.mean_square.size(), adam ? 2u : 0u);
    }
}

TEST(Optimizer, TheStateIsAListThatCanBeWrittenTo) {
    TwoParameters parameters;
    OptimizerState state;
    prepare_state(OptimizerKind::adam, parameters.list(), state);
    const auto list = list_state(state, parameters.list());
    ASSERT_EQ(list.size(), 4u);
    EXPECT_EQ(list[0].name, "mean.table");
    EXPECT_EQ(list[3].name, "mean_square.bias");
    EXPECT_EQ(list[0].rows, 2u);
    EXPECT_EQ(list[0].columns, 3u);
    list[3].values[1] = 7;
    EXPECT_EQ(state.mean_square[1], (Numbers{0, 7, 0}));

    const std::vector<NamedParameter<const Real>> constants{
        {"table", ParameterKind::weights, 2, 3, parameters.table},
        {"bias", ParameterKind::bias, 1, 3, parameters.bias}};
    const OptimizerState& read_only = state;
    EXPECT_EQ(list_state(read_only, constants).at(3).values[1], 7);
}

// Going on from a copy of parameters and state is the same as going on.
TEST(Optimizer, ACopiedStateGoesOnAlike) {
    OptimizerOptions options;
    TwoParameters parameters, gradient = all(0.5);
    OptimizerState state;
    for (int step = 0; step < 3; ++step)
        optimizer_step(options, 0.1, gradient.list(), parameters.list(), state);
    TwoParameters copied = parameters;
    OptimizerState copied_state = state;
    gradient = all(-2);
    optimizer_step(options, 0.1, gradient.list(), parameters.list(), state);
    optimizer_step(options, 0.1, gradient.list(), copied.list(), copied_state);
    EXPECT_EQ(parameters.table, copied.table);
    EXPECT_EQ(parameters.bias, copied.bias);
    OptimizerState fresh;
    copied = TwoParameters();
    optimizer_step(options, 0.1, gradient.list(), copied.list(), fresh);
    EXPECT_NE(state.mean, fresh.mean);
}

TEST(Optimizer, WhatDoesNotFitTogetherIsRefused) {
    TwoParameters parameters, gradient = all(1);
    OptimizerState state;
    const auto step = [&](const auto& gradient_list) {
        return error_sentence(
            [&] { optimizer_step({}, 0.1, gradient_list, parameters.list(), state); });
    };
    auto short_list = gradient.list();
    short_list.pop_back();
    expect_contains(step(short_list), "1 gradients, but 2 parameters");
    gradient.bias.pop_back();
    expect_contains(step(gradient.list()), "the gradient of bias has 2 numbers");
    gradient = all(1);
    state = {};
    state.mean = {Numbers(6), Numbers(4)};
    expect_contains(step(gradient.list()), "bias has 4 numbers");
    state.mean = {Numbers(6)};
    expect_contains(step(gradient.list()), "of 1 parameters, but there are 2");
}

TEST(ClipGradient, ShortensOnlyWhatIsTooLong) {
    support::Teacher teacher("clip_gradient");
    try_clip(teacher, {{0, 0, 3}, {0, 0, 0}, {0, 0, -4}}, 2); // its length is 5
    try_clip(teacher, {{0, 0, 3}, {0, 0, 0}, {0, 0, -4}}, 6);
    try_clip(teacher, {{1, -2, 3}, {4, 5, -6}, {7, 8, 9}}, 0.5);
    try_clip(teacher, {{1, -2, 3}, {4, 5, -6}, {7, 8, 9}}, 100);
    try_clip(teacher, random_rows(3, 3, 17, 0.2), 1);
}

TEST(GradientNorm, ManyNumbersAreSummedPrecisely) {
    Numbers ones(1'000'003, Real(0.001));
    const std::vector<NamedParameter<Real>> list{
        {"ones", ParameterKind::bias, 1, ones.size(), ones}};
    EXPECT_NEAR(gradient_norm(list), 0.001 * std::sqrt(1'000'003.0), 1e-7);
}

TEST(ClipGradient, SaysWhenTheGradientIsNotFinite) {
    TwoParameters gradient = all(1);
    gradient.bias[1] = std::numeric_limits<Real>::quiet_NaN();
    EXPECT_TRUE(std::isnan(clip_gradient(gradient.list(), 1)));
    gradient.bias[1] = std::numeric_limits<Real>::infinity();
    EXPECT_TRUE(std::isinf(clip_gradient(gradient.list(), 1)));
}
