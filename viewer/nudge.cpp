#include "nudge.h"

#include "error.h"
#include "loss.h"
#include "parameters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace whirlygig {
namespace {

// ε goes down from the largest by halves. The slopes of neighbours are compared, so that the first
// and the last are never taken.
constexpr std::size_t step_count = 12;
constexpr double largest_share = 1; // of the parameter's own size

// What rounding in the passes does to the loss. Without it, two small ε that happen to agree in
// their noise would win.
constexpr double grain = 5e-8;

// The mean loss of the text. The passes are in float, but from the logits on it is worked out in
// double: −log of a probability close to 1 would lose most of its digits.
double mean_loss_of(const Model& model, Activations& activations) {
    forward(model, activations);
    double total = 0;
    for (std::size_t place = 0; place < activations.targets.size(); ++place) {
        const Matrix& logits = activations.logits;
        double largest = logits(place, 0);
        for (std::size_t token = 1; token < logits.size2(); ++token)
            largest = std::max<double>(largest, logits(place, token));
        double sum = 0;
        for (std::size_t token = 0; token < logits.size2(); ++token)
            sum += std::exp(logits(place, token) - largest);
        const auto target = static_cast<std::size_t>(activations.targets[place]);
        total += largest + std::log(sum) - logits(place, target);
    }
    return total / static_cast<double>(activations.targets.size());
}

// The root of the mean square: how large the numbers of a parameter usually are.
double typical_size(std::span<const Real> values) {
    double squares = 0;
    for (const Real value : values)
        squares += static_cast<double>(value) * value;
    constexpr double least = 0.1; // biases that are still 0 can be nudged, too
    return std::max(std::sqrt(squares / static_cast<double>(values.size())), least);
}

struct Slope {
    double step = 0, below = 0, above = 0;
    double value() const { return (above - below) / (2 * step); }
};

// A model of its own, of which one number is moved.
class Trial {
public:
    Trial(const Trace& trace, const CellRef& cell)
        : model(*trace.model) {
        activations.ids = trace.activations.ids;
        activations.targets = trace.activations.targets;
        for (const NamedParameter<Real>& parameter : list_parameters(model.parameters)) {
            if (parameter.name != cell.matrix) continue;
            moved = &parameter.values[cell.row * parameter.columns + cell.column];
            size = typical_size(parameter.values);
        }
        start = *moved;
    }

    Slope slope(double step) {
        // What is added must be what arrives in a float: the step is measured afterwards.
        const Real up = static_cast<Real>(start + step), down = static_cast<Real>(start - step);
        Slope slope;
        slope.step = (static_cast<double>(up) - static_cast<double>(down)) / 2;
        *moved = up;
        slope.above = mean_loss_of(model, activations);
        *moved = down;
        slope.below = mean_loss_of(model, activations);
        *moved = start;
        return slope;
    }

    double typical() const { return size; }

private:
    Model model;
    Activations activations;
    Real* moved = nullptr;
    Real start = 0;
    double size = 0;
};

// The step at which halving and doubling it change the slope least, and rounding, too.
Slope best_slope(Trial& trial) {
    std::array<Slope, step_count> slopes;
    double step = largest_share * trial.typical();
    for (Slope& slope : slopes) {
        slope = trial.slope(step);
        step /= 2;
    }
    std::size_t best = 1;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t index = 1; index + 1 < slopes.size(); ++index) {
        const double here = slopes[index].value();
        const double change = std::max(std::abs(here - slopes[index - 1].value()),
                                       std::abs(here - slopes[index + 1].value()));
        const double doubt = change + grain / slopes[index].step;
        if (doubt >= least) continue;
        least = doubt;
        best = index;
    }
    return slopes[best];
}

double gradient_of(const Trace& trace, const CellRef& cell) {
    for (const auto& gradient : list_parameters(trace.parameter_gradient)) {
        if (gradient.name == cell.matrix)
            return gradient.values[cell.row * gradient.columns + cell.column];
    }
    return 0;
}

void check_cell(const State& state, const CellRef& cell) {
    if (!is_parameter(state, cell.matrix)) {
        fail("{} is no parameter, so it can't be nudged; follow it back to the weights that it is "
             "made from",
             cell.matrix);
    }
    const Numbers numbers = *find_numbers(state, cell.matrix);
    if (cell.row >= numbers.rows || cell.column >= numbers.columns) {
        fail("{} has no cell ({}, {}): its rows go from 0 to {} and its columns from 0 to {}",
             cell.matrix, cell.row, cell.column, numbers.rows - 1, numbers.columns - 1);
    }
    if (state.trace->backward_stages.empty()) {
        fail("a text of one token has no next token and so no loss that a nudge could change; "
             "type a text of two tokens or more");
    }
}

} // namespace

Nudge nudge_parameter(const State& state, const CellRef& parameter) {
    check_cell(state, parameter);
    Trial trial(*state.trace, parameter);
    const Slope slope = best_slope(trial);
    return {.parameter = parameter,
            .step = slope.step,
            .loss_below = slope.below,
            .loss_above = slope.above,
            .difference = slope.value(),
            .gradient = gradient_of(*state.trace, parameter)};
}

void try_nudge(State& state, const CellRef& parameter) {
    try {
        state.nudge = nudge_parameter(state, parameter);
    } catch (const Error& error) {
        state.message = error.what();
    }
}

std::string words_of(const Nudge& nudge) {
    const std::string chosen =
        fmt::format("ε is one of {}, each half of the one before: the one at which the next larger "
                    "and the next smaller ε give nearly the same slope. A larger ε would notice "
                    "that the loss is curved, a smaller one would drown in the rounding of numbers "
                    "with seven digits.",
                    step_count);
    const double larger = std::max(std::abs(nudge.difference), std::abs(nudge.gradient));
    const double off = std::abs(nudge.difference - nudge.gradient);
    if (off == 0) return "Both slopes are the same. " + chosen;
    if (larger < 10 * grain / nudge.step)
        return "Both slopes are 0, as far as the rounding lets one see. " + chosen;
    const double percent = 100 * off / larger;
    if (percent < 0.01) return "The slopes differ by less than 0.01 %. " + chosen;
    return fmt::format("The slopes differ by {:.2g} %. {}", percent, chosen);
}

} // namespace whirlygig
