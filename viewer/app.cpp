#include "app.h"

#include "draw/box.h"
#include "keys.h"
#include "panels/panels.h"
#include "scenes/scenes.h"
#include "training/training_views.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// A panel of its own, with rounded corners; what `draw` writes goes into `written`.
template <class Draw>
void panel(State& state, const char* name, Box box, std::vector<WrittenText>& written, Draw draw,
           ImGuiWindowFlags flags = 0) {
    ImGui::SetCursorScreenPos(box.low);
    ImGui::BeginChild(name, box.size(), false, flags | ImGuiWindowFlags_NoNav);
    Ink ink(state.theme, written);
    ink.frame(box.low, box.high, state.theme.edge, 1, state.theme.units(10));
    draw(ink);
    ImGui::EndChild();
}

// Windows over everything else.
template <class Draw>
void floating(State& state, const char* name, Box box, std::vector<WrittenText>& written,
              Draw draw) {
    ImGui::SetNextWindowPos(box.low);
    ImGui::SetNextWindowSize(box.size());
    ImGui::PushStyleColor(ImGuiCol_WindowBg, ImGui::GetStyle().Colors[ImGuiCol_ChildBg]);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, state.theme.units(10));
    ImGui::Begin(name, nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav);
    Ink ink(state.theme, written);
    draw(ink);
    ImGui::End();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
}

void overlays(State& state, ImVec2 screen, std::vector<WrittenText>& written) {
    const Theme& theme = state.theme;
    if (state.settings_open) {
        const ImVec2 low = {screen.x - theme.units(560), theme.units(84)};
        floating(state, "settings", {low, {low.x + theme.units(540), low.y + theme.units(448)}},
                 written, [&](Ink& ink) { draw_settings(state, ink); });
    }
    if (state.tour.running) {
        // Over the list of stages, which the tour does not need.
        const float width = theme.units(screen.x < theme.units(1400) ? 190 : 230);
        const ImVec2 low = {theme.units(10), theme.units(80)};
        floating(state, "tour", {low, {low.x + width, low.y + theme.units(430)}}, written,
                 [&](Ink& ink) { draw_tour(state, ink); });
    }
    if (state.help_open) {
        const ImVec2 size = help_size(theme);
        const ImVec2 low = {(screen.x - size.x) / 2, (screen.y - size.y) / 2};
        floating(state, "help", {low, {low.x + size.x, low.y + size.y}}, written,
                 [&](Ink& ink) { draw_help(state, ink); });
    }
}

constexpr ImGuiWindowFlags still =
    ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse;

// On the left: where to go, or the controls of a run.
void left_panel(State& state, const Box& box, std::vector<WrittenText>& written) {
    panel(state, "stages", box, written, [&](Ink& ink) {
        ImGui::SetCursorPosY(state.theme.units(10));
        if (state.scene == Scene::training) {
            draw_training_panel(state, ink);
        } else {
            draw_stage_list(state, ink);
        }
    });
}

void canvas(State& state, const Box& box, std::vector<WrittenText>& written) {
    const Theme& theme = state.theme;
    const ImVec2 low = {box.low.x + theme.units(22), box.low.y + theme.units(16)};
    const ImVec2 high = {box.high.x - theme.units(22), box.high.y - theme.units(12)};
    panel(
        state, "canvas", box, written,
        [&](Ink& ink) {
            switch (state.scene) {
            case Scene::model:
                draw_model_scene(state, ink, low, high);
                break;
            case Scene::stages:
                draw_stages_scene(state, ink, low, high);
                break;
            case Scene::training:
                draw_training_scene(state, ink, low, high);
                break;
            }
        },
        still);
}

