#include "controls.h"

#include "theme.h"

#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace whirlygig {
namespace {

std::string written_on(const std::string& label) {
    return label.substr(0, label.find("##"));
}

// The space above and below the text that makes a control as high as all others.
float space_above_text(const Theme& theme) {
    return std::max(0.0F, (control_height(theme) - ImGui::GetFontSize()) / 2);
}

// The style of the controls, for as long as it lives.
class Styled {
public:
    explicit Styled(const Theme& theme, Weight weight = Weight::plain) {
        const bool strong = weight == Weight::strong;
        const ImU32 fill = strong ? theme.accent : theme.empty_cell;
        const ImU32 ink = strong ? theme.on_accent : theme.text;
        const ImU32 pointed = mix(fill, ink, 0.08F), held = mix(fill, ink, 0.16F);
        ImGui::PushFont(theme.fonts.text);
        colour(ImGuiCol_Text, ink);
        colour(ImGuiCol_TextDisabled, theme.faint);
        colour(ImGuiCol_Button, fill);
        colour(ImGuiCol_ButtonHovered, pointed);
        colour(ImGuiCol_ButtonActive, held);
        colour(ImGuiCol_FrameBg, fill);
        colour(ImGuiCol_FrameBgHovered, pointed);
        colour(ImGuiCol_FrameBgActive, held);
        colour(ImGuiCol_SliderGrab, theme.accent);
        colour(ImGuiCol_SliderGrabActive, mix(theme.accent, theme.text, 0.2F));
        colour(ImGuiCol_CheckMark, theme.accent);
        colour(ImGuiCol_TextSelectedBg, theme.accent_soft);
        colour(ImGuiCol_NavHighlight, theme.accent);
        size(ImGuiStyleVar_FramePadding,
             {ImGui::GetStyle().FramePadding.x, space_above_text(theme)});
        size(ImGuiStyleVar_ItemInnerSpacing, {theme.units(8), theme.units(4)});
        size(ImGuiStyleVar_FrameBorderSize, 0.0F);
        size(ImGuiStyleVar_GrabRounding, theme.units(6));
        size(ImGuiStyleVar_GrabMinSize, theme.units(14));
    }
    Styled(const Styled&) = delete;
    Styled& operator=(const Styled&) = delete;
    ~Styled() {
        ImGui::PopStyleVar(sizes);
        ImGui::PopStyleColor(colours);
        ImGui::PopFont();
    }

    void colour(ImGuiCol which, ImU32 value) {
        ImGui::PushStyleColor(which, value);
        ++colours;
    }
    void size(ImGuiStyleVar which, ImVec2 value) {
        ImGui::PushStyleVar(which, value);
        ++sizes;
    }
    void size(ImGuiStyleVar which, float value) {
        ImGui::PushStyleVar(which, value);
        ++sizes;
    }

private:
    int colours = 0, sizes = 0;
};

// Beside the pointer, once it has rested on the last item for a moment.
void show_tip(const Theme& theme, const std::string& tip) {
    constexpr float rest = 0.4F; // seconds
    if (tip.empty() || !ImGui::IsItemHovered() || ImGui::IsItemActive()) return;
    if (ImGui::GetCurrentContext()->HoveredIdTimer < rest) return;
    Styled style(theme);
    style.colour(ImGuiCol_PopupBg, theme.panel);
    style.colour(ImGuiCol_Border, theme.edge);
    style.size(ImGuiStyleVar_WindowPadding, {theme.units(12), theme.units(8)});
    style.size(ImGuiStyleVar_WindowRounding, theme.units(8));
    style.size(ImGuiStyleVar_PopupBorderSize, theme.units(1));
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(theme.units(320));
    ImGui::TextUnformatted(tip.c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

// ImGui's own button keeps its padding even where that pushes the text off the middle.
bool press_button(const Theme& theme, Styled& style, const std::string& label, ImVec2 size) {
    const ImVec2 text = ImGui::CalcTextSize(written_on(label).c_str());
    if (size.x == 0) size.x = text.x + theme.units(28);
    if (size.y == 0) size.y = control_height(theme);
    const float room = std::max(0.0F, (size.y - text.y) / 2);
    style.size(ImGuiStyleVar_FramePadding, {0, std::min(space_above_text(theme), room)});
    return ImGui::Button(label.c_str(), size);
}

// One of a choice's names; the chosen one stands out.
bool option(Controls& controls, const Theme& theme, const std::string& label,
            const std::string& name, bool is_chosen) {
    Styled style(theme, is_chosen ? Weight::strong : Weight::plain);
    const bool pressed = press_button(theme, style, name, {0, 0});
    controls.record(fmt::format("{}: {}", label, name), ImGui::GetItemRectMin(),
                    ImGui::GetItemRectMax(), is_chosen ? "on" : "off");
    return pressed;
}

// Dear ImGui calls this when Tab is pressed in a text box.
int complete_text(ImGuiInputTextCallbackData* box) {
    const Completion& complete = *static_cast<const Completion*>(box->UserData);
    const std::string before = box->Buf;
    const std::string after = complete(before);
    if (after == before) return 0;
    box->DeleteChars(0, box->BufTextLen);
    box->InsertChars(0, after.c_str());
    return 0;
}

std::string formatted(float value, const char* format) {
    std::array<char, 64> text{};
    ImFormatString(text.data(), text.size(), format, static_cast<double>(value));
    return text.data();
}

} // namespace

float control_height(const Theme& theme) {
    return theme.units(32);
}

void Controls::record(std::string label, ImVec2 low, ImVec2 high, std::string state) {
    const ImDrawList& list = *ImGui::GetWindowDrawList();
    low = ImMax(low, list.GetClipRectMin());
    high = ImMin(high, list.GetClipRectMax());
    if (low.x >= high.x || low.y >= high.y) high = low;
    drawn.push_back({std::move(label), low, high, std::move(state)});
}

const Control* Controls::find(const std::string& label) const {
    const std::string lasting = "###" + label;
    const auto found = std::find_if(drawn.begin(), drawn.end(), [&](const Control& control) {
        return control.label == label || control.label.ends_with(lasting);
    });
    return found == drawn.end() ? nullptr : &*found;
}

bool button(Controls& controls, const Theme& theme, const std::string& label, ImVec2 size,
            Weight weight, const std::string& tip) {
    Styled style(theme, weight);
    const bool pressed = press_button(theme, style, label, size);
    controls.record(label, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), written_on(label));
    show_tip(theme, tip);
    return pressed;
}

bool link(Controls& controls, const Theme& theme, const std::string& label,
          const std::string& tip) {
    const Styled style(theme);
    const std::string words = written_on(label);
    // In a line with other controls the text stands as low as theirs.
    const float drop = ImGui::GetCurrentWindow()->DC.CurrLineTextBaseOffset;
    ImVec2 size = ImMax(ImGui::CalcTextSize(words.c_str()), ImVec2(1, 1));
    size.y += drop;
    const bool pressed = ImGui::InvisibleButton(label.c_str(), size);
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddText({low.x, low.y + drop}, theme.accent, words.c_str());
    const bool reached_by_key = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
    if (ImGui::IsItemHovered()) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (ImGui::IsItemHovered() || reached_by_key)
        list.AddLine({low.x, high.y}, high, theme.accent, theme.units(1));
    controls.record(label, low, high);
    show_tip(theme, tip);
    return pressed;
}

bool toggle(Controls& controls, const Theme& theme, const std::string& label, bool& on,
            const std::string& tip) {
    const Styled style(theme);
    const bool pressed = ImGui::Checkbox(label.c_str(), &on);
    controls.record(label, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), on ? "on" : "off");
    show_tip(theme, tip);
    return pressed;
}

