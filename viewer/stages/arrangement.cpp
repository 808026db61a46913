#include "stages/arrangement.h"

#include "draw/axis_labels.h"
#include "stages/matrix_labels.h"
#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// How the matrices of a stage stand, where they do not cross.
enum class Form { row, column };

bool is_product(Operation operation) {
    return operation == Operation::linear || operation == Operation::product ||
           operation == Operation::product_a_bt || operation == Operation::linear_backward ||
           operation == Operation::weights_backward;
}

MatrixView view_of(const State& state, const Operand& operand, bool transposed) {
    MatrixView view;
    view.name = operand.name;
    view.numbers = operand.numbers;
    view.transposed = transposed;
    view.computed = operand.numbers.rows * operand.numbers.columns;
    view.digits = state.settings.digits_in_cells;
    view.caption = fmt::format("{} ({}, {})", short_name(operand.name), view.drawn_rows(),
                               view.drawn_columns());
    if (transposed) {
        view.caption = fmt::format("{}ᵀ ({}, {})", short_name(operand.name), view.drawn_rows(),
                                   view.drawn_columns());
    }
    add_labels(state, view);
    return view;
}

MatrixView result_of(const State& state, const Stage& stage) {
    MatrixView view = view_of(state, {stage.name, stage.values, false}, false);
    view.computed = 0;
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

class Arranger {
public:
    Arranger(const State& state, const Stage& stage, Box area)
        : state(state),
          theme(state.theme),
          stage(stage),
          area(area),
          predictions(room_for_predictions(state, stage)) {
        arrangement.result = result_of(state, stage);
        arrangement.companion = companion_of(state, stage);
    }

    Arrangement crossing(std::size_t term);
    Arrangement in_line();

private:
    std::vector<MatrixView*> all() {
        std::vector<MatrixView*> views;
        for (MatrixView& view : arrangement.operands)
            views.push_back(&view);
        views.push_back(&arrangement.result);
        if (arrangement.companion) views.push_back(&*arrangement.companion);
        return views;
    }

    // The largest cell with which `fits` holds: no smaller than 3 units, no larger than 40.
    template <class Fits>
    float largest_cell(Fits fits) {
        float fitting = 3, too_large = 41;
        while (too_large - fitting > 0.5F) {
            const float middle = (fitting + too_large) / 2;
            (fits(theme.units(middle)) ? fitting : too_large) = middle;
        }
        return std::floor(theme.units(fitting));
    }

    // What stands beside a gradient must not make everything much smaller.
    template <class Largest, class Fits>
    void keep_companion_if(Largest largest, Fits fits) {
        if (!arrangement.companion) return;
        const float with = largest();
        const bool has_room = fits(with);
        const MatrixView companion = *arrangement.companion;
        arrangement.companion.reset();
        if (has_room && with >= 0.7F * largest()) arrangement.companion = companion;
    }

    void set_cell(float size) {
        for (MatrixView* view : all())
            view->cell = size;
    }

    struct Crossing;
    Crossing measure(float cell);
    void place_crossing(const Crossing& at, Box room);

    float room_for_companion() const;
    float height_below() const;
    float gap_beside() const { return theme.units(34); }
    float gap_below() const { return theme.units(8); }
    ImVec2 total(Form form, float cell);
    void place_row(Box room);
    void place_column(Box room);
    void label_columns_once();
    std::vector<AxisLabels> column_labels_of_all();
    void set_column_labels(const std::vector<AxisLabels>& labels);
    std::string sign_before(std::size_t index, std::size_t count) const;

    const State& state;
    const Theme& theme;
    const Stage& stage;
    Box area;
    float predictions; // the room for them on the right
    Arrangement arrangement;
};

// Everything that the size of a cell decides about a crossing.
struct Arranger::Crossing {
    Margins left, top, bias;
    float between = 0;   // from the left operand's cells to the result's
    float head = 0;      // above the result and the left operand
    float bias_line = 0; // above the bias
    ImVec2 needed = {0, 0};
};

Arranger::Crossing Arranger::measure(float cell) {
    set_cell(cell);
    MatrixView& left = arrangement.operands[0];
    MatrixView& top = arrangement.operands[1];
    const bool has_bias = arrangement.operands.size() > 2;
    Crossing at;
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

void Arranger::place_crossing(const Crossing& at, Box room) {
    MatrixView& left = arrangement.operands[0];
    MatrixView& top = arrangement.operands[1];
    MatrixView& result = arrangement.result;
    const float spare = std::max(0.0F, (room.width() - at.needed.x) / 2);
    left.low.x = room.low.x + spare + at.left.left;
    top.low = {left.high().x + at.between, room.low.y + at.top.top};
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

Arrangement Arranger::crossing(std::size_t term) {
    arrangement.crosses = true;
    const std::size_t first = pair_of(stage, term);
    const bool left_transposed = stage.operation == Operation::weights_backward;
    const bool top_transposed =
        stage.operation == Operation::product_a_bt || stage.operation == Operation::linear_backward;
    arrangement.operands.push_back(view_of(state, stage.made_from[first], left_transposed));
    arrangement.operands.push_back(view_of(state, stage.made_from[first + 1], top_transposed));
    const std::size_t pairs = stage.made_from.size() / 2;
    if (stage.operation == Operation::linear_backward && pairs > 1) {
        std::string& caption = arrangement.operands[0].caption;
        caption = fmt::format("pair {} of {}, added up: {}", first / 2 + 1, pairs, caption);
    }
    const bool has_bias = stage.operation == Operation::linear;
    if (has_bias) arrangement.operands.push_back(view_of(state, stage.made_from[2], false));
    // The result's columns are labelled above the operand over it, its rows beside the one on its
    // left.
    arrangement.operands[1].columns = arrangement.result.columns;
    arrangement.result.columns.labels.clear();
    arrangement.result.rows.labels.clear();
    if (arrangement.companion) {
        arrangement.companion->columns.labels.clear();
        arrangement.companion->rows.labels.clear();
    }
    if (has_bias) arrangement.operands[2].columns.labels.clear();
    const auto fits_in = [&](float height) {
        return [&, height](float cell) {
            const ImVec2 needed = measure(cell).needed;
            return needed.x <= area.width() && needed.y <= height;
        };
    };
    keep_companion_if([&] { return largest_cell(fits_in(area.height())); },
                      [&](float size) { return fits_in(area.height())(size); });
    // The inset stands in the corner that the crossing leaves free, if that is large enough.
    float cell = largest_cell(fits_in(area.height()));
    Crossing at = measure(cell);
    const MatrixView& left = arrangement.operands[0];
    const auto width = at.left.left + left.cell * static_cast<float>(left.drawn_columns());
    const auto height =
        left.cell * static_cast<float>(arrangement.operands[1].drawn_rows()) + at.bias_line;
    const bool corner = width >= theme.units(420) && height >= theme.units(170);
    const float below = height_below();
    const bool fits_above = fits_in(area.height() - below)(theme.units(3));
    if (!corner && fits_above) cell = largest_cell(fits_in(area.height() - below));
    at = measure(cell);
    place_crossing(at, area);
    if (corner) {
        const float spare = left.low.x - at.left.left;
        arrangement.inset = {{spare, area.low.y},
                             {left.high().x, left.low.y - at.left.top - theme.units(8)}};
    } else if (fits_above) {
        arrangement.inset = {{area.low.x, area.high.y - below + theme.units(12)}, area.high};
    }
    return std::move(arrangement);
}

// The room for an inset below the matrices, with the gap between them.
float Arranger::height_below() const {
    if (is_short(stage.operation)) return theme.units(110);
    return std::clamp(area.height() * 0.36F, theme.units(162), theme.units(245));
}

float Arranger::room_for_companion() const {
    if (!arrangement.companion) return 0;
    const MatrixView& view = *arrangement.companion;
    return gap_beside() + view.cell * static_cast<float>(view.drawn_columns()) +
           margins_of(theme, view).right;
}

ImVec2 Arranger::total(Form form, float cell) {
    set_cell(cell);
    ImVec2 sum = {0, 0};
    float left = 0;
    for (MatrixView* view : all()) {
        const Margins margins = margins_of(theme, *view);
        const float width = cell * static_cast<float>(view->drawn_columns()) + margins.right;
        const float height = margins.top + cell * static_cast<float>(view->drawn_rows());
        if (form == Form::row) {
            sum = {sum.x + margins.left + width + gap_beside(), std::max(sum.y, height)};
        } else {
            left = std::max(left, margins.left);
            sum = {std::max(sum.x, width), sum.y + height + gap_below()};
        }
    }
    return {sum.x + left + predictions, sum.y};
}

std::string Arranger::sign_before(std::size_t index, std::size_t count) const {
    if (index == 0 || index == count) return ""; // the companion comes after the result
    if (index + 1 == count) return stage.operation == Operation::sum ? "=" : "→";
    return stage.operation == Operation::sum ? "+" : "";
}

void Arranger::place_row(Box room) {
    const std::vector<MatrixView*> views = all();
    const ImVec2 needed = total(Form::row, views[0]->cell);
    float x = room.low.x + std::max(0.0F, (room.width() - needed.x) / 2);
    float top = 0; // the highest head
    for (MatrixView* view : views)
        top = std::max(top, margins_of(theme, *view).top);
    const float y = room.low.y + std::max(0.0F, (room.height() - needed.y) / 3) + top;
    for (std::size_t index = 0; index < views.size(); ++index) {
        MatrixView& view = *views[index];
        const Margins margins = margins_of(theme, view);
        view.low = {x + margins.left, y};
        const std::string sign = sign_before(index, arrangement.operands.size() + 1);
        const float middle = (views[0]->low.y + views[0]->high().y) / 2;
        if (!sign.empty()) arrangement.signs.push_back({sign, {x - gap_beside() / 2, middle}});
        x = view.high().x + margins.right + gap_beside();
    }
}

void Arranger::place_column(Box room) {
    const std::vector<MatrixView*> views = all();
    const ImVec2 needed = total(Form::column, views[0]->cell);
    float left = 0; // the widest labels: the cells stand below each other
    for (MatrixView* view : views)
        left = std::max(left, margins_of(theme, *view).left);
    const float x = room.low.x + std::max(0.0F, (room.width() - needed.x) / 2) + left;
    float y = room.low.y + std::max(0.0F, (room.height() - needed.y) / 3);
    for (std::size_t index = 0; index < views.size(); ++index) {
        MatrixView& view = *views[index];
        view.low = {x, y + margins_of(theme, view).top};
        const std::string sign = sign_before(index, arrangement.operands.size() + 1);
        const float middle = y + theme.fonts.text->FontSize * 0.7F;
        if (!sign.empty()) arrangement.signs.push_back({sign, {x - theme.units(16), middle}});
        y = view.high().y + gap_below();
    }
}

// Below each other, columns with the same labels need them only once.
void Arranger::label_columns_once() {
    const std::vector<MatrixView*> views = all();
    for (std::size_t index = 1; index < views.size(); ++index) {
        if (views[index]->columns.labels == views[0]->columns.labels)
            views[index]->columns.labels.clear();
    }
}

Arrangement Arranger::in_line() {
    for (const Operand& operand : stage.made_from)
        arrangement.operands.push_back(view_of(state, operand, false));
    const float below = height_below();
    Box room = {area.low, {area.high.x, area.high.y - below}};
    const auto fits = [&](Form form) {
        return [&, form](float cell) {
            const ImVec2 needed = total(form, cell);
            return needed.x <= room.width() && needed.y <= room.height();
        };
    };
    keep_companion_if(
        [&] { return std::max(largest_cell(fits(Form::row)), largest_cell(fits(Form::column))); },
        [&](float size) { return fits(Form::row)(size) || fits(Form::column)(size); });
    const float beside = largest_cell(fits(Form::row));
    const bool beside_fits = fits(Form::row)(beside);
    const std::vector<AxisLabels> labels = column_labels_of_all();
    label_columns_once();
    float stacked = largest_cell(fits(Form::column));
    const bool fits_above = beside_fits || fits(Form::column)(stacked);
    if (!fits_above) {
        room = area;
        stacked = largest_cell(fits(Form::column));
    }
    if (beside_fits && beside >= stacked) {
        set_column_labels(labels);
        set_cell(beside);
        place_row(room);
    } else {
        set_cell(stacked);
        place_column(room);
    }
    if (fits_above)
        arrangement.inset = {{area.low.x, area.high.y - below + theme.units(12)}, area.high};
    return std::move(arrangement);
}

std::vector<AxisLabels> Arranger::column_labels_of_all() {
    std::vector<AxisLabels> labels;
    for (const MatrixView* view : all())
        labels.push_back(view->columns);
    return labels;
}

void Arranger::set_column_labels(const std::vector<AxisLabels>& labels) {
    const std::vector<MatrixView*> views = all();
    for (std::size_t index = 0; index < views.size(); ++index)
        views[index]->columns = labels[index];
}

void zoom_and_pan(const State& state, Box area, Arrangement& arrangement) {
    const auto moved = [&](ImVec2 at) {
        return ImVec2{area.low.x + (at.x - area.low.x) * state.zoom + state.pan.x,
                      area.low.y + (at.y - area.low.y) * state.zoom + state.pan.y};
    };
    for (MatrixView& view : arrangement.operands) {
        view.low = moved(view.low);
        view.cell *= state.zoom;
    }
    arrangement.result.low = moved(arrangement.result.low);
    arrangement.result.cell *= state.zoom;
    if (arrangement.companion) {
        arrangement.companion->low = moved(arrangement.companion->low);
        arrangement.companion->cell *= state.zoom;
    }
    for (Sign& sign : arrangement.signs)
        sign.centre = moved(sign.centre);
}

} // namespace

Arrangement arrange(const State& state, const Stage& stage, std::size_t term, Box area) {
    Arranger arranger(state, stage, area);
    Arrangement arrangement =
        is_product(stage.operation) ? arranger.crossing(term) : arranger.in_line();
    if (state.zoom != 1 || state.pan.x != 0 || state.pan.y != 0)
        zoom_and_pan(state, area, arrangement);
    return arrangement;
}

} // namespace whirlygig
