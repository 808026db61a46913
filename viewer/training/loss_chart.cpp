// The losses of all branches over their steps.
#include "training/training_views.h"

#include "training/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

struct Ranges {
    double steps = 1, loss = 0.1;
};

Ranges ranges_of(const Experiment& experiment) {
    Ranges ranges;
    for (const BranchReport& report : experiment.reports) {
        const std::uint64_t goal = std::max<std::uint64_t>(report.recipe.steps, report.step);
        ranges.steps = std::max(ranges.steps, static_cast<double>(goal));
        for (const StepLoss& point : report.losses) {
            if (std::isfinite(point.loss)) ranges.loss = std::max(ranges.loss, point.loss);
        }
    }
    // One that has begun to diverge must not press all others to the ground.
    ranges.loss = std::min(ranges.loss * 1.05, 12.0);
    return ranges;
}

// At most one point for each pixel: the mean of the steps that share it.
std::vector<ImVec2> points_of(const Plot& plot, const std::vector<StepLoss>& losses) {
    std::vector<ImVec2> points;
    double sum = 0, count = 0;
    float column = -1;
    for (const StepLoss& point : losses) {
        if (!std::isfinite(point.loss)) continue;
        const double loss = std::min(point.loss, plot.up.to);
        const ImVec2 at = plot.at(static_cast<double>(point.step), loss);
        if (std::floor(at.x) != column) sum = count = 0;
        sum += static_cast<double>(at.y);
        count += 1;
        const ImVec2 mean = {at.x, static_cast<float>(sum / count)};
        if (std::floor(at.x) != column) {
            points.push_back(mean);
        } else {
            points.back() = mean;
        }
        column = std::floor(at.x);
    }
    return points;
}

void draw_branch(Ink& ink, const Plot& plot, const BranchReport& report, ImU32 colour, bool main) {
    const float thick = ink.theme.units(main ? 1.6F : 1.1F);
    ink.curve(points_of(plot, report.losses), faded(colour, main ? 0.6F : 0.35F), thick);
    std::vector<ImVec2> held_out;
    for (const HistoryRow& row : report.measured) {
        if (!std::isfinite(row.held_out_loss)) continue;
        held_out.push_back(
            plot.at(static_cast<double>(row.step), std::min(row.held_out_loss, plot.up.to)));
    }
    ink.curve(held_out, colour, ink.theme.units(main ? 2.4F : 1.8F));
    for (const ImVec2 point : held_out)
        ink.circle(point, ink.theme.units(main ? 3.0F : 2.2F), colour);
}

void draw_floor(Ink& ink, const Plot& plot, const Box& area, double floor) {
    const Theme& theme = ink.theme;
    const float y = plot.up.at(floor), dash = theme.units(7);
    for (float x = area.low.x; x < area.high.x; x += 2 * dash)
        ink.line({x, y}, {std::min(x + dash, area.high.x), y}, theme.dim, theme.units(1.2F));
    ink.text_within(theme.fonts.small, {area.high.x - theme.units(4), y + theme.units(3)},
                    area.width() * 0.6F, theme.dim,
                    fmt::format("floor {:.3f}: no model can be surer", floor), Align::right);
}

// What a branch is and where it stands, in a line of its colour; a click looks at it.
void draw_legend(State& state, Ink& ink, Box box) {
    const Theme& theme = ink.theme;
    Experiment& experiment = state.experiment;
    const float height = line_height(theme.fonts.small) + theme.units(3);
    for (std::size_t branch = 0; branch < experiment.reports.size(); ++branch) {
        if (box.height() < height - 1) return; // a pixel may be lost in rounding
        const BranchReport& report = experiment.reports[branch];
        const Box line = box.cut_top(height);
        const bool chosen = branch == experiment.branch;
        const Pointer pointer = area(state.controls, "branch " + std::to_string(branch + 1),
                                     line.low, line.high, chosen ? "on" : "off");
        if (chosen || pointer.hovered)
            ink.rectangle(line.low, line.high, theme.accent_soft, theme.units(4));
        const ImU32 colour = colour_of_branch(theme, branch);
        const float y = line.centre().y;
        ink.line({line.low.x + theme.units(4), y}, {line.low.x + theme.units(22), y}, colour,
                 theme.units(3));
        std::string words = fmt::format("{} · step {}", report.name, report.step);
        if (!report.measured.empty() && std::isfinite(report.measured.back().held_out_loss)) {
            const double loss = report.measured.back().held_out_loss;
            words += fmt::format(" · held-out {:.4f} (step {}): {}", loss,
                                 report.measured.back().step, loss_in_words(loss));
        } else if (!report.losses.empty()) {
            words += fmt::format(" · loss {:.4f}", report.losses.back().loss);
        }
        if (!report.trouble.empty()) words = fmt::format("{} · {}", report.name, report.trouble);
        ink.text_within(theme.fonts.small,
                        {line.low.x + theme.units(30), line.low.y + theme.units(1)},
                        line.width() - theme.units(34),
                        report.trouble.empty() ? theme.text : theme.warning, words);
        if (pointer.clicked) {
            experiment.branch = branch;
            experiment.step.reset();
            experiment.followed = true;
        }
    }
}

} // namespace

ImU32 colour_of_branch(const Theme& theme, std::size_t branch) {
    const ImU32 colours[] = {theme.accent, theme.above, theme.below, theme.text};
    return colours[branch % 4];
}

void draw_loss_chart(State& state, Ink& ink, const Box& box) {
    const Theme& theme = ink.theme;
    const Experiment& experiment = state.experiment;
    Box room = box;
    const float line = line_height(theme.fonts.small) + theme.units(3);
    const auto lines = static_cast<float>(std::min<std::size_t>(experiment.reports.size(), 5));
    write(ink, room, {theme.fonts.small, theme.dim, 1},
          "Loss in nats per token. Thin: each step's batch, before the step. Thick, with dots: "
          "text that is held out. Across: steps.");
    draw_legend(state, ink, room.cut_bottom(lines * line));
    room.cut_bottom(theme.units(6));
    const Ranges ranges = ranges_of(experiment);
    const Plot plot =
        draw_axes(ink, room, {.from = 0, .to = ranges.steps}, {.from = 0, .to = ranges.loss});
    if (experiment.floor && *experiment.floor < ranges.loss)
        draw_floor(ink, plot, plot.area, *experiment.floor);
    for (std::size_t branch = 0; branch < experiment.reports.size(); ++branch) {
        if (branch == experiment.branch) continue;
        draw_branch(ink, plot, experiment.reports[branch], colour_of_branch(theme, branch), false);
    }
    draw_branch(ink, plot, experiment.report(), colour_of_branch(theme, experiment.branch), true);
    if (!experiment.shown) return;
    const float x = plot.across.at(static_cast<double>(experiment.shown->step));
    ink.line({x, plot.area.low.y}, {x, plot.area.high.y}, theme.accent, theme.units(1.5F));
}

} // namespace whirlygig
