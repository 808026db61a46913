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
    const Real stride = static_cast<Real>(rate);
    for (std::size_t i = 0; i < parameter.size(); ++i)
        parameter[i] -= stride * gradient[i];
    // END
}

void momentum_step(std::span<const Real> gradient, double rate, double momentum,
                   std::span<Real> velocity, std::span<Real> parameter) {
    // EXERCISE 12 momentum_step
    const Real stride = static_cast<Real>(rate), kept = static_cast<Real>(momentum);
    for (std::size_t i = 0; i < parameter.size(); ++i) {
        velocity[i] = kept * velocity[i] + gradient[i];
        parameter[i] -= stride * velocity[i];
    }
    // END
}

BiasCorrection bias_correction(const OptimizerOptions& options, std::uint64_t t) {
    // EXERCISE 12 bias_correction
    const double steps = static_cast<double>(t);
    return {1 - std::pow(options.beta1, steps), 1 - std::pow(options.beta2, steps)};
    // END
}

void adam_step(std::span<const Real> gradient, double rate, const OptimizerOptions& options,
               const BiasCorrection& correction, std::span<Real> mean, std::span<Real> mean_square,
               std::span<Real> parameter) {
    // EXERCISE 12 adam_step
    const Real beta1 = static_cast<Real>(options.beta1), beta2 = static_cast<Real>(options.beta2);
    const Real new1 = static_cast<Real>(1 - options.beta1);
    const Real new2 = static_cast<Real>(1 - options.beta2);
    const Real stride = static_cast<Real>(rate / correction.mean);
    // The correction as a factor: each number takes one division instead of two.
    const Real fair_factor = static_cast<Real>(1 / std::sqrt(correction.mean_square));
    constexpr Real epsilon = static_cast<Real>(1e-8);
    for (std::size_t i = 0; i < parameter.size(); ++i) {
        mean[i] = beta1 * mean[i] + new1 * gradient[i];
        mean_square[i] = beta2 * mean_square[i] + new2 * gradient[i] * gradient[i];
        parameter[i] -= stride * mean[i] / (std::sqrt(mean_square[i]) * fair_factor + epsilon);
    }
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
    const double norm = gradient_norm(gradient);
    const double factor = clip_factor(norm, limit);
    if (factor < 1) {
        for (const auto& parameter : gradient) {
            for (Real& number : parameter.values)
                number *= static_cast<Real>(factor);
        }
    }
    return norm;
    // END
}

} // namespace whirlygig
