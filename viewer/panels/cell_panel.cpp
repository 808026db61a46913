// The cell that is pinned or under the pointer: what it means and how it was computed.
#include "panels/cell_parts.h"
#include "panels/matrix_words.h"
#include "panels/panels.h"
#include "stages/focus.h"
#include "terminal/stage_words.h"
#include "trace/explain.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

// Sums longer than this are worked out only on request: a frame must not take long.
constexpr std::size_t many_terms = 4096;

void draw_introduction(PanelColumn& column) {
    const Theme& theme = column.theme;
    column.line(theme.fonts.large, theme.text, "Every number explains itself");
    column.gap(10);
    for (const char* words :
         {"Rest the pointer on a cell of any matrix: here you then read what the number means and "
          "all of the arithmetic that made it.",
          "Click the cell to pin it. Then click the numbers here to follow them back to where they "
          "come from (keys: a comma and a full stop choose a link, f follows it).",
          "Weights, tables and biases are learned. Pin a number of theirs and nudge it: the loss "
          "moves just as backpropagation says.",
          "Escape lets go of a pinned cell."}) {
        column.paragraph(theme.fonts.text, theme.dim, words);
        column.gap(10);
    }
}

void draw_top(PanelColumn& column) {
    const Theme& theme = column.theme;
    State& state = column.state;
    const ImVec2 start = column.at();
    const float height = theme.units(26);
    const char* which = state.pinned    ? "THIS CELL IS PINNED"
                        : state.hovered ? "THE CELL UNDER THE POINTER"
                                        : "THE RINGED CELL";
    column.ink.text(theme.fonts.small, {start.x, start.y + theme.units(5)}, theme.faint, which);
    if (state.pinned) {
        const ImVec2 size = {theme.units(72), height};
        ImGui::SetCursorScreenPos({start.x + column.width - size.x, start.y});
        if (button(state.controls, theme, "Unpin", size, Weight::plain,
                   "Lets go of the cell. Escape does the same.")) {
            state.pinned.reset();
            state.nudge.reset();
        }
    }
    ImGui::SetCursorScreenPos(start);
    column.down(height);
    if (state.shown_cell() == nullptr) {
        column.paragraph(theme.fonts.small, theme.dim,
                         "Rest the pointer on another cell to read about that one; a click pins "
                         "it.");
    }
    column.gap(8);
}

// False from the stage on at which the pass stopped.
bool was_computed(const State& state, const ShownCell& shown) {
    const Timeline& timeline = state.timeline;
    return timeline.find(shown.cell.matrix).value_or(0) < timeline.stop;
}

void draw_name_and_value(PanelColumn& column, const ShownCell& shown) {
    const Theme& theme = column.theme;
    const State& state = column.state;
    column.paragraph(theme.fonts.text, theme.text, title_of(state, shown.cell.matrix));
    column.paragraph(theme.fonts.small, theme.dim, words_for_cell(state, shown.cell));
    column.gap(8);
    constexpr int digits = 6;
    const ImVec2 at = column.at();
    const bool computed = was_computed(state, shown);
    const std::string value = computed ? number_text(shown.value, digits) : "not computed";
    column.line(theme.fonts.large, theme.text, value);
    const std::string label =
        fmt::format("value of {} {} {}", shown.cell.matrix, shown.cell.row, shown.cell.column);
    const ImVec2 size = Ink::size_of(theme.fonts.large, value);
    column.state.controls.record(label, at, {at.x + size.x, at.y + size.y}, value);
    column.gap(6);
    column.paragraph(theme.fonts.text, theme.dim,
                     shown.stage != nullptr ? meaning_of_cell(state.traced_text(), *shown.stage,
                                                              shown.cell.row, shown.cell.column)
                                            : meaning_of_parameter(state, shown.cell));
}

// Both numbers have as many digits as a float can tell apart.
void compare_with_stored(PanelColumn& column, const ShownCell& shown,
                         const Expression& expression) {
    if (!was_computed(column.state, shown)) return;
    constexpr int digits = 9;
    const std::string here = number_text(expression.value, digits);
    const std::string stored = number_text(shown.value, digits);
    const std::string words =
        here == stored ? fmt::format("Stored by the pass: {}.", stored)
                       : fmt::format("Stored by the pass: {}. Worked out here with more digits: "
                                     "{}; the difference is rounding.",
                                     stored, here);
    column.gap(6);
    column.paragraph(column.theme.fonts.small, column.theme.faint, words);
}

void draw_stage_cell(PanelColumn& column, const ShownCell& shown) {
    const Theme& theme = column.theme;
    const Stage& stage = *shown.stage;
    column.heading("How it is computed");
    column.paragraph(theme.fonts.text, theme.accent, stage.formula);
    column.paragraph(theme.fonts.small, theme.faint, shapes_of(stage));
    for (const std::string& sign : signs_of(stage))
        column.paragraph(theme.fonts.small, theme.dim, sign);
    column.gap(8);
    const std::string what = fmt::format("explain {}", stage.name);
    const bool long_softmax =
        stage.operation == Operation::softmax && stage.values.columns > many_terms;
    if (long_softmax && !column.shows_all(what)) {
        column.show_all_button(what, fmt::format("Work out {} terms", stage.values.columns));
    } else {
        const std::shared_ptr<const Expression> explained =
            column.state.explained(stage, shown.cell.row, shown.cell.column);
        const Expression& expression = *explained;
        draw_arithmetic(column, shown, expression);
        compare_with_stored(column, shown, expression);
        draw_sources(column, expression);
    }
}

// The cell with the ring, where there is one.
std::optional<CellRef> ringed_cell(const State& state) {
    if (state.scene != Scene::stages) return std::nullopt;
    const Moment moment = state.moment();
    const Focus focus = focus_of(state, moment);
    return CellRef{moment.stage->name, focus.row, focus.column};
}

// None when the cell is not there, as after a change of the text.
std::optional<ShownCell> find_shown_cell(const State& state) {
    const CellRef* chosen = state.shown_cell();
    const std::optional<CellRef> cell = chosen != nullptr ? *chosen : ringed_cell(state);
    if (!cell) return std::nullopt;
    const std::optional<Numbers> numbers = find_numbers(state, cell->matrix);
    if (!numbers || cell->row >= numbers->rows || cell->column >= numbers->columns)
        return std::nullopt;
    return ShownCell{*cell, stage_named(state, cell->matrix), (*numbers)(cell->row, cell->column)};
}

} // namespace

void draw_cell_panel(State& state, Ink& ink) {
    PanelColumn column(state, ink);
    column.gap(16);
    const std::optional<ShownCell> shown = find_shown_cell(state);
    if (!shown) {
        state.link = {};
        draw_introduction(column);
        return;
    }
    // Another cell has other links, and is read from the top.
    if (state.link.shown != shown->cell) {
        state.link = {.shown = shown->cell};
        ImGui::SetScrollY(0);
    }
    draw_top(column);
    draw_name_and_value(column, *shown);
    if (shown->stage != nullptr) {
        draw_stage_cell(column, *shown);
    } else {
        column.heading("How it came about");
        column.paragraph(ink.theme.fonts.text, ink.theme.dim,
                         "It is a parameter: training found it. No stage computes it.");
    }
    draw_gradient_of_cell(column, *shown);
    if (shown->stage == nullptr) draw_nudge(column, *shown);
    draw_users(column, *shown);
    column.gap(20);
    state.link.count = column.links;
    state.link.wants_follow = false;
}

} // namespace whirlygig
