// What is often done wrong in the exercises of optimizer.cpp, and what comes out of it. The numbers
// of a parameter move each by itself, so each mistake is one other way to move one number.
#pragma once

#include "support/plain_loops.h"
#include "support/teach.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace mistakes {

using support::Grid;
using support::Mistakes;
using Row = std::vector<double>;

// Several steps with the gradients of one after the other.
struct MomentumSteps {
    Grid gradients; // a row for each step
    double rate, momentum;
    Row velocity, parameter; // before the first
};

// One number: takes g, changes v and p.
using MomentumMove = std::function<void(double g, double& v, double& p)>;

// The velocity and the parameter after all steps.
inline Grid after_steps(const MomentumSteps& steps, const MomentumMove& move, std::size_t first = 0,
                        std::size_t left_out = 0) {
    Grid result{steps.velocity, steps.parameter};
    for (const Row& gradient : steps.gradients) {
        for (std::size_t i = first; i + left_out < gradient.size(); ++i)
            move(gradient[i], result[0][i], result[1][i]);
    }
    return result;
}

inline void right_momentum(double rate, double m, double g, double& v, double& p) {
    v = m * v + g;
    p -= rate * v;
}

inline Mistakes momentum_step(const MomentumSteps& steps) {
    const double rate = steps.rate, m = steps.momentum;
    const auto with = [&](const MomentumMove& move) { return after_steps(steps, move); };
    const auto right = [=](double g, double& v, double& p) { right_momentum(rate, m, g, v, p); };
    return {
        {"The parameter moves by the gradient; it should move by the velocity.",
         with([=](double g, double& v, double& p) { v = m * v + g, p -= rate * g; })},
        {"The velocity keeps all of what it was; it should keep only the share `momentum`.",
         with([=](double g, double& v, double& p) { v = v + g, p -= rate * v; })},
        {"The velocity forgets what it was: it should be momentum times the old velocity, plus the "
         "gradient.",
         with([=](double g, double& v, double& p) { v = g, p -= rate * v; })},
        {"The parameter goes up the velocity; it should go against it, with -=.",
         with([=](double g, double& v, double& p) { v = m * v + g, p += rate * v; })},
        {"The parameter moves before the velocity is renewed; the new velocity should move it.",
         with([=](double g, double& v, double& p) { p -= rate * v, v = m * v + g; })},
        {"The gradient is multiplied by 1 - momentum, as in a mean; here the velocity gets the "
         "whole gradient.",
         with([=](double g, double& v, double& p) { v = m * v + (1 - m) * g, p -= rate * v; })},
        {"The rate is in the velocity; it should be in the parameter's move alone.",
         with([=](double g, double& v, double& p) { v = m * v + rate * g, p -= v; })},
        {"The rate is missing: the parameter moves by the whole velocity.",
         with([=](double g, double& v, double& p) { v = m * v + g, p -= v; })},
        {"The share `momentum` is taken of the gradient, too; the velocity gets all of that.",
         with([=](double g, double& v, double& p) { v = m * (v + g), p -= rate * v; })},
        {"The share `momentum` is taken of the gradient; it should be taken of the old velocity.",
         with([=](double g, double& v, double& p) { v = v + m * g, p -= rate * v; })},
        {"The parameter is set to the move; the move should be subtracted from it, with -=.",
         with([=](double g, double& v, double& p) { v = m * v + g, p = -rate * v; })},
        {"The loop begins at 1; numbers are counted from 0.", after_steps(steps, right, 1)},
        {"The loop stops one number too early.", after_steps(steps, right, 0, 1)},
    };
}

struct AdamSteps {
    Grid gradients; // a row for each step
    double rate, beta1, beta2;
    Row mean, mean_square, parameter; // before the first
    std::uint64_t first_step = 1;     // t of the first
};

// What Adam knows of one number in a step.
struct AdamNumber {
    double g, rate, b1, b2;
    double c1, c2; // the corrections
    double &m, &s, &p;

