// The number whose update is shown: which one it is, and how to choose another.
#include "draw/axis_labels.h"
#include "draw/matrix_view.h"
#include "panels/matrix_words.h"
#include "stages/matrix_labels.h"
#include "training/step_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

using Parameter = NamedParameter<const Real>;

ChosenNumber number_of(const std::vector<Parameter>& list, NumberPlace place) {
    const Parameter& parameter = list.at(place.parameter);
    return {place,
            {parameter.name, place.number / parameter.columns, place.number % parameter.columns}};
}

struct Peak {
    std::size_t number = 0;
    double size = -1;
};

Peak largest(std::span<const Real> values) {
    Peak peak;
    for (std::size_t number = 0; number < values.size(); ++number) {
        const double size = std::abs(static_cast<double>(values[number]));
        if (size > peak.size) peak = {number, size};
    }
    return peak;
}

// How far the step moves each number of the parameter.
std::vector<Real> moves_of(const StepRecord& record, std::size_t parameter) {
    const std::vector<Parameter> before = list_parameters(record.before.parameters);
    const std::vector<Parameter> after = list_parameters(record.after.parameters);
    std::vector<Real> moves;
    for (std::size_t number = 0; number < before[parameter].values.size(); ++number)
        moves.push_back(after[parameter].values[number] - before[parameter].values[number]);
    return moves;
}

constexpr float largest_cell = 26; // in units

// A matrix that is much higher than wide is drawn with rows and columns swapped.
bool lies_down(const Parameter& parameter) {
    return 2 * parameter.rows > 3 * parameter.columns;
}

class NumberStrip {
public:
    NumberStrip(State& state, Ink& ink, const StepRecord& record, const ChosenNumber& chosen)
        : state(state),
          ink(ink),
          theme(ink.theme),
          record(record),
          chosen(chosen),
          parameters(list_parameters(record.before.parameters)),
          moves(moves_of(record, chosen.place.parameter)) {}

    void draw(Box box) {
        const float wide = draw_cells(box);
        box.cut_left(wide + theme.units(20));
        choose(box);
        before_and_after(box);
        colours(box);
    }

private:
    // As large as fits beside the words.
    ImVec2 cell_within(const MatrixView& view, const Box& box, const Margins& around) const {
        const float words = theme.units(400);
        const float wide = box.width() - words - around.left - around.right;
        const float high = box.height() - around.top - theme.units(2);
        const float cell =
            std::min({wide / static_cast<float>(view.drawn_columns()),
                      high / static_cast<float>(view.drawn_rows()), theme.units(largest_cell)});
        const float whole = cell > 6 ? std::floor(cell) : cell;
        return {whole, whole};
    }

    // Gives its width.
    float draw_cells(const Box& box) {
        const Parameter& parameter = parameters[chosen.place.parameter];
        MatrixView view;
        view.name = parameter.name;
        view.numbers = {moves.data(), parameter.rows, parameter.columns};
        view.computed = moves.size();
        view.transposed = lies_down(parameter);
        view.current = {chosen.cell.row, chosen.cell.column};
        Margins around{.left = theme.units(2), .top = theme.units(2)};
        view.cell = cell_within(view, box, around);
        if (view.cell.x >= theme.units(10)) { // room for what rows and columns are
            add_labels(state, view);
            around = margins_of(theme, view);
            view.cell = cell_within(view, box, around);
        }
        view.low = {box.low.x + around.left, box.low.y + around.top};
        const MatrixPointer pointer = draw_matrix(ink, state.controls, view);
        if (pointer.hovered) {
            const CellRef cell{view.name, pointer.hovered->first, pointer.hovered->second};
            state.hovered = hovered = cell;
            if (pointer.clicked) pin(cell);
        }
        return view.high().x + around.right - box.low.x;
    }

    void pin(const CellRef& cell) {
        state.pinned = cell;
        state.nudge.reset();
    }

    void turn(std::size_t by) {
        const std::size_t to = (chosen.place.parameter + by) % parameters.size();
        pin(steepest_number(record, to).cell);
    }

