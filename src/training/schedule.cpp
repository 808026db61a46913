#include "training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace whirlygig {

double learning_rate_at(const Recipe& recipe, std::uint64_t step) {
    const auto now = static_cast<double>(step);
    const auto top = static_cast<double>(recipe.warm_up);
    const auto last = static_cast<double>(recipe.steps);
    if (recipe.warm_up > 0 && step <= recipe.warm_up) return recipe.learning_rate * now / top;
    const double way = last > top ? std::min((now - top) / (last - top), 1.0) : 1.0; // 0 to 1
    const double wave = (1 + std::cos(std::numbers::pi * way)) / 2;                  // 1 to 0
    return recipe.learning_rate * (recipe.decay + (1 - recipe.decay) * wave);
}

} // namespace whirlygig
