#include "stages/sum_words.h"

#include "terminal/cell_table.h"
#include "terminal/stage_name.h"

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

// "head 0 queries", or "queries" where there are no heads.
std::string with_head(const std::string& matrix) {
    const StageName name = parse_stage_name(matrix);
    const std::string words = short_name(std::string(without_gradient(matrix)));
    return name.head ? fmt::format("head {} {}", *name.head, words) : words;
}

// The matrix that a term begins with.
std::string first_matrix(const Expression& term) {
    return matrix_of(is_product(term) ? term.parts[0] : term);
}

// The matrices whose gradients are added, in the order of the terms.
std::string all_pairs_of(const RunningSum& sum) {
    std::string words;
    std::string last;
    for (const Expression& term : sum.terms) {
        if (!is_product(term)) continue;
        const std::string matrix = matrix_of(term.parts[0]);
        if (matrix == last) continue;
        words += (words.empty() ? "" : ", ") + with_head(matrix);
        last = matrix;
    }
    return words;
}

// The gradient by an attention weight behind the mask.
bool is_masked_weight(const RunningSum& sum) {
    const StageName name = parse_stage_name(sum.inset.stage.name);
    return name.gradient && name.role == "attention_weights" &&
           sum.inset.moment.column >= visible_places(*sum.inset.state.trace, sum.inset.moment.row);
}

} // namespace

std::string caption_of(const RunningSum& sum) {
    const Moment& moment = sum.inset.moment;
    const std::string cell = fmt::format("Cell ({}, {})", moment.row, moment.column);
    if (sum.terms.empty())
        return cell + " is a sum of no terms: this row of the table was not used in this text.";
    const Expression& first = sum.terms.front();
    const Expression& second = sum.terms[sum.terms.size() > 1 ? 1 : 0];
    if (sum.terms.size() == 1 && !is_product(first))
        return fmt::format("{} is one number alone: {}.", cell, short_source(first.source));
    if (!is_product(first)) {
        return fmt::format("{} adds up the rows of {}. Each bar is one number: above the line it "
                           "adds, below it takes away.",
                           cell, counted(first, second));
    }
    if (!is_product(second))
        return fmt::format("{}: the bars are its terms. Above the line they add, below they take "
                           "away.",
                           cell);
    if (!group_of(sum, 0).empty())
        return fmt::format("{}: each bar is a product of a gradient and a weight, matrix after "
                           "matrix: {}. Above the line it adds, below it takes away.",
                           cell, all_pairs_of(sum));
    if (is_masked_weight(sum))
        return fmt::format("{}: the key comes after the query, so the mask keeps this weight at 0. "
                           "Its gradient is a number like the others, but has no effect: the "
                           "softmax lets none of it through.",
                           cell);
    return fmt::format("{}: each bar is a product, {} · {}, where k counts the bars. Above the "
                       "line it adds, below it takes away.",
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
    if (!is_product(term) && operation == Operation::linear_backward) return "straight on";
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

std::string group_of(const RunningSum& sum, std::size_t index) {
    if (sum.inset.stage.operation != Operation::linear_backward) return "";
    const std::string first = first_matrix(sum.terms.front());
    if (first == first_matrix(sum.terms.back())) return "";
    return with_head(first_matrix(sum.terms[index]));
}

TermWords words_of(const RunningSum& sum) {
    const Expression& term = sum.terms[sum.current];
    const std::string start = fmt::format("Term {} of {}: ", sum.current + 1, sum.terms.size());
    if (!is_product(term)) return {start + short_source(term.source), number_text(term.value, 4)};
    const StageName name = parse_stage_name(matrix_of(term.parts[0]));
    const bool many = !group_of(sum, sum.current).empty() && name.head;
    const std::string head = many ? fmt::format("head {}, ", *name.head) : "";
    return {start + head + short_source(term.parts[0].source) + " · " +
                short_source(term.parts[1].source),
            fmt::format("{} · {} = {}", number_text(term.parts[0].value, 4),
                        in_brackets(term.parts[1].value), number_text(term.value, 4))};
}

} // namespace whirlygig
