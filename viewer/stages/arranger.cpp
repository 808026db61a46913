#include "stages/arranger.h"

#include "stages/scales.h"
#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

MatrixView result_of(const State& state, const Stage& stage, bool transposed) {
    MatrixView view = view_of(state, {stage.name, stage.values, false}, transposed);
    view.computed = 0;
    view.scale = scale_of(stage);
    view.says_scale = false; // the legend says it
    return view;
}

// Beside a gradient: the stage or the parameter by which it is taken.
std::optional<MatrixView> companion_of(const State& state, const Stage& stage) {
    if (!is_gradient(stage.name)) return std::nullopt;
    const std::string name(without_gradient(stage.name));
    const std::optional<Numbers> numbers = find_numbers(state, name);
    if (!numbers || reads(stage, name)) return std::nullopt; // or it is there already
    MatrixView view = view_of(state, {name, *numbers, false}, false);
    view.caption =
        fmt::format("forward: {} ({}, {})", short_name(name), numbers->rows, numbers->columns);
    return view;
}

// What is computed with little arithmetic needs little room to show it.
bool is_short(Operation operation) {
    return operation == Operation::lookup || operation == Operation::sum ||
           operation == Operation::scale || operation == Operation::mask ||
           operation == Operation::join || operation == Operation::copy ||
           operation == Operation::split || operation == Operation::mask_backward ||
           operation == Operation::mean_share || operation == Operation::cross_entropy_backward ||
           operation == Operation::softmax_cross_entropy_backward;
}

// The room on the right of a stage where its rows' predictions stand.
float room_for_predictions(const State& state, const Stage& stage) {
    if (stage.rows != Axis::tokens || is_gradient(stage.name)) return 0;
    float widest = 0;
    for (std::size_t place = 0; place < state.trace->ids.size(); ++place) {
        const ImVec2 size = Ink::size_of(state.theme.fonts.small, prediction_at(state, place));
        widest = std::max(widest, size.x);
    }
    return std::min(widest + state.theme.units(12), state.theme.units(150));
}

bool holds_shares(const std::string& matrix) {
    return !is_gradient(matrix) &&
           (matrix.ends_with(".attention_weights") || matrix == "probabilities");
}

// Where the mask shows: −∞ as a score, no weight at all afterwards, and no gradient that comes back
// through it.
std::function<bool(std::size_t, std::size_t)> mask_of(const State& state, const Operand& operand) {
    const StageName name = parse_stage_name(operand.name);
    const bool masked = name.role == "masked" || name.role == "attention_weights";
    if (!state.trace->model->config.is_causal()) return {};
    if (!is_attention_map(name) || !(name.gradient || masked)) return {};
    const std::size_t rows = operand.numbers.rows, columns = operand.numbers.columns;
    return [rows, columns](std::size_t row, std::size_t column) {
        return column + rows > row + columns;
    };
}

} // namespace

float CellSize::worth() const {
    return std::sqrt(width * height) + 0.35F * few;
}

CellSize better(const CellSize& one, const CellSize& other) {
    return one.worth() >= other.worth() ? one : other;
}

MatrixView Arranger::operand(std::size_t index, bool transposed) const {
    MatrixView view = view_of(state, stage.made_from[index], transposed);
    if (!shares_scale(stage, index)) return view;
    view.scale = scale_of(stage);
    view.says_scale = false;
    return view;
}

MatrixView view_of(const State& state, const Operand& operand, bool transposed) {
    MatrixView view;
    view.name = operand.name;
    view.numbers = operand.numbers;
    view.transposed = transposed;
    view.computed = operand.numbers.rows * operand.numbers.columns;
    view.digits = state.settings.digits_in_cells;
    view.shading = holds_shares(operand.name) ? Shading::of_whole : Shading::around_zero;
    view.scale = largest_of(operand.numbers);
    view.says_scale = true;
    view.masked = mask_of(state, operand);
    view.caption = fmt::format("{} ({}, {})", short_name(operand.name), view.drawn_rows(),
                               view.drawn_columns());
    if (transposed) {
        view.caption = fmt::format("{}ᵀ ({}, {})", short_name(operand.name), view.drawn_rows(),
                                   view.drawn_columns());
    }
    add_labels(state, view);
    return view;
}