    void renew() {
        m = b1 * m + (1 - b1) * g;
        s = b2 * s + (1 - b2) * g * g;
    }
    static constexpr double epsilon = 1e-8;
};

using AdamMove = std::function<void(AdamNumber n)>;

inline void right_adam(AdamNumber n) {
    n.renew();
    n.p -= n.rate * (n.m / n.c1) / (std::sqrt(n.s / n.c2) + n.epsilon);
}

// Mean, mean square and parameter after all steps.
inline Grid after_steps(const AdamSteps& steps, const AdamMove& move, std::size_t first = 0,
                        std::size_t left_out = 0) {
    Grid result{steps.mean, steps.mean_square, steps.parameter};
    auto t = static_cast<double>(steps.first_step);
    for (const Row& gradient : steps.gradients) {
        const double c1 = 1 - std::pow(steps.beta1, t), c2 = 1 - std::pow(steps.beta2, t);
        for (std::size_t i = first; i + left_out < gradient.size(); ++i)
            move({gradient[i], steps.rate, steps.beta1, steps.beta2, c1, c2, result[0][i],
                  result[1][i], result[2][i]});
        ++t;
    }
    return result;
}

inline Mistakes adams_means(const AdamSteps& steps) {
    const auto with = [&](const AdamMove& move) { return after_steps(steps, move); };
    const auto go = [](AdamNumber n) {
        n.p -= n.rate * (n.m / n.c1) / (std::sqrt(n.s / n.c2) + n.epsilon);
    };
    return {
        {"The mean gets the whole gradient; it should get the share 1 - beta1 of it.",
         with([=](AdamNumber n) {
             n.m = n.b1 * n.m + n.g, n.s = n.b2 * n.s + (1 - n.b2) * n.g * n.g, go(n);
         })},
        {"The mean square gets the whole square; it should get the share 1 - beta2 of it.",
         with([=](AdamNumber n) {
             n.m = n.b1 * n.m + (1 - n.b1) * n.g, n.s = n.b2 * n.s + n.g * n.g, go(n);
         })},
        {"The mean square is made of the gradient; it should be made of its square.",
         with([=](AdamNumber n) {
             n.m = n.b1 * n.m + (1 - n.b1) * n.g, n.s = n.b2 * n.s + (1 - n.b2) * n.g, go(n);
         })},
        {"beta1 and beta2 are exchanged; beta1 belongs to the mean, beta2 to the mean square.",
         with([=](AdamNumber n) {
             n.m = n.b2 * n.m + (1 - n.b2) * n.g, n.s = n.b1 * n.s + (1 - n.b1) * n.g * n.g, go(n);
         })},
        {"Old and new are exchanged: the means should keep the shares beta1 and beta2 of what they "
         "were.",
         with([=](AdamNumber n) {
             n.m = (1 - n.b1) * n.m + n.b1 * n.g, n.s = (1 - n.b2) * n.s + n.b2 * n.g * n.g, go(n);
         })},
        {"The mean square is made of the mean; it should be made of the gradient.",
         with([=](AdamNumber n) {
             n.m = n.b1 * n.m + (1 - n.b1) * n.g, n.s = n.b2 * n.s + (1 - n.b2) * n.m * n.m, go(n);
         })},
    };
}

