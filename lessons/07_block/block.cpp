#include "block.h"

#include "error.h"
#include "left_out.h"

namespace whirlygig {

void block_forward(const Matrix& stream, const BlockParameters& parameters,
                   BlockActivations& activations) {
    if (!parameters.has_residual)
        return block_forward_without_residual(stream, parameters, activations);
    // EXERCISE 7 block_forward
    throw NotWrittenYet("block_forward", 7);
    // END
}

void block_backward(const Matrix& stream, const BlockParameters& parameters,
                    const BlockActivations& activations, BlockActivations& gradients,
                    Matrix& gradient_stream, BlockParameters& gradient) {
    if (!parameters.has_residual)
        return block_backward_without_residual(stream, parameters, activations, gradients,
                                               gradient_stream, gradient);
    // EXERCISE 11 block_backward
    throw NotWrittenYet("block_backward", 11);
    // END
}

} // namespace whirlygig
