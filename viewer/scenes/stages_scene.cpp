// The current stage: the matrices that it reads, the one that it makes, and how.
#include "draw/axis_labels.h"
#include "scenes/row_notes.h"
#include "scenes/scenes.h"
#include "scenes/stage_heading.h"
#include "stages/arrangement.h"
#include "stages/flights.h"
#include "stages/focus.h"
#include "stages/inset.h"
#include "stages/matrix_labels.h"
#include "terminal/stage_name.h"
#include "trace/explain.h"
#include "whose_code.h"

#include <algorithm>

namespace whirlygig {
namespace {

// The numbers that meet in one term of a sum.
CellsByMatrix cells_of_term(const Expression& expression, std::size_t term) {
    if (expression.kind != Expression::Kind::sum || term >= expression.parts.size()) return {};
    return cells_by_matrix(expression.parts[term]);
}

std::size_t largest_in_row(const Numbers& numbers, std::size_t row) {
    std::size_t largest = 0;
    for (std::size_t column = 1; column < numbers.columns; ++column) {
        if (std::abs(numbers(row, column)) > std::abs(numbers(row, largest))) largest = column;
    }
    return largest;
}

class StagePicture {
public:
    StagePicture(State& state, Ink& ink, Box area)
        : state(state),
          ink(ink),
          theme(state.theme),
          moment(state.moment()),
          stage(*moment.stage),
          area(area),
          focus(focus_of(state, moment)) {}

    void draw() {
        draw_heading(ink, stage, area);
        stop_words();
        term = is_current_cell() ? moment.term : terms_of(stage) - 1;
        arrangement = arrange_again(state, stage, term, area);
        light_up();
        state.hovered.reset();
        matrices();
        RowNotes(state, ink, {stage, moment, arrangement, area}).draw();
        inset();
    }

private:
    bool is_current_cell() const {
        return !moment.done && focus.row == moment.row && focus.column == moment.column;
    }

    bool is_stopped() const {
        return state.trace->stopped && state.trace->stopped->stage == stage.name;
    }

    // Where the pass stopped: why.
    void stop_words() {
        if (!is_stopped()) return;
        const std::string words = words_on_stop(*state.trace->stopped, stage, exercise_bodies());
        area.low.y += ink.paragraph(theme.fonts.text, area.low, area.width(), theme.warning, words);
        area.low.y += theme.units(8);
    }

    void light_up() {
        MatrixView& result = arrangement.result;
        const std::size_t columns = stage.values.columns;
        result.computed =
            moment.done ? stage.values.rows * columns
                        : moment.row * columns + moment.column + (moment.fraction >= 1 ? 1 : 0);
        for (MatrixView& view : arrangement.operands)
            mark_differences(view);
        mark_differences(result);
        result.current = {focus.row, focus.column};
        mark_labels();
        const std::shared_ptr<const Expression> explained =
            state.explained(stage, focus.row, focus.column);
        const bool slow = state.level == Level::term || state.level == Level::cell;
        CellsByMatrix read = cells_by_matrix(*explained), meeting;
        if (slow && is_current_cell()) meeting = cells_of_term(*explained, moment.term);
        for (MatrixView& view : arrangement.operands) {
            view.lit = read[view.name];
            if (moment.done) show_source_rows(view);
            // In the middle of a cell: what meets in the current term is framed.
            if (const CellSet& cells = meeting[view.name]; !cells.empty())
                view.current = *cells.begin();
            // A number that was pinned elsewhere, a parameter for example, is framed here, too.
            if (state.pinned && state.pinned->matrix == view.name)
                view.current = {state.pinned->row, state.pinned->column};
        }
    }

    // Cells that the file says otherwise, where one is compared with.
    void mark_differences(MatrixView& view) const {
        const StageDifference* difference = state.comparison.of(view.name);
        if (difference == nullptr) return;
        const std::size_t columns = view.numbers.columns;
        view.differs = [difference, columns](std::size_t row, std::size_t column) {
            return std::binary_search(difference->cells.begin(), difference->cells.end(),
                                      row * columns + column);
        };
    }

    // The labels of the focus stand beside and above the operands, too.
    void mark_labels() {
        const MatrixView& result = arrangement.result;
        const auto [row, column] = result.transposed ? std::pair(focus.column, focus.row)
                                                     : std::pair(focus.row, focus.column);
        const std::size_t largest = largest_in_row(stage.values, focus.row);
        for (MatrixView& view : arrangement.operands) {
            if (view.drawn_rows() == result.drawn_rows()) view.rows.marked = row;
            if (view.drawn_columns() != result.drawn_columns()) continue;
            view.columns.marked = column;
            if (view.columns.words && moment.done)
                view.columns.first.insert(view.columns.first.begin(), largest);
        }
    }

