// What one number of a stage means.
#include "terminal/stage_name.h"
#include "terminal/stage_words.h"
#include "trace/expression.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <string_view>

namespace whirlygig {
namespace {

struct RoleMeaning {
    std::string_view role, meaning;
};

// {row} and {key} are places with their tokens, {column} is a column's number, {row_number} a
// row's, {token} and {row_token} are the vocabulary's tokens with these numbers, {next} is the next
// token.
constexpr std::array<RoleMeaning, 24> meanings{{
    {"embedding.tokens", "number {column} of those that stand for the token of {row}"},
    {"embedding.positions", "number {column} of those that stand for place {row_number} in any "
                            "text"},
    {"embedding.sum", "number {column} of the stream at {row}: what the token is plus where it "
                      "stands"},
    {"attention.norm", "number {column} of {row}, brought to a steady size for the heads"},
    {"queries", "number {column} of what {row} is looking for"},
    {"keys", "number {column} of what {row} offers to those who look"},
    {"values", "number {column} of what {row} hands over to those who look at it"},
    {"scores", "how well the query of {row} matches the key of {key}"},
    {"scaled", "how well the query of {row} matches the key of {key}, divided by √D"},
    {"masked", "the score with which {row} looks at {key}, −∞ if it comes later"},
    {"attention_weights", "how much of its attention {row} gives to {key}"},
    {"mixed", "number {column} of what this head found for {row}"},
    {"attention.joined", "number {column} of what all heads found for {row}"},
    {"attention.output", "what attention adds to number {column} of the stream at {row}"},
    {"attention.residual", "number {column} of the stream at {row}, after attention"},
    {"mlp.norm", "number {column} of {row}, brought to a steady size for the MLP"},
    {"mlp.hidden", "hidden number {column} of the MLP at {row}, before GELU"},
    {"mlp.activated", "hidden number {column} of the MLP at {row}, after GELU"},
    {"mlp.output", "what the MLP adds to number {column} of the stream at {row}"},
    {"mlp.residual", "number {column} of the stream at {row}, after the MLP"},
    {"final.norm", "number {column} of {row}, brought to a steady size for the logits"},
    {"logits", "how well the token \"{token}\" would fit after {row}"},
    {"probabilities", "how likely the model thinks the token \"{token}\" comes after {row}"},
    {"loss", "how surprised the model is that the token \"{next}\" comes after {row}"},
}};

// Of a parameter, by the end of its name.
constexpr std::array<RoleMeaning, 7> parameter_meanings{{
    {"_weights", "the weight with which input {row_number} goes into output {column}"},
    {"_bias", "what is added to output {column} at every place"},
    {".gain", "what column {column} is multiplied with after the layer norm"},
    {".shift", "what is added to column {column} after the layer norm"},
    {"token_table", "number {column} of the table's row for the token \"{row_token}\""},
    {"position_table", "number {column} of the table's row for place {row_number}"},
    {"unembedding", "number {column} of the table's row for the token \"{row_token}\""},
}};

std::string_view meaning_of_role(std::string_view role) {
    for (const RoleMeaning& entry : meanings) {
        if (entry.role == role) return entry.meaning;
    }
    for (const RoleMeaning& entry : parameter_meanings) {
        if (role.ends_with(entry.role)) return entry.meaning;
    }
    return "the number of {row_number} and {column}";
}

std::string token_or_nothing(const TracedText& text, bool exists, int id) {
    return exists ? text.token(id) : "";
}

// In a model without residual stream the outputs are the stream.
std::string role_of(const TracedText& text, const Stage& stage) {
    std::string role = parse_stage_name(stage.name).role;
    const bool has_residual = text.trace.model->config.without != Without::residual;
    if (!has_residual && role == "attention.output") return "attention.residual";
    if (!has_residual && role == "mlp.output") return "mlp.residual";
    return role;
}

std::string phrase(const TracedText& text, const Stage& stage, std::size_t row,
                   std::size_t column) {
    const std::size_t tokens = text.trace.ids.size();
    const bool has_next = row + 1 < tokens;
    return fmt::format(
        fmt::runtime(meaning_of_role(role_of(text, stage))),
        fmt::arg("row", row < tokens ? text.place(row) : ""),
        fmt::arg("key", column < tokens ? text.place(column) : ""), fmt::arg("row_number", row),
        fmt::arg("column", column),
        fmt::arg("token", token_or_nothing(text, stage.columns == Axis::vocabulary,
                                           static_cast<int>(column))),
        fmt::arg("row_token",
                 token_or_nothing(text, stage.rows == Axis::vocabulary, static_cast<int>(row))),
        fmt::arg("next", token_or_nothing(text, has_next, has_next ? text.trace.ids[row + 1] : 0)));
}

// Of gradients that surprise: of the last place, and behind the mask.
std::string remark_on_gradient(const TracedText& text, const Stage& stage, std::size_t row,
                               std::size_t column) {
    const StageName name = parse_stage_name(stage.name);
    if (name.role == "attention_weights" && column >= visible_places(text.trace, row)) {
        return " But the key comes after the query, so the mask keeps this weight at 0: its "
               "gradient has no effect.";
    }
    const bool last = stage.rows == Axis::tokens && row + 1 == text.trace.ids.size();
    if (last && stage.values(row, column) == 0)
        return " The last place has no next token, so no gradient.";
    return "";
}

} // namespace

std::string meaning_of_cell(const TracedText& text, const Stage& stage, std::size_t row,
                            std::size_t column) {
    std::string meaning = phrase(text, stage, row, column);
    if (!parse_stage_name(stage.name).gradient) {
        meaning[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(meaning[0])));
        return meaning + ".";
    }
    const std::string step =
        fmt::format("How fast the mean loss grows with this number: {}. A small step h of that "
                    "number would change the mean loss by about {} · h.",
                    meaning, number_text(stage.values(row, column), 4));
    return step + remark_on_gradient(text, stage, row, column);
}

} // namespace whirlygig