    void choose(Box& box) {
        const float size = theme.units(28);
        Box line = box.cut_top(size + theme.units(4));
        ImGui::SetCursorScreenPos(line.low);
        if (button(state.controls, theme, "◀##parameter", {size, size}, Weight::plain,
                   "The parameter before: its number with the largest gradient"))
            turn(parameters.size() - 1);
        ImGui::SameLine(0, theme.units(4));
        if (button(state.controls, theme, "▶##parameter", {size, size}, Weight::plain,
                   "The next parameter: its number with the largest gradient"))
            turn(1);
        line.cut_left(2 * size + theme.units(14));
        const float y = line.low.y + (size - theme.fonts.text->FontSize) / 2;
        const std::string words = fmt::format("{}, {}", title_of(state, chosen.cell.matrix),
                                              words_for_cell(state, chosen.cell));
        ink.text_within(theme.fonts.text, {line.low.x, y}, line.width(), theme.text, words);
        state.controls.record(
            "Chosen number", line.low, line.high,
            fmt::format("{} {} {}", chosen.cell.matrix, chosen.cell.row, chosen.cell.column));
    }

    double number_in(const Snapshot& snapshot) const {
        const std::vector<Parameter> list = list_parameters(snapshot.parameters);
        return static_cast<double>(list[chosen.place.parameter].values[chosen.place.number]);
    }

    void before_and_after(Box& box) {
        constexpr int digits = 6;
        const std::string before = number_text(number_in(record.before), digits);
        const std::string after = number_text(number_in(record.after), digits);
        const Box line = box;
        write(ink, box, {theme.fonts.large, theme.text, 1}, before + " → " + after);
        const Box seen{line.low, {line.high.x, box.low.y}};
        state.controls.record("Number before", seen.low, seen.high, before);
        state.controls.record("Number after", seen.low, seen.high, after);
    }

    void colours(Box& box) {
        if (hovered) {
            const Parameter& parameter = parameters[chosen.place.parameter];
            const Real move = moves.at(hovered->row * parameter.columns + hovered->column);
            write(ink, box, {theme.fonts.small, theme.text, 2},
                  fmt::format("Under the pointer: {}; the step moves it by {}.",
                              words_for_cell(state, *hovered),
                              number_text(static_cast<double>(move), 4)));
            return;
        }
        write(
            ink, box, {theme.fonts.small, theme.dim, 3},
            fmt::format("Colours: this step's moves, at most {}. Click one to see its arithmetic.",
                        number_text(largest(moves).size, 3)));
    }

    State& state;
    Ink& ink;
    const Theme& theme;
    const StepRecord& record;
    const ChosenNumber& chosen;
    std::vector<Parameter> parameters;
    std::vector<Real> moves;
    std::optional<CellRef> hovered;
};

} // namespace

ChosenNumber steepest_number(const StepRecord& record, std::size_t parameter) {
    const std::vector<Parameter> gradient = list_parameters(record.gradient);
    return number_of(gradient, {parameter, largest(gradient.at(parameter).values).number});
}

ChosenNumber most_moved_number(const StepRecord& record) {
    const std::vector<Parameter> list = list_parameters(record.before.parameters);
    NumberPlace most;
    double size = -1;
    for (std::size_t parameter = 0; parameter < list.size(); ++parameter) {
        const Peak peak = largest(moves_of(record, parameter));
        if (peak.size <= size) continue;
        size = peak.size;
        most = {parameter, peak.number};
    }
    return number_of(list, most);
}

ChosenNumber chosen_number(const State& state, const StepRecord& record) {
    const std::vector<Parameter> list = list_parameters(record.gradient);
    NumberPlace steepest;
    double size = -1;
    for (std::size_t parameter = 0; parameter < list.size(); ++parameter) {
        const bool pinned = state.pinned && state.pinned->matrix == list[parameter].name;
        if (pinned && state.pinned->row < list[parameter].rows &&
            state.pinned->column < list[parameter].columns)
            return number_of(list, {parameter, state.pinned->row * list[parameter].columns +
                                                   state.pinned->column});
        const Peak peak = largest(list[parameter].values);
        if (peak.size <= size) continue;
        size = peak.size;
        steepest = {parameter, peak.number};
    }
    return number_of(list, steepest);
}

float chosen_number_height(const Theme& theme, const StepRecord& record,
                           const ChosenNumber& chosen) {
    const Parameter parameter = list_parameters(record.gradient)[chosen.place.parameter];
    const std::size_t rows = lies_down(parameter) ? parameter.columns : parameter.rows;
    return theme.units(64 + largest_cell * static_cast<float>(rows));
}

void draw_chosen_number(State& state, Ink& ink, const Box& box, const StepRecord& record,
                        const ChosenNumber& chosen) {
    NumberStrip(state, ink, record, chosen).draw(box);
}

} // namespace whirlygig
