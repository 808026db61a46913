#include "study/run_directions.h"

#include "error.h"
#include "study/eigenvectors.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

using Point = std::span<const Real>;

bool is_finite(Point point) {
    return std::all_of(point.begin(), point.end(),
                       [](Real number) { return std::isfinite(number); });
}

// The products of every two of the points, both minus the last: (n, n).
SymmetricMatrix products_of_movements(const std::vector<Point>& points, Point last) {
    const std::size_t count = points.size();
    SymmetricMatrix products(count, std::vector<double>(count, 0.0));
    constexpr std::size_t piece = 1024; // so many numbers of all points fit the processor's cache
    SymmetricMatrix movements(count, std::vector<double>(piece));
    for (std::size_t start = 0; start < last.size(); start += piece) {
        const std::size_t size = std::min(piece, last.size() - start);
        for (std::size_t row = 0; row < count; ++row) {
            for (std::size_t i = 0; i < size; ++i)
                movements[row][i] = static_cast<double>(points[row][start + i]) - last[start + i];
            for (std::size_t column = 0; column <= row; ++column) {
                double sum = 0;
                for (std::size_t i = 0; i < size; ++i)
                    sum += movements[row][i] * movements[column][i];
                products[row][column] += sum;
            }
        }
    }
    for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t column = row + 1; column < count; ++column)
            products[row][column] = products[column][row];
    }
    return products;
}

// The numbers with length 1.
std::vector<Real> unit(const std::vector<double>& numbers) {
    double squares = 0;
    for (const double number : numbers)
        squares += number * number;
    std::vector<Real> result;
    result.reserve(numbers.size());
    for (const double number : numbers)
        result.push_back(static_cast<Real>(number / std::sqrt(squares)));
    return result;
}

// The sum of the movements, each times its share in the component.
std::vector<Real> component(const std::vector<Point>& points, Point last,
                            const std::vector<double>& shares) {
    const auto furthest = std::max_element(
        shares.begin(), shares.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    const double sign = *furthest > 0 ? -1 : 1;
    std::vector<double> sum(last.size(), 0.0);
    for (std::size_t row = 0; row < points.size(); ++row) {
        for (std::size_t i = 0; i < last.size(); ++i)
            sum[i] += sign * shares[row] * (static_cast<double>(points[row][i]) - last[i]);
    }
    return unit(sum);
}

// A random direction of length 1, at right angles to `other` where there is one.
std::vector<Real> random_unit(std::size_t size, Point other, Random& random) {
    std::vector<double> numbers(size);
    for (double& number : numbers)
        number = random.normal();
    if (other.empty()) return unit(numbers);
    double along = 0;
    for (std::size_t i = 0; i < size; ++i)
        along += numbers[i] * other[i];
    for (std::size_t i = 0; i < size; ++i)
        numbers[i] -= along * other[i];
    return unit(numbers);
}

void check_points(const std::vector<std::vector<Real>>& points) {
    if (points.empty()) fail("a run without any snapshot has no directions; save some snapshots");
    const std::size_t size = points[0].size();
    if (size < 2) fail("a space of {} parameters has no plane; at least 2 are needed", size);
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].size() != size) {
            fail("snapshot {} of the run has {} parameters but the first has {}: they are not of "
                 "the same model",
                 i, points[i].size(), size);
        }
    }
}

// Leaves out the points that are not finite and notes which is the last.
std::vector<Point> finite_points(const std::vector<std::vector<Real>>& points, RunDirections& run) {
    std::vector<Point> finite;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!is_finite(points[i])) continue;
        finite.emplace_back(points[i]);
        run.last = i;
    }
    run.left_out = points.size() - finite.size();
    if (finite.empty())
        fail("no snapshot of the run has finite parameters only, so the run has no directions");
    return finite;
}

} // namespace

RunDirections directions_of_run(const std::vector<std::vector<Real>>& points, Random& random) {
    check_points(points);
    RunDirections run;
    std::vector<Point> moved = finite_points(points, run);
    const Point last = moved.back();
    moved.pop_back();
    run.plane.centre.assign(last.begin(), last.end());
    const Eigenvectors found = find_eigenvectors(products_of_movements(moved, last));
    double movement = 0;
    for (const double value : found.values)
        movement += value;
    // What is smaller than this beside the largest is what rounding left of a straight line.
    constexpr double rounding = 1e-10;
    for (std::size_t i = 0; i < 2; ++i) {
        Direction& direction = run.plane.directions[i];
        const std::string which = i == 0 ? "first" : "second";
        if (i < moved.size() && found.values[i] > rounding * found.values[0]) {
            direction = {fmt::format("the run's {} direction", which),
                         component(moved, last, found.vectors[i])};
            run.shares[i] = found.values[i] / movement;
        } else {
            const std::string why = i == 0 || run.shares[0] == 0
                                        ? "the run did not move"
                                        : "the run moved along one direction only";
            direction = {fmt::format("a random direction ({})", why),
                         random_unit(last.size(), run.plane.directions[0].numbers, random)};
        }
    }
    return run;
}

} // namespace whirlygig
