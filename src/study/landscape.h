// The loss as a landscape: its height over every point of a plane in the space of all parameters.
// (Li et al. 2018, "Visualizing the Loss Landscape of Neural Nets", section 3.)
#pragma once

#include "study/directions.h"
#include "training/batch.h"

#include <functional>
#include <optional>
#include <vector>

namespace whirlygig {

// A grid on the plane, around its centre.
struct LandscapeSize {
    std::size_t columns = 25, rows = 25;      // odd, so that the centre is one of the points
    double first_reach = 1, second_reach = 1; // from −reach to +reach, in steps of the direction
};

struct Landscape {
    Plane plane;
    LandscapeSize size;
    std::vector<double> losses; // (rows, columns), row by row; in nats; NaN where there is none

    // Columns follow the first direction, rows the second; both begin at −reach.
    double first_at(std::size_t column) const;
    double second_at(std::size_t row) const;
    double loss(std::size_t row, std::size_t column) const {
        return losses[row * size.columns + column];
    }
};

// Whose loss it is, of which examples, and who computes it.
struct LandscapeOf {
    const Model& model; // only its config; its parameters are the plane's
    const std::vector<Example>& examples;
    Workers& workers;
};

// Is told after each point of the grid how many are done, and of how many. Returning false stops.
using LandscapeProgress = std::function<bool(std::size_t done, std::size_t all)>;

// BatchLoss::mean of the examples at every point of the grid, the model's parameters being those of
// the point; the same for any number of threads. Where the loss is not finite or the pass fails, as
// it does when numbers grow too large, there is NaN. None when the progress returned false.
// Throws an Error when a count is even or 0, a reach is not above 0 and finite, the plane is not of
// the model's size, and when the examples do not fit the model: what batch_loss throws.
std::optional<Landscape> compute_landscape(const LandscapeOf& of, const Plane& plane,
                                           const LandscapeSize& size,
                                           const LandscapeProgress& progress = {});

} // namespace whirlygig
