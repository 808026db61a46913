// What moves on the canvas: how numbers get from the matrices that are read into the result.
#pragma once

#include "stages/arrangement.h"
#include "trace/expression.h"

#include <set>
#include <string>
#include <utility>

namespace whirlygig {

using CellSet = std::set<std::pair<std::size_t, std::size_t>>;

// Adds the cells of the matrix that the expression reads.
void add_cells_read(const Expression& expression, const std::string& matrix, CellSet& cells);

// In a crossing: a row and a column meet in the focus.
void draw_paths(Ink& ink, const Arrangement& arrangement, const Stage& stage, Focus focus);

// Where numbers are only looked up, copied, added or masked: they fly to their places, by the
// moment. At the levels of a cell and a term one at a time, above that a row of them.
void draw_flights(Ink& ink, const Arrangement& arrangement, const State& state,
                  const Moment& moment);

} // namespace whirlygig
