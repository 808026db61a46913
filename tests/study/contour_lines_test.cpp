#include "study/contour_lines.h"

#include "support/expect.h"

#include <algorithm>
#include <cmath>
#include <functional>

using namespace whirlygig;
using namespace support;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// A landscape whose heights are a function of the place.
Landscape landscape_of(const LandscapeSize& size,
                       const std::function<double(double, double)>& height) {
    Landscape landscape{{}, size, {}};
    for (std::size_t row = 0; row < size.rows; ++row) {
        for (std::size_t column = 0; column < size.columns; ++column)
            landscape.losses.push_back(
                height(landscape.first_at(column), landscape.second_at(row)));
    }
    return landscape;
}

// Heights row by row, the lowest row first.
Landscape landscape_of_rows(const Grid& rows) {
    Landscape landscape{{}, {.columns = rows[0].size(), .rows = rows.size()}, {}};
    for (const auto& row : rows)
        landscape.losses.insert(landscape.losses.end(), row.begin(), row.end());
    return landscape;
}

double length_of(const Polyline& line) {
    double length = 0;
    for (std::size_t i = 1; i < line.size(); ++i)
        length +=
            std::hypot(line[i].first - line[i - 1].first, line[i].second - line[i - 1].second);
    return length;
}

bool is_closed(const Polyline& line) {
    return line.front().first == line.back().first && line.front().second == line.back().second;
}

const LandscapeSize uneven{.columns = 9, .rows = 5, .first_reach = 2, .second_reach = 3};

} // namespace

TEST(ContourLines, OfASlopeAreStraight) {
    // height = 2 · first + second: the line of height 1 goes from (−1, 3) to (2, −3).
    const auto slope = landscape_of(uneven, [](double x, double y) { return 2 * x + y; });
    const std::vector<Polyline> lines = contour_lines(slope, 1);
    ASSERT_EQ(lines.size(), 1u);
    for (const PlanePoint& point : lines[0])
        EXPECT_NEAR(2 * point.first + point.second, 1, 1e-12);
    std::vector<double> ends{lines[0].front().first, lines[0].back().first};
    std::sort(ends.begin(), ends.end());
    EXPECT_NEAR(ends[0], -1, 1e-12);
    EXPECT_NEAR(ends[1], 2, 1e-12);
    EXPECT_NEAR(length_of(lines[0]), std::hypot(3, 6), 1e-12); // so it never turns back
}

TEST(ContourLines, GoThroughCornersThatAreExactlyAtTheLevel) {
    const auto slope = landscape_of(uneven, [](double x, double) { return x; });
    const std::vector<Polyline> lines = contour_lines(slope, 0.5); // a column of the grid
    ASSERT_EQ(lines.size(), 1u);
    ASSERT_EQ(lines[0].size(), 5u); // a point in each row, none twice
    for (const PlanePoint& point : lines[0])
        EXPECT_EQ(point.first, 0.5);
    EXPECT_EQ(length_of(lines[0]), 6);
    // A diagonal through the corners of the grid.
    const LandscapeSize square{.columns = 5, .rows = 5, .first_reach = 2, .second_reach = 2};
    const auto steep = landscape_of(square, [](double x, double y) { return x - y; });
    const std::vector<Polyline> diagonal = contour_lines(steep, 0);
    ASSERT_EQ(diagonal.size(), 1u);
    EXPECT_EQ(diagonal[0].size(), 5u);
    EXPECT_NEAR(length_of(diagonal[0]), std::hypot(4, 4), 1e-12);
}

TEST(ContourLines, OfABowlAreCircles) {
    const LandscapeSize fine{.columns = 81, .rows = 61, .first_reach = 2, .second_reach = 2};
    const auto bowl = landscape_of(fine, [](double x, double y) { return x * x + y * y; });
    for (const double radius : {0.5, 1.0, 1.73}) {
        const std::vector<Polyline> lines = contour_lines(bowl, radius * radius);
        ASSERT_EQ(lines.size(), 1u) << radius;
        EXPECT_TRUE(is_closed(lines[0])) << radius;
        for (const PlanePoint& point : lines[0])
            EXPECT_NEAR(std::hypot(point.first, point.second), radius, 0.003);
        EXPECT_NEAR(length_of(lines[0]), 2 * std::acos(-1.0) * radius, 0.02 * radius);
    }
    // A circle that does not fit: four arcs, one in each corner.
    const std::vector<Polyline> arcs = contour_lines(bowl, 2.2 * 2.2);
    EXPECT_EQ(arcs.size(), 4u);
    for (const Polyline& arc : arcs)
        EXPECT_FALSE(is_closed(arc));
    EXPECT_TRUE(contour_lines(bowl, -1).empty());
    EXPECT_TRUE(contour_lines(bowl, 9).empty());
    EXPECT_TRUE(contour_lines(bowl, not_a_number).empty());
}