Arranger::Arranger(const State& state, const Stage& stage, Box area)
    : state(state),
      theme(state.theme),
      stage(stage),
      area(area),
      predictions(room_for_predictions(state, stage)) {
    arrangement.result = result_of(state, stage, false);
    arrangement.companion = companion_of(state, stage);
}

void Arranger::turn_result() {
    arrangement.result = result_of(state, stage, true);
    arrangement.companion.reset(); // it would have to be turned, too
}

std::vector<MatrixView*> Arranger::all() {
    std::vector<MatrixView*> views;
    for (MatrixView& view : arrangement.operands)
        views.push_back(&view);
    views.push_back(&arrangement.result);
    if (arrangement.companion) views.push_back(&*arrangement.companion);
    return views;
}

void Arranger::set_cell(const CellSize& size) {
    constexpr std::size_t few_rows = 12, few_columns = 8;
    for (MatrixView* view : all()) {
        view->cell = {size.width, size.height};
        if (view->drawn_rows() <= few_rows) view->cell.y = std::max(size.height, size.few);
        // Words are wider than high.
        if (view->drawn_columns() <= few_columns)
            view->cell.x = std::max(size.width, 1.5F * size.few);
    }
}

CellSize Arranger::least_cell() const {
    return {theme.units(3), theme.units(3), 0};
}

CellSize Arranger::largest_cell(const Fits& fits) const {
    // The largest side, in whole pixels, with which `holds`; `from` is known to.
    const auto search = [&](float from, float units, const auto& holds) {
        float fitting = from, too_large = std::max(from, theme.units(units)) + 1;
        while (too_large - fitting > 1) {
            const float middle = std::floor((fitting + too_large) / 2);
            if (middle <= fitting) break;
            (holds(middle) ? fitting : too_large) = middle;
        }
        return std::max(from, std::floor(fitting));
    };
    CellSize cell;
    for (const float few : {15.0F, 9.0F, 0.0F}) {
        CellSize square = least_cell();
        square.few = theme.units(few);
        // Only what is better than what was found already needs a search.
        const float needed =
            std::ceil(std::max(square.width, cell.worth() - square.worth() + square.width));
        square.width = square.height = needed;
        if (!fits(square)) continue;
        square.width = square.height = search(square.width, 72, [&](float side) {
            return fits({side, side, square.few});
        });
        cell = better(cell, square);
        if (cell.width >= theme.units(9)) break; // all are large enough for labels
    }
    if (cell.worth() <= 0) return {};
    const float longest = std::min(22.0F, 2.5F * cell.width / theme.units(1));
    cell.width = search(cell.width, longest, [&](float side) {
        return fits({side, cell.height, cell.few});
    });
    cell.height = search(cell.height, longest, [&](float side) {
        return fits({cell.width, side, cell.few});
    });
    return cell;
}

void Arranger::keep_companion_if(const std::function<CellSize()>& largest) {
    if (!arrangement.companion) return;
    const CellSize with = largest();
    const MatrixView companion = *arrangement.companion;
    arrangement.companion.reset();
    if (with.worth() > 0 && with.worth() >= 0.8F * largest().worth())
        arrangement.companion = companion;
}

float Arranger::room_for_companion() const {
    if (!arrangement.companion) return 0;
    const MatrixView& view = *arrangement.companion;
    return gap_beside() + view.cell.x * static_cast<float>(view.drawn_columns()) +
           margins_of(theme, view).right;
}

float Arranger::height_below() const {
    if (is_short(stage.operation)) return theme.units(110);
    if (stage.operation == Operation::normalise_backward) return theme.units(128); // five lines
    return std::clamp(area.height() * 0.36F, theme.units(162), theme.units(245));
}

Box Arranger::inset_below() const {
    return {{area.low.x, area.high.y - height_below() + theme.units(12)}, area.high};
}

} // namespace whirlygig