inline Mistakes adam_step(const AdamSteps& steps) {
    const auto with = [&](const AdamMove& move) { return after_steps(steps, move); };
    Mistakes mistakes = adams_means(steps);
    for (const support::Mistake& more : Mistakes{
             {"Neither mean is corrected: both should be divided by their bias correction.",
              with([](AdamNumber n) {
                  n.renew(), n.p -= n.rate * n.m / (std::sqrt(n.s) + n.epsilon);
              })},
             {"The mean is not corrected: divide it by correction.mean.", with([](AdamNumber n) {
                  n.renew(), n.p -= n.rate * n.m / (std::sqrt(n.s / n.c2) + n.epsilon);
              })},
             {"The mean square is not corrected: divide it by correction.mean_square.",
              with([](AdamNumber n) {
                  n.renew(), n.p -= n.rate * (n.m / n.c1) / (std::sqrt(n.s) + n.epsilon);
              })},
             {"The means are multiplied by their corrections; they should be divided by them.",
              with([](AdamNumber n) {
                  n.renew(), n.p -= n.rate * n.m * n.c1 / (std::sqrt(n.s * n.c2) + n.epsilon);
              })},
             {"The square root is missing below the mean.", with([](AdamNumber n) {
                  n.renew(), n.p -= n.rate * (n.m / n.c1) / (n.s / n.c2 + n.epsilon);
              })},
             {"The mean square is corrected after its root is taken; it should be before.",
              with([](AdamNumber n) {
                  n.renew(), n.p -= n.rate * (n.m / n.c1) / (std::sqrt(n.s) / n.c2 + n.epsilon);
              })},
             {"The small number is under the root; it should be added to the root.",
              with([](AdamNumber n) {
                  n.renew(), n.p -= n.rate * (n.m / n.c1) / std::sqrt(n.s / n.c2 + n.epsilon);
              })},
             {"The small number, 1e-8, is missing: without it, a number that never had a gradient "
              "is 0 / 0.",
              with([](AdamNumber n) {
                  n.renew(), n.p -= n.rate * (n.m / n.c1) / std::sqrt(n.s / n.c2);
              })},
             {"The gradient itself is divided by the root; it should be the mean.",
              with([](AdamNumber n) {
                  n.renew(), n.p -= n.rate * n.g / (std::sqrt(n.s / n.c2) + n.epsilon);
              })},
             {"The parameter moves by the mean alone; it should be divided by the root of the mean "
              "square.",
              with([](AdamNumber n) { n.renew(), n.p -= n.rate * n.m / n.c1; })},
             {"The parameter goes along the gradient; it should go against it, with -=.",
              with([](AdamNumber n) {
                  n.renew(), n.p += n.rate * (n.m / n.c1) / (std::sqrt(n.s / n.c2) + n.epsilon);
              })},
             {"The rate is missing.", with([](AdamNumber n) {
                  n.renew(), n.p -= (n.m / n.c1) / (std::sqrt(n.s / n.c2) + n.epsilon);
              })},
             {"The loop begins at 1; numbers are counted from 0.",
              after_steps(steps, right_adam, 1)},
             {"The loop stops one number too early.", after_steps(steps, right_adam, 0, 1)},
         })
        mistakes.push_back(more);
    return mistakes;
}

// A row for each t: the correction of the mean and that of the mean square.
inline Grid corrections(double beta1, double beta2, const std::vector<std::uint64_t>& steps,
                        const std::function<double(double beta, double t)>& formula) {
    Grid rows;
    for (const std::uint64_t t : steps)
        rows.push_back(
            {formula(beta1, static_cast<double>(t)), formula(beta2, static_cast<double>(t))});
    return rows;
}

inline Mistakes bias_correction(double beta1, double beta2,
                                const std::vector<std::uint64_t>& steps) {
    const auto with = [&](const std::function<double(double, double)>& formula) {
        return corrections(beta1, beta2, steps, formula);
    };
    return {
        {"That is what is missing of the start, β to the power of t; the correction is 1 minus it.",
         with([](double beta, double t) { return std::pow(beta, t); })},
        {"The power is missing: 1 - β is right for the first step only.",
         with([](double beta, double) { return 1 - beta; })},
        {"β is multiplied by t; it should be raised to the power of t, with std::pow.",
         with([](double beta, double t) { return 1 - beta * t; })},
        {"The power is one too small; t counts the steps from 1.",
         with([](double beta, double t) { return 1 - std::pow(beta, t - 1); })},
        {"The power is one too large; t counts the steps from 1.",
         with([](double beta, double t) { return 1 - std::pow(beta, t + 1); })},
        {"Base and power are exchanged: β to the power of t, not t to the power of β.",
         with([](double beta, double t) { return 1 - std::pow(t, beta); })},
        {"This is 1 divided by the correction; adam_step does the division.",
         with([](double beta, double t) { return 1 / (1 - std::pow(beta, t)); })},
        {"It is the share 1 - β that is raised to the power of t; it should be β.",
         with([](double beta, double t) { return 1 - std::pow(1 - beta, t); })},
        {"beta1 and beta2 are exchanged; beta1 belongs to the mean, beta2 to the mean square.",
         corrections(beta2, beta1, steps,
                     [](double beta, double t) { return 1 - std::pow(beta, t); })},
        {"Both corrections are made with beta1; the mean square has beta2.",
         corrections(beta1, beta1, steps,
                     [](double beta, double t) { return 1 - std::pow(beta, t); })},
    };
}

