// The plane in the space of all parameters in which a training run moved most.
#pragma once

#include "study/directions.h"

namespace whirlygig {

// The plane through the end of a training run that lies closest to the run's points.
struct RunDirections {
    Plane plane;                    // its centre is the last point
    std::array<double, 2> shares{}; // of the movement: of the sum of all points' squared distances
                                    // from the last; 0 for a direction that is random
    std::size_t last = 0;           // which point is the centre
    std::size_t left_out = 0;       // points with a number that is not finite
};

// The principal components of the points minus the last one: the two directions, at right angles
// and of length 1, along which the run moved most (Li et al. 2018, section 7.2; found here about
// the last point, not about the mean, so that the plane goes through the run's end). Each points so
// that the run's point that is furthest out along it has a negative coordinate: training comes from
// there. Where the run moved along fewer than two directions (two points, or equal ones), the rest
// are random, at right angles to the first, and their names say so. `points` are a run's flattened
// parameters, the oldest first. Those with a number that is not finite are left out, and the last
// of the others is the centre. Throws an Error when none is left, when they are not of the same
// size, and when they have fewer than two numbers.
RunDirections directions_of_run(const std::vector<std::vector<Real>>& points, Random& random);

} // namespace whirlygig
