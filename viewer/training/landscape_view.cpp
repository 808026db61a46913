// The loss over two directions, with lines of equal loss and the way that the run took.
#include "study/survey.h"
#include "training/training_views.h"

#include "trace/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

constexpr std::size_t examples_measured = 64;

void begin_survey(State& state) {
    Experiment& experiment = state.experiment;
    if (!experiment.has_runs() || !experiment.shown) {
        state.message = "Train a run first: there is no model to look around yet";
        return;
    }
    SurveyOrder order;
    order.plane = experiment.random_plane ? SurveyPlane::random : SurveyPlane::of_the_run;
    order.config = experiment.live->config(experiment.branch);
    for (const std::uint64_t step : experiment.report().snapshots) {
        if (auto snapshot = experiment.live->snapshot(experiment.branch, step))
            order.snapshots.push_back(std::move(snapshot));
    }
    order.centre = experiment.shown;
    const std::vector<Example>& held_out = experiment.live->held_out(experiment.branch);
    order.examples.assign(held_out.begin(),
                          held_out.begin() + static_cast<std::ptrdiff_t>(
                                                 std::min(held_out.size(), examples_measured)));
    experiment.survey = std::make_shared<Survey>(std::move(order));
}

// Lowest and highest loss that is a number.
struct Heights {
    double low = 0, high = 1;

    // Differences between low losses matter most: 0 for the lowest, 1 for the highest.
    double share(double loss) const {
        const double span = std::log(high + 0.01) - std::log(low + 0.01);
        return span > 0 ? (std::log(loss + 0.01) - std::log(low + 0.01)) / span : 0;
    }
};

Heights heights_of(const Landscape& landscape) {
    Heights heights{INFINITY, -INFINITY};
    for (const double loss : landscape.losses) {
        if (!std::isfinite(loss)) continue;
        heights.low = std::min(heights.low, loss);
        heights.high = std::max(heights.high, loss);
    }
    return heights;
}

class LandscapePicture {
public:
    LandscapePicture(State& state, Ink& ink, const SurveyedLandscape& surveyed, Box box)
        : state(state),
          ink(ink),
          theme(ink.theme),
          surveyed(surveyed),
          landscape(surveyed.landscape),
          heights(heights_of(landscape)),
          plot(axes(box)) {}

    void draw() {
        cells();
        contours();
        path();
        pointer();
    }

private:
    Plot axes(Box box) {
        Box below = box.cut_bottom(line_height(theme.fonts.small) + theme.units(4));
        Box above = box.cut_top(line_height(theme.fonts.small) + theme.units(4));
        const LandscapeSize& size = landscape.size;
        const Plot made = draw_axes(ink, box, {.from = -size.first_reach, .to = size.first_reach},
                                    {.from = -size.second_reach, .to = size.second_reach});
        write(ink, below, {theme.fonts.small, theme.dim, 1}, "→ " + direction_words(0));
        write(ink, above, {theme.fonts.small, theme.dim, 1}, "↑ " + direction_words(1));
        return made;
    }

    std::string direction_words(std::size_t number) const {
        const std::string& name = landscape.plane.directions[number].name;
        if (surveyed.shares[number] <= 0) return name;
        return fmt::format("{}: {:.0f} % of its movement", name, 100 * surveyed.shares[number]);
    }

    void cells() {
        const double across = half_step(landscape.size.columns, landscape.size.first_reach);
        const double up = half_step(landscape.size.rows, landscape.size.second_reach);
        for (std::size_t row = 0; row < landscape.size.rows; ++row) {
            for (std::size_t column = 0; column < landscape.size.columns; ++column) {
                const double x = landscape.first_at(column), y = landscape.second_at(row);
                const ImVec2 low = clamped(plot.at(x - across, y + up));
                const ImVec2 high = clamped(plot.at(x + across, y - up));
                const double loss = landscape.loss(row, column);
                if (std::isfinite(loss)) {
                    ink.rectangle(low, {high.x + 1, high.y + 1},
                                  colour_of_share(theme, 1 - heights.share(loss)));
                } else {
                    ink.hatch(low, high, theme.faint);
                }
            }
        }
    }

