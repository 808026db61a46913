// Writing from top to bottom in the cell panel.
#include "panels/cell_parts.h"

#include <fmt/format.h>

#include <utility>

namespace whirlygig {
namespace {

ImGuiID id_of(const std::string& what) {
    return ImGui::GetID(fmt::format("show all of {}", what).c_str());
}

} // namespace

PanelColumn::PanelColumn(State& state, Ink& ink)
    : state(state),
      ink(ink),
      theme(ink.theme),
      left(ImGui::GetCursorScreenPos().x + theme.units(18))
      // The scrollbar's room is kept free, so that nothing jumps when it appears.
      ,
      width(ImGui::GetWindowWidth() - theme.units(36) - ImGui::GetStyle().ScrollbarSize) {}

ImVec2 PanelColumn::at() const {
    return {left, ImGui::GetCursorScreenPos().y};
}

void PanelColumn::down(float pixels) {
    const ImVec2 start = at();
    ImGui::SetCursorScreenPos(start);
    ImGui::Dummy({width, pixels});
    ImGui::SetCursorScreenPos({start.x, start.y + pixels});
}

void PanelColumn::heading(std::string_view words) {
    gap(14);
    const ImVec2 start = at();
    ink.line(start, {left + width, start.y}, theme.edge, theme.units(1));
    gap(10);
    line(theme.fonts.small, theme.faint, words);
    gap(4);
}

void PanelColumn::line(ImFont* font, ImU32 colour, std::string_view words) {
    ink.text_within(font, at(), width, colour, words);
    down(font->FontSize * 1.3F);
}

void PanelColumn::paragraph(ImFont* font, ImU32 colour, std::string_view words) {
    const float height = font->FontSize * 1.3F;
    // At blanks only: ImGui's own lines also break behind the point of a number.
    for (const std::string& line : lines_within(font, words, width)) {
        ink.text(font, at(), colour, line);
        down(height);
    }
}

bool PanelColumn::link_line(const std::string& words, const std::string& id,
                            const std::string& tip) {
    const ImVec2 start = at();
    ImGui::SetCursorScreenPos(start);
    const std::string label = shortened(theme.fonts.text, words, width) + "##" + id;
    const float height = theme.fonts.text->FontSize * 1.35F;
    const bool chosen = state.link.number == links++;
    if (chosen) mark_link(words, start, height);
    const bool pressed = link(state.controls, theme, label, tip);
    ImGui::SetCursorScreenPos(start);
    down(height);
    return pressed || (chosen && std::exchange(state.link.wants_follow, false));
}

// A frame around the line and a bar before it; scrolled to where it has just been chosen.
void PanelColumn::mark_link(const std::string& words, ImVec2 low, float height) {
    const ImVec2 from = {low.x - theme.units(8), low.y - theme.units(2)};
    const ImVec2 to = {left + width, low.y + height};
    ink.rectangle(from, to, theme.accent_soft, theme.units(3));
    ink.frame(from, to, theme.accent, theme.units(1.5F), theme.units(3));
    ink.rectangle(from, {from.x + theme.units(4), to.y}, theme.accent);
    state.controls.record("chosen link", from, to, words);
    if (!std::exchange(state.link.wants_sight, false)) return;
    const float top = ImGui::GetWindowPos().y, bottom = top + ImGui::GetWindowHeight();
    if (from.y < top || to.y > bottom) ImGui::SetScrollFromPosY(from.y - top, 0.5F);
}

void PanelColumn::number_line(std::string_view words, const std::string& number) {
    const ImVec2 start = at();
    ImFont* digits = theme.fonts.digits;
    const float room = width - Ink::size_of(digits, number).x - theme.units(8);
    ink.text_within(theme.fonts.small, start, room, theme.dim, words);
    ink.text(digits, {left + width, start.y}, theme.text, number, Align::right);
    down(digits->FontSize * 1.45F);
}

bool PanelColumn::number_in(const NumberBox& box, bool can_be_clicked) {
    Pointer pointer;
    if (can_be_clicked) pointer = area(state.controls, box.label, box.low, box.high, box.number);
    const ImVec2 size = Ink::size_of(box.font, box.number);
    const float y = (box.low.y + box.high.y - box.font->FontSize) / 2;
    if (pointer.hovered) {
        const float under = y + box.font->FontSize;
        ink.rectangle(box.low, box.high, theme.accent_soft, theme.units(3));
        ink.line({box.high.x - size.x, under}, {box.high.x, under}, theme.accent, theme.units(1));
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    }
    ink.text(box.font, {box.high.x, y}, box.colour, box.number, Align::right);
    return pointer.clicked;
}

bool PanelColumn::shows_all(const std::string& what) const {
    return ImGui::GetStateStorage()->GetBool(id_of(what));
}

void PanelColumn::show_all_button(const std::string& what, const std::string& words) {
    gap(6);
    const ImVec2 start = at();
    ImGui::SetCursorScreenPos(start);
    const float height = theme.units(28);
    if (button(state.controls, theme, fmt::format("{}##{}", words, what), {width, height},
               Weight::plain, "It may be long."))
        ImGui::GetStateStorage()->SetBool(id_of(what), true);
    ImGui::SetCursorScreenPos(start);
    down(height);
}

} // namespace whirlygig
