// What is often done wrong in a step of training, and what comes out of it.
#pragma once

#include "support/teach.h"
#include "training/schedule.h"
#include "training/trainer.h"

#include <cmath>

namespace mistakes {

using support::Grid;
using support::Mistakes;

// What somebody does otherwise than they should.
struct StepPlan {
    bool clips = true;         // before the stride
    bool says_norm = true;     // in the result
    bool says_loss = true;     // in the result
    bool computes = true;      // the gradient
    bool remembers = true;     // the velocity, from step to step
    bool highest_rate = false; // of the recipe, in every step
    int strides = 1;
};

using ParameterList = std::vector<whirlygig::NamedParameter<whirlygig::Real>>;

inline std::vector<double> all_numbers(const ParameterList& list) {
    std::vector<double> numbers;
    for (const auto& parameter : list)
        numbers.insert(numbers.end(), parameter.values.begin(), parameter.values.end());
    return numbers;
}

inline double length_of(const std::vector<double>& numbers) {
    double squares = 0;
    for (const double number : numbers)
        squares += number * number;
    return std::sqrt(squares);
}

// Momentum, number by number.
inline void stride(const std::vector<double>& gradient, double rate, double share,
                   std::vector<double>& velocity, const ParameterList& parameters) {
    velocity.resize(gradient.size());
    std::size_t number = 0;
    for (const auto& parameter : parameters) {
        for (whirlygig::Real& value : parameter.values) {
            velocity[number] = share * velocity[number] + gradient[number];
            value = static_cast<whirlygig::Real>(value - rate * velocity[number++]);
        }
    }
}

// For each of three steps: the loss and the length of the gradient as the result tells them, how
// far the parameters moved, and how many strides the optimiser has counted.
inline Grid steps_with(const StepPlan& plan, whirlygig::TrainingState state,
                       const std::vector<whirlygig::Example>& batch) {
    whirlygig::BatchGradient gradient(state.model.config);
    whirlygig::Workers workers(1);
    const auto parameters = list_parameters(state.model.parameters);
    std::vector<double> velocity;
    Grid rows;
    for (std::uint64_t step = 1; step <= 3; ++step) {
        const double rate =
            plan.highest_rate ? state.recipe.learning_rate : learning_rate_at(state.recipe, step);
        const double loss =
            plan.computes ? gradient.compute(state.model, batch, workers).weighted : 0;
        std::vector<double> slope = all_numbers(gradient.list());
        const double norm = length_of(slope), limit = state.recipe.clip;
        for (double& number : slope)
            number *= plan.clips ? std::min(1.0, limit / (norm + 1e-6)) : 1;
        if (!plan.remembers) velocity.clear();
        std::vector<double> way = all_numbers(parameters);
        for (int stride_number = 0; stride_number < plan.strides; ++stride_number)
            stride(slope, rate, state.recipe.optimizer.momentum, velocity, parameters);
        const std::vector<double> there = all_numbers(parameters);
        for (std::size_t i = 0; i < way.size(); ++i)
            way[i] -= there[i];
        const double moved = length_of(way);
        const auto counted = plan.remembers ? static_cast<double>(step) * plan.strides : 0;
        rows.push_back({plan.says_loss ? loss : 0, plan.says_norm ? norm : 0, moved, counted});
    }
    return rows;
}

inline Mistakes training_step(const whirlygig::TrainingState& state,
                              const std::vector<whirlygig::Example>& batch) {
    const auto with = [&](const StepPlan& plan) { return steps_with(plan, state, batch); };
    return {
        {"The gradient is not clipped: call clip_gradient, and keep what it returns in "
         "result.gradient_norm.",
         with({.clips = false, .says_norm = false})},
        {"The step is taken before the gradient is clipped; clip first.", with({.clips = false})},
        {"The step down is missing: nobody calls optimizer_step, so nothing is learned.",
         with({.strides = 0})},
        {"Two steps are taken with one gradient; optimizer_step should be called once.",
         with({.strides = 2})},
        {"The loss is not told: keep what compute_gradient returns in result.loss.",
         with({.says_loss = false})},
        {"The gradient's length is not told: keep what clip_gradient returns in "
         "result.gradient_norm.",
         with({.says_norm = false})},
        {"The rate is the recipe's highest; this step's own rate is result.learning_rate.",
         with({.highest_rate = true})},
        {"The gradient is never computed: call compute_gradient with the examples first.",
         with({.computes = false})},
        {"The optimiser forgets everything from step to step: call optimizer_step, and give it "
         "state.optimizer, which is kept.",
         with({.remembers = false})},
    };
}

} // namespace mistakes