// On the right: the cell and, where a pass from a file is compared with, what it says otherwise.
void right_panels(State& state, Box box, std::vector<WrittenText>& written) {
    const Theme& theme = state.theme;
    if (state.comparison.file) {
        const Box upper = box.cut_top(theme.units(230));
        box.low.y += theme.units(10);
        panel(
            state, "comparison", upper, written, [&](Ink& ink) { draw_comparison(state, ink); },
            still);
    }
    // While one cell after the other is computed, a bar would jump with each.
    const bool fleeting =
        state.scene == Scene::stages && state.shown_cell() == nullptr && !state.moment().done;
    panel(
        state, "cell", box, written, [&](Ink& ink) { draw_cell_panel(state, ink); },
        fleeting ? ImGuiWindowFlags_NoScrollbar : ImGuiWindowFlags_None);
}

void panels(State& state, ImVec2 screen, std::vector<WrittenText>& written) {
    const Theme& theme = state.theme;
    const float gap = theme.units(10);
    const float header = theme.units(70), bar = theme.units(86);
    const bool narrow = screen.x < theme.units(1400);
    const float list = theme.units(narrow ? 190 : 230), cell = theme.units(narrow ? 300 : 350);
    const float top = header + gap, bottom = screen.y - bar - 2 * gap;
    panel(
        state, "header", {{gap, gap}, {screen.x - gap, header}}, written,
        [&](Ink& ink) { draw_header(state, ink); }, still);
    left_panel(state, {{gap, top}, {gap + list, bottom}}, written);
    canvas(state, {{2 * gap + list, top}, {screen.x - cell - 2 * gap, bottom}}, written);
    right_panels(state, {{screen.x - cell - gap, top}, {screen.x - gap, bottom}}, written);
    panel(
        state, "timeline", {{gap, bottom + gap}, {screen.x - gap, screen.y - gap}}, written,
        [&](Ink& ink) {
            if (state.scene == Scene::training) {
                draw_training_bar(state, ink);
            } else {
                draw_timeline_bar(state, ink);
            }
        },
        still);
}

} // namespace

std::vector<WrittenText> draw_frame(State& state) {
    state.controls.begin_frame();
    std::vector<WrittenText> written;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    follow_training(state);
    follow_comparison(state);
    take_keys(state);
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(screen);
    ImGui::Begin("viewer", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoNav);
    panels(state, screen, written);
    ImGui::End();
    overlays(state, screen, written);
    return written;
}

void play_on(State& state, double seconds) {
    if (!state.player.playing) return;
    const bool done = state.moment().done;
    constexpr double hold = 0.7; // a finished stage stays for a moment
    if (done && state.player.held < hold && state.level != Level::model) {
        state.player.held += seconds * state.settings.speed;
        return;
    }
    state.player.held = 0;
    if (state.time == state.timeline.end()) {
        if (state.settings.loop) {
            state.time = state.timeline.start();
        } else {
            state.player.playing = false;
        }
        return;
    }
    if (state.settings.reduced_motion) { // finished stages, one after the other
        state.player.held = -1.5;
        state.time = state.timeline.step(state.time, Level::stage, 1);
        return;
    }
    state.time = state.timeline.play(state.time, state.level, seconds * state.settings.speed);
}

void apply_settings(State& state, float pixel_scale) {
    Theme& theme = state.theme;
    // In a small window letters can only grow as far as everything still has its room.
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const bool known = screen.x > 0 && screen.y > 0;
    const float room = known ? std::min(screen.x / 1240, screen.y / 690) : 4;
    const float most = std::max(std::floor(room * 20) / 20, 0.5F); // in steps: fonts load slowly
    const float scale = std::min(pixel_scale * state.settings.font_scale, most);
    const bool looks_other = theme.look != state.settings.look ||
                             theme.palette != state.settings.palette || theme.scale != scale ||
                             theme.fonts.text == nullptr;
    if (!looks_other) return;
    const bool other_fonts = theme.scale != scale || theme.fonts.text == nullptr;
    theme.look = state.settings.look;
    theme.palette = state.settings.palette;
    theme.scale = scale;
    apply_look(theme);
    if (other_fonts) load_fonts(theme);
}

} // namespace whirlygig
