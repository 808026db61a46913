// The arithmetic of a cell as a table: a line for each term, with the sum so far.
#pragma once

#include "trace/expression.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace whirlygig {

// "block.0.head.1.queries (3, 5)" taken apart.
struct CellSource {
    std::string name;
    std::size_t row = 0, column = 0;
};

// The cell that a number comes from. False for constants and for words like "not the next token".
bool parse_source(const std::string& source, CellSource& cell);

// Calls `visit` for each number of the expression that was read from a cell, in the order in which
// they are written. What a named number stands for may be in every term; it is looked through once.
void for_each_cell(const Expression& expression,
                   const std::function<void(const CellSource& cell, double value)>& visit);

// For a sum of numbers or of products of two: k, the factors, their product and the sum so far.
// Empty for every other expression, and where the table would be wider than `width`. After
// `most_terms` terms (0 for all) it says how many are left out.
std::string sum_table(const Expression& expression, int digits, std::size_t width,
                      std::size_t most_terms);

// For a softmax: each number of the row, less the largest, its exponential and its share. `labels`
// has a name for each term; `chosen` is the term that the cell is about.
std::string softmax_table(const Expression& expression, const std::vector<std::string>& labels,
                          std::size_t chosen, int digits, std::size_t width,
                          std::size_t most_terms);

} // namespace whirlygig
