// A block, wired as in GPT-2 (layer norm first): attention and then the MLP each read a normalised
// copy of the residual stream and add what they found to the stream itself.
#pragma once

#include "layer_norm.h"
#include "mlp.h"
#include "multi_head.h"

namespace whirlygig {

struct BlockParameters {
    NormParameters attention_norm;
    MultiHeadParameters attention;
    NormParameters mlp_norm;
    MlpParameters mlp;
    Mask mask = Mask::causal; // of its attention; not learned
    bool has_residual = true; // false in a model without a residual stream; not learned
};

struct BlockActivations {
    Matrix attention_norm; // (T, d)
    MultiHeadActivations attention;
    Matrix attention_residual; // (T, d): stream + attention's output
    Matrix mlp_norm;           // (T, d)
    MlpActivations mlp;
    Matrix mlp_residual; // (T, d): the above + the MLP's output; the stream that leaves the block
};

// stream (T, d) -> activations.mlp_residual (T, d)
void block_forward(const Matrix& stream, const BlockParameters& parameters,
                   BlockActivations& activations);

// From gradients.mlp_residual: writes the rest of `gradients` and the gradient by the stream that
// entered, and adds the gradients by the parameters to `gradient`. The gradient by the stream may
// take the place of gradients.mlp_residual, when that is not wanted afterwards.
void block_backward(const Matrix& stream, const BlockParameters& parameters,
                    const BlockActivations& activations, BlockActivations& gradients,
                    Matrix& gradient_stream, BlockParameters& gradient);

} // namespace whirlygig
