#include "left_out.h"

#include "softmax.h"

namespace whirlygig {
namespace {

void make_zero(Matrix& matrix, const Matrix& like) {
    resize(matrix, like.size1(), like.size2());
    fill(matrix, 0);
}

} // namespace

bool is_left_out(const NormParameters& norm) {
    return norm.gain.empty();
}

bool is_left_out(const MlpParameters& mlp) {
    return mlp.up.weights.size1() == 0;
}

void forward_without_norm(const Matrix& input, Matrix& output) {
    output = input;
}

void backward_without_norm(const Matrix& gradient_output, Matrix& gradient_input) {
    check_shape("backward_without_norm", "gradient_input", gradient_input, gradient_output.size1(),
                gradient_output.size2());
    noalias(gradient_input) += gradient_output;
}

void forward_without_mlp(const Matrix& input, MlpActivations& activations) {
    make_zero(activations.output, input);
}

void backward_without_mlp(const Matrix& input, Matrix& gradient_input) {
    make_zero(gradient_input, input);
}

void attention_forward_without_scale(HeadActivations& head) {
    attention_scores(head.queries, head.keys, head.scores);
    causal_mask_forward(head.scores, head.masked);
    softmax_forward(head.masked, head.attention_weights);
    mix_values(head.attention_weights, head.values, head.mixed);
}

void attention_backward_without_scale(const HeadActivations& head, HeadActivations& gradient) {
    mix_values_backward(gradient.mixed, head.attention_weights, head.values,
                        gradient.attention_weights, gradient.values);
    softmax_backward(gradient.attention_weights, head.attention_weights, gradient.masked);
    causal_mask_backward(gradient.masked, gradient.scores);
    attention_scores_backward(gradient.scores, head.queries, head.keys, gradient.queries,
                              gradient.keys);
}

void block_forward_without_residual(const Matrix& stream, const BlockParameters& parameters,
                                    BlockActivations& activations) {
    BlockActivations& a = activations;
    // 1. Attention reads a normalised copy of what came in …
    layer_norm_forward(stream, parameters.attention_norm, a.attention_norm);
    multi_head_forward(a.attention_norm, a.attention_norm, parameters.attention, parameters.mask,
                       a.attention);
    // 2. … and nothing but what it found goes on.
    a.attention_residual = a.attention.output;
    // 3. The same for the MLP.
    layer_norm_forward(a.attention_residual, parameters.mlp_norm, a.mlp_norm);
    mlp_forward(a.mlp_norm, parameters.mlp, a.mlp);
    a.mlp_residual = a.mlp.output;
}

void block_backward_without_residual(const Matrix& stream, const BlockParameters& parameters,
                                     const BlockActivations& activations,
                                     BlockActivations& gradients, Matrix& gradient_stream,
                                     BlockParameters& gradient) {
    const BlockActivations& a = activations;
    BlockActivations& g = gradients;
    // 3. forward was: mlp_residual = MLP of the layer norm of attention_residual; there is no
    //    second way past them
    g.mlp.output = g.mlp_residual;
    mlp_backward(a.mlp_norm, parameters.mlp, a.mlp, g.mlp, g.mlp_norm, gradient.mlp);
    make_zero(g.attention_residual, stream);
    layer_norm_backward(g.mlp_norm, a.attention_residual, parameters.mlp_norm, g.attention_residual,
                        gradient.mlp_norm);
    // 2. forward was: attention_residual = attention.output
    g.attention.output = g.attention_residual;
    // 1. forward was: attention of the layer norm of stream
    make_zero(g.attention_norm, stream);
    const MultiHeadInputs inputs{a.attention_norm, a.attention_norm, g.attention_norm,
                                 g.attention_norm};
    multi_head_backward(inputs, parameters.attention, parameters.mask, a.attention, g.attention,
                        gradient.attention);
    make_zero(gradient_stream, stream);
    layer_norm_backward(g.attention_norm, stream, parameters.attention_norm, gradient_stream,
                        gradient.attention_norm);
}

} // namespace whirlygig
