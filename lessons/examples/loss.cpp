// Lesson 9: what a guess costs, which way is less wrong, and a walk downhill.
#include "loss.h"
#include "examples.h"
#include "grid.h"
#include "softmax.h"
#include "training/nudging.h"
#include "training/optimizer.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace whirlygig {

namespace {

const Words sentence = {"the", "blue", "kitten", "purred", "."};

// What each place should predict.
std::string targets_text() {
    std::string text = "place  token   should predict\n";
    const std::vector<int> targets = next_tokens({0, 1, 2, 3, 4});
    for (std::size_t place = 0; place < sentence.size(); ++place) {
        const std::string target =
            place < targets.size() ? sentence.at(static_cast<std::size_t>(targets[place])) : "–";
        text += fmt::format("{:>5}  {:<6}  {}\n", place, sentence[place], target);
    }
    return text;
}

Real loss_of(Real probability) {
    Matrix loss;
    cross_entropy_forward(matrix_of({{probability, 1 - probability}}), {0}, loss);
    return loss(0, 0);
}

std::string prices_text() {
    std::string text = "probability of the token    loss   like an even choice\n"
                       "       that really came              among so many\n";
    for (const Real probability : {1.0F, 0.9F, 0.5F, 0.25F, 0.1F, 0.01F}) {
        const Real loss = loss_of(probability);
        text += fmt::format("{:>20}  {:>11}   {:>14}\n", number(probability, 2), number(loss, 3),
                            number(std::exp(loss), 1));
    }
    return text;
}

// Four texts in which something purred, purred, growled and danced. The model is as small as can
// be: it knows nothing but two parameters, the logits of purred and growled; that of danced is 0.
struct Guesser {
    std::array<Real, 2> parameters;

    double loss() const {
        const Matrix logits = matrix_of({{parameters[0], parameters[1], 0}});
        Matrix all(4, 3), probabilities, losses;
        for (std::size_t text = 0; text < 4; ++text)
            for (std::size_t token = 0; token < 3; ++token)
                all(text, token) = logits(0, token);
        softmax_forward(all, probabilities);
        cross_entropy_forward(probabilities, {0, 0, 1, 2}, losses);
        double sum = 0;
        for (std::size_t text = 0; text < 4; ++text)
            sum += static_cast<double>(losses(text, 0));
        return sum / 4;
    }
    std::array<Real, 2> slopes(double nudge) {
        std::array<Real, 2> gradient{};
        gradient_by_nudging([this] { return loss(); }, nudge, parameters, gradient);
        return gradient;
    }
};

std::string signed_number(Real value, int decimals) {
    return (value > 0 ? "+" : "") + number(value, decimals);
}

std::string one_nudge_text() {
    std::string text = "  purred  growled    loss\n";
    for (const Real purred : {0.0F, 0.1F, -0.1F})
        text += fmt::format("{:>8} {:>8} {:>7}\n", number(purred, 1), number(0, 1),
                            number(static_cast<Real>(Guesser{{purred, 0}}.loss()), 4));
    return text;
}

std::string nudges_text() {
    std::string text = "   nudge   slope of purred   slope of growled\n";
    for (const double nudge : {2.0, 1.0, 0.5, 0.1, 0.01}) {
        const auto slopes = Guesser{{0, 0}}.slopes(nudge);
        text += fmt::format("{:>8}   {:>15}   {:>16}\n", number(static_cast<Real>(nudge), 2),
                            signed_number(slopes[0], 4), signed_number(slopes[1], 4));
    }
    return text;
}

// The loss at every point of a map: growled upwards, purred to the right.
std::string landscape_text() {
    Matrix heights(5, 6);
    Words rows, columns;
    for (std::size_t row = 0; row < heights.size1(); ++row) {
        const Real growled = 2 - static_cast<Real>(row);
        rows.push_back("growled " + number(growled, 0));
        for (std::size_t column = 0; column < heights.size2(); ++column) {
            const Real purred = static_cast<Real>(column) - 2;
            if (row == 0) columns.push_back(number(purred, 0));
            heights(row, column) = static_cast<Real>(Guesser{{purred, growled}}.loss());
        }
    }
    return grid("the loss, with purred from left to right", heights, rows, columns, 2);
}

std::string walk_text(double rate, int steps) {
    Guesser guesser{{-2, 2}};
    std::string text = fmt::format("rate {}\n"
                                   "step   purred  growled    loss   slopes\n",
                                   number(static_cast<Real>(rate), 0));
    for (int step = 0; step <= steps; ++step) {
        const auto slopes = guesser.slopes(0.01);
        text += fmt::format("{:>4} {:>8} {:>8} {:>7}   {}  {}\n", step,
                            number(guesser.parameters[0], 3), number(guesser.parameters[1], 3),
                            number(static_cast<Real>(guesser.loss()), 3),
                            signed_number(slopes[0], 3), signed_number(slopes[1], 3));
        gradient_descent_step(slopes, rate, guesser.parameters);
    }
    return text;
}

} // namespace

std::string loss_example() {
    std::string text = "TARGETS\n\n" + targets_text();
    text += "\nWHAT A GUESS COSTS\n\n" + prices_text();
    text += "\nONE NUDGE\n\n" + one_nudge_text();
    text += "\nSMALLER NUDGES\n\n" + nudges_text();
    text += "\nTHE LANDSCAPE\n\n" + landscape_text();
    text += "\nDOWNHILL\n\n" + walk_text(1, 10);
    text += "\nDOWNHILL IN LONG STRIDES\n\n" + walk_text(12, 5);
    return text;
}

} // namespace whirlygig