// Two rows of a table, one of a bias, and in a last row, three times, what the function returned.
inline double length_of(const Grid& gradient, std::size_t first, std::size_t end) {
    double squares = 0;
    for (std::size_t row = first; row < end; ++row) {
        for (const double number : gradient[row])
            squares += number * number;
    }
    return std::sqrt(squares);
}

inline Grid clipped(const Grid& gradient, double returned,
                    const std::function<double(double number, std::size_t row)>& change) {
    Grid result = gradient;
    for (std::size_t row = 0; row < result.size(); ++row) {
        for (double& number : result[row])
            number = change(number, row);
    }
    result.emplace_back(gradient[0].size(), returned);
    return result;
}

inline double clip_factor(double norm, double limit) {
    return std::min(1.0, limit / (norm + 1e-6));
}

inline Grid clip_gradient_right(const Grid& gradient, double limit) {
    const double norm = length_of(gradient, 0, gradient.size());
    return clipped(gradient, norm,
                   [&](double number, std::size_t) { return number * clip_factor(norm, limit); });
}

inline Mistakes clip_gradient(const Grid& gradient, double limit) {
    const std::size_t rows = gradient.size(), table = rows - 1; // the last is the bias
    const double norm = length_of(gradient, 0, rows), factor = clip_factor(norm, limit);
    const auto times = [&](double by, double returned) {
        return clipped(gradient, returned, [=](double number, std::size_t) { return number * by; });
    };
    const auto by_part = [&](const std::function<double(std::size_t row)>& by) {
        return clipped(gradient, norm,
                       [&](double number, std::size_t row) { return number * by(row); });
    };
    const auto own = [&](std::size_t row) {
        const bool bias = row == table;
        const double length = length_of(gradient, bias ? table : 0, bias ? rows : table);
        return clip_factor(length, limit);
    };
    return {
        {"Nothing is shortened: each number should be multiplied by the factor.", times(1, norm)},
        {"Each parameter is shortened by a length of its own, so the direction changes; all should "
         "be shortened by the length of the whole gradient.",
         by_part(own)},
        {"Each number is cut off at the limit, so the direction changes; all numbers should be "
         "multiplied by one factor.",
         clipped(gradient, norm,
                 [=](double number, std::size_t) { return std::clamp(number, -limit, limit); })},
        {"A gradient that is short enough is made longer, too; it should stay as it is.",
         times(limit / (norm + 1e-6), norm)},
        {"The numbers are divided by the factor; they should be multiplied by it.",
         times(1 / factor, norm)},
        {"The limit is missing: a long gradient gets the length 1.",
         times(factor < 1 ? 1 / norm : 1, norm)},
        {"The function returns the length after the shortening; it should be the one before.",
         times(factor, norm * factor)},
        {"The function returns the factor; it should be the length of the gradient before.",
         times(factor, factor)},
        {"Only the first parameter is shortened; a loop must go through the whole list.",
         by_part([&](std::size_t row) { return row == table ? 1 : factor; })},
        {"Only the last parameter is shortened; a loop must go through the whole list.",
         by_part([&](std::size_t row) { return row == table ? factor : 1; })},
    };
}

} // namespace mistakes
