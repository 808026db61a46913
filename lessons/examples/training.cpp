// Lesson 12: a steep and narrow valley, and three ways down; Adam's corrections; clipping.
#include "examples.h"
#include "training/optimizer.h"

#include <fmt/format.h>

#include <array>
#include <functional>

namespace whirlygig {
namespace {

using Point = std::array<Real, 2>;

// Nine times as steep along y as along x: loss = (x² + 9·y²) / 2.
double loss_at(const Point& p) {
    return (p[0] * p[0] + 9 * p[1] * p[1]) / 2;
}

Point gradient_at(const Point& p) {
    return {p[0], 9 * p[1]};
}

// Moves the point by a step; t counts the steps from 1.
using Stride = std::function<void(const Point& gradient, std::uint64_t t, Point& point)>;

std::string walk(const std::string& title, const Stride& stride) {
    std::string text = title + "\n  step       x       y   gradient by x   gradient by y    loss\n";
    Point point = {9, 2};
    for (std::uint64_t t = 0; t <= 5; ++t) {
        const Point gradient = gradient_at(point);
        text += fmt::format("  {:>4}  {:>6.2f}  {:>6.2f}  {:>14.2f}  {:>14.2f}  {:>6.2f}\n", t,
                            point[0], point[1], gradient[0], gradient[1], loss_at(point));
        stride(gradient, t + 1, point);
    }
    return text;
}

std::string three_walks() {
    Point velocity = {}, mean = {}, mean_square = {};
    const OptimizerOptions options;
    std::string text =
        walk("gradient descent, rate 0.2", [](const Point& gradient, std::uint64_t, Point& point) {
            gradient_descent_step(gradient, 0.2, point);
        });
    text += "\n" +
            walk("momentum 0.5, rate 0.2", [&](const Point& gradient, std::uint64_t, Point& point) {
                momentum_step(gradient, 0.2, 0.5, velocity, point);
            });
    text +=
        "\n" + walk("Adam, rate 1", [&](const Point& gradient, std::uint64_t t, Point& point) {
            adam_step(gradient, 1, options, bias_correction(options, t), mean, mean_square, point);
        });
    return text;
}

std::string corrections() {
    const OptimizerOptions options;
    std::string text = fmt::format("bias corrections for beta1 = {} and beta2 = {}\n"
                                   "     t    mean   mean square\n",
                                   options.beta1, options.beta2);
    for (const std::uint64_t t : {1, 2, 3, 10, 100, 500}) {
        const BiasCorrection correction = bias_correction(options, t);
        text += fmt::format("  {:>4}  {:>6.3f}  {:>12.3f}\n", t, correction.mean,
                            correction.mean_square);
    }
    return text;
}

std::string clipped() {
    std::array<Real, 2> weights = {3, 0};
    std::array<Real, 1> bias = {-4};
    const std::vector<NamedParameter<Real>> gradient = {
        {"weights", ParameterKind::weights, 1, 2, weights},
        {"bias", ParameterKind::bias, 1, 1, bias}};
    const auto numbers = [&] {
        return fmt::format("weights {:.2f} {:.2f}, bias {:.2f}", weights[0], weights[1], bias[0]);
    };
    std::string text = "a gradient, clipped to the length 2\n  before  " + numbers() + "\n";
    const double length = clip_gradient(gradient, 2);
    text += fmt::format("  length  {:.2f}, so all is multiplied by {:.2f}\n", length,
                        clip_factor(length, 2));
    return text + "  after   " + numbers() + "\n";
}

} // namespace

std::string training_example() {
    return three_walks() + "\n" + corrections() + "\n" + clipped();
}

} // namespace whirlygig