    // What is looked up or added up goes by whole rows: the row is outlined, its cell framed.
    void show_source_rows(MatrixView& view) const {
        if (stage.operation != Operation::lookup && stage.operation != Operation::lookup_backward)
            return;
        const CellSet cells = view.lit;
        if (cells.size() == 1) view.current = *cells.begin();
        for (const auto& [row, cell] : cells) {
            for (std::size_t column = 0; column < view.numbers.columns; ++column)
                view.lit.insert({row, column});
        }
    }

    void matrices() {
        ImGui::GetWindowDrawList()->PushClipRect(area.low, area.high, true);
        for (const MatrixView& view : arrangement.operands)
            matrix(view);
        matrix(arrangement.result);
        if (arrangement.companion) matrix(*arrangement.companion);
        draw_paths(ink, arrangement, focus);
        if (!moment.done && !is_stopped() && !state.settings.reduced_motion)
            draw_flights(ink, arrangement, state, moment);
        for (const MatrixView& view : arrangement.operands)
            draw_labels(ink, view);
        const Box caption = caption_box(theme, arrangement.result);
        if (arrangement.crosses) ink.rectangle(caption.low, caption.high, theme.panel);
        draw_labels(ink, arrangement.result);
        if (arrangement.companion) draw_labels(ink, *arrangement.companion);
        for (const Sign& sign : arrangement.signs) {
            ink.text(theme.fonts.large,
                     {sign.centre.x, sign.centre.y - theme.fonts.large->FontSize / 2}, theme.dim,
                     sign.text, Align::centre);
        }
        ImGui::GetWindowDrawList()->PopClipRect();
    }

    void matrix(const MatrixView& view) {
        const MatrixPointer pointer = draw_cells(ink, state.controls, view);
        if (!pointer.hovered) return;
        const CellRef cell = {view.name, pointer.hovered->first, pointer.hovered->second};
        state.hovered = cell;
        if (!pointer.clicked) return;
        const bool same = state.pinned && *state.pinned == cell;
        state.nudge.reset();
        if (same) {
            state.pinned.reset();
        } else {
            state.pinned = cell;
        }
    }

    // Room for one line below all matrices; empty where they leave none.
    Box line_below() const {
        const float height = theme.fonts.small->FontSize * 1.2F;
        float lowest = arrangement.result.high().y;
        for (const MatrixView& view : arrangement.operands)
            lowest = std::max(lowest, view.high().y);
        if (arrangement.companion) lowest = std::max(lowest, arrangement.companion->high().y);
        if (lowest + height > area.high.y) return {};
        return {{area.low.x, area.high.y - height}, area.high};
    }

    void inset() {
        if (is_stopped()) return;
        const bool full = arrangement.inset.height() <= 0; // the matrices need all of the room
        if (full) arrangement.inset = line_below();
        if (arrangement.inset.height() <= 0) return;
        Moment shown = moment;
        if (!is_current_cell()) {
            shown.row = focus.row;
            shown.column = focus.column;
            shown.term = shown.terms - 1;
            shown.fraction = shown.row_fraction = 1;
        }
        ImGui::GetWindowDrawList()->PushClipRect(arrangement.inset.low, arrangement.inset.high,
                                                 true);
        Inset inset{ink, state, stage, shown, arrangement.inset.low, arrangement.inset.high};
        if (full) {
            draw_one_line(inset);
        } else {
            draw_inset(inset);
        }
        ImGui::GetWindowDrawList()->PopClipRect();
    }

    State& state;
    Ink& ink;
    const Theme& theme;
    Moment moment;
    const Stage& stage;
    Box area;
    Focus focus;
    std::size_t term = 0;
    Arrangement arrangement;
};

// The wheel zooms around the pointer, dragging with the right button moves.
void zoom_with_pointer(State& state, Box area) {
    const ImGuiIO& io = ImGui::GetIO();
    if (!ImGui::IsWindowHovered()) return;
    if (io.MouseWheel != 0) {
        const float before = state.zoom;
        state.zoom = std::clamp(before * (io.MouseWheel > 0 ? 1.15F : 1 / 1.15F), 0.5F, 12.0F);
        const ImVec2 from = {io.MousePos.x - area.low.x, io.MousePos.y - area.low.y};
        const float grown = state.zoom / before;
        state.pan = {from.x - (from.x - state.pan.x) * grown,
                     from.y - (from.y - state.pan.y) * grown};
    }
    if (ImGui::IsMouseDragging(ImGuiMouseButton_Right) ||
        ImGui::IsMouseDragging(ImGuiMouseButton_Middle)) {
        state.pan = {state.pan.x + io.MouseDelta.x, state.pan.y + io.MouseDelta.y};
    }
}

} // namespace

void draw_stages_scene(State& state, Ink& ink, ImVec2 low, ImVec2 high) {
    zoom_with_pointer(state, {low, high});
    StagePicture(state, ink, {low, high}).draw();
}

} // namespace whirlygig
