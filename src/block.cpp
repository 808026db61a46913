#include "block.h"

#include "left_out.h"

namespace whirlygig {

void block_forward(const Matrix& stream, const BlockParameters& parameters,
                   BlockActivations& activations) {
    if (!parameters.has_residual)
        return block_forward_without_residual(stream, parameters, activations);
    // EXERCISE 7 block_forward
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
    // END
}

void block_backward(const Matrix& stream, const BlockParameters& parameters,
                    const BlockActivations& activations, BlockActivations& gradients,
                    Matrix& gradient_stream, BlockParameters& gradient) {
    if (!parameters.has_residual)
        return block_backward_without_residual(stream, parameters, activations, gradients,
                                               gradient_stream, gradient);
    // EXERCISE 11 block_backward
    const BlockActivations& a = activations;
    BlockActivations& g = gradients;
    // 6. forward was: mlp_residual = attention_residual + mlp.output; both get the whole gradient.
    g.attention_residual = g.mlp_residual;
    g.mlp.output = g.mlp_residual;
    // 5. forward was: mlp.output = MLP of mlp_norm
    mlp_backward(a.mlp_norm, parameters.mlp, a.mlp, g.mlp, g.mlp_norm, gradient.mlp);
    // 4. forward was: mlp_norm = layer norm of attention_residual, its second way onwards
    layer_norm_backward(g.mlp_norm, a.attention_residual, parameters.mlp_norm, g.attention_residual,
                        gradient.mlp_norm);
    // 3. forward was: attention_residual = stream + attention.output
    gradient_stream = g.attention_residual;
    g.attention.output = g.attention_residual;
    // 2. forward was: attention.output = attention of attention_norm, which came in twice: as the
    //    one that looks and as the one that is looked at
    resize(g.attention_norm, stream.size1(), stream.size2());
    fill(g.attention_norm, 0);
    const MultiHeadInputs inputs{a.attention_norm, a.attention_norm, g.attention_norm,
                                 g.attention_norm};
    multi_head_backward(inputs, parameters.attention, parameters.mask, a.attention, g.attention,
                        gradient.attention);
    // 1. forward was: attention_norm = layer norm of stream, its second way onwards
    layer_norm_backward(g.attention_norm, stream, parameters.attention_norm, gradient_stream,
                        gradient.attention_norm);
    // END
}

} // namespace whirlygig
