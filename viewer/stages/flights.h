// What moves on the canvas: how numbers get from the matrices that are read into the result.
#pragma once

#include "stages/arrangement.h"
#include "trace/expression.h"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace whirlygig {

using CellSet = std::set<std::pair<std::size_t, std::size_t>>;

// The cells that the expression reads, by the names of their matrices.
using CellsByMatrix = std::map<std::string, CellSet>;
CellsByMatrix cells_by_matrix(const Expression& expression);

// In a crossing: a row and a column lead to the edges of the result where the focus is. The lines
// pass behind captions and behind the bias.
void draw_paths(Ink& ink, const Arrangement& arrangement, Focus focus);

// Where numbers are only looked up, copied, added or masked: they fly to their places, by the
// moment. At the levels of a cell and a term one at a time, above that a row of them.
void draw_flights(Ink& ink, const Arrangement& arrangement, const State& state,
                  const Moment& moment);

} // namespace whirlygig
