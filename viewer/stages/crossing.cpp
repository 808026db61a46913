#include "stages/arranger.h"

#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

// Which pair of operands the term belongs to, where there are several.
std::size_t pair_of(const Stage& stage, std::size_t term) {
    if (stage.operation != Operation::linear_backward) return 0;
    std::size_t first = 0;
    while (first + 2 < stage.made_from.size() && term >= stage.made_from[first].numbers.columns) {
        term -= stage.made_from[first].numbers.columns;
        first += 2;
    }
    return first;
}

// Everything that the size of a cell decides.
struct Measures {
    Margins left, top, bias;
    float between = 0;   // from the left operand's cells to the result's
    float head = 0;      // above the result and the left operand
    float bias_line = 0; // above the bias
    ImVec2 needed = {0, 0};
};

class Crossing : Arranger {
public:
    Crossing(const State& state, const Stage& stage, std::size_t term, Box area)
        : Arranger(state, stage, area) {
        arrangement.crosses = true;
        choose_operands(term);
        label_once();
    }

    Arrangement arrange();

private:
    void choose_operands(std::size_t term);
    void label_once();
    Measures measure(float cell);
    bool has_corner(const Measures& at) const;
    void place(const Measures& at);

    float largest_within(float height) {
        return largest_cell([&](float cell) { return fits(cell, height); });
    }
    bool fits(float cell, float height) {
        const ImVec2 needed = measure(cell).needed;
        return needed.x <= area.width() && needed.y <= height;
    }
};

Measures Crossing::measure(float cell) {
    set_cell(cell);
    MatrixView& left = arrangement.operands[0];
    MatrixView& top = arrangement.operands[1];
    const bool has_bias = arrangement.operands.size() > 2;
    Measures at;
    at.left = margins_of(theme, left);
    at.top = margins_of(theme, top);
    if (has_bias) at.bias = margins_of(theme, arrangement.operands[2]);
    const Margins result = margins_of(theme, arrangement.result);
    at.between = std::max(theme.units(40), at.left.right + at.top.left + theme.units(8));
    at.head = std::max(at.left.top, result.top) + theme.units(6);
    at.bias_line = has_bias ? at.bias.top + theme.units(6) : 0;
    const float right =
        std::max({at.top.right, result.right, at.bias.right, predictions}) + room_for_companion();
    const auto columns = static_cast<float>(left.drawn_columns() + top.drawn_columns());
    const auto rows = static_cast<float>(top.drawn_rows() + left.drawn_rows() + (has_bias ? 1 : 0));
    at.needed = {at.left.left + cell * columns + at.between + right,
                 at.top.top + cell * rows + at.bias_line + at.head};
    return at;
}

void Crossing::place(const Measures& at) {
    MatrixView& left = arrangement.operands[0];
    MatrixView& top = arrangement.operands[1];
    MatrixView& result = arrangement.result;
    const float spare = std::max(0.0F, (area.width() - at.needed.x) / 2);
    left.low.x = area.low.x + spare + at.left.left;
    top.low = {left.high().x + at.between, area.low.y + at.top.top};
    float y = top.high().y;
    if (arrangement.operands.size() > 2) {
        MatrixView& bias = arrangement.operands[2];
        bias.low = {top.low.x, y + at.bias_line};
        y = bias.high().y;
        arrangement.signs.push_back(
            {"+", {bias.low.x - theme.units(14), bias.low.y + bias.cell / 2}});
    }
    left.low.y = y + at.head;
    result.low = {top.low.x, left.low.y};
    if (arrangement.companion) {
        const float beside = result.high().x + margins_of(theme, result).right + gap_beside();
        arrangement.companion->low = {beside, result.low.y};
    }
    const float middle = (left.low.y + left.high().y) / 2;
    arrangement.signs.push_back({"=", {result.low.x - theme.units(16), middle}});
}

void Crossing::choose_operands(std::size_t term) {
    const std::size_t first = pair_of(stage, term);
    const bool left_transposed = stage.operation == Operation::weights_backward;
    const bool top_transposed =
        stage.operation == Operation::product_a_bt || stage.operation == Operation::linear_backward;
    arrangement.operands.push_back(view_of(state, stage.made_from[first], left_transposed));
    arrangement.operands.push_back(view_of(state, stage.made_from[first + 1], top_transposed));
    const std::size_t pairs = stage.made_from.size() / 2;
    if (stage.operation == Operation::linear_backward && pairs > 1) {
        std::string& caption = arrangement.operands[0].caption;
        const StageName name = parse_stage_name(stage.made_from[first].name);
        const std::string head = name.head ? fmt::format("head {} ", *name.head) : "";
        caption = fmt::format("pair {} of {}: {}{}", first / 2 + 1, pairs, head, caption);
    }
    if (stage.operation == Operation::linear)
        arrangement.operands.push_back(view_of(state, stage.made_from[2], false));
}

// The result's columns are labelled above the operand over it, its rows beside the one on its left.
void Crossing::label_once() {
    arrangement.operands[1].columns = arrangement.result.columns;
    arrangement.result.columns.labels.clear();
    arrangement.result.rows.labels.clear();
    if (arrangement.companion) {
        arrangement.companion->columns.labels.clear();
        arrangement.companion->rows.labels.clear();
    }
    if (arrangement.operands.size() > 2) arrangement.operands[2].columns.labels.clear();
}

// Whether the corner that the crossing leaves free is large enough for the inset.
bool Crossing::has_corner(const Measures& at) const {
    const MatrixView& left = arrangement.operands[0];
    const MatrixView& top = arrangement.operands[1];
    const float width = at.left.left + left.cell * static_cast<float>(left.drawn_columns());
    const float height = left.cell * static_cast<float>(top.drawn_rows()) + at.bias_line;
    return width >= theme.units(420) && height >= theme.units(170);
}

Arrangement Crossing::arrange() {
    keep_companion_if([&] { return largest_within(area.height()); },
                      [&](float cell) { return fits(cell, area.height()); });
    float cell = largest_within(area.height());
    const bool corner = has_corner(measure(cell));
    const float above = area.height() - height_below();
    const bool fits_above = fits(theme.units(3), above);
    if (!corner && fits_above) cell = largest_within(above);
    const Measures at = measure(cell);
    place(at);
    const MatrixView& left = arrangement.operands[0];
    if (corner) {
        arrangement.inset = {{left.low.x - at.left.left, area.low.y},
                             {left.high().x, left.low.y - at.left.top - theme.units(8)}};
    } else if (fits_above) {
        arrangement.inset = inset_below();
    }
    return std::move(arrangement);
}

} // namespace

Arrangement arrange_crossing(const State& state, const Stage& stage, std::size_t term, Box area) {
    return Crossing(state, stage, term, area).arrange();
}

} // namespace whirlygig
