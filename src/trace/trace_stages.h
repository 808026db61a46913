// The declarations of all stages, forward and backward; used by trace.cpp only.
#pragma once

#include "trace/trace.h"

namespace whirlygig {

// What was made from a stage's matrix, or from a parameter.
Operand stage_operand(std::string name, const Matrix& matrix);
Operand parameter_operand(std::string name, const Matrix& matrix);
Operand parameter_operand(std::string name, const Vector& vector);

// Fill trace.forward_stages and trace.backward_stages from the trace's record.
void declare_forward_stages(Trace& trace);
void declare_backward_stages(Trace& trace);

} // namespace whirlygig
