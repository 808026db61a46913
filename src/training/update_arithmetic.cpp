#include "training/update_arithmetic.h"

#include "error.h"

#include <cmath>
#include <functional>

namespace whirlygig {
namespace {

// The names of a formula, or the numbers that they stand for.
struct Leaves {
    bool names;

    Expression operator()(const char* name, double value) const {
        return names ? named(name, number(value)) : number(value);
    }
    // base to the power of the step, which stays a power.
    Expression power(const char* name, double base, std::uint64_t step) const {
        const double value = std::pow(base, static_cast<double>(step));
        const std::string words =
            names ? fmt::format("{}^step", name) : fmt::format("{}^{}", number_text(base, 4), step);
        return named(words, number(value));
    }
};

std::string text_of(const Expression& expression, int digits) {
    const std::string text = to_text(expression, {.digits = digits});
    return text.substr(0, text.find(" = ")); // without what it comes to
}

struct Stored { // a result that the step itself keeps
    double value;
};

class Lines {
public:
    using Formula = std::function<Expression(const Leaves&)>;

    // A line whose result is worked out here.
    double add(UpdateRule rule, const char* what, const Formula& formula) {
        Expression numbers = formula({.names = false});
        const double result = numbers.value;
        list.push_back(
            {rule, what, text_of(formula({.names = true}), 4), std::move(numbers), result});
        return result;
    }
    // One whose result the step has stored.
    double add(UpdateRule rule, const char* what, const Formula& formula, Stored stored) {
        add(rule, what, formula);
        list.back().result = stored.value;
        return stored.value;
    }

    std::vector<ArithmeticLine> list;
};

// All that the step knows of one number.
struct Known {
    const StepRecord& record;
    NumberPlace place;
    bool matrix = false;
    double before = 0, after = 0, batch_gradient = 0, gradient = 0;

