// What the declarations of gradients share; used by the sources trace_backward*.cpp only.
#pragma once

#include "trace/trace_stages.h"

namespace whirlygig {

Operand gradient_operand(const std::string& name, const Matrix& matrix);

// Adds the gradient by the forward stage `name`, which has that stage's rows and columns.
void push_stage_gradient(Trace& trace, const std::string& name, const Matrix& values, Stage how);

// Adds the gradient by a parameter, by its name in the list of parameters.
void push_parameter_gradient(Trace& trace, const std::string& name, Numbers values, Stage how);

// A linear layer by its name in the list of parameters: what went in, and what comes back.
struct LinearLayer {
    std::string name;
    Operand input;
    Operand gradient_output;
    const LinearParameters& gradient;
    Axis inputs, outputs;
};

// Adds the gradients by its weights and its bias.
void push_linear_parameters(Trace& trace, const LinearLayer& layer);

// A layer norm by its stage's name: the stream that it read, and what comes back.
struct NormLayer {
    std::string name;
    Source stream;
    const NormParameters& parameters;
    const Matrix& gradient_output;
    const NormParameters& gradient;
};

// Adds the gradient by what a norm made of the stream, which `how` says, and the gradient by the
// stream itself: what came back through the norm and, where the stream also went straight on, what
// came back from there; then those by gain and shift. In a model without norms the gradient by the
// stream is the only one.
void push_way_into_stream(Trace& trace, const NormLayer& norm, Stage how, const Matrix& values,
                          const std::vector<Operand>& straight_on);

// Adds the gradient by one term of a sum, which is the gradient by the sum.
void push_copy(Trace& trace, const std::string& name, const Matrix& values, const std::string& from,
               const Matrix& from_values);

// Adds all gradients of the attention of block b.
void declare_attention_gradients(Trace& trace, std::size_t b);

} // namespace whirlygig
