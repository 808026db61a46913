// What a pass from a file says differently.
#include "draw/chart.h"
#include "panels/panels.h"
#include "terminal/difference_text.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

// What the shown cell's two numbers have to do with each other.
std::string words_for(const Diagnosis& found) {
    constexpr int digits = 6;
    const std::string numbers =
        fmt::format("Here {}, in the file {}.", number_text(found.here, digits),
                    number_text(found.there, digits));
    if (!found.differs) return numbers + " The same.";
    if (!found.follows) {
        return fmt::format("{} This arithmetic makes {} of the file's own inputs, and the file "
                           "says {}: here it goes wrong.",
                           numbers, number_text(found.expected, digits),
                           number_text(found.there, digits));
    }
    if (found.different_inputs == 0) {
        return numbers + " None of the numbers that go in differs, and rounding alone can make so "
                         "small a difference.";
    }
    return fmt::format("{} Of the {} numbers that go in, {} differ, and the file's number follows "
                       "from them: it went wrong before.",
                       numbers, found.inputs, found.different_inputs);
}

} // namespace

void draw_comparison(State& state, Ink& ink) {
    const Theme& theme = state.theme;
    const Comparison& comparison = state.comparison;
    const ImVec2 low = ImGui::GetWindowPos();
    Box box{{low.x + theme.units(18), low.y + theme.units(12)},
            {low.x + ImGui::GetWindowWidth() - theme.units(14),
             low.y + ImGui::GetWindowHeight() - theme.units(8)}};
    write(ink, box, {theme.fonts.small, theme.faint, 1},
          "BESIDE " + comparison.path.filename().string());
    box.cut_top(theme.units(2));
    if (!comparison.complaint.empty()) {
        write(ink, box, {theme.fonts.small, theme.warning, 6}, comparison.complaint);
        return;
    }
    const bool equal = comparison.difference.stages.empty();
    const CellRef* cell = state.shown_cell();
    const std::optional<Diagnosis> diagnosis =
        cell != nullptr ? diagnose(state, *cell) : std::nullopt;
    const Box buttons = box.cut_bottom(theme.units(34));
    const Box summary = box.cut_top(box.height() * (diagnosis ? 0.45F : 1));
    Box lines = summary;
    write(ink, lines, {theme.fonts.small, equal ? theme.text : theme.warning, 9},
          difference_summary(state.traced_text(), comparison.difference));
    if (diagnosis) write(ink, box, {theme.fonts.small, theme.text, 9}, words_for(*diagnosis));
    if (equal) return;
    ImGui::SetCursorScreenPos(buttons.low);
    if (button(state.controls, theme, "First difference", {0, 0}, Weight::strong,
               "The first number that differs, in the order of computing"))
        go_to_difference(state, 0);
    ImGui::SameLine();
    if (button(state.controls, theme, "Next stage##difference", {0, 0}, Weight::plain,
               "The next stage in which numbers differ"))
        go_to_difference(state, 1);
}

} // namespace whirlygig