    // What the optimiser remembers; before the first step that is nothing: 0.
    double remembered(const std::vector<std::vector<Real>>& rows) const {
        if (rows.empty()) return 0;
        return static_cast<double>(rows.at(place.parameter).at(place.number));
    }
};

double number_of(const Parameters& parameters, NumberPlace place) {
    return static_cast<double>(list_parameters(parameters)[place.parameter].values[place.number]);
}

Known find(const StepRecord& record, NumberPlace place) {
    const auto list = list_parameters(record.before.parameters);
    if (place.parameter >= list.size())
        fail("there is no parameter {}: the model has {}", place.parameter, list.size());
    const NamedParameter<const Real>& parameter = list[place.parameter];
    if (place.number >= parameter.values.size())
        fail("{} has no number {}: there are {}", parameter.name, place.number,
             parameter.values.size());
    return {record,
            place,
            is_matrix(parameter.kind),
            number_of(record.before.parameters, place),
            number_of(record.after.parameters, place),
            number_of(record.batch_gradient, place),
            number_of(record.gradient, place)};
}

void add_gradient(const Known& known, Lines& lines) {
    const StepRecord& record = known.record;
    if (record.clip_factor >= 1) {
        lines.add(
            UpdateRule::gradient, "gradient",
            [&](const Leaves& leaf) { return leaf("batch gradient", known.batch_gradient); },
            Stored{known.gradient});
        return;
    }
    lines.add(
        UpdateRule::clip_factor, "clipping",
        [&](const Leaves& leaf) {
            return quotient(leaf("limit", record.clip),
                            sum({leaf("length", record.gradient_norm), number(1e-6)}));
        },
        Stored{record.clip_factor});
    lines.add(
        UpdateRule::gradient, "gradient",
        [&](const Leaves& leaf) {
            return product({leaf("clipping", record.clip_factor),
                            leaf("batch gradient", known.batch_gradient)});
        },
        Stored{known.gradient});
}

double add_decay(const Known& known, Lines& lines) {
    const StepRecord& record = known.record;
    return lines.add(UpdateRule::decay, "decayed value", [&](const Leaves& leaf) {
        return product(
            {leaf("value", known.before),
             difference(number(1), product({leaf("rate", record.learning_rate),
                                            leaf("decay", record.optimizer.weight_decay)}))});
    });
}

double add_velocity(const Known& known, Lines& lines) {
    const StepRecord& record = known.record;
    const double old = known.remembered(record.before.optimizer.velocity);
    return lines.add(
        UpdateRule::velocity, "velocity",
        [&](const Leaves& leaf) {
            return sum(
                {product({leaf("momentum", record.optimizer.momentum), leaf("velocity", old)}),
                 leaf("gradient", known.gradient)});
        },
        Stored{known.remembered(record.after.optimizer.velocity)});
}

// What a mean keeps of itself at each step.
struct Share {
    const char* name;
    double value;
};

// share · mean + (1 − share) · new
Expression mixed(const Leaves& leaf, Share share, Expression mean, Expression fresh) {
    return sum({product({leaf(share.name, share.value), std::move(mean)}),
                product({difference(number(1), leaf(share.name, share.value)), std::move(fresh)})});
}

struct Means {
    double mean, square;
};

Means add_means(const Known& known, Lines& lines) {
    const OptimizerState& old = known.record.before.optimizer;
    const OptimizerState& now = known.record.after.optimizer;
    const Share beta1{"beta1", known.record.optimizer.beta1};
    const Share beta2{"beta2", known.record.optimizer.beta2};
    const double mean = lines.add(
        UpdateRule::mean, "mean",
        [&](const Leaves& leaf) {
            return mixed(leaf, beta1, leaf("mean", known.remembered(old.mean)),
                         leaf("gradient", known.gradient));
        },
        Stored{known.remembered(now.mean)});
    const double mean_square = lines.add(
        UpdateRule::mean_square, "square",
        [&](const Leaves& leaf) {
            return mixed(leaf, beta2, leaf("square", known.remembered(old.mean_square)),
                         square(leaf("gradient", known.gradient)));
        },
        Stored{known.remembered(now.mean_square)});
    return {mean, mean_square};
}

// The means without the zeros that they began with.
Means add_corrected(const Known& known, Means means, Lines& lines) {
    const OptimizerOptions& options = known.record.optimizer;
    const std::uint64_t step = known.record.after.optimizer.steps;
    const auto corrected = [&](const Leaves& leaf, Share share, Expression mean) {
        return quotient(std::move(mean),
                        difference(number(1), leaf.power(share.name, share.value, step)));
    };
    const double mean = lines.add(UpdateRule::corrected_mean, "fair mean", [&](const Leaves& leaf) {
        return corrected(leaf, {"beta1", options.beta1}, leaf("mean", means.mean));
    });
    const double square =
        lines.add(UpdateRule::corrected_square, "fair square", [&](const Leaves& leaf) {
            return corrected(leaf, {"beta2", options.beta2}, leaf("square", means.square));
        });
    return {mean, square};
}

double add_adam(const Known& known, Lines& lines) {
    const Means means = add_corrected(known, add_means(known, lines), lines);
    return lines.add(UpdateRule::stride, "stride", [&](const Leaves& leaf) {
        const Expression usual = sum({root(leaf("fair square", means.square)), number(1e-8)});
        return product({leaf("rate", known.record.learning_rate),
                        quotient(leaf("fair mean", means.mean), usual)});
    });
}

// How far the optimiser goes along `direction`: gradient descent and momentum.
double add_stride(const Known& known, const char* direction, double value, Lines& lines) {
    return lines.add(UpdateRule::stride, "stride", [&](const Leaves& leaf) {
        return product({leaf("rate", known.record.learning_rate), leaf(direction, value)});
    });
}

} // namespace

std::string numbers_text(const ArithmeticLine& line, int digits) {
    return text_of(line.numbers, digits);
}

UpdateArithmetic update_arithmetic(const StepRecord& record, NumberPlace place) {
    const Known known = find(record, place);
    Lines lines;
    add_gradient(known, lines);
    double start = known.before, stride = 0;
    const char* start_name = "value";
    switch (record.optimizer.kind) {
    case OptimizerKind::gradient_descent:
        stride = add_stride(known, "gradient", known.gradient, lines);
        break;
    case OptimizerKind::momentum:
        stride = add_stride(known, "velocity", add_velocity(known, lines), lines);
        break;
    case OptimizerKind::adamw:
        if (known.matrix) {
            start = add_decay(known, lines);
            start_name = "decayed value";
        }
        [[fallthrough]]; // the rest is Adam's
    case OptimizerKind::adam:
        stride = add_adam(known, lines);
        break;
    }
    lines.add(
        UpdateRule::new_value, "new value",
        [&](const Leaves& leaf) {
            return difference(leaf(start_name, start), leaf("stride", stride));
        },
        Stored{known.after});
    return {known.before, known.after, std::move(lines.list)};
}

} // namespace whirlygig
