// The declarations of all stages, forward and backward; used by the sources trace*.cpp only.
#pragma once

#include "trace/trace.h"

namespace whirlygig {

// What was made from a stage's matrix, or from a parameter.
Operand stage_operand(std::string name, const Matrix& matrix);
Operand parameter_operand(std::string name, const Matrix& matrix);
Operand parameter_operand(std::string name, const Vector& vector);

// "block.2.mlp.norm"
std::string block_name(std::size_t b, std::string_view rest);

// A stage by its name, and its matrix. Which stage a part reads depends on what the model was
// trained without.
struct Source {
    std::string name;
    const Matrix& values;

    Operand operand() const { return stage_operand(name, values); }
};
Source stream_into_block(const Trace& trace, std::size_t b); // b = L: out of the last one
Source stream_after_attention(const Trace& trace, std::size_t b);
Source attention_input(const Trace& trace, std::size_t b);
Source mlp_input(const Trace& trace, std::size_t b);
Source final_input(const Trace& trace); // of the logits

// A layer norm of the stage `from`; its parameters are called name.gain and name.shift.
Stage norm_stage(const std::string& name, const std::string& title, const Operand& from,
                 const NormParameters& p, Matrix& output, std::function<void()> compute);

// Adds the forward stages of block b.
void declare_block_stages(Trace& trace, std::size_t b);

// Fill trace.forward_stages and trace.backward_stages from the trace's record.
void declare_forward_stages(Trace& trace);
void declare_backward_stages(Trace& trace);

} // namespace whirlygig
