// The upper edge: what this is, the text that runs through the model, and the switches.
#include "panels/panels.h"
#include "typed_text.h"
#include "whose_code.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

void title(const State& state, Ink& ink, ImVec2 at) {
    const Theme& theme = state.theme;
    ink.text(theme.fonts.large, at, theme.text, "Whirlygig");
    const float name = Ink::size_of(theme.fonts.large, "Whirlygig").x;
    ink.text_within(theme.fonts.small, {at.x + name + theme.units(12), at.y + theme.units(7)},
                    theme.units(290) - name, theme.accent, whose_code(exercise_bodies()));
    const Config& config = state.folder.model->config;
    std::string sizes = fmt::format("{} · {} layer{}, {} head{}, width {}",
                                    state.folder_path.parent_path().filename().string(),
                                    config.layers, config.layers == 1 ? "" : "s", config.heads,
                                    config.heads == 1 ? "" : "s", config.width);
    if (config.without != Without::nothing)
        sizes += fmt::format(", without {}", name_of(config.without).name);
    ink.text_within(theme.fonts.small, {at.x, at.y + theme.units(28)}, theme.units(300), theme.dim,
                    sizes);
}

// True while one of them is held down or was pressed: then the box, which the pointer has just
// left, must not run the text as it stands.
bool offers(State& state, float right) {
    bool taken = false;
    const std::vector<std::string> words = offered_words(state, state.text.typed);
    const bool complete = state.text.complaint.empty();
    for (const std::string& word : words) {
        ImGui::SameLine();
        const float width = Ink::size_of(state.theme.fonts.text, word).x + state.theme.units(28);
        if (ImGui::GetCursorScreenPos().x + width > right) break; // no room for more
        if (button(state.controls, state.theme, word + "##offer", {0, 0}, Weight::plain,
                   fmt::format("{}{}",
                               complete ? "Complete the word" : "Put this word in its place",
                               word == words.front() ? " (Tab in the text box)" : ""))) {
            show_text(state, with_offer(state, state.text.typed, word));
            taken = true;
        }
        taken = taken || ImGui::IsItemActive();
    }
    return taken;
}

// A line below the box: the complaint, or how much of the context is used.
void remark(State& state, Ink& ink, ImVec2 at, float width) {
    const Theme& theme = state.theme;
    const std::string& warning = state.message.empty() ? state.text.complaint : state.message;
    if (!warning.empty()) {
        ink.text_within(theme.fonts.small, at, width, theme.warning, warning);
        return;
    }
    if (state.text.typed != state.text.run) {
        ink.text_within(theme.fonts.small, at, width, theme.accent, "Enter runs this text");
        return;
    }
    const std::string used = fmt::format("{} of at most {} tokens", state.trace->ids.size(),
                                         state.folder.model->config.context);
    ink.text_within(theme.fonts.small, at, width, theme.faint, used);
}

void underline_unknown(const State& state, Ink& ink, ImVec2 low, float height) {
    const Theme& theme = state.theme;
    if (state.text.complaint.empty()) return;
    const std::string_view text = state.text.typed;
    // Once the text was refused, half a word is wrong, too.
    std::vector<std::string_view> pieces = wrong_pieces(state, text);
    if (pieces.empty()) pieces = unknown_pieces(state, text);
    const float start = low.x + ImGui::GetStyle().FramePadding.x;
    const float y = low.y + height - theme.units(5);
    for (const std::string_view piece : pieces) {
        const auto before = static_cast<std::size_t>(piece.data() - text.data());
        const float left = start + Ink::size_of(theme.fonts.text, text.substr(0, before)).x;
        ink.line({left, y}, {left + Ink::size_of(theme.fonts.text, piece).x, y}, theme.warning,
                 theme.units(2));
    }
}

void scene_choice(State& state) {
    int scene = static_cast<int>(state.scene);
    if (choice(state.controls, state.theme, "Scene", scene, {"Overview", "Stages", "Training"},
               "The whole model as one diagram, one stage at a time, or how it learns")) {
        state.scene = static_cast<Scene>(scene);
    }
}

void switches(State& state) {
    if (button(state.controls, state.theme, "Tour", {0, 0}, Weight::plain,
               "A guided tour of one minute through one prediction"))
        state.tour = {.running = true};
    ImGui::SameLine();
    if (button(state.controls, state.theme, "Settings", {0, 0}, Weight::plain,
               "Colours, digits, size of the letters, motion"))
        state.settings_open = !state.settings_open;
    ImGui::SameLine();
    if (button(state.controls, state.theme, "?", {0, 0}, Weight::plain, "All keys"))
        state.help_open = !state.help_open;
    ImGui::SameLine();
    const bool dark = state.settings.look == Look::dark;
    if (button(state.controls, state.theme, dark ? "Light" : "Dark", {0, 0}, Weight::plain,
               "Light or dark colours"))
        state.settings.look = dark ? Look::light : Look::dark;
}

} // namespace

void draw_header(State& state, Ink& ink) {
    const Theme& theme = state.theme;
    const ImVec2 low = ImGui::GetWindowPos();
    const float width = ImGui::GetWindowWidth();
    title(state, ink, {low.x + theme.units(18), low.y + theme.units(8)});
    const float left = theme.units(330);
    const float right = theme.units(600); // for the switches
    const float box = std::max(theme.units(180), width - left - right - theme.units(20));
    const bool crowded = !offered_words(state, state.text.typed).empty();
    ImGui::SetCursorPos({left, theme.units(8)});
    const ImVec2 box_low = ImGui::GetCursorScreenPos();
    if (state.text.wants_focus) ImGui::SetKeyboardFocusHere();
    state.text.wants_focus = false;
    const float typed_width = crowded ? box * 0.6F : box;
    const std::string before = state.text.typed;
    const bool entered = text_box(
        state.controls, theme, "Text", state.text.typed, typed_width,
        "Any text in the model's vocabulary; Tab takes the first of the words that are offered "
        "beside it, Enter runs it through the model",
        [&](const std::string& text) { return completed(state, text); });
    if (state.text.typed != before) look_at_typed(state);
    underline_unknown(state, ink, box_low, ImGui::GetItemRectSize().y);
    const bool taken = offers(state, low.x + width - right);
    if (entered && !taken) show_text(state, state.text.typed);
    remark(state, ink, {box_low.x + theme.units(4), low.y + theme.units(44)},
           width - left - theme.units(20));
    ImGui::SetCursorPos({width - right + theme.units(10), theme.units(8)});
    scene_choice(state);
    ImGui::SameLine();
    switches(state);
}

} // namespace whirlygig
