#include "trace/explain.h"

#include "error.h"
#include "gelu.h"
#include "trace/explain_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace whirlygig {
namespace {

Expression explain_linear(const Stage& stage, std::size_t row, std::size_t column) {
    const auto& from = stage.made_from;
    std::vector<Expression> terms = terms_a_b(from[0], from[1], row, column);
    terms.push_back(cell(from[2], 0, column));
    return sum(std::move(terms));
}

Expression explain_mask(const Stage& stage, std::size_t row, std::size_t column) {
    if (column + stage.values.rows > row + stage.values.columns) {
        return number(-std::numeric_limits<double>::infinity(), "the mask: the key comes later");
    }
    return cell(stage.made_from[0], row, column);
}

Expression explain_softmax(const Stage& stage, std::size_t row, std::size_t column) {
    const Operand& scores = stage.made_from[0];
    std::size_t largest = 0;
    for (std::size_t other = 1; other < scores.numbers.columns; ++other) {
        if (scores.numbers(row, other) > scores.numbers(row, largest)) largest = other;
    }
    const auto exponential_at = [&](std::size_t other) {
        return exponential(difference(cell(scores, row, other), cell(scores, row, largest)));
    };
    std::vector<Expression> all;
    for (std::size_t other = 0; other < scores.numbers.columns; ++other) {
        all.push_back(exponential_at(other));
    }
    return quotient(exponential_at(column), sum(std::move(all)));
}

Expression explain_normalise(const Stage& stage, std::size_t row, std::size_t column) {
    const auto& from = stage.made_from;
    const NamedStatistics statistics = statistics_of(from[0], row, stage.constant);
    return sum({product({normalised(from[0], row, column, statistics), cell(from[1], 0, column)}),
                cell(from[2], 0, column)});
}

Expression explain_gelu(const Stage& stage, std::size_t row, std::size_t column) {
    const Expression x = cell(stage.made_from[0], row, column);
    return product({x, gelu_gate(x)});
}

Expression explain_join(const Stage& stage, std::size_t row, std::size_t column) {
    const std::size_t head_width = stage.made_from[0].numbers.columns;
    return cell(stage.made_from[column / head_width], row, column % head_width);
}

Expression explain_cross_entropy(const Stage& stage, std::size_t row) {
    const auto target = static_cast<std::size_t>(stage.ids[row]);
    Expression probability = cell(stage.made_from[0], row, target);
    constexpr double smallest = std::numeric_limits<Real>::min();
    if (probability.value < smallest) probability = number(smallest, "the smallest number above 0");
    return negative(logarithm(std::move(probability)));
}

} // namespace

Expression cell(const Operand& operand, std::size_t row, std::size_t column) {
    return number(operand.numbers(row, column),
                  fmt::format("{} ({}, {})", operand.name, row, column));
}

std::vector<Expression> terms_a_b(const Operand& a, const Operand& b, std::size_t row,
                                  std::size_t column) {
    std::vector<Expression> terms;
    for (std::size_t k = 0; k < a.numbers.columns; ++k) {
        terms.push_back(product({cell(a, row, k), cell(b, k, column)}));
    }
    return terms;
}

std::vector<Expression> terms_a_bt(const Operand& a, const Operand& b, std::size_t row,
                                   std::size_t column) {
    std::vector<Expression> terms;
    for (std::size_t k = 0; k < a.numbers.columns; ++k) {
        terms.push_back(product({cell(a, row, k), cell(b, column, k)}));
    }
    return terms;
}

std::vector<Expression> terms_at_b(const Operand& a, const Operand& b, std::size_t row,
                                   std::size_t column) {
    std::vector<Expression> terms;
    for (std::size_t k = 0; k < a.numbers.rows; ++k) {
        terms.push_back(product({cell(a, k, row), cell(b, k, column)}));
    }
    return terms;
}

NamedStatistics statistics_of(const Operand& input, std::size_t row, double epsilon,
                              const std::string& suffix) {
    const Expression count = number(static_cast<double>(input.numbers.columns));
    std::vector<Expression> inputs, squares;
    for (std::size_t k = 0; k < input.numbers.columns; ++k)
        inputs.push_back(cell(input, row, k));
    const Expression mean = named("mean" + suffix, quotient(sum(std::move(inputs)), count));
    for (std::size_t k = 0; k < input.numbers.columns; ++k) {
        squares.push_back(square(difference(cell(input, row, k), mean)));
    }
    Expression variance = quotient(sum(std::move(squares)), count);
    return {mean, named("spread" + suffix, root(sum({std::move(variance), number(epsilon)})))};
}

Expression normalised(const Operand& input, std::size_t row, std::size_t column,
                      const NamedStatistics& statistics) {
    return quotient(difference(cell(input, row, column), statistics.mean), statistics.spread);
}

Expression gelu_gate(const Expression& x) {
    const Expression cubed = product({number(gelu_cubic), square(x), x});
    const Expression inner = product({number(gelu_slope), sum({x, cubed})});
    return quotient(sum({number(1), hyperbolic_tangent(inner)}), number(2));
}

Expression explain(const Stage& stage, std::size_t row, std::size_t column) {
    if (row >= stage.values.rows || column >= stage.values.columns) {
        fail("{} has no cell ({}, {}): its rows go from 0 to {} and its columns from 0 to {}",
             stage.name, row, column, stage.values.rows - 1, stage.values.columns - 1);
    }
    const auto& from = stage.made_from;
    switch (stage.operation) {
    case Operation::lookup:
        return cell(from[0], static_cast<std::size_t>(stage.ids[row]), column);
    case Operation::sum:
        return sum({cell(from[0], row, column), cell(from[1], row, column)});
    case Operation::linear:
        return explain_linear(stage, row, column);
    case Operation::product:
        return sum(terms_a_b(from[0], from[1], row, column));
    case Operation::product_a_bt:
        return sum(terms_a_bt(from[0], from[1], row, column));
    case Operation::scale:
        return quotient(cell(from[0], row, column), root(number(stage.constant)));
    case Operation::mask:
        return explain_mask(stage, row, column);
    case Operation::softmax:
        return explain_softmax(stage, row, column);
    case Operation::normalise:
        return explain_normalise(stage, row, column);
    case Operation::gelu:
        return explain_gelu(stage, row, column);
    case Operation::join:
        return explain_join(stage, row, column);
    case Operation::cross_entropy:
        return explain_cross_entropy(stage, row);
    default:
        return explain_backward(stage, row, column);
    }
}

} // namespace whirlygig
