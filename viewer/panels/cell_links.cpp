// Where the shown number comes from, where it goes, its gradient, and the nudge.
#include "nudge.h"
#include "panels/cell_parts.h"
#include "panels/cell_terms.h"
#include "panels/matrix_words.h"
#include "stages/matrix_labels.h"
#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace whirlygig {
namespace {

constexpr std::size_t most_links = 6;

// "gradient by keys, head 1, block 0": as much as is needed to tell the stages apart.
std::string link_words(const State& state, const std::string& matrix) {
    const StageName name = parse_stage_name(matrix);
    std::string words = short_name(matrix);
    if (name.head) words += fmt::format(", head {}", *name.head);
    if (name.block && state.folder.model->config.layers > 1)
        words += fmt::format(", block {}", *name.block);
    return words;
}

std::vector<std::size_t> users_of(const State& state, const std::string& matrix) {
    std::vector<std::size_t> users;
    for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
        if (reads(*state.timeline.stages[number], matrix)) users.push_back(number);
    }
    return users;
}

// The cell stays pinned: it is then lit up among the operands.
void show_use(State& state, std::size_t stage, const CellRef& cell) {
    state.player.playing = false;
    show_stage(state, state.timeline.done(stage), cell);
}

// Whether a row and a column mean the same in both. Equal sizes alone may be a coincidence.
bool same_kind(const Stage* stage, const Stage* operand) {
    return stage != nullptr && operand != nullptr && stage->rows == operand->rows &&
           stage->columns == operand->columns && stage->values.rows == operand->values.rows &&
           stage->values.columns == operand->values.columns;
}

// Where a link to several cells of a matrix leads: to the cell at the same place, otherwise to the
// one that counts most.
CellRef cell_to_follow(const State& state, const CellsRead& read, const Expression& expression) {
    const std::string& matrix = read.met.matrix;
    if (const CellRef* shown = state.shown_cell()) {
        CellRef same = {matrix, shown->row, shown->column};
        if (same_kind(stage_named(state, shown->matrix), stage_named(state, matrix)) &&
            reads_cell(expression, same))
            return same;
    }
    return cell_in_largest_term(expression, matrix).value_or(read.met);
}

std::string precise(double value) {
    constexpr int digits = 7;
    return number_text(value, digits);
}

// Why a number's gradient is 0.
std::string why_zero(const ShownCell& shown) {
    std::string words = "0: the loss of this text does not depend on it.";
    const Stage* stage = shown.stage;
    const bool last_place =
        stage != nullptr && stage->rows == Axis::tokens && shown.cell.row + 1 == stage->values.rows;
    if (last_place) words += " The last place has no next token to be wrong about.";
    return words;
}

} // namespace

void draw_sources(PanelColumn& column, const Expression& expression) {
    const std::vector<CellsRead> all = cells_read(expression);
    if (all.empty()) return;
    column.heading("Made from");
    const std::string what = "made from";
    const std::size_t count =
        column.shows_all(what) ? all.size() : std::min(all.size(), most_links);
    std::optional<CellRef> followed;
    for (std::size_t index = 0; index < count; ++index) {
        const std::string tip =
            fmt::format("Goes to {}.", title_of(column.state, all[index].met.matrix));
        if (column.link_line(words_for(all[index]), fmt::format("made from {}", index), tip))
            followed = cell_to_follow(column.state, all[index], expression);
    }
    if (count < all.size()) column.show_all_button(what, fmt::format("Show all {}", all.size()));
    if (followed) follow(column.state, *followed);
}

void draw_users(PanelColumn& column, const ShownCell& shown) {
    State& state = column.state;
    const std::vector<std::size_t> users = users_of(state, shown.cell.matrix);
    if (users.empty()) return;
    column.heading("Used by");
    const std::string what = "used by";
    const std::size_t count =
        column.shows_all(what) ? users.size() : std::min(users.size(), most_links);
    for (std::size_t index = 0; index < count; ++index) {
        const std::string& name = state.timeline.stages[users[index]]->name;
        if (column.link_line(link_words(state, name), fmt::format("used by {}", index),
                             fmt::format("Goes to {}.", title_of(state, name))))
            show_use(state, users[index], shown.cell);
    }
    if (count < users.size())
        column.show_all_button(what, fmt::format("Show all {}", users.size()));
}

void draw_gradient_of_cell(PanelColumn& column, const ShownCell& shown) {
    State& state = column.state;
    const std::string& matrix = shown.cell.matrix;
    const bool backward = is_gradient(matrix);
    const std::string other =
        backward ? std::string(without_gradient(matrix)) : gradient_of(matrix);
    const std::optional<Numbers> numbers = find_numbers(state, other);
    if (!numbers) return;
    const double value = (*numbers)(shown.cell.row, shown.cell.column);
    column.heading(backward ? "The number itself, in the forward pass" : "Its gradient");
    if (!backward) {
        column.paragraph(column.theme.fonts.small, column.theme.dim,
                         "A small step h of this number changes the mean loss by about this · h:");
    }
    const std::string tip = fmt::format("Goes to {}.", title_of(state, other));
    if (!backward && value == 0)
        column.paragraph(column.theme.fonts.small, column.theme.dim, why_zero(shown));
    if (column.link_line(precise(value), backward ? "number" : "gradient", tip))
        follow(state, {other, shown.cell.row, shown.cell.column});
}

void draw_nudge(PanelColumn& column, const ShownCell& shown) {
    State& state = column.state;
    const Theme& theme = column.theme;
    if (state.trace->backward_stages.empty()) return;
    column.heading("Is the gradient right?");
    column.paragraph(theme.fonts.small, theme.dim,
                     "Move the number a little both ways, run the text through the model each "
                     "time, and see how far the loss moves.");
    column.gap(6);
    const ImVec2 start = column.at();
    const float height = theme.units(32);
    ImGui::SetCursorScreenPos(start);
    if (button(state.controls, theme, "Nudge", {theme.units(110), height}, Weight::strong,
               "Moves this parameter by +ε and −ε on a copy of the model."))
        try_nudge(state, shown.cell);
    ImGui::SetCursorScreenPos(start);
    column.down(height);
    if (!state.nudge || state.nudge->parameter != shown.cell) return;
    Nudge& nudge = *state.nudge;
    column.gap(8);
    column.number_line("ε", number_text(nudge.step, 4));
    column.number_line("loss at −ε", number_text(nudge.loss_below, 9));
    column.number_line("loss at +ε", number_text(nudge.loss_above, 9));
    column.number_line("their difference / 2ε", precise(nudge.difference));
    column.number_line("gradient by backpropagation", precise(nudge.gradient));
    state.controls.record("nudge", start, {start.x + column.width, column.at().y},
                          fmt::format("{} {}", nudge.difference, nudge.gradient));
    column.gap(4);
    column.paragraph(theme.fonts.small, theme.dim, words_of(nudge));
    if (!std::exchange(nudge.wants_sight, false)) return;
    const float top = ImGui::GetWindowPos().y, bottom = top + ImGui::GetWindowHeight();
    if (column.at().y > bottom) ImGui::SetScrollFromPosY(column.at().y - top, 1);
}

} // namespace whirlygig
