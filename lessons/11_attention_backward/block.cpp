#include "block.h"

#include "error.h"

namespace whirlygig {

void block_forward(const Matrix& stream, const BlockParameters& parameters,
                   BlockActivations& activations) {
    BlockActivations& a = activations;
    // 1. Attention reads a normalised copy of the stream.
    layer_norm_forward(stream, parameters.attention_norm, a.attention_norm);
    // 2. Every token looks at itself and at those before it.
    multi_head_forward(a.attention_norm, a.attention_norm, parameters.attention, parameters.mask,
                       a.attention);
    // 3. What attention found is added to the stream.
    add(stream, a.attention.output, a.attention_residual);
    // 4. The MLP reads a normalised copy of that.
    layer_norm_forward(a.attention_residual, parameters.mlp_norm, a.mlp_norm);
    // 5. Every token thinks by itself.
    mlp_forward(a.mlp_norm, parameters.mlp, a.mlp);
    // 6. What the MLP found is added, too.
    add(a.attention_residual, a.mlp.output, a.mlp_residual);
}

void block_backward(const Matrix& stream, const BlockParameters& parameters,
                    const BlockActivations& activations, BlockActivations& gradients,
                    Matrix& gradient_stream, BlockParameters& gradient) {
    // EXERCISE 11 block_backward
    throw NotWrittenYet("block_backward", 11);
    // END
}

} // namespace whirlygig
