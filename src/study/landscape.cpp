#include "study/landscape.h"

#include "error.h"

#include <cmath>
#include <limits>

namespace whirlygig {
namespace {

void check_count(const char* what, std::size_t count) {
    if (count % 2 == 0) {
        fail("a landscape can't have {} {}: take an odd number, so that the centre is one of its "
             "points",
             count, what);
    }
}

void check_reach(const char* what, double reach) {
    if (!(reach > 0) || !std::isfinite(reach))
        fail("a landscape's {} reach is {}; it must be a number above 0", what, reach);
}

void check_size(const LandscapeSize& size) {
    check_count("columns", size.columns);
    check_count("rows", size.rows);
    check_reach("first", size.first_reach);
    check_reach("second", size.second_reach);
}

// Of an odd count of places from −reach to +reach; the one in the middle is exactly 0.
double place(std::size_t index, std::size_t count, double reach) {
    if (count == 1) return 0;
    const double middle = static_cast<double>(count - 1) / 2; // a whole number
    return (static_cast<double>(index) - middle) / middle * reach;
}

void move_to(const Plane& plane, const PlanePoint& point, std::vector<Real>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] =
            static_cast<Real>(plane.centre[i] + point.first * plane.directions[0].numbers[i] +
                              point.second * plane.directions[1].numbers[i]);
    }
}

// With parameters that are all 0 every pass succeeds, unless the examples do not fit the model.
void check_examples(const LandscapeOf& of) {
    batch_loss({of.model.config, make_parameters(of.model.config)}, of.examples, of.workers);
}

// NaN where there is no finite loss.
double loss_of(const Model& model, const LandscapeOf& of) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    try {
        const double loss = batch_loss(model, of.examples, of.workers).mean;
        return std::isfinite(loss) ? loss : none;
    } catch (const Error&) { // the softmax refuses rows that are NaN or −∞ throughout
        return none;
    }
}

} // namespace

double Landscape::first_at(std::size_t column) const {
    return place(column, size.columns, size.first_reach);
}

double Landscape::second_at(std::size_t row) const {
    return place(row, size.rows, size.second_reach);
}

std::optional<Landscape> compute_landscape(const LandscapeOf& of, const Plane& plane,
                                           const LandscapeSize& size,
                                           const LandscapeProgress& progress) {
    check_size(size);
    check_plane(plane, count_parameters(of.model.config));
    check_examples(of);
    Landscape landscape{plane, size, {}};
    Model moved = of.model;
    std::vector<Real> numbers(plane.centre.size());
    const std::size_t all = size.rows * size.columns;
    for (std::size_t row = 0; row < size.rows; ++row) {
        for (std::size_t column = 0; column < size.columns; ++column) {
            move_to(plane, {landscape.first_at(column), landscape.second_at(row)}, numbers);
            unflatten(numbers, moved.parameters);
            landscape.losses.push_back(loss_of(moved, of));
            if (progress && !progress(landscape.losses.size(), all)) return std::nullopt;
        }
    }
    return landscape;
}

} // namespace whirlygig
