// Every head's map on the text that is shown, small, as it is at the step that is looked at.
#include "draw/axis_labels.h"
#include "draw/matrix_view.h"
#include "stages/matrix_labels.h"
#include "training/training_views.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

std::string score_text(double score) {
    return std::isnan(score) ? "–" : fmt::format("{:.2f}", score);
}

// Where the head looks, on text that was held out.
std::string patterns_text(const PatternScores& patterns) {
    return fmt::format("previous {} · first {} · same {} · spread {}",
                       score_text(patterns.previous), score_text(patterns.first),
                       score_text(patterns.same), score_text(patterns.evenness));
}

struct Grid {
    std::size_t columns = 1, rows = 1;
};

// As many beside each other as makes the maps largest.
Grid grid_of(const Box& box, std::size_t heads, float above) {
    Grid best;
    float most = -1;
    for (std::size_t columns = 1; columns <= heads; ++columns) {
        const std::size_t rows = (heads + columns - 1) / columns;
        const float width = box.width() / static_cast<float>(columns);
        const float height = box.height() / static_cast<float>(rows) - above;
        const float side = std::min(width * 0.72F, height);
        if (side <= most) continue;
        most = side;
        best = {columns, rows};
    }
    return best;
}

MatrixView map_of(const State& state, const HeadReport& head) {
    MatrixView view;
    view.name = fmt::format("block.{}.head.{}.attention_weights", head.block, head.head);
    const Stage& stage = state.trace->stage(view.name);
    view.numbers = stage.values;
    view.computed = stage.values.rows * stage.values.columns;
    view.shading = Shading::of_whole;
    view.masked = [&trace = *state.trace](std::size_t row, std::size_t column) {
        return column >= visible_places(trace, row);
    };
    add_labels(state, view);
    view.columns.labels.clear();
    view.columns.brief.clear();
    if (state.pinned && state.pinned->matrix == view.name)
        view.current = {state.pinned->row, state.pinned->column};
    return view;
}

void draw_head(State& state, Ink& ink, Box box, const HeadReport& head) {
    const Theme& theme = ink.theme;
    write(ink, box, {theme.fonts.text, theme.text, 1},
          fmt::format("Block {}, head {}", head.block, head.head));
    write(ink, box, {theme.fonts.small, theme.dim, 2}, patterns_text(head.patterns));
    box.cut_top(theme.units(4));
    MatrixView view = map_of(state, head);
    const auto rows = static_cast<float>(view.numbers.rows);
    float labels = margins_of(theme, view).left;
    const auto cell_beside = [&](float taken) {
        return std::floor(std::min({box.width() - taken, box.height(), theme.units(48) * rows}) /
                          rows);
    };
    // Labels only where their rows are high enough for them, and not at the cost of the map.
    const bool legible = cell_beside(labels) >= theme.fonts.small->FontSize;
    if (!legible || labels > box.width() * 0.45F) {
        view.rows.labels.clear();
        labels = 0;
    }
    view.cell = {cell_beside(labels), cell_beside(labels)};
    if (view.cell.x < 2) return;
    view.low = {box.low.x + labels, box.low.y};
    const MatrixPointer pointer = draw_matrix(ink, state.controls, view);
    if (!pointer.hovered) return;
    const CellRef cell{view.name, pointer.hovered->first, pointer.hovered->second};
    state.hovered = cell;
    if (pointer.clicked) state.pinned = cell;
}

} // namespace

void draw_heads_view(State& state, Ink& ink, const Box& box) {
    const Theme& theme = ink.theme;
    const std::vector<HeadReport>& heads = state.experiment.heads;
    if (heads.empty()) return;
    Box room = box;
    write(ink, room, {theme.fonts.small, theme.dim, 4},
          "Who looks (row) at whom (column) in the text above. Below: how much of its attention "
          "the head gives to the previous token, to the first, to the same one earlier, on average "
          "over held-out text; spread: 1 is looking at all alike.");
    room.cut_top(theme.units(8));
    const float above =
        line_height(theme.fonts.text) + line_height(theme.fonts.small) + theme.units(12);
    const Grid grid = grid_of(room, heads.size(), above);
    const float gap = theme.units(14);
    const float width = (room.width() + gap) / static_cast<float>(grid.columns);
    const float height = room.height() / static_cast<float>(grid.rows);
    for (std::size_t h = 0; h < heads.size(); ++h) {
        const std::size_t column = h % grid.columns, row = h / grid.columns;
        const ImVec2 low = {room.low.x + static_cast<float>(column) * width,
                            room.low.y + static_cast<float>(row) * height};
        draw_head(state, ink, {low, {low.x + width - gap, low.y + height - theme.units(6)}},
                  heads[h]);
    }
}

} // namespace whirlygig