bool slider(Controls& controls, const Theme& theme, const std::string& label, float& value,
            SliderRange range, float width, const char* format, const std::string& tip) {
    const Styled style(theme);
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const ImVec2 high = {low.x + width, low.y + ImGui::GetFrameHeight()};
    const ImGuiSliderFlags scale =
        range.logarithmic ? ImGuiSliderFlags_Logarithmic : ImGuiSliderFlags_None;
    ImGui::SetNextItemWidth(width);
    // The number stands beside the slider, where the handle does not cover it. A label like
    // "1.00x speed###speed" has it already.
    const bool shows_number = format[0] != '\0';
    const bool beside = shows_number && label.find("###") == label.npos;
    const std::string written =
        beside ? fmt::format("{} {}###{}", label, formatted(value, format), label) : label;
    const bool moved = ImGui::SliderFloat(written.c_str(), &value, range.least, range.most, "",
                                          scale | ImGuiSliderFlags_AlwaysClamp);
    controls.record(label, low, high, formatted(value, shows_number ? format : "%.3f"));
    show_tip(theme, tip);
    return moved;
}

bool choice(Controls& controls, const Theme& theme, const std::string& label, int& chosen,
            const std::vector<std::string>& names, const std::string& tip) {
    const Styled style(theme);
    const int before = chosen;
    ImGui::BeginGroup();
    ImGui::PushID(label.c_str());
    for (int index = 0; index < static_cast<int>(names.size()); ++index) {
        if (index > 0) ImGui::SameLine(0, theme.units(2));
        if (option(controls, theme, label, names[index], index == before)) chosen = index;
        show_tip(theme, tip);
    }
    ImGui::PopID();
    ImGui::EndGroup();
    const bool exists = chosen >= 0 && chosen < static_cast<int>(names.size());
    controls.record(label, ImGui::GetItemRectMin(), ImGui::GetItemRectMax(),
                    exists ? names[chosen] : "");
    return chosen != before;
}

bool text_box(Controls& controls, const Theme& theme, const std::string& label, std::string& text,
              float width, const std::string& tip, Completion complete) {
    const Styled style(theme);
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const ImVec2 high = {low.x + width, low.y + ImGui::GetFrameHeight()};
    ImGuiInputTextFlags flags = ImGuiInputTextFlags_EnterReturnsTrue;
    if (complete) flags |= ImGuiInputTextFlags_CallbackCompletion;
    ImGui::SetNextItemWidth(width);
    // The label's words stand in the empty box, not beside it.
    const bool entered =
        ImGui::InputTextWithHint(fmt::format("##{}", label).c_str(), written_on(label).c_str(),
                                 &text, flags, complete ? complete_text : nullptr, &complete);
    const bool left = ImGui::IsItemDeactivatedAfterEdit();
    controls.record(label, low, high, text);
    show_tip(theme, tip);
    return entered || left;
}

Pointer area(Controls& controls, const std::string& label, ImVec2 low, ImVec2 high,
             const std::string& state) {
    controls.record(label, low, high, state);
    const ImGuiIO& io = ImGui::GetIO();
    Pointer pointer;
    // What lies on the area, a button say, takes the pointer first.
    pointer.hovered = ImGui::IsWindowHovered() && !ImGui::IsAnyItemHovered() &&
                      ImGui::IsMouseHoveringRect(low, high);
    // A click ends where it began; pressing and moving away is a drag.
    const bool stayed =
        ImRect(low, high).Contains(io.MouseClickedPos[0]) &&
        io.MouseDragMaxDistanceSqr[0] < io.MouseDragThreshold * io.MouseDragThreshold;
    pointer.clicked = pointer.hovered && stayed && ImGui::IsMouseReleased(ImGuiMouseButton_Left);
    return pointer;
}

} // namespace whirlygig
