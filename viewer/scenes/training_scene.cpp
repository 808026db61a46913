// Training runs: their curves, one step in slow motion, and the landscape that they walk in.
#include "scenes/scenes.h"
#include "training/progress.h"
#include "training/training_views.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

// Which step of which run this is, and how fast it goes.
std::string where(const Experiment& experiment) {
    if (!experiment.has_runs()) return "No run yet.";
    const BranchReport& report = experiment.report();
    const std::uint64_t shown = experiment.shown ? experiment.shown->step : 0;
    std::string words = fmt::format("{}: the model after step {}", report.name, shown);
    if (shown < report.step) words += fmt::format(" of {} done", report.step);
    if (report.tokens_a_second > 0)
        words += fmt::format(" · {:.0f} thousand tokens a second", report.tokens_a_second / 1000);
    if (experiment.live->training()) words += " · training";
    return words;
}

} // namespace

void draw_training_scene(State& state, Ink& ink, ImVec2 low, ImVec2 high) {
    const Theme& theme = ink.theme;
    Experiment& experiment = state.experiment;
    state.hovered.reset();
    Box box{low, high};
    Box title = box.cut_top(theme.units(40));
    const Box choices = title.cut_right(theme.units(310));
    ImGui::SetCursorScreenPos(choices.low);
    int view = static_cast<int>(experiment.view);
    if (choice(state.controls, theme, "View", view, {"Curves", "One step", "Landscape"},
               "Losses and heads; one step in slow motion; the loss around the model")) {
        experiment.view = static_cast<TrainingView>(view);
    }
    ink.text_within(theme.fonts.large, title.low, title.width(), theme.text, "Training");
    Box line = box.cut_top(line_height(theme.fonts.text));
    write(ink, line, {theme.fonts.text, theme.accent, 1}, where(experiment));
    box.cut_top(theme.units(8));
    switch (experiment.view) {
    case TrainingView::curves:
        draw_curves_view(state, ink, box);
        break;
    case TrainingView::one_step:
        draw_step_view(state, ink, box);
        break;
    case TrainingView::landscape:
        draw_landscape_view(state, ink, box);
        break;
    }
}

} // namespace whirlygig
