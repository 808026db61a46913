// The pieces that explanations share; used by explain.cpp and explain_backward.cpp only.
#pragma once

#include "trace/explain.h"

namespace whirlygig {

// One number of an operand, with where it comes from.
Expression cell(const Operand& operand, std::size_t row, std::size_t column);

// Σ a(row, k) · b(k, column), Σ a(row, k) · b(column, k) and Σ a(k, row) · b(k, column).
std::vector<Expression> terms_a_b(const Operand& a, const Operand& b, std::size_t row,
                                  std::size_t column);
std::vector<Expression> terms_a_bt(const Operand& a, const Operand& b, std::size_t row,
                                   std::size_t column);
std::vector<Expression> terms_at_b(const Operand& a, const Operand& b, std::size_t row,
                                   std::size_t column);

// The mean and the spread of a row, named so that they are written out once; `suffix` tells the
// rows apart where several are needed.
struct NamedStatistics {
    Expression mean, spread;
};
NamedStatistics statistics_of(const Operand& input, std::size_t row, double epsilon,
                              const std::string& suffix = "");

// (x − mean) / spread
Expression normalised(const Operand& input, std::size_t row, std::size_t column,
                      const NamedStatistics& statistics);

// The gate of GELU at x: (1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2
Expression gelu_gate(const Expression& x);

Expression explain_backward(const Stage& stage, std::size_t row, std::size_t column);

} // namespace whirlygig
