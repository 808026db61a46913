#include "terminal/stage_shapes.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

std::string shape_text(const Numbers& numbers) {
    return fmt::format("({}, {})", numbers.rows, numbers.columns);
}

std::string transposed(const Operand& operand) {
    return fmt::format("({}, {})", operand.numbers.columns, operand.numbers.rows);
}

std::string all_operands(const Stage& stage, const std::string& between) {
    std::string text;
    for (const Operand& operand : stage.made_from)
        text += (text.empty() ? "" : between) + shape_text(operand);
    return text;
}

// gradient · weightsᵀ, and how many more pairs are added to it.
std::string pairs_of_operands(const Stage& stage) {
    const auto& from = stage.made_from;
    std::string text = shape_text(from[0]) + transposed(from[1]);
    const std::size_t more = from.size() / 2 - 1;
    if (more > 0) text += fmt::format(" + {} more such products", more);
    if (from.size() % 2 == 1) text += " + " + shape_text(from.back()); // what went straight on
    return text;
}

std::string left_side(const Stage& stage) {
    const auto& from = stage.made_from;
    switch (stage.operation) {
    case Operation::mean_share:
        return "1";
    case Operation::sum:
        return all_operands(stage, " + ");
    case Operation::join:
        return all_operands(stage, " | ");
    case Operation::linear:
        return shape_text(from[0]) + shape_text(from[1]) + " + " + shape_text(from[2]);
    case Operation::product:
        return shape_text(from[0]) + shape_text(from[1]);
    case Operation::product_a_bt:
        return shape_text(from[0]) + transposed(from[1]);
    case Operation::weights_backward:
        return transposed(from[0]) + shape_text(from[1]);
    case Operation::linear_backward:
        return pairs_of_operands(stage);
    case Operation::tied_table_backward:
        return shape_text(from[0]) + " + " + transposed(from[1]) + shape_text(from[2]);
    default:
        return all_operands(stage, ", ");
    }
}

} // namespace

std::string shape_text(const Operand& operand) {
    const Numbers& numbers = operand.numbers;
    if (operand.is_parameter && numbers.rows == 1) return fmt::format("({})", numbers.columns);
    return shape_text(numbers);
}

std::string shape_text(const Stage& stage) {
    if (stage.rows == Axis::single) return fmt::format("({})", stage.values.columns);
    return shape_text(stage.values);
}

std::string shape_formula(const Stage& stage) {
    return left_side(stage) + " -> " + shape_text(stage);
}

} // namespace whirlygig
