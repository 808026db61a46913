// Where in the training one is.
#include "training/training_views.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {

void draw_training_scrubber(State& state, Ink& ink, const Box& box) {
    const Theme& theme = ink.theme;
    const Experiment& experiment = state.experiment;
    if (!experiment.has_runs()) return;
    const BranchReport& report = experiment.report();
    const std::uint64_t last = std::max<std::uint64_t>({report.recipe.steps, report.step, 1});
    const float width = box.width();
    const auto x_at = [&](std::uint64_t step) {
        return box.low.x + static_cast<float>(step) / static_cast<float>(last) * width;
    };
    const std::uint64_t shown = experiment.shown ? experiment.shown->step : 0;
    const float middle = box.centre().y;
    const Pointer pointer =
        area(state.controls, "Training step", box.low, box.high, fmt::format("{}", shown));
    ink.rectangle({box.low.x, middle - theme.units(4)}, {box.high.x, middle + theme.units(4)},
                  theme.empty_cell, theme.units(4));
    ink.rectangle({box.low.x, middle - theme.units(4)},
                  {x_at(report.step), middle + theme.units(4)}, theme.accent_soft, theme.units(4));
    float drawn = -1;
    for (const std::uint64_t step : report.snapshots) {
        const float x = x_at(step);
        if (x < drawn + theme.units(3)) continue;
        ink.line({x, middle + theme.units(6)}, {x, middle + theme.units(10)}, theme.faint);
        drawn = x;
    }
    const float now = x_at(shown);
    ink.rectangle({now - theme.units(5), middle - theme.units(11)},
                  {now + theme.units(5), middle + theme.units(11)}, theme.accent, theme.units(4));
    const bool dragged = ImGui::IsMouseDown(0) && ImGui::IsMouseHoveringRect(box.low, box.high) &&
                         ImGui::IsWindowHovered();
    if (!pointer.clicked && !dragged) return;
    const float share = std::clamp((ImGui::GetIO().MousePos.x - box.low.x) / width, 0.0F, 1.0F);
    const auto step = static_cast<std::uint64_t>(share * static_cast<float>(last) + 0.5F);
    if (step >= report.step) {
        go_to_step(state, std::nullopt);
    } else {
        go_to_step(state, step);
    }
}

void draw_training_bar(State& state, Ink& ink) {
    const Theme& theme = ink.theme;
    const ImVec2 corner = ImGui::GetWindowPos();
    const float width = ImGui::GetWindowWidth(), size = theme.units(36);
    ImGui::SetCursorPos({theme.units(16), theme.units(14)});
    if (button(state.controls, theme, "◀##snapshot", {size, size}, Weight::plain,
               "The snapshot before (←)"))
        step_through_snapshots(state, -1);
    ImGui::SameLine();
    if (button(state.controls, theme, "▶##snapshot", {size, size}, Weight::plain,
               "The next snapshot (→)"))
        step_through_snapshots(state, 1);
    const float left = theme.units(120), top = corner.y + theme.units(14);
    const Box box{{corner.x + left, top}, {corner.x + width - theme.units(24), top + size}};
    draw_training_scrubber(state, ink, box);
    const Experiment& experiment = state.experiment;
    std::string words = "Train a run; then any of its moments can be shown here, in every scene.";
    if (experiment.has_runs() && experiment.shown) {
        const BranchReport& report = experiment.report();
        words = fmt::format("step {} of {} · {} snapshots, {:.1f} MB · what is shown here is the "
                            "model in every scene",
                            experiment.shown->step, report.step, report.snapshots.size(),
                            static_cast<double>(report.snapshot_bytes) / 1e6);
    }
    ink.text_within(theme.fonts.small, {box.low.x, box.high.y + theme.units(8)}, box.width(),
                    theme.dim, words);
}

} // namespace whirlygig
