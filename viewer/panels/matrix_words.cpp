#include "panels/matrix_words.h"

#include "terminal/stage_name.h"
#include "terminal/stage_shapes.h"
#include "trace/expression.h"

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
    {".token_table", "Number {column} of the row that stands for the token \"{token}\", wherever "
                     "it is."},
    {".position_table", "Number {column} of the row that stands for place {row} of any text."},
    {"unembedding", "Number {column} of the row that the final norm is compared with to see how "
                    "well the token \"{token}\" would fit next."},
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

struct StageWords {
    std::string_view role, words;
};

// A stage as the thing by which a gradient is taken, where its title would not fit into "Gradient
// by …".
constexpr std::array<StageWords, 20> things{{
    {"embedding.tokens", "the token embedding"},
    {"embedding.positions", "the position embedding"},
    {"embedding.sum", "the stream at its start"},
    {"attention.norm", "the norm before attention"},
    {"queries", "the queries"},
    {"keys", "the keys"},
    {"values", "the values"},
    {"scores", "the scores"},
    {"scaled", "the scaled scores"},
    {"masked", "the masked scores"},
    {"attention_weights", "the attention weights"},
    {"mixed", "the mixed values"},
    {"attention.output", "what attention adds"},
    {"mlp.norm", "the norm before the MLP"},
    {"mlp.activated", "the hidden numbers after GELU"},
    {"mlp.output", "what the MLP adds"},
    {"final.norm", "the final norm"},
    {"logits", "the logits"},
    {"probabilities", "the probabilities"},
    {"loss", "the loss"},
}};

std::string place_of(const StageName& name) {
    if (!name.block) return "";
    const std::string head = name.head ? fmt::format(", head {}", *name.head) : "";
    return fmt::format("block {}{}: ", *name.block, head);
}

std::string title_of_parameter(const std::string& parameter) {
    const StageName name = parse_stage_name(parameter);
    std::string words = name.role;
    if (words.starts_with("embedding.")) words.erase(0, std::string("embedding.").size());
    if (words.starts_with("mlp.")) words.replace(0, 3, "MLP");
    std::replace(words.begin(), words.end(), '.', ' ');
    std::replace(words.begin(), words.end(), '_', ' ');
    return with_capital(place_of(name) + words);
}

// "block 0, head 1: the keys", "block 0: MLP norm gain"
std::string thing_of(const State& state, const std::string& matrix) {
    const StageName name = parse_stage_name(matrix);
    const auto found = std::find_if(things.begin(), things.end(), [&](const StageWords& entry) {
        return entry.role == name.role;
    });
    if (found != things.end()) return place_of(name) + std::string(found->words);
    return with_small_letter(title_of(state, matrix));
}

} // namespace

std::string title_of(const State& state, const std::string& matrix) {
    if (is_gradient(matrix))
        return "Gradient by " + thing_of(state, std::string(without_gradient(matrix)));
    const Stage* stage = stage_named(state, matrix);
    return stage != nullptr ? stage->title : title_of_parameter(matrix);
}

void name_stages(State& state) {
    // The line below the title says it, and the title has room only for the name.
    const std::string_view axes = " (row looks at column)";
    for (Stage& stage : state.trace->forward_stages) {
        if (stage.title.ends_with(axes)) stage.title.resize(stage.title.size() - axes.size());
    }
    for (Stage& stage : state.trace->backward_stages)
        stage.title = title_of(state, stage.name);
}

std::string words_for_cell(const State& state, const CellRef& cell) {
    const TracedText text = state.traced_text();
    if (const Stage* stage = stage_named(state, cell.matrix)) {
        if (stage->rows == Axis::single)
            return fmt::format("number {} of {}", cell.column, stage->values.columns);
        const std::string label = row_label(text, *stage, cell.row);
        const bool is_number = std::isdigit(static_cast<unsigned char>(label[0])) != 0;
        std::string row = (is_number ? "row " : "") + label;
        if (stage->columns == Axis::single) return row;
        const ColumnLabel column = column_label(text, *stage, cell.column);
        const std::string column_words = column.number + " " + column.word;
        const bool place = column.number.starts_with("place");
        return fmt::format("{}, {}{}", row, place ? "" : "column ",
                           column.word.empty() ? column.number : column_words);
    }
    const std::optional<Numbers> numbers = find_numbers(state, cell.matrix);
    if (numbers && numbers->rows == 1)
        return fmt::format("number {} of {}", cell.column, numbers->columns);
    const std::string token =
        is_table(cell.matrix) ? " " + text.token(static_cast<int>(cell.row)) : "";
    return fmt::format("row {}{}, column {}", cell.row, token, cell.column);
}

std::string shapes_of(const Stage& stage) {
    std::string shapes = shape_formula(stage);
    const std::string_view plain = "->";
    const std::size_t at = shapes.find(plain);
    return at == shapes.npos ? shapes : shapes.replace(at, plain.size(), "→");
}

std::vector<std::string> signs_of(const Stage& stage) {
    std::vector<std::string> signs;
    const auto has = [&](const char* sign) {
        return stage.formula.find(sign) != std::string::npos;
    };
    if (has("ᵀ")) signs.emplace_back("ᵀ: its rows and columns change places.");
    if (has("√D"))
        signs.push_back(fmt::format("√D: the square root of the head width, {}.",
                                    number_text(stage.constant, 4)));
    switch (stage.operation) {
    case Operation::normalise:
    case Operation::normalise_backward:
    case Operation::gain_backward:
        signs.push_back(fmt::format("spread: the root of the mean squared distance from the mean. "
                                    "Under the root the norm's ε, {}, is added, so that it is "
                                    "never 0.",
                                    fmt::format("{:.6f}", stage.constant)));
        break;
    default:
        break;
    }
    return signs;
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
