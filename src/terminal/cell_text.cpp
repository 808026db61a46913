#include "terminal/cell_text.h"

#include "terminal/cell_colour.h"
#include "terminal/cell_table.h"
#include "terminal/stage_finder.h"
#include "terminal/stage_words.h"
#include "terminal/text_layout.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <set>
#include <vector>

namespace whirlygig {
namespace {

constexpr int digits_of_a_float = 9;

// Which cells of one matrix an expression reads.
struct CellsRead {
    std::string name;
    std::set<std::size_t> rows = {}, columns = {};
    double value = 0; // of the last one
};

// One for each matrix, in the order in which they are met.
std::vector<CellsRead> cells_read(const Expression& expression) {
    std::vector<CellsRead> matrices;
    for_each_cell(expression, [&](const CellSource& cell, double value) {
        std::size_t index = 0;
        while (index < matrices.size() && matrices[index].name != cell.name)
            ++index;
        if (index == matrices.size()) matrices.push_back({.name = cell.name});
        matrices[index].rows.insert(cell.row);
        matrices[index].columns.insert(cell.column);
        matrices[index].value = value;
    });
    return matrices;
}

std::string cells_words(const CellsRead& read, int digits) {
    const std::size_t row = *read.rows.begin(), column = *read.columns.begin();
    if (read.rows.size() == 1 && read.columns.size() == 1)
        return fmt::format(" ({}, {}) = {}", row, column, number_text(read.value, digits));
    if (read.rows.size() == 1) return fmt::format(", row {}", row);
    if (read.columns.size() == 1) return fmt::format(", column {}", column);
    return "";
}

std::string sources(const TracedText& text, const Expression& expression, const TextStyle& style) {
    const std::vector<CellsRead> matrices = cells_read(expression);
    if (matrices.empty()) return "";
    std::string lines = "\nRead from:\n";
    for (const CellsRead& read : matrices) {
        const auto number = stage_number(text.trace, read.name);
        const std::string kind = number ? fmt::format("stage {}: ", *number) : "parameter: ";
        lines +=
            wrap("  " + kind + read.name + cells_words(read, style.digits), style.width, 6) + "\n";
    }
    return lines;
}

std::string table(const TracedText& text, const Stage& stage, const Expression& expression,
                  std::size_t column, const TextStyle& style) {
    if (stage.operation != Operation::softmax)
        return sum_table(expression, style.digits, style.width, style.most_terms);
    std::vector<std::string> labels;
    for (std::size_t other = 0; other < stage.values.columns; ++other) {
        const ColumnLabel label = column_label(text, stage, other);
        labels.push_back(label.number + " " + label.word);
    }
    return softmax_table(expression, labels, column, style.digits, style.width, style.most_terms);
}

std::string in_one_line(const Expression& expression, const TextStyle& style) {
    const std::string number = number_text(expression.value, style.digits);
    if (expression.kind != Expression::Kind::number) {
        return "Written out:\n" +
               wrap_arithmetic("  " + to_text(expression, {.digits = style.digits,
                                                           .most_terms = style.most_terms}),
                               style.width, 4) +
               "\n";
    }
    CellSource cell;
    const bool copied = parse_source(expression.source, cell);
    return wrap(copied ? fmt::format("{}, as it is in {}.", number, expression.source)
                       : fmt::format("{} ({}).", number, expression.source),
                style.width) +
           "\n";
}

std::string comparison(const Expression& expression, double stored, std::size_t width) {
    const std::string here = number_text(expression.value, digits_of_a_float);
    const std::string pass = number_text(stored, digits_of_a_float);
    const std::string words =
        here == pass ? fmt::format("Stored by the pass: {}.", pass)
                     : fmt::format("Stored by the pass: {}. Worked out here with more digits: {}; "
                                   "the difference is rounding.",
                                   pass, here);
    return wrap(words, width) + "\n";
}

} // namespace

std::string cell_text(const TracedText& text, std::size_t number, std::size_t row,
                      std::size_t column, const TextStyle& style) {
    const std::vector<const Stage*> stages = stages_in_order(text.trace);
    const Stage& stage = *stages.at(number - 1);
    const Expression expression = explain(stage, row, column);
    const double stored = stage.values(row, column);
    const std::string title =
        fmt::format("{} ({}, {}) = {}", stage.name, row, column, number_text(stored, style.digits));
    std::string result =
        wrap(fmt::format("Stage {} of {}: {}", number, stages.size(), stage.title), style.width, 2);
    result += "\n" + bold(wrap(title, style.width, 2), style.colours) + "\n";
    result += wrap(meaning_of_cell(text, stage, row, column), style.width) + "\n\n";
    result += wrap("  " + stage.formula, style.width, 4) + "\n\n";
    const std::string terms = table(text, stage, expression, column, style);
    if (!terms.empty()) result += terms + "\n";
    return result + in_one_line(expression, style) + sources(text, expression, style) + "\n" +
           comparison(expression, stored, style.width);
}

} // namespace whirlygig
