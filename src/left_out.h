// What is computed in the place of a part that a model was trained without (without.h). The
// functions of the whole model hand over to these; whoever reads how a transformer works can leave
// this file out, too.
#pragma once

#include "block.h"

namespace whirlygig {

// A part is left out when its parameters are empty.
bool is_left_out(const NormParameters& norm);
bool is_left_out(const MlpParameters& mlp);

// No layer norm: output = input. Back: the gradient is added as it is.
void forward_without_norm(const Matrix& input, Matrix& output);
void backward_without_norm(const Matrix& gradient_output, Matrix& gradient_input);

// No MLP: its output is 0 everywhere, and no gradient comes back.
void forward_without_mlp(const Matrix& input, MlpActivations& activations);
void backward_without_mlp(const Matrix& input, Matrix& gradient_input);

// attention_forward and attention_backward with the causal mask, but no 1/√D; `scaled` stays empty.
void attention_forward_without_scale(HeadActivations& head);
void attention_backward_without_scale(const HeadActivations& head, HeadActivations& gradient);

// block_forward and block_backward, but the outputs of attention and of the MLP take the stream's
// place: attention_residual = attention's output, mlp_residual = the MLP's output.
void block_forward_without_residual(const Matrix& stream, const BlockParameters& parameters,
                                    BlockActivations& activations);
void block_backward_without_residual(const Matrix& stream, const BlockParameters& parameters,
                                     const BlockActivations& activations,
                                     BlockActivations& gradients, Matrix& gradient_stream,
                                     BlockParameters& gradient);

} // namespace whirlygig
