#include "study/survey.h"

#include "error.h"
#include "study/run_directions.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

constexpr std::size_t most_path_points = 80, contour_count = 12;
constexpr std::uint64_t random_seed = 1; // the same directions every time

// At most so many of the snapshots, evenly spread, with the first and the last.
std::vector<std::shared_ptr<const Snapshot>>
some_of(const std::vector<std::shared_ptr<const Snapshot>>& all) {
    if (all.size() <= most_path_points) return all;
    std::vector<std::shared_ptr<const Snapshot>> chosen;
    for (std::size_t i = 0; i < most_path_points; ++i)
        chosen.push_back(all[i * (all.size() - 1) / (most_path_points - 1)]);
    return chosen;
}

// Far enough that the whole path is seen, with some room around it.
double reach_of(const std::vector<PathPoint>& path, double PlanePoint::*coordinate) {
    double reach = 0;
    for (const PathPoint& point : path)
        reach = std::max(reach, std::abs(point.place.nearest.*coordinate));
    return std::isfinite(reach) && reach > 0 ? 1.25 * reach : 1;
}

} // namespace

Survey::Survey(SurveyOrder given)
    : order(std::move(given)),
      worker([this](const std::stop_token& stop) {
          try {
              measure(stop);
          } catch (const std::exception& error) {
              const std::lock_guard lock(mutex);
              complaint = error.what();
          }
      }) {}

std::shared_ptr<const SurveyedLandscape> Survey::landscape() const {
    const std::lock_guard lock(mutex);
    return result;
}

std::string Survey::trouble() const {
    const std::lock_guard lock(mutex);
    return complaint;
}

void Survey::measure(const std::stop_token& stop) {
    if (order.snapshots.empty() || !order.centre) fail("there is no run to look around in yet");
    auto found = std::make_shared<SurveyedLandscape>();
    Random random(random_seed);
    Model model{order.config, order.centre->parameters};
    const auto snapshots = some_of(order.snapshots);
    Plane plane;
    found->centre = order.centre->step;
    if (order.plane == SurveyPlane::of_the_run) {
        std::vector<std::vector<Real>> points;
        points.reserve(snapshots.size());
        for (const auto& snapshot : snapshots)
            points.push_back(flatten(snapshot->parameters));
        RunDirections directions = directions_of_run(points, random);
        plane = std::move(directions.plane);
        found->shares = directions.shares;
        found->centre = snapshots[directions.last]->step;
    } else {
        plane.centre = flatten(order.centre->parameters);
        plane.directions = {random_direction(model, random), random_direction(model, random)};
    }
    for (const auto& snapshot : snapshots)
        found->path.push_back({snapshot->step, coordinates(flatten(snapshot->parameters), plane)});
    LandscapeSize size{.columns = order.points, .rows = order.points};
    if (order.plane == SurveyPlane::of_the_run) {
        size.first_reach = reach_of(found->path, &PlanePoint::first);
        // A path that is nearly straight must not be drawn as if it were wide.
        size.second_reach =
            std::max(reach_of(found->path, &PlanePoint::second), size.first_reach / 4);
    }
    found->examples = order.examples.size();
    Workers workers(1); // training may want the other processors
    std::optional<Landscape> landscape = compute_landscape(
        {model, order.examples, workers}, plane, size, [&](std::size_t count, std::size_t all) {
            done = static_cast<double>(count) / static_cast<double>(all);
            return !stop.stop_requested();
        });
    if (!landscape) return;
    found->landscape = std::move(*landscape);
    found->levels = nice_levels(found->landscape, contour_count);
    for (const double level : found->levels)
        found->lines.push_back(contour_lines(found->landscape, level));
    const std::lock_guard lock(mutex);
    result = std::move(found);
}

} // namespace whirlygig
