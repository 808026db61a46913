#include "training/nudging.h"

#include "error.h"

namespace whirlygig {

void gradient_by_nudging(const std::function<double()>& loss, double nudge,
                         std::span<Real> parameters, std::span<Real> gradient) {
    if (gradient.size() != parameters.size()) {
        fail("gradient_by_nudging: there are {} parameters, but room for {} slopes",
             parameters.size(), gradient.size());
    }
    // EXERCISE 9 gradient_by_nudging
    const Real little = static_cast<Real>(nudge);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Real before = parameters[i];
        parameters[i] = before + little;
        const double above = loss();
        parameters[i] = before - little;
        const double below = loss();
        parameters[i] = before;
        gradient[i] = static_cast<Real>((above - below) / (2 * nudge));
    }
    // END
}

} // namespace whirlygig
