#include "terminal/difference_text.h"

#include "terminal/stage_finder.h"
#include "terminal/stage_name.h"
#include "terminal/text_layout.h"
#include "terminal/text_table.h"
#include "trace/expression.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

// " (“creature”)" behind the number of a row or column that stands for a token.
std::string token_words(const TracedText& text, const Stage& stage, Axis axis, std::size_t index) {
    if (axis == Axis::vocabulary)
        return fmt::format(" (“{}”)", text.token(static_cast<int>(index)));
    if (axis != Axis::tokens) return "";
    const bool mixed = rows_are_mixed(parse_stage_name(stage.name));
    return fmt::format(" ({}“{}”)", mixed ? "the place of " : "", text.token_at(index));
}

struct NumberTexts {
    std::string here, there;
};

// With 4 digits or, where these are the same, with as many more as it takes.
NumberTexts distinct_texts(const CellDifference& cell) {
    constexpr int all_digits = 17;
    int digits = 4;
    while (digits < all_digits && number_text(cell.here, digits) == number_text(cell.there, digits))
        ++digits;
    return {number_text(cell.here, digits), number_text(cell.there, digits)};
}

std::string what_was_compared(const TraceDifference& difference) {
    if (difference.without_backward.empty()) return fmt::format("{} stages", difference.compared);
    return fmt::format("{} forward stages ({} has no backward pass)", difference.compared,
                       visible(difference.without_backward));
}

std::size_t number_of(const TracedText& text, const StageDifference& stage) {
    return stage_number(text.trace, stage.name).value_or(0);
}

} // namespace

std::string difference_summary(const TracedText& text, const TraceDifference& difference) {
    const std::string compared = what_was_compared(difference);
    if (difference.stages.empty())
        return fmt::format("No number differs in any of the {}.", compared);
    const StageDifference& first = difference.stages.front();
    const Stage& stage = text.trace.stage(first.name);
    const CellDifference& cell = first.first;
    const auto [here, there] = distinct_texts(cell);
    return fmt::format("The first difference is in stage {} ({}), row {}{}, column {}{}: {} here, "
                       "{} there. Numbers differ in {} of {}.",
                       number_of(text, first), stage.title, cell.row,
                       token_words(text, stage, stage.rows, cell.row), cell.column,
                       token_words(text, stage, stage.columns, cell.column), here, there,
                       difference.stages.size(), compared);
}

std::string difference_table(const TracedText& text, const TraceDifference& difference,
                             std::size_t width, std::size_t most_rows) {
    if (difference.stages.empty()) return "";
    TableColumn numbers{.heads = {"stage"}}, names{.numbers = false};
    TableColumn cells{.heads = {"cells that", "differ"}, .numbers = false};
    TableColumn largest{.heads = {"largest", "difference"}};
    std::string lines; // where the table is too wide
    const std::size_t shown = std::min(most_rows, difference.stages.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const StageDifference& stage = difference.stages[i];
        numbers.cells.push_back(fmt::format("{}", number_of(text, stage)));
        names.cells.push_back(stage.name);
        cells.cells.push_back(
            fmt::format("{} of {}", stage.cells.size(), stage.rows * stage.columns));
        largest.cells.push_back(number_text(stage.largest, 4));
        lines += wrap(fmt::format("{} {}: {}, by up to {}", numbers.cells.back(), stage.name,
                                  cells.cells.back(), largest.cells.back()),
                      width, 2) +
                 "\n";
    }
    std::string table = shown > 0 ? table_text({numbers, names, cells, largest}, width) : "";
    if (table.empty()) table = lines;
    const std::size_t left = difference.stages.size() - shown;
    return left == 0 ? table : table + fmt::format("  … and {} more\n", left);
}

} // namespace whirlygig
