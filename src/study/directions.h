// Directions in the space of all parameters, and planes through a model in it. A model is one point
// of that space: all its parameters in a row, one axis for each. (Li et al. 2018, "Visualizing the
// Loss Landscape of Neural Nets".)
#pragma once

#include "model.h"
#include "random.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace whirlygig {

// All parameters in the order of list_parameters, each row by row; and back. `unflatten` throws an
// Error when there are more or fewer numbers than parameters.
std::vector<Real> flatten(const Parameters& parameters);
void unflatten(std::span<const Real> numbers, Parameters& parameters);

struct Direction {
    std::string name;
    std::vector<Real> numbers; // a step along it adds these to the flattened parameters
};

// Normal random numbers, stretched so that every filter of the direction is as long as the same
// filter of the model (their section 4): a step of 1 then changes all of them by as much as they
// are, and models whose parameters are of different sizes can be compared. A filter is what makes
// one number or stands for one thing: a column of a linear layer's weights (inputs, outputs), a row
// of a table, and a bias, gain or shift as a whole. One that is all 0 in the model, such as a bias
// before training, or not finite, stays 0 in the direction.
Direction random_direction(const Model& model, Random& random);

// centre + a · first direction + b · second direction, for all a and b. All three have the same
// number of numbers.
struct Plane {
    std::vector<Real> centre;
    std::array<Direction, 2> directions;
};

struct PlanePoint {
    double first = 0, second = 0; // steps along the two directions
};

struct Coordinates {
    PlanePoint nearest;   // the point of the plane that is nearest
    double off_plane = 0; // the distance from it
};

// Where a point of the space lies as seen from the plane, whose directions need not be at right
// angles nor of length 1. Throws an Error when the sizes differ, and when the two directions are
// parallel or one is 0, for then there is no plane. A point that is not finite has coordinates that
// are not.
Coordinates coordinates(std::span<const Real> point, const Plane& plane);

// Throws an Error unless the plane's centre and both directions have `count` numbers.
void check_plane(const Plane& plane, std::size_t count);

} // namespace whirlygig
