// One step in slow motion: the one that follows the model that is shown.
#include "training/step_parts.h"
#include "training/training_views.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

// Without a step to show: what one would see, and what to press.
void draw_invitation(Ink& ink, Box box, bool has_runs) {
    const Theme& theme = ink.theme;
    box.cut_top(box.height() * 0.25F);
    write(ink, box, {theme.fonts.large, theme.text, 1}, "One step in slow motion");
    box.cut_top(theme.units(8));
    write(ink, box, {theme.fonts.text, theme.dim, 6},
          std::string(has_runs ? "Another model is open: press Newest to go back to the run."
                               : "Press Train, or One step.") +
              " Then you see here what a step does: which texts it reads, how "
              "wrong the predictions were, and how the gradient moves any one number of the model, "
              "with all of the arithmetic.");
}

} // namespace

const RecordedStep& step_after_shown(Experiment& experiment) {
    RecordedStep& step = experiment.next_step;
    if (step.follows == experiment.shown) return step;
    step = {experiment.shown, nullptr, ""};
    const std::size_t branch = experiment.shown_branch;
    const BranchReport& report = experiment.reports.at(branch);
    try {
        step.record = std::make_shared<const StepRecord>(
            make_step_record(state_at(*experiment.shown, experiment.live->config(branch),
                                      report.recipe, report.seed),
                             experiment.live->source(branch)));
    } catch (const std::exception& error) {
        step.trouble = error.what();
    }
    return step;
}

void draw_step_view(State& state, Ink& ink, Box box) {
    const Theme& theme = ink.theme;
    Experiment& experiment = state.experiment;
    if (!experiment.shown) return draw_invitation(ink, box, experiment.has_runs());
    const RecordedStep& step = step_after_shown(experiment);
    if (!step.record) return write(ink, box, {theme.fonts.text, theme.warning, 4}, step.trouble);
    const StepRecord& record = *step.record;

    write(
        ink, box, {theme.fonts.small, theme.dim, 2},
        fmt::format("Step {}, which comes next, in slow motion. Click a text or a box to go where "
                    "it happens.",
                    record.step));
    box.cut_top(theme.units(4));
    draw_step_boxes(state, ink, box.cut_top(step_boxes_height(theme, record)), record);
    box.cut_top(theme.units(10));

    const ChosenNumber chosen = chosen_number(state, record);
    const float least = theme.units(82);
    const UpdateTable table(theme, record, chosen.place, box, least);
    const float most = chosen_number_height(theme, record, chosen);
    const float rest = box.height() - table.height();
    const Box strip = box.cut_top(std::max(least, std::min(rest, most)));
    draw_chosen_number(state, ink, {strip.low, {strip.high.x, strip.high.y - theme.units(8)}},
                       record, chosen);
    table.draw(state, ink, box);
}

} // namespace whirlygig
