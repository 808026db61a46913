#include "study/contour_lines.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

namespace whirlygig {
namespace {

struct Corner {
    std::size_t row, column;
};

// A side of the grid's cells: from a corner to the next one in the row, or to the one above.
struct Side {
    Corner from;
    bool upwards;

    Corner to() const {
        return upwards ? Corner{from.row + 1, from.column} : Corner{from.row, from.column + 1};
    }
    bool operator<(const Side& other) const {
        return std::tie(from.row, from.column, upwards) <
               std::tie(other.from.row, other.from.column, other.upwards);
    }
};

// Which crossed sides a line joins to each crossed side: one in each cell beside it, so at most 2.
using Joins = std::map<Side, std::vector<Side>>;

void join(Joins& joins, const Side& a, const Side& b) {
    joins[a].push_back(b);
    joins[b].push_back(a);
}

// Joins the sides of the cell whose lower left corner is this one.
void join_cell(const Landscape& landscape, double level, Corner corner, Joins& joins) {
    const auto [row, column] = corner;
    // 1. The corners in a round, and the side from each to the next.
    const std::array<Corner, 4> corners{
        {{row, column}, {row, column + 1}, {row + 1, column + 1}, {row + 1, column}}};
    const std::array<Side, 4> sides{
        {{corners[0], false}, {corners[1], true}, {corners[3], false}, {corners[0], true}}};
    std::array<bool, 4> high{};
    double mean = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        const double loss = landscape.loss(corners[i].row, corners[i].column);
        if (!std::isfinite(loss)) return;
        high[i] = loss >= level;
        mean += loss / 4;
    }
    // 2. Which sides are crossed? None, two or all four.
    std::vector<Side> crossed;
    for (std::size_t i = 0; i < 4; ++i) {
        if (high[i] != high[(i + 1) % 4]) crossed.push_back(sides[i]);
    }
    if (crossed.size() == 2) join(joins, crossed[0], crossed[1]);
    if (crossed.size() < 4) return;
    // 3. All four: when the middle belongs to corner 0, it belongs to the opposite corner 2 too,
    //    and the lines cut corners 1 and 3 off; otherwise corners 0 and 2.
    const std::size_t start = (mean >= level) == high[0] ? 0 : 1;
    join(joins, sides[start], sides[start + 1]);
    join(joins, sides[start + 2], sides[(start + 3) % 4]);
}

PlanePoint crossing(const Landscape& landscape, double level, const Side& side) {
    const Corner from = side.from, to = side.to();
    const double low = landscape.loss(from.row, from.column);
    const double high = landscape.loss(to.row, to.column);
    const double part = (level - low) / (high - low);
    return {std::lerp(landscape.first_at(from.column), landscape.first_at(to.column), part),
            std::lerp(landscape.second_at(from.row), landscape.second_at(to.row), part)};
}

// Takes the first join of a side, from both of its ends; none when the side has no more.
std::optional<Side> take_join(Joins& joins, const Side& side) {
    std::vector<Side>& others = joins.at(side);
    if (others.empty()) return std::nullopt;
    const Side next = others.front();
    others.erase(others.begin());
    std::vector<Side>& back = joins.at(next);
    const auto is_side = [&](const Side& other) { return !(other < side) && !(side < other); };
    back.erase(std::find_if(back.begin(), back.end(), is_side));
    return next;
}

// Follows the line that goes through `start`, taking its joins. Crossings that fall on the same
// corner of the grid are one point.
Polyline take_line(const Landscape& landscape, double level, const Side& start, Joins& joins) {
    Polyline line{crossing(landscape, level, start)};
    for (auto next = take_join(joins, start); next; next = take_join(joins, *next)) {
        const PlanePoint point = crossing(landscape, level, *next);
        if (point.first != line.back().first || point.second != line.back().second)
            line.push_back(point);
    }
    return line;
}

struct Extent {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -std::numeric_limits<double>::infinity();
};

Extent extent_of(const Landscape& landscape) {
    Extent extent;
    for (const double loss : landscape.losses) {
        if (!std::isfinite(loss)) continue;
        extent.lowest = std::min(extent.lowest, loss);
        extent.highest = std::max(extent.highest, loss);
    }
    return extent;
}

// digit · 10^exponent, of which multiples are exact to the last bit that a number can have.
struct Step {
    double digit;
    int exponent;

    double multiple(double times) const {
        const double power = std::pow(10.0, std::abs(exponent));
        return exponent < 0 ? times * digit / power : times * digit * power;
    }
};

// The multiples of the step that lie between, but no more than `most` and one.
std::vector<double> multiples_between(const Extent& extent, const Step& step, std::size_t most) {
    std::vector<double> levels;
    const double below = std::floor(extent.lowest / step.multiple(1));
    for (std::size_t more = 0; more < most + 3 && levels.size() <= most; ++more) {
        const double level = step.multiple(below + static_cast<double>(more));
        if (level > extent.lowest && level < extent.highest) levels.push_back(level);
    }
    return levels;
}

} // namespace

std::vector<Polyline> contour_lines(const Landscape& landscape, double level) {
    Joins joins;
    for (std::size_t row = 0; row + 1 < landscape.size.rows; ++row) {
        for (std::size_t column = 0; column + 1 < landscape.size.columns; ++column)
            join_cell(landscape, level, {row, column}, joins);
    }
    // First the lines that end at a border, each from one of its ends; then closed ones.
    std::vector<Polyline> lines;
    for (const std::size_t ends : {1, 2}) {
        for (const auto& [side, others] : joins) {
            if (others.size() != ends) continue;
            Polyline line = take_line(landscape, level, side, joins);
            if (line.size() > 1) lines.push_back(std::move(line));
        }
    }
    return lines;
}

std::vector<double> nice_levels(const Landscape& landscape, std::size_t count) {
    const Extent extent = extent_of(landscape);
    if (!(extent.lowest < extent.highest) || count == 0) return {};
    // From steps that are certainly too small on.
    const double even = (extent.highest - extent.lowest) / static_cast<double>(count + 1);
    const double smallest = std::max(even, 1e-300);
    for (int exponent = static_cast<int>(std::floor(std::log10(smallest)));; ++exponent) {
        for (const double digit : {1.0, 2.0, 5.0}) {
            auto levels = multiples_between(extent, {digit, exponent}, count);
            if (levels.size() <= count) return levels;
        }
    }
}

} // namespace whirlygig
