// The declarations of all stages, forward and backward; used by the sources trace*.cpp only.
#pragma once

#include "trace/trace.h"

namespace whirlygig {

// What was made from a stage's matrix, or from a parameter.
Operand stage_operand(std::string name, const Matrix& matrix);
Operand parameter_operand(std::string name, const Matrix& matrix);
Operand parameter_operand(std::string name, const Vector& vector);

// "block.2.mlp.norm"; and the name of the residual stream that enters block b.
std::string block_name(std::size_t b, std::string_view rest);
std::string stream_name(std::size_t b);

// A layer norm of the stage `from`; its parameters are called name.gain and name.shift.
Stage norm_stage(const std::string& name, const std::string& title, const Operand& from,
                 const NormParameters& p, Matrix& output, std::function<void()> compute);

// Adds the forward stages of block b.
void declare_block_stages(Trace& trace, std::size_t b);

// Fill trace.forward_stages and trace.backward_stages from the trace's record.
void declare_forward_stages(Trace& trace);
void declare_backward_stages(Trace& trace);

} // namespace whirlygig
