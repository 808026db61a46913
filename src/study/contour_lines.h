// Lines of equal loss on a landscape, as on a hiker's map.
#pragma once

#include "study/landscape.h"

#include <vector>

namespace whirlygig {

using Polyline = std::vector<PlanePoint>; // at least two points; a closed line ends at its first

// The lines along which the loss is `level`, by marching squares: where a side of the grid's cells
// has a lower loss at one end and not at the other, a line crosses it, where a straight line
// between the two losses would. A cell with a corner that is NaN has no lines. Where all four sides
// are crossed, the mean of the corners says which two lines do not meet. A flat place that is
// exactly at the level counts as higher ground: only its border is a line.
std::vector<Polyline> contour_lines(const Landscape& landscape, double level);

// At most `count` round numbers, in even steps, that lie between the lowest and the highest loss:
// multiples of 1, 2 or 5 times a power of ten. In even steps, because then lines are close together
// where the landscape is steep. None when no two losses differ.
std::vector<double> nice_levels(const Landscape& landscape, std::size_t count);

} // namespace whirlygig
