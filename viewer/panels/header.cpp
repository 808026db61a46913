// The upper edge: what this is, the text that runs through the model, and the switches.
#include "panels/panels.h"
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

// Words of the vocabulary that begin as the last one of the text.
std::vector<std::string> completions(const State& state, const std::string& text) {
    std::vector<std::string> words;
    if (!state.folder.wording.tokenizer) return words;
    const Tokenizer& tokenizer = *state.folder.wording.tokenizer;
    if (tokenizer.kind() != TokenizerKind::words) return words;
    const std::size_t blank = text.find_last_of(' ');
    const std::string last = blank == text.npos ? text : text.substr(blank + 1);
    if (last.empty() || tokenizer.knows(last)) return words;
    for (int id = 0; id < tokenizer.size() && words.size() < 4; ++id) {
        if (tokenizer.token(id).starts_with(last)) words.push_back(tokenizer.token(id));
    }
    return words;
}

std::string with_last_word(const std::string& text, const std::string& word) {
    const std::size_t blank = text.find_last_of(' ');
    return (blank == text.npos ? "" : text.substr(0, blank + 1)) + word;
}

// The first unknown word of the text replaced.
std::string with_known_word(const State& state, const std::string& text, const std::string& word) {
    const std::vector<std::string_view> unknown = unknown_pieces(state, text);
    if (unknown.empty()) return text;
    const auto at = static_cast<std::size_t>(unknown[0].data() - text.data());
    return std::string(text).replace(at, unknown[0].size(), word);
}

// While a text is typed, words that complete it; once it was refused, words for the unknown one.
std::vector<std::string> offered(const State& state, const std::string& text) {
    return state.text.complaint.empty() ? completions(state, text) : state.text.suggestions;
}

std::string with_offer(const State& state, const std::string& text, const std::string& word) {
    return state.text.complaint.empty() ? with_last_word(text, word)
                                        : with_known_word(state, text, word);
}

// What Tab makes of the text: the first offer is taken.
std::string completed(const State& state, const std::string& text) {
    const std::vector<std::string> words = offered(state, text);
    return words.empty() ? text : with_offer(state, text, words.front());
}

// True while one of them is held down or was pressed: then the box, which the pointer has just
// left, must not run the text as it stands.
bool offers(State& state, float right) {
    bool taken = false;
    const std::vector<std::string> words = offered(state, state.text.typed);
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
    const std::string used = fmt::format("{} of at most {} tokens", state.trace->ids.size(),
                                         state.folder.model->config.context);
    ink.text_within(theme.fonts.small, at, width, theme.faint, used);
}

void underline_unknown(State& state, Ink& ink, ImVec2 low, float height) {
    if (state.text.complaint.empty()) return;
    const Theme& theme = state.theme;
    const std::string_view text = state.text.typed;
    const float start = low.x + ImGui::GetStyle().FramePadding.x;
    const float y = low.y + height - theme.units(5);
    for (const std::string_view piece : unknown_pieces(state, text)) {
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
    const bool crowded =
        !state.text.complaint.empty() || !completions(state, state.text.typed).empty();
    ImGui::SetCursorPos({left, theme.units(8)});
    const ImVec2 box_low = ImGui::GetCursorScreenPos();
    if (state.text.wants_focus) ImGui::SetKeyboardFocusHere();
    state.text.wants_focus = false;
    const float typed_width = crowded ? box * 0.6F : box;
    const bool changed = text_box(
        state.controls, theme, "Text", state.text.typed, typed_width,
        "Any text in the model's vocabulary; Tab takes the first of the words that are offered "
        "beside it, Enter runs it through the model",
        [&](const std::string& text) { return completed(state, text); });
    underline_unknown(state, ink, box_low, ImGui::GetItemRectSize().y);
    const bool taken = offers(state, low.x + width - right);
    if (changed && !taken) show_text(state, state.text.typed);
    remark(state, ink, {box_low.x + theme.units(4), low.y + theme.units(44)},
           width - left - theme.units(20));
    ImGui::SetCursorPos({width - right + theme.units(10), theme.units(8)});
    scene_choice(state);
    ImGui::SameLine();
    switches(state);
}

} // namespace whirlygig
