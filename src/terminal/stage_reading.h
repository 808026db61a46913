// What the numbers of some stages say, in words: who looks where, which tokens are likely next, how
// surprised the model is, what a layer norm took out of each row.
#pragma once

#include "terminal/stage_labels.h"

#include <string>

namespace whirlygig {

// Lines of at most `width` columns, for the first `most_rows` rows; empty for all other stages.
std::string reading_of(const TracedText& text, const Stage& stage, std::size_t width,
                       std::size_t most_rows, int digits);

// The largest numbers of each row with the tokens of their columns; of a gradient, those that are
// furthest from 0 without the zeros themselves.
std::string largest_of_each_row(const TracedText& text, const Stage& stage, std::size_t count,
                                std::size_t width, std::size_t most_rows, int digits);

} // namespace whirlygig
