// The gradient without any rule of calculus: change one parameter a little, and look how far the
// loss moves. It takes two losses for each parameter, so it is for very small models, and for
// finding out whether a quicker way is right.
#pragma once

#include "matrix.h"

#include <functional>
#include <span>

namespace whirlygig {

// gradient[i] = (loss with parameter i larger by `nudge` − loss with it smaller by `nudge`)
//               / (2 · nudge)
// `loss` reads the parameters anew in every call. Afterwards they are what they were. Throws an
// Error when there is not a number of the gradient for each parameter.
void gradient_by_nudging(const std::function<double()>& loss, double nudge,
                         std::span<Real> parameters, std::span<Real> gradient);

} // namespace whirlygig
