#include "stages/arranger.h"

#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

// Everything that the size of a cell decides.
struct Measures {
    Margins left, top, bias;
    float between = 0;   // from the left operand's cells to the result's
    float head = 0;      // above the result and the left operand
    float bias_line = 0; // above the bias
    float right = 0;     // on the right of the result's cells
    ImVec2 needed = {0, 0};
};

// An inset needs this much of the corner, in units.
constexpr float corner_width = 420, corner_height = 162;
constexpr float corner_for_two = 700; // beside the logits stand the next tokens

class Crossing : Arranger {
public:
    // `turned`: (a·b)ᵀ = bᵀ·aᵀ, so that a high result lies on its side.
    Crossing(const State& state, const Stage& stage, std::size_t pair, Box area, bool turned)
        : Arranger(state, stage, area) {
        arrangement.crosses = true;
        if (turned) {
            turn_result();
            arrangement.operands = {operand(1, true), operand(0, false)};
        } else {
            choose_operands(pair);
        }
        label_once();
    }

    Arrangement arrange();

private:
    void choose_operands(std::size_t first);
    void label_once();
    Measures measure(const CellSize& cell);
    Box corner_of(const Measures& at) const;
    float least_width() const; // of an inset beside the matrices
    void choose_corner();
    CellSize largest_of_all();
    CellSize cell_beside_corner();
    CellSize cell_beside_inset();
    CellSize cell_above_inset();
    void place_right_of_corner(const Measures& at);
    void place_right_of_inset(const Measures& at);
    void place(const Measures& at, float result_left);

    // From the left end of the labels to the result's cells.
    float to_result(const Measures& at) const {
        const MatrixView& left = arrangement.operands[0];
        return at.left.left + left.cell.x * static_cast<float>(left.drawn_columns()) + at.between;
    }

    CellSize largest_within(float height) {
        return largest_cell([&](const CellSize& cell) { return fits(cell, height); });
    }
    bool fits(const CellSize& cell, float height) {
        const ImVec2 needed = measure(cell).needed;
        return needed.x <= area.width() && needed.y <= height;
    }

    bool narrow = false; // the next tokens stand below the logits' sum, not beside it
};

Measures Crossing::measure(const CellSize& cell) {
    set_cell(cell);
    MatrixView& left = arrangement.operands[0];
    MatrixView& top = arrangement.operands[1];
    const bool has_bias = arrangement.operands.size() > 2;
    Measures at;
    for (MatrixView* view : all()) {
        view->broken_caption = false;
        view->broken_caption = margins_of(theme, *view).right > theme.units(40);
    }
    at.left = margins_of(theme, left);
    at.top = margins_of(theme, top);
    if (has_bias) at.bias = margins_of(theme, arrangement.operands[2]);
    const Margins result = margins_of(theme, arrangement.result);
    // The equals sign stands between the captions.
    at.between = at.left.right + std::max(at.top.left, theme.units(34)) + theme.units(8);
    at.head = std::max(at.left.top, result.top) + theme.units(6);
    at.bias_line = has_bias ? at.bias.top + theme.units(6) : 0;
    at.right =
        std::max({at.top.right, result.right, at.bias.right, predictions}) + room_for_companion();
    const auto width = [](const MatrixView& view) {
        return view.cell.x * static_cast<float>(view.drawn_columns());
    };
    const auto height = [](const MatrixView& view) {
        return view.cell.y * static_cast<float>(view.drawn_rows());
    };
    const float bias = has_bias ? height(arrangement.operands[2]) : 0;
    at.needed = {at.left.left + width(left) + width(top) + at.between + at.right,
                 at.top.top + height(top) + bias + height(left) + at.bias_line + at.head};
    return at;
}

// `result_left` counts from the area's left side to the result's cells.
void Crossing::place(const Measures& at, float result_left) {
    MatrixView& left = arrangement.operands[0];
    MatrixView& top = arrangement.operands[1];
    MatrixView& result = arrangement.result;
    top.low = {area.low.x + result_left, area.low.y + at.top.top};
    left.low.x = top.low.x - at.between - left.cell.x * static_cast<float>(left.drawn_columns());
    float y = top.high().y;
    if (arrangement.operands.size() > 2) {
        MatrixView& bias = arrangement.operands[2];
        bias.low = {top.low.x, y + at.bias_line};
        y = bias.high().y;
        arrangement.signs.push_back(
            {"+", {bias.low.x - theme.units(14), bias.low.y + bias.cell.y / 2}});
    }
    left.low.y = y + at.head;
    result.low = {top.low.x, left.low.y};
    if (arrangement.companion) {
        const float beside = result.high().x + margins_of(theme, result).right + gap_beside();
        arrangement.companion->low = {beside, result.low.y};
    }
    const Box caption = caption_box(theme, result);
    arrangement.signs.push_back({"=", {result.low.x - theme.units(16), caption.centre().y}});
}

