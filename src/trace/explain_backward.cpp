#include "error.h"
#include "gelu.h"
#include "trace/explain_parts.h"

#include <algorithm>
#include <limits>

namespace whirlygig {
namespace {

// −gradient by the loss / probability at the place's target; all other cells had no part.
Expression explain_cross_entropy_backward(const Stage& stage, std::size_t row, std::size_t column) {
    const auto& from = stage.made_from;
    if (row >= stage.ids.size()) return number(0, "this place has no next token");
    if (static_cast<int>(column) != stage.ids[row]) return number(0, "not the next token");
    const double probability =
        std::max<double>(from[1].numbers(row, column), std::numeric_limits<Real>::min());
    const Expression divisor = number(probability, cell(from[1], row, column).source);
    return negative(quotient(cell(from[0], row, 0), divisor));
}

Expression explain_logits_backward(const Stage& stage, std::size_t row, std::size_t column) {
    const auto& from = stage.made_from;
    if (row >= stage.ids.size()) return number(0, "this place has no next token");
    const bool wanted = static_cast<int>(column) == stage.ids[row];
    return product(
        {difference(cell(from[1], row, column), number(wanted ? 1 : 0)), cell(from[0], row, 0)});
}

// The gradient by one number of a row that was normalised. Operands: gradient, input, gain and,
// where the stream also went straight on, the gradient from there.
Expression explain_normalise_backward(const Stage& stage, std::size_t row, std::size_t column) {
    const auto& from = stage.made_from;
    const Operand& gradient = from[0];
    const Operand& input = from[1];
    const Operand& gain = from[2];
    const NamedStatistics statistics = statistics_of(input, row, stage.constant);
    const auto by_normalised = [&](std::size_t k) {
        return product({cell(gradient, row, k), cell(gain, 0, k)});
    };
    std::vector<Expression> gradients, slopes;
    for (std::size_t k = 0; k < input.numbers.columns; ++k) {
        gradients.push_back(by_normalised(k));
        slopes.push_back(product({by_normalised(k), normalised(input, row, k, statistics)}));
    }
    const Expression count = number(static_cast<double>(input.numbers.columns));
    const Expression mean_gradient =
        named("mean gradient", quotient(sum(std::move(gradients)), count));
    const Expression mean_slope = named("mean slope", quotient(sum(std::move(slopes)), count));
    Expression part_along_x = product({normalised(input, row, column, statistics), mean_slope});
    Expression through_norm =
        quotient(sum({by_normalised(column), negative(mean_gradient), negative(part_along_x)}),
                 statistics.spread);
    if (from.size() < 4) return through_norm;
    return sum({cell(from[3], row, column), std::move(through_norm)});
}

// The slope of x · gate(x): gate + x · 2 · gate · (1 − gate) · √(2/π) · (1 + 3 · 0.044715 · x²)
Expression explain_gelu_backward(const Stage& stage, std::size_t row, std::size_t column) {
    const Expression x = cell(stage.made_from[1], row, column);
    const Expression gate = named("gate", gelu_gate(x));
    const Expression bend = product(
        {number(gelu_slope), sum({number(1), product({number(3 * gelu_cubic), square(x)})})});
    const Expression gate_slope = product({number(2), gate, difference(number(1), gate), bend});
    const Expression slope = named("slope", sum({gate, product({x, gate_slope})}));
    return product({cell(stage.made_from[0], row, column), slope});
}

Expression explain_softmax_backward(const Stage& stage, std::size_t row, std::size_t column) {
    const Operand& gradient = stage.made_from[0];
    const Operand& probabilities = stage.made_from[1];
    std::vector<Expression> shares;
    for (std::size_t k = 0; k < probabilities.numbers.columns; ++k) {
        shares.push_back(product({cell(gradient, row, k), cell(probabilities, row, k)}));
    }
    const Expression average = named("average", sum(std::move(shares)));
    return product(
        {cell(probabilities, row, column), difference(cell(gradient, row, column), average)});
}

Expression explain_mask_backward(const Stage& stage, std::size_t row, std::size_t column) {
    if (column + stage.values.rows > row + stage.values.columns) {
        return number(0, "the mask: the key comes later");
    }
    return cell(stage.made_from[0], row, column);
}

Expression explain_linear_backward(const Stage& stage, std::size_t row, std::size_t column) {
    std::vector<Expression> terms;
    for (std::size_t pair = 0; pair + 1 < stage.made_from.size(); pair += 2) {
        for (Expression& term :
             terms_a_bt(stage.made_from[pair], stage.made_from[pair + 1], row, column)) {
            terms.push_back(std::move(term));
        }
    }
    const bool straight_on = stage.made_from.size() % 2 == 1; // in a model without norms
    if (straight_on) terms.push_back(cell(stage.made_from.back(), row, column));
    return sum(std::move(terms));
}

Expression explain_bias_backward(const Stage& stage, std::size_t column) {
    const Operand& gradient = stage.made_from[0];
    std::vector<Expression> terms;
    for (std::size_t row = 0; row < gradient.numbers.rows; ++row) {
        terms.push_back(cell(gradient, row, column));
    }
    return sum(std::move(terms));
}

Expression explain_gain_backward(const Stage& stage, std::size_t column) {
    const Operand& gradient = stage.made_from[0];
    const Operand& input = stage.made_from[1];
    std::vector<Expression> terms;
    for (std::size_t row = 0; row < gradient.numbers.rows; ++row) {
        const NamedStatistics statistics =
            statistics_of(input, row, stage.constant, fmt::format(" {}", row));
        terms.push_back(
            product({cell(gradient, row, column), normalised(input, row, column, statistics)}));
    }
    return sum(std::move(terms));
}

// The rows of the gradient whose token (or place) is this row of the table.
std::vector<Expression> terms_of_lookup(const Stage& stage, std::size_t row, std::size_t column) {
    std::vector<Expression> terms;
    for (std::size_t place = 0; place < stage.ids.size(); ++place) {
        if (static_cast<std::size_t>(stage.ids[place]) != row) continue;
        terms.push_back(cell(stage.made_from[0], place, column));
    }
    return terms;
}

Expression explain_tied_table(const Stage& stage, std::size_t row, std::size_t column) {
    std::vector<Expression> terms = terms_of_lookup(stage, row, column);
    for (Expression& term : terms_at_b(stage.made_from[1], stage.made_from[2], row, column)) {
        terms.push_back(std::move(term));
    }
    return sum(std::move(terms));
}

} // namespace

Expression explain_backward(const Stage& stage, std::size_t row, std::size_t column) {
    const auto& from = stage.made_from;
    switch (stage.operation) {
    case Operation::mean_share:
        return quotient(number(1), number(static_cast<double>(stage.values.rows)));
    case Operation::cross_entropy_backward:
        return explain_cross_entropy_backward(stage, row, column);
    case Operation::softmax_cross_entropy_backward:
        return explain_logits_backward(stage, row, column);
    case Operation::normalise_backward:
        return explain_normalise_backward(stage, row, column);
    case Operation::copy:
        return cell(from[0], row, column);
    case Operation::gelu_backward:
        return explain_gelu_backward(stage, row, column);
    case Operation::split:
        return cell(from[0], row, stage.offset + column);
    case Operation::softmax_backward:
        return explain_softmax_backward(stage, row, column);
    case Operation::mask_backward:
        return explain_mask_backward(stage, row, column);
    case Operation::linear_backward:
        return explain_linear_backward(stage, row, column);
    case Operation::weights_backward:
        return sum(terms_at_b(from[0], from[1], row, column));
    case Operation::bias_backward:
        return explain_bias_backward(stage, column);
    case Operation::gain_backward:
        return explain_gain_backward(stage, column);
    case Operation::lookup_backward:
        return sum(terms_of_lookup(stage, row, column));
    case Operation::tied_table_backward:
        return explain_tied_table(stage, row, column);
    default:
        break;
    }
    fail("the stage {} has an operation that cannot be explained", stage.name);
}

} // namespace whirlygig
