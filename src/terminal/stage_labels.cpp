#include "terminal/stage_labels.h"

#include "terminal/stage_name.h"
#include "terminal/text_layout.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

std::string axis_words(Axis axis, std::size_t count, bool mixed) {
    switch (axis) {
    case Axis::tokens:
        return mixed ? "the places of the text (in brackets the token there; by now others are "
                       "mixed in)"
                     : "the tokens of the text, each with its place";
    case Axis::places:
        return fmt::format("the {} places that a text can have", count);
    case Axis::width:
        return fmt::format("the {} numbers that stand for a token (the width)", count);
    case Axis::head_width:
        return fmt::format("the {} numbers of this head (the head width)", count);
    case Axis::hidden:
        return fmt::format("the MLP's {} hidden numbers", count);
    case Axis::vocabulary:
        return fmt::format("the {} tokens of the vocabulary, each with its id", count);
    case Axis::single:
        break;
    }
    return "only one";
}

} // namespace

std::string TracedText::token(int id) const {
    return visible(wording.label(id));
}

std::string TracedText::place(std::size_t place) const {
    return fmt::format("place {} ({})", place, token_at(place));
}

std::string TracedText::kind_of_tokens() const {
    if (!wording.tokenizer) return "tokens";
    return to_string(wording.tokenizer->kind());
}

std::string row_label(const TracedText& text, const Stage& stage, std::size_t row) {
    switch (stage.rows) {
    case Axis::tokens:
        if (rows_are_mixed(parse_stage_name(stage.name))) return text.place(row);
        return fmt::format("{} {}", row, text.token_at(row));
    case Axis::vocabulary:
        return fmt::format("{} {}", row, text.token(static_cast<int>(row)));
    case Axis::places:
        return fmt::format("place {}", row);
    default:
        return fmt::format("row {}", row);
    }
}

ColumnLabel column_label(const TracedText& text, const Stage& stage, std::size_t column) {
    const std::string number = fmt::format("{}", column);
    switch (stage.columns) {
    case Axis::tokens:
        if (rows_are_mixed(parse_stage_name(stage.name)))
            return {"place " + number, "(" + text.token_at(column) + ")"};
        return {number, text.token_at(column)};
    case Axis::vocabulary:
        return {number, text.token(static_cast<int>(column))};
    case Axis::single:
        return {number, "loss"};
    default:
        return {number, ""};
    }
}

std::string axes_sentence(const Stage& stage) {
    const StageName name = parse_stage_name(stage.name);
    if (is_attention_map(name)) {
        return "Row looks at column: each row is a query (who looks), each column a key (who is "
               "looked at).";
    }
    const bool mixed = rows_are_mixed(name);
    return fmt::format("Rows: {}. Columns: {}.", axis_words(stage.rows, stage.values.rows, mixed),
                       axis_words(stage.columns, stage.values.columns, mixed));
}

bool has_masked_cells(const TracedText& text, const Stage& stage) {
    const StageName name = parse_stage_name(stage.name);
    if (!is_attention_map(name) || !text.trace.model->config.is_causal()) return false;
    return name.gradient ? name.role != "attention_weights" : name.role == "attention_weights";
}

} // namespace whirlygig
