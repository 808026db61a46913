#include "training/optimizer.h"

#include "support/descent_mistakes.h"
#include "support/error_sentence.h"

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

Numbers to_numbers(const Grid& grid) {
    return {grid[0].begin(), grid[0].end()};
}

void try_descent(support::Teacher& teacher, const Grid& gradient, double rate,
                 const Grid& parameter) {
    const std::string given =
        support::shown({{"gradient", gradient}}) + fmt::format("given rate: {}\n", rate) +
        support::shown({{"parameter", parameter}}) + "the parameter afterwards:\n";
    const Numbers g = to_numbers(gradient);
    Numbers p = to_numbers(parameter);
    if (!teacher.runs(given, [&] { gradient_descent_step(g, rate, p); })) return;
    teacher.compare({given, mistakes::descended(gradient, rate, parameter),
                     mistakes::gradient_descent_step(gradient, rate, parameter)},
                    Grid{{p.begin(), p.end()}}, parameter);
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

TEST(Optimizer, MomentumKeepsAShareOfItsVelocity) {
    Numbers velocity{0, 8};
    Numbers parameter{1, 1};
    momentum_step(Numbers{2, -4}, 0.25, 0.5, velocity, parameter);
    EXPECT_EQ(velocity, (Numbers{2, 0}));
    EXPECT_EQ(parameter, (Numbers{0.5, 1}));
    momentum_step(Numbers{0, 4}, 0.25, 0.5, velocity, parameter);
    EXPECT_EQ(velocity, (Numbers{1, 4}));
    EXPECT_EQ(parameter, (Numbers{0.25, 0}));
}

// With the means' start at 0 made up for, the first step is the rate, whatever the gradient's size.
TEST(Optimizer, AdamsFirstStepIsTheRate) {
    const Numbers gradient{1e-3, -7, 500};
    Numbers mean(3), mean_square(3), parameter(3);
    adam_step(gradient, 0.1, {}, bias_correction({}, 1), mean, mean_square, parameter);
    EXPECT_NEAR(parameter[0], -0.1 * 1e-3 / (1e-3 + 1e-8), tolerance);
    EXPECT_NEAR(parameter[1], 0.1 * 7 / (7 + 1e-8), tolerance);
    EXPECT_NEAR(parameter[2], -0.1 * 500 / (500 + 1e-8), tolerance);
}

// Two steps by hand: g = 3, then g = −1, with β1 = 0.5 and β2 = 0.75.
TEST(Optimizer, AdamByHand) {
    OptimizerOptions options;
    options.beta1 = 0.5;
    options.beta2 = 0.75;
    Numbers mean(1), mean_square(1), parameter{10};
    adam_step(Numbers{3}, 0.1, options, bias_correction(options, 1), mean, mean_square, parameter);
    adam_step(Numbers{-1}, 0.2, options, bias_correction(options, 2), mean, mean_square, parameter);
    EXPECT_NEAR(mean[0], 0.25, tolerance);          // 1.5 / 2 − 0.5
    EXPECT_NEAR(mean_square[0], 1.9375, tolerance); // 2.25 · 0.75 + 0.25
    const double first = 0.1 * 3 / (3 + 1e-8);
    const double second = 0.2 * (0.25 / 0.75) / (std::sqrt(1.9375 / 0.4375) + 1e-8);
    EXPECT_NEAR(parameter[0], 10 - first - second, 20 * tolerance);
}

TEST(Optimizer, AParameterWithoutGradientStaysUnderAdam) {
    Numbers mean(1), mean_square(1), parameter{5};
    adam_step(Numbers{0}, 0.1, {}, bias_correction({}, 1), mean, mean_square, parameter);
    EXPECT_EQ(parameter[0], 5);
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
    TwoParameters gradient{{0, 0, 3, 0, 0, 0}, {0, 0, -4}};
    EXPECT_NEAR(clip_gradient(gradient.list(), 6), 5, 5 * tolerance);
    EXPECT_EQ(gradient.table[2], 3);
    EXPECT_NEAR(clip_gradient(gradient.list(), 2), 5, 5 * tolerance);
    const double factor = 2 / (5 + 1e-6);
    EXPECT_NEAR(gradient.table[2], 3 * factor, 3 * tolerance);
    EXPECT_NEAR(gradient.bias[2], -4 * factor, 4 * tolerance);
    EXPECT_NEAR(gradient_norm(gradient.list()), 5 * factor, 5 * tolerance);
}

TEST(ClipGradient, ManyNumbersAreSummedPrecisely) {
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
