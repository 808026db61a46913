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
    throw NotWrittenYet("gradient_by_nudging", 9);
    // END
}

} // namespace whirlygig
