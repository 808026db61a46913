#include "stages/flights.h"

#include "draw/axis_labels.h"
#include "terminal/cell_table.h"
#include "trace/explain.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// A number on its way to its cell of the result.
struct Flight {
    ImVec2 from, to; // middles of cells
    ImU32 colour = 0;
    bool hatched = false; // a piece of the mask
    double share = 0;     // of the way, 0 to 1
};

bool flies(Operation operation) {
    return operation == Operation::lookup || operation == Operation::copy ||
           operation == Operation::join || operation == Operation::split ||
           operation == Operation::sum || operation == Operation::mask ||
           operation == Operation::scale || operation == Operation::lookup_backward;
}

// Slow at both ends, so that the eye can follow.
double eased(double share) {
    const double at = std::clamp(share, 0.0, 1.0);
    return at * at * (3 - 2 * at);
}

void draw(Ink& ink, const Flight& flight, float cell) {
    const auto share = static_cast<float>(eased(flight.share));
    const ImVec2 middle = {flight.from.x + share * (flight.to.x - flight.from.x),
                           flight.from.y + share * (flight.to.y - flight.from.y)};
    const float half = cell * 0.36F; // smaller than the cells that it passes
    const ImVec2 low = {middle.x - half, middle.y - half};
    const ImVec2 high = {middle.x + half, middle.y + half};
    if (flight.hatched) {
        ink.rectangle(low, high, ink.theme.empty_cell, ink.theme.units(3));
        ink.hatch(low, high, ink.theme.dim);
    } else {
        ink.rectangle(low, high, flight.colour, ink.theme.units(3));
    }
    ink.frame(low, high, ink.theme.accent, ink.theme.units(1.5F), ink.theme.units(3));
}

// The flights into one cell of the result.
void draw_into(Ink& ink, const Arrangement& arrangement, const Stage& stage, Focus focus,
               double share) {
    const Expression expression = explain(stage, focus.row, focus.column);
    const ImVec2 to = arrangement.result.centre_of(focus.row, focus.column);
    const float cell = arrangement.result.smaller_side();
    if (stage.operation == Operation::mask && std::isinf(expression.value)) {
        draw(ink, {{to.x, to.y - ink.theme.units(90)}, to, 0, true, share}, cell);
        return;
    }
    CellsByMatrix cells = cells_by_matrix(expression);
    for (const MatrixView& view : arrangement.operands) {
        const double largest = view.full_colour();
        for (const auto& [row, column] : cells[view.name]) {
            const double value = view.numbers(row, column);
            draw(ink,
                 {view.centre_of(row, column), to, colour_around_zero(ink.theme, value / largest),
                  false, share},
                 cell);
        }
    }
}

} // namespace

CellsByMatrix cells_by_matrix(const Expression& expression) {
    CellsByMatrix cells;
    for_each_cell(expression, [&](const CellSource& cell, double) {
        cells[cell.name].insert({cell.row, cell.column});
    });
    return cells;
}

void draw_paths(Ink& ink, const Arrangement& arrangement, Focus focus) {
    if (!arrangement.crosses) return;
    const MatrixView& left = arrangement.operands[0];
    const MatrixView& top = arrangement.operands[1];
    const MatrixView& result = arrangement.result;
    const ImVec2 to = result.centre_of(focus.row, focus.column);
    const float away = ink.theme.units(3);
    ink.arrow({left.high().x + away, to.y}, {result.low.x - away, to.y}, ink.theme.accent);
    std::vector<Box> between = {caption_box(ink.theme, result)};
    if (arrangement.operands.size() > 2) {
        const MatrixView& bias = arrangement.operands[2];
        between.insert(between.begin(), {caption_box(ink.theme, bias), {bias.low, bias.high()}});
    }
    float y = top.high().y + away;
    for (const Box& box : between) {
        if (to.x < box.low.x - away || to.x > box.high.x + away) continue;
        if (box.low.y > y)
            ink.line({to.x, y}, {to.x, box.low.y}, ink.theme.accent, ink.theme.units(1.8F));
        y = box.high.y;
    }
    ink.arrow({to.x, y}, {to.x, result.low.y - away}, ink.theme.accent);
}

void draw_flights(Ink& ink, const Arrangement& arrangement, const State& state,
                  const Moment& moment) {
    const Stage& stage = *moment.stage;
    if (!flies(stage.operation)) return;
    if (state.level == Level::cell || state.level == Level::term) {
        const double terms = static_cast<double>(moment.terms);
        const double share = (static_cast<double>(moment.term) + moment.fraction) / terms;
        draw_into(ink, arrangement, stage, {moment.row, moment.column}, share);
        return;
    }
    // Those that will land next are on their way, the first of them the furthest.
    const std::size_t columns = stage.values.columns;
    const std::size_t most = std::clamp<std::size_t>(columns / 10, 1, 3); // more would pile up
    const std::size_t in_the_air = std::min(most, columns - moment.column);
    const double at = moment.row_fraction * static_cast<double>(columns);
    for (std::size_t ahead = in_the_air; ahead-- > 0;) {
        const std::size_t column = moment.column + ahead;
        const double share = 1 - (static_cast<double>(column + 1) - at) / (most + 1);
        draw_into(ink, arrangement, stage, {moment.row, column}, share);
    }
}

} // namespace whirlygig
