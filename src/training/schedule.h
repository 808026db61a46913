// How the learning rate changes during training: first carefully up, then slowly down.
#pragma once

#include "training/recipe.h"

#include <cstdint>

namespace whirlygig {

// The learning rate of a step, counted from 1 to recipe.steps. It rises in even strides and has
// recipe.learning_rate at step recipe.warm_up. Then it falls along half a cosine wave (Loshchilov
// and Hutter 2017, "SGDR", equation 5) to its share recipe.decay at the last step, and stays there.
double learning_rate_at(const Recipe& recipe, std::uint64_t step);

} // namespace whirlygig