    static double half_step(std::size_t count, double reach) {
        return reach / static_cast<double>(count - 1);
    }

    ImVec2 clamped(ImVec2 at) const {
        return {std::clamp(at.x, plot.area.low.x, plot.area.high.x),
                std::clamp(at.y, plot.area.low.y, plot.area.high.y)};
    }

    void contours() {
        for (std::size_t level = 0; level < surveyed.levels.size(); ++level) {
            const double share = 1 - heights.share(surveyed.levels[level]);
            const ImU32 colour = faded(readable_on(colour_of_share(theme, share)), 0.45F);
            const Polyline* longest = nullptr;
            for (const Polyline& line : surveyed.lines[level]) {
                std::vector<ImVec2> points;
                points.reserve(line.size());
                for (const PlanePoint& point : line)
                    points.push_back(plot.at(point.first, point.second));
                ink.curve(points, colour, theme.units(1));
                if (!longest || line.size() > longest->size()) longest = &line;
            }
            if (longest) name_level(*longest, surveyed.levels[level], colour);
        }
    }

    // Where there is still room for its number.
    void name_level(const Polyline& line, double level, ImU32 colour) {
        ImFont* font = theme.fonts.tiny_digits;
        const std::string words = number_text(level, 3);
        const ImVec2 size = Ink::size_of(font, words);
        for (const std::size_t part : {2, 3, 1}) {
            const PlanePoint& point = line[line.size() * part / 5];
            const ImVec2 at = plot.at(point.first, point.second);
            const Box room{{at.x - size.x / 2 - 2, at.y - size.y / 2 - 1},
                           {at.x + size.x / 2 + 2, at.y + size.y / 2 + 1}};
            const bool inside = room.low.x >= plot.area.low.x && room.low.y >= plot.area.low.y &&
                                room.high.x <= plot.area.high.x && room.high.y <= plot.area.high.y;
            const bool free = std::none_of(taken.begin(), taken.end(), [&](const Box& other) {
                return room.low.x < other.high.x && other.low.x < room.high.x &&
                       room.low.y < other.high.y && other.low.y < room.high.y;
            });
            if (!inside || !free) continue;
            const double share = 1 - heights.share(level);
            ink.rectangle(room.low, room.high, colour_of_share(theme, share));
            ink.text(font, {at.x, at.y - size.y / 2}, faded(colour, 1), words, Align::centre);
            taken.push_back(room);
            return;
        }
    }

    void path() {
        std::vector<ImVec2> points;
        for (const PathPoint& point : surveyed.path)
            points.push_back(
                clamped(plot.at(point.place.nearest.first, point.place.nearest.second)));
        ink.curve(points, theme.background, theme.units(5)); // so that it stands out anywhere
        ink.curve(points, theme.above, theme.units(2));
        for (std::size_t i = 0; i < points.size(); ++i) {
            const bool end = i == 0 || i + 1 == points.size();
            ink.circle(points[i], theme.units(end ? 4.5F : 2.2F), theme.above);
            if (is_shown(i)) ink.ring(points[i], theme.units(7), theme.accent, theme.units(2));
        }
    }

    bool is_shown(std::size_t point) const {
        const auto& shown = state.experiment.shown;
        return shown && shown->step == surveyed.path[point].step;
    }

