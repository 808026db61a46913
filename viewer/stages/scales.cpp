#include "stages/scales.h"

#include "draw/matrix_view.h"

#include <algorithm>

namespace whirlygig {

bool shares_scale(const Stage& stage, std::size_t operand) {
    switch (stage.operation) {
    case Operation::lookup:
    case Operation::sum:
    case Operation::scale:
    case Operation::mask:
    case Operation::join:
    case Operation::copy:
    case Operation::split:
    case Operation::mask_backward:
    case Operation::bias_backward: // what cancels in the sum has no colour: it is rounding noise
    case Operation::lookup_backward:
        return true;
    case Operation::normalise_backward:
        return operand == 3; // the gradient that goes straight on
    default:
        return false;
    }
}

double scale_of(const Stage& stage) {
    double scale = largest_of(stage.values);
    for (std::size_t operand = 0; operand < stage.made_from.size(); ++operand) {
        if (shares_scale(stage, operand))
            scale = std::max(scale, largest_of(stage.made_from[operand].numbers));
    }
    return scale;
}

} // namespace whirlygig
