#include "stages/focus.h"

#include "terminal/stage_name.h"

#include <cmath>

namespace whirlygig {
namespace {

bool is_behind_mask(const Stage& stage, std::size_t row, std::size_t column) {
    return is_attention_map(parse_stage_name(stage.name)) && column > row;
}

// The cell before the mask with the largest measure, from this row on; none where all measures
// are 0 or less.
std::optional<Focus> best_cell(const Stage& stage, std::size_t first_row, const auto& measure) {
    std::optional<Focus> best;
    double most = 0;
    for (std::size_t row = first_row; row < stage.values.rows; ++row) {
        for (std::size_t column = 0; column < stage.values.columns; ++column) {
            const double here = measure(row, column);
            if (!(here > most) || is_behind_mask(stage, row, column)) continue;
            most = here;
            best = Focus{row, column};
        }
    }
    return best;
}

// What the mask takes away, in a row that keeps something, too.
Focus masked_cell(const Stage& stage) {
    if (stage.values.columns < 2) return {};
    const std::size_t row = (stage.values.rows - 1) / 2;
    return {row, row + 1};
}

// Near the bend of GELU: there it is no straight line. Nothing is learned of a gradient of 0.
std::optional<Focus> cell_at_bend(const Stage& stage) {
    const bool backward = stage.operation == Operation::gelu_backward;
    const Numbers& hidden = stage.made_from[backward ? 1 : 0].numbers;
    const auto nearness = [&](std::size_t row, std::size_t column) {
        if (stage.values(row, column) == 0) return 0.0;
        return 1 / (1 + std::abs(std::abs(static_cast<double>(hidden(row, column))) - 1));
    };
    return best_cell(stage, backward ? 0 : stage.values.rows - 1, nearness);
}

// Of a finished stage the cell that is worth a look: in the last row, which has seen the whole
// text, the number that is furthest from 0. Backwards nothing comes to the last row, so that the
// number may stand anywhere.
Focus telling_cell(const Stage& stage) {
    if (stage.operation == Operation::mask) return masked_cell(stage);
    const auto size = [&](std::size_t row, std::size_t column) {
        const double here = std::abs(static_cast<double>(stage.values(row, column)));
        return std::isfinite(here) ? here : 0;
    };
    std::optional<Focus> found;
    if (stage.operation == Operation::gelu || stage.operation == Operation::gelu_backward)
        found = cell_at_bend(stage);
    const bool backward = is_gradient(stage.name);
    if (!found) found = best_cell(stage, backward ? 0 : stage.values.rows - 1, size);
    return found.value_or(Focus{stage.values.rows - 1, 0});
}

} // namespace

Focus focus_of(const State& state, const Moment& moment) {
    const CellRef* shown = state.shown_cell();
    if (shown != nullptr && shown->matrix == moment.stage->name)
        return Focus{shown->row, shown->column};
    // A parameter is shown where it is read: by the cell from which one came to it.
    const std::optional<FollowedLink>& came = state.followed;
    if (shown != nullptr && came && came->to == *shown && came->from.matrix == moment.stage->name)
        return Focus{came->from.row, came->from.column};
    if (moment.done) return telling_cell(*moment.stage);
    return Focus{moment.row, moment.column};
}

} // namespace whirlygig