TEST(ContourLines, OfTwoHillsInSeparateLines) {
    const auto hills =
        landscape_of_rows({{0, 0, 0, 0, 0, 0, 0}, {0, 2, 0, 0, 0, 4, 0}, {0, 0, 0, 0, 0, 0, 0}});
    const std::vector<Polyline> lines = contour_lines(hills, 1);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].size(), 5u); // four sides and the first again
    EXPECT_TRUE(is_closed(lines[0]) && is_closed(lines[1]));
    // Of the lower hill half way down, of the higher one three quarters; a column is 1/3 wide.
    EXPECT_NEAR(length_of(lines[0]), 4 * std::hypot(1.0 / 6, 0.5), 1e-12);
    EXPECT_NEAR(length_of(lines[1]), 4 * std::hypot(0.25, 0.75), 1e-12);
}

// Where two hills touch at a corner, the middle decides whether one can walk from one to the other.
TEST(ContourLines, OfASaddleDoNotCross) {
    for (const double valley : {0.0, 0.9}) {
        const auto saddle =
            landscape_of_rows({{2, valley, 2}, {valley, 2, valley}, {2, valley, 2}});
        const std::vector<Polyline> lines = contour_lines(saddle, 1.2);
        // Means 1 and 1.45: low, so a line goes round each of the five hills; or high, so each of
        // the four valleys is cut off on its own.
        EXPECT_EQ(lines.size(), valley == 0 ? 5u : 4u);
        std::size_t points = 0;
        for (const Polyline& line : lines)
            points += line.size();
        EXPECT_EQ(points, valley == 0 ? 4 * 2 + 5u : 4 * 3u);
    }
}

TEST(ContourLines, SkipCellsWithoutALoss) {
    Landscape slope = landscape_of(uneven, [](double x, double) { return x; });
    slope.losses[2 * 9 + 5] = not_a_number;                         // in the middle row, at 0.5
    const std::vector<Polyline> lines = contour_lines(slope, 0.25); // between 0 and 0.5
    ASSERT_EQ(lines.size(), 2u);                                    // below the gap and above it
    EXPECT_EQ(length_of(lines[0]), 1.5);
    EXPECT_EQ(length_of(lines[1]), 1.5);
    std::fill(slope.losses.begin(), slope.losses.end(), not_a_number);
    EXPECT_TRUE(contour_lines(slope, 0.25).empty());
    EXPECT_TRUE(nice_levels(slope, 5).empty());
}

TEST(ContourLines, AFlatLandscapeHasNone) {
    const auto flat = landscape_of(uneven, [](double, double) { return 1.5; });
    EXPECT_TRUE(contour_lines(flat, 1.5).empty());
    EXPECT_TRUE(nice_levels(flat, 5).empty());
    // The top of a hill that is exactly at the level is a point, not a line.
    const auto hill = landscape_of_rows({{0, 0, 0}, {0, 1, 0}, {0, 0, 0}});
    EXPECT_TRUE(contour_lines(hill, 1).empty());
    const auto one = landscape_of({.columns = 1, .rows = 1}, [](double, double) { return 1.0; });
    EXPECT_TRUE(contour_lines(one, 1).empty());
}

TEST(NiceLevels, AreRoundAndBetweenTheLowestAndTheHighest) {
    const auto levels = [](double lowest, double highest, std::size_t count) {
        return nice_levels(landscape_of_rows({{lowest, not_a_number, highest}}), count);
    };
    EXPECT_EQ(levels(0.67, 5.2, 10), (std::vector<double>{1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5}));
    EXPECT_EQ(levels(0.67, 5.2, 5), (std::vector<double>{1, 2, 3, 4, 5}));
    EXPECT_EQ(levels(0.67, 5.2, 4), (std::vector<double>{2, 4}));
    EXPECT_EQ(levels(1, 3, 3), (std::vector<double>{1.5, 2, 2.5})); // not the ends themselves
    EXPECT_EQ(levels(0.1, 0.4, 5), (std::vector<double>{0.15, 0.2, 0.25, 0.3, 0.35}));
    EXPECT_EQ(levels(120, 980, 4), (std::vector<double>{200, 400, 600, 800}));
    EXPECT_EQ(levels(-0.3, 0.3, 3), (std::vector<double>{-0.2, 0, 0.2}));
    EXPECT_TRUE(levels(1, 3, 0).empty());
    // Losses so large that their difference is only rounding: few, and no hang.
    EXPECT_LE(levels(1e17, 1e17 + 64, 10).size(), 10u);
    for (std::size_t count = 1; count < 40; ++count) {
        const std::vector<double> found = levels(0.6719, 7.31, count);
        EXPECT_LE(found.size(), count);
        EXPECT_GE(found.size() * 3, count); // a step of 5 becomes 2 at most: never far fewer
    }
}