void Crossing::choose_operands(std::size_t first) {
    const bool left_transposed = stage.operation == Operation::weights_backward;
    const bool top_transposed =
        stage.operation == Operation::product_a_bt || stage.operation == Operation::linear_backward;
    arrangement.operands.push_back(operand(first, left_transposed));
    arrangement.operands.push_back(operand(first + 1, top_transposed));
    const std::size_t pairs = stage.made_from.size() / 2;
    if (stage.operation == Operation::linear_backward && pairs > 1) {
        std::string& caption = arrangement.operands[0].caption;
        const StageName name = parse_stage_name(stage.made_from[first].name);
        const std::string head = name.head ? fmt::format("head {} ", *name.head) : "";
        caption = fmt::format("pair {} of {}: {}{}", first / 2 + 1, pairs, head, caption);
    }
    if (stage.operation == Operation::linear) arrangement.operands.push_back(operand(2, false));
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

// What the crossing leaves free above the left operand. The matrices stand on the right of it.
Box Crossing::corner_of(const Measures& at) const {
    const MatrixView& top = arrangement.operands[1];
    const MatrixView& left = arrangement.operands[0];
    const float cells = top.cell.x * static_cast<float>(top.drawn_columns());
    const float labels = std::max(at.top.left, theme.units(34)) + theme.units(14);
    const float widest =
        std::max(theme.units(corner_for_two + 20), at.needed.x - cells - at.right - labels);
    const float width = std::min(area.width() - at.right - cells - labels, widest);
    const float spare = area.width() - at.right - cells - labels - width;
    const float below = at.needed.y - left.cell.y * static_cast<float>(left.drawn_rows());
    const ImVec2 low = {area.low.x + spare / 2, area.low.y};
    return {low, {low.x + width, low.y + below - at.left.top - theme.units(8)}};
}

float Crossing::least_width() const {
    // The gradient of weights has a term for each place only.
    const bool few_terms = stage.operation == Operation::weights_backward && terms_of(stage) <= 6;
    if (few_terms) return theme.units(300);
    if (terms_of(stage) > 80) return theme.units(540); // each has a bar
    return theme.units(stage.name == "logits" && !narrow ? corner_for_two : corner_width);
}

// The largest cells that leave the corner wide enough for the inset; 0 where it stays too low.
CellSize Crossing::cell_beside_corner() {
    const auto leaves_room = [&](const CellSize& cell) {
        return fits(cell, area.height()) && corner_of(measure(cell)).width() >= least_width();
    };
    const CellSize cell = largest_cell(leaves_room);
    const bool enough =
        cell.worth() > 0 && corner_of(measure(cell)).height() >= theme.units(corner_height);
    return enough ? cell : CellSize{};
}

// The same with the inset on the left of everything.
CellSize Crossing::cell_beside_inset() {
    const auto leaves_room = [&](const CellSize& cell) {
        return fits(cell, area.height()) &&
               measure(cell).needed.x + least_width() + theme.units(28) <= area.width();
    };
    return largest_cell(leaves_room);
}

CellSize Crossing::cell_above_inset() {
    return largest_within(area.height() - height_below());
}

void Crossing::place_right_of_corner(const Measures& at) {
    arrangement.inset = corner_of(at);
    place(at, arrangement.inset.high.x + theme.units(14) - area.low.x +
                  std::max(at.top.left, theme.units(34)));
}

void Crossing::place_right_of_inset(const Measures& at) {
    const float gap = theme.units(28);
    const float width = std::min(area.width() - at.needed.x - gap, theme.units(640));
    const float spare = (area.width() - at.needed.x - gap - width) / 2;
    const float height = std::min(area.height(), theme.units(440));
    const ImVec2 low = {area.low.x + spare, area.low.y};
    arrangement.inset = {low, {low.x + width, low.y + height}};
    place(at, spare + width + gap + to_result(at));
}

CellSize Crossing::largest_of_all() {
    return better(better(cell_beside_corner(), cell_above_inset()), cell_beside_inset());
}

// Beside the logits stand the next tokens, unless that leaves much smaller cells.
void Crossing::choose_corner() {
    if (stage.name != "logits") return;
    const float wide = largest_of_all().worth();
    narrow = true;
    narrow = better(cell_beside_corner(), cell_beside_inset()).worth() >= 1.3F * wide;
}

// The inset stands in the free corner, below the matrices or on their left, whichever leaves larger
// cells. Without room for it the matrices have all of the area.
Arrangement Crossing::arrange() {
    choose_corner();
    keep_companion_if([&] {
        const CellSize cell = largest_of_all();
        return cell.worth() > 0 ? cell : largest_within(area.height());
    });
    const CellSize corner = cell_beside_corner(), above = cell_above_inset();
    const CellSize beside = cell_beside_inset();
    if (beside.worth() > 1.15F * better(corner, above).worth()) {
        place_right_of_inset(measure(beside));
    } else if (corner.worth() > 0 && corner.worth() >= above.worth()) {
        place_right_of_corner(measure(corner));
    } else {
        CellSize cell = above;
        if (cell.worth() <= 0) cell = largest_within(area.height());
        const Measures at = measure(cell.worth() > 0 ? cell : least_cell());
        place(at, std::max(0.0F, (area.width() - at.needed.x) / 2) + to_result(at));
        if (above.worth() > 0) arrangement.inset = inset_below();
    }
    return std::move(arrangement);
}

} // namespace

std::size_t first_of_pair(const Stage& stage, std::size_t term) {
    if (stage.operation != Operation::linear_backward) return 0;
    std::size_t first = 0;
    while (first + 3 < stage.made_from.size() && term >= stage.made_from[first].numbers.columns) {
        term -= stage.made_from[first].numbers.columns;
        first += 2;
    }
    return first;
}

Arrangement arrange_crossing(const State& state, const Stage& stage, std::size_t pair, Box area) {
    Arrangement upright = Crossing(state, stage, pair, area, false).arrange();
    if (stage.operation != Operation::weights_backward) return upright;
    Arrangement turned = Crossing(state, stage, pair, area, true).arrange();
    // Turned it is harder to read: only for cells that are much larger, or for the inset's sake.
    const bool only_turned = turned.inset.height() > 0 && upright.inset.height() <= 0;
    const bool larger = turned.result.smaller_side() >= 1.3F * upright.result.smaller_side();
    return only_turned || larger ? turned : upright;
}

} // namespace whirlygig
