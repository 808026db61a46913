#include "trace/trace_difference.h"

#include "error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

namespace whirlygig {
namespace {

using StagesByName = std::map<std::string_view, const Numbers*>;

bool is_backward(const StageNumbers& stage) {
    return stage.name.starts_with("gradient.");
}

StagesByName by_name(const RecordedPass& pass, bool with_backward) {
    StagesByName stages;
    for (const StageNumbers& stage : pass.stages) {
        if (with_backward || !is_backward(stage)) stages.emplace(stage.name, &stage.values);
    }
    return stages;
}

void check_text(const RecordedPass& here, const RecordedPass& there) {
    if (here.ids.size() != there.ids.size()) {
        fail("{} is of another text: it has {} tokens, and {} has {}", there.where,
             there.ids.size(), here.where, here.ids.size());
    }
    for (std::size_t place = 0; place < here.ids.size(); ++place) {
        if (here.ids[place] == there.ids[place]) continue;
        fail("{} is of another text: its token {} has the id {}, and that of {} has {}",
             there.where, place, there.ids[place], here.where, here.ids[place]);
    }
}

void check_has(const RecordedPass& pass, const StagesByName& stages, std::string_view name,
               const RecordedPass& other) {
    if (stages.contains(name)) return;
    fail("{} has no stage {}, but {} has: their models are of different shapes", pass.where, name,
         other.where);
}

void check_shapes(const RecordedPass& here, const RecordedPass& there, std::string_view name,
                  const Numbers& a, const Numbers& b) {
    if (a.rows == b.rows && a.columns == b.columns) return;
    fail("the stage {} has shape ({}, {}) in {} but ({}, {}) in {}: their models are of different "
         "shapes",
         name, a.rows, a.columns, here.where, b.rows, b.columns, there.where);
}

void check_tolerance(double tolerance) {
    if (tolerance >= 0 && std::isfinite(tolerance)) return;
    fail("the tolerance is {}; it must be a finite number, 0 or more", tolerance);
}

double distance(double here, double there) {
    const double apart = std::abs(here - there);
    return std::isnan(apart) ? std::numeric_limits<double>::infinity() : apart;
}

StageDifference compare_stage(std::string_view name, const Numbers& here, const Numbers& there,
                              double tolerance) {
    StageDifference difference{std::string(name), here.rows, here.columns};
    const double limit = difference_limit(here, tolerance);
    for (std::size_t row = 0; row < here.rows; ++row) {
        for (std::size_t column = 0; column < here.columns; ++column) {
            const double a = here(row, column), b = there(row, column);
            if (!differ(a, b, limit)) continue;
            if (difference.cells.empty()) difference.first = {row, column, a, b};
            difference.cells.push_back(row * here.columns + column);
            difference.largest = std::max(difference.largest, distance(a, b));
        }
    }
    return difference;
}

} // namespace

bool RecordedPass::has_backward() const {
    return std::any_of(stages.begin(), stages.end(), is_backward);
}

RecordedPass recorded_pass(const Trace& trace, std::string where) {
    RecordedPass pass{std::move(where), trace.ids, {}};
    for (const auto* stages : {&trace.forward_stages, &trace.backward_stages}) {
        for (const Stage& stage : *stages)
            pass.stages.push_back({stage.name, stage.values});
    }
    return pass;
}

double difference_limit(const Numbers& here, double tolerance) {
    constexpr double floor = 1e-7;
    double largest = 0;
    for (std::size_t index = 0; index < here.rows * here.columns; ++index) {
        const double size = std::abs(static_cast<double>(here.data[index]));
        if (std::isfinite(size)) largest = std::max(largest, size);
    }
    return std::max(tolerance * largest, floor);
}

bool differ(double here, double there, double limit) {
    if (std::isnan(here) || std::isnan(there)) return std::isnan(here) != std::isnan(there);
    if (std::isinf(here) || std::isinf(there)) return here != there;
    return std::abs(here - there) > limit;
}

TraceDifference compare_passes(const RecordedPass& here, const RecordedPass& there,
                               double tolerance) {
    check_tolerance(tolerance);
    check_text(here, there);
    const bool backward = here.has_backward() && there.has_backward();
    const StagesByName ours = by_name(here, backward), theirs = by_name(there, backward);
    for (const auto& [name, numbers] : theirs)
        check_has(here, ours, name, there);
    TraceDifference result;
    if (here.has_backward() != there.has_backward())
        result.without_backward = here.has_backward() ? there.where : here.where;
    for (const StageNumbers& stage : here.stages) {
        if (!backward && is_backward(stage)) continue;
        check_has(there, theirs, stage.name, here);
        const Numbers& other = *theirs.at(stage.name);
        check_shapes(here, there, stage.name, stage.values, other);
        ++result.compared;
        StageDifference difference = compare_stage(stage.name, stage.values, other, tolerance);
        if (!difference.cells.empty()) result.stages.push_back(std::move(difference));
    }
    return result;
}

} // namespace whirlygig
