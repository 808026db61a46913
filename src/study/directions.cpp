#include "study/directions.h"

#include "error.h"
#include "parameters.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// Some of a parameter's numbers: `count` of them from `first` on, `stride` apart.
struct Filter {
    std::size_t first, stride, count;

    double length(std::span<const Real> numbers) const {
        double squares = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const double number = numbers[first + i * stride];
            squares += number * number;
        }
        return std::sqrt(squares);
    }

    void multiply(std::span<Real> numbers, double factor) const {
        for (std::size_t i = 0; i < count; ++i) {
            Real& number = numbers[first + i * stride];
            number = static_cast<Real>(factor * number);
        }
    }
};

std::vector<Filter> filters_of(const NamedParameter<const Real>& parameter) {
    const bool of_linear =
        parameter.kind == ParameterKind::weights || parameter.kind == ParameterKind::stream_weights;
    std::vector<Filter> filters;
    for (std::size_t i = 0; i < (of_linear ? parameter.columns : parameter.rows); ++i) {
        filters.push_back(of_linear ? Filter{i, parameter.columns, parameter.rows}
                                    : Filter{i * parameter.columns, 1, parameter.columns});
    }
    return filters;
}

using Point = std::span<const Real>;

double dot(Point a, Point b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

} // namespace

std::vector<Real> flatten(const Parameters& parameters) {
    std::vector<Real> numbers;
    for (const auto& parameter : list_parameters(parameters))
        numbers.insert(numbers.end(), parameter.values.begin(), parameter.values.end());
    return numbers;
}

void unflatten(std::span<const Real> numbers, Parameters& parameters) {
    const auto list = list_parameters(parameters);
    std::size_t count = 0;
    for (const auto& parameter : list)
        count += parameter.values.size();
    if (numbers.size() != count)
        fail("unflatten: there are {} numbers but the model has {} parameters", numbers.size(),
             count);
    for (const auto& parameter : list) {
        const auto own = numbers.first(parameter.values.size());
        std::copy(own.begin(), own.end(), parameter.values.begin());
        numbers = numbers.subspan(own.size());
    }
}

Direction random_direction(const Model& model, Random& random) {
    Direction direction{"a random direction", {}};
    for (const auto& parameter : list_parameters(model.parameters)) {
        std::vector<Real> drawn(parameter.values.size());
        for (Real& number : drawn)
            number = static_cast<Real>(random.normal());
        for (const Filter& filter : filters_of(parameter)) {
            const double here = filter.length(drawn), there = filter.length(parameter.values);
            filter.multiply(drawn, here > 0 && std::isfinite(there) ? there / here : 0);
        }
        direction.numbers.insert(direction.numbers.end(), drawn.begin(), drawn.end());
    }
    return direction;
}

void check_plane(const Plane& plane, std::size_t count) {
    const auto check = [count](const std::string& what, std::size_t size) {
        if (size != count) fail("{} has {} numbers but there are {} parameters", what, size, count);
    };
    check("the plane's centre", plane.centre.size());
    for (const Direction& direction : plane.directions)
        check(fmt::format("the direction \"{}\"", direction.name), direction.numbers.size());
}

Coordinates coordinates(std::span<const Real> point, const Plane& plane) {
    check_plane(plane, point.size());
    const Point first = plane.directions[0].numbers, second = plane.directions[1].numbers;
    // 1. The products of the point and of the directions with the directions.
    double along_first = 0, along_second = 0;
    for (std::size_t i = 0; i < point.size(); ++i) {
        const double moved = static_cast<double>(point[i]) - plane.centre[i];
        along_first += moved * first[i];
        along_second += moved * second[i];
    }
    const double ff = dot(first, first), fs = dot(first, second), ss = dot(second, second);
    const double determinant = ff * ss - fs * fs;
    if (!(determinant > 1e-12 * ff * ss)) {
        fail("the directions \"{}\" and \"{}\" make no plane: they are parallel, or one is 0",
             plane.directions[0].name, plane.directions[1].name);
    }
    // 2. Least squares: what is left is at right angles to both directions.
    const PlanePoint nearest{(ss * along_first - fs * along_second) / determinant,
                             (ff * along_second - fs * along_first) / determinant};
    // 3. How long is what is left?
    double squares = 0;
    for (std::size_t i = 0; i < point.size(); ++i) {
        const double left = static_cast<double>(point[i]) - plane.centre[i] -
                            nearest.first * first[i] - nearest.second * second[i];
        squares += left * left;
    }
    return {nearest, std::sqrt(squares)};
}

} // namespace whirlygig
