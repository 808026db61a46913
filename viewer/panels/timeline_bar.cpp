// The lower edge: play, step, scrub, how fine the steps are, how fast, and round again.
#include "panels/panels.h"
#include "stages/focus.h"
#include "training/training_views.h"

#include <fmt/format.h>

#include <cmath>

namespace whirlygig {
namespace {

void play_and_step(State& state) {
    const float size = state.theme.units(36);
    if (button(state.controls, state.theme, "◀##back", {size, size}, Weight::plain,
               "One step back (←)")) {
        state.player.playing = state.player.fresh = false;
        state.time = state.timeline.step(state.time, state.level, -1);
    }
    ImGui::SameLine();
    const char* play = state.player.playing ? "Pause" : "▶ Play";
    if (button(state.controls, state.theme, fmt::format("{}###Play", play),
               {state.theme.units(96), size}, Weight::strong, "Play or pause (space)")) {
        play_or_pause(state);
    }
    ImGui::SameLine();
    if (button(state.controls, state.theme, "▶##step", {size, size}, Weight::plain,
               "One step forward (→)")) {
        state.player.playing = state.player.fresh = false;
        state.time = state.timeline.step(state.time, state.level, 1);
    }
}

// The whole timeline; the backward pass has a tint of its own, the loss is the turning point.
void scrubber(State& state, Ink& ink, float width) {
    const Theme& theme = state.theme;
    const float height = theme.units(36);
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const ImVec2 high = {low.x + width, low.y + height};
    const float middle = (low.y + high.y) / 2;
    const double turning = static_cast<double>(state.trace->forward_stages.size()) /
                           static_cast<double>(state.timeline.stages.size());
    const auto x_at = [&](double share) { return low.x + static_cast<float>(share) * width; };
    const float now = x_at(state.timeline.share(state.time));
    const Pointer pointer = area(state.controls, "Timeline", low, high,
                                 fmt::format("{:.4f}", state.timeline.share(state.time)));
    ink.rectangle({low.x, middle - theme.units(4)}, {high.x, middle + theme.units(4)},
                  theme.empty_cell, theme.units(4));
    ink.rectangle({low.x, middle - theme.units(4)}, {now, middle + theme.units(4)},
                  theme.accent_soft, theme.units(4));
    if (turning < 1) {
        ink.line({x_at(turning), low.y + theme.units(6)}, {x_at(turning), high.y - theme.units(6)},
                 theme.faint, theme.units(2));
        ink.text(theme.fonts.small, {x_at(turning) - theme.units(6), low.y - theme.units(9)},
                 theme.faint, "forward", Align::right);
        ink.text(theme.fonts.small, {x_at(turning) + theme.units(6), low.y - theme.units(9)},
                 theme.faint, "backward");
    }
    ink.rectangle({now - theme.units(5), middle - theme.units(12)},
                  {now + theme.units(5), middle + theme.units(12)}, theme.accent, theme.units(4));
    const bool dragged =
        ImGui::IsMouseDown(0) && ImGui::IsMouseHoveringRect(low, high) && ImGui::IsWindowHovered();
    if (pointer.clicked || dragged) {
        const float share = (ImGui::GetIO().MousePos.x - low.x) / width;
        state.time = state.timeline.at_share(static_cast<double>(share));
        state.player.playing = state.player.fresh = false;
    }
    ImGui::Dummy({width, height});
}

void where_we_are(const State& state, Ink& ink, ImVec2 at, float width) {
    const Moment moment = state.moment();
    const Focus done = focus_of(state, moment);
    const std::string cell =
        moment.done ? fmt::format("done · shown: row {}, column {}", done.row, done.column)
                    : fmt::format("row {}, column {}", moment.row, moment.column);
    ImFont* font = state.theme.fonts.small;
    const std::string stage = fmt::format("{} · {}", moment.stage->name, cell);
    std::string text = fmt::format("stage {} of {} · {}", state.time.stage + 1,
                                   state.timeline.stages.size(), stage);
    if (Ink::size_of(font, text).x > width) text = stage;
    ink.text_within(font, at, width, state.theme.dim, text);
}

// The model is one of a training run's: another of its steps can be chosen here, too.
void training_step(State& state, Ink& ink, Box box) {
    const Theme& theme = ink.theme;
    const Experiment& experiment = state.experiment;
    const std::string words =
        fmt::format("training step {}", experiment.shown ? experiment.shown->step : 0);
    const Box label = box.cut_left(theme.units(140));
    ink.text_within(theme.fonts.small, label.low, label.width(), theme.dim, words);
    draw_training_scrubber(state, ink, box);
}

} // namespace

void draw_timeline_bar(State& state, Ink& ink) {
    const Theme& theme = state.theme;
    const ImVec2 corner = ImGui::GetWindowPos();
    const float width = ImGui::GetWindowWidth();
    ImGui::SetCursorPos({theme.units(16), theme.units(20)});
    play_and_step(state);
    const float left = theme.units(226), right = theme.units(610);
    ImGui::SetCursorPos({left, theme.units(20)});
    scrubber(state, ink, width - left - right);
    where_we_are(state, ink, {corner.x + left, corner.y + theme.units(58)}, width - left - right);
    ImGui::SetCursorPos({width - right + theme.units(20), theme.units(20)});
    int level = static_cast<int>(state.level);
    if (choice(state.controls, theme, "Level", level,
               {name_of(Level::model), name_of(Level::stage), name_of(Level::row),
                name_of(Level::cell), name_of(Level::term)},
               "How much one step does (↑ and ↓)"))
        state.level = static_cast<Level>(level);
    ImGui::SameLine();
    auto speed = static_cast<float>(state.settings.speed);
    // Beside the slider: on it the number would lie under the handle.
    if (slider(state.controls, theme, fmt::format("{:.2f}x speed###speed", speed), speed,
               {0.25F, 16, true}, theme.units(96), "%.2fx", "How fast it plays"))
        state.settings.speed = static_cast<double>(speed);
    ImGui::SameLine();
    toggle(state.controls, theme, "loop", state.settings.loop, "Begin again after the end");
    if (!state.experiment.has_runs() || !state.experiment.followed) return;
    const ImVec2 low = {corner.x + width - right + theme.units(20), corner.y + theme.units(58)};
    training_step(state, ink, {low, {corner.x + width - theme.units(24), low.y + theme.units(22)}});
}

} // namespace whirlygig
