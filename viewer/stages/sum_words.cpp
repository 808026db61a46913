#include "stages/sum_words.h"

#include "terminal/cell_table.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

using Kind = Expression::Kind;

bool is_product(const Expression& term) {
    return term.kind == Kind::product && term.parts.size() == 2;
}

std::string matrix_of(const Expression& factor) {
    CellSource cell;
    return parse_source(factor.source, cell) ? cell.name : "";
}

// The matrix of a term's factor with the index that counts the terms as k: "queries (3, k)".
std::string counted(const Expression& factor, const Expression& other) {
    CellSource cell, next;
    if (!parse_source(factor.source, cell) || !parse_source(other.source, next) ||
        cell.name != next.name)
        return short_source(factor.source);
    return fmt::format("{} ({}, {})", short_name(cell.name),
                       cell.row != next.row ? "k" : fmt::format("{}", cell.row),
                       cell.column != next.column ? "k" : fmt::format("{}", cell.column));
}

} // namespace

std::string caption_of(const RunningSum& sum) {
    const Moment& moment = sum.inset.moment;
    const std::string cell = fmt::format("Cell ({}, {})", moment.row, moment.column);
    if (sum.terms.empty())
        return cell + " is a sum of no terms: this row of the table was not used in this text.";
    const Expression& first = sum.terms.front();
    const Expression& second = sum.terms[sum.terms.size() > 1 ? 1 : 0];
    if (!is_product(first)) {
        return fmt::format("{} adds up the rows of {}. Each bar is one number: above the line it "
                           "adds, below it takes away.",
                           cell, counted(first, second));
    }
    if (!is_product(second))
        return fmt::format("{}: the bars are its terms. Above the line they add, below they take "
                           "away.",
                           cell);
    const Expression& last = sum.terms.back();
    if (is_product(last) && matrix_of(last.parts[0]) != matrix_of(first.parts[0]))
        return fmt::format("{}: each bar is a product of a gradient and a weight, matrix after "
                           "matrix. Above the line it adds, below it takes away.",
                           cell);
    return fmt::format("{}: each bar is a product, {} · {}. Above the line it adds, below it takes "
                       "away.",
                       cell, counted(first.parts[0], second.parts[0]),
                       counted(first.parts[1], second.parts[1]));
}

std::string label_of(const RunningSum& sum, std::size_t index) {
    const Inset& inset = sum.inset;
    const Expression& term = sum.terms[index];
    const Operation operation = inset.stage.operation;
    CellSource cell;
    if (!parse_source(is_product(term) ? term.parts[0].source : term.source, cell)) return "";
    if (!is_product(term) && operation == Operation::linear) return "bias";
    const bool by_rows = !is_product(term) || operation == Operation::weights_backward ||
                         operation == Operation::tied_table_backward;
    const std::size_t k = by_rows ? cell.row : cell.column;
    std::string number = fmt::format("{}", k);
    if (!by_rows && operation != Operation::product) return number;
    const bool vocabulary = !by_rows && cell.name == "gradient.logits";
    const TracedText text = inset.state.traced_text();
    const std::string token = vocabulary ? text.token(static_cast<int>(k)) : text.token_at(k);
    return number + " " + token;
}

TermWords words_of(const RunningSum& sum) {
    const Expression& term = sum.terms[sum.current];
    const std::string start = fmt::format("Term {} of {}: ", sum.current + 1, sum.terms.size());
    if (!is_product(term)) return {start + short_source(term.source), number_text(term.value, 4)};
    return {start + short_source(term.parts[0].source) + " · " + short_source(term.parts[1].source),
            fmt::format("{} · {} = {}", number_text(term.parts[0].value, 4),
                        in_brackets(term.parts[1].value), number_text(term.value, 4))};
}

} // namespace whirlygig