    // The loss under the pointer; a click goes to the snapshot that is nearest.
    void pointer() {
        const Pointer found = area(state.controls, "Landscape", plot.area.low, plot.area.high,
                                   fmt::format("{} points", landscape.losses.size()));
        if (!found.hovered) return;
        const ImVec2 mouse = ImGui::GetIO().MousePos;
        std::size_t nearest = 0;
        float distance = INFINITY;
        for (std::size_t i = 0; i < surveyed.path.size(); ++i) {
            const PlanePoint& point = surveyed.path[i].place.nearest;
            const ImVec2 at = plot.at(point.first, point.second);
            const float there = std::hypot(at.x - mouse.x, at.y - mouse.y);
            if (there >= distance) continue;
            distance = there;
            nearest = i;
        }
        const auto share = [](float at, float low, float high, std::size_t count) {
            const float within = std::clamp((at - low) / (high - low), 0.0F, 1.0F);
            return static_cast<std::size_t>(within * static_cast<float>(count - 1) + 0.5F);
        };
        const std::size_t column =
            share(mouse.x, plot.area.low.x, plot.area.high.x, landscape.size.columns);
        const std::size_t row =
            share(mouse.y, plot.area.high.y, plot.area.low.y, landscape.size.rows);
        ImGui::SetTooltip("%s",
                          fmt::format("Loss {:.4f} here. Nearest: the run after step {}, {} off "
                                      "this plane; click to go there.",
                                      landscape.loss(row, column), surveyed.path[nearest].step,
                                      number_text(surveyed.path[nearest].place.off_plane, 3))
                              .c_str());
        if (found.clicked) go_to_step(state, surveyed.path[nearest].step);
    }

    State& state;
    Ink& ink;
    const Theme& theme;
    const SurveyedLandscape& surveyed;
    const Landscape& landscape;
    Heights heights;
    Plot plot;
    std::vector<Box> taken; // by the numbers of contour lines
};

void survey_controls(State& state, Box box) {
    Experiment& experiment = state.experiment;
    const Theme& theme = state.theme;
    ImGui::SetCursorScreenPos(box.low);
    int plane = experiment.random_plane ? 1 : 0;
    if (choice(state.controls, theme, "Directions", plane, {"the run's own", "random"},
               "Along which two directions the parameters are moved"))
        experiment.random_plane = plane == 1;
    ImGui::SameLine();
    const bool busy = experiment.survey && !experiment.survey->landscape() &&
                      experiment.survey->trouble().empty();
    const std::string words =
        busy ? fmt::format("Stop ({:.0f} %)", 100 * experiment.survey->progress()) : "Measure";
    if (button(state.controls, theme, words + "###Measure", {0, 0}, Weight::strong,
               "Compute the loss at every point of a grid; training may go on")) {
        if (busy) {
            experiment.survey.reset();
        } else {
            begin_survey(state);
        }
    }
}

} // namespace

void draw_landscape_view(State& state, Ink& ink, Box box) {
    const Theme& theme = ink.theme;
    survey_controls(state, box.cut_top(theme.units(40)));
    write(ink, box, {theme.fonts.small, theme.dim, 3},
          "A model is one point in a space with an axis for each parameter. Here is a plane "
          "through that space: its two directions are named at its edges, the stronger the "
          "colour, the lower the loss, and lines join points of the same loss. The path with dots "
          "is where the run went, as seen from above; how far it was off the plane, the pointer "
          "says.");
    box.cut_top(theme.units(6));
    const std::shared_ptr<Survey> survey = state.experiment.survey;
    if (!survey) {
        write(ink, box, {theme.fonts.text, theme.text, 2},
              state.experiment.has_runs()
                  ? "Press Measure: it works out the loss at every point, in some seconds."
                  : "There is no run yet. Press Train, and then Measure.");
        return;
    }
    if (!survey->trouble().empty()) {
        write(ink, box, {theme.fonts.text, theme.warning, 3}, survey->trouble());
        return;
    }
    const std::shared_ptr<const SurveyedLandscape> surveyed = survey->landscape();
    if (!surveyed) {
        Box bar = box.cut_top(theme.units(12));
        ink.rectangle(bar.low, bar.high, theme.empty_cell, theme.units(4));
        bar.high.x = bar.low.x + bar.width() * static_cast<float>(survey->progress());
        ink.rectangle(bar.low, bar.high, theme.accent, theme.units(4));
        return;
    }
    write(ink, box, {theme.fonts.small, theme.dim, 1},
          fmt::format("Mean loss of {} held-out texts at {} × {} points; in the middle the model "
                      "after step {}. Large dots: the run's first and last snapshot.",
                      surveyed->examples, surveyed->landscape.size.columns,
                      surveyed->landscape.size.rows, surveyed->centre));
    LandscapePicture(state, ink, *surveyed, box).draw();
}

} // namespace whirlygig
