#include "panels/matrix_words.h"

#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace whirlygig {
namespace {

struct ParameterWords {
    std::string_view ending, meaning;
};

// {row} and {column} are the cell's, {token} the vocabulary's token with the row's number.
constexpr std::array<ParameterWords, 20> meanings{{
    {".query_weights", "How strongly number {row} of a place's norm goes into number {column} of "
                       "its query."},
    {".key_weights", "How strongly number {row} of a place's norm goes into number {column} of its "
                     "key."},
    {".value_weights", "How strongly number {row} of a place's norm goes into number {column} of "
                       "its values."},
    {".query_bias", "What is added to number {column} of every query."},
    {".key_bias", "What is added to number {column} of every key. All scores of a row change by "
                  "the same, so the attention weights stay as they are."},
    {".value_bias", "What is added to number {column} of every place's values."},
    {".output_weights", "How strongly number {row} of the joined heads goes into what attention "
                        "adds to number {column} of the stream."},
    {".output_bias", "What attention adds to number {column} of the stream at every place."},
    {".up_weights", "How strongly number {row} of a place's norm goes into hidden number "
                    "{column}."},
    {".up_bias", "What is added to hidden number {column} at every place."},
    {".down_weights", "How strongly hidden number {row} goes into what the MLP adds to number "
                      "{column} of the stream."},
    {".down_bias", "What the MLP adds to number {column} of the stream at every place."},
    {".gain", "What number {column} of each row is multiplied with, after mean and spread were "
              "taken out."},
    {".shift", "What is added to number {column} of each row, after mean and spread were taken "
               "out and the gain put in."},
    {".token_table", "Number {column} of the row that stands for the token {token}, wherever it "
                     "is."},
    {".position_table", "Number {column} of the row that stands for place {row} of any text."},
    {"unembedding", "Number {column} of the row that the final norm is compared with to see how "
                    "well the token {token} would fit next."},
    {"_weights", "How strongly input {row} goes into output {column}."},
    {"_bias", "What is added to output {column} at every place."},
    {"", "A number that was learned."},
}};

std::string with_capital(std::string words) {
    if (!words.empty())
        words[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(words[0])));
    return words;
}

// Not of "MLP".
std::string with_small_letter(std::string words) {
    const bool name = words.size() > 1 && std::isupper(static_cast<unsigned char>(words[1])) != 0;
    if (!words.empty() && !name)
        words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
    return words;
}

bool is_table(const std::string& parameter) {
    return parameter.ends_with("token_table") || parameter == "unembedding";
}

std::string title_of_parameter(const std::string& parameter) {
    const StageName name = parse_stage_name(parameter);
    std::string words = name.role;
    if (words.starts_with("embedding.")) words.erase(0, std::string("embedding.").size());
    if (words.starts_with("mlp.")) words.replace(0, 3, "MLP");
    std::replace(words.begin(), words.end(), '.', ' ');
    std::replace(words.begin(), words.end(), '_', ' ');
    if (!name.block) return with_capital(words);
    const std::string head = name.head ? fmt::format(", head {}", *name.head) : "";
    return fmt::format("Block {}{}: {}", *name.block, head, words);
}

} // namespace

std::string title_of(const State& state, const std::string& matrix) {
    if (is_gradient(matrix)) {
        const std::string by = title_of(state, std::string(without_gradient(matrix)));
        return "Gradient by " + with_small_letter(by);
    }
    const Stage* stage = stage_named(state, matrix);
    return stage != nullptr ? stage->title : title_of_parameter(matrix);
}

std::string words_for_cell(const State& state, const CellRef& cell) {
    const TracedText text = state.traced_text();
    if (const Stage* stage = stage_named(state, cell.matrix)) {
        if (stage->rows == Axis::single)
            return fmt::format("number {} of {}", cell.column, stage->values.columns);
        const std::string row = row_label(text, *stage, cell.row);
        const bool is_number = std::isdigit(static_cast<unsigned char>(row[0])) != 0;
        const ColumnLabel column = column_label(text, *stage, cell.column);
        const std::string column_words = column.number + " " + column.word;
        const bool place = column.number.starts_with("place");
        return fmt::format("{}{}, {}{}", is_number ? "row " : "", row, place ? "" : "column ",
                           column.word.empty() ? column.number : column_words);
    }
    const std::optional<Numbers> numbers = find_numbers(state, cell.matrix);
    if (numbers && numbers->rows == 1)
        return fmt::format("number {} of {}", cell.column, numbers->columns);
    const std::string token =
        is_table(cell.matrix) ? " " + text.token(static_cast<int>(cell.row)) : "";
    return fmt::format("row {}{}, column {}", cell.row, token, cell.column);
}

std::string meaning_of_parameter(const State& state, const CellRef& cell) {
    const auto entry = std::find_if(meanings.begin(), meanings.end(), [&](const auto& words) {
        return cell.matrix.ends_with(words.ending);
    });
    const std::string token =
        is_table(cell.matrix) ? state.traced_text().token(static_cast<int>(cell.row)) : "";
    return fmt::format(fmt::runtime(entry->meaning), fmt::arg("row", cell.row),
                       fmt::arg("column", cell.column), fmt::arg("token", token));
}

} // namespace whirlygig
