// What is often done wrong in gradient_by_nudging and gradient_descent_step.
#pragma once

#include "support/matrix_mistakes.h"
#include "support/teach_parts.h"

#include <functional>

namespace mistakes {

// A row of numbers: number(i) for each i.
inline Grid row_of(std::size_t size, const std::function<double(std::size_t)>& number) {
    return made(1, size, [&](std::size_t, std::size_t i) { return number(i); });
}

inline Grid descended(const Grid& gradient, double rate, const Grid& parameter) {
    return row_of(parameter[0].size(),
                  [&](std::size_t i) { return parameter[0][i] - rate * gradient[0][i]; });
}

inline Mistakes gradient_descent_step(const Grid& gradient, double rate, const Grid& parameter) {
    const std::size_t size = parameter[0].size();
    const auto each = [&](auto number) {
        return row_of(size, [&](std::size_t i) { return number(parameter[0][i], gradient[0][i]); });
    };
    const Grid right = descended(gradient, rate, parameter);
    const auto only_where = [&](auto is_written) {
        return row_of(size,
                      [&](std::size_t i) { return is_written(i) ? right[0][i] : parameter[0][i]; });
    };
    return {
        {"The step goes with the gradient, where the loss grows; it should go against it: minus.",
         each([&](double p, double g) { return p + rate * g; })},
        {"The rate is forgotten: the step is the whole gradient; it should be the rate times the "
         "gradient.",
         each([](double p, double g) { return p - g; })},
        {"The parameter is replaced by the step; the step should be subtracted from it.",
         each([&](double, double g) { return rate * g; })},
        {"The parameter is replaced by minus the step; the step should be subtracted from it.",
         each([&](double, double g) { return -rate * g; })},
        {"The gradient is divided by the rate; it should be multiplied by it.",
         each([&](double p, double g) { return p - g / rate; })},
        {"Only the sign of the gradient counts; a steeper slope should make a longer step.",
         each([&](double p, double g) { return p - rate * (g > 0   ? 1
                                                           : g < 0 ? -1
                                                                   : 0); })},
        {"The parameter is multiplied by the step; the step should be subtracted from it.",
         each([&](double p, double g) { return p - rate * g * p; })},
        {"Every number uses the first number of the gradient; each has its own.",
         each([&](double p, double) { return p - rate * gradient[0][0]; })},
        {"The rate is subtracted and the gradient is forgotten.",
         each([&](double p, double) { return p - rate; })},
        {"Your loop stops one too early, so the last number stays where it is.",
         only_where([&](std::size_t i) { return i + 1 < size; })},
        {"Your loop starts at 1, so number 0 stays where it is.",
         only_where([](std::size_t i) { return i > 0; })},
        {"Nothing has changed: every number still is what it was before the step.", parameter},
    };
}

using GridLoss = std::function<double(const Grid&)>; // of a row of parameters

struct Nudged {
    GridLoss loss;
    double nudge;
    Grid parameters, before; // `before`: what stood in the gradient
};

inline Grid moved(Grid parameters, std::size_t i, double by) {
    parameters[0][i] += by;
    return parameters;
}

inline Grid all_moved(Grid parameters, double by) {
    for (double& number : parameters[0])
        number += by;
    return parameters;
}

inline double rise(const Nudged& n, const Grid& at, std::size_t i) {
    return n.loss(moved(at, i, n.nudge)) - n.loss(moved(at, i, -n.nudge));
}

inline support::Parts nudged(const Grid& gradient, const Grid& parameters) {
    return {{"gradient", gradient}, {"parameters afterwards", parameters}};
}

inline support::Parts gradient_by_nudging_right(const Nudged& n) {
    return nudged(row_of(n.parameters[0].size(),
                         [&](std::size_t i) { return rise(n, n.parameters, i) / (2 * n.nudge); }),
                  n.parameters);
}

// Each parameter stays where a nudge left it, while the others are nudged.
inline support::Parts not_put_back(const Nudged& n, double left_at) {
    Grid parameters = n.parameters, gradient = n.parameters;
    for (std::size_t i = 0; i < parameters[0].size(); ++i) {
        gradient[0][i] = rise(n, parameters, i) / (2 * n.nudge);
        parameters = moved(parameters, i, left_at);
    }
    return nudged(gradient, parameters);
}

inline support::PartsMistakes gradient_by_nudging(const Nudged& n) {
    const std::size_t size = n.parameters[0].size();
    const double here = n.loss(n.parameters), nudge = n.nudge;
    const support::Parts right = gradient_by_nudging_right(n);
    const Grid slopes = right[0].second;
    const auto each = [&](const std::function<double(std::size_t)>& number) {
        return nudged(row_of(size, number), n.parameters);
    };
    const auto up = [&](std::size_t i) { return n.loss(moved(n.parameters, i, nudge)); };
    const auto down = [&](std::size_t i) { return n.loss(moved(n.parameters, i, -nudge)); };
    const double together =
        (n.loss(all_moved(n.parameters, nudge)) - n.loss(all_moved(n.parameters, -nudge))) /
        (2 * nudge);
    Grid one_step = n.parameters;
    for (std::size_t i = 0; i < size; ++i)
        one_step[0][i] -= slopes[0][i];
    return {
        {"The difference of the two losses is divided by one nudge; from below to above it is two.",
         each([&](std::size_t i) { return rise(n, n.parameters, i) / nudge; })},
        {"The difference of the two losses is not divided; a slope is the rise of the loss divided "
         "by how far the parameter moved.",
         each([&](std::size_t i) { return rise(n, n.parameters, i); })},
        {"The difference is multiplied by the nudge; it should be divided by twice the nudge.",
         each([&](std::size_t i) { return rise(n, n.parameters, i) * nudge; })},
        {"The division has a bracket missing: / 2 * nudge divides by 2 and then multiplies by the "
         "nudge; write / (2 * nudge).",
         each([&](std::size_t i) { return rise(n, n.parameters, i) / 2 * nudge; })},
        {"The loss above is subtracted from the loss below; it should be above minus below.",
         each([&](std::size_t i) { return -slopes[0][i]; })},
        {"The parameter is nudged up only; nudge it down, too, and compare the two losses.",
         each([&](std::size_t i) { return (up(i) - here) / nudge; })},
        {"The parameter is nudged down only; nudge it up, too, and compare the two losses.",
         each([&](std::size_t i) { return (here - down(i)) / nudge; })},
        {"The way down starts at the nudged parameter, so the loss below is taken where the "
         "parameter was at first; it should be one nudge lower.",
         each([&](std::size_t i) { return (up(i) - here) / (2 * nudge); })},
        {"The parameter is not put back: it stays one nudge lower, and all later slopes are "
         "measured at another point.",
         not_put_back(n, -nudge)},
        {"The parameter is not put back where it was: it ends one nudge higher.",
         not_put_back(n, nudge)},
        {"All parameters are nudged at once; one at a time should be, while the others stay.",
         each([&](std::size_t) { return together; })},
        {"Every slope is the one of parameter 0; each parameter has a slope of its own.",
         each([&](std::size_t) { return slopes[0][0]; })},
        {"The loss itself is written; the slope is how fast it rises.",
         each([&](std::size_t) { return here; })},
        {"Your code adds to what stood in the gradient before; old numbers must be written over.",
         each([&](std::size_t i) { return n.before[0][i] + slopes[0][i]; })},
        {"Your loop stops one too early, so the last number of the gradient is not written.",
         each([&](std::size_t i) { return i + 1 < size ? slopes[0][i] : n.before[0][i]; })},
        {"Your loop starts at 1, so number 0 of the gradient is not written.",
         each([&](std::size_t i) { return i > 0 ? slopes[0][i] : n.before[0][i]; })},
        {"The parameters are moved by the slope; here the slope is only measured.",
         nudged(slopes, one_step)},
        {"Nothing is written into the gradient: it holds what stood in it before.",
         nudged(n.before, n.parameters)},
    };
}

} // namespace mistakes
