// One cell of a stage as a text for the terminal: what its number means, and the whole arithmetic.
#pragma once

#include "terminal/stage_text.h"

#include <string>

namespace whirlygig {

// Of stage `number` of stages_in_order, counted from 1. Throws an Error when the stage has no such
// cell.
std::string cell_text(const TracedText& text, std::size_t number, std::size_t row,
                      std::size_t column, const TextStyle& style);

} // namespace whirlygig
