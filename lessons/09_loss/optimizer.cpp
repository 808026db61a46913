#include "training/optimizer.h"

#include "error.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

using List = std::vector<NamedParameter<Real>>;
using Rows = std::vector<std::vector<Real>>;

void check_fit(const char* what, const std::string& name, std::size_t size, std::size_t expected) {
    if (size == expected) return;
    fail("the optimiser: {} of {} has {} numbers, but the parameter has {}", what, name, size,
         expected);
}

void prepare_rows(const char* what, const List& parameters, Rows& rows) {
    if (rows.empty()) {
        for (const auto& parameter : parameters)
            rows.emplace_back(parameter.values.size(), Real(0));
    }
    if (rows.size() != parameters.size()) {
        fail("the optimiser: it remembers the {} of {} parameters, but there are {}", what,
             rows.size(), parameters.size());
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
        check_fit(what, parameters[i].name, rows[i].size(), parameters[i].values.size());
}

// `Number` is Real or const Real.
template <class Number, class State>
std::vector<NamedParameter<Number>>
list_rows(State& state, const std::vector<NamedParameter<Number>>& parameters) {
    std::vector<NamedParameter<Number>> list;
    const auto append = [&](const char* what, auto& rows) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            NamedParameter<Number> entry = parameters.at(i);
            entry.name = fmt::format("{}.{}", what, entry.name);
            entry.values = rows[i];
            list.push_back(entry);
        }
    };
    append("velocity", state.velocity);
    append("mean", state.mean);
    append("mean_square", state.mean_square);
    return list;
}

} // namespace

void gradient_descent_step(std::span<const Real> gradient, double rate, std::span<Real> parameter) {
    // EXERCISE 9 gradient_descent_step
    throw NotWrittenYet("gradient_descent_step", 9);
    // END
}

void momentum_step(std::span<const Real> gradient, double rate, double momentum,
                   std::span<Real> velocity, std::span<Real> parameter) {
    // EXERCISE 12 momentum_step
    throw NotWrittenYet("momentum_step", 12);
    // END
}

BiasCorrection bias_correction(const OptimizerOptions& options, std::uint64_t t) {
    // EXERCISE 12 bias_correction
    throw NotWrittenYet("bias_correction", 12);
    // END
}

void adam_step(std::span<const Real> gradient, double rate, const OptimizerOptions& options,
               const BiasCorrection& correction, std::span<Real> mean, std::span<Real> mean_square,
               std::span<Real> parameter) {
    // EXERCISE 12 adam_step
    throw NotWrittenYet("adam_step", 12);
    // END
}

void decay_step(double rate, double decay, std::span<Real> parameter) {
    const Real kept = static_cast<Real>(1 - rate * decay);
    for (Real& number : parameter)
        number *= kept;
}

void optimizer_step(const OptimizerOptions& options, double rate, const List& gradient,
                    const List& parameters, OptimizerState& state) {
    if (gradient.size() != parameters.size()) {
        fail("the optimiser: there are {} gradients, but {} parameters", gradient.size(),
             parameters.size());
    }
    prepare_state(options.kind, parameters, state);
    ++state.steps;
    const BiasCorrection correction = bias_correction(options, state.steps);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const std::span<const Real> g = gradient[i].values;
        const std::span<Real> p = parameters[i].values;
        check_fit("the gradient", parameters[i].name, g.size(), p.size());
        switch (options.kind) {
        case OptimizerKind::gradient_descent:
            gradient_descent_step(g, rate, p);
            break;
        case OptimizerKind::momentum:
            momentum_step(g, rate, options.momentum, state.velocity[i], p);
            break;
        case OptimizerKind::adamw:
            if (is_matrix(parameters[i].kind)) decay_step(rate, options.weight_decay, p);
            [[fallthrough]]; // the rest is Adam's
        case OptimizerKind::adam:
            adam_step(g, rate, options, correction, state.mean[i], state.mean_square[i], p);
            break;
        }
    }
}

void prepare_state(OptimizerKind kind, const List& parameters, OptimizerState& state) {
    if (kind == OptimizerKind::momentum) prepare_rows("velocity", parameters, state.velocity);
    if (kind == OptimizerKind::adam || kind == OptimizerKind::adamw) {
        prepare_rows("mean gradient", parameters, state.mean);
        prepare_rows("mean square", parameters, state.mean_square);
    }
}

List list_state(OptimizerState& state, const List& parameters) {
    return list_rows<Real>(state, parameters);
}

std::vector<NamedParameter<const Real>>
list_state(const OptimizerState& state, const std::vector<NamedParameter<const Real>>& parameters) {
    return list_rows<const Real>(state, parameters);
}

double gradient_norm(const List& gradient) {
    double squares = 0;
    for (const auto& parameter : gradient) {
        for (const Real number : parameter.values)
            squares += static_cast<double>(number) * static_cast<double>(number);
    }
    return std::sqrt(squares);
}

double clip_factor(double norm, double limit) {
    return std::min(1.0, limit / (norm + 1e-6));
}

double clip_gradient(const List& gradient, double limit) {
    // EXERCISE 12 clip_gradient
    throw NotWrittenYet("clip_gradient", 12);
    // END
}

} // namespace whirlygig
