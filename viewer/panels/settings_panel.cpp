// The model, colours, digits, size of the letters, motion.
#include "error.h"
#include "panels/panels.h"

namespace whirlygig {
namespace {

// What is wrong with the folder is said in the header, and the model stays.
void open_typed_folder(State& state) {
    try {
        open_model(state, state.folder_typed, "");
    } catch (const Error& error) {
        state.message = error.what();
    }
}

void export_buttons(State& state) {
    const Theme& theme = state.theme;
    if (button(state.controls, theme, "Picture", {0, 0}, Weight::plain,
               "What is on the screen as a PNG (e)"))
        state.exports.picture = true;
    ImGui::SameLine();
    const char* record = state.exports.recording ? "Stop###Record" : "Record###Record";
    if (button(state.controls, theme, record, {0, 0}, Weight::plain,
               "What is on the screen, from now on until you stop, as a GIF (g)"))
        state.exports.recording = !state.exports.recording;
    ImGui::SameLine();
    if (button(state.controls, theme, "Trace", {0, 0}, Weight::plain,
               "Every number of this pass as a safetensors file"))
        export_trace(state);
}

} // namespace

void draw_settings(State& state, Ink& ink) {
    const Theme& theme = state.theme;
    const ImVec2 low = ImGui::GetWindowPos();
    const ImVec2 high = {low.x + ImGui::GetWindowWidth(), low.y + ImGui::GetWindowHeight()};
    ink.frame(low, high, theme.accent, theme.units(1.5F), theme.units(10));
    ink.text(theme.fonts.large, {low.x + theme.units(20), low.y + theme.units(14)}, theme.text,
             "Settings");
    float y = theme.units(56);
    const auto row = [&](const char* name) {
        ink.text(theme.fonts.text, {low.x + theme.units(20), low.y + y + theme.units(6)}, theme.dim,
                 name);
        ImGui::SetCursorPos({theme.units(150), y});
        y += theme.units(46);
    };
    row("Model");
    if (text_box(state.controls, theme, "Model folder", state.folder_typed, theme.units(360),
                 "A folder with model.safetensors and config.json; Enter opens it")) {
        open_typed_folder(state);
    }
    row("Colours");
    int palette = static_cast<int>(state.settings.palette);
    if (choice(
            state.controls, theme, "Palette", palette,
            {name_of(Palette::blue_orange), name_of(Palette::purple_green), name_of(Palette::grey)},
            "What stands for numbers below and above zero; each is safe for colour-blind readers"))
        state.settings.palette = static_cast<Palette>(palette);
    row("Letters");
    // Taken over when the pointer lets go: meanwhile the slider must stay where it is.
    ImGuiStorage& storage = *ImGui::GetStateStorage();
    float& scale =
        *storage.GetFloatRef(ImGui::GetID("font size chosen"), state.settings.font_scale);
    slider(state.controls, theme, "font size", scale, {0.75F, 2.0F}, theme.units(160), "%.2f",
           "How large letters and cells are, as far as the window has room for them");
    if (ImGui::IsItemDeactivatedAfterEdit()) state.settings.font_scale = scale;
    if (!ImGui::IsItemActive()) scale = state.settings.font_scale;
    row("Cells");
    toggle(state.controls, theme, "digits", state.settings.digits_in_cells,
           "Write the numbers into the cells where there is room");
    row("Motion");
    toggle(state.controls, theme, "reduced motion", state.settings.reduced_motion,
           "Stages are shown finished, one after the other, without sweeping over their cells");
    row("Export to");
    text_box(state.controls, theme, "Export folder", state.exports.folder, theme.units(360),
             "The folder for pictures, animations and traces");
    row("");
    export_buttons(state);
    ImGui::SetCursorPos({theme.units(20), ImGui::GetWindowHeight() - theme.units(48)});
    if (button(state.controls, theme, "Close##settings", {theme.units(100), 0}, Weight::strong, ""))
        state.settings_open = false;
}

} // namespace whirlygig
